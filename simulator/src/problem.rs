//! Errors as the platform words them: `application/problem+json` with a map of field errors.

use std::collections::BTreeMap;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;

use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Serialize;

/// A refusal; often the cause is only in `errors`, as real clients found out.
#[derive(Debug)]
pub(crate) struct Problem(Box<Body>);

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Body {
    #[serde(rename = "type")]
    kind: String,
    title: String,
    status: u16,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    trace_id: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    errors: BTreeMap<String, Vec<String>>,
    #[serde(skip)]
    retry_after: Option<u64>,
}

impl Problem {
    pub(crate) fn new(status: StatusCode, title: &str) -> Self {
        Self(Box::new(Body {
            kind: format!("https://httpstatuses.io/{}", status.as_u16()),
            title: title.to_owned(),
            status: status.as_u16(),
            detail: None,
            trace_id: trace_id(),
            errors: BTreeMap::new(),
            retry_after: None,
        }))
    }

    /// 400 with one field named.
    pub(crate) fn invalid(field: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "Validation Failed").with(field, message)
    }

    /// 409: the resource is in a state that forbids it.
    pub(crate) fn conflict(detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let problem = Self::new(StatusCode::CONFLICT, "Conflict");
        problem.with("status", detail.clone()).because(detail)
    }

    /// 422: understood, but against a business rule.
    pub(crate) fn unprocessable(field: &str, message: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, "Validation Failed").with(field, message)
    }

    pub(crate) fn not_found(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "Not Found").because(format!("{what} was not found."))
    }

    pub(crate) fn unauthorized(detail: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "Unauthorized").because(detail)
    }

    pub(crate) fn too_many(detail: &str, retry_after: Option<u64>) -> Self {
        let mut problem = Self::new(StatusCode::TOO_MANY_REQUESTS, "Too Many Requests");
        problem.0.retry_after = retry_after;
        problem.because(detail)
    }

    pub(crate) fn because(mut self, detail: impl Into<String>) -> Self {
        self.0.detail = Some(detail.into());
        self
    }

    pub(crate) fn with(mut self, field: &str, message: impl Into<String>) -> Self {
        self.0.errors.entry(field.to_owned()).or_default().push(message.into());
        self
    }

    /// The same problem with the field errors of another one.
    pub(crate) fn and(mut self, other: Self) -> Self {
        self.0.errors.extend(other.0.errors);
        self
    }

    /// The detail, or else the field errors.
    pub(crate) fn words(self) -> String {
        let Body { detail, errors, .. } = *self.0;
        detail.unwrap_or_else(|| errors.into_values().flatten().collect::<Vec<_>>().join(" "))
    }

    pub(crate) fn has_errors(&self) -> bool {
        !self.0.errors.is_empty()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.0.status).unwrap_or(StatusCode::BAD_REQUEST);
        let body = serde_json::to_vec(&self.0).unwrap_or_default();
        let kind = HeaderValue::from_static("application/problem+json; charset=utf-8");
        let mut answer = (status, [(header::CONTENT_TYPE, kind)], body).into_response();
        if let Some(seconds) = self.0.retry_after {
            answer.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        answer
    }
}

/// A W3C trace id that differs for every answer.
fn trace_id() -> String {
    static COUNT: AtomicU64 = AtomicU64::new(1);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    let mixed = count.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    format!("00-{mixed:016x}{count:016x}-{mixed:016x}-00")
}
