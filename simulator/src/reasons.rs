//! Why an order or a line is cancelled: "Order cancellation reasons" of the older functional page.

use crate::model::Status;

/// A reason and the states in which it may be given.
#[derive(Debug)]
pub(crate) struct Reason {
    pub(crate) code: &'static str,
    pub(crate) label: &'static str,
    pub(crate) statuses: &'static [Status],
}

const BEFORE: &[Status] = &[Status::Accepted, Status::InPreparation];
const AFTER: &[Status] = &[Status::Shipped, Status::Delivered];
const ANY: &[Status] =
    &[Status::Accepted, Status::InPreparation, Status::Shipped, Status::Delivered];

const fn r(code: &'static str, label: &'static str, statuses: &'static [Status]) -> Reason {
    Reason { code, label, statuses }
}

pub(crate) static REASONS: [Reason; 15] = [
    r("seller-refusal", "Refuse seller", BEFORE),
    r("customer-cancellation", "Customer cancellation", AFTER),
    r("customer-claim", "Customer complaints", ANY),
    r("refund-from-seller", "Repayment at the seller’s initiative", AFTER),
    r("customer-withdrawal", "Customer withdrawal", AFTER),
    r("no-customer-withdrawal-in-store", "No customer collection in shop", AFTER),
    r("reference-mistake", "Reference error", AFTER),
    r("damaged", "Damaged", AFTER),
    r("multiple-shipping", "Multiple delivery", AFTER),
    r("missing-product", "Missing element", AFTER),
    r("breakdown-during-unpacking", "Breakdown on unpacking / after sales service", AFTER),
    r("delivery-impossible", "Delivery impossible (CARRIER)", AFTER),
    r("customer-refusal", "Customer refusal (CARRIER)", AFTER),
    r("transport-damage", "Transport damage (CARRIER)", AFTER),
    r(
        "not-collected-at-the-collection-point",
        "Not collected at the collection point (CARRIER)",
        AFTER,
    ),
];

/// The reason with this code.
pub(crate) fn reason(code: &str) -> Option<&'static Reason> {
    REASONS.iter().find(|reason| reason.code == code)
}
