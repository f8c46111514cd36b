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
#[path = "main/single_sign_on.rs"]
mod single_sign_on;
#[path = "main/worker.rs"]
mod worker;

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::ensure;
use clap::Parser;
use clap::Subcommand;
use clap::ValueEnum;
use comptoir::MIGRATOR;
use comptoir::clock::Clock;
use comptoir::db::scope::ScopedPool;
use comptoir::live::Live;
use comptoir::single_sign_on::Provider;
use comptoir::sync;
use comptoir::sync::accounts::Source;
use comptoir::web;
use comptoir::web::connections;
use comptoir::web::connections::Limits;
use comptoir::workflow;
use ipnet::IpNet;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;

use crate::audit::AuditCommand;
use crate::commands::UserCommand;
use crate::person::PersonCommand;
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
        /// The proxies in front of us, as networks such as `10.0.0.0/8`, separated by commas: only from these is
        /// `X-Forwarded-For` believed, up to the first address that is none of them. It says who tries to sign in,
        /// and who did what.
        #[arg(long, env = "COMPTOIR_TRUSTED_PROXIES", value_delimiter = ',')]
        trusted_proxies: Vec<IpNet>,
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
    let unverified_allowed = cli.allow_unverified_database || cli.environment == Environment::Demo;
    let pool = database::open(&cli.database_url, cli.connections, unverified_allowed).await?;
    match &cli.command {
        Command::Migrate => migrate(&pool).await,
        Command::Serve {
            worker,
            listen,
            send_delay,
            no_worker,
            trusted_proxies,
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
                trusted_proxies: trusted_proxies.clone(),
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
            work(&pool, worker, source).await
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

async fn work(pool: &PgPool, worker: &WorkerArgs, source: Source) -> anyhow::Result<()> {
    let stop = stop_signal();
    tokio::spawn(audit::write_head_to_log(pool.clone()));
    Live::new(&source.file).context("an account cannot be used")?;
    sync::register(pool, &source.file).await?;
    let known = accounts::watch(pool, source, &stop).await?;
    let crew = tokio::spawn(worker.crew(pool, &stop).run(known));
    stop.cancelled().await;
    finish(crew).await
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
    let crew = with_worker.then(|| tokio::spawn(worker.crew(&pool, &stop).run(known)));
    tokio::spawn(worker::forget_ended_sessions(pool.clone()));
    tokio::spawn(audit::write_head_to_log(pool.clone()));
    let scoped = ScopedPool::beside(&pool);
    commands::look_after_second_factors(&pool, &live, &settings).await?;
    let clock = Clock::System;
    let state = web::AppState { pool, scoped, clock, live, single_sign_on, settings };
    commands::offer_set_up(&state.pool, listener.local_addr()?).await?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    connections::serve(listener, web::router(state), Limits::default(), stop).await;
    match crew {
        Some(crew) => finish(crew).await,
        None => Ok(()),
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
