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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::order::Amounts;
    use crate::domain::order::Parcel;
    use crate::domain::order::Status;

    fn reading(status: Status) -> Order {
        Order {
            id: "O-1".to_owned(),
            reference: None,
            channel_id: "CDISFR".to_owned(),
            channel_name: "Cdiscount".to_owned(),
            business: false,
            status,
            customer_reference: None,
            payment_method: None,
            created_at: Timestamp::UNIX_EPOCH,
            updated_at: Timestamp::UNIX_EPOCH,
            ship_by: None,
            amounts: Amounts {
                currency: "EUR".to_owned(),
                selling_total: rust_decimal::Decimal::ZERO,
                offer_total: None,
                service_fees: Vec::new(),
            },
            billing: None,
            shipping: None,
            lines: Vec::new(),
            parcels: Vec::new(),
        }
    }

    fn known(status: &str) -> Known {
        Known { status: status.to_owned(), ..Known::default() }
    }

    #[test]
    fn an_order_that_stays_as_it_is_has_no_history() {
        assert_eq!(changes(&known("Shipped"), &reading(Status::Shipped)), []);
    }

    #[test]
    fn status_deadline_and_parcels_are_told_each() {
        let mut now = reading(Status::Shipped);
        now.ship_by = Some(Timestamp::UNIX_EPOCH);
        now.parcels.push(Parcel {
            number: "6A1".to_owned(),
            carrier: "Colissimo".to_owned(),
            tracking_url: None,
            line_ids: Vec::new(),
        });
        let told = changes(&known("InPreparation"), &now);
        assert_eq!(
            told,
            [
                Event::StatusChanged { from: "InPreparation".to_owned(), to: "Shipped".to_owned() },
                Event::DeadlineMoved { from: None, to: now.ship_by },
                Event::ParcelSeen { number: "6A1".to_owned(), carrier: "Colissimo".to_owned() },
            ]
        );
    }

    #[test]
    fn only_an_older_reading_is_stale() {
        let second = |it| Timestamp::from_second(it).unwrap();
        let known = Known { updated_at: second(10), ..known("Shipped") };
        for (updated_at, stale) in [(9, true), (10, false), (11, false)] {
            let reading = Order { updated_at: second(updated_at), ..reading(Status::Shipped) };
            assert_eq!(is_stale(&known, &reading), stale);
        }
    }
}
