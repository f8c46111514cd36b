//! What the marketplace describes goes into the mirror, with the events that lead there.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db;
use crate::db::events::Seen;
use crate::db::upsert::Incoming;
use crate::domain::channel::Channel;
use crate::domain::channel::Rules;
use crate::domain::delivery::Reading as Effect;
use crate::domain::order::AccountId;
use crate::domain::order::Order;
use crate::domain::reconcile;
use crate::workflow::promise;

/// An order as just read from the marketplace.
#[derive(Debug, Clone)]
pub struct Reading {
    /// As understood.
    pub order: Order,
    /// The JSON as received.
    pub raw: String,
    /// The fingerprint of `raw`.
    pub raw_hash: i64,
}

/// Writes readings of one account into the mirror, in the caller's transaction. Those that are older than
/// what is known, or the same to the letter, change nothing. A promise whose effect shows is confirmed
/// here, also one that had been given to a person. Says how many orders were written.
pub async fn record(
    conn: &mut PgConnection,
    account: &AccountId,
    readings: &[Reading],
    now: Timestamp,
) -> db::Result<usize> {
    let ids: Vec<String> = readings.iter().map(|it| it.order.id.clone()).collect();
    let known = db::known::of_orders(conn, account, &ids).await?;
    // Also those that come back as they were before they were unreadable, and change nothing else.
    db::faults::forget(conn, account, &ids).await?;
    let mut incoming = Vec::with_capacity(readings.len());
    let mut seen = Vec::new();
    for reading in newest_of_each(readings) {
        let order = &reading.order;
        if let Some((before, raw_hash)) = known.get(&order.id) {
            if *raw_hash == reading.raw_hash || reconcile::is_stale(before, order) {
                continue;
            }
            let (order_id, at) = (&order.id, order.updated_at);
            let events = reconcile::changes(before, order);
            let entry = |event| Seen { order_id: order_id.clone(), at, event };
            seen.extend(events.into_iter().map(entry));
        }
        incoming.push(Incoming { order, raw: &reading.raw, raw_hash: reading.raw_hash });
    }
    if incoming.is_empty() {
        return Ok(0);
    }
    db::reference::see_channels(conn, account, &channels(&incoming)).await?;
    db::upsert::orders(conn, account, &incoming, now).await?;
    db::events::add_seen(conn, account, &seen).await?;
    if !known.is_empty() {
        confirm_what_shows(conn, account, &incoming, now).await?;
    }
    Ok(incoming.len())
}

/// Pages drift: the same order may come twice, and the later change counts.
fn newest_of_each(readings: &[Reading]) -> impl Iterator<Item = &Reading> {
    readings.iter().enumerate().filter_map(|(index, reading)| {
        let newer = |other: &Reading| {
            other.order.id == reading.order.id && other.order.updated_at >= reading.order.updated_at
        };
        let earlier = |other: &Reading| {
            other.order.id == reading.order.id && other.order.updated_at > reading.order.updated_at
        };
        let (before, after) = (&readings[..index], &readings[index + 1..]);
        (!before.iter().any(earlier) && !after.iter().any(newer)).then_some(reading)
    })
}

fn channels(incoming: &[Incoming<'_>]) -> Vec<Channel> {
    let mut channels: Vec<Channel> = Vec::new();
    for Incoming { order, .. } in incoming {
        if !channels.iter().any(|it| it.id == order.channel_id) {
            channels.push(Channel {
                id: order.channel_id.clone(),
                name: order.channel_name.clone(),
                rules: Rules::documented(&order.channel_id),
            });
        }
    }
    channels.sort_by(|a, b| a.id.cmp(&b.id));
    channels
}

async fn confirm_what_shows(
    conn: &mut PgConnection,
    account: &AccountId,
    incoming: &[Incoming<'_>],
    now: Timestamp,
) -> db::Result<()> {
    let ids: Vec<String> = incoming.iter().map(|it| it.order.id.clone()).collect();
    for promise in db::promises::in_doubt_of(conn, account, &ids).await? {
        let order = incoming.iter().find(|it| it.order.id == promise.order_id);
        let Some(Incoming { order, .. }) = order else { continue };
        if promise.action.reading(order) != Effect::Found {
            continue;
        }
        let held = promise.held();
        let progress = promise.progress.read_back(Effect::Found, false, now);
        if db::promises::advance(conn, &held, &progress, None, None, now).await? {
            promise::tell(conn, &held, &progress, now).await?;
        }
    }
    Ok(())
}
