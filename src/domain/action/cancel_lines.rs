//! Cancel some lines of an order, each for its own reason.
//!
//! Orders-management, "Cancel an Order", 2.b: only where the channel allows it; each line with its offer; the
//! same line a second time is a conflict.

use std::collections::HashSet;

use serde::Deserialize;
use serde::Serialize;

use crate::domain::action::Blocked;
use crate::domain::action::Evidence;
use crate::domain::action::Facts;
use crate::domain::action::Live;
use crate::domain::action::Misfit;
use crate::domain::action::Spec;
use crate::domain::action::cancel;
use crate::domain::action::cancel::Reason;
use crate::domain::delivery::Reading;
use crate::domain::operator::Permission;
use crate::domain::order::Line;

/// The operator's input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelLines {
    /// At least one.
    pub lines: Vec<LineCancellation>,
}

/// One line to cancel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct LineCancellation {
    /// The line.
    pub line_id: String,
    /// Its offer: the marketplace verifies that the seller may cancel it (orders-management, FAQ).
    pub offer_id: String,
    /// Why.
    pub reason: Reason,
    /// Whether shipping is refunded as well.
    pub shipping_refund: bool,
}

/// Why one line cannot be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotCancellable {
    /// It is cancelled.
    Cancelled,
    /// A request is being decided.
    InRequest,
    /// A warehouse is preparing it.
    WithWarehouse,
    /// Its status allows no cancellation.
    Status,
    /// The marketplace did not tell its offer, which the call needs.
    NoOffer,
}

pub(super) const SPEC: Spec = Spec {
    permission: Permission::Cancel,
    allowed_from: cancel::CANCELLABLE,
    nature: |facts| {
        if facts.order.lines.len() < 2 {
            return Err(Blocked::OneLineOnly);
        }
        if facts.channel.rules.partial_cancellation {
            Ok(())
        } else {
            Err(Blocked::NoPartialCancellation { channel: facts.channel.name.clone() })
        }
    },
    guard: |facts| {
        let verdicts: Vec<_> = facts.order.lines.iter().map(|it| verdict(facts, it)).collect();
        if verdicts.iter().any(Result::is_ok) {
            return Ok(());
        }
        let waits = verdicts.iter().position(|it| *it == Err(NotCancellable::WithWarehouse));
        match waits.and_then(|index| facts.order.lines.get(index)) {
            Some(line) => Err(Blocked::WarehouseFirst(line.supply_mode.clone())),
            None => Err(Blocked::NothingToCancel),
        }
    },
    guarded_remotely: true,
};

/// Whether that line of the order can be cancelled now.
pub fn verdict(facts: &Facts<'_>, line: &Line) -> Result<(), NotCancellable> {
    if line.status == crate::domain::order::Status::Cancelled {
        return Err(NotCancellable::Cancelled);
    }
    if cancel::is_taken(facts, line) {
        return Err(NotCancellable::InRequest);
    }
    if cancel::waits_for_warehouse(line) {
        return Err(NotCancellable::WithWarehouse);
    }
    if !cancel::CANCELLABLE.contains(&line.status) {
        return Err(NotCancellable::Status);
    }
    if line.offer_id.is_none() { Err(NotCancellable::NoOffer) } else { Ok(()) }
}

impl CancelLines {
    pub(super) fn fit(&self, facts: &Facts<'_>) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        if self.lines.is_empty() {
            misfits.push(Misfit::NoLine);
        }
        let mut named = HashSet::new();
        for chosen in &self.lines {
            let id = chosen.line_id.clone();
            let line = facts.order.line(&id).filter(|it| verdict(facts, it).is_ok());
            let Some(line) = line.filter(|_| named.insert(id.clone())) else {
                misfits.push(Misfit::LineNotToCancel(id));
                continue;
            };
            if line.offer_id.as_deref() != Some(&*chosen.offer_id) {
                misfits.push(Misfit::LineNotToCancel(id));
            } else if chosen.reason.code.is_empty() {
                misfits.push(Misfit::ReasonMissing(Some(id)));
            } else if let Live::Reasons(reasons) = facts.live
                && !reasons.of(&line.status).iter().any(|it| it.code == chosen.reason.code)
            {
                let reason = chosen.reason.clone();
                misfits.push(Misfit::ReasonGone { line: Some(id), reason });
            }
        }
        misfits
    }

    /// All our lines in requests that were not there before. The marketplace may make one request of the
    /// call, or one per line: nothing is said about it.
    pub(super) fn reading(&self, evidence: &Evidence<'_>) -> Reading {
        let request_of = |chosen: &LineCancellation| {
            evidence.new_cancellations().find(|it| {
                let reason = it.reason_of(&chosen.line_id);
                cancel::may_be_ours(it)
                    && !it.lines.is_empty()
                    && it.covers(&chosen.line_id)
                    && reason.is_none_or(|it| it == chosen.reason.code)
            })
        };
        let found: Vec<_> = self.lines.iter().filter_map(request_of).collect();
        if found.iter().any(|it| cancel::is_anonymous(it)) {
            Reading::Unclear
        } else if found.len() == self.lines.len() {
            Reading::Found { reference: found.first().map(|it| it.id.clone()) }
        } else if found.is_empty() {
            cancel::without_request(evidence.order)
        } else {
            Reading::Unclear
        }
    }
}
