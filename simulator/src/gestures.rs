//! Commercial gestures: what a seller may give, has asked to give, and has given.
//!
//! "Make a commercial gesture": limits count after cancelled lines are excluded, a request is
//! validated when it is sent and again when it is reviewed. What is in progress protects nobody:
//! the same gesture sent twice is given twice, until one of them is `Done`.

use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use crate::agenda::Task;
use crate::channels::Channel;
use crate::channels::GestureLimit;
use crate::model::Line;
use crate::model::Order;
use crate::model::Party;
use crate::model::Status;
use crate::review::Progress;
use crate::review::REVIEW;
use crate::review::Review;
use crate::state::Market;
use crate::wire;

/// A request to give money back beside the order.
#[derive(Clone, Debug)]
pub struct Gesture {
    /// The platform's id.
    pub id: String,
    /// Who asked.
    pub by: Party,
    /// The code of the reason.
    pub reason: String,
    /// Words of the seller.
    pub details: Option<String>,
    /// Cents of the channel's currency.
    pub amount: i64,
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

/// What a seller wants to give.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Gift {
    pub(crate) reason: String,
    pub(crate) details: Option<String>,
    pub(crate) amount: i64,
}

/// How much may be given on an order, in cents.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Allowance {
    pub(crate) order: i64,
    pub(crate) given: i64,
    pub(crate) left: i64,
}

impl Market {
    /// The limit of a channel, as it is now; `None` forbids gestures.
    pub(crate) fn gesture_limit(&self, channel: &Channel) -> Option<GestureLimit> {
        self.gesture_limits.get(channel.id).copied().or(channel.gesture)
    }

    /// What may be given on an order as some reader sees it, with the gestures done by `moment`.
    pub(crate) fn allowance(&self, order: &Order, slot: usize, moment: Timestamp) -> Allowance {
        let counted = order.lines.iter().filter(|line| line.status != Status::Cancelled);
        let amount: i64 = counted.map(Line::paid).sum();
        let done = self.gestures.iter().filter(|gesture| {
            let done = gesture.status == Progress::Done;
            done && gesture.slot == slot && gesture.updated_at <= moment
        });
        let given: i64 = done.map(|gesture| gesture.amount).sum();
        let most = self
            .gesture_limit(order.channel)
            .map_or(0, |limit| limit.max.min(amount * i64::from(limit.rate) / 100));
        Allowance { order: amount, given, left: (most - given).max(0) }
    }

    /// Takes a request in and plans its review.
    pub(crate) fn ask_gesture(
        &mut self,
        slot: usize,
        gift: Gift,
        by: Party,
        at: Timestamp,
    ) -> usize {
        let index = self.register_gesture(slot, gift, by, at);
        let body = self.spelled_gesture(index);
        self.record(slot, "gesture_request", by, body, at);
        self.plan_after(at, REVIEW, Task::ReviewGesture(index));
        index
    }

    /// Notes a request down.
    pub(crate) fn register_gesture(
        &mut self,
        slot: usize,
        gift: Gift,
        by: Party,
        at: Timestamp,
    ) -> usize {
        let id = self.request_id();
        let Gift { reason, details, amount } = gift;
        let (status, errors) = (Progress::InProgress, Vec::new());
        let (created_at, updated_at) = (at, at);
        self.gestures.push(Gesture {
            id,
            by,
            reason,
            details,
            amount,
            status,
            errors,
            created_at,
            updated_at,
            slot,
        });
        self.gestures.len() - 1
    }

    pub(crate) fn review_gesture(&mut self, index: usize, at: Timestamp) {
        let gesture = &self.gestures[index];
        if gesture.status != Progress::InProgress {
            return;
        }
        let (slot, amount) = (gesture.slot, gesture.amount);
        let order_id = self.orders[slot].id.clone();
        let left = self.allowance(&self.orders[slot], slot, at).left;
        let ordered = self.ordered_rejection(Review::Gesture, &order_id);
        let too_much = (amount > left)
            .then(|| format!("The amount exceeds the allowable amount of {}.", wire::amount(left)));
        match ordered.or(too_much) {
            Some(words) => self.reject_gesture(index, words, at),
            None => self.give(index, at),
        }
    }

    /// The money really goes to the customer.
    pub(crate) fn give(&mut self, index: usize, at: Timestamp) {
        let gesture = &mut self.gestures[index];
        gesture.status = Progress::Done;
        gesture.updated_at = at;
        let (slot, by) = (gesture.slot, gesture.by);
        let body = self.spelled_gesture(index);
        self.record(slot, "gesture", by, body, at);
    }

    fn reject_gesture(&mut self, index: usize, words: String, at: Timestamp) {
        let gesture = &mut self.gestures[index];
        gesture.status = Progress::Rejected;
        gesture.updated_at = at;
        gesture.errors.push(words);
        let slot = gesture.slot;
        let mut body = self.spelled_gesture(index);
        body["errors"] = json!(self.gestures[index].errors);
        self.record(slot, "gesture_rejected", Party::System, body, at);
    }

    fn spelled_gesture(&self, index: usize) -> Value {
        let gesture = &self.gestures[index];
        json!({
            "requestId": gesture.id,
            "reason": gesture.reason,
            "amount": wire::amount(gesture.amount),
            "currency": self.orders[gesture.slot].channel.currency,
        })
    }
}

impl Gesture {
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
