//! Shipping, as the marketplace does it: `octopia-contract` 3.2.

use crate::domain::action::Ship;
use crate::domain::order::Line;
use crate::domain::order::Parcel;
use crate::domain::order::Status;
use crate::domain::request::Asker;
use crate::domain::request::Request;
use crate::domain::request::Standing;
use crate::marketplace::Verdict;
use crate::marketplace::Wanted;
use crate::sold::Sold;

impl Sold {
    pub fn ship(&mut self, ship: &Ship, wanted: Wanted) -> Verdict {
        if self.order.status != Status::InPreparation {
            return Verdict::Conflict;
        }
        let named = |id: &str| ship.parcels.iter().any(|it| it.line_ids.iter().any(|it| it == id));
        let ready = |id: &str| {
            let line = self.order.lines.iter().find(|it| it.id == id);
            line.is_some_and(|it| match it.status {
                Status::InPreparation => true,
                Status::CancelRequest => self.cdiscount && self.asked_by_customer(id),
                Status::Processing
                | Status::WaitingAcceptance
                | Status::Accepted
                | Status::Shipped
                | Status::Delivered
                | Status::Cancelled
                | Status::Refused
                | Status::Rejected
                | Status::Other(_) => false,
            })
        };
        if !ship.parcels.iter().flat_map(|it| &it.line_ids).all(|it| ready(it)) {
            return Verdict::Conflict;
        }
        let left = |it: &Line| it.status == Status::InPreparation && !named(&it.id);
        let whole = ship.parcels.len() == 1 && !self.order.lines.iter().any(left);
        if self.cdiscount && !whole {
            return Verdict::Refused;
        }
        for parcel in &ship.parcels {
            self.order.parcels.push(Parcel {
                number: parcel.number.clone(),
                carrier: parcel.carrier.clone(),
                tracking_url: None,
                line_ids: parcel.line_ids.clone(),
            });
        }
        // Parts, and several parcels, are worked through a moment later: until then nothing refuses the
        // same again. The portal's are done at once.
        if whole || wanted == Wanted::InPortal {
            self.work_through();
        }
        Verdict::Applied(None)
    }

    fn asked_by_customer(&self, line_id: &str) -> bool {
        self.requests.iter().any(|it| match it {
            Request::Cancellation(it) => {
                it.asked_by == Some(Asker::Customer)
                    && it.standing == Standing::InProgress
                    && (it.lines.is_empty() || it.lines.iter().any(|it| it.line_id == line_id))
            }
            Request::Gesture(_) | Request::Invoice(_) => false,
        })
    }

    /// Lines that are in a parcel are shipped, and the order with the last of them.
    pub fn work_through(&mut self) {
        let parcels = &self.order.parcels;
        for line in &mut self.order.lines {
            let packed = parcels.iter().any(|it| it.line_ids.contains(&line.id));
            if packed && matches!(line.status, Status::InPreparation | Status::CancelRequest) {
                line.status = Status::Shipped;
            }
        }
        self.follow_lines();
    }
}
