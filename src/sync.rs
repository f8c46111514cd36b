//! The worker: reads the marketplace, and sends what was promised. Per account, so that one that is broken
//! never stops another.
//!
//! It consists of steps, which tests call one by one; the loops in `loops` only decide *when*.

pub mod accounts;
mod aside;
pub mod batches;
pub mod calls;
mod compare;
pub mod crew;
pub mod deliver;
pub mod follow;
pub mod forget;
mod loops;
pub mod post;
pub mod pull;
pub mod reread;
pub mod tell;
mod wanted;
mod windows;

use std::time::Duration;

use jiff::SignedDuration;
use sha2::Digest;
use sha2::Sha256;
use sqlx::PgPool;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::clock::Clock;
use crate::config;
use crate::db;
use crate::domain::order::AccountId;
use crate::octopia;
use crate::octopia::orders::Received;
use crate::translate;
use crate::workflow::Reading;
use crate::workflow::notifications::Outlets;

/// Senders per account: a call that takes its full 30 s must not hold up the promises behind it.
const SENDERS: usize = 2;

/// How the worker works, for every account alike.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The pause between two readings.
    pub interval: SignedDuration,
    /// How far each reading reaches back behind the cursor: more than the marketplace's answers lag.
    pub overlap: SignedDuration,
    /// How far the daily sweep reaches back.
    pub sweep: SignedDuration,
    /// How far the first reading reaches back.
    pub backfill: SignedDuration,
    /// For how many days after an order's end its customer is known.
    pub keep_personal_data_days: u16,
    /// The ways by which people are told outside of the pages.
    pub outlets: Outlets,
}

impl Default for Settings {
    /// The defaults of the product: a minute, ten minutes, five days, a hundred and twenty days, half a year.
    fn default() -> Self {
        Self {
            interval: SignedDuration::from_secs(60),
            overlap: SignedDuration::from_mins(10),
            sweep: SignedDuration::from_hours(5 * 24),
            backfill: SignedDuration::from_hours(120 * 24),
            keep_personal_data_days: 180,
            outlets: Outlets::default(),
        }
    }
}

/// All that the steps of one account need.
#[derive(Clone)]
pub struct Context {
    /// The account.
    pub account: AccountId,
    /// The marketplace, with the account's credentials.
    pub client: octopia::Client,
    /// The database.
    pub pool: PgPool,
    /// The present.
    pub clock: Clock,
    /// How to work.
    pub settings: Settings,
    /// This worker, among all that share the database.
    pub worker: Uuid,
}

impl Context {
    /// The context of an account.
    pub fn new(
        account: &config::Account,
        pool: PgPool,
        clock: Clock,
        settings: Settings,
        worker: Uuid,
    ) -> Result<Self, octopia::BuildError> {
        let client = translate::client(account)?;
        let account = account.id.clone();
        Ok(Self { account, client, pool, clock, settings, worker })
    }
}

/// Writes the accounts of the file into the database, where pages and foreign keys find them.
pub async fn register(pool: &PgPool, accounts: &[config::Account]) -> db::Result<()> {
    let mut tx = pool.begin().await?;
    for (position, account) in (0..).zip(accounts) {
        let row = db::accounts::Account {
            id: account.id.clone(),
            name: account.name.clone(),
            seller_id: account.seller_id.clone(),
            time_zone: account.time_zone.clone(),
        };
        db::accounts::upsert(&mut tx, &row, position).await?;
        db::accounts::set_options(&mut tx, &account.id, account.options).await?;
        for channel in &account.channels {
            db::reference::set_channel(&mut tx, &account.id, channel).await?;
        }
    }
    let in_file: Vec<String> = accounts.iter().map(|it| it.id.0.clone()).collect();
    db::accounts::set_in_file(&mut tx, &in_file).await?;
    tx.commit().await?;
    Ok(())
}

/// Starts the loops of every account; they end after the current step when `stop` is cancelled.
pub fn start(contexts: Vec<Context>, stop: &CancellationToken) -> TaskTracker {
    let tasks = TaskTracker::new();
    for context in contexts {
        tasks.spawn(loops::read_forever(context.clone(), stop.clone()));
        tasks.spawn(loops::follow_forever(context.clone(), stop.clone()));
        tasks.spawn(loops::forget_forever(context.clone(), stop.clone()));
        tasks.spawn(loops::promise_forever(context.clone(), stop.clone()));
        tasks.spawn(loops::reread_forever(context.clone(), stop.clone()));
        tasks.spawn(loops::tell_forever(context.clone(), stop.clone()));
        tasks.spawn(loops::count_forever(context.clone(), stop.clone()));
        for _ in 0..SENDERS {
            tasks.spawn(loops::send_forever(context.clone(), stop.clone()));
        }
    }
    tasks.close();
    tasks
}

async fn pause(time: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(time) => {}
        () = stop.cancelled() => {}
    }
}

/// The present, by the clock that all workers of a database share.
async fn shared_now(context: &Context) -> db::Result<jiff::Timestamp> {
    match &context.clock {
        Clock::System => db::now(&context.pool).await,
        manual @ Clock::Manual(_) => Ok(manual.now()),
    }
}

/// An order that cannot be understood: kept and shown, never dropped.
struct Unreadable {
    order_id: String,
    problem: String,
    raw: String,
}

/// What came of one received order: a reading, or what is wrong with it.
fn understand(received: Received) -> Result<Reading, Unreadable> {
    let Received { order_id, raw, order, .. } = received;
    match order.and_then(|order| translate::order(&order)) {
        Ok(order) => Ok(Reading { order, raw_hash: fingerprint(&raw), raw }),
        Err(problem) => {
            let order_id = order_id.unwrap_or_else(|| "(no identifier)".to_owned());
            Err(Unreadable { order_id, problem, raw })
        }
    }
}

fn fingerprint(raw: &str) -> i64 {
    let digest = Sha256::digest(raw.as_bytes());
    let (first, _) = digest.split_first_chunk().expect("32 bytes");
    i64::from_be_bytes(*first)
}
