//! Answers that are wrong altogether.

use axum::body::Body;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::response::Response;

use crate::faults::FaultBody;
use crate::problem::Problem;

/// No JSON any more.
pub(crate) fn broken(mut body: Vec<u8>) -> Vec<u8> {
    body.truncate(body.len() * 2 / 3);
    body.extend_from_slice(b",,\"\x01oops\"}");
    body
}

/// Another status, from a proxy or from the platform.
pub(crate) fn wrong(status: u16, body: FaultBody) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let html =
        format!("<html><head><title>{status}</title></head><body><h1>{status}</h1></body></html>");
    let mut answer = match body {
        FaultBody::Html => ([(header::CONTENT_TYPE, "text/html")], html).into_response(),
        FaultBody::Empty => Body::empty().into_response(),
        FaultBody::Problem => {
            let title = status.canonical_reason().unwrap_or("Error");
            Problem::new(status, title).because("A fault was injected.").into_response()
        }
    };
    *answer.status_mut() = status;
    if status.is_redirection() {
        let elsewhere = HeaderValue::from_static("/elsewhere");
        answer.headers_mut().insert(header::LOCATION, elsewhere);
    }
    answer
}

/// 429, with any `Retry-After`.
pub(crate) fn throttled(retry_after: Option<String>) -> Response {
    let mut answer = Problem::too_many("Too many calls.", None).into_response();
    if let Some(value) = retry_after.and_then(|text| HeaderValue::from_str(&text).ok()) {
        answer.headers_mut().insert(header::RETRY_AFTER, value);
    }
    answer
}
