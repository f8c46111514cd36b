//! How fast the mirror fills from an unthrottled marketplace, and whether its memory stays flat.

use std::time::Duration;
use std::time::Instant;

use comptoir::MIGRATOR;
use comptoir::clock::Clock;
use comptoir::config;
use comptoir::db;
use comptoir::domain::order::AccountId;
use comptoir::sync;
use comptoir::sync::pull;
use octopia_simulator::Config;
use octopia_simulator::Seller;
use octopia_simulator::Simulator;
use sqlx::PgPool;
use uuid::Uuid;

/// The marketplace, until it is killed.
pub async fn simulate(orders: usize) -> anyhow::Result<()> {
    let sellers = vec![Seller::maison()];
    let config = Config { orders, open_percent: 6, sellers, ..Config::default() };
    let simulator = Simulator::start(config).await?;
    println!("{} {}", simulator.base_url(), simulator.token_url());
    std::future::pending().await
}

/// Fills an empty mirror once; says when it starts and when it is done, in orders and seconds.
pub async fn fill(base_url: &str, token_url: &str) -> anyhow::Result<()> {
    let pool = db::connect(&crate::database_url()?, 5).await?;
    let account = config::Account {
        id: AccountId("maison".to_owned()),
        name: "Maison Lemoine".to_owned(),
        seller_id: "98979".to_owned(),
        client_id: "maison-client".to_owned(),
        client_secret: "maison-secret".into(),
        base_url: base_url.parse()?,
        token_url: token_url.parse()?,
        time_zone: "Europe/Paris".to_owned(),
        requests_per_second: None,
        options: comptoir::domain::account::Options::default(),
        channels: Vec::new(),
    };
    sync::register(&pool, std::slice::from_ref(&account)).await?;
    let settings = sync::Settings::default();
    let context = sync::Context::new(&account, pool, Clock::System, settings, Uuid::now_v7())?;
    let start = Instant::now();
    let pulled = pull::step(&context).await?;
    let pull::Pulled::Done { written } = pulled else { anyhow::bail!("{pulled:?}") };
    println!("{written} {}", start.elapsed().as_secs_f64());
    Ok(())
}

/// What filling the mirror took.
pub struct Filled {
    pub orders: usize,
    pub per_second: f64,
    pub memory_early: f64,
    pub memory_late: f64,
}

/// Runs marketplace and mirror as processes of their own, on an empty database.
pub async fn measure(pool: &PgPool, orders: usize) -> anyhow::Result<Filled> {
    sqlx::raw_sql("DROP SCHEMA public CASCADE; CREATE SCHEMA public").execute(pool).await?;
    MIGRATOR.run(pool).await?;
    let (simulator, urls) = crate::spawn(&["simulate", &orders.to_string()]).await?;
    let program = std::env::current_exe()?;
    let mut command = tokio::process::Command::new(program);
    command.args(["mirror", &urls[0], &urls[1]]).stdout(std::process::Stdio::piped());
    let child = command.kill_on_drop(true).spawn()?;
    let process = child.id().unwrap_or_default();
    let output = child.wait_with_output();
    tokio::pin!(output);
    let mut samples = Vec::new();
    let output = loop {
        tokio::select! {
            output = &mut output => break output?,
            () = tokio::time::sleep(Duration::from_millis(50)) => {
                samples.extend(crate::memory_of(process));
            }
        }
    };
    drop(simulator);
    let line = String::from_utf8(output.stdout)?;
    let (orders, seconds) =
        line.trim().split_once(' ').ok_or_else(|| anyhow::anyhow!(line.clone()))?;
    let (orders, seconds): (usize, f64) = (orders.parse()?, seconds.parse()?);
    let highest = |part: &[f64]| part.iter().copied().fold(0.0, f64::max);
    let (early, late) = samples.split_at(samples.len() / 2);
    #[expect(clippy::cast_precision_loss, reason = "a count of orders")]
    let per_second = orders as f64 / seconds;
    Ok(Filled { orders, per_second, memory_early: highest(early), memory_late: highest(late) })
}
