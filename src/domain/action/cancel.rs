//! Cancel a whole order: the customer gets the money back.
//!
//! Orders-management, "Cancel an Order", 2.a: one reason for everything, of those that the marketplace offers
//! at that moment; not after a partial cancellation; with an order of a warehouse only once it is shipped.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::action::Blocked;
use crate::domain::action::Evidence;
use crate::domain::action::Facts;
use crate::domain::action::Live;
use crate::domain::action::Misfit;
use crate::domain::action::Spec;
use crate::domain::delivery::Reading;
use crate::domain::operator::Permission;
use crate::domain::order::Line;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::request::Asker;
use crate::domain::request::Cancellation;

/// The operator's input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancel {
    /// Why.
    pub reason: Reason,
    /// Whether shipping is refunded as well.
    pub shipping_refund: bool,
}

/// A reason of the marketplace's list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Reason {
    /// What is sent.
    pub code: String,
    /// The marketplace's words, when it gave some.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
}

/// The reasons that the marketplace offers a seller now, for lines in each status.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Reasons(pub Vec<(Status, Vec<Reason>)>);

impl Reasons {
    /// Those for lines in that status.
    pub fn of(&self, status: &Status) -> &[Reason] {
        self.0.iter().find(|(it, _)| it == status).map_or(&[], |(_, reasons)| reasons)
    }
}

/// From these the marketplace knows reasons to cancel (`octopia-contract` 9.5).
pub(super) const CANCELLABLE: &[Status] =
    &[Status::Accepted, Status::InPreparation, Status::Shipped, Status::Delivered];

pub(super) const SPEC: Spec = Spec {
    permission: Permission::Cancel,
    allowed_from: CANCELLABLE,
    nature: |_| Ok(()),
    guard: |facts| {
        let taken = facts.order.lines.iter().find(|it| is_taken(facts, it));
        if let Some(line) = taken {
            return Err(Blocked::PartlyCancelled(line.id.clone()));
        }
        match facts.order.lines.iter().find(|it| waits_for_warehouse(it)) {
            Some(line) => Err(Blocked::WarehouseFirst(line.supply_mode.clone())),
            None => Ok(()),
        }
    },
    guarded_remotely: true,
};

/// Whether the line is cancelled, or in a request that may lead there.
pub(super) fn is_taken(facts: &Facts<'_>, line: &Line) -> bool {
    matches!(line.status, Status::Cancelled | Status::CancelRequest)
        || facts.requests.cancellation_of(&line.id).is_some()
}

/// A warehouse that has begun cannot be stopped from here.
pub(super) fn waits_for_warehouse(line: &Line) -> bool {
    line.supply_mode != SupplyMode::Seller
        && !matches!(line.status, Status::Shipped | Status::Delivered)
}

impl Cancel {
    pub(super) fn fit(&self, facts: &Facts<'_>) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        if self.reason.code.is_empty() {
            misfits.push(Misfit::ReasonMissing(None));
        } else if let Live::Reasons(reasons) = facts.live {
            let offered = reasons.of(&facts.order.status);
            if !offered.iter().any(|it| it.code == self.reason.code) {
                misfits.push(Misfit::ReasonGone { line: None, reason: self.reason.clone() });
            }
        }
        misfits
    }

    pub(super) fn reading(&self, evidence: &Evidence<'_>) -> Reading {
        let ids: Vec<&str> = evidence.order.lines.iter().map(|it| it.id.as_str()).collect();
        let ours = |it: &&Cancellation| {
            may_be_ours(it)
                && ids.iter().all(|id| it.covers(id))
                && ids.iter().all(|id| it.reason_of(id).is_none_or(|it| it == self.reason.code))
        };
        match evidence.new_cancellations().find(ours) {
            Some(request) if is_anonymous(request) => Reading::Unclear,
            Some(request) => Reading::Found { reference: Some(request.id.clone()) },
            None => without_request(evidence.order),
        }
    }
}

/// Somebody else's request cannot be the effect of ours.
pub(super) fn may_be_ours(request: &Cancellation) -> bool {
    request.asked_by.as_ref().is_none_or(|it| *it == Asker::Seller)
}

/// Neither who asked nor why: it may be anybody's.
pub(super) fn is_anonymous(request: &Cancellation) -> bool {
    let reasons = request.lines.iter().filter_map(|it| it.reason.as_ref());
    request.asked_by.is_none() && request.reason.is_none() && reasons.count() == 0
}

/// What an order says that shows no request of ours.
pub(super) fn without_request(order: &Order) -> Reading {
    match order.status {
        Status::Cancelled | Status::Refused | Status::Rejected => Reading::Superseded,
        Status::Processing
        | Status::WaitingAcceptance
        | Status::Accepted
        | Status::InPreparation
        | Status::Shipped
        | Status::Delivered
        | Status::CancelRequest
        | Status::Other(_) => Reading::Absent,
    }
}
