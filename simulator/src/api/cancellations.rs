//! Cancellations: the reasons, the two kinds of request, and the list of requests.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::api::params;
use crate::api::params::Pairs;
use crate::api::parsed;
use crate::api::required;
use crate::auth::Caller;
use crate::cancellations::Cancellation;
use crate::channels::channel;
use crate::model::Order;
use crate::model::Party;
use crate::model::Status;
use crate::problem::Problem;
use crate::reasons::REASONS;
use crate::review;
use crate::rules::cancellation;
use crate::rules::cancellation::Named;
use crate::state::Market;
use crate::state::Shared;
use crate::state::lock;

const USERS: [&str; 3] = ["Seller", "Customer", "GrcOperator"];

/// `GET /cancellation-reasons`; nothing public says how the answer is wrapped.
pub(crate) async fn reasons(
    State(shared): State<Shared>,
    _: Caller,
    Query(query): Query<Pairs>,
) -> Result<Json<Value>, Problem> {
    let unknown = |name: &str, word: &str| {
        Problem::invalid(name, format!("The value '{word}' is not valid for {name}."))
    };
    let needed = |name: &str| {
        params::one(&query, name)
            .ok_or_else(|| Problem::invalid(name, format!("The {name} field is required.")))
    };
    let id = needed("salesChannel")?;
    channel(id).ok_or_else(|| unknown("salesChannel", id))?;
    let user = needed("userType")?;
    if !USERS.contains(&user) {
        return Err(unknown("userType", user));
    }
    let status = params::one(&query, "orderStatus");
    let status = status.map(|word| {
        let known = word.parse().ok().filter(|status| *status != Status::CancelRequest);
        known.ok_or_else(|| unknown("orderStatus", word))
    });
    let status = status.transpose()?;
    let market = lock(&shared);
    let wanted = REASONS.iter().filter(|reason| {
        !market.withdrawn.contains(reason.code)
            && status.is_none_or(|status| reason.statuses.contains(&status))
    });
    let spell = wanted.map(|reason| {
        let statuses: Vec<&str> = reason.statuses.iter().map(|status| status.as_str()).collect();
        json!({ "code": reason.code, "label": reason.label, "orderStatuses": statuses })
    });
    Ok(Json(spell.collect()))
}

/// `POST /order-cancellation-requests`
pub(crate) async fn post(
    State(shared): State<Shared>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let body = parsed(&body)?;
    let id = required::text(&body, "", "orderSellerId");
    let reason = required::text(&body, "", "reason");
    let refund = required::flag(&body, "", "shippingCostRefund");
    let (id, reason, refund) = required::all((id, reason, refund))?;
    let mut market = lock(&shared);
    let now = market.now();
    let slot = found(&market, &caller, &id)?;
    let wish = cancellation::whole(&market, slot, Party::Api, &reason, refund)?;
    let index = market.ask(slot, wish, now);
    Ok(registered(&market.cancellations[index]))
}

/// `POST /order-partial-cancellation-requests`
pub(crate) async fn post_partial(
    State(shared): State<Shared>,
    caller: Caller,
    body: Bytes,
) -> Result<Response, Problem> {
    let body = parsed(&body)?;
    let id = required::text(&body, "", "orderSellerId")?;
    let lines = body.get("lines").and_then(Value::as_array).filter(|lines| !lines.is_empty());
    let lines = lines
        .ok_or_else(|| Problem::invalid("lines", "A non-empty array of lines is required."))?;
    let named: Vec<Named> = lines
        .iter()
        .enumerate()
        .map(|(index, line)| named(line, index))
        .collect::<Result<_, _>>()?;
    let mut market = lock(&shared);
    let now = market.now();
    let slot = found(&market, &caller, &id)?;
    let wish = cancellation::partial(&market, slot, &named)?;
    let index = market.ask(slot, wish, now);
    Ok(registered(&market.cancellations[index]))
}

fn named(line: &Value, index: usize) -> Result<Named, Problem> {
    let at = format!("lines[{index}].");
    let (id, offer) = (required::text(line, &at, "lineId"), required::text(line, &at, "offerId"));
    let reason = required::text(line, &at, "reason");
    let refund = required::flag(line, &at, "shippingCostRefund");
    let (id, offer) = required::both((id, offer))?;
    let (reason, shipping_cost_refund) = required::both((reason, refund))?;
    Ok(Named { line: id, offer, reason, shipping_cost_refund })
}

fn found(market: &Market, caller: &Caller, id: &str) -> Result<usize, Problem> {
    market.find(caller.seller_index, id).ok_or_else(|| Problem::not_found(&format!("Order {id}")))
}

fn registered(request: &Cancellation) -> Response {
    let body = json!({ "cancellationRequestId": request.id });
    (StatusCode::CREATED, Json(body)).into_response()
}

/// `GET /order-cancellation-requests`, oldest first.
pub(crate) async fn list(
    State(shared): State<Shared>,
    caller: Caller,
    Query(query): Query<Pairs>,
) -> Result<Response, Problem> {
    let [order, id] =
        ["orderSellerId", "cancellationRequestId"].map(|name| params::one(&query, name));
    if order.is_none() && id.is_none() {
        let why = "At least one of orderSellerId, cancellationRequestId is required.";
        return Err(Problem::invalid("orderSellerId", why));
    }
    let page = params::page(&query)?;
    let [line, offer, on] =
        ["lineId", "offerId", "salesChannel"].map(|name| params::one(&query, name));
    let mut market = lock(&shared);
    let moment = market.now();
    let moment = market.visible(moment);
    let fits = |wanted: Option<&str>, value: &str| wanted.is_none_or(|wanted| wanted == value);
    let wanted = |request: &Cancellation| {
        let of = &market.orders[request.slot];
        let about = |asked: &crate::cancellations::CancelledLine| {
            fits(line, &asked.id)
                && of.lines.iter().any(|line| line.id == asked.id && fits(offer, &line.offer_id()))
        };
        of.seller_index == caller.seller_index
            && fits(order, &of.id)
            && fits(id, &request.id)
            && fits(on, of.channel.id)
            && request.lines.iter().any(about)
    };
    let seen = market.cancellations.iter().filter(|request| wanted(request));
    let seen = seen.filter_map(|request| request.at(moment));
    let items: Vec<Value> = seen
        .skip((page.index - 1).saturating_mul(page.size))
        .take(page.size)
        .map(|request| spelled(&market.orders[request.slot], &request))
        .collect();
    let pages = params::links("/order-cancellation-requests", &query, page, items.len());
    Ok(params::listed(market.readings.envelope, &items, pages))
}

fn spelled(order: &Order, request: &Cancellation) -> Value {
    let user = match request.by {
        Party::Api | Party::Portal => order.seller_id.clone(),
        Party::Customer => format!("C{}", order.buyer.number),
        Party::Operator => "GRC-0042".to_owned(),
        Party::System => "0".to_owned(),
    };
    let line = |asked: &crate::cancellations::CancelledLine| {
        let known = order.lines.iter().find(|line| line.id == asked.id);
        json!({
            "lineId": asked.id,
            "offerId": known.map(crate::model::Line::offer_id),
            "reason": asked.reason,
            "shippingCostRefund": asked.shipping_cost_refund,
            "status": request.status.as_str(),
            "errors": request.errors,
        })
    };
    let first = request.lines.first().filter(|_| request.whole);
    json!({
        "cancellationRequestId": request.id,
        "orderSellerId": order.id,
        "salesChannel": order.channel.id,
        "status": request.status.as_str(),
        "reason": first.map(|line| &line.reason),
        "shippingCostRefund": first.map(|line| line.shipping_cost_refund),
        "user": { "type": review::user_type(request.by), "id": user },
        "lines": request.lines.iter().map(line).collect::<Vec<_>>(),
        "createdAt": request.created_at.to_string(),
        "updatedAt": request.updated_at.to_string(),
        "errors": request.errors,
    })
}
