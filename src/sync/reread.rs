//! Reading one order because somebody asked for it.

use jiff::SignedDuration;

use crate::db;
use crate::domain::reread::Outcome;
use crate::sync;
use crate::sync::Context;
use crate::sync::Unreadable;
use crate::sync::wanted;
use crate::sync::wanted::Wanted;
use crate::translate;
use crate::workflow;

/// Longer than a reading takes.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// For how long people are told what came of it.
const KEPT: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nobody had asked.
    Idle,
    /// An order was read, or could not be.
    Done(Outcome),
}

/// Reads the order that was asked for first.
pub async fn step(context: &Context) -> db::Result<Step> {
    let Context { account, pool, clock, client, .. } = context;
    let now = clock.now();
    let mut conn = pool.acquire().await?;
    let taken = db::rereads::take(&mut conn, account, now, now + LEASE).await?;
    drop(conn);
    let Some((reread_id, order_id)) = taken else { return Ok(Step::Idle) };
    let received = client.order(&order_id).await;
    let now = clock.now();
    let mut tx = pool.begin().await?;
    let outcome = match received {
        Ok(None) => Outcome::Unknown,
        Ok(Some(received)) => match sync::understand(received) {
            Ok(reading) => record(&mut tx, context, reading).await?,
            Err(Unreadable { order_id, problem, raw }) => {
                db::faults::keep(&mut tx, account, &order_id, &problem, &raw, now).await?;
                Outcome::Unreadable
            }
        },
        Err(error) => {
            tracing::warn!(%account, %error, "an order that was asked for could not be read");
            Outcome::Failed(translate::trouble(&error).0)
        }
    };
    db::rereads::finish(&mut tx, account, reread_id, outcome, now, now - KEPT).await?;
    tx.commit().await?;
    Ok(Step::Done(outcome))
}

async fn record(
    tx: &mut sqlx::PgTransaction<'_>,
    context: &Context,
    reading: workflow::Reading,
) -> db::Result<Outcome> {
    let account = &context.account;
    let id = std::slice::from_ref(&reading.order.id);
    let is_known = !db::requests::mirrored(tx, account, id).await?.is_empty();
    let Wanted { readings, .. } = wanted::of(tx, account, vec![reading]).await?;
    if readings.is_empty() {
        return Ok(Outcome::LeftOut);
    }
    let written = workflow::record(tx, account, &readings, context.clock.now()).await?;
    Ok(match (is_known, written) {
        (false, _) => Outcome::New,
        (true, 0) => Outcome::Unchanged,
        (true, _) => Outcome::Changed,
    })
}
