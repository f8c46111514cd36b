//! Accept or refuse an order that waits for the seller's decision.
//!
//! Orders-management, "Approve an order": Cdiscount only, from `WaitingAcceptance`, before a deadline.

use crate::domain::action::Blocked;
use crate::domain::action::Spec;
use crate::domain::delivery::Reading;
use crate::domain::operator::Permission;
use crate::domain::order::Order;
use crate::domain::order::Status;

pub(super) const SPEC: Spec = Spec {
    permission: Permission::Accept,
    allowed_from: &[Status::WaitingAcceptance],
    nature: |facts| {
        if facts.channel.rules.acceptance {
            Ok(())
        } else {
            Err(Blocked::NoAcceptance { channel: facts.channel.name.clone() })
        }
    },
    guard: |_| Ok(()),
    guarded_remotely: true,
};

pub(super) fn reading_of_accept(order: &Order) -> Reading {
    match &order.status {
        Status::Accepted | Status::InPreparation | Status::Shipped | Status::Delivered => {
            Reading::Found { reference: None }
        }
        Status::Refused | Status::Cancelled | Status::CancelRequest | Status::Rejected => {
            Reading::Superseded
        }
        Status::Processing | Status::WaitingAcceptance | Status::Other(_) => Reading::Absent,
    }
}

pub(super) fn reading_of_refuse(order: &Order) -> Reading {
    match &order.status {
        Status::Refused => Reading::Found { reference: None },
        Status::Processing | Status::WaitingAcceptance | Status::Other(_) => Reading::Absent,
        Status::Accepted
        | Status::InPreparation
        | Status::Shipped
        | Status::Delivered
        | Status::CancelRequest
        | Status::Cancelled
        | Status::Rejected => Reading::Superseded,
    }
}
