//! Faults over HTTP, e.g. `{"kind":"reset","when":"after","method":"POST","path":"/shipments"}`.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::faults::Fault;
use crate::state::Shared;
use crate::state::lock;

pub(crate) async fn list(State(shared): State<Shared>) -> Json<Value> {
    Json(json!(lock(&shared).faults.list()))
}

pub(crate) async fn add(
    State(shared): State<Shared>,
    Json(fault): Json<Fault>,
) -> (StatusCode, Json<Value>) {
    let id = lock(&shared).faults.add(fault);
    (StatusCode::CREATED, Json(json!({ "id": id })))
}

pub(crate) async fn clear(State(shared): State<Shared>) -> StatusCode {
    lock(&shared).faults.clear();
    StatusCode::NO_CONTENT
}
