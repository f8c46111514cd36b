//! The ways in which the rules say no.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

use crate::domain::action::InFlight;
use crate::domain::action::cancel::Reason;
use crate::domain::operator::Permission;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::request::Standing;
use crate::domain::tracking_link;

/// Why an action is not on offer. The words for it live in `web::text`. Batches store it as JSON: never rename a
/// variant, only add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Blocked {
    /// The operator's role does not include it.
    #[error("the role lacks the permission {0:?}")]
    Needs(Permission),
    /// Another action for this order is not settled yet.
    #[error("{:?} is {:?}", .0.kind, .0.state)]
    InFlight(InFlight),
    /// The marketplace gave a status that this program does not know.
    #[error("unknown status {0:?}")]
    UnknownStatus(String),
    /// The order is in a status the action does not start from.
    #[error("the order is {}", .actual.as_str())]
    WrongStatus {
        /// The order's status.
        actual: Status,
        /// The statuses the action starts from.
        #[serde(skip)]
        allowed: &'static [Status],
    },
    /// The channel accepts orders by itself.
    #[error("{channel} has no acceptance")]
    NoAcceptance {
        /// The channel's name.
        channel: String,
    },
    /// Somebody else ships the whole order.
    #[error("shipped by {}", .0.as_str())]
    NotOursToShip(SupplyMode),
    /// No line is left to ship.
    #[error("no line is left to ship")]
    NothingToShip,
    /// A line is cancelled already, or about to be: the rest can only go line by line.
    #[error("line {0} is in a cancellation")]
    PartlyCancelled(String),
    /// A warehouse is preparing it, and only what it has shipped can be cancelled.
    #[error("prepared by {}", .0.as_str())]
    WarehouseFirst(SupplyMode),
    /// The channel cancels whole orders only.
    #[error("{channel} cancels whole orders only")]
    NoPartialCancellation {
        /// The channel's name.
        channel: String,
    },
    /// There is one line, so that the whole order is what can be cancelled.
    #[error("there is only one line")]
    OneLineOnly,
    /// No line is left to cancel.
    #[error("no line is left to cancel")]
    NothingToCancel,
    /// The channel allows no gestures.
    #[error("{channel} has no gestures")]
    NoGestures {
        /// The channel's name.
        channel: String,
    },
    /// The channel takes no invoices.
    #[error("{channel} takes no invoices")]
    NoInvoices {
        /// The channel's name.
        channel: String,
    },
}

/// Why an input does not fit an action that is on offer. The form shows it at the field. Parcels are
/// counted from 0. Batches store it as JSON: never rename a variant, only add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum Misfit {
    /// There is no parcel at all.
    #[error("no parcel")]
    NoParcel,
    /// The channel wants everything in one parcel.
    #[error("one parcel only")]
    OneParcelOnly,
    /// No carrier was named.
    #[error("parcel {0} has no carrier")]
    CarrierMissing(usize),
    /// The carrier's name is over 50 characters.
    #[error("parcel {0} has a carrier with too long a name")]
    CarrierTooLong(usize),
    /// No tracking number was given.
    #[error("parcel {0} has no number")]
    NumberMissing(usize),
    /// The tracking number is over 60 characters.
    #[error("parcel {0} has too long a number")]
    NumberTooLong(usize),
    /// The same number stands on an earlier parcel.
    #[error("parcel {0} has the number of another one")]
    NumberTwice(usize),
    /// The marketplace would refuse the link.
    #[error("parcel {0}: the link {1}")]
    Link(usize, tracking_link::Problem),
    /// No line is in the parcel.
    #[error("parcel {0} is empty")]
    EmptyParcel(usize),
    /// The line is unknown, shipped, dead, or not the seller's.
    #[error("line {line} is not to be shipped")]
    LineNotToShip {
        /// Counted from 0.
        parcel: usize,
        /// The line's identifier.
        line: String,
    },
    /// The channel wants a line in one parcel.
    #[error("line {line} is in several parcels")]
    LineInSeveralParcels {
        /// The later parcel, counted from 0.
        parcel: usize,
        /// The line's identifier.
        line: String,
    },
    /// The channel wants all lines at once.
    #[error("line {0} is left out")]
    LineLeftOut(String),
    /// No reason was chosen, for that line or for all.
    #[error("no reason for {0:?}")]
    ReasonMissing(Option<String>),
    /// The marketplace no longer offers the reason.
    #[error("{reason:?} is not offered for {line:?}")]
    ReasonGone {
        /// The line, if it is about one.
        line: Option<String>,
        /// What was chosen.
        reason: Reason,
    },
    /// No line was chosen.
    #[error("no line")]
    NoLine,
    /// The line is unknown, or in a cancellation already.
    #[error("line {0} is not to be cancelled")]
    LineNotToCancel(String),
    /// The reason has to be explained.
    #[error("no details")]
    DetailsMissing,
    /// The explanation is too long.
    #[error("too long details")]
    DetailsTooLong,
    /// No amount above zero.
    #[error("no amount")]
    AmountMissing,
    /// More than two decimals.
    #[error("an amount in fractions of a cent")]
    AmountTooFine,
    /// More than the marketplace allows now.
    #[error("at most {0}")]
    AmountOver(Decimal),
    /// More than the operator's role gives away at a time.
    #[error("the role gives at most {0} at a time")]
    OverCeiling(Decimal),
    /// More than the operator's role still gives away today.
    #[error("the role gives {per_day} a day, of which {left} is left")]
    OverDay {
        /// In one day.
        per_day: Decimal,
        /// What is left of it.
        left: Decimal,
    },
    /// The channel has stopped gestures.
    #[error("no gestures any more")]
    GesturesClosed,
    /// The channel's gestures are in another currency.
    #[error("gestures are in {0}")]
    CurrencyChanged(String),
    /// The same gesture was made before.
    #[error("the same gesture of {amount} was made before")]
    GestureAlready {
        /// How much.
        amount: Decimal,
        /// When, if the marketplace tells.
        at: Option<Timestamp>,
        /// What became of it.
        standing: Standing,
    },
    /// The file has no bytes.
    #[error("the file is empty")]
    FileEmpty,
    /// The file has that many bytes.
    #[error("the file has {0} bytes")]
    FileTooLarge(usize),
}
