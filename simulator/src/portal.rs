//! The actors behind the API's back, with the same rules as the API where they are the seller.

use crate::actors::Packed;
use crate::api::shipments;
use crate::cancellations::Wish;
use crate::gestures::Gift;
use crate::model::Line;
use crate::model::Order;
use crate::model::Parcel;
use crate::model::Party;
use crate::model::Status;
use crate::model::SupplyMode;
use crate::rules;
use crate::rules::cancellation;
use crate::rules::cancellation::Named;
use crate::state::Market;

/// Why an actor could not do it, in the marketplace's words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused(pub String);

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Refused {}

/// What an actor does to an order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Deed {
    Approve,
    Refuse,
    Ship { carrier: String, number: String },
    Cancel,
    CancelLines { lines: Vec<String> },
    AskCancellation,
    OperatorAsks,
    GrantCancellation,
    DenyCancellation,
    Deliver,
    Give { reason: String, amount: i64, details: Option<String> },
}

impl Market {
    pub(crate) fn act(&mut self, id: &str, deed: &Deed) -> Result<(), Refused> {
        let now = self.now();
        let slot = self.by_id.get(id).copied();
        let slot = slot.ok_or_else(|| Refused(format!("Order {id} was not found.")))?;
        match deed {
            Deed::Approve | Deed::Refuse => {
                let accepted = *deed == Deed::Approve;
                rules::approval(&self.orders[slot], accepted).map_err(Refused::from)?;
                self.approve(slot, accepted, Party::Portal, now);
            }
            Deed::Ship { carrier, number } => {
                let packed = [whole(&self.orders[slot], carrier, number)];
                rules::shipment(&self.orders[slot], &packed, self.readings)
                    .map_err(Refused::from)?;
                if packed[0].lines.is_empty() {
                    return Err(Refused("There is nothing to ship.".to_owned()));
                }
                shipments::unused(self, slot, &packed).map_err(Refused::from)?;
                self.ship(slot, &packed, Party::Portal, now);
            }
            Deed::Cancel => {
                let status = self.orders[slot].status;
                if !matches!(status, Status::Accepted | Status::InPreparation) {
                    return Err(Refused(format!("Cannot cancel from {status} status.")));
                }
                self.cancel(slot, Party::Portal, now);
            }
            Deed::CancelLines { lines } => {
                let named = named(&self.orders[slot], lines);
                let wish = cancellation::partial(self, slot, &named).map_err(Refused::from)?;
                let wish = Wish { by: Party::Portal, ..wish };
                // In the portal nobody waits.
                let index = self.ask(slot, wish, now);
                self.grant_cancellation(index, now);
            }
            Deed::AskCancellation => self.ask_cancellation(slot, now),
            Deed::OperatorAsks => {
                let reason = "customer-claim";
                let wish = cancellation::whole(self, slot, Party::Operator, reason, true)
                    .map_err(Refused::from)?;
                self.ask(slot, wish, now);
            }
            Deed::GrantCancellation => self.decide_cancellation(slot, true, now),
            Deed::DenyCancellation => self.decide_cancellation(slot, false, now),
            Deed::Deliver => self.deliver(slot, now),
            Deed::Give { reason, amount, details } => {
                let (reason, details, amount) = (reason.clone(), details.clone(), *amount);
                let gift = Gift { reason, details, amount };
                rules::gesture::gesture(self, slot, &gift, now).map_err(Refused::from)?;
                // In the portal nobody waits.
                let index = self.ask_gesture(slot, gift, Party::Portal, now);
                self.give(index, now);
            }
        }
        Ok(())
    }
}

/// One parcel with everything the seller can ship.
fn whole(order: &Order, carrier: &str, number: &str) -> Packed {
    let ready = order.lines.iter().filter(|line| {
        line.supply_mode == SupplyMode::Seller && line.status == Status::InPreparation
    });
    let lines = ready.map(|line| line.id.clone()).collect();
    let (carrier, number) = (carrier.to_owned(), number.to_owned());
    Packed { parcel: Parcel { number, carrier, url: None }, lines }
}

/// Lines with the reason that suits the order's state.
fn named(order: &Order, lines: &[String]) -> Vec<Named> {
    let gone = matches!(order.status, Status::Shipped | Status::Delivered);
    let reason = if gone { "refund-from-seller" } else { "seller-refusal" };
    let offer = |id: &String| {
        let line = order.lines.iter().find(|line| line.id == *id);
        line.map(Line::offer_id).unwrap_or_default()
    };
    let name = |id: &String| Named {
        line: id.clone(),
        offer: offer(id),
        reason: reason.to_owned(),
        shipping_cost_refund: true,
    };
    lines.iter().map(name).collect()
}

impl From<crate::problem::Problem> for Refused {
    fn from(problem: crate::problem::Problem) -> Self {
        Self(problem.words())
    }
}
