//! `GET /carriers`: the list as measured, repeated codes included.

use axum::http::header;
use axum::response::IntoResponse;

use crate::auth::Caller;

const CARRIERS: &str = include_str!("../carriers.json");

pub(crate) async fn get(_: Caller) -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json; charset=utf-8")], CARRIERS)
}
