//! Reviews and limits: what the marketplace will refuse, withdraw or lower from now on.

use axum::Json;
use axum::extract::Path;
use axum::extract::State;
use axum::http::StatusCode;
use jiff::SignedDuration;
use serde::Deserialize;

use crate::channels::GestureLimit;
use crate::channels::channel;
use crate::reasons;
use crate::review::Rejection;
use crate::review::Review;
use crate::state::Shared;
use crate::state::lock;
use crate::wire;

/// `{"kind":"cancellation|gesture|invoice","order":"…","words":"…"}`; any order if none is said.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Rejected {
    kind: Review,
    order: Option<String>,
    words: String,
}

pub(crate) async fn reject(
    State(shared): State<Shared>,
    Json(Rejected { kind, order, words }): Json<Rejected>,
) -> StatusCode {
    lock(&shared).rejections.push(Rejection { kind, order, words });
    StatusCode::NO_CONTENT
}

pub(crate) async fn withdraw(State(shared): State<Shared>, Path(code): Path<String>) -> StatusCode {
    if reasons::reason(&code).is_none() {
        return StatusCode::NOT_FOUND;
    }
    lock(&shared).withdrawn.insert(code);
    StatusCode::NO_CONTENT
}

#[derive(Deserialize)]
pub(crate) struct Lag {
    seconds: f64,
}

pub(crate) async fn read_lag(State(shared): State<Shared>, Json(lag): Json<Lag>) -> StatusCode {
    let Ok(lag) = SignedDuration::try_from_secs_f64(lag.seconds) else {
        return StatusCode::BAD_REQUEST;
    };
    lock(&shared).readings.read_lag = lag;
    StatusCode::NO_CONTENT
}

/// `{"channel":"CDISFR","rate":5,"max":10.00}`: percent, and an amount of the channel's currency.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct NewLimit {
    channel: String,
    rate: u32,
    max: serde_json::Number,
}

pub(crate) async fn gesture_limit(
    State(shared): State<Shared>,
    Json(new): Json<NewLimit>,
) -> StatusCode {
    let Some(channel) = channel(&new.channel) else { return StatusCode::NOT_FOUND };
    let Some(max) = wire::cents(&new.max.to_string()) else { return StatusCode::BAD_REQUEST };
    let limit = GestureLimit { rate: new.rate, max };
    lock(&shared).gesture_limits.insert(channel.id, limit);
    StatusCode::NO_CONTENT
}
