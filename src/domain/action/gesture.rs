//! Give the customer some money back, as a gesture.
//!
//! Orders-management, "Make a commercial gesture": once shipped, where the channel allows it, within its rate
//! and amount on the order without its cancelled lines. Nothing at the marketplace refuses the same gesture
//! twice while the first is under review, so that one is never sent again by itself (`reliability` 0).

use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;
use serde::Deserialize;
use serde::Serialize;

use crate::domain::action::Blocked;
use crate::domain::action::Evidence;
use crate::domain::action::Facts;
use crate::domain::action::Live;
use crate::domain::action::Misfit;
use crate::domain::action::Spec;
use crate::domain::delivery::Reading;
use crate::domain::operator::Ceiling;
use crate::domain::operator::Permission;
use crate::domain::order::Status;
use crate::domain::request::GestureRequest;
use crate::domain::request::Standing;

/// The longest explanation, in characters; what identifies the gesture is added to it.
pub const DETAILS_LENGTH: usize = 400;
/// The reason that has to be explained.
pub const OTHER: &str = "Other";
/// The reasons that the documents name; more exist, whose codes nobody published (`octopia-contract` 9.6).
pub const REASONS: [&str; 3] = ["MissingProduct", "ShippingFees", OTHER];

/// The operator's input.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Gesture {
    /// The reason's code.
    pub reason: String,
    /// What there is to say about it.
    pub details: Option<String>,
    /// How much, VAT included.
    pub amount: Decimal,
    /// ISO 4217.
    pub currency: String,
}

/// What the channel and the order allow, as just read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Limits {
    /// Whether the channel has gestures at all.
    pub allowed: bool,
    /// The channel's rate on the order, in percent.
    pub rate: Option<Decimal>,
    /// The channel's own maximum.
    pub most: Option<Decimal>,
    /// What the order is worth without its cancelled lines.
    pub order_amount: Decimal,
    /// What was given already, or is under review.
    pub given: Decimal,
    /// What may still be given.
    pub remaining: Decimal,
    /// ISO 4217.
    pub currency: String,
}

/// What one person gave away in a currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Given {
    /// ISO 4217.
    pub currency: String,
    /// How much, the gestures together.
    pub amount: Decimal,
}

/// When the day began by which ceilings are counted: the account's.
pub fn day_began(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let today = now.to_zoned(zone.clone()).start_of_day();
    today.map_or(now, |it| it.timestamp())
}

/// What the operator's role lets them give in that currency: its ceiling, and what is left of it today.
/// Nothing, if their role has no ceiling.
pub fn allowance(facts: &Facts<'_>, currency: &str) -> Option<(Ceiling, Decimal)> {
    let ceiling = facts.role.gesture_ceiling()?;
    let given = facts.given_today.iter().filter(|it| it.currency == currency);
    let given: Decimal = given.map(|it| it.amount).sum();
    Some((ceiling, (ceiling.per_day - given).max(Decimal::ZERO)))
}

/// What the marketplace said of a channel's gestures, and of what an order has left.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Answers {
    /// `allowsGesture`.
    pub allowed: Option<bool>,
    /// In percent.
    pub rate: Option<Decimal>,
    /// The fixed maximum.
    pub most: Option<Decimal>,
    /// ISO 4217.
    pub currency: Option<String>,
    /// `allowableAmount` of the order.
    pub allowable: Option<Decimal>,
    /// The order's amount, as the marketplace computes it.
    pub order_amount: Option<Decimal>,
    /// What it counts as given.
    pub given: Option<Decimal>,
}

pub(super) const SPEC: Spec = Spec {
    permission: Permission::Gesture,
    allowed_from: &[Status::Shipped, Status::Delivered],
    nature: |facts| {
        if facts.channel.rules.gestures == Some(false) {
            Err(Blocked::NoGestures { channel: facts.channel.name.clone() })
        } else {
            Ok(())
        }
    },
    guard: |_| Ok(()),
    guarded_remotely: false,
};

/// The limits that follow from what the marketplace said: the lowest of all it named.
pub fn limits(facts: &Facts<'_>, answers: &Answers) -> Limits {
    let order = facts.order;
    let order_amount = answers.order_amount.unwrap_or_else(|| living_amount(facts));
    let of_mirror = facts.requests.gestures().filter(|it| it.standing != Standing::Rejected);
    let of_mirror: Decimal = of_mirror.filter_map(|it| it.amount).sum();
    let given = answers.given.unwrap_or(of_mirror);
    let by_rate = answers.rate.map(|rate| {
        let share = order_amount * rate / Decimal::ONE_HUNDRED;
        share.round_dp_with_strategy(2, RoundingStrategy::ToZero)
    });
    let of_channel = [by_rate, answers.most].into_iter().flatten().min();
    let left = of_channel.map(|it| it - given);
    let remaining = [left, answers.allowable].into_iter().flatten().min();
    Limits {
        allowed: answers.allowed.unwrap_or(true),
        rate: answers.rate,
        most: answers.most,
        order_amount,
        given,
        remaining: remaining.unwrap_or_default().max(Decimal::ZERO),
        currency: answers.currency.clone().unwrap_or_else(|| order.amounts.currency.clone()),
    }
}

/// What the customer paid for the lines that are not cancelled.
fn living_amount(facts: &Facts<'_>) -> Decimal {
    let cancelled = |line: &&crate::domain::order::Line| line.status == Status::Cancelled;
    let of_line = |line: &crate::domain::order::Line| {
        let goods = line.selling_unit_price? * Decimal::from(line.quantity);
        Some(goods + line.shipping_cost.unwrap_or_default())
    };
    let lost: Decimal = facts.order.lines.iter().filter(cancelled).filter_map(of_line).sum();
    (facts.order.amounts.selling_total - lost).max(Decimal::ZERO)
}

impl Gesture {
    pub(super) fn fit(&self, facts: &Facts<'_>) -> Vec<Misfit> {
        let mut misfits = Vec::new();
        if self.reason.is_empty() {
            misfits.push(Misfit::ReasonMissing(None));
        }
        let details = self.details.as_deref().unwrap_or_default();
        if self.reason == OTHER && details.is_empty() {
            misfits.push(Misfit::DetailsMissing);
        } else if details.chars().count() > DETAILS_LENGTH {
            misfits.push(Misfit::DetailsTooLong);
        }
        if self.amount <= Decimal::ZERO {
            misfits.push(Misfit::AmountMissing);
        } else if self.amount.normalize().scale() > 2 {
            misfits.push(Misfit::AmountTooFine);
        }
        let mut remaining = None;
        if let Live::Gesture(limits) = facts.live {
            if !limits.allowed {
                misfits.push(Misfit::GesturesClosed);
            } else if self.currency != limits.currency {
                misfits.push(Misfit::CurrencyChanged(limits.currency.clone()));
            } else {
                remaining = Some(limits.remaining);
            }
        }
        misfits.extend(self.too_much(facts, remaining));
        let same = |it: &&GestureRequest| {
            it.standing != Standing::Rejected
                && it.amount == Some(self.amount)
                && it.reason.as_deref() == Some(&*self.reason)
        };
        if let Some(same) = facts.requests.gestures().find(same) {
            let (at, standing) = (same.created_at, same.standing.clone());
            misfits.push(Misfit::GestureAlready { amount: self.amount, at, standing });
        }
        misfits
    }

    /// Why the amount is too high, if it is: of the marketplace's limit and the role's, the lowest.
    fn too_much(&self, facts: &Facts<'_>, remaining: Option<Decimal>) -> Option<Misfit> {
        let own = allowance(facts, &self.currency).into_iter().flat_map(|(ceiling, left)| {
            let Ceiling { per_act, per_day } = ceiling;
            [(per_act, Misfit::OverCeiling(per_act)), (left, Misfit::OverDay { per_day, left })]
        });
        let of_marketplace = remaining.map(|it| (it, Misfit::AmountOver(it)));
        let limits = of_marketplace.into_iter().chain(own);
        let exceeded = limits.filter(|(most, _)| self.amount > *most);
        exceeded.min_by_key(|(most, _)| *most).map(|(_, misfit)| misfit)
    }

    /// The explanation with the mark that tells this gesture from one that looks the same.
    pub fn marked_details(&self, marker: &str) -> String {
        match &self.details {
            Some(details) => format!("{details} #{marker}"),
            None => format!("#{marker}"),
        }
    }

    pub(super) fn reading(&self, evidence: &Evidence<'_>) -> Reading {
        let mark = format!("#{}", evidence.marker);
        let marked = |it: &&GestureRequest| {
            it.details.as_deref().is_some_and(|details| details.contains(&mark))
        };
        if let Some(ours) = evidence.new_gestures().find(marked) {
            return Reading::Found { reference: Some(ours.id.clone()) };
        }
        // Where details are not repeated nothing tells ours from another's: a person must look.
        let alike = |it: &GestureRequest| {
            it.details.is_none() && it.amount.is_none_or(|amount| amount == self.amount)
        };
        if evidence.new_gestures().any(alike) { Reading::Unclear } else { Reading::Absent }
    }
}
