//! The marketplace's memory of one order.
//!
//! What never changes (who bought, which product) is kept as references into the sample data, so
//! that a hundred thousand orders stay small; [`crate::wire`] spells it out for each answer.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::cast::Person;
use crate::cast::Place;
use crate::cast::Product;
use crate::channels::Channel;

/// The state of an order or of a line, in the documents' words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Status {
    /// Under review, not ready.
    Processing,
    /// The seller must accept or refuse.
    WaitingAcceptance,
    /// Accepted, in the marketplace's final control.
    Accepted,
    /// Refused by the seller.
    Refused,
    /// To be shipped by the seller, or being prepared by a warehouse.
    InPreparation,
    /// Declared shipped.
    Shipped,
    /// Delivered.
    Delivered,
    /// Cancelled by customer, seller or system.
    Cancelled,
    /// Failed the marketplace's validation.
    Rejected,
    /// A cancellation is asked for and undecided: a state of lines only.
    CancelRequest,
}

impl Status {
    /// Every status, an order's nine first.
    pub const ALL: [Self; 10] = [
        Self::Processing,
        Self::WaitingAcceptance,
        Self::Accepted,
        Self::Refused,
        Self::InPreparation,
        Self::Shipped,
        Self::Delivered,
        Self::Cancelled,
        Self::Rejected,
        Self::CancelRequest,
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Processing => "Processing",
            Self::WaitingAcceptance => "WaitingAcceptance",
            Self::Accepted => "Accepted",
            Self::Refused => "Refused",
            Self::InPreparation => "InPreparation",
            Self::Shipped => "Shipped",
            Self::Delivered => "Delivered",
            Self::Cancelled => "Cancelled",
            Self::Rejected => "Rejected",
            Self::CancelRequest => "CancelRequest",
        }
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Status {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        Self::ALL.into_iter().find(|status| status.as_str() == word).ok_or(Unknown)
    }
}

/// A word that the documents do not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unknown;

/// Who stores and ships a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SupplyMode {
    /// The seller.
    Seller,
    /// A warehouse connected to the platform.
    Fulfillment,
    /// An intermediary warehouse of the sales channel.
    Xdock,
}

impl SupplyMode {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Seller => "Seller",
            Self::Fulfillment => "Fulfillment",
            Self::Xdock => "Xdock",
        }
    }
}

impl FromStr for SupplyMode {
    type Err = Unknown;

    fn from_str(word: &str) -> Result<Self, Unknown> {
        let all = [Self::Seller, Self::Fulfillment, Self::Xdock];
        all.into_iter().find(|mode| mode.as_str() == word).ok_or(Unknown)
    }
}

/// Who did something to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Party {
    /// A client of the API.
    Api,
    /// The seller's staff in the marketplace's own portal.
    Portal,
    /// The customer.
    Customer,
    /// The sales channel's customer service.
    Operator,
    /// The marketplace itself, a warehouse included.
    System,
}

impl Party {
    /// The word that `/_sim/ledger` uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Portal => "portal",
            Self::Customer => "customer",
            Self::Operator => "operator",
            Self::System => "system",
        }
    }
}

/// An order as the marketplace knows it.
#[derive(Clone, Debug)]
pub struct Order {
    /// The platform's order id, sixteen characters.
    pub id: String,
    /// The sales channel's own reference; often absent.
    pub reference: Option<String>,
    /// The seller's short name.
    pub seller: String,
    /// The seller's id on the platform.
    pub seller_id: String,
    /// Where it was sold.
    pub channel: &'static Channel,
    /// Its state.
    pub status: Status,
    /// When the customer bought.
    pub created_at: Timestamp,
    /// The last change; grows with every one.
    pub updated_at: Timestamp,
    /// The latest shipping date the seller promised.
    pub ship_by: Timestamp,
    /// When it was shipped as a whole.
    pub shipped_at: Option<Timestamp>,
    /// What was bought.
    pub lines: Vec<Line>,
    /// Every status it had, oldest first.
    pub history: Vec<(Status, Timestamp)>,
    pub(crate) seller_index: usize,
    pub(crate) business: bool,
    pub(crate) buyer: Buyer,
    pub(crate) service_fee: Option<(&'static str, i64)>,
    pub(crate) quirks: u32,
}

impl Order {
    /// Whether the address has ever been shown to the seller.
    pub(crate) fn was_prepared(&self) -> bool {
        self.history.iter().any(|(status, _)| *status == Status::InPreparation)
    }

    /// All parcels declared so far, without repeats.
    pub fn parcels(&self) -> Vec<&Parcel> {
        let mut parcels: Vec<&Parcel> = Vec::new();
        for parcel in self.lines.iter().flat_map(|line| &line.parcels) {
            if !parcels.iter().any(|known| known.number == parcel.number) {
                parcels.push(parcel);
            }
        }
        parcels
    }
}

/// Who bought, and where it goes.
#[derive(Clone, Debug)]
pub(crate) struct Buyer {
    pub(crate) person: &'static Person,
    pub(crate) place: &'static Place,
    pub(crate) company: Option<(&'static str, &'static str)>,
    pub(crate) pickup: Option<(&'static str, &'static str)>,
    pub(crate) house: u16,
    pub(crate) number: u32,
}

/// One line of an order; money is in cents of the channel's currency.
#[derive(Clone, Debug)]
pub struct Line {
    /// Four characters, unique within the order only.
    pub id: String,
    /// Its own state, which may differ from the order's.
    pub status: Status,
    /// How many pieces.
    pub quantity: u32,
    /// Who ships it.
    pub supply_mode: SupplyMode,
    /// The parcels it is in.
    pub parcels: Vec<Parcel>,
    /// Who asked for the cancellation when the status is `CancelRequest`.
    pub cancel_asked_by: Option<Party>,
    pub(crate) product: &'static Product,
    pub(crate) offer_unit: i64,
    pub(crate) selling_unit: i64,
    pub(crate) shipping: i64,
    pub(crate) delivery: &'static str,
}

/// A declared parcel.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parcel {
    /// The tracking number.
    pub number: String,
    /// The carrier in free text.
    pub carrier: String,
    /// The public tracking page.
    pub url: Option<String>,
}

/// Something that really happened at the marketplace.
///
/// | kind | what happened | in the body |
/// |---|---|---|
/// | `approval` | accepted or refused | `approval_status` |
/// | `shipment` | parcels declared | the parcels |
/// | `status` | the order moved by itself | `status` |
/// | `cancellation_request` | a request was taken in | `requestId`, `lines` |
/// | `cancellation` | lines really were cancelled | `requestId`, `lines`, `status` of the order |
/// | `cancellation_rejected` | a request was rejected on review | `requestId`, `errors` |
/// | `cancellation_denied` | the same for a customer's wish | `requestId`, `errors` |
/// | `gesture_request` | a request was taken in | `requestId`, `amount`, `currency`, `reason` |
/// | `gesture` | the money really was given | as above |
/// | `gesture_rejected` | a request was rejected on review | as above, `errors` |
/// | `invoice_request` | a file was taken in | `importId`, `fileName` |
/// | `invoice` | the file is the order's invoice now | as above |
/// | `invoice_rejected` | the file was rejected on review | as above, `errors` |
///
/// A request counts for whoever made it, and so does what comes of it; a rejection is the system's.
#[derive(Clone, Debug)]
pub struct Effect {
    /// The order it happened to.
    pub order_id: String,
    /// One of the kinds above.
    pub kind: &'static str,
    /// Who caused it.
    pub by: Party,
    /// What was asked, or what came out of it.
    pub body: serde_json::Value,
    /// When, by the simulated clock.
    pub at: Timestamp,
}
