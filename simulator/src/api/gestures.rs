//! Commercial gestures: limits, requests, and the list of requests.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::api::cursor;
use crate::api::filters::words;
use crate::api::params;
use crate::api::params::Pairs;
use crate::api::parsed;
use crate::api::required;
use crate::auth::Caller;
use crate::channels::channel;
use crate::gestures::Gesture;
use crate::gestures::Gift;
use crate::model::Order;
use crate::model::Party;
use crate::problem::Problem;
use crate::readings::Readings;
use crate::review::Progress;
use crate::rules;
use crate::state::Shared;
use crate::state::lock;
use crate::wire;

const PAGE: usize = 100;
const LARGEST_PAGE: usize = 1_000;

/// `GET /sales-channel-commercial-gesture-configurations/{salesChannelId}`
pub(crate) async fn configuration(
    State(shared): State<Shared>,
    _: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let channel = channel(&id).ok_or_else(|| Problem::not_found(&format!("Sales channel {id}")))?;
    let limit = lock(&shared).gesture_limit(channel);
    Ok(Json(json!({
        "salesChannelId": channel.id,
        "allowsGesture": limit.is_some(),
        "maxRate": limit.map(|limit| limit.rate),
        "maxAmount": limit.map(|limit| wire::amount(limit.max)),
        "currency": channel.currency,
    })))
}

/// `GET /orders/{orderId}/commercial-gestures-available-amounts`
pub(crate) async fn available(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let mut market = lock(&shared);
    let now = market.now();
    let moment = market.visible(now);
    let slot = market
        .find(caller.seller_index, &id)
        .ok_or_else(|| Problem::not_found(&format!("Order {id}")))?;
    let order = market.seen(slot, moment);
    let allowance = market.allowance(order, slot, moment);
    Ok(Json(json!({
        "orderId": order.id,
        "allowableAmount": wire::amount(allowance.left),
        "orderAmount": wire::amount(allowance.order),
        "alreadyGivenAmount": wire::amount(allowance.given),
        "currency": order.channel.currency,
    })))
}

/// `POST /order-commercial-gesture-requests`
pub(crate) async fn post(
    State(shared): State<Shared>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let body = parsed(&body)?;
    let fields =
        (required::text(&body, "", "orderId"), required::text(&body, "", "reason"), amount(&body));
    let (id, reason, amount) = required::all(fields)?;
    let details = required::text(&body, "", "reasonDetails").ok();
    let gift = Gift { reason, details, amount };
    let mut market = lock(&shared);
    let now = market.now();
    let slot = market
        .find(caller.seller_index, &id)
        .ok_or_else(|| Problem::not_found(&format!("Order {id}")))?;
    rules::gesture::gesture(&market, slot, &gift, now)?;
    let index = market.ask_gesture(slot, gift, Party::Api, now);
    let gesture = &market.gestures[index];
    let body = json!({ "requestId": gesture.id, "status": gesture.status.as_str() });
    Ok((StatusCode::CREATED, Json(body)).into_response())
}

/// A number of at most two decimals, as cents.
fn amount(body: &Value) -> Result<i64, Problem> {
    let number = body.get("amount").and_then(Value::as_number);
    let cents = number.and_then(|number| wire::cents(&number.to_string()));
    cents.filter(|cents| *cents > 0).ok_or_else(|| {
        let why = "The field amount must be a number above 0 with at most two decimals.";
        Problem::invalid("amount", why)
    })
}

/// `GET /order-commercial-gesture-requests`, oldest first, by cursor.
pub(crate) async fn list(
    State(shared): State<Shared>,
    caller: Caller,
    Query(query): Query<Pairs>,
) -> Result<Response, Problem> {
    let order = params::one(&query, "orderId");
    let statuses = words(&query, "status", progress)?;
    let (created, updated) =
        (params::range(&query, "createdAt")?, params::range(&query, "updatedAt")?);
    if order.is_none() && statuses.is_empty() && !created.is_set() && !updated.is_set() {
        let why = "At least one of orderId, status or dates is required.";
        return Err(Problem::invalid("orderId", why));
    }
    let size = params::number(&query, "limit", PAGE, LARGEST_PAGE)?;
    let start = cursor::read(&query)?;
    let mut market = lock(&shared);
    let now = market.now();
    let moment = market.visible(now);
    let all = market.gestures.iter().enumerate().skip(start);
    let seen = all.filter_map(|(index, gesture)| Some((index, gesture.at(moment)?)));
    let mut found = seen.filter(|(_, gesture)| {
        let of = &market.orders[gesture.slot];
        of.seller_index == caller.seller_index
            && order.is_none_or(|id| of.id == id)
            && (statuses.is_empty() || statuses.contains(&gesture.status))
            && created.contains(gesture.created_at)
            && updated.contains(gesture.updated_at)
    });
    let page: Vec<(usize, Gesture)> = found.by_ref().take(size).collect();
    let next = found.next().map(|(index, _)| index);
    let items: Vec<Value> = page
        .iter()
        .map(|(_, gesture)| spelled(&market.orders[gesture.slot], gesture, market.readings))
        .collect();
    let link = cursor::links("/order-commercial-gesture-requests", &query, next);
    Ok(params::listed(market.readings.envelope, &items, link))
}

fn progress(word: &str) -> Option<Progress> {
    let all = [Progress::InProgress, Progress::Done, Progress::Rejected];
    all.into_iter().find(|progress| progress.as_str() == word)
}

/// `GET /order-commercial-gesture-requests/{requestId}`
pub(crate) async fn get(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let mut market = lock(&shared);
    let now = market.now();
    let moment = market.visible(now);
    let own = |gesture: &&Gesture| {
        gesture.id == id && market.orders[gesture.slot].seller_index == caller.seller_index
    };
    let gesture = market.gestures.iter().find(own).and_then(|gesture| gesture.at(moment));
    let gesture =
        gesture.ok_or_else(|| Problem::not_found(&format!("Commercial gesture request {id}")))?;
    Ok(Json(spelled(&market.orders[gesture.slot], &gesture, market.readings)))
}

fn spelled(order: &Order, gesture: &Gesture, readings: Readings) -> Value {
    let mut item = json!({
        "requestId": gesture.id,
        "orderId": order.id,
        "salesChannel": order.channel.id,
        "status": gesture.status.as_str(),
        "reason": gesture.reason,
        "amount": wire::amount(gesture.amount),
        "currency": order.channel.currency,
        "errors": gesture.errors,
        "createdAt": gesture.created_at.to_string(),
        "updatedAt": gesture.updated_at.to_string(),
    });
    if !readings.gesture_details_not_echoed {
        item["reasonDetails"] = json!(gesture.details);
    }
    item
}
