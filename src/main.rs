//! The command line: `comptoir serve`, `worker`, `migrate`, and what the demo needs.

#[path = "main/accounts.rs"]
mod accounts;
#[path = "main/audit.rs"]
mod audit;
#[path = "main/commands.rs"]
mod commands;
#[path = "main/database.rs"]
mod database;
#[path = "main/log.rs"]
mod log;
#[path = "main/person.rs"]
mod person;
#[path = "main/post.rs"]
mod post;
#[path = "main/serve.rs"]
mod serve;
#[path = "main/single_sign_on.rs"]
mod single_sign_on;
#[path = "main/worker.rs"]
mod worker;

use std::time::Duration;

use anyhow::Context as _;
use anyhow::ensure;
use clap::Parser;
use clap::Subcommand;
use clap::ValueEnum;
use comptoir::MIGRATOR;
use comptoir::clock::Clock;
use comptoir::live::Live;
use comptoir::sync;
use comptoir::sync::accounts::Source;
use comptoir::workflow;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::audit::AuditCommand;
use crate::commands::UserCommand;
use crate::person::PersonCommand;
use crate::serve::ServeArgs;
use crate::worker::WorkerArgs;

/// How long a running step may take to end when the process is asked to stop (`reliability` 5.3).
const SHUTDOWN: Duration = Duration::from_secs(25);

/// The order desk for sellers on Octopia.
#[derive(Parser)]
#[command(name = "comptoir", version, about)]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Where PostgreSQL is, such as `postgres://comptoir@localhost/comptoir`.
    #[arg(long, env = "DATABASE_URL", hide_env_values = true, global = true, default_value = "")]
    database_url: String,
    /// The connections to PostgreSQL: so many for the pages, and so many for everything else.
    #[arg(long, env = "COMPTOIR_CONNECTIONS", global = true, default_value_t = 20)]
    connections: u32,
    /// What to log, in the syntax of `tracing`.
    #[arg(long, env = "COMPTOIR_LOG", global = true, default_value = "info,sqlx=warn")]
    log: String,
    /// How its lines look.
    #[arg(long, env = "COMPTOIR_LOG_FORMAT", global = true, default_value = "text")]
    log_format: log::Format,
    /// The database may be on another machine without proving who it is. Always so in the demo.
    #[arg(long, env = "COMPTOIR_ALLOW_UNVERIFIED_DATABASE", global = true)]
    allow_unverified_database: bool,
    /// `demo` allows the demo's users and plain http cookies.
    #[arg(long, env = "COMPTOIR_ENVIRONMENT", global = true, default_value = "production")]
    environment: Environment,
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Environment {
    Production,
    Demo,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the pages, and do the worker's work in the same process.
    Serve(Box<ServeArgs>),
    /// Read the marketplace and send what was promised.
    Worker(Box<WorkerArgs>),
    /// Bring the schema up to date, and end.
    Migrate,
    /// Add a user, or change the one with that e-mail address. The password comes from `COMPTOIR_PASSWORD`.
    User {
        #[command(subcommand)]
        command: UserCommand,
    },
    /// Look after the audit.
    Audit {
        #[command(subcommand)]
        command: AuditCommand,
    },
    /// Everything that is held on one customer: hand it out, or erase it.
    Person {
        #[command(subcommand)]
        command: PersonCommand,
    },
    /// Seal every stored secret anew under the key of `COMPTOIR_SECRET_KEY`; `COMPTOIR_SECRET_KEY_OLD` opens them.
    RotateKey(accounts::KeyArgs),
    /// Add the demo's five users. Refused unless the environment is `demo`.
    DemoUsers,
    /// Wait until every account has been read to the end once.
    WaitForOrders {
        /// For how long.
        #[arg(long, default_value = "120s")]
        timeout: SignedDuration,
    },
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    log::start(&cli.log, cli.log_format)?;
    let is_demo = cli.environment == Environment::Demo;
    let unverified_allowed = cli.allow_unverified_database || is_demo;
    let pool = database::open(&cli.database_url, cli.connections, unverified_allowed).await?;
    match &cli.command {
        Command::Migrate => migrate(&pool).await,
        Command::Serve(arguments) => {
            migrate(&pool).await?;
            serve::serve(pool, arguments, cli.environment).await
        }
        Command::Worker(worker) => {
            migrate(&pool).await?;
            let source = accounts::source(&worker.accounts, is_demo)?;
            work(&pool, worker, source, is_demo).await
        }
        Command::User { command } => {
            migrate(&pool).await?;
            commands::user(&pool, command).await
        }
        Command::Audit { command } => audit::run(&pool, command).await,
        Command::Person { command } => {
            migrate(&pool).await?;
            person::run(&pool, command).await
        }
        Command::RotateKey(keys) => {
            migrate(&pool).await?;
            let keys = keys.keys()?.context("set COMPTOIR_SECRET_KEY to the new key")?;
            let secrets = workflow::keys::rotate(&pool, &keys, Clock::System.now()).await?;
            tracing::info!(secrets, key = keys.current_id(), "sealed anew");
            Ok(())
        }
        Command::DemoUsers => {
            ensure!(
                is_demo,
                "the demo's users have a public password: set COMPTOIR_ENVIRONMENT=demo"
            );
            migrate(&pool).await?;
            commands::demo_users(&pool).await
        }
        Command::WaitForOrders { timeout } => commands::wait_for_orders(&pool, *timeout).await,
    }
}

async fn migrate(pool: &PgPool) -> anyhow::Result<()> {
    // sqlx takes an advisory lock, so that two processes that start together do not collide.
    MIGRATOR.run(pool).await.context("cannot bring the schema up to date")
}

async fn work(
    pool: &PgPool,
    worker: &WorkerArgs,
    source: Source,
    is_demo: bool,
) -> anyhow::Result<()> {
    let post = worker.post.post(is_demo)?;
    let stop = stop_signal();
    tokio::spawn(audit::write_head_to_log(pool.clone()));
    Live::new(&source.file).context("an account cannot be used")?;
    sync::register(pool, &source.file).await?;
    let known = accounts::watch(pool, source, &stop).await?;
    let crew = tokio::spawn(worker.crew(pool, &stop).with_post(post).run(known));
    stop.cancelled().await;
    finish(crew).await
}

async fn finish(crew: JoinHandle<()>) -> anyhow::Result<()> {
    if let Ok(ended) = tokio::time::timeout(SHUTDOWN, crew).await {
        return ended.context("the worker broke down");
    }
    // Nothing is lost: what was under way is taken up again, as after a crash.
    tracing::warn!("the worker did not end in time");
    Ok(())
}

fn stop_signal() -> CancellationToken {
    let stop = CancellationToken::new();
    let cancelled = stop.clone();
    tokio::spawn(async move {
        let mut terminate =
            tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())
                .expect("signals can be listened to");
        tokio::select! {
            _ = tokio::signal::ctrl_c() => {}
            _ = terminate.recv() => {}
        }
        tracing::info!("stopping");
        cancelled.cancel();
    });
    stop
}
