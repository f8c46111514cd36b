//! The log of calls and the ledger of effects.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde_json::Value;
use serde_json::json;

use crate::calls::Call;
use crate::model::Effect;
use crate::state::Shared;
use crate::state::lock;

pub(crate) async fn list(State(shared): State<Shared>) -> Json<Vec<Call>> {
    Json(lock(&shared).calls.iter().cloned().collect())
}

pub(crate) async fn clear(State(shared): State<Shared>) -> StatusCode {
    lock(&shared).calls.clear();
    StatusCode::NO_CONTENT
}

pub(crate) async fn ledger(State(shared): State<Shared>) -> Json<Value> {
    let mut market = lock(&shared);
    market.now();
    let spell = |effect: &Effect| {
        json!({
            "order_id": effect.order_id,
            "kind": effect.kind,
            "by": effect.by.as_str(),
            "body": effect.body,
            "at": effect.at,
        })
    };
    Json(market.ledger.iter().map(spell).collect())
}
