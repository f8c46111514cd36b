//! `comptoir person export` and `erase`: what a customer may ask for (GDPR, articles 15 and 17).

use std::io;
use std::io::BufRead as _;
use std::io::IsTerminal as _;
use std::io::Write as _;

use anyhow::Context as _;
use anyhow::bail;
use anyhow::ensure;
use clap::Args;
use clap::Subcommand;
use comptoir::clock::Clock;
use comptoir::db::privacy::Found;
use comptoir::db::privacy::Wanted;
use comptoir::workflow::privacy;
use sqlx::PgPool;

#[derive(Subcommand)]
pub enum PersonCommand {
    /// Write everything that is held on a customer to the standard output, as JSON.
    Export(Whose),
    /// Remove a customer's name and contact data. Without `--yes`, only say from which orders.
    Erase {
        #[command(flatten)]
        whose: Whose,
        /// Do it. It cannot be undone.
        #[arg(long)]
        yes: bool,
    },
}

/// Whose data. A name has no place in an argument: every process of the machine could read it, and the shell
/// would remember it.
#[derive(Args)]
pub struct Whose {
    /// The identifier or the reference of one order. Without it, the standard input says whose data is wanted: a
    /// name, company, e-mail address, telephone number or customer number, on one line.
    #[arg(long)]
    order: Option<String>,
}

impl Whose {
    fn wanted(&self) -> anyhow::Result<Wanted> {
        if let Some(order) = &self.order {
            return Ok(Wanted::Order(order.trim().to_owned()));
        }
        let stdin = io::stdin();
        if stdin.is_terminal() {
            write!(io::stderr(), "Name, company, e-mail, telephone or customer number: ")?;
        }
        let mut line = String::new();
        stdin.lock().read_line(&mut line).context("the standard input cannot be read")?;
        let line = line.trim();
        ensure!(!line.is_empty(), "say whose data is wanted: on the standard input, or by --order");
        Ok(Wanted::Person(line.to_owned()))
    }
}

pub async fn run(pool: &PgPool, command: &PersonCommand) -> anyhow::Result<()> {
    match command {
        PersonCommand::Export(whose) => {
            let held = privacy::export(pool, &whose.wanted()?, Clock::System.now()).await?;
            let mut out = io::stdout().lock();
            serde_json::to_writer_pretty(&mut out, &held)?;
            writeln!(out)?;
            ensure!(!held.is_empty(), "no order is theirs");
            Ok(())
        }
        PersonCommand::Erase { whose, yes } => {
            let found = privacy::find(pool, &whose.wanted()?).await?;
            erase(pool, &found, *yes).await
        }
    }
}

async fn erase(pool: &PgPool, found: &[Found], yes: bool) -> anyhow::Result<()> {
    ensure!(!found.is_empty(), "no order is theirs");
    let mut kept = 0;
    for order in found {
        let done = if let Some(needed) = privacy::needed(order) {
            kept += 1;
            format!("kept: {needed}")
        } else if order.removed {
            "removed before".to_owned()
        } else if !yes {
            "would be removed".to_owned()
        } else if privacy::erase(pool, order, Clock::System.now()).await? {
            "removed".to_owned()
        } else {
            kept += 1;
            "kept: it has just changed, look at it again".to_owned()
        };
        writeln!(io::stdout(), "{} {}: {done}", order.account, order.order_id)?;
    }
    if kept > 0 {
        bail!("{kept} of {} orders keep the name and contact data for now", found.len());
    }
    if !yes {
        writeln!(io::stdout(), "Nothing is removed yet. Add --yes to do it; it cannot be undone.")?;
    }
    Ok(())
}
