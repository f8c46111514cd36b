//! Time and credentials.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::Value;
use serde_json::json;

use crate::state::Shared;
use crate::state::lock;

#[derive(Deserialize)]
pub(crate) struct Advance {
    seconds: i64,
}

pub(crate) async fn advance(
    State(shared): State<Shared>,
    Json(advance): Json<Advance>,
) -> Json<Value> {
    let mut market = lock(&shared);
    market.advance(SignedDuration::from_secs(advance.seconds));
    Json(json!({ "now": market.now() }))
}

pub(crate) async fn revoke_tokens(State(shared): State<Shared>) -> StatusCode {
    lock(&shared).tokens.revoke_all();
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
pub(crate) struct NewSecret {
    seller: String,
    secret: String,
}

pub(crate) async fn set_secret(
    State(shared): State<Shared>,
    Json(new): Json<NewSecret>,
) -> StatusCode {
    let mut market = lock(&shared);
    let Some(index) = market.seller_index(&new.seller) else { return StatusCode::NOT_FOUND };
    market.accounts[index].seller.client_secret = new.secret;
    StatusCode::NO_CONTENT
}
