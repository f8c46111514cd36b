//! Orders as the marketplace knows them, and what actors do to them.

use axum::Json;
use axum::body::Bytes;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::channels::channel;
use crate::draft::OrderDraft;
use crate::model::Line;
use crate::model::Order;
use crate::model::Status;
use crate::model::SupplyMode;
use crate::portal::Deed;
use crate::state::Shared;
use crate::state::lock;
use crate::wire;

type Answer = Result<(StatusCode, Json<Value>), (StatusCode, Json<Value>)>;

#[derive(Deserialize)]
pub(crate) struct Wanted {
    seller: Option<String>,
    status: Option<String>,
}

pub(crate) async fn list(
    State(shared): State<Shared>,
    Query(wanted): Query<Wanted>,
) -> Json<Value> {
    let mut market = lock(&shared);
    market.now();
    let is_wanted = |order: &&Order| {
        wanted.seller.as_ref().is_none_or(|seller| order.seller == *seller)
            && wanted.status.as_ref().is_none_or(|status| order.status.as_str() == status)
    };
    Json(market.orders.iter().filter(is_wanted).map(summary).collect())
}

pub(crate) async fn get(State(shared): State<Shared>, Path(id): Path<String>) -> Answer {
    let mut market = lock(&shared);
    market.now();
    let order = market.by_id.get(&id).map(|slot| &market.orders[*slot]);
    let order = order.ok_or_else(|| refused(StatusCode::NOT_FOUND, "No such order."))?;
    let mut body = Vec::new();
    wire::write(order, market.readings, &mut body);
    let mut answer = summary(order);
    answer["wire"] = serde_json::from_slice(&body).unwrap_or_default();
    Ok((StatusCode::OK, Json(answer)))
}

/// A draft: everything is optional but the seller's name.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Draft {
    seller: String,
    status: Option<String>,
    channel: Option<String>,
    lines: Option<usize>,
    supply_mode: Option<String>,
    ship_by: Option<jiff::Timestamp>,
}

pub(crate) async fn add(State(shared): State<Shared>, Json(draft): Json<Draft>) -> Answer {
    let wrong = |what: &str| refused(StatusCode::BAD_REQUEST, what);
    let mut order = OrderDraft::new(&draft.seller).lines(draft.lines.unwrap_or(1));
    if let Some(status) = &draft.status {
        status.parse::<Status>().map_err(|_| wrong("No such status."))?;
        order = order.status(status);
    }
    if let Some(id) = &draft.channel {
        channel(id).ok_or_else(|| wrong("No such channel."))?;
        order = order.channel(id);
    }
    if let Some(modes) = &draft.supply_mode {
        let known = |mode: &str| mode.trim().parse::<SupplyMode>().is_ok();
        if !modes.split(',').all(known) {
            return Err(wrong("No such supply mode."));
        }
        order = order.supply_mode(modes);
    }
    if let Some(at) = draft.ship_by {
        order = order.ship_by(at);
    }
    let id = lock(&shared).add(&order).ok_or_else(|| wrong("No such seller."))?;
    Ok((StatusCode::CREATED, Json(json!({ "id": id }))))
}

/// `POST /_sim/orders/{id}/{approve|refuse|ship|cancel|ask-cancellation|…}`; `ship` takes
/// `{"carrier", "number"}`, `cancel` may take `{"lines": […]}`, `give` takes `{"reason", "amount", "details"}`.
pub(crate) async fn act(
    State(shared): State<Shared>,
    Path((id, deed)): Path<(String, String)>,
    body: Bytes,
) -> Answer {
    let body: Value = serde_json::from_slice(&body).unwrap_or_default();
    let text = |field: &str, default: String| body[field].as_str().map_or(default, str::to_owned);
    let deed = match deed.as_str() {
        "approve" => Deed::Approve,
        "refuse" => Deed::Refuse,
        "ship" => Deed::Ship {
            carrier: text("carrier", "Colissimo".to_owned()),
            number: text("number", format!("PORTAL{id}")),
        },
        "cancel" if body["lines"].is_array() => {
            let lines = body["lines"].as_array().into_iter().flatten();
            let lines = lines.filter_map(Value::as_str).map(str::to_owned).collect();
            Deed::CancelLines { lines }
        }
        "cancel" => Deed::Cancel,
        "ask-cancellation" => Deed::AskCancellation,
        "operator-asks-cancellation" => Deed::OperatorAsks,
        "grant-cancellation" => Deed::GrantCancellation,
        "deny-cancellation" => Deed::DenyCancellation,
        "give" => Deed::Give {
            reason: text("reason", "Other".to_owned()),
            amount: wire::cents(&body["amount"].to_string()).unwrap_or(100),
            details: Some(text("details", "Geste commercial".to_owned())),
        },
        "deliver" => Deed::Deliver,
        _ => return Err(refused(StatusCode::NOT_FOUND, "No such deed.")),
    };
    let mut market = lock(&shared);
    market.act(&id, &deed).map_err(|why| refused(StatusCode::CONFLICT, &why.0))?;
    let order = market.by_id.get(&id).map(|slot| summary(&market.orders[*slot]));
    Ok((StatusCode::OK, Json(order.unwrap_or_default())))
}

fn refused(status: StatusCode, why: &str) -> (StatusCode, Json<Value>) {
    (status, Json(json!({ "error": why })))
}

fn summary(order: &Order) -> Value {
    json!({
        "id": order.id,
        "reference": order.reference,
        "seller": order.seller,
        "channel": order.channel.id,
        "status": order.status.as_str(),
        "created_at": order.created_at,
        "updated_at": order.updated_at,
        "ship_by": order.ship_by,
        "lines": order.lines.iter().map(line).collect::<Vec<_>>(),
    })
}

fn line(line: &Line) -> Value {
    let numbers: Vec<&str> = line.parcels.iter().map(|parcel| parcel.number.as_str()).collect();
    json!({
        "id": line.id,
        "status": line.status.as_str(),
        "quantity": line.quantity,
        "supply_mode": line.supply_mode.as_str(),
        "cancel_asked_by": line.cancel_asked_by.map(crate::Party::as_str),
        "parcels": numbers,
    })
}
