//! Sales channels and what each of them allows.
//!
//! Only Cdiscount's rules are documented ("Orders Management": one parcel per complete order,
//! approval only there; the changelog: invoices); the others are made up to cover every
//! combination a client must bear, and so are all limits of gestures.

/// A sales channel and its own rules.
#[derive(Debug, PartialEq, Eq)]
#[expect(clippy::struct_excessive_bools, reason = "each is one rule a channel may have or not")]
pub struct Channel {
    /// The `salesChannelId`.
    pub id: &'static str,
    /// Its public name.
    pub name: &'static str,
    /// ISO 4217 code of its prices.
    pub currency: &'static str,
    /// Whether sellers accept or refuse its orders.
    pub approval: bool,
    /// Whether order lines may be shipped at different times.
    pub partial_shipment: bool,
    /// Whether an order may leave in several parcels.
    pub several_parcels: bool,
    /// Whether one line may be spread over several parcels.
    pub split_lines: bool,
    /// Whether a line may be shipped after the customer asked for its cancellation.
    pub ships_cancel_requests: bool,
    /// Whether single lines may be cancelled.
    pub partial_cancellation: bool,
    /// How much a seller may give; `None` forbids gestures.
    pub gesture: Option<GestureLimit>,
    /// Whether sellers may upload invoices.
    pub invoices: bool,
    /// Where its customers live; an entry may repeat to weigh more.
    pub(crate) countries: &'static [&'static str],
}

/// The most that commercial gestures may come to, per order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GestureLimit {
    /// Percent of the order's amount.
    pub rate: u32,
    /// Cents of the channel's currency.
    pub max: i64,
}

pub(crate) static CDISCOUNT: Channel = Channel {
    id: "CDISFR",
    name: "Cdiscount",
    currency: "EUR",
    approval: true,
    partial_shipment: false,
    several_parcels: false,
    split_lines: false,
    ships_cancel_requests: true,
    partial_cancellation: false,
    gesture: Some(GestureLimit { rate: 20, max: 5_000 }),
    invoices: true,
    countries: &["FR", "FR", "FR", "FR", "FR", "FR", "FR", "FR", "BE", "LU"],
};

pub(crate) static WORTEN: Channel = Channel {
    id: "WRTES",
    name: "Worten España",
    currency: "EUR",
    approval: false,
    partial_shipment: true,
    several_parcels: true,
    split_lines: true,
    ships_cancel_requests: false,
    partial_cancellation: true,
    gesture: Some(GestureLimit { rate: 10, max: 3_000 }),
    invoices: true,
    countries: &["ES", "ES", "ES", "PT"],
};

pub(crate) static RAKUTEN: Channel = Channel {
    id: "RAKFR",
    name: "Rakuten",
    currency: "EUR",
    approval: false,
    partial_shipment: false,
    several_parcels: true,
    split_lines: false,
    ships_cancel_requests: false,
    partial_cancellation: false,
    gesture: None,
    invoices: false,
    countries: &["FR", "FR", "FR", "BE", "DE"],
};

pub(crate) static EMPIK: Channel = Channel {
    id: "EMPPL",
    name: "Empik",
    currency: "PLN",
    approval: false,
    partial_shipment: true,
    several_parcels: true,
    split_lines: false,
    ships_cancel_requests: false,
    partial_cancellation: true,
    gesture: Some(GestureLimit { rate: 15, max: 10_000 }),
    invoices: false,
    countries: &["PL"],
};

/// Every channel of the simulated network.
pub static CHANNELS: [&Channel; 4] = [&CDISCOUNT, &WORTEN, &RAKUTEN, &EMPIK];

/// The channel with this id.
pub fn channel(id: &str) -> Option<&'static Channel> {
    CHANNELS.into_iter().find(|channel| channel.id == id)
}
