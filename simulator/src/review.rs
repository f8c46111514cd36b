//! What the requests of clients have in common: they are answered at once and reviewed later.

use jiff::SignedDuration;
use jiff::Timestamp;
use rand::RngExt as _;
use serde::Deserialize;

use crate::model::Party;
use crate::state::Market;

/// How long a review takes; the documents only say "asynchronous".
pub(crate) const REVIEW: SignedDuration = SignedDuration::from_mins(5);

/// Where a request stands: the words of the documents for gestures, taken for cancellations too.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Progress {
    /// Taken in, undecided.
    InProgress,
    /// What was asked has happened.
    Done,
    /// It will not happen.
    Rejected,
}

impl Progress {
    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::InProgress => "InProgress",
            Self::Done => "Done",
            Self::Rejected => "Rejected",
        }
    }
}

/// What is reviewed after it was answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Review {
    /// Cancellation requests, whole and partial.
    Cancellation,
    /// Commercial gestures.
    Gesture,
    /// Uploaded invoices.
    Invoice,
}

/// A rejection on demand, for the next request that is reviewed.
#[derive(Clone, Debug)]
pub(crate) struct Rejection {
    pub(crate) kind: Review,
    /// Only a request about this order.
    pub(crate) order: Option<String>,
    pub(crate) words: String,
}

/// Who is shown as the one who asked.
pub(crate) fn user_type(by: Party) -> &'static str {
    match by {
        Party::Api | Party::Portal => "Seller",
        Party::Customer => "Customer",
        Party::Operator => "GrcOperator",
        Party::System => "Automatic",
    }
}

impl Market {
    /// The words of the rejection that was ordered for this request; each is used once.
    pub(crate) fn ordered_rejection(&mut self, kind: Review, order_id: &str) -> Option<String> {
        let meant = |rejection: &Rejection| {
            rejection.kind == kind && rejection.order.as_ref().is_none_or(|id| id == order_id)
        };
        let index = self.rejections.iter().position(meant)?;
        Some(self.rejections.remove(index).words)
    }

    /// An id for a request: opaque, like every id of the platform.
    pub(crate) fn request_id(&mut self) -> String {
        hex_id(self.rng.random())
    }

    /// The moment that reads show: everything later is not visible to them yet.
    pub(crate) fn visible(&self, now: Timestamp) -> Timestamp {
        now.saturating_sub(self.readings.read_lag).unwrap_or(now)
    }
}

/// 128 bits in the form of a UUID.
pub(crate) fn hex_id(bits: u128) -> String {
    let hex = format!("{bits:032x}");
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}
