//! Cancellation requests: who asked for which lines, and what came of it.
//!
//! "Cancel an Order": a request is registered and processed later. The states of its lines are the
//! changelog's (`CancelRequest`); a rejected request resets them ("Order Lifecycle", older page).
//! Whether a request is allowed is asked in [`crate::rules::cancellation`].

use jiff::Timestamp;
use serde_json::json;

use crate::actors::overall;
use crate::agenda::Task;
use crate::model::Order;
use crate::model::Party;
use crate::model::Status;
use crate::review::Progress;
use crate::review::REVIEW;
use crate::review::Review;
use crate::state::Market;

/// A request to cancel an order or some of its lines.
#[derive(Clone, Debug)]
pub struct Cancellation {
    /// The platform's id.
    pub id: String,
    /// Whether it is for the whole order.
    pub whole: bool,
    /// Who asked.
    pub by: Party,
    /// The lines it is for.
    pub lines: Vec<CancelledLine>,
    /// Where it stands.
    pub status: Progress,
    /// Why it was rejected.
    pub errors: Vec<String>,
    /// When it was taken in.
    pub created_at: Timestamp,
    /// When it was decided; until then when it was taken in.
    pub updated_at: Timestamp,
    pub(crate) slot: usize,
}

/// A line of a cancellation request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CancelledLine {
    /// The order line's id.
    pub id: String,
    /// The code of the reason.
    pub reason: String,
    /// Whether its shipping cost is refunded.
    pub shipping_cost_refund: bool,
    /// Its status before the request.
    pub(crate) before: Status,
}

/// A request that was allowed.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) whole: bool,
    pub(crate) by: Party,
    pub(crate) lines: Vec<CancelledLine>,
}

impl Wish {
    /// Everything of an order that still lives, or what of it is in one of these states.
    pub(crate) fn of(
        order: &Order,
        by: Party,
        reason: &str,
        open: impl Fn(Status) -> bool,
    ) -> Self {
        let lines = order.lines.iter().filter(|line| open(line.status));
        let lines = lines.map(|line| CancelledLine {
            id: line.id.clone(),
            reason: reason.to_owned(),
            shipping_cost_refund: true,
            before: line.status,
        });
        Self { whole: true, by, lines: lines.collect() }
    }
}

impl Market {
    /// Takes a request in; its review is planned unless somebody else decides.
    pub(crate) fn ask(&mut self, slot: usize, wish: Wish, at: Timestamp) -> usize {
        self.change(slot, at, |order| {
            for line in &mut order.lines {
                if wish.lines.iter().any(|wanted| wanted.id == line.id) {
                    line.status = Status::CancelRequest;
                    line.cancel_asked_by = Some(wish.by);
                }
            }
        });
        let index = self.register(slot, wish, at);
        let request = &self.cancellations[index];
        let (by, body) = (request.by, request.spelled());
        self.record(slot, "cancellation_request", by, body, at);
        match by {
            // The marketplace thinks about a customer's wish for much longer.
            Party::Customer => self.plan_decision(slot, at),
            Party::Api | Party::Portal | Party::Operator | Party::System => {
                self.plan_after(at, REVIEW, Task::ReviewCancellation(index));
            }
        }
        index
    }

    /// Notes a request down, with no effect on the order.
    pub(crate) fn register(&mut self, slot: usize, wish: Wish, at: Timestamp) -> usize {
        let id = self.request_id();
        let Wish { whole, by, lines } = wish;
        let (status, errors) = (Progress::InProgress, Vec::new());
        let (created_at, updated_at) = (at, at);
        let request =
            Cancellation { id, whole, by, lines, status, errors, created_at, updated_at, slot };
        self.cancellations.push(request);
        self.cancellations.len() - 1
    }

    /// The request behind the lines of an order that wait from the start.
    pub(crate) fn note_wish(&mut self, slot: usize, at: Timestamp) {
        let order = &self.orders[slot];
        let by = order.lines.iter().find_map(|line| line.cancel_asked_by);
        let Some(by) = by else { return };
        let asked = |status| status == Status::CancelRequest;
        let mut wish = Wish::of(order, by, "customer-claim", asked);
        for line in &mut wish.lines {
            line.before = order.status;
        }
        self.register(slot, wish, at);
    }

    pub(crate) fn review_cancellation(&mut self, index: usize, at: Timestamp) {
        let order_id = self.orders[self.cancellations[index].slot].id.clone();
        if self.cancellations[index].status != Progress::InProgress {
            return;
        }
        match self.ordered_rejection(Review::Cancellation, &order_id) {
            Some(words) => self.reject_cancellation(index, &words, at),
            None => self.grant_cancellation(index, at),
        }
    }

    /// The lines that still wait become `Cancelled`, and the order with the last one.
    pub(crate) fn grant_cancellation(&mut self, index: usize, at: Timestamp) {
        let request = &mut self.cancellations[index];
        request.status = Progress::Done;
        request.updated_at = at;
        let (slot, by, mut body) = (request.slot, request.by, request.spelled());
        let ids: Vec<String> = request.lines.iter().map(|line| line.id.clone()).collect();
        let shipped = self.orders[slot].status == Status::Shipped;
        self.change(slot, at, |order| {
            for line in &mut order.lines {
                if line.status == Status::CancelRequest && ids.contains(&line.id) {
                    line.status = Status::Cancelled;
                    line.cancel_asked_by = None;
                }
            }
            order.status = overall(order);
        });
        body["status"] = json!(self.orders[slot].status.as_str());
        // The decision on a customer's wish is the marketplace's own.
        let by = if by == Party::Customer { Party::System } else { by };
        self.record(slot, "cancellation", by, body, at);
        if !shipped && self.orders[slot].status == Status::Shipped {
            self.plan_next(slot, at);
        }
    }

    /// The lines return to where they were, or to where the order has gone meanwhile.
    pub(crate) fn reject_cancellation(&mut self, index: usize, words: &str, at: Timestamp) {
        let request = &mut self.cancellations[index];
        request.status = Progress::Rejected;
        request.updated_at = at;
        request.errors.push(words.to_owned());
        let (slot, lines) = (request.slot, request.lines.clone());
        let kind = if request.by == Party::Customer {
            "cancellation_denied"
        } else {
            "cancellation_rejected"
        };
        let mut body = request.spelled();
        body["errors"] = json!([words]);
        self.change(slot, at, |order| {
            let now = order.status;
            for line in order.lines.iter_mut().filter(|line| line.status == Status::CancelRequest) {
                if let Some(asked) = lines.iter().find(|asked| asked.id == line.id) {
                    line.status = returned(asked.before, now);
                    line.cancel_asked_by = None;
                }
            }
            order.status = overall(order);
        });
        self.record(slot, kind, Party::System, body, at);
    }

    /// Requests whose lines have all gone another way meanwhile end there.
    pub(crate) fn settle_cancellations(&mut self, slot: usize, at: Timestamp) {
        for index in self.undecided(slot) {
            let order = &self.orders[slot];
            let request = &self.cancellations[index];
            let waits = |asked: &CancelledLine| {
                order
                    .lines
                    .iter()
                    .any(|line| line.id == asked.id && line.status == Status::CancelRequest)
            };
            if !request.lines.iter().any(waits) {
                let words = format!("The order is {} already.", order.status);
                self.reject_cancellation(index, &words, at);
            }
        }
    }

    /// The requests about an order that wait for a decision.
    pub(crate) fn undecided(&self, slot: usize) -> Vec<usize> {
        let waits =
            |request: &Cancellation| request.slot == slot && request.status == Progress::InProgress;
        let all = self.cancellations.iter().enumerate();
        all.filter(|(_, request)| waits(request)).map(|(index, _)| index).collect()
    }
}

impl Cancellation {
    fn spelled(&self) -> serde_json::Value {
        let ids: Vec<&str> = self.lines.iter().map(|line| line.id.as_str()).collect();
        json!({ "requestId": self.id, "lines": ids })
    }

    /// The request as it was at a moment; `None` before it was taken in.
    pub(crate) fn at(&self, moment: Timestamp) -> Option<Self> {
        if self.created_at > moment {
            return None;
        }
        let mut seen = self.clone();
        if self.updated_at > moment {
            seen.status = Progress::InProgress;
            seen.updated_at = seen.created_at;
            seen.errors.clear();
        }
        Some(seen)
    }
}

/// A line that waits while its order moves on comes back where the others are.
fn returned(before: Status, order: Status) -> Status {
    let moved_on = matches!(
        (before, order),
        (Status::Accepted, Status::InPreparation) | (Status::Shipped, Status::Delivered)
    );
    if moved_on { order } else { before }
}
