//! What the parties do to an order: the marketplace's own state machine.
//!
//! From "Orders Management", *Order Lifecycle*, and the changelog page on `CancelRequest` lines.
//! Nothing here asks whether it is allowed; [`crate::rules`] does, for API and portal alike.

use jiff::Timestamp;
use serde_json::json;

use crate::cancellations::Wish;
use crate::model::Line;
use crate::model::Order;
use crate::model::Parcel;
use crate::model::Party;
use crate::model::Status;
use crate::model::SupplyMode;
use crate::review::Progress;
use crate::state::Market;

/// A shipment as the market understands it: a parcel and the lines inside it.
#[derive(Clone, Debug)]
pub(crate) struct Packed {
    pub(crate) parcel: Parcel,
    pub(crate) lines: Vec<String>,
}

impl Market {
    pub(crate) fn approve(&mut self, slot: usize, accepted: bool, by: Party, at: Timestamp) {
        let status = if accepted { Status::Accepted } else { Status::Refused };
        self.move_all(slot, status, at);
        self.record(slot, "approval", by, json!({ "approval_status": status.as_str() }), at);
        self.plan_next(slot, at);
    }

    pub(crate) fn ship(&mut self, slot: usize, packed: &[Packed], by: Party, at: Timestamp) {
        let body: Vec<_> = packed.iter().map(spelled).collect();
        self.change(slot, at, |order| {
            for line in &mut order.lines {
                for shipment in packed.iter().filter(|packed| packed.lines.contains(&line.id)) {
                    line.parcels.push(shipment.parcel.clone());
                    line.status = Status::Shipped;
                    line.cancel_asked_by = None;
                }
            }
            order.status = overall(order);
        });
        self.record(slot, "shipment", by, json!(body), at);
        self.settle_cancellations(slot, at);
        self.plan_next(slot, at);
    }

    /// In the portal nobody waits: the request is there, and done.
    pub(crate) fn cancel(&mut self, slot: usize, by: Party, at: Timestamp) {
        let wish = Wish::of(&self.orders[slot], by, "seller-refusal", |status| {
            status != Status::Cancelled
        });
        // Whoever asked before gets what they asked for.
        for index in self.undecided(slot) {
            self.cancellations[index].status = Progress::Done;
            self.cancellations[index].updated_at = at;
        }
        let index = self.ask(slot, wish, at);
        self.grant_cancellation(index, at);
    }

    /// Lines that are not shipped yet wait for a decision; the order keeps its status.
    pub(crate) fn ask_cancellation(&mut self, slot: usize, at: Timestamp) {
        let open = |status| matches!(status, Status::InPreparation | Status::Accepted);
        let wish = Wish::of(&self.orders[slot], Party::Customer, "customer-claim", open);
        if !wish.lines.is_empty() {
            self.ask(slot, wish, at);
        }
    }

    /// Decides every request about the order that waits.
    pub(crate) fn decide_cancellation(&mut self, slot: usize, granted: bool, at: Timestamp) {
        for index in self.undecided(slot) {
            if granted {
                self.grant_cancellation(index, at);
            } else {
                self.reject_cancellation(index, "The cancellation was denied.", at);
            }
        }
    }

    pub(crate) fn end_review(&mut self, slot: usize, at: Timestamp) {
        let order = &self.orders[slot];
        if order.status != Status::Processing {
            return;
        }
        let automatic = self.accounts[order.seller_index].seller.auto_accept;
        let next = match (order.channel.approval, automatic) {
            _ if order.quirks % 29 == 11 => Status::Rejected,
            (true, false) => Status::WaitingAcceptance,
            (true, true) => Status::Accepted,
            (false, _) => Status::InPreparation,
        };
        self.happen(slot, next, at);
    }

    pub(crate) fn end_control(&mut self, slot: usize, at: Timestamp) {
        if self.orders[slot].status == Status::Accepted {
            self.change(slot, at, |order| {
                for line in &mut order.lines {
                    if line.status == Status::Accepted {
                        line.status = Status::InPreparation;
                    }
                }
                order.status = Status::InPreparation;
            });
            self.record(slot, "status", Party::System, json!({ "status": "InPreparation" }), at);
            self.plan_next(slot, at);
        }
    }

    /// "after which the order may auto-expire": it is cancelled.
    pub(crate) fn expire(&mut self, slot: usize, at: Timestamp) {
        if self.orders[slot].status == Status::WaitingAcceptance {
            self.happen(slot, Status::Cancelled, at);
        }
    }

    pub(crate) fn warehouse_ships(&mut self, slot: usize, at: Timestamp) {
        let order = &self.orders[slot];
        let ready = |line: &&Line| {
            line.supply_mode != SupplyMode::Seller && line.status == Status::InPreparation
        };
        let lines: Vec<_> = order.lines.iter().filter(ready).map(|line| line.id.clone()).collect();
        if order.status != Status::InPreparation || lines.is_empty() {
            return;
        }
        let number = format!("OFF{}", order.id);
        let url = Some(format!("https://www.chronopost.fr/tracking?listeNumeros={number}"));
        let parcel = Parcel { number, carrier: "Chronopost".to_owned(), url };
        self.ship(slot, &[Packed { parcel, lines }], Party::System, at);
    }

    pub(crate) fn deliver(&mut self, slot: usize, at: Timestamp) {
        if self.orders[slot].status == Status::Shipped {
            self.change(slot, at, |order| {
                for line in &mut order.lines {
                    if line.status == Status::Shipped {
                        line.status = Status::Delivered;
                    }
                }
                order.status = Status::Delivered;
            });
            self.record(slot, "status", Party::System, json!({ "status": "Delivered" }), at);
        }
    }

    fn happen(&mut self, slot: usize, status: Status, at: Timestamp) {
        self.move_all(slot, status, at);
        self.record(slot, "status", Party::System, json!({ "status": status.as_str() }), at);
        self.plan_next(slot, at);
    }

    /// Moves the order with every line that is not cancelled already.
    fn move_all(&mut self, slot: usize, status: Status, at: Timestamp) {
        self.change(slot, at, |order| {
            for line in &mut order.lines {
                if line.status != Status::Cancelled {
                    line.status = status;
                    line.cancel_asked_by = None;
                }
            }
            order.status = status;
        });
    }
}

/// What an order's status is when its lines differ: shipped once every living line is.
pub(crate) fn overall(order: &Order) -> Status {
    let living = || order.lines.iter().filter(|line| line.status != Status::Cancelled);
    let gone = |line: &Line| matches!(line.status, Status::Shipped | Status::Delivered);
    if living().next().is_none() {
        Status::Cancelled
    } else if living().all(gone) && order.status != Status::Delivered {
        Status::Shipped
    } else {
        order.status
    }
}

fn spelled(packed: &Packed) -> serde_json::Value {
    json!({
        "parcelNumber": packed.parcel.number,
        "carrierName": packed.parcel.carrier,
        "trackingUrl": packed.parcel.url,
        "orderLineIds": packed.lines,
    })
}
