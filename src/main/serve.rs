//! `comptoir serve`: the pages, and the worker beside them.

use std::net::IpAddr;
use std::net::SocketAddr;

use anyhow::Context as _;
use clap::Args;
use comptoir::clock::Clock;
use comptoir::db::scope::ScopedPool;
use comptoir::live::Live;
use comptoir::sync;
use comptoir::web;
use comptoir::web::connections;
use comptoir::web::connections::Limits;
use ipnet::IpNet;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio::net::TcpListener;

use crate::Environment;
use crate::accounts;
use crate::audit;
use crate::commands;
use crate::finish;
use crate::single_sign_on;
use crate::stop_signal;
use crate::worker;
use crate::worker::WorkerArgs;

/// How the pages are served.
#[derive(Args)]
pub struct ServeArgs {
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
    /// The proxies in front of us, as addresses or networks such as `10.0.0.0/8`, separated by commas: only from
    /// these is `X-Forwarded-For` believed, up to the first address that is none of them. It says who tries to sign
    /// in, and who did what.
    #[arg(long, env = "COMPTOIR_TRUSTED_PROXIES", value_delimiter = ',', value_parser = network)]
    trusted_proxies: Vec<IpNet>,
    /// Cookies also travel over plain http. For a private network without TLS; always so in the demo.
    #[arg(long, env = "COMPTOIR_INSECURE_COOKIES")]
    insecure_cookies: bool,
    /// Admins need no code of an app after the password. Always so in the demo.
    #[arg(long, env = "COMPTOIR_NO_SECOND_FACTOR")]
    no_second_factor: bool,
    #[command(flatten)]
    single_sign_on: single_sign_on::SingleSignOnArgs,
}

impl ServeArgs {
    fn settings(&self, environment: Environment) -> web::Settings {
        let is_demo = environment == Environment::Demo;
        web::Settings {
            send_delay: SignedDuration::from_secs(i64::from(self.send_delay)),
            secure_cookies: !self.insecure_cookies && !is_demo,
            admins_need_second_factor: !self.no_second_factor && !is_demo,
            rehash_below: web::passwords::Work::STANDARD,
            trusted_proxies: self.trusted_proxies.clone(),
            environment: match environment {
                Environment::Production => web::Environment::Production,
                Environment::Demo => web::Environment::Demo,
            },
        }
    }
}

fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<IpAddr>().map(IpNet::from).ok();
    let network = text.parse().ok().or_else(address);
    network.ok_or_else(|| "an address, or a network such as 10.0.0.0/8".to_owned())
}

/// Serves until it is asked to stop.
pub async fn serve(
    pool: PgPool,
    arguments: &ServeArgs,
    environment: Environment,
) -> anyhow::Result<()> {
    let ServeArgs { worker, listen, no_worker, .. } = arguments;
    let is_demo = environment == Environment::Demo;
    let single_sign_on =
        single_sign_on::provider(&arguments.single_sign_on, worker.post.public_url(), is_demo)?;
    let post = worker.post.post(is_demo)?;
    let source = accounts::source(&worker.accounts, is_demo)?;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let stop = stop_signal();
    let live = Live::with(&source.file, source.keys.clone(), source.reach);
    let live = live.context("an account cannot be used")?;
    if !no_worker {
        sync::register(&pool, &source.file).await?;
    }
    let known = accounts::watch(&pool, source, &stop).await?;
    tokio::spawn(accounts::keep_assigned(live.clone(), known.clone()));
    let crew =
        (!no_worker).then(|| tokio::spawn(worker.crew(&pool, &stop).with_post(post).run(known)));
    tokio::spawn(worker::forget_ended_sessions(pool.clone()));
    tokio::spawn(worker::note_calls(pool.clone(), live.clone()));
    tokio::spawn(audit::write_head_to_log(pool.clone()));
    let (clock, settings) = (Clock::System, arguments.settings(environment));
    commands::look_after_second_factors(&pool, &live, &settings).await?;
    let scoped = ScopedPool::beside(&pool);
    let state = web::AppState { pool, scoped, clock, live, single_sign_on, settings };
    commands::offer_set_up(&state.pool, listener.local_addr()?).await?;
    tracing::info!(address = %listener.local_addr()?, "serving");
    connections::serve(listener, web::router(state), Limits::default(), stop).await;
    match crew {
        Some(crew) => finish(crew).await,
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_an_address_or_a_network() {
        for (text, read) in [
            ("127.0.0.1", Some("127.0.0.1/32")),
            ("::1", Some("::1/128")),
            ("10.0.0.0/8", Some("10.0.0.0/8")),
            ("proxy.example", None),
            ("", None),
        ] {
            assert_eq!(network(text).ok().map(|it| it.to_string()).as_deref(), read, "{text:?}");
        }
    }
}
