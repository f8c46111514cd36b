//! What will happen by itself, and when.
//!
//! Nothing runs in the background: whoever looks at the market first lets everything happen that is
//! due ([`Market::now`]), stamped with the moment it was due. So the market is a function of time.

use std::collections::BTreeMap;

use jiff::SignedDuration;
use jiff::Timestamp;
use rand::RngExt as _;

use crate::generate;
use crate::model::Party;
use crate::model::Status;
use crate::model::SupplyMode;
use crate::state::Market;

/// The final marketplace control after an acceptance.
const CONTROL: SignedDuration = SignedDuration::from_mins(20);
/// How long a seller may take to accept; the documents only say that there is a deadline.
const ACCEPTANCE: SignedDuration = SignedDuration::from_hours(48);
/// A carrier's delivery, for those that report it.
const DELIVERY: SignedDuration = SignedDuration::from_hours(60);
/// Between two new orders, on average.
const DRIP: SignedDuration = SignedDuration::from_mins(10);
/// A warehouse's preparation.
const WAREHOUSE: SignedDuration = SignedDuration::from_hours(9);
/// How long the marketplace thinks about a customer's wish to cancel.
const DECISION: SignedDuration = SignedDuration::from_hours(24);

/// Something due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Task {
    Review(usize),
    Expire(usize),
    EndControl(usize),
    WarehouseShips(usize),
    Deliver(usize),
    CustomerAsks(usize),
    Decide(usize),
    ReviewCancellation(usize),
    ReviewGesture(usize),
    ReviewImport(usize, Party),
    NewOrder,
}

/// Everything due, by time and then in the order it was planned.
#[derive(Debug, Default)]
pub(crate) struct Agenda {
    due: BTreeMap<(Timestamp, u64), Task>,
    planned: u64,
}

impl Agenda {
    pub(crate) fn plan(&mut self, at: Timestamp, task: Task) {
        self.planned += 1;
        self.due.insert((at, self.planned), task);
    }

    fn take(&mut self, now: Timestamp) -> Option<(Timestamp, Task)> {
        let first = self.due.first_entry()?;
        if first.key().0 > now {
            return None;
        }
        let ((at, _), task) = first.remove_entry();
        Some((at, task))
    }
}

impl Market {
    pub(crate) fn run_due(&mut self, now: Timestamp) {
        while let Some((at, task)) = self.agenda.take(now) {
            match task {
                Task::Review(slot) => self.end_review(slot, at),
                Task::Expire(slot) => self.expire(slot, at),
                Task::EndControl(slot) => self.end_control(slot, at),
                Task::WarehouseShips(slot) => self.warehouse_ships(slot, at),
                Task::Deliver(slot) => self.deliver(slot, at),
                Task::CustomerAsks(slot) => self.ask_cancellation(slot, at),
                Task::Decide(slot) => {
                    let granted = self.orders[slot].quirks % 10 < 7;
                    self.decide_cancellation(slot, granted, at);
                }
                Task::ReviewCancellation(index) => self.review_cancellation(index, at),
                Task::ReviewGesture(index) => self.review_gesture(index, at),
                Task::ReviewImport(index, by) => self.review_import(index, by, at),
                Task::NewOrder => self.new_order(at),
            }
        }
    }

    /// Plans what follows from the state an order has entered at `at`.
    pub(crate) fn plan_next(&mut self, slot: usize, at: Timestamp) {
        self.plan_rest(slot, at, 100);
    }

    /// Plans what follows for an order of the past, somewhere within its delay.
    pub(crate) fn plan_underway(&mut self, slot: usize, now: Timestamp) {
        let order = &self.orders[slot];
        let long_ago = order.updated_at + SignedDuration::from_hours(96) < now;
        if order.status != Status::Shipped || !long_ago {
            let percent = order.quirks / 7 % 95 + 5;
            self.plan_rest(slot, now, percent);
        }
    }

    fn plan_rest(&mut self, slot: usize, at: Timestamp, percent: u32) {
        let order = &self.orders[slot];
        let quirks = order.quirks;
        let by_warehouse = order.lines.iter().any(|line| line.supply_mode != SupplyMode::Seller);
        let next = match order.status {
            Status::Processing => Some((CONTROL, Task::Review(slot))),
            Status::WaitingAcceptance => Some((ACCEPTANCE, Task::Expire(slot))),
            Status::Accepted => Some((CONTROL, Task::EndControl(slot))),
            Status::InPreparation if by_warehouse && self.drip => {
                Some((WAREHOUSE, Task::WarehouseShips(slot)))
            }
            // Not every carrier reports deliveries.
            Status::Shipped if !quirks.is_multiple_of(4) => Some((DELIVERY, Task::Deliver(slot))),
            Status::InPreparation
            | Status::Shipped
            | Status::Refused
            | Status::Delivered
            | Status::Cancelled
            | Status::Rejected
            | Status::CancelRequest => None,
        };
        if let Some((delay, task)) = next {
            let rest = delay * i32::try_from(percent).unwrap_or(100) / 100;
            self.plan_after(at, rest, task);
        }
        let fickle = self.drip && quirks % 25 == 3;
        if fickle && self.orders[slot].status == Status::InPreparation {
            let hours = i64::from(quirks / 25 % 6) + 1;
            self.plan_after(at, SignedDuration::from_hours(hours), Task::CustomerAsks(slot));
        }
    }

    pub(crate) fn plan_decision(&mut self, slot: usize, at: Timestamp) {
        if self.drip {
            self.plan_after(at, DECISION, Task::Decide(slot));
        }
    }

    pub(crate) fn schedule_drip(&mut self, at: Timestamp) {
        if self.drip && !self.accounts.is_empty() {
            let share = self.rng.random_range(40..160);
            self.plan_after(at, DRIP * share / 100, Task::NewOrder);
        }
    }

    pub(crate) fn plan_after(&mut self, at: Timestamp, delay: SignedDuration, task: Task) {
        let due = self.clock.after(at, delay);
        self.agenda.plan(due, task);
    }

    fn new_order(&mut self, at: Timestamp) {
        let number = self.orders.len() as u64;
        let order = generate::arriving(self, number, at);
        let slot = self.insert(order);
        self.plan_next(slot, at);
        self.schedule_drip(at);
    }
}
