//! The marketplace's requests go into the mirror, and promises whose effect they show are confirmed.

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db;
use crate::db::events::Seen;
use crate::db::orders::Mirrored;
use crate::db::promises::Promise;
use crate::domain::action::Action;
use crate::domain::action::Evidence;
use crate::domain::delivery::Reading;
use crate::domain::event::Event;
use crate::domain::order::AccountId;
use crate::domain::request::Asker;
use crate::domain::request::Cancellation;
use crate::domain::request::CancelledLine;
use crate::domain::request::GestureRequest;
use crate::domain::request::InvoiceImport;
use crate::domain::request::Request;
use crate::domain::request::Standing;
use crate::domain::sending;
use crate::workflow::privacy;
use crate::workflow::promise;

/// How soon the marketplace is asked what it made of a request that it has just taken.
const FIRST_LOOK: SignedDuration = SignedDuration::from_secs(2);

/// Writes requests of one order into the mirror, in the caller's transaction, with an event for each that is
/// new or decided. What the mirror knows and the marketplace does not show stays: its answers lag.
pub async fn record_requests(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    read: &[Request],
    now: Timestamp,
) -> db::Result<()> {
    if !db::orders::lock(conn, account, order_id).await? {
        return Ok(());
    }
    let read = privacy::requests(conn, account, order_id, read).await?;
    let known = db::requests::of_order(conn, account, order_id).await?;
    let mut seen = Vec::new();
    for request in &read {
        let before = known.find(request.kind(), request.id());
        // Decided is decided: an answer that lags must not take it back.
        let stale = |it: &Request| !it.standing().is_open() && request.standing().is_open();
        if before.is_some_and(|it| it == request || stale(it)) {
            continue;
        }
        db::requests::upsert(conn, account, order_id, request, now).await?;
        if let Request::Invoice(import) = request
            && import.standing == Standing::Done
        {
            db::promises::forget_file(conn, account, &import.id).await?;
        }
        if let Some(event) = event(before, request) {
            let made_at = request.created_at().filter(|_| before.is_none());
            let at = made_at.unwrap_or(now);
            seen.push(Seen { order_id: order_id.to_owned(), at, event });
        }
    }
    db::events::add_seen(conn, account, &seen).await?;
    learn_references(conn, account, order_id).await?;
    for request in read.iter().filter(|it| *it.standing() == Standing::Rejected) {
        db::promises::show_outcome(conn, account, order_id, request.id()).await?;
    }
    confirm_what_shows(conn, account, &[order_id.to_owned()], now).await
}

fn event(before: Option<&Request>, request: &Request) -> Option<Event> {
    let request = request.clone();
    match before {
        None => Some(Event::RequestSeen { request }),
        Some(before) if before.standing() != request.standing() => {
            Some(Event::RequestDecided { request })
        }
        Some(_) => None,
    }
}

/// Confirms promises of these orders whose effect shows in the mirror, also those that had been given to a
/// person: a late effect settles them.
pub(super) async fn confirm_what_shows(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
    now: Timestamp,
) -> db::Result<()> {
    for promise in db::promises::in_doubt_of(conn, account, order_ids).await? {
        let mirrored = db::orders::find(conn, account, &promise.order_id).await?;
        let Some(mirrored) = mirrored else { continue };
        let found = reading(conn, &promise, &mirrored).await?;
        if !matches!(found, Reading::Found { .. }) {
            continue;
        }
        let held = promise.held();
        let progress = promise.progress.clone().read_back(found, false, now);
        if db::promises::advance(conn, &held, &progress, None, None, now).await? {
            promise::tell(conn, &promise, &progress, now).await?;
            expect(conn, &promise, progress.reference.as_deref(), now).await?;
        }
    }
    Ok(())
}

/// Whether what is known shows the promise's effect.
async fn reading(
    conn: &mut PgConnection,
    promise: &Promise,
    mirrored: &Mirrored,
) -> db::Result<Reading> {
    let Promise { account, order_id, id, .. } = promise;
    let proofs = db::promises::references(conn, account, order_id, *id).await?;
    let progress = promise.progress.clone().besides(proofs);
    let (order, requests) = (&mirrored.order, &mirrored.requests);
    let (baseline, marker) = (progress.baseline.as_deref(), sending::marker(id.as_u128()));
    Ok(promise.action.reading(&Evidence { order, requests, baseline, marker: &marker }))
}

/// A call that was answered without the record's identifier: the record is found like a lost answer's.
async fn learn_references(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> db::Result<()> {
    for promise in db::promises::without_reference(conn, account, order_id).await? {
        let Some(mirrored) = db::orders::find(conn, account, order_id).await? else { continue };
        let found = reading(conn, &promise, &mirrored).await?;
        if let Reading::Found { reference: Some(reference) } = found {
            db::promises::set_reference(conn, account, promise.id, &reference).await?;
        }
    }
    Ok(())
}

/// The marketplace has taken a promise that it decides about later: shows it as open at once, and sees to it
/// that its decision is read.
pub(super) async fn expect(
    conn: &mut PgConnection,
    promise: &Promise,
    reference: Option<&str>,
    now: Timestamp,
) -> db::Result<()> {
    let Some(kind) = promise.action.kind().request() else { return Ok(()) };
    let Promise { account, order_id, .. } = promise;
    if let Some(id) = reference {
        let known = db::requests::of_order(conn, account, order_id).await?;
        if let Some(request) = just_taken(promise, id, now)
            && known.find(kind, id).is_none()
        {
            db::requests::upsert(conn, account, order_id, &request, now).await?;
        }
    }
    let orders = [order_id.clone()];
    db::requests::watch(conn, account, &orders, kind, now + FIRST_LOOK).await
}

/// What the marketplace will show once its answers have caught up.
fn just_taken(promise: &Promise, id: &str, now: Timestamp) -> Option<Request> {
    let marker = sending::marker(promise.id.as_u128());
    let cancellation = |reason, shipping_refund, lines| {
        Request::Cancellation(Cancellation {
            id: id.to_owned(),
            standing: Standing::InProgress,
            asked_by: Some(Asker::Seller),
            reason,
            shipping_refund,
            lines,
            words: Vec::new(),
            created_at: Some(now),
        })
    };
    match &promise.action {
        Action::Accept | Action::Refuse | Action::Ship(_) => None,
        Action::Cancel(cancel) => {
            let reason = Some(cancel.reason.code.clone());
            Some(cancellation(reason, Some(cancel.shipping_refund), Vec::new()))
        }
        Action::CancelLines(chosen) => {
            let line = |it: &crate::domain::action::cancel_lines::LineCancellation| CancelledLine {
                line_id: it.line_id.clone(),
                reason: Some(it.reason.code.clone()),
                standing: None,
            };
            Some(cancellation(None, None, chosen.lines.iter().map(line).collect()))
        }
        Action::Gesture(gesture) => Some(Request::Gesture(GestureRequest {
            id: id.to_owned(),
            standing: Standing::InProgress,
            reason: Some(gesture.reason.clone()),
            details: Some(gesture.marked_details(&marker)),
            amount: Some(gesture.amount),
            currency: Some(gesture.currency.clone()),
            words: Vec::new(),
            created_at: Some(now),
        })),
        Action::Invoice(invoice) => Some(Request::Invoice(InvoiceImport {
            id: id.to_owned(),
            standing: Standing::InProgress,
            file_name: Some(invoice.marked_name(&promise.order_id, &marker)),
            replaced: false,
            words: Vec::new(),
            created_at: Some(now),
        })),
    }
}
