//! What an operator may do to an order, when, and why not.

pub mod approval;
pub mod cancel;
pub mod cancel_lines;
pub mod gesture;
pub mod invoice;
mod kind;
pub mod ship;
mod verdict;

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
use crate::domain::request::Cancellation;
use crate::domain::request::GestureRequest;
use crate::domain::request::InvoiceImport;
use crate::domain::request::Requests;

pub use cancel::Cancel;
pub use cancel_lines::CancelLines;
pub use gesture::Gesture;
pub use gesture::Given;
pub use invoice::Invoice;
pub use kind::ActionKind;
pub use ship::Ship;
pub use verdict::Blocked;
pub use verdict::Misfit;

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
    /// See [`Cancel`].
    Cancel(Cancel),
    /// See [`CancelLines`].
    CancelLines(CancelLines),
    /// See [`Gesture`].
    Gesture(Gesture),
    /// See [`Invoice`].
    Invoice(Invoice),
}

/// All that the rules may look at. A new rule that needs a new fact adds a field here.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// The order as the marketplace last described it.
    pub order: &'a Order,
    /// The channel it was sold on.
    pub channel: &'a Channel,
    /// What was asked of the marketplace for it.
    pub requests: &'a Requests,
    /// What the marketplace says at this moment.
    pub live: Live<'a>,
    /// What the operator is.
    pub role: Role,
    /// What the operator gave away today; only gestures ask.
    pub given_today: &'a [Given],
    /// The promise that is under way for this order, if any.
    pub in_flight: Option<&'a InFlight>,
    /// The present.
    pub now: Timestamp,
}

/// What the marketplace was just asked, where the mirror is not good enough.
#[derive(Debug, Clone, Copy)]
pub enum Live<'a> {
    /// Nothing: the marketplace itself will judge.
    NotAsked,
    /// The reasons it offers.
    Reasons(&'a cancel::Reasons),
    /// How much may be given.
    Gesture(&'a gesture::Limits),
}

/// What a look at the marketplace shows of an action that was sent, or is about to be.
#[derive(Debug, Clone, Copy)]
pub struct Evidence<'a> {
    /// The order.
    pub order: &'a Order,
    /// Its requests.
    pub requests: &'a Requests,
    /// The requests that were there before the action was sent; none while it has not been.
    pub baseline: Option<&'a [String]>,
    /// What only this promise writes.
    pub marker: &'a str,
}

impl<'a> Evidence<'a> {
    fn is_new(&self, id: &str) -> bool {
        self.baseline.is_some_and(|known| !known.iter().any(|it| it == id))
    }

    fn new_cancellations(&self) -> impl Iterator<Item = &'a Cancellation> {
        self.requests.cancellations().filter(|it| self.is_new(&it.id))
    }

    fn new_gestures(&self) -> impl Iterator<Item = &'a GestureRequest> {
        self.requests.gestures().filter(|it| self.is_new(&it.id))
    }

    fn new_invoices(&self) -> impl Iterator<Item = &'a InvoiceImport> {
        self.requests.invoices().filter(|it| self.is_new(&it.id))
    }
}

/// An action that has been promised to the marketplace and is not settled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
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

impl Action {
    /// Which action this is.
    pub const fn kind(&self) -> ActionKind {
        match self {
            Self::Accept => ActionKind::Accept,
            Self::Refuse => ActionKind::Refuse,
            Self::Ship(_) => ActionKind::Ship,
            Self::Cancel(_) => ActionKind::Cancel,
            Self::CancelLines(_) => ActionKind::CancelLines,
            Self::Gesture(_) => ActionKind::Gesture,
            Self::Invoice(_) => ActionKind::Invoice,
        }
    }

    /// What does not fit about the input; nothing, if it fits. Asked after [`check`].
    pub fn fit(&self, facts: &Facts<'_>) -> Vec<Misfit> {
        match self {
            Self::Accept | Self::Refuse => Vec::new(),
            Self::Ship(ship) => ship.fit(facts),
            Self::Cancel(cancel) => cancel.fit(facts),
            Self::CancelLines(lines) => lines.fit(facts),
            Self::Gesture(gesture) => gesture.fit(facts),
            Self::Invoice(invoice) => invoice.fit(),
        }
    }

    /// Whether what was just read shows what this action does.
    pub fn reading(&self, evidence: &Evidence<'_>) -> Reading {
        let order = evidence.order;
        match self {
            Self::Accept => approval::reading_of_accept(order),
            Self::Refuse => approval::reading_of_refuse(order),
            Self::Ship(ship) => ship.reading(order),
            Self::Cancel(cancel) => cancel.reading(evidence),
            Self::CancelLines(lines) => lines.reading(evidence),
            Self::Gesture(gesture) => gesture.reading(evidence),
            Self::Invoice(invoice) => invoice.reading(evidence),
        }
    }

    /// Whether the action may be sent again after an unknown outcome (`reliability` 6.5).
    pub fn may_be_sent_again(&self, order: &Order) -> bool {
        let guarded = self.kind().spec().guarded_remotely;
        match self {
            Self::Ship(ship) => guarded && ship.is_whole(order),
            Self::Accept
            | Self::Refuse
            | Self::Cancel(_)
            | Self::CancelLines(_)
            | Self::Gesture(_)
            | Self::Invoice(_) => guarded,
        }
    }
}

#[cfg(test)]
mod tests;
