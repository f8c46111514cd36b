//! The endpoints of the Seller API, one file per resource.

pub(crate) mod approval;
pub(crate) mod cancellations;
pub(crate) mod carriers;
mod cursor;
pub(crate) mod filters;
pub(crate) mod gestures;
pub(crate) mod invoices;
pub(crate) mod orders;
pub(crate) mod params;
mod required;
pub(crate) mod sellers;
pub(crate) mod shipments;

use axum::Json;
use axum::body::Bytes;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::problem::Problem;
use crate::state::Market;

/// 201 after a write; what its body holds is not documented.
fn created(market: &Market, slot: usize) -> Response {
    if !market.readings.writes_answer_with_body {
        return StatusCode::CREATED.into_response();
    }
    let order = &market.orders[slot];
    let body = json!({ "orderId": order.id, "status": order.status.as_str() });
    (StatusCode::CREATED, Json(body)).into_response()
}

/// Reads a JSON body, with the platform's words when it is none.
fn parsed(body: &Bytes) -> Result<Value, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        Problem::invalid("$", format!("The JSON value could not be converted. {error}"))
    })
}
