//! "Make a commercial gesture": its prerequisites and important notes.

use axum::http::StatusCode;
use jiff::Timestamp;

use crate::gestures::Gift;
use crate::model::Status;
use crate::problem::Problem;
use crate::review::Progress;
use crate::state::Market;
use crate::wire;

/// The documents name the first three and say that there are more.
const REASONS: [&str; 5] = ["MissingProduct", "ShippingFees", "Other", "Delay", "ReturnFees"];

pub(crate) fn gesture(
    market: &Market,
    slot: usize,
    gift: &Gift,
    now: Timestamp,
) -> Result<(), Problem> {
    let order = &market.orders[slot];
    worded(gift)?;
    if market.gesture_limit(order.channel).is_none() {
        let why = format!("{} does not allow commercial gestures.", order.channel.name);
        return Err(Problem::new(StatusCode::FORBIDDEN, "Forbidden").because(why));
    }
    if !matches!(order.status, Status::Shipped | Status::Delivered) {
        return Err(Problem::conflict(format!(
            "A commercial gesture cannot be made from {} status.",
            order.status
        )));
    }
    let same = market.gestures.iter().any(|earlier| {
        earlier.slot == slot
            && earlier.status == Progress::Done
            && earlier.reason == gift.reason
            && earlier.amount == gift.amount
    });
    if same {
        return Err(Problem::conflict("The same commercial gesture was processed already."));
    }
    let left = market.allowance(order, slot, now).left;
    if gift.amount > left {
        let why = format!("The amount exceeds the allowable amount of {}.", wire::amount(left));
        return Err(Problem::unprocessable("amount", why));
    }
    Ok(())
}

fn worded(gift: &Gift) -> Result<(), Problem> {
    let reason = gift.reason.as_str();
    if !REASONS.contains(&reason) {
        let why = format!("The value '{reason}' is not valid for reason.");
        return Err(Problem::invalid("reason", why));
    }
    if reason == "Other" && gift.details.is_none() {
        let why = "The reasonDetails field is required when reason is Other.";
        return Err(Problem::invalid("reasonDetails", why));
    }
    Ok(())
}
