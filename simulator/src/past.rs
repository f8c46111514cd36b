//! The requests that were made before the simulation starts.
//!
//! They are told from an order's quirks and not from its stream of chance, so that the orders of a
//! seed are the same with and without them.

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::agenda::Task;
use crate::cancellations::CancelledLine;
use crate::cancellations::Wish;
use crate::gestures::Gift;
use crate::model::Order;
use crate::model::Party;
use crate::model::Status;
use crate::review::Progress;
use crate::review::REVIEW;
use crate::state::Market;
use crate::wire;

/// A request's place in time.
#[derive(Clone, Copy, Debug)]
struct When {
    asked: Timestamp,
    decided: Timestamp,
}

fn is_gone(order: &Order) -> bool {
    matches!(order.status, Status::Shipped | Status::Delivered)
}

/// Some hours after the order's last change, or between it and now.
fn when(order: &Order, now: Timestamp) -> When {
    let hours = SignedDuration::from_hours(i64::from(order.quirks % 40) + 1);
    let latest = now - REVIEW * 2;
    let asked = (order.updated_at + hours).min(latest).max(order.updated_at);
    When { asked, decided: (asked + REVIEW).min(now) }
}

/// Cancels a line of some orders that have left, where the channel allows it.
pub(crate) fn lose_a_line(order: &mut Order, now: Timestamp) -> Option<Wish> {
    let loses = order.channel.partial_cancellation && order.lines.len() > 1;
    if !is_gone(order) || !loses || !order.quirks.is_multiple_of(3) {
        return None;
    }
    let when = when(order, now);
    let by = if order.quirks.is_multiple_of(2) { Party::Api } else { Party::Operator };
    let line = order.lines.last_mut()?;
    let before = std::mem::replace(&mut line.status, Status::Cancelled);
    let (id, reason) = (line.id.clone(), "missing-product".to_owned());
    order.updated_at = when.decided;
    let lines = vec![CancelledLine { id, reason, shipping_cost_refund: true, before }];
    Some(Wish { whole: false, by, lines })
}

impl Market {
    /// Notes down what was asked about an order; `lost` is the request behind a cancelled line.
    pub(crate) fn remember(&mut self, slot: usize, lost: Option<Wish>, now: Timestamp) {
        let order = &self.orders[slot];
        if !is_gone(order) {
            return;
        }
        let (quirks, when, allowed) =
            (order.quirks, when(order, now), self.gesture_limit(order.channel).is_some());
        if let Some(wish) = lost {
            let decided = self.orders[slot].updated_at;
            let asked = decided - REVIEW;
            self.decided_cancellation(slot, wish, When { asked, decided }, None);
        } else if quirks % 40 == 7 {
            let wish = Wish::of(&self.orders[slot], Party::Api, "customer-refusal", |_| true);
            let why = "The carrier has not returned the parcel.";
            self.decided_cancellation(slot, wish, when, Some(why));
        }
        if !allowed {
            return;
        }
        match quirks % 40 {
            5 | 15 | 25 => self.past_gesture(slot, when, Some(Progress::Done)),
            11 => self.past_gesture(slot, when, Some(Progress::Rejected)),
            31 => {
                let asked = (now - REVIEW / 2).max(self.orders[slot].updated_at);
                self.past_gesture(slot, When { asked, decided: asked }, None);
                if self.drip {
                    self.plan_after(now, REVIEW, Task::ReviewGesture(self.gestures.len() - 1));
                }
            }
            _ => {}
        }
    }

    fn decided_cancellation(&mut self, slot: usize, wish: Wish, when: When, why: Option<&str>) {
        let index = self.register(slot, wish, when.asked);
        let request = &mut self.cancellations[index];
        request.status = if why.is_some() { Progress::Rejected } else { Progress::Done };
        request.errors.extend(why.map(str::to_owned));
        request.updated_at = when.decided;
    }

    fn past_gesture(&mut self, slot: usize, when: When, decision: Option<Progress>) {
        let order = &self.orders[slot];
        let left = self.allowance(order, slot, when.asked).left;
        let too_much = decision == Some(Progress::Rejected);
        // Whole euros where the limit allows them.
        let amount = if too_much { left + 500 } else { (left / 200 * 100).max(left.min(100)) };
        let (reason, details) = match order.quirks % 3 {
            0 => ("Delay", Some("Colis livré avec trois jours de retard")),
            1 => ("ShippingFees", None),
            _ => ("Other", Some("Emballage abîmé à la livraison")),
        };
        let (reason, details) = (reason.to_owned(), details.map(str::to_owned));
        let index =
            self.register_gesture(slot, Gift { reason, details, amount }, Party::Api, when.asked);
        let gesture = &mut self.gestures[index];
        let Some(decision) = decision else { return };
        (gesture.status, gesture.updated_at) = (decision, when.decided);
        if too_much {
            let why = format!("The amount exceeds the allowable amount of {}.", wire::amount(left));
            gesture.errors.push(why);
        }
    }
}
