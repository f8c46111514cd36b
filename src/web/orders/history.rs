//! The timeline of an order: what happened, by day, with the steps of each promise under its beginning.

mod shown;

use uuid::Uuid;

use crate::db::events::Entry;
use crate::domain::action::Action;
use crate::domain::delivery::State;
use crate::domain::event::Actor;
use crate::domain::event::Event;
use crate::web::components::Delivery;
use crate::web::components::Time;
use crate::web::format;
use crate::web::orders::Desk;
use crate::web::orders::Reader;
use crate::web::text::Lang;

pub use shown::HistoryView;
pub use shown::Show;

/// The steps of a promise that are shown at most; what is in the middle is counted.
const MAX_HOPS: usize = 8;

/// A day of the history.
#[derive(Debug)]
pub struct Day {
    /// Its name.
    pub date: Time,
    /// What happened on it, newest first.
    pub items: Vec<Item>,
}

/// Something that happened.
#[derive(Debug)]
pub struct Item {
    /// For `data-by`: `you`, `market` or `sys`.
    pub by: &'static str,
    /// When, on its day.
    pub time: Time,
    /// Who did it.
    pub who: String,
    /// What they did.
    pub what: String,
    /// More about it, one paragraph each.
    pub details: Vec<String>,
    /// The promise's page, and the `id` of the link to it: one that does not move when something happens.
    pub link: Option<(String, String)>,
    /// The promise's steps.
    pub hops: Vec<Delivery>,
}

/// The history of an order, newest first. `events` are newest first.
pub fn view(desk: &Desk, events: &[Entry], shown: Show) -> HistoryView {
    let lang = desk.lang();
    HistoryView {
        choices: shown::choices(desk, shown),
        days: days(desk, events, shown),
        none: lang.history_none(shown),
    }
}

fn days(desk: &Desk, events: &[Entry], shown: Show) -> Vec<Day> {
    let reader = &desk.reader;
    let begun = |id: Option<Uuid>| {
        let begins = |it: &Entry| it.promise_id == id && matches!(it.event, Event::Promised { .. });
        id.is_some() && events.iter().any(begins)
    };
    // The steps of a promise stand under its beginning; a decision is worth an entry of its own.
    let apart = |entry: &&Entry| match entry.event {
        Event::Delivery { .. } => !begun(entry.promise_id),
        Event::StatusChanged { .. }
        | Event::LineChanged { .. }
        | Event::DeadlineMoved { .. }
        | Event::ParcelSeen { .. }
        | Event::RequestSeen { .. }
        | Event::RequestDecided { .. }
        | Event::Promised { .. }
        | Event::Decided { .. }
        | Event::Packed { .. }
        | Event::NoteWritten
        | Event::Assigned { .. }
        | Event::TakenOver { .. } => true,
    };
    let items = events.iter().filter(apart).map(|it| (it.at, item(reader, it, events)));
    let mut items: Vec<_> = items.collect();
    items.push((desk.mirrored.first_seen_at, first_seen(desk)));
    // The marketplace's own times may lie before our noting them.
    items.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    items.retain(|(_, item)| match shown {
        Show::Everything => true,
        Show::Of(actor) => item.by == by(actor),
    });
    let mut days: Vec<Day> = Vec::new();
    for (at, item) in items {
        let date = format::day(reader.lang, at, &reader.zone, reader.now);
        match days.last_mut() {
            Some(day) if day.date == date => day.items.push(item),
            _ => days.push(Day { date, items: vec![item] }),
        }
    }
    days
}

fn item(reader: &Reader, entry: &Entry, events: &[Entry]) -> Item {
    let lang = reader.lang;
    let mut item = Item {
        by: by(entry.actor),
        time: time(reader, entry),
        who: who(entry),
        what: lang
            .happened(&entry.event, entry.other_name.as_deref(), |at| reader.day_time(at).text),
        details: Vec::new(),
        link: entry.promise_id.map(|id| {
            let decided =
                if matches!(entry.event, Event::Decided { .. }) { "-decided" } else { "" };
            (format!("/promises/{id}"), format!("history-{id}{decided}"))
        }),
        hops: Vec::new(),
    };
    let Event::Promised { action } = &entry.event else { return item };
    item.details = details(lang, action);
    item.hops = hops(reader, entry, events);
    let of_promise = events.iter().filter(|it| it.promise_id == entry.promise_id);
    let refusal = of_promise.filter_map(|it| match &it.event {
        Event::Delivery { state: State::Refused, refusal } => refusal.as_ref(),
        Event::Delivery { .. }
        | Event::StatusChanged { .. }
        | Event::LineChanged { .. }
        | Event::DeadlineMoved { .. }
        | Event::ParcelSeen { .. }
        | Event::RequestSeen { .. }
        | Event::RequestDecided { .. }
        | Event::Promised { .. }
        | Event::Decided { .. }
        | Event::Packed { .. }
        | Event::NoteWritten
        | Event::Assigned { .. }
        | Event::TakenOver { .. } => None,
    });
    item.details.extend(refusal.map(|it| lang.refusal(it)).take(1));
    item
}

/// What a promise says in particular: `Colissimo 6A21938475603: AY01, AY02`.
fn details(lang: Lang, action: &Action) -> Vec<String> {
    match action {
        Action::Accept | Action::Refuse => Vec::new(),
        Action::Cancel(cancel) => {
            vec![lang.cancellation_of(&cancel.reason, cancel.shipping_refund)]
        }
        Action::CancelLines(chosen) => {
            let line = |it: &crate::domain::action::cancel_lines::LineCancellation| {
                let why = lang.cancellation_of(&it.reason, it.shipping_refund);
                format!("{}{}{why}", it.line_id, lang.colon())
            };
            chosen.lines.iter().map(line).collect()
        }
        Action::Gesture(gesture) => {
            let reason = lang.gesture_reason(&gesture.reason);
            vec![match &gesture.details {
                Some(details) => format!("{reason}{}{details}", lang.colon()),
                None => reason,
            }]
        }
        Action::Invoice(invoice) => vec![format::bytes(lang, invoice.size)],
        Action::Ship(ship) => {
            let parcel = |it: &crate::domain::action::ship::Parcel| {
                format!("{} {} ({})", it.carrier, it.number, it.line_ids.join(", "))
            };
            ship.parcels.iter().map(parcel).collect()
        }
    }
}

/// The steps of one promise, oldest first. `events` are those of its order, newest first.
pub fn steps(reader: &Reader, promise: Uuid, events: &[Entry]) -> Vec<Delivery> {
    let begins =
        |it: &&Entry| it.promise_id == Some(promise) && matches!(it.event, Event::Promised { .. });
    events.iter().find(begins).map(|it| hops(reader, it, events)).unwrap_or_default()
}

/// The steps of a promise, oldest first, its beginning included.
fn hops(reader: &Reader, begin: &Entry, events: &[Entry]) -> Vec<Delivery> {
    let lang = reader.lang;
    let hop = |state, entry: &Entry| {
        // A step of another day says which.
        let at = format::clock(lang, entry.at, &reader.zone, begin.at).text;
        Delivery::new(state, lang.hop(state, &at, entry.user_name.as_deref()))
    };
    let first =
        Delivery::new(State::Queued, lang.hop(State::Queued, &time(reader, begin).text, None));
    let mut hops = vec![first];
    for entry in events.iter().rev().filter(|it| it.promise_id == begin.promise_id) {
        match entry.event {
            Event::Delivery { state, .. } => hops.push(hop(state, entry)),
            Event::Decided { done: true } => hops.push(hop(State::Confirmed, entry)),
            Event::Decided { done: false } => hops.push(hop(State::Refused, entry)),
            Event::Promised { .. }
            | Event::StatusChanged { .. }
            | Event::LineChanged { .. }
            | Event::DeadlineMoved { .. }
            | Event::ParcelSeen { .. }
            | Event::RequestSeen { .. }
            | Event::RequestDecided { .. }
            | Event::Packed { .. }
            | Event::NoteWritten
            | Event::Assigned { .. }
            | Event::TakenOver { .. } => {}
        }
    }
    if hops.len() > MAX_HOPS {
        let skipped = hops.len() - MAX_HOPS + 1;
        let note = Delivery::new(State::Queued, lang.history_skipped(skipped));
        hops.splice(1..=skipped, [note]);
    }
    hops
}

fn first_seen(desk: &Desk) -> Item {
    let (reader, order) = (&desk.reader, desk.order());
    let created = reader.day_time(order.created_at).text;
    Item {
        by: by(Actor::Comptoir),
        time: on_its_day(reader, desk.mirrored.first_seen_at),
        who: "Comptoir".to_owned(),
        what: reader.lang.history_first_seen().to_owned(),
        details: vec![reader.lang.history_created(created, &order.channel_name)],
        link: None,
        hops: Vec::new(),
    }
}

const fn by(actor: Actor) -> &'static str {
    match actor {
        Actor::Person => "you",
        Actor::Marketplace => "market",
        Actor::Comptoir => "sys",
    }
}

fn who(entry: &Entry) -> String {
    match (entry.actor, &entry.user_name) {
        (Actor::Person, Some(name)) => name.clone(),
        (Actor::Marketplace, _) => "Octopia".to_owned(),
        (Actor::Person | Actor::Comptoir, _) => "Comptoir".to_owned(),
    }
}

fn time(reader: &Reader, entry: &Entry) -> Time {
    on_its_day(reader, entry.at)
}

/// The time alone: the day stands above it.
fn on_its_day(reader: &Reader, at: jiff::Timestamp) -> Time {
    format::clock(reader.lang, at, &reader.zone, at)
}
