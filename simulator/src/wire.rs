//! An order as JSON: the simulator's own reading of the `Order` schema.
//!
//! Per order the forms differ on purpose, as clients have met them: dates with `Z` or an offset and
//! zero to seven digits, prices as numbers or as text, empty fields as null or left out.

use jiff::Timestamp;
use jiff::tz::Offset;
use serde::Serialize;
use serde_json::Value;
use serde_json::json;

use crate::model::Order;
use crate::model::Status;
use crate::readings::Readings;

mod address;
mod lines;

pub(crate) use address::Address;
pub(crate) use lines::WireLine;

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct WireOrder<'a> {
    order_id: &'a str,
    reference: Option<&'a str>,
    business_order: bool,
    sales_channel: Named<'a>,
    seller: Identified<'a>,
    customer: Customer,
    #[serde(skip_serializing_if = "Option::is_none")]
    purchased_at: Option<String>,
    created_at: String,
    updated_at: String,
    shipped_at_max: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    shipped_at: Option<String>,
    status: &'static str,
    payment: Payment,
    currency_code: &'static str,
    billing_address: Address<'a>,
    total_price: Prices,
    lines: Vec<WireLine<'a>>,
    service_fees: Vec<Fee>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    status_events: Vec<Event>,
}

#[derive(Serialize)]
struct Named<'a> {
    id: &'a str,
    name: &'a str,
}

#[derive(Serialize)]
struct Identified<'a> {
    id: &'a str,
}

#[derive(Serialize)]
struct Customer {
    reference: String,
}

#[derive(Serialize)]
struct Payment {
    method: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Prices {
    pub(crate) offer_price: Value,
    pub(crate) selling_price: Value,
}

#[derive(Serialize)]
struct Fee {
    label: &'static str,
    amount: Value,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    status: &'static str,
    created_at: String,
}

/// Writes an order's JSON at the end of a buffer.
pub(crate) fn write(order: &Order, readings: Readings, out: &mut Vec<u8>) {
    let written = serde_json::to_writer(out, &spelled(order, readings));
    debug_assert!(written.is_ok(), "an order has only string keys and finite numbers");
}

fn spelled(order: &Order, readings: Readings) -> WireOrder<'_> {
    let style = Style { quirks: order.quirks, readings };
    let channel = order.channel;
    let offered: i64 = order.lines.iter().map(crate::model::Line::offered).sum();
    let paid: i64 = order.lines.iter().map(crate::model::Line::paid).sum();
    let fee = order.service_fee.map(|(label, cents)| Fee { label, amount: style.money(cents) });
    WireOrder {
        order_id: &order.id,
        reference: order.reference.as_deref(),
        business_order: order.business,
        sales_channel: Named { id: channel.id, name: channel.name },
        seller: Identified { id: &order.seller_id },
        customer: Customer { reference: format!("C{}", order.buyer.number) },
        purchased_at: (!style.odd(7)).then(|| style.date(order.created_at)),
        created_at: style.date(order.created_at),
        updated_at: style.date(order.updated_at),
        shipped_at_max: style.date(order.ship_by),
        shipped_at: order.shipped_at.map(|at| style.date(at)),
        status: order.status.as_str(),
        payment: Payment { method: if style.odd(3) { "Paypal" } else { "Card" } },
        currency_code: channel.currency,
        billing_address: Address::billing(order),
        total_price: Prices { offer_price: style.money(offered), selling_price: style.money(paid) },
        lines: order.lines.iter().map(|line| WireLine::of(order, line, style)).collect(),
        service_fees: fee.into_iter().collect(),
        status_events: if style.odd(2) { events(order, style) } else { Vec::new() },
    }
}

fn events(order: &Order, style: Style) -> Vec<Event> {
    let event = |(status, at): &(Status, Timestamp)| Event {
        status: status.as_str(),
        created_at: style.date(*at),
    };
    order.history.iter().map(event).collect()
}

/// How one order spells dates and numbers.
#[derive(Clone, Copy)]
pub(crate) struct Style {
    quirks: u32,
    pub(crate) readings: Readings,
}

impl Style {
    /// True for one order in `every`.
    pub(crate) fn odd(self, every: u32) -> bool {
        self.quirks.is_multiple_of(every)
    }

    pub(crate) fn date(self, at: Timestamp) -> String {
        match self.quirks % 16 {
            0..=9 => at.to_string(),
            10..=14 => at.display_with_offset(Offset::UTC).to_string(),
            _ => at.display_with_offset(Offset::constant(1)).to_string(),
        }
    }

    /// Cents as a decimal number, or as its text for one order in eleven.
    pub(crate) fn money(self, cents: i64) -> Value {
        if self.odd(11) { Value::String(decimal(cents)) } else { amount(cents) }
    }
}

fn decimal(cents: i64) -> String {
    format!("{}{}.{:02}", sign(cents), cents.abs() / 100, cents.abs() % 100)
}

/// Cents as a JSON number.
pub(crate) fn amount(cents: i64) -> Value {
    decimal(cents).parse().map_or(Value::Null, |number: f64| json!(number))
}

/// A decimal number with at most two decimals and no sign, as cents.
pub(crate) fn cents(text: &str) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if fraction.len() > 2 || !digits(fraction) || !digits(whole) {
        return None;
    }
    let whole: i64 = whole.parse().ok()?;
    let fraction: i64 = format!("{fraction:0<2}").parse().ok()?;
    whole.checked_mul(100)?.checked_add(fraction)
}

fn sign(cents: i64) -> &'static str {
    if cents < 0 { "-" } else { "" }
}
