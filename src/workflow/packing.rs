//! Marking orders as packed. The marketplace is told nothing of it.

use jiff::Timestamp;
use sqlx::postgres::PgTransaction;

use crate::db;
use crate::db::promises::Promise;
use crate::domain::action;
use crate::domain::action::ActionKind;
use crate::domain::action::Blocked;
use crate::domain::action::Facts;
use crate::domain::action::Live;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::event::Event;
use crate::domain::operator::Operator;
use crate::domain::order::AccountId;
use crate::workflow::PerformError;
use crate::workflow::audit;

/// Marks an order as packed, or takes the mark off, and ends the transaction. What may be shipped may be packed;
/// whoever may ship may say that a parcel was opened again, whatever became of the order meanwhile. Saying twice
/// what is so already changes nothing.
pub async fn mark(
    mut tx: PgTransaction<'_>,
    account: &AccountId,
    order_id: &str,
    packed: bool,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), PerformError> {
    if !db::orders::lock(&mut tx, account, order_id).await? {
        return Err(PerformError::NotFound);
    }
    let mirrored = db::orders::find(&mut tx, account, order_id).await?;
    let mirrored = mirrored.ok_or(PerformError::NotFound)?;
    let under_way = db::promises::under_way(&mut *tx, account, order_id).await?;
    let in_flight = under_way.as_ref().map(Promise::in_flight);
    let facts = Facts {
        order: &mirrored.order,
        channel: &mirrored.channel,
        requests: &mirrored.requests,
        live: Live::NotAsked,
        role: operator.role,
        given_today: &[],
        in_flight: in_flight.as_ref(),
        now,
    };
    match action::check(ActionKind::Ship, &facts) {
        Err(blocked @ Blocked::Needs(_)) => return Err(blocked.into()),
        Err(blocked) if packed => return Err(blocked.into()),
        Ok(()) | Err(_) => {}
    }
    if db::packing::find(&mut tx, account, order_id).await?.is_some() == packed {
        return Ok(());
    }
    let mark = packed.then_some((operator.id, now));
    db::packing::set(&mut tx, account, order_id, mark).await?;
    let (user, event) = (Some(operator.id), Event::Packed { packed });
    db::events::add(&mut tx, account, order_id, user, None, &event, now).await?;
    let entry = Entry::by(operator.id, Act::Packed { packed }, now);
    audit::note(&mut tx, &entry.of_order(account, order_id)).await?;
    tx.commit().await?;
    Ok(())
}
