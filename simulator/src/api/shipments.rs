//! `POST /orders/{orderId}/shipments`: declare parcels.

use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use crate::actors::Packed;
use crate::api::created;
use crate::api::parsed;
use crate::auth::Caller;
use crate::model::Parcel;
use crate::model::Party;
use crate::problem::Problem;
use crate::rules;
use crate::state::Market;
use crate::state::Shared;
use crate::state::lock;

pub(crate) async fn post(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    body: Bytes,
) -> Result<Response, Problem> {
    let packed = parse(&parsed(&body)?)?;
    let mut market = lock(&shared);
    let now = market.now();
    let slot = market
        .find(caller.seller_index, &id)
        .ok_or_else(|| Problem::not_found(&format!("Order {id}")))?;
    rules::shipment(&market.orders[slot], &packed, market.readings)?;
    unused(&market, slot, &packed)?;
    market.ship(slot, &packed, Party::Api, now);
    Ok(created(&market, slot))
}

/// A parcel number belongs to one order of the seller.
pub(crate) fn unused(market: &Market, slot: usize, packed: &[Packed]) -> Result<(), Problem> {
    let used = &market.accounts[market.orders[slot].seller_index].parcels;
    let taken =
        |packed: &&Packed| used.get(&packed.parcel.number).is_some_and(|owner| *owner != slot);
    packed.iter().find(taken).map_or(Ok(()), |packed| {
        let number = &packed.parcel.number;
        Err(Problem::conflict(format!("Parcel number {number} is already used by another order.")))
    })
}

fn parse(body: &Value) -> Result<Vec<Packed>, Problem> {
    let items = body
        .as_array()
        .filter(|items| !items.is_empty())
        .ok_or_else(|| Problem::invalid("$", "A non-empty array of parcels is required."))?;
    let mut problem = Problem::new(StatusCode::BAD_REQUEST, "Validation Failed");
    let mut packed = Vec::new();
    for (index, item) in items.iter().enumerate() {
        let mut refuse = |field: &str, why: &str| {
            let unready = Problem::new(StatusCode::BAD_REQUEST, "Validation Failed");
            let so_far = std::mem::replace(&mut problem, unready);
            problem = so_far.with(&format!("[{index}].{field}"), why);
        };
        let number = text(item, "parcelNumber");
        let carrier = text(item, "carrierName");
        if number.is_none() {
            refuse("parcelNumber", "The parcelNumber field is required.");
        }
        if carrier.is_none() {
            refuse("carrierName", "The carrierName field is required.");
        }
        let lines = line_ids(item);
        if lines.is_empty() {
            refuse("orderLineIds", "At least one order line id is required.");
        }
        let url = item.get("trackingUrl").filter(|url| !url.is_null());
        let url_text = url.and_then(Value::as_str);
        if url.is_some() && !url_text.is_some_and(rules::is_tracking_url) {
            refuse("trackingUrl", "The trackingUrl field is not a valid tracking URL.");
        }
        let parcel = Parcel {
            number: number.unwrap_or_default(),
            carrier: carrier.unwrap_or_default(),
            url: url_text.map(str::to_owned),
        };
        packed.push(Packed { parcel, lines });
    }
    if problem.has_errors() { Err(problem) } else { Ok(packed) }
}

fn text(item: &Value, field: &str) -> Option<String> {
    let text = item.get(field)?.as_str()?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn line_ids(item: &Value) -> Vec<String> {
    let ids = item.get("orderLineIds").and_then(Value::as_array).map(Vec::as_slice);
    let ids = ids.unwrap_or_default().iter().filter_map(Value::as_str).map(str::to_owned);
    let mut ids: Vec<String> = ids.collect();
    ids.sort();
    ids.dedup();
    ids
}
