//! `POST /orders/{orderId}/approval-status`: accept or refuse.

use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::State;
use axum::response::Response;

use crate::api::created;
use crate::api::parsed;
use crate::auth::Caller;
use crate::model::Party;
use crate::problem::Problem;
use crate::rules;
use crate::state::Shared;
use crate::state::lock;

pub(crate) async fn post(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let body = parsed(&body)?;
    let accepted = match body.get("approval_status").and_then(|status| status.as_str()) {
        Some("Accepted") => true,
        Some("Refused") => false,
        Some(word) => {
            let why = format!("The value '{word}' is not valid. Expected: Accepted, Refused.");
            return Err(Problem::invalid("approval_status", why));
        }
        None => {
            let why = "The approval_status field is required.";
            return Err(Problem::invalid("approval_status", why));
        }
    };
    let mut market = lock(&shared);
    let now = market.now();
    let slot = market
        .find(caller.seller_index, &id)
        .ok_or_else(|| Problem::not_found(&format!("Order {id}")))?;
    rules::approval(&market.orders[slot], accepted)?;
    market.approve(slot, accepted, Party::Api, now);
    Ok(created(&market, slot))
}
