//! Orders out of a seed: the same seed and start give the same orders, one by one.

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rand::RngExt as _;
use rand::SeedableRng as _;
use rand::seq::IndexedRandom as _;
use rand_pcg::Pcg64Mcg;

use crate::cast::people::COMPANIES;
use crate::cast::people::PEOPLE;
use crate::cast::people::PICKUPS;
use crate::cast::people::PLACES;
use crate::cast::products::PRODUCTS;
use crate::channels::CDISCOUNT;
use crate::channels::CHANNELS;
use crate::channels::Channel;
use crate::life;
use crate::model::Buyer;
use crate::model::Line;
use crate::model::Order;
use crate::model::Status;
use crate::model::SupplyMode;
use crate::past;
use crate::state::Market;

/// Open orders in the proportions of a working day.
const OPEN: [Status; 12] = [
    Status::InPreparation,
    Status::WaitingAcceptance,
    Status::InPreparation,
    Status::Accepted,
    Status::InPreparation,
    Status::CancelRequest,
    Status::InPreparation,
    Status::WaitingAcceptance,
    Status::InPreparation,
    Status::Processing,
    Status::InPreparation,
    Status::InPreparation,
];

/// Orders nobody needs to touch any more.
const CLOSED: [Status; 12] = [
    Status::Shipped,
    Status::Delivered,
    Status::Cancelled,
    Status::Delivered,
    Status::Refused,
    Status::Shipped,
    Status::Delivered,
    Status::Rejected,
    Status::Delivered,
    Status::Shipped,
    Status::Delivered,
    Status::Shipped,
];

/// An independent stream of chance for one purpose.
pub(crate) fn stream(seed: u64, purpose: u64) -> Pcg64Mcg {
    Pcg64Mcg::seed_from_u64(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ purpose.rotate_left(17))
}

/// Fills the market with its past.
pub(crate) fn populate(market: &mut Market, orders: usize, open_percent: u8, now: Timestamp) {
    let percent = usize::from(open_percent.min(100));
    let (mut open, mut closed) = (0, 0);
    for index in 0..orders {
        let is_open = index * percent / 100 != (index + 1) * percent / 100;
        let (table, count) = if is_open { (&OPEN, &mut open) } else { (&CLOSED, &mut closed) };
        let status = table[*count % table.len()];
        *count += 1;
        let mut rng = stream(market.seed, index as u64);
        let Some(seller_index) = seller_for(market, status, &mut rng) else { return };
        let channel = channel_for(status, &mut rng);
        let created_at =
            if is_open { life::recent(&mut rng, now, status) } else { life::past(&mut rng, now) };
        let mut order = build(market, seller_index, channel, created_at, &mut rng);
        life::live(&mut order, status, now, *count, &mut rng);
        let lost = past::lose_a_line(&mut order, now);
        let slot = market.insert(order);
        market.remember(slot, lost, now);
        let since = market.orders[slot].updated_at;
        market.note_wish(slot, since);
        if market.drip || status == Status::WaitingAcceptance {
            market.plan_underway(slot, now);
        }
    }
}

/// An order that a customer places right now.
pub(crate) fn arriving(market: &mut Market, number: u64, at: Timestamp) -> Order {
    let mut rng = stream(market.seed, number);
    let seller_index = rng.random_range(0..market.accounts.len());
    let channel = channel_for(Status::Processing, &mut rng);
    build(market, seller_index, channel, at, &mut rng)
}

/// Sellers that accept by hand have the orders that wait for it; the first has most of the rest.
fn seller_for(market: &Market, status: Status, rng: &mut Pcg64Mcg) -> Option<usize> {
    let by_hand = market.accounts.iter().position(|account| !account.seller.auto_accept);
    match (status, by_hand) {
        (Status::WaitingAcceptance | Status::Refused, Some(index)) => Some(index),
        _ if market.accounts.is_empty() => None,
        _ if rng.random_ratio(2, 5) => Some(rng.random_range(0..market.accounts.len())),
        _ => Some(0),
    }
}

fn channel_for(status: Status, rng: &mut Pcg64Mcg) -> &'static Channel {
    let mostly = rng.random_ratio(3, 5);
    match status {
        Status::WaitingAcceptance | Status::Accepted | Status::Refused => &CDISCOUNT,
        _ if mostly => &CDISCOUNT,
        Status::Processing
        | Status::InPreparation
        | Status::Shipped
        | Status::Delivered
        | Status::Cancelled
        | Status::Rejected
        | Status::CancelRequest => CHANNELS.choose(rng).copied().unwrap_or(&CDISCOUNT),
    }
}

/// A new order in `Processing`, with one to four lines.
pub(crate) fn build(
    market: &Market,
    seller_index: usize,
    channel: &'static Channel,
    created_at: Timestamp,
    rng: &mut Pcg64Mcg,
) -> Order {
    let created_at = life::rounded(created_at, rng);
    let seller = &market.accounts[seller_index].seller;
    let count = [1, 1, 1, 2, 1, 3, 1, 2, 4, 1][rng.random_range(0..10)];
    let mode = match rng.random_range(0..20) {
        0..=15 => SupplyMode::Seller,
        16..=18 => SupplyMode::Fulfillment,
        _ => SupplyMode::Xdock,
    };
    let mut lines: Vec<Line> = (0..count).map(|_| line(mode, rng)).collect();
    if lines.len() > 1 && rng.random_ratio(1, 4) {
        lines[0].supply_mode = SupplyMode::Fulfillment;
    }
    distinguish(&mut lines, rng);
    Order {
        id: order_id(rng, created_at),
        reference: rng.random_ratio(5, 6).then(|| reference(rng, created_at)),
        seller: seller.name.clone(),
        seller_id: seller.seller_id.clone(),
        channel,
        status: Status::Processing,
        created_at,
        updated_at: created_at,
        ship_by: life::on_the_dot(created_at + SignedDuration::from_hours(48)),
        shipped_at: None,
        lines,
        history: vec![(Status::Processing, created_at)],
        seller_index,
        business: false,
        buyer: buyer(channel, rng),
        service_fee: rng.random_ratio(1, 7).then_some(("Paiement en 4 fois", 0)),
        quirks: rng.random_range(0..1_000_000),
    }
    .finished()
}

/// One more line like any other.
pub(crate) fn add_line(order: &mut Order, rng: &mut Pcg64Mcg) {
    order.lines.push(line(SupplyMode::Seller, rng));
    distinguish(&mut order.lines, rng);
}

/// Line ids are unique within an order, and only there.
fn distinguish(lines: &mut [Line], rng: &mut Pcg64Mcg) {
    for index in 1..lines.len() {
        while lines[..index].iter().any(|other| other.id == lines[index].id) {
            lines[index].id = letters(rng, 4, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ");
        }
    }
}

impl Order {
    /// Settles what depends on the other fields.
    fn finished(mut self) -> Self {
        self.business = self.buyer.company.is_some();
        let total: i64 = self.lines.iter().map(Line::paid).sum();
        if let Some((_, amount)) = &mut self.service_fee {
            *amount = total * 22 / 1000;
        }
        self
    }
}

impl Line {
    /// What the customer pays for the line, shipping included, in cents.
    pub(crate) fn paid(&self) -> i64 {
        self.selling_unit * i64::from(self.quantity) + self.shipping
    }
}

fn line(supply_mode: SupplyMode, rng: &mut Pcg64Mcg) -> Line {
    let product = &PRODUCTS[rng.random_range(0..PRODUCTS.len())];
    let discount = [0, 0, 0, 0, 5, 10, 15, 20][rng.random_range(0..8)];
    Line {
        id: letters(rng, 4, b"ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
        status: Status::Processing,
        quantity: [1, 1, 1, 1, 1, 2, 2, 3, 6, 1][rng.random_range(0..10)],
        supply_mode,
        parcels: Vec::new(),
        cancel_asked_by: None,
        product,
        offer_unit: product.price,
        selling_unit: product.price - product.price * discount / 100,
        shipping: [0, 0, 499, 599, 990, 0, 1990][rng.random_range(0..7)],
        delivery: product.delivery,
    }
}

fn buyer(channel: &Channel, rng: &mut Pcg64Mcg) -> Buyer {
    let country = channel.countries.choose(rng).copied().unwrap_or("FR");
    let people: Vec<_> = PEOPLE.iter().filter(|person| person.country == country).collect();
    let places: Vec<_> = PLACES.iter().filter(|place| place.country == country).collect();
    let quirks: u32 = rng.random();
    Buyer {
        person: people.choose(rng).copied().unwrap_or(&PEOPLE[0]),
        place: places.choose(rng).copied().unwrap_or(&PLACES[0]),
        company: native(&COMPANIES, |(_, vat)| vat, country, rng)
            .filter(|_| quirks.is_multiple_of(8)),
        pickup: native(&PICKUPS, |(id, _)| id, country, rng).filter(|_| quirks.is_multiple_of(9)),
        house: rng.random_range(1..220),
        number: rng.random_range(10_000_000..99_999_999),
    }
}

/// An entry whose code begins with the country.
fn native(
    table: &'static [(&'static str, &'static str)],
    code: impl Fn((&'static str, &'static str)) -> &'static str,
    country: &str,
    rng: &mut Pcg64Mcg,
) -> Option<(&'static str, &'static str)> {
    let native: Vec<_> = table.iter().filter(|entry| code(**entry).starts_with(country)).collect();
    native.choose(rng).map(|entry| **entry)
}

/// Sixteen characters such as `2611181120Z44R8C`: when it was bought, then base 32.
pub(crate) fn order_id(rng: &mut Pcg64Mcg, at: Timestamp) -> String {
    let date = at.to_zoned(TimeZone::UTC).strftime("%y%m%d%H%M").to_string();
    date + &letters(rng, 6, b"ABCDEFGHJKMNPQRSTVWXYZ0123456789")
}

fn reference(rng: &mut Pcg64Mcg, at: Timestamp) -> String {
    let date = at.to_zoned(TimeZone::UTC).strftime("%y%m%d%H%M%S").to_string();
    format!("SCID01{date}{}", letters(rng, 4, b"ABCDEFGHJKMNPQRSTVWXYZ0123456789"))
}

pub(crate) fn letters(rng: &mut Pcg64Mcg, count: usize, alphabet: &[u8]) -> String {
    (0..count).map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())])).collect()
}
