//! `comptoir audit verify`, and the copies of the chain's head in the log.

use std::time::Duration;

use anyhow::bail;
use clap::Subcommand;
use comptoir::db;
use comptoir::domain::audit::chain::Head;
use comptoir::workflow;
use comptoir::workflow::audit::VerifyError;
use sqlx::PgPool;

/// How often the head is written to the log: who changes the audit can hide what is younger, and no more
/// (`reliability` S-21).
const ANCHOR_EVERY: Duration = Duration::from_mins(1);

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Recompute the chain of the audit, and say where it is broken first.
    Verify {
        /// A head that was copied from the log, as `SEQ:HASH`: the chain must still go through it. Without one,
        /// it does not show when the last rows are gone and the head was set back.
        #[arg(long)]
        head: Option<Head>,
    },
}

pub async fn run(pool: &PgPool, command: &AuditCommand) -> anyhow::Result<()> {
    let AuditCommand::Verify { head } = command;
    match workflow::audit::verify(pool, head.clone()).await {
        Ok(head) => {
            tracing::info!(rows = head.seq, %head, "the audit is whole");
            Ok(())
        }
        Err(VerifyError::Broken(broken)) => bail!("the audit was tampered with: {broken}"),
        Err(VerifyError::Db(error)) => Err(error.into()),
    }
}

/// Writes the head to the log again and again: a log that is kept elsewhere is out of reach for who can change
/// the database.
pub async fn write_head_to_log(pool: PgPool) {
    let mut every = tokio::time::interval(ANCHOR_EVERY);
    loop {
        every.tick().await;
        match db::audit::head(&pool).await {
            Ok(head) => tracing::info!(%head, "audit head"),
            Err(error) => tracing::warn!(%error, "the head of the audit cannot be read"),
        }
    }
}
