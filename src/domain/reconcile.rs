//! What changed between the order we knew and the order the marketplace describes now.

use jiff::Timestamp;

use crate::domain::event::Event;
use crate::domain::order::Order;

/// What the mirror knew of an order before this reading.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Known {
    /// The marketplace's word.
    pub status: String,
    /// When the marketplace had last changed it.
    pub updated_at: Timestamp,
    /// The deadline.
    pub ship_by: Option<Timestamp>,
    /// Each line's identifier and status.
    pub lines: Vec<(String, String)>,
    /// The parcels' numbers.
    pub parcels: Vec<String>,
}

/// Whether a reading is older than what is known: pages drift, and an older page may be read later.
pub fn is_stale(known: &Known, reading: &Order) -> bool {
    reading.updated_at < known.updated_at
}

/// The events that lead from what was known to the reading.
pub fn changes(known: &Known, reading: &Order) -> Vec<Event> {
    let mut events = Vec::new();
    let to = reading.status.as_str();
    let order_changed = known.status != to;
    if order_changed {
        events.push(Event::StatusChanged { from: known.status.clone(), to: to.to_owned() });
    }
    for line in &reading.lines {
        let before = known.lines.iter().find(|(id, _)| *id == line.id);
        let now = line.status.as_str();
        // A line that merely follows its order is not worth a sentence of its own.
        let follows = order_changed && now == to;
        if let Some((_, from)) = before.filter(|(_, from)| from != now && !follows) {
            let (line, from) = (line.id.clone(), from.clone());
            events.push(Event::LineChanged { line, from, to: now.to_owned() });
        }
    }
    if known.ship_by != reading.ship_by {
        events.push(Event::DeadlineMoved { from: known.ship_by, to: reading.ship_by });
    }
    for parcel in reading.parcels.iter().filter(|it| !known.parcels.contains(&it.number)) {
        let (number, carrier) = (parcel.number.clone(), parcel.carrier.clone());
        events.push(Event::ParcelSeen { number, carrier });
    }
    events
}
