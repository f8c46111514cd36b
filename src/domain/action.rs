//! What an operator may do to an order, when, and why not.

pub mod approval;
pub mod ship;

use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;

use crate::domain::channel::Channel;
use crate::domain::delivery::Reading;
use crate::domain::delivery::State;
use crate::domain::operator::Permission;
use crate::domain::operator::Role;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::tracking_link;

pub use ship::Ship;

/// The actions, without their inputs. Buttons appear in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionKind {
    /// Say yes to an order that waits for it.
    Accept,
    /// Say no to it.
    Refuse,
    /// Declare the parcels.
    Ship,
}

/// An action with the operator's input: what a form parses into and what a promise stores.
///
/// The JSON of this type is a promise to ourselves: never rename a variant or a field, only add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Action {
    /// See [`approval`].
    Accept,
    /// See [`approval`].
    Refuse,
    /// See [`Ship`].
    Ship(Ship),
}

/// All that the rules may look at. A new rule that needs a new fact adds a field here.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The order as the marketplace last described it.
    pub order: &'a Order,
    /// The channel it was sold on.
    pub channel: &'a Channel,
    /// What the operator is.
    pub role: Role,
    /// The promise that is under way for this order, if any.
    pub in_flight: Option<&'a InFlight>,
    /// The present.
    pub now: Timestamp,
}

/// An action that has been promised to the marketplace and is not settled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InFlight {
    /// What was promised.
    pub kind: ActionKind,
    /// Where the promise stands.
    pub state: State,
    /// Who promised it.
    pub by: String,
    /// When.
    pub since: Timestamp,
}

/// An action's rules.
#[derive(Debug)]
pub struct Spec {
    /// What the operator must be allowed to do.
    pub permission: Permission,
    /// The action makes sense only for orders in one of these statuses.
    pub allowed_from: &'static [Status],
    /// What is true of the order for good, and makes its status irrelevant: its channel, who ships it.
    nature: fn(&Facts<'_>) -> Result<(), Blocked>,
    /// What neither its nature nor its status can tell.
    guard: fn(&Facts<'_>) -> Result<(), Blocked>,
    /// Whether the action may be sent again after an unknown outcome and two reads without its effect:
    /// only where the marketplace itself refuses a second one (`reliability` 6.5).
    pub guarded_remotely: bool,
}

/// Why an action is not on offer. The words for it live in `web::text`.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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
}

/// Why an input does not fit an action that is on offer. The form shows it at the field. Parcels are
/// counted from 0.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
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
}

/// An action as the order page shows it: offered, or explained.
#[derive(Debug, PartialEq, Eq)]
pub struct Offer {
    /// The action.
    pub kind: ActionKind,
    /// Why not, if not.
    pub blocked: Option<Blocked>,
}

/// Decides whether the action may be done at all.
///
/// This is the only gate: pages ask it what to show, `workflow::perform` asks it again under the order's
/// lock, and the sender asks [`still_possible`] once more right before sending.
pub fn check(kind: ActionKind, facts: &Facts<'_>) -> Result<(), Blocked> {
    let spec = kind.spec();
    if !facts.role.may(spec.permission) {
        return Err(Blocked::Needs(spec.permission));
    }
    if let Some(in_flight) = facts.in_flight {
        return Err(Blocked::InFlight(in_flight.clone()));
    }
    still_possible(kind, facts)
}

/// The part of [`check`] that speaks of the order alone.
pub fn still_possible(kind: ActionKind, facts: &Facts<'_>) -> Result<(), Blocked> {
    let spec = kind.spec();
    (spec.nature)(facts)?;
    let status = &facts.order.status;
    if let Status::Other(word) = status {
        return Err(Blocked::UnknownStatus(word.clone()));
    }
    if !spec.allowed_from.contains(status) {
        return Err(Blocked::WrongStatus { actual: status.clone(), allowed: spec.allowed_from });
    }
    (spec.guard)(facts)
}

/// Every action with its verdict, in button order.
pub fn offers(facts: &Facts<'_>) -> Vec<Offer> {
    let offer = |kind| Offer { kind, blocked: check(kind, facts).err() };
    ActionKind::ALL.into_iter().map(offer).collect()
}

impl ActionKind {
    /// Every action, in button order.
    pub const ALL: [Self; 3] = [Self::Accept, Self::Refuse, Self::Ship];

    /// The rules of this action.
    pub const fn spec(self) -> &'static Spec {
        match self {
            Self::Accept | Self::Refuse => &approval::SPEC,
            Self::Ship => &ship::SPEC,
        }
    }

    /// The word in addresses: `/orders/{account}/{order id}/{action}`.
    pub const fn slug(self) -> &'static str {
        match self {
            Self::Accept => "approve",
            Self::Refuse => "refuse",
            Self::Ship => "ship",
        }
    }

    /// The inverse of [`Self::slug`].
    pub fn from_slug(slug: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.slug() == slug)
    }

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "accept",
            Self::Refuse => "refuse",
            Self::Ship => "ship",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}

impl Action {
    /// Which action this is.
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::Accept => ActionKind::Accept,
            Self::Refuse => ActionKind::Refuse,
            Self::Ship(_) => ActionKind::Ship,
        }
    }

    /// What does not fit about the input; nothing, if it fits. Asked after [`check`].
    pub fn fit(&self, facts: &Facts<'_>) -> Vec<Misfit> {
        match self {
            Self::Accept | Self::Refuse => Vec::new(),
            Self::Ship(ship) => ship.fit(facts),
        }
    }

    /// Whether the order, as just read, shows what this action does.
    pub fn reading(&self, order: &Order) -> Reading {
        match self {
            Self::Accept => approval::reading_of_accept(order),
            Self::Refuse => approval::reading_of_refuse(order),
            Self::Ship(ship) => ship.reading(order),
        }
    }

    /// Whether the action may be sent again after an unknown outcome (`reliability` 6.5).
    pub fn may_be_sent_again(&self, order: &Order) -> bool {
        match self {
            Self::Accept | Self::Refuse => self.kind().spec().guarded_remotely,
            Self::Ship(ship) => self.kind().spec().guarded_remotely && ship.is_whole(order),
        }
    }
}

#[cfg(test)]
mod tests;
