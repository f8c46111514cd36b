//! The table of an order's parcels: those the marketplace knows of, and those it was told of last.

use crate::db::events::Entry;
use crate::domain::action::Action;
use crate::domain::delivery::State;
use crate::domain::event::Event;
use crate::domain::tracking_link;
use crate::web::components::Delivery;
use crate::web::components::Time;
use crate::web::orders::Desk;

/// A parcel, ready to print.
#[derive(Debug)]
pub struct ParcelView {
    /// The tracking number.
    pub number: String,
    /// The carrier's name.
    pub carrier: String,
    /// The lines in it: `AY03 × 3`.
    pub lines: String,
    /// When it was declared, if that is known.
    pub declared_at: Option<Time>,
    /// Who declared it.
    pub declared_by: String,
    /// Where the declaration stands.
    pub delivery: Delivery,
    /// Where to follow it, if that is a link that can be trusted to be one.
    pub href: Option<String>,
    /// The same as text, if it is not.
    pub text: Option<String>,
}

/// The parcels of an order.
pub fn view(desk: &Desk, events: &[Entry]) -> Vec<ParcelView> {
    let known = desk.order().parcels.iter().map(|parcel| {
        let declared = declared(&parcel.number, events);
        let seen = events.iter().find(
            |it| matches!(&it.event, Event::ParcelSeen { number, .. } if *number == parcel.number),
        );
        let at = declared.or(seen).map(|it| desk.reader.day_time(it.at));
        let by = declared.and_then(|it| it.user_name.clone());
        let by = by.unwrap_or_else(|| desk.lang().parcel_elsewhere().to_owned());
        let url = parcel.tracking_url.as_deref();
        let row = [parcel.carrier.as_str(), parcel.number.as_str()];
        of(desk, row, &parcel.line_ids, url, (at, by), State::Confirmed)
    });
    let mut parcels: Vec<_> = known.collect();
    let Some(promise) = desk.last.as_ref() else { return parcels };
    let (state, Action::Ship(ship)) = (promise.progress.state, &promise.action) else {
        return parcels;
    };
    if state == State::Withdrawn {
        return parcels;
    }
    for parcel in &ship.parcels {
        if desk.order().parcels.iter().any(|it| it.number == parcel.number) {
            continue;
        }
        let declared = (Some(desk.reader.day_time(promise.created_at)), promise.user_name.clone());
        let url = parcel.tracking_url.as_deref();
        let row = [parcel.carrier.as_str(), parcel.number.as_str()];
        parcels.push(of(desk, row, &parcel.line_ids, url, declared, state));
    }
    parcels
}

/// The last time that a person declared a parcel of that number.
fn declared<'a>(number: &str, events: &'a [Entry]) -> Option<&'a Entry> {
    events.iter().find(|entry| {
        let Event::Promised { action: Action::Ship(ship) } = &entry.event else { return false };
        ship.parcels.iter().any(|it| it.number == number)
    })
}

fn of(
    desk: &Desk,
    [carrier, number]: [&str; 2],
    line_ids: &[String],
    url: Option<&str>,
    (declared_at, declared_by): (Option<Time>, String),
    state: State,
) -> ParcelView {
    let line = |id: &String| match desk.order().line(id) {
        Some(line) => format!("{id} × {}", line.quantity),
        None => id.clone(),
    };
    let checked = url.map(|it| tracking_link::check(it.trim()));
    let href = checked.and_then(Result::ok).map(String::from);
    ParcelView {
        number: number.to_owned(),
        carrier: carrier.to_owned(),
        lines: line_ids.iter().map(line).collect::<Vec<_>>().join(", "),
        declared_at,
        declared_by,
        delivery: Delivery::new(state, desk.lang().delivery_state(state).to_owned()),
        text: url.filter(|_| href.is_none()).map(str::to_owned),
        href,
    }
}
