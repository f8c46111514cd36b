//! How the worker is set, and what else goes on in the background.

use std::time::Duration;

use clap::Args;
use comptoir::clock::Clock;
use comptoir::db;
use comptoir::domain::throttle::FORGOTTEN_AFTER;
use comptoir::live::Live;
use comptoir::sync;
use comptoir::sync::crew::Crew;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::accounts::AccountArgs;
use crate::post::PostArgs;

/// Customers come back with returns and complaints for some weeks,
const KEEP_AT_LEAST: u16 = 30;
/// and three years after the last order there is no reason left (`reliability` 2).
const KEEP_AT_MOST: u16 = 1095;

/// How the worker works.
#[derive(Args)]
pub struct WorkerArgs {
    #[command(flatten)]
    pub accounts: AccountArgs,
    #[command(flatten)]
    pub post: PostArgs,
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
    /// For how many days after an order has ended its names and contact data are kept.
    #[arg(long, env = "COMPTOIR_KEEP_PERSONAL_DATA_DAYS", default_value_t = 180,
          value_parser = keep_days)]
    keep_personal_data_days: u16,
}

impl WorkerArgs {
    fn settings(&self) -> sync::Settings {
        sync::Settings {
            interval: self.sync_interval,
            overlap: self.sync_overlap,
            sweep: SignedDuration::from_hours(24 * i64::from(self.sweep_days)),
            backfill: SignedDuration::from_hours(24 * i64::from(self.backfill_days)),
            keep_personal_data_days: self.keep_personal_data_days,
            ..sync::Settings::default()
        }
    }

    /// Who will work.
    pub fn crew(&self, pool: &PgPool, stop: &CancellationToken) -> Crew {
        Crew::new(pool.clone(), Clock::System, self.settings(), stop.clone())
    }
}

/// Reads for how long personal data is kept.
fn keep_days(text: &str) -> Result<u16, String> {
    let days = text.trim().parse().ok().filter(|it| (KEEP_AT_LEAST..=KEEP_AT_MOST).contains(it));
    days.ok_or_else(|| {
        format!(
            "names and contact data are kept for {KEEP_AT_LEAST} to {KEEP_AT_MOST} days after an \
             order has ended, in a whole number of days: returns and complaints take weeks, and after \
             three years there is no reason left"
        )
    })
}

/// Notes how often the pages called the marketplace themselves. What cannot be noted is lost: it is a few calls.
pub async fn note_calls(pool: PgPool, live: Live) {
    let mut often = tokio::time::interval(Duration::from_secs(10));
    loop {
        often.tick().await;
        for (account, calls) in live.take_calls() {
            let noted = sync::calls::note(&pool, &account, calls, Clock::System.now()).await;
            if let Err(error) = noted {
                tracing::warn!(%account, %error, "calls of the pages are not counted");
            }
        }
    }
}

/// Ended sessions are refused anyway; this keeps their table small.
pub async fn forget_ended_sessions(pool: PgPool) {
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
