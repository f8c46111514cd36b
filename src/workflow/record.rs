//! What the marketplace describes goes into the mirror, with the events that lead there.

use std::collections::BTreeSet;
use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db;
use crate::db::events::Seen;
use crate::db::upsert::Incoming;
use crate::domain::channel::Channel;
use crate::domain::channel::Rules;
use crate::domain::event::Event;
use crate::domain::order::AccountId;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::reconcile;
use crate::domain::reconcile::Known;
use crate::domain::request::RequestKind;
use crate::workflow::privacy;
use crate::workflow::requests;

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
    let removed = db::privacy::removed_of(conn, account, &ids).await?;
    let without_removed;
    let readings = if removed.is_empty() {
        readings
    } else {
        without_removed = privacy::without_removed(readings, &removed);
        &without_removed
    };
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
    watch_undecided(conn, account, &incoming, &known, now).await?;
    if !known.is_empty() {
        watch_cancellations(conn, account, &seen, now).await?;
        let ids: Vec<String> = incoming.iter().map(|it| it.order.id.clone()).collect();
        requests::confirm_what_shows(conn, account, &ids, now).await?;
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

/// A new order on which a cancellation is being decided: who asked decides what may be done with it.
async fn watch_undecided(
    conn: &mut PgConnection,
    account: &AccountId,
    incoming: &[Incoming<'_>],
    known: &HashMap<String, (Known, i64)>,
    now: Timestamp,
) -> db::Result<()> {
    let undecided = |order: &Order| {
        let mut statuses = order.lines.iter().map(|it| &it.status).chain([&order.status]);
        statuses.any(|it| *it == Status::CancelRequest)
    };
    let new = incoming.iter().map(|it| it.order).filter(|it| !known.contains_key(&it.id));
    let orders: Vec<String> = new.filter(|it| undecided(it)).map(|it| it.id.clone()).collect();
    if orders.is_empty() {
        return Ok(());
    }
    db::requests::watch(conn, account, &orders, RequestKind::Cancellation, now).await
}

/// Cancellations cannot be asked for by date: an order that shows one is read about.
async fn watch_cancellations(
    conn: &mut PgConnection,
    account: &AccountId,
    seen: &[Seen],
    now: Timestamp,
) -> db::Result<()> {
    let tells =
        |status: &str| matches!(Status::parse(status), Status::CancelRequest | Status::Cancelled);
    let about = |event: &Event| match event {
        Event::StatusChanged { from, to } | Event::LineChanged { from, to, .. } => {
            tells(to) || tells(from)
        }
        Event::DeadlineMoved { .. }
        | Event::ParcelSeen { .. }
        | Event::Promised { .. }
        | Event::Delivery { .. }
        | Event::RequestSeen { .. }
        | Event::RequestDecided { .. }
        | Event::Decided { .. }
        | Event::Packed { .. }
        | Event::NoteWritten
        | Event::Assigned { .. }
        | Event::TakenOver { .. } => false,
    };
    let of = seen.iter().filter(|it| about(&it.event)).map(|it| it.order_id.clone());
    let orders: BTreeSet<String> = of.collect();
    let orders: Vec<String> = orders.into_iter().collect();
    if orders.is_empty() {
        return Ok(());
    }
    db::requests::watch(conn, account, &orders, RequestKind::Cancellation, now).await
}
