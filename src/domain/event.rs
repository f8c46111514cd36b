//! What can be said to have happened to an order.

use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;

use crate::domain::action::Action;
use crate::domain::delivery::Refusal;
use crate::domain::delivery::State;
use crate::domain::request::Request;

/// Who did it. Never merged: an operator must be able to tell a colleague from the marketplace.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Actor {
    /// A person of the team.
    Person,
    /// The marketplace, a customer, or a colleague in its own portal.
    Marketplace,
    /// This program.
    Comptoir,
}

impl Actor {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Person => "person",
            Self::Marketplace => "marketplace",
            Self::Comptoir => "comptoir",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Person, Self::Marketplace, Self::Comptoir].into_iter().find(|it| it.as_str() == word)
    }
}

/// What happened. Statuses are the marketplace's words.
///
/// The JSON of this type is stored for good: never rename a variant or a field, only add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum Event {
    /// The order went from one status to another.
    StatusChanged {
        /// Before.
        from: String,
        /// After.
        to: String,
    },
    /// A line went its own way.
    LineChanged {
        /// The line's identifier.
        line: String,
        /// Before.
        from: String,
        /// After.
        to: String,
    },
    /// The marketplace moved the deadline.
    DeadlineMoved {
        /// Before.
        from: Option<Timestamp>,
        /// After.
        to: Option<Timestamp>,
    },
    /// A parcel appeared at the marketplace.
    ParcelSeen {
        /// The tracking number.
        number: String,
        /// The carrier's name.
        carrier: String,
    },
    /// A person promised an action to the marketplace.
    Promised {
        /// With its input.
        action: Action,
    },
    /// The promise entered another state.
    Delivery {
        /// Which one.
        state: State,
        /// Why it will not happen.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refusal: Option<Refusal>,
    },
    /// A cancellation, a gesture or an invoice appeared at the marketplace.
    RequestSeen {
        /// As it was then.
        request: Request,
    },
    /// The marketplace decided about one.
    RequestDecided {
        /// As it is since.
        request: Request,
    },
    /// A person decided what nobody could find out.
    Decided {
        /// "It was done", or "it was not".
        done: bool,
    },
    /// A person closed the parcels, or opened them again. The marketplace is told nothing of it.
    Packed {
        /// Closed, not opened.
        packed: bool,
    },
    /// A person wrote an internal note. What it says is not here.
    NoteWritten,
    /// A person gave the order to somebody to look after, or to nobody.
    Assigned {
        /// To whom.
        user: Option<i64>,
    },
    /// A person took over an order that a colleague had open.
    TakenOver {
        /// From whom.
        user: i64,
    },
}
