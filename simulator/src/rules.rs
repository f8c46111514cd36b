//! What the marketplace allows, written from its documents and from nothing else.

pub(crate) mod cancellation;
pub(crate) mod gesture;

use std::collections::HashSet;

use crate::actors::Packed;
use crate::model::Line;
use crate::model::Order;
use crate::model::Party;
use crate::model::Status;
use crate::model::SupplyMode;
use crate::problem::Problem;
use crate::readings::Readings;

/// "Approve an order": Cdiscount only, and only while it waits for acceptance.
pub(crate) fn approval(order: &Order, accepted: bool) -> Result<(), Problem> {
    let wanted = if accepted { "accepted" } else { "refused" };
    if !order.channel.approval {
        let name = order.channel.name;
        return Err(Problem::conflict(format!("Sales channel {name} has no order approval.")));
    }
    if order.status != Status::WaitingAcceptance {
        return Err(Problem::conflict(format!(
            "Cannot switch to {wanted} status from {} status.",
            order.status
        )));
    }
    Ok(())
}

/// "Ship an order", its important notes, and the page on `CancelRequest` lines.
pub(crate) fn shipment(
    order: &Order,
    packed: &[Packed],
    readings: Readings,
) -> Result<(), Problem> {
    let ready = |status| {
        status == Status::InPreparation || readings.ship_when_accepted && status == Status::Accepted
    };
    if !ready(order.status) {
        return Err(Problem::conflict(format!(
            "Cannot switch to shipped status from {} status.",
            order.status
        )));
    }
    let named: HashSet<&str> =
        packed.iter().flat_map(|packed| &packed.lines).map(String::as_str).collect();
    for id in &named {
        let line = order.lines.iter().find(|line| line.id == *id);
        let line = line.ok_or_else(|| {
            Problem::unprocessable("orderLineIds", format!("Line {id} is not in this order."))
        })?;
        shippable(order, line, ready)?;
    }
    channel_rules(order, packed, &named)
}

fn shippable(order: &Order, line: &Line, ready: impl Fn(Status) -> bool) -> Result<(), Problem> {
    let refuse = |why: String| Err(Problem::unprocessable("orderLineIds", why));
    if line.supply_mode != SupplyMode::Seller {
        let mode = line.supply_mode.as_str();
        return refuse(format!("Line {} has supply mode {mode}: its warehouse ships it.", line.id));
    }
    if line.status == Status::CancelRequest {
        let by_customer = line.cancel_asked_by == Some(Party::Customer);
        if order.channel.ships_cancel_requests && by_customer {
            return Ok(());
        }
        return refuse(format!(
            "Cannot switch line {} to shipped status: a cancellation was requested.",
            line.id
        ));
    }
    if !ready(line.status) {
        return refuse(format!(
            "Cannot switch line {} to shipped status from {} status.",
            line.id, line.status
        ));
    }
    Ok(())
}

fn channel_rules(order: &Order, packed: &[Packed], named: &HashSet<&str>) -> Result<(), Problem> {
    let channel = order.channel;
    if packed.len() > 1 && !channel.several_parcels {
        let why = format!("{} accepts one parcel per complete order.", channel.name);
        return Err(Problem::unprocessable("parcelNumber", why));
    }
    let mut seen = HashSet::new();
    let spread = packed.iter().flat_map(|packed| &packed.lines).find(|id| !seen.insert(*id));
    if let (Some(id), false) = (spread, channel.split_lines) {
        let why = format!("{} does not accept line {id} in several parcels.", channel.name);
        return Err(Problem::unprocessable("orderLineIds", why));
    }
    let left_out = order.lines.iter().find(|line| {
        let must_go = line.supply_mode == SupplyMode::Seller
            && matches!(line.status, Status::InPreparation | Status::Accepted);
        must_go && !named.contains(line.id.as_str())
    });
    if let (Some(line), false) = (left_out, channel.partial_shipment) {
        let why = format!(
            "{} does not allow partial shipment: line {} is missing.",
            channel.name, line.id
        );
        return Err(Problem::unprocessable("orderLineIds", why));
    }
    Ok(())
}

/// The documents' regular expression for tracking links, read as the .NET engine reads it.
///
/// `^(http(s?)|HTTP(S?))\:\/\/[0-9a-zA-Z]([-.\w]*[0-9a-zA-Z])*(:(0-9)*)*(\/?)([…]*)?$`, where
/// `(0-9)` is a literal and `\w` is Unicode. It accepts two of the three examples that the same
/// page calls invalid, and ports only by accident.
pub(crate) fn is_tracking_url(url: &str) -> bool {
    let schemes = ["https://", "http://", "HTTPS://", "HTTP://"];
    let Some(rest) = schemes.into_iter().find_map(|scheme| url.strip_prefix(scheme)) else {
        return false;
    };
    if !rest.starts_with(|first: char| first.is_ascii_alphanumeric()) {
        return false;
    }
    let host_char = |c: char| c.is_alphanumeric() || matches!(c, '-' | '.' | '_');
    let host_end = rest.find(|c: char| !host_char(c)).unwrap_or(rest.len());
    let host = rest[..host_end].trim_end_matches(|c: char| !c.is_ascii_alphanumeric());
    let mut tail = &rest[host.len()..];
    while let Some(after_colon) = tail.strip_prefix(':') {
        tail = after_colon;
        while let Some(after_literal) = tail.strip_prefix("0-9") {
            tail = after_literal;
        }
    }
    tail.chars().all(|c| c.is_ascii_alphanumeric() || "-.?,~'/\\+&%$#_=!".contains(c))
}
