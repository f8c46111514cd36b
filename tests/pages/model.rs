//! The list as it ought to be: all orders in memory, filtered and sorted in the plainest way.

use comptoir::domain::address::Address;
use comptoir::domain::delivery::State;
use comptoir::domain::order::Order;
use comptoir::domain::order::Parcel;
use comptoir::domain::order::Status;
use comptoir::domain::order::SupplyMode;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use proptest::prelude::*;
use rust_decimal::Decimal;

use crate::support::at;
use crate::support::line;
use crate::support::order;

/// An order, its account, and what the desk made of it.
pub type Sample = (&'static str, Order, Desk);

/// What only the desk knows of an order.
#[derive(Debug, Clone)]
pub struct Desk {
    /// Where its last promise stands.
    pub state: Option<&'static str>,
    /// Who looks after it.
    pub assigned_to: Option<i64>,
    /// How many notes it has.
    pub notes: i32,
}

/// Whoever looks at the lists of this model: the first user there is.
pub const ME: i64 = 1;
/// The second one.
pub const COLLEAGUE: i64 = 2;

/// Filters, as they stand in an address.
pub type Pairs = Vec<(&'static str, String)>;

pub fn address(pairs: &Pairs) -> String {
    format!("/orders?{}", serde_html_form::to_string(pairs).unwrap())
}

/// What the list must show.
pub fn expected(samples: &[Sample], pairs: &Pairs, now: Timestamp) -> Vec<String> {
    let values = |name: &str| -> Vec<&str> {
        pairs.iter().filter(|it| it.0 == name).flat_map(|it| it.1.split(',')).collect()
    };
    let day = |name: &str| values(name).last().map(|it| it.parse::<Date>().unwrap());
    let any = |name: &str, word: &str| values(name).is_empty() || values(name).contains(&word);
    let carrier = pairs.iter().filter(|it| it.0 == "carrier").map(|it| it.1.as_str()).next_back();
    let mut orders: Vec<_> = samples
        .iter()
        .filter(|(account, order, desk)| {
            let created = paris(order.created_at);
            let total = order.amounts.selling_total;
            let amount = |name: &str| values(name).last().map(|it| it.parse::<Decimal>().unwrap());
            let country = order.shipping.as_ref().and_then(|it| it.country.as_deref());
            let state = desk.state.filter(|it| *it != "withdrawn").unwrap_or("none");
            let assigned = match values("assigned").last() {
                None => true,
                Some(&"none") => desk.assigned_to.is_none(),
                Some(&"me") => desk.assigned_to == Some(ME),
                Some(id) => desk.assigned_to == Some(id.parse().unwrap()),
            };
            any("account", account)
                && any("status", order.status.as_str())
                && any("channel", &order.channel_id)
                && any("supply", order.supply_mode().as_str())
                && any("due", urgency(order, now))
                && day("from").is_none_or(|from| from <= created)
                && day("to").is_none_or(|to| created <= to)
                && values("buyer").last().is_none_or(|it| (*it == "business") == order.business)
                && any("country", country.unwrap_or_default())
                && carrier.is_none_or(|name| order.parcels.iter().any(|it| it.carrier == name))
                && amount("min").is_none_or(|it| it <= total)
                && amount("max").is_none_or(|it| total <= it)
                && any("action", state)
                && assigned
                && (values("note").is_empty() || desk.notes > 0)
        })
        .map(|(_, order, _)| order)
        .collect();
    let sort = values("sort").last().copied();
    let by_age = matches!(sort, Some("newest" | "oldest"));
    orders.sort_by_key(|order| {
        let created = order.created_at.as_second();
        let key = match (by_age, deadline(order)) {
            (true, _) => (0, -order.created_at.as_microsecond()),
            (false, Some(deadline)) => (0, deadline.as_second()),
            (false, None) if order.status.is_closed() => (2, -created),
            (false, None) => (1, created),
        };
        (key, order.id.clone())
    });
    if sort == Some("oldest") {
        orders.reverse();
    }
    orders.into_iter().map(|it| it.id.clone()).collect()
}

/// Until when the team must ship.
fn deadline(order: &Order) -> Option<Timestamp> {
    let ours = order.supply_mode() == SupplyMode::Seller && !order.status.is_closed();
    order.ship_by.filter(|_| ours)
}

fn urgency(order: &Order, now: Timestamp) -> &'static str {
    if order.status.is_closed() {
        return "closed";
    }
    let Some(deadline) = deadline(order) else { return "none" };
    let days = (paris(deadline) - paris(now)).get_days();
    match deadline.duration_since(now).as_secs() {
        ..0 => "overdue",
        0..14_400 => "soon",
        _ if days == 0 => "today",
        _ if days == 1 => "tomorrow",
        _ => "later",
    }
}

fn paris(instant: Timestamp) -> Date {
    instant.to_zoned(TimeZone::get("Europe/Paris").unwrap()).date()
}

/// Orders of every kind. Many share a deadline, and identifiers differ in all that collations dislike.
pub fn samples() -> impl Strategy<Value = Vec<Sample>> {
    let sample = (
        prop::sample::select(vec!["maison", "atelier"]),
        prop::sample::select(statuses()),
        prop::sample::select(vec![
            ("CDISFR".to_owned(), "Cdiscount".to_owned()),
            ("RDC".to_owned(), "Rue du Commerce".to_owned()),
        ]),
        prop::sample::select(vec![
            SupplyMode::Seller,
            SupplyMode::Seller,
            SupplyMode::Fulfillment,
            SupplyMode::Other("Drone".to_owned()),
        ]),
        // Halves of hours around midnights in Paris.
        -100_i64..100,
        proptest::option::weighted(0.9, -20_i64..120),
        "[a-cA-C0-1_-]{3}",
        (
            prop::bool::ANY,
            prop::sample::select(vec!["FR", "BE", ""]),
            carriers(),
            0_i64..4000,
            desk(),
        ),
    );
    let sample =
        sample.prop_map(|(account, status, channel, supply_mode, created, due, id, more)| {
            let mut made = order(&id);
            made.status = status;
            (made.channel_id, made.channel_name) = channel;
            made.lines = vec![line("L1", 1, supply_mode)];
            made.created_at = half_hours(created);
            made.ship_by = due.map(half_hours);
            let (business, country, carriers, cents, desk) = more;
            made.business = business;
            let country = Some(country.to_owned()).filter(|it| !it.is_empty());
            made.shipping = made.shipping.map(|it| Address { country, ..it });
            made.parcels = carriers.into_iter().map(parcel).collect();
            made.amounts.selling_total = Decimal::new(cents, 2);
            (account, made, desk)
        });
    proptest::collection::vec(sample, 230).prop_map(|mut samples: Vec<Sample>| {
        for (index, (_, order, _)) in samples.iter_mut().enumerate() {
            order.id = format!("{}{index}", order.id);
        }
        samples
    })
}

fn carriers() -> impl Strategy<Value = Vec<&'static str>> {
    prop::sample::select(vec![
        vec![],
        vec!["Colissimo"],
        vec!["DPD, Relais"],
        vec!["Colissimo", "DPD, Relais"],
    ])
}

fn parcel(carrier: &str) -> Parcel {
    Parcel {
        number: format!("6A-{carrier}"),
        carrier: carrier.to_owned(),
        tracking_url: None,
        line_ids: Vec::new(),
    }
}

fn desk() -> impl Strategy<Value = Desk> {
    let states: Vec<_> = State::ALL.map(|it| Some(it.as_str())).into_iter().chain([None]).collect();
    let assigned = vec![None, None, Some(ME), Some(COLLEAGUE)];
    (prop::sample::select(states), prop::sample::select(assigned), 0_i32..2)
        .prop_map(|(state, assigned_to, notes)| Desk { state, assigned_to, notes })
}

fn half_hours(count: i64) -> Timestamp {
    at("2026-11-19T12:00:00Z") + jiff::SignedDuration::from_mins(30 * count)
}

fn statuses() -> Vec<Status> {
    let mut statuses = Status::KNOWN.to_vec();
    statuses.push(Status::Other("Teleported".to_owned()));
    // What most orders are.
    statuses.extend([Status::InPreparation, Status::InPreparation, Status::Shipped]);
    statuses
}

/// Any filters, each one there or not.
pub fn filters() -> impl Strategy<Value = Pairs> {
    let words =
        |words: &[&'static str], most| proptest::sample::subsequence(words.to_vec(), 0..=most);
    let day = || proptest::option::weighted(0.3, 16_i8..23);
    (
        words(&["InPreparation", "Shipped", "Cancelled", "Processing", "Teleported"], 2),
        words(&["Seller", "Fulfillment", "Drone"], 1),
        words(&["CDISFR", "RDC"], 1),
        words(&["maison", "atelier"], 1),
        words(&["overdue", "soon", "today", "tomorrow", "later", "none", "closed"], 3),
        (day(), day()),
        prop::option::of(prop::sample::select(vec!["newest", "oldest"])),
        more(),
    )
        .prop_map(|(statuses, supply, channels, accounts, due, (from, to), sort, more)| {
            let mut pairs = Pairs::new();
            pairs.extend(statuses.into_iter().map(|it| ("status", it.to_owned())));
            pairs.extend(supply.into_iter().map(|it| ("supply", it.to_owned())));
            pairs.extend(channels.into_iter().map(|it| ("channel", it.to_owned())));
            pairs.extend(accounts.into_iter().map(|it| ("account", it.to_owned())));
            if let Some(sort) = sort {
                pairs.push(("sort", sort.to_owned()));
            } else if !due.is_empty() {
                pairs.push(("due", due.join(",")));
            }
            let (from, to) = match (from, to) {
                (Some(from), Some(to)) => (Some(from.min(to)), Some(from.max(to))),
                other => other,
            };
            pairs.extend(from.map(|it| ("from", format!("2026-11-{it}"))));
            pairs.extend(to.map(|it| ("to", format!("2026-11-{it}"))));
            let by_deadline = pairs.iter().any(|it| it.0 == "due");
            pairs.extend(more.into_iter().filter(|it| it.0 != "sort" || !by_deadline));
            pairs
        })
}

/// One or two of the filters that are used less, or none.
fn more() -> impl Strategy<Value = Pairs> {
    proptest::sample::subsequence(MORE.to_vec(), 0..=2).prop_map(|chosen| {
        chosen.into_iter().map(|(name, value)| (name, value.to_owned())).collect()
    })
}

/// The filters that are used less, each with something behind it.
pub const MORE: [(&str, &str); 16] = [
    ("buyer", "business"),
    ("buyer", "consumer"),
    ("country", "FR"),
    ("country", "FR,BE"),
    ("carrier", "Colissimo"),
    ("min", "12.50"),
    ("max", "20"),
    ("action", "refused"),
    ("action", "in_doubt,needs_person"),
    ("action", "queued,sending,confirmed"),
    ("action", "none"),
    ("assigned", "me"),
    ("assigned", "none"),
    ("assigned", "2"),
    ("note", "yes"),
    ("sort", "newest"),
];
