//! The simulator as a server, for the demo.

use anyhow::Context as _;
use clap::Parser;
use clap::builder::FalseyValueParser;
use jiff::SignedDuration;
use octopia_simulator::Config;
use octopia_simulator::Readings;
use octopia_simulator::Simulator;
use tokio::net::TcpListener;
use tokio::signal::unix::SignalKind;
use tokio::signal::unix::signal;
use tracing_subscriber::EnvFilter;

/// A stand-in for the Octopia Seller API.
#[derive(Debug, Parser)]
#[command(version, about)]
struct Options {
    /// Where to listen; port 0 takes a free one.
    #[arg(long, env = "OCTOPIA_SIMULATOR_LISTEN", default_value = "127.0.0.1:8081")]
    listen: String,
    /// How many orders exist at the start, over both sellers.
    #[arg(long, env = "OCTOPIA_SIMULATOR_ORDERS", default_value_t = 300)]
    orders: usize,
    /// The same seed gives the same orders.
    #[arg(long, env = "OCTOPIA_SIMULATOR_SEED", default_value_t = 1)]
    seed: u64,
    /// Divides every delay of the marketplace.
    #[arg(long, env = "OCTOPIA_SIMULATOR_SPEED", default_value_t = 60.0)]
    speed: f64,
    /// The share of orders that are still open, in percent.
    #[arg(long, env = "OCTOPIA_SIMULATOR_OPEN_PERCENT", default_value_t = 30)]
    open_percent: u8,
    /// Nothing happens by itself: no new orders, no customers, no warehouse.
    #[arg(long, env = "OCTOPIA_SIMULATOR_NO_DRIP", value_parser = FalseyValueParser::new())]
    no_drip: bool,
    /// How many seconds a change stays invisible to reads.
    #[arg(long, env = "OCTOPIA_SIMULATOR_READ_LAG", default_value_t = 0)]
    read_lag: u32,
}

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let options = Options::parse();
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    tracing_subscriber::fmt().with_env_filter(filter).init();
    let config = Config {
        seed: options.seed,
        orders: options.orders,
        open_percent: options.open_percent,
        speed: options.speed,
        drip: !options.no_drip,
        readings: Readings {
            read_lag: SignedDuration::from_secs(options.read_lag.into()),
            ..Readings::default()
        },
        ..Config::default()
    };
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    let listener = TcpListener::bind(&options.listen)
        .await
        .with_context(|| format!("cannot listen on {}", options.listen))?;
    let simulator = Simulator::serve(config, listener)?;
    tracing::info!(base_url = simulator.base_url(), token_url = simulator.token_url(), "ready");
    tokio::select! {
        _ = interrupt.recv() => {}
        _ = terminate.recv() => {}
    }
    simulator.stop().await;
    Ok(())
}
