//! "Cancel an Order": what may be cancelled, when, and for which reason.

use std::collections::HashSet;

use crate::cancellations::CancelledLine;
use crate::cancellations::Wish;
use crate::model::Line;
use crate::model::Order;
use crate::model::Party;
use crate::model::Status;
use crate::model::SupplyMode;
use crate::problem::Problem;
use crate::readings::Readings;
use crate::reasons;
use crate::reasons::Reason;
use crate::review::Progress;
use crate::state::Market;

/// One line of a partial request, as sent.
#[derive(Clone, Debug)]
pub(crate) struct Named {
    pub(crate) line: String,
    pub(crate) offer: String,
    pub(crate) reason: String,
    pub(crate) shipping_cost_refund: bool,
}

/// The whole order, one reason, "including all lines".
pub(crate) fn whole(
    market: &Market,
    slot: usize,
    by: Party,
    reason: &str,
    shipping_cost_refund: bool,
) -> Result<Wish, Problem> {
    let reason = known(market, "reason", reason)?;
    let order = &market.orders[slot];
    if !reason.statuses.contains(&order.status) {
        return Err(not_now(reason, "an order", order.status));
    }
    let earlier = market.cancellations.iter().filter(|request| request.slot == slot);
    if earlier.clone().any(|request| !request.whole && request.status != Progress::Rejected) {
        return Err(Problem::conflict("The order has partially cancelled lines already."));
    }
    let mut wish = Wish::of(order, by, reason.code, |status| status != Status::Cancelled);
    for line in &mut wish.lines {
        line.shipping_cost_refund = shipping_cost_refund;
    }
    for line in order.lines.iter().filter(|line| line.status != Status::Cancelled) {
        free(line)?;
        warehouse(line, market.readings)?;
    }
    Ok(wish)
}

/// "Only the specified lines", each with its own reason.
pub(crate) fn partial(market: &Market, slot: usize, named: &[Named]) -> Result<Wish, Problem> {
    let reasons = named
        .iter()
        .enumerate()
        .map(|(index, named)| known(market, &format!("lines[{index}].reason"), &named.reason));
    let reasons: Vec<&Reason> = reasons.collect::<Result<_, _>>()?;
    let order = &market.orders[slot];
    if !order.channel.partial_cancellation {
        let why = format!("{} does not allow partial cancellation.", order.channel.name);
        return Err(Problem::unprocessable("lines", why));
    }
    let mut seen = HashSet::new();
    let mut lines = Vec::new();
    for (named, reason) in named.iter().zip(reasons) {
        let line = matching(order, named)?;
        if !seen.insert(&named.line) {
            let why = format!("Line {} is named twice.", line.id);
            return Err(Problem::conflict(why));
        }
        free(line)?;
        if !reason.statuses.contains(&line.status) {
            return Err(not_now(reason, "a line", line.status));
        }
        warehouse(line, market.readings)?;
        lines.push(CancelledLine {
            id: line.id.clone(),
            reason: reason.code.to_owned(),
            shipping_cost_refund: named.shipping_cost_refund,
            before: line.status,
        });
    }
    Ok(Wish { whole: false, by: Party::Api, lines })
}

fn known(market: &Market, field: &str, code: &str) -> Result<&'static Reason, Problem> {
    let known = reasons::reason(code).filter(|reason| !market.withdrawn.contains(reason.code));
    known.ok_or_else(|| {
        Problem::invalid(field, format!("The cancellation reason '{code}' is not valid."))
    })
}

fn not_now(reason: &Reason, what: &str, status: Status) -> Problem {
    let code = reason.code;
    Problem::conflict(format!("Reason '{code}' cannot cancel {what} in {status} status."))
}

/// "Why is Offerid required": the line and its offer must belong together.
fn matching<'a>(order: &'a Order, named: &Named) -> Result<&'a Line, Problem> {
    let line = order.lines.iter().find(|line| line.id == named.line).ok_or_else(|| {
        let why = format!("Line {} is not in this order.", named.line);
        Problem::unprocessable("lineId", why)
    })?;
    if line.offer_id() == named.offer {
        return Ok(line);
    }
    let why = format!("Offer {} is not the offer of line {}.", named.offer, named.line);
    Err(Problem::unprocessable("offerId", why))
}

/// "Re-submitting a cancellation for the same line will trigger a 409 Conflict".
fn free(line: &Line) -> Result<(), Problem> {
    if !matches!(line.status, Status::CancelRequest | Status::Cancelled) {
        return Ok(());
    }
    let why = format!("A cancellation of line {} was requested already.", line.id);
    Err(Problem::conflict(why))
}

/// Warehouses: once it has left, says the current page; never, says the older one.
fn warehouse(line: &Line, readings: Readings) -> Result<(), Problem> {
    let gone = matches!(line.status, Status::Shipped | Status::Delivered);
    let allowed = gone && !readings.warehouse_lines_stay;
    if line.supply_mode == SupplyMode::Seller || allowed {
        return Ok(());
    }
    let (mode, status) = (line.supply_mode.as_str(), line.status);
    let why = format!("Line {} ({mode}) cannot be cancelled from {status} status.", line.id);
    Err(Problem::conflict(why))
}
