//! What a promise says in particular, and when it was sent.

use crate::db::events::Entry;
use crate::db::promises::Promise;
use crate::domain::action::Action;
use crate::domain::action::ship::Parcel;
use crate::domain::delivery::State;
use crate::domain::event::Event;
use crate::domain::sending;
use crate::web::components::Time;
use crate::web::format;
use crate::web::orders::Desk;
use crate::web::orders::Reader;

/// The input of an action, as it went out or will.
#[derive(Debug, Default)]
pub struct Sent {
    /// Names and values.
    pub facts: Vec<(&'static str, String)>,
    /// The parcels of a shipment.
    pub parcels: Vec<Parcel>,
    /// The lines of a cancellation of some.
    pub lines: Vec<SentLine>,
}

/// A line to cancel.
#[derive(Debug)]
pub struct SentLine {
    /// Its identifier.
    pub id: String,
    /// What it is; nothing, if the order no longer has it.
    pub title: String,
    /// Why.
    pub reason: String,
    /// What becomes of its shipping costs.
    pub shipping: &'static str,
}

/// What only this promise writes, as people see it: `#ABC123`.
pub fn mark(promise: &Promise) -> String {
    format!("#{}", sending::marker(promise.id.as_u128()))
}

/// The input of that promise.
pub fn of(desk: &Desk, promise: &Promise) -> Sent {
    let (lang, marker) = (desk.lang(), sending::marker(promise.id.as_u128()));
    let shipping = |refunded| {
        if refunded { lang.sent_refunded() } else { lang.sent_not_refunded() }
    };
    let mut sent = Sent::default();
    match &promise.action {
        Action::Accept | Action::Refuse => {}
        Action::Ship(ship) => sent.parcels.clone_from(&ship.parcels),
        Action::Cancel(cancel) => {
            sent.facts = vec![
                (lang.sent_lines(), lang.sent_all_lines().to_owned()),
                (lang.sent_reason(), lang.cancellation_reason(&cancel.reason)),
                (lang.sent_shipping(), shipping(cancel.shipping_refund).to_owned()),
            ];
        }
        Action::CancelLines(chosen) => {
            let line = |it: &crate::domain::action::cancel_lines::LineCancellation| SentLine {
                id: it.line_id.clone(),
                title: desk
                    .order()
                    .line(&it.line_id)
                    .map_or_else(String::new, |it| it.title.clone()),
                reason: lang.cancellation_reason(&it.reason),
                shipping: shipping(it.shipping_refund),
            };
            sent.lines = chosen.lines.iter().map(line).collect();
        }
        Action::Gesture(gesture) => {
            sent.facts = vec![
                (lang.sent_amount(), format::money(gesture.amount, &gesture.currency)),
                (lang.sent_reason(), lang.gesture_reason(&gesture.reason)),
                (lang.sent_details(), gesture.marked_details(&marker)),
                (lang.sent_mark(), mark(promise)),
            ];
        }
        Action::Invoice(invoice) => {
            sent.facts = vec![
                (lang.sent_file(), invoice.file_name.clone()),
                (lang.sent_size(), format::bytes(lang, invoice.size)),
                (lang.sent_file_as(), invoice.marked_name(&promise.order_id, &marker)),
            ];
        }
    }
    sent
}

/// When each attempt was begun, oldest first. `events` are those of the order, newest first.
pub fn attempts(reader: &Reader, promise: &Promise, events: &[Entry]) -> Vec<Time> {
    let begins = |it: &&Entry| {
        it.promise_id == Some(promise.id)
            && matches!(it.event, Event::Delivery { state: State::Sending, .. })
    };
    events.iter().rev().filter(begins).map(|it| reader.day_time(it.at)).collect()
}
