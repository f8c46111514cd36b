//! The lines of an order: what was bought, how it is delivered, what was declared as shipped.

use jiff::Timestamp;
use serde::Deserialize;

use crate::octopia::lenient;
use crate::octopia::orders::address::Address;
use crate::octopia::orders::price;
use crate::octopia::orders::price::Total;
use crate::octopia::orders::price::UnitPrice;

/// One line of an order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Line {
    /// Such as `AYGC`; never empty, and unique within the order only.
    #[serde(deserialize_with = "lenient::text_or_empty")]
    pub order_line_id: String,
    /// A status of its own, which may differ from the order's; also `CancelRequest`.
    #[serde(deserialize_with = "lenient::text")]
    pub status: Option<String>,
    /// Pieces.
    #[serde(deserialize_with = "lenient::count")]
    pub quantity: Option<u32>,
    /// The line's totals; whether shipping is in them is disputed.
    #[serde(deserialize_with = "price::total")]
    pub total_price: Option<Total>,
    /// The seller's price, with the commission on it.
    pub offer_price: Option<UnitPrice>,
    /// What the customer paid, after discounts.
    pub selling_price: Option<UnitPrice>,
    /// What was bought.
    pub offer: Option<Offer>,
    /// How it is to be delivered.
    pub delivery: Option<Delivery>,
    /// Missing before `InPreparation`, and on Fulfillment orders until they are shipped.
    pub shipping_address: Option<Address>,
    /// What was declared as shipped.
    #[serde(deserialize_with = "lenient::list")]
    pub parcels: Vec<Parcel>,
}

/// The seller's offer behind a line.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Offer {
    /// The offer's id, needed to cancel single lines.
    #[serde(deserialize_with = "lenient::text")]
    pub id: Option<String>,
    /// The seller's own product number.
    #[serde(deserialize_with = "lenient::text")]
    pub seller_product_id: Option<String>,
    /// `Seller`, `Fulfillment`, `Xdock`, or a word that came later.
    #[serde(deserialize_with = "lenient::text")]
    pub supply_mode: Option<String>,
    /// The marketplace's product number.
    #[serde(deserialize_with = "lenient::text")]
    pub product_id: Option<String>,
    /// As shown to the customer.
    #[serde(deserialize_with = "lenient::text")]
    pub product_title: Option<String>,
    /// Bar code number.
    #[serde(deserialize_with = "lenient::text")]
    pub product_gtin: Option<String>,
    /// Such as `New`.
    #[serde(deserialize_with = "lenient::text")]
    pub condition: Option<String>,
}

/// How a line is to be delivered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Delivery {
    /// Such as `TrackedHomeDelivery`.
    #[serde(deserialize_with = "lenient::text")]
    pub mode: Option<String>,
    /// The earliest delivery promised to the customer.
    #[serde(deserialize_with = "lenient::timestamp")]
    pub promised_at_min: Option<Timestamp>,
    /// The latest delivery promised to the customer.
    #[serde(deserialize_with = "lenient::timestamp")]
    pub promised_at_max: Option<Timestamp>,
    /// The latest moment to ship this line.
    #[serde(deserialize_with = "lenient::timestamp")]
    pub shipped_at_max: Option<Timestamp>,
}

/// A parcel that was declared.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Parcel {
    /// The carrier's tracking number.
    #[serde(deserialize_with = "lenient::text")]
    pub parcel_number: Option<String>,
    /// Free text.
    #[serde(deserialize_with = "lenient::text")]
    pub carrier_name: Option<String>,
    /// From outside: never fetch it, and check it before making a link of it.
    #[serde(deserialize_with = "lenient::text")]
    pub tracking_url: Option<String>,
}
