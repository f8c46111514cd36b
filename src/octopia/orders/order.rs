//! The order as the API writes it (<https://developer.octopia-io.net/api-reference/orders-management>).
//!
//! Fields that we do not use are ignored; the raw text keeps them. Statuses, supply modes and
//! delivery modes are plain text: new words may come at any time, and `sync` decides what they mean.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Deserializer;

use crate::octopia::lenient;
use crate::octopia::orders::address::Address;
use crate::octopia::orders::line::Line;
use crate::octopia::orders::price;
use crate::octopia::orders::price::Total;

/// One order. Everything but its id, its status and the ids of its lines may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Order {
    /// Opaque, such as `SCID01210525142759UT8E`; never empty.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub order_id: String,
    /// The marketplace's word, such as `InPreparation`; never empty.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub status: String,
    /// The sales channel's own number of the order.
    #[serde(deserialize_with = "lenient::text")]
    pub reference: Option<String>,
    /// Whether a business bought it.
    #[serde(deserialize_with = "lenient::boolean")]
    pub business_order: Option<bool>,
    /// Where it was sold.
    pub sales_channel: Option<SalesChannel>,
    /// The seller's id, from `seller.id`.
    #[serde(rename = "seller", deserialize_with = "id_of")]
    pub seller_id: Option<String>,
    /// The anonymous number of the buyer, from `customer.reference`.
    #[serde(rename = "customer", deserialize_with = "reference_of")]
    pub customer_reference: Option<String>,
    /// When the customer bought; sometimes missing where `created_at` is there.
    #[serde(deserialize_with = "lenient::timestamp")]
    pub purchased_at: Option<Timestamp>,
    /// When the marketplace made the order.
    #[serde(deserialize_with = "lenient::timestamp")]
    pub created_at: Option<Timestamp>,
    /// The last change at the marketplace.
    #[serde(deserialize_with = "lenient::timestamp")]
    pub updated_at: Option<Timestamp>,
    /// The latest moment to ship.
    #[serde(deserialize_with = "lenient::timestamp")]
    pub shipped_at_max: Option<Timestamp>,
    /// Such as `Card`, from `payment.method`.
    #[serde(rename = "payment", deserialize_with = "method_of")]
    pub payment_method: Option<String>,
    /// ISO 4217.
    #[serde(deserialize_with = "lenient::text")]
    pub currency_code: Option<String>,
    /// Without phone and e-mail.
    pub billing_address: Option<Address>,
    /// Not documented on the order; the documented one is on each line.
    pub shipping_address: Option<Address>,
    /// What the customer paid in all, VAT and shipping included, and what the offers came to.
    #[serde(deserialize_with = "price::total")]
    pub total_price: Option<Total>,
    /// What was bought.
    #[serde(deserialize_with = "lenient::list")]
    pub lines: Vec<Line>,
    /// Charged to the customer, and kept by the marketplace.
    #[serde(deserialize_with = "lenient::list")]
    pub service_fees: Vec<ServiceFee>,
    /// Read by one client; the documented one is on each line's offer.
    #[serde(deserialize_with = "lenient::text")]
    pub supply_mode: Option<String>,
}

/// Where an order was sold.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct SalesChannel {
    /// Such as `CDISFR`.
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// Such as `Cdiscount`.
    #[serde(deserialize_with = "lenient::text")]
    pub name: Option<String>,
}

/// A fee on top of the goods.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct ServiceFee {
    /// What it is for.
    #[serde(deserialize_with = "lenient::text")]
    pub label: Option<String>,
    /// In the order's currency.
    #[serde(deserialize_with = "lenient::decimal")]
    pub amount: Option<Decimal>,
}

impl Order {
    /// Reads one order; the error names the place and the cause, never a value.
    pub(super) fn read(json: &str) -> Result<Self, String> {
        let order: Self =
            lenient::decode(json).map_err(|(path, cause)| format!("{path}: {cause}"))?;
        if order.order_id.is_empty() {
            return Err("orderId: missing".to_owned());
        }
        if order.status.is_empty() {
            return Err("status: missing".to_owned());
        }
        match order.lines.iter().position(|line| line.order_line_id.is_empty()) {
            Some(index) => Err(format!("lines[{index}].orderLineId: missing")),
            None => Ok(order),
        }
    }
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Party {
    #[serde(deserialize_with = "lenient::text")]
    id: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    reference: Option<String>,
    #[serde(deserialize_with = "lenient::text")]
    method: Option<String>,
}

fn party<'de, D: Deserializer<'de>>(from: D) -> Result<Party, D::Error> {
    Ok(Option::deserialize(from)?.unwrap_or_default())
}

fn id_of<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(party(from)?.id)
}

fn reference_of<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(party(from)?.reference)
}

fn method_of<'de, D: Deserializer<'de>>(from: D) -> Result<Option<String>, D::Error> {
    Ok(party(from)?.method)
}
