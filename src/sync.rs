//! The worker: reads the marketplace, and sends what was promised. Per account, so that one that is broken
//! never stops another.
//!
//! It consists of steps, which tests call one by one; the loops below only decide *when*.

pub mod accounts;
mod aside;
pub mod batches;
pub mod calls;
mod compare;
pub mod crew;
pub mod deliver;
pub mod follow;
pub mod forget;
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

/// How often a loop looks whether something is due. A look is one indexed query.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often is looked whether there is something to tell.
const TELL_EVERY: Duration = Duration::from_secs(5);
/// How often is looked whether a digest is due.
const DIGESTS_EVERY: Duration = Duration::from_secs(60);
/// How often the calls of the last seconds are noted.
const COUNT_EVERY: Duration = Duration::from_secs(5);
/// The same for what is never urgent.
const LOOK_EVERY_SO_OFTEN: Duration = Duration::from_mins(10);
/// How long a loop rests when our own side failed, so that it does not spin.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(2);
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
        tasks.spawn(read_forever(context.clone(), stop.clone()));
        tasks.spawn(follow_forever(context.clone(), stop.clone()));
        tasks.spawn(forget_forever(context.clone(), stop.clone()));
        tasks.spawn(promise_forever(context.clone(), stop.clone()));
        tasks.spawn(reread_forever(context.clone(), stop.clone()));
        tasks.spawn(tell_forever(context.clone(), stop.clone()));
        tasks.spawn(count_forever(context.clone(), stop.clone()));
        for _ in 0..SENDERS {
            tasks.spawn(send_forever(context.clone(), stop.clone()));
        }
    }
    tasks.close();
    tasks
}

async fn read_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = pull::step(&context).await {
            tracing::error!(account = %context.account, %error, "reading orders failed on our side");
            pause(REST_AFTER_FAILURE, &stop).await;
        }
        pause(LOOK_EVERY, &stop).await;
    }
}

async fn follow_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match follow::step(&context).await {
            Ok(follow::Step::Idle) => pause(LOOK_EVERY, &stop).await,
            Ok(follow::Step::Done) => {}
            Err(error) => {
                tracing::error!(account = %context.account, %error, "reading requests failed on our side");
                pause(REST_AFTER_FAILURE, &stop).await;
            }
        }
    }
}

async fn reread_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match reread::step(&context).await {
            Ok(reread::Step::Idle) => pause(LOOK_EVERY, &stop).await,
            Ok(reread::Step::Done(_)) => {}
            Err(error) => {
                tracing::error!(account = %context.account, %error, "reading an order failed on our side");
                pause(REST_AFTER_FAILURE, &stop).await;
            }
        }
    }
}

async fn tell_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = tell::step(&context).await {
            tracing::error!(account = %context.account, %error, "people are told later");
        }
        pause(TELL_EVERY, &stop).await;
    }
}

/// Counts until the end, and what was done at the end too.
async fn count_forever(context: Context, stop: CancellationToken) {
    if let Err(error) = calls::note_limit(&context).await {
        tracing::warn!(account = %context.account, %error, "the limit of calls could not be noted");
    }
    loop {
        pause(COUNT_EVERY, &stop).await;
        if let Err(error) = calls::step(&context).await {
            tracing::warn!(account = %context.account, %error, "calls are counted later");
        }
        if stop.is_cancelled() {
            return;
        }
    }
}

async fn send_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match deliver::step(&context).await {
            Ok(deliver::Step::Idle) => pause(LOOK_EVERY, &stop).await,
            Ok(deliver::Step::Done) => {}
            Err(error) => {
                tracing::error!(account = %context.account, %error, "sending failed on our side");
                pause(REST_AFTER_FAILURE, &stop).await;
            }
        }
    }
}

async fn promise_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match batches::step(&context).await {
            Ok(batches::Step::Idle) => pause(LOOK_EVERY, &stop).await,
            Ok(batches::Step::Done) => {}
            Err(error) => {
                tracing::error!(account = %context.account, %error, "promises of a batch are not made yet");
                pause(REST_AFTER_FAILURE, &stop).await;
            }
        }
    }
}

async fn forget_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match forget::step(&context).await {
            Ok(forget::Step::Idle) => pause(LOOK_EVERY_SO_OFTEN, &stop).await,
            // Everybody else's work goes first.
            Ok(forget::Step::Done) => pause(LOOK_EVERY, &stop).await,
            Err(error) => {
                tracing::error!(account = %context.account, %error, "personal data of old orders is still there");
                pause(LOOK_EVERY_SO_OFTEN, &stop).await;
            }
        }
    }
}

/// Makes everybody's digests when they are due, until `stop`. Not of one account, so that it is nobody's loop.
pub async fn digest_forever(pool: PgPool, clock: Clock, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = tell::digests(&pool, clock.now()).await {
            tracing::error!(%error, "digests are made later");
        }
        pause(DIGESTS_EVERY, &stop).await;
    }
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
