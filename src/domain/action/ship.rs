//! Declare the parcels of an order, before the carrier collects them.
//!
//! Orders-management, "Ship an order": from `InPreparation`, for lines that are `InPreparation` and the
//! seller's; carrier and number are mandatory; the channel decides about several parcels and parts.

use std::collections::HashSet;

use serde::Deserialize;
use serde::Serialize;

use crate::domain::action::Blocked;
use crate::domain::action::Facts;
use crate::domain::action::Misfit;
use crate::domain::action::Spec;
use crate::domain::delivery::Reading;
use crate::domain::operator::Permission;
use crate::domain::order;
use crate::domain::order::Line;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::request::Asker;
use crate::domain::request::Cancellation;
use crate::domain::tracking_link;

/// The longest name of a carrier that is sent, in characters.
pub const CARRIER_LENGTH: usize = 50;
/// The longest tracking number that is sent, in characters.
pub const NUMBER_LENGTH: usize = 60;

/// The operator's input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ship {
    /// At least one.
    pub parcels: Vec<Parcel>,
}

/// One parcel to declare.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Parcel {
    /// The carrier's label in the marketplace's list, or free text.
    pub carrier: String,
    /// What the customer follows the parcel with.
    pub number: String,
    /// Where the customer follows it.
    pub tracking_url: Option<String>,
    /// The lines in it.
    pub line_ids: Vec<String>,
}

/// What the form may offer, and what [`Ship::fit`] insists on.
#[derive(Debug, PartialEq)]
pub struct Limits<'a> {
    /// The lines still to be shipped.
    pub lines: Vec<&'a Line>,
    /// There may be a second parcel.
    pub several_parcels: bool,
    /// A line may be in several parcels.
    pub line_in_several_parcels: bool,
    /// Lines may be left for later.
    pub partial: bool,
}

pub(super) const SPEC: Spec = Spec {
    permission: Permission::Ship,
    allowed_from: &[Status::InPreparation],
    nature: |facts| match facts.order.supply_mode() {
        SupplyMode::Seller => Ok(()),
        other @ (SupplyMode::Fulfillment | SupplyMode::Xdock | SupplyMode::Other(_)) => {
            Err(Blocked::NotOursToShip(other))
        }
    },
    guard: |facts| {
        if limits(facts).lines.is_empty() { Err(Blocked::NothingToShip) } else { Ok(()) }
    },
    guarded_remotely: true,
};

/// What may be shipped now, and how.
pub fn limits<'a>(facts: &Facts<'a>) -> Limits<'a> {
    let rules = facts.channel.rules;
    Limits {
        lines: to_ship(facts).collect(),
        several_parcels: rules.several_parcels,
        line_in_several_parcels: rules.line_in_several_parcels,
        partial: rules.partial_shipment,
    }
}

fn to_ship<'a>(facts: &Facts<'a>) -> impl Iterator<Item = &'a Line> {
    let facts = *facts;
    facts.order.lines.iter().filter(move |line| {
        line.supply_mode == SupplyMode::Seller
            && (line.status == Status::InPreparation || is_shippable_cancel_request(&facts, line))
    })
}

/// "Cdiscount now supports shipping `CancelRequest` lines": those whose cancellation the customer asked for.
fn is_shippable_cancel_request(facts: &Facts<'_>, line: &Line) -> bool {
    let by_customer = |it: &Cancellation| it.asked_by == Some(Asker::Customer);
    facts.channel.rules.ships_cancel_requests
        && line.status == Status::CancelRequest
        && facts.requests.cancellation_of(&line.id).is_some_and(by_customer)
}

/// Everything that has to leave, in one parcel. What its customer wants to cancel is not in it: it may have left
/// already, which only a person knows.
pub fn whole(facts: &Facts<'_>, carrier: &str, number: &str, tracking_url: Option<&str>) -> Ship {
    let to_leave = to_ship(facts).filter(|it| it.status != Status::CancelRequest);
    Ship {
        parcels: vec![Parcel {
            carrier: carrier.to_owned(),
            number: number.to_owned(),
            tracking_url: tracking_url.map(str::to_owned),
            line_ids: to_leave.map(|it| it.id.clone()).collect(),
        }],
    }
}

impl Ship {
    pub(super) fn fit(&self, facts: &Facts<'_>) -> Vec<Misfit> {
        let limits = limits(facts);
        let mut misfits = Vec::new();
        if self.parcels.is_empty() {
            misfits.push(Misfit::NoParcel);
        }
        if self.parcels.len() > 1 && !limits.several_parcels {
            misfits.push(Misfit::OneParcelOnly);
        }
        let mut numbers = HashSet::new();
        let mut placed = HashSet::new();
        for (index, parcel) in self.parcels.iter().enumerate() {
            misfits.extend(parcel.fit(index));
            if !parcel.number.is_empty() && !numbers.insert(parcel.number.as_str()) {
                misfits.push(Misfit::NumberTwice(index));
            }
            for line in &parcel.line_ids {
                if !limits.lines.iter().any(|it| it.id == *line) {
                    misfits.push(Misfit::LineNotToShip { parcel: index, line: line.clone() });
                } else if !placed.insert(line.as_str()) && !limits.line_in_several_parcels {
                    let line = line.clone();
                    misfits.push(Misfit::LineInSeveralParcels { parcel: index, line });
                }
            }
        }
        if !limits.partial {
            // What a customer wants to cancel may be shipped; it does not have to be.
            let must_go = limits.lines.iter().filter(|it| it.status == Status::InPreparation);
            let left_out = must_go.filter(|it| !placed.contains(it.id.as_str()));
            misfits.extend(left_out.map(|line| Misfit::LineLeftOut(line.id.clone())));
        }
        misfits
    }

    pub(super) fn reading(&self, order: &Order) -> Reading {
        // The number alone proves nothing: an earlier parcel with other lines may carry it.
        let holds = |it: &order::Parcel, line: &String| it.line_ids.contains(line);
        let known = |ours: &Parcel| {
            order.parcels.iter().any(|it| {
                let told = !it.line_ids.is_empty();
                it.number == ours.number
                    && (!told || ours.line_ids.iter().all(|line| holds(it, line)))
            })
        };
        if self.parcels.iter().all(known) {
            Reading::Found { reference: None }
        } else if order.status == Status::InPreparation {
            Reading::Absent
        } else {
            Reading::Superseded
        }
    }

    /// Whether this ships all there is to ship in one parcel, so that the marketplace's own state machine
    /// refuses a second one. Read again after the effect, the lines are no longer to be shipped: what is
    /// asked is whether one would be left.
    pub(super) fn is_whole(&self, order: &Order) -> bool {
        let [parcel] = self.parcels.as_slice() else { return false };
        let waits = |line: &&Line| {
            line.status == Status::InPreparation && line.supply_mode == SupplyMode::Seller
        };
        order.lines.iter().filter(waits).all(|line| parcel.line_ids.contains(&line.id))
    }
}

impl Parcel {
    fn fit(&self, index: usize) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        if self.carrier.is_empty() {
            misfits.push(Misfit::CarrierMissing(index));
        } else if self.carrier.chars().count() > CARRIER_LENGTH {
            misfits.push(Misfit::CarrierTooLong(index));
        }
        if self.number.is_empty() {
            misfits.push(Misfit::NumberMissing(index));
        } else if self.number.chars().count() > NUMBER_LENGTH {
            misfits.push(Misfit::NumberTooLong(index));
        }
        if let Some(Err(problem)) = self.tracking_url.as_deref().map(tracking_link::check) {
            misfits.push(Misfit::Link(index, problem));
        }
        if self.line_ids.is_empty() {
            misfits.push(Misfit::EmptyParcel(index));
        }
        misfits
    }
}
