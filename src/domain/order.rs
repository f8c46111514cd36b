//! An order as the marketplace last described it, as far as the staff are concerned.

use std::fmt;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::{Deserialize, Serialize};

use crate::domain::address::Address;

/// The key of a seller account: a short word of the deployer's (`maison`), part of the pages' addresses.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct AccountId(pub String);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// Where the marketplace says an order or a line stands (`octopia-contract` 9.1 and 9.2).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum Status {
    /// Under review at the marketplace.
    Processing,
    /// The seller must accept or refuse, on Cdiscount only.
    WaitingAcceptance,
    /// Accepted; the marketplace makes its final controls.
    Accepted,
    /// To be shipped by the seller, or prepared by the warehouse, depending on the supply mode.
    InPreparation,
    /// Declared shipped.
    Shipped,
    /// Delivered; not every carrier reports it.
    Delivered,
    /// Somebody asked for a cancellation that is not decided yet.
    CancelRequest,
    /// Cancelled or refunded.
    Cancelled,
    /// Refused by the seller.
    Refused,
    /// The marketplace's controls failed.
    Rejected,
    /// A word this program does not know: kept, shown as it is, and no action starts from it.
    Other(String),
}

impl Status {
    /// Every status that is known, in the order of an order's life.
    pub const KNOWN: [Self; 10] = [
        Self::Processing,
        Self::WaitingAcceptance,
        Self::Accepted,
        Self::InPreparation,
        Self::Shipped,
        Self::Delivered,
        Self::CancelRequest,
        Self::Cancelled,
        Self::Refused,
        Self::Rejected,
    ];

    /// The marketplace's word, which is also ours in the database.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Processing => "Processing",
            Self::WaitingAcceptance => "WaitingAcceptance",
            Self::Accepted => "Accepted",
            Self::InPreparation => "InPreparation",
            Self::Shipped => "Shipped",
            Self::Delivered => "Delivered",
            Self::CancelRequest => "CancelRequest",
            Self::Cancelled => "Cancelled",
            Self::Refused => "Refused",
            Self::Rejected => "Rejected",
            Self::Other(word) => word,
        }
    }

    /// The inverse of [`Self::as_str`], for any word.
    pub fn parse(word: &str) -> Self {
        let known = Self::KNOWN.into_iter().find(|it| it.as_str() == word);
        known.unwrap_or_else(|| Self::Other(word.to_owned()))
    }

    /// Whether nothing more is expected to happen before the order is shipped or dead.
    pub const fn is_closed(&self) -> bool {
        match self {
            Self::Shipped | Self::Delivered | Self::Cancelled | Self::Refused | Self::Rejected => {
                true
            }
            Self::Processing
            | Self::WaitingAcceptance
            | Self::Accepted
            | Self::InPreparation
            | Self::CancelRequest
            | Self::Other(_) => false,
        }
    }
}

impl From<String> for Status {
    fn from(word: String) -> Self {
        Self::parse(&word)
    }
}

impl From<Status> for String {
    fn from(status: Status) -> Self {
        status.as_str().to_owned()
    }
}

/// Who keeps and ships the goods (`octopia-contract` 9.3).
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub enum SupplyMode {
    /// The seller, that is: this team.
    Seller,
    /// Octopia Fulfillment.
    Fulfillment,
    /// A cross-dock.
    Xdock,
    /// A word this program does not know.
    Other(String),
}

impl SupplyMode {
    /// The modes that are known.
    pub const KNOWN: [Self; 3] = [Self::Seller, Self::Fulfillment, Self::Xdock];

    /// The marketplace's word.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Seller => "Seller",
            Self::Fulfillment => "Fulfillment",
            Self::Xdock => "Xdock",
            Self::Other(word) => word,
        }
    }

    /// The inverse of [`Self::as_str`], for any word.
    pub fn parse(word: &str) -> Self {
        let known = Self::KNOWN.into_iter().find(|it| it.as_str() == word);
        known.unwrap_or_else(|| Self::Other(word.to_owned()))
    }
}

impl From<String> for SupplyMode {
    fn from(word: String) -> Self {
        Self::parse(&word)
    }
}

impl From<SupplyMode> for String {
    fn from(mode: SupplyMode) -> Self {
        mode.as_str().to_owned()
    }
}

/// One customer's purchase.
#[derive(Debug, Clone, PartialEq)]
pub struct Order {
    /// The marketplace's identifier, `orderId`.
    pub id: String,
    /// The sales channel's own reference.
    pub reference: Option<String>,
    /// The sales channel's identifier, `CDISFR` for Cdiscount.
    pub channel_id: String,
    /// The sales channel's name, in the marketplace's words.
    pub channel_name: String,
    /// A business order (B2B).
    pub business: bool,
    /// Where the marketplace says the order stands.
    pub status: Status,
    /// The anonymous customer.
    pub customer_reference: Option<String>,
    /// How the customer paid, in the marketplace's words.
    pub payment_method: Option<String>,
    /// When the marketplace made the order.
    pub created_at: Timestamp,
    /// When the marketplace last changed it.
    pub updated_at: Timestamp,
    /// After this instant the shipment is late, `shippedAtMax`.
    pub ship_by: Option<Timestamp>,
    /// The amounts.
    pub amounts: Amounts,
    /// Where the bill goes.
    pub billing: Option<Address>,
    /// Where the parcel goes: the first line's that tells. Absent while the marketplace hides it.
    pub shipping: Option<Address>,
    /// Its parts.
    pub lines: Vec<Line>,
    /// The parcels the marketplace knows of.
    pub parcels: Vec<Parcel>,
}

/// What the whole order costs, VAT included.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Amounts {
    /// ISO 4217.
    pub currency: String,
    /// What the customer paid, `totalPrice.sellingPrice`.
    pub selling_total: Decimal,
    /// The same at the seller's prices, before discounts, `totalPrice.offerPrice`.
    pub offer_total: Option<Decimal>,
    /// Charged to the customer, then kept by the channel.
    pub service_fees: Vec<ServiceFee>,
}

/// A fee such as payment in installments.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ServiceFee {
    /// The channel's words.
    pub label: String,
    /// In the order's currency.
    pub amount: Decimal,
}

/// A part of an order: one offer, some pieces.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// The marketplace's identifier, unique within the order.
    pub id: String,
    /// A line may stand elsewhere than its order.
    pub status: Status,
    /// Who ships it.
    pub supply_mode: SupplyMode,
    /// Pieces.
    pub quantity: i32,
    /// The offer's identifier.
    pub offer_id: Option<String>,
    /// The seller's own product code (SKU).
    pub sku: Option<String>,
    /// What the customer read.
    pub title: String,
    /// The bar code number.
    pub gtin: Option<String>,
    /// The product's condition, in the marketplace's words.
    pub condition: Option<String>,
    /// The seller's price of one piece.
    pub offer_unit_price: Option<Decimal>,
    /// What the customer paid for one piece.
    pub selling_unit_price: Option<Decimal>,
    /// What the customer paid for shipping this line.
    pub shipping_cost: Option<Decimal>,
    /// The marketplace's commission on the whole line, without VAT.
    pub commission: Option<Decimal>,
    /// The commission's rate in percent: 8 for `800` on the wire.
    pub commission_rate: Option<Decimal>,
    /// The VAT rate that the offer declares, in percent.
    pub vat_rate: Option<Decimal>,
    /// The delivery mode's label, such as `TrackedHomeDelivery`.
    pub delivery_mode: Option<String>,
    /// The first day promised to the customer.
    pub promised_from: Option<Timestamp>,
    /// The last day promised to the customer.
    pub promised_to: Option<Timestamp>,
}

/// A parcel that the marketplace knows of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Parcel {
    /// The tracking number.
    pub number: String,
    /// The carrier's name.
    pub carrier: String,
    /// Where the customer follows it. Text from the outside: never a link before
    /// [`crate::domain::tracking_link::check`] agreed.
    pub tracking_url: Option<String>,
    /// The lines in it.
    pub line_ids: Vec<String>,
}

impl Order {
    /// Who ships the order: the seller as soon as one line is the seller's to ship.
    pub fn supply_mode(&self) -> SupplyMode {
        let mut modes = self.lines.iter().map(|line| &line.supply_mode);
        if modes.clone().any(|mode| *mode == SupplyMode::Seller) {
            return SupplyMode::Seller;
        }
        modes.next().cloned().unwrap_or_else(|| SupplyMode::Other(String::new()))
    }

    /// The line of that identifier.
    pub fn line(&self, id: &str) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == id)
    }
}
