//! The command line: `comptoir serve`, `worker`, `migrate`, and what the demo needs.

#[path = "main/accounts.rs"]
mod accounts;
#[path = "main/audit.rs"]
mod audit;
#[path = "main/commands.rs"]
mod commands;
#[path = "main/single_sign_on.rs"]
mod single_sign_on;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::ensure;
use clap::Args;
use clap::Parser;
use clap::Subcommand;
use clap::ValueEnum;
use comptoir::MIGRATOR;
use comptoir::clock::Clock;
use comptoir::db;
use comptoir::domain::throttle::FORGOTTEN_AFTER;
use comptoir::live::Live;
use comptoir::single_sign_on::Provider;
use comptoir::sync;
use comptoir::sync::accounts::Source;
use comptoir::sync::crew::Crew;
use comptoir::web;
use comptoir::web::connections;
use comptoir::web::connections::Limits;
use comptoir::workflow;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tracing_subscriber::EnvFilter;

use crate::audit::AuditCommand;
use crate::commands::UserCommand;

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
    /// The connections to PostgreSQL.
    #[arg(long, env = "COMPTOIR_CONNECTIONS", global = true, default_value_t = 20)]
    connections: u32,
    /// What to log, in the syntax of `tracing`.
    #[arg(long, env = "COMPTOIR_LOG", global = true, default_value = "info,sqlx=warn")]
    log: String,
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
    Serve {
        #[command(flatten)]
        worker: WorkerArgs,
        /// Where to listen.
        #[arg(long, env = "COMPTOIR_LISTEN", default_value = "127.0.0.1:8080")]
        listen: SocketAddr,
        /// Seconds an action waits before it is sent, so that it can be withdrawn.
        #[arg(long, env = "COMPTOIR_SEND_DELAY", default_value_t = 20,
              value_parser = clap::value_parser!(u32).range(0..=120))]
        send_delay: u32,
        /// Serve the pages only; a `comptoir worker` does the rest.
        #[arg(long)]
        no_worker: bool,
        /// Cookies also travel over plain http. For a private network without TLS; always so in the demo.
        #[arg(long, env = "COMPTOIR_INSECURE_COOKIES")]
        insecure_cookies: bool,
        /// Admins need no code of an app after the password. Always so in the demo.
        #[arg(long, env = "COMPTOIR_NO_SECOND_FACTOR")]
        no_second_factor: bool,
        #[command(flatten)]
        single_sign_on: single_sign_on::SingleSignOnArgs,
    },
    /// Read the marketplace and send what was promised.
    Worker(WorkerArgs),
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

#[derive(Args)]
struct WorkerArgs {
    #[command(flatten)]
    accounts: accounts::AccountArgs,
    /// The pause between two readings of an account.
    #[arg(long, env = "COMPTOIR_SYNC_INTERVAL", default_value = "60s")]
    sync_interval: SignedDuration,
    /// How far each reading reaches back behind the last one.
    #[arg(long, env = "COMPTOIR_SYNC_OVERLAP", default_value = "10m")]
    sync_overlap: SignedDuration,
    /// How many days the daily sweep reaches back.
    #[arg(long, env = "COMPTOIR_SWEEP_DAYS", default_value_t = 5)]
    sweep_days: u16,
    /// How many days the first reading reaches back.
    #[arg(long, env = "COMPTOIR_BACKFILL_DAYS", default_value_t = 120)]
    backfill_days: u16,
}

impl WorkerArgs {
    fn settings(&self) -> sync::Settings {
        sync::Settings {
            interval: self.sync_interval,
            overlap: self.sync_overlap,
            sweep: SignedDuration::from_hours(24 * i64::from(self.sweep_days)),
            backfill: SignedDuration::from_hours(24 * i64::from(self.backfill_days)),
        }
    }
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_new(&cli.log).context("--log")?)
        .with_writer(std::io::stderr)
        .init();
    ensure!(!cli.database_url.is_empty(), "set --database-url or DATABASE_URL");
    let pool = db::connect(&cli.database_url, cli.connections)
        .await
        .context("cannot open the database of DATABASE_URL")?;
    match &cli.command {
        Command::Migrate => migrate(&pool).await,
        Command::Serve {
            worker,
            listen,
            send_delay,
            no_worker,
            insecure_cookies,
            no_second_factor,
            single_sign_on,
        } => {
            let is_demo = cli.environment == Environment::Demo;
            let provider = single_sign_on::provider(single_sign_on, is_demo)?;
            migrate(&pool).await?;
            let settings = web::Settings {
                send_delay: SignedDuration::from_secs(i64::from(*send_delay)),
                secure_cookies: !insecure_cookies && cli.environment == Environment::Production,
                admins_need_second_factor: !no_second_factor && !is_demo,
                rehash_below: web::passwords::Work::STANDARD,
                environment: match cli.environment {
                    Environment::Production => web::Environment::Production,
                    Environment::Demo => web::Environment::Demo,
                },
            };
            let source = accounts::source(&worker.accounts, cli.environment == Environment::Demo)?;
            serve(pool, worker, source, *listen, settings, provider, !no_worker).await
        }
        Command::Worker(worker) => {
            migrate(&pool).await?;
            let source = accounts::source(&worker.accounts, cli.environment == Environment::Demo)?;
            let stop = stop_signal();
            tokio::spawn(audit::write_head_to_log(pool.clone()));
            Live::new(&source.file).context("an account cannot be used")?;
            sync::register(&pool, &source.file).await?;
            let known = accounts::watch(&pool, source, &stop).await?;
            let crew = tokio::spawn(crew(&pool, worker, &stop).run(known));
            stop.cancelled().await;
            finish(crew).await
        }
        Command::User { command } => {
            migrate(&pool).await?;
            commands::user(&pool, command).await
        }
        Command::Audit { command } => audit::run(&pool, command).await,
        Command::RotateKey(keys) => {
            migrate(&pool).await?;
            let keys = keys.keys()?.context("set COMPTOIR_SECRET_KEY to the new key")?;
            let secrets = workflow::accounts::rotate(&pool, &keys).await?;
            tracing::info!(secrets, key = keys.current_id(), "sealed anew");
            Ok(())
        }
        Command::DemoUsers => {
            ensure!(
                cli.environment == Environment::Demo,
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

fn crew(pool: &PgPool, arguments: &WorkerArgs, stop: &CancellationToken) -> Crew {
    Crew::new(pool.clone(), Clock::System, arguments.settings(), stop.clone())
}

async fn serve(
    pool: PgPool,
    worker: &WorkerArgs,
    source: Source,
    listen: SocketAddr,
    settings: web::Settings,
    single_sign_on: Option<Provider>,
    with_worker: bool,
) -> anyhow::Result<()> {
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let stop = stop_signal();
    let live = Live::with(&source.file, source.keys.clone(), source.reach);
    let live = live.context("an account cannot be used")?;
    if with_worker {
        sync::register(&pool, &source.file).await?;
    }
    let known = accounts::watch(&pool, source, &stop).await?;
    tokio::spawn(accounts::keep_assigned(live.clone(), known.clone()));
    let crew = with_worker.then(|| tokio::spawn(crew(&pool, worker, &stop).run(known)));
    tokio::spawn(forget_ended_sessions(pool.clone()));
    tokio::spawn(audit::write_head_to_log(pool.clone()));
    let state = web::AppState { pool, clock: Clock::System, live, single_sign_on, settings };
    commands::offer_set_up(&state.pool, listener.local_addr()?).await?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    connections::serve(listener, web::router(state), Limits::default(), stop).await;
    match crew {
        Some(crew) => finish(crew).await,
        None => Ok(()),
    }
}

/// Ended sessions are refused anyway; this keeps their table small.
async fn forget_ended_sessions(pool: PgPool) {
    let mut hourly = tokio::time::interval(Duration::from_hours(1));
    loop {
        hourly.tick().await;
        let now = Clock::System.now();
        if let Err(error) = db::sessions::delete_expired(&pool, now).await {
            tracing::warn!(%error, "ended sessions are still there");
        }
        if let Err(error) = db::throttle::delete_old(&pool, now - FORGOTTEN_AFTER).await {
            tracing::warn!(%error, "old tries to sign in are still there");
        }
    }
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
