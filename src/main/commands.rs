//! The commands that do one thing and end.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::bail;
use anyhow::ensure;
use clap::Subcommand;
use comptoir::clock::Clock;
use comptoir::db;
use comptoir::domain::operator::Role;
use comptoir::live::Live;
use comptoir::web;
use comptoir::web::settings::users::token;
use comptoir::workflow;
use jiff::SignedDuration;
use sqlx::PgPool;

#[derive(Subcommand)]
pub enum UserCommand {
    /// See `comptoir user`.
    Add {
        /// The address to sign in with.
        #[arg(long)]
        email: String,
        /// As shown in the history.
        #[arg(long)]
        name: String,
        /// viewer, warehouse, service, manager or admin.
        #[arg(long, value_parser = parse_role)]
        role: Role,
        /// The password.
        #[arg(long, env = "COMPTOIR_PASSWORD", hide_env_values = true)]
        password: String,
    },
    /// Forget who somebody is at the single sign-on, so that their next sign-in there binds them anew.
    Unbind {
        /// The address to sign in with.
        #[arg(long)]
        email: String,
    },
}

fn parse_role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "viewer, warehouse, service, manager or admin".to_owned())
}

/// Looks after one user.
pub async fn user(pool: &PgPool, command: &UserCommand) -> anyhow::Result<()> {
    match command {
        UserCommand::Add { email, name, role, password } => {
            add_user(pool, email, name, *role, password).await
        }
        UserCommand::Unbind { email } => {
            let bound = workflow::single_sign_on::unbind(pool, email, Clock::System.now()).await?;
            ensure!(bound, "nobody with that address is bound to the single sign-on");
            Ok(())
        }
    }
}

/// Without users, nobody could sign in to invite the first one: whoever reads the log may.
pub async fn offer_set_up(pool: &PgPool, address: SocketAddr) -> anyhow::Result<()> {
    let secret = token::new();
    if workflow::users::invite_first(pool, &token::hash(&secret), Clock::System.now()).await? {
        let path = token::path(&secret);
        tracing::warn!(
            "there are no users yet: open http://{address}{path} (or that path at the address people \
             use) once within 7 days to become the first admin"
        );
    }
    Ok(())
}

/// Seals what stands in clear from before second factors were sealed, and says when nobody can set one up.
pub async fn look_after_second_factors(
    pool: &PgPool,
    live: &Live,
    settings: &web::Settings,
) -> anyhow::Result<()> {
    if let Some(keys) = live.keys() {
        let sealed = workflow::second_factor::seal_clear(pool, keys).await?;
        if sealed > 0 {
            tracing::info!(sealed, "second factors are sealed now");
        }
    } else if settings.admins_need_second_factor {
        tracing::warn!(
            "no secret key: admins need a second factor, and nobody can set one up. Set \
             COMPTOIR_SECRET_KEY, or COMPTOIR_NO_SECOND_FACTOR"
        );
    }
    Ok(())
}

async fn add_user(
    pool: &PgPool,
    email: &str,
    name: &str,
    role: Role,
    password: &str,
) -> anyhow::Result<()> {
    // The same rules as on the pages, which say more about them.
    if let Some(weakness) = web::passwords::weakness(password, &[name, email]) {
        bail!("the password is not taken: {weakness:?}");
    }
    put_user(pool, email, name, role, password).await
}

async fn put_user(
    pool: &PgPool,
    email: &str,
    name: &str,
    role: Role,
    password: &str,
) -> anyhow::Result<()> {
    let hash = web::passwords::hash(password.into()).await?;
    workflow::users::put(pool, email, name, role, &hash, Clock::System.now()).await?;
    Ok(())
}

pub async fn demo_users(pool: &PgPool) -> anyhow::Result<()> {
    let names = ["Victor Lenoir", "Thomas Leroy", "Claire Morel", "Inès Ferreira", "Amélie Roux"];
    for (role, name) in Role::ALL.into_iter().zip(names) {
        let email = format!("{}@comptoir.test", role.as_str());
        put_user(pool, &email, name, role, "comptoir-demo-2026").await?;
    }
    Ok(())
}

pub async fn wait_for_orders(pool: &PgPool, timeout: SignedDuration) -> anyhow::Result<()> {
    let all_read = async {
        loop {
            let states = db::sync_states::all(pool).await?;
            if !states.is_empty() && states.iter().all(|it| it.backfilled_at.is_some()) {
                return anyhow::Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
    };
    let timeout = timeout.unsigned_abs();
    tokio::time::timeout(timeout, all_read).await.context("the orders are not there yet")?
}
