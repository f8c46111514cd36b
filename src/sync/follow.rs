//! Following up what the marketplace decides later: cancellations, gestures and invoices, ours and others'.
//!
//! Gestures can be asked for by date. Cancellations cannot, so that an order is watched from the moment one
//! shows on it until nothing is open; the same with what we sent.

use jiff::SignedDuration;

use crate::db;
use crate::db::requests::Watch;
use crate::domain::delivery::State;
use crate::sync::Context;
use crate::translate;
use crate::workflow;

/// Longer than a reading takes.
const LEASE: SignedDuration = SignedDuration::from_secs(45);
/// The pauses between two readings of an order: 4, 8, 16 … seconds, at most this.
const MAX_PAUSE: SignedDuration = SignedDuration::from_mins(15);
/// Readings that show nothing open before an order is let go of: answers may lag behind what was sent.
const PATIENCE: i32 = 4;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing was due.
    Idle,
    /// An order's requests were read, or could not be.
    Done,
}

/// Reads the requests of the order that is due first.
pub async fn step(context: &Context) -> db::Result<Step> {
    let Context { account, pool, clock, client, .. } = context;
    let now = clock.now();
    let mut conn = pool.acquire().await?;
    let taken = db::requests::take_watch(&mut conn, account, now, now + LEASE).await?;
    let Some(watch) = taken else { return Ok(Step::Idle) };
    drop(conn);
    let read = translate::requests(client, &watch.order_id, watch.kind).await;
    let now = clock.now();
    let mut tx = pool.begin().await?;
    let next_at = match read {
        Ok(requests) => {
            workflow::record_requests(&mut tx, account, &watch.order_id, &requests, now).await?;
            let known = db::requests::of_order(&mut tx, account, &watch.order_id).await?;
            let mut own = known.all.iter().filter(|it| it.kind() == watch.kind);
            let open = own.any(|it| it.standing().is_open());
            let promise = db::promises::under_way(&mut *tx, account, &watch.order_id).await?;
            let asked = promise.is_some_and(|it| it.progress.state == State::NeedsPerson);
            (open || asked || watch.reads < PATIENCE).then(|| now + pause(&watch))
        }
        Err(error) => {
            tracing::warn!(%account, kind = watch.kind.as_str(), %error, "requests could not be read");
            Some(now + pause(&watch))
        }
    };
    db::requests::set_watch(&mut tx, account, &watch, next_at).await?;
    tx.commit().await?;
    Ok(Step::Done)
}

fn pause(watch: &Watch) -> SignedDuration {
    let doublings = u32::try_from(watch.reads).unwrap_or(0).min(10);
    SignedDuration::from_secs(4 * 2_i64.pow(doublings)).min(MAX_PAUSE)
}
