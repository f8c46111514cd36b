//! One line in the log per request, and the number that finds it again.

use std::fmt;
use std::time::Instant;

use axum::extract::MatchedPath;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument;
use tracing::Span;
use tracing::field;
use uuid::Uuid;

use crate::web::AppState;
use crate::web::peer::Peer;
use crate::workflow::audit;
use crate::workflow::audit::Origin;

/// The number of a request, shown on error pages. Always ours: one from outside could be anything.
#[derive(Debug, Clone, Default)]
pub struct RequestId(String);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The request's own span: within the layers, the current one may be another's.
#[derive(Debug, Clone)]
pub struct Log(Span);

impl Log {
    /// Says in each further line who it is.
    pub fn user(&self, id: i64) {
        self.0.record("user", id);
    }
}

/// Numbers the request and logs how it was answered: the route, never the address with its query, and
/// never a body, because both may hold personal data.
pub async fn trace(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let id = short_id();
    let peer = Peer::of(&request, &state.settings.trusted_proxies);
    request.extensions_mut().insert(peer);
    request.extensions_mut().insert(RequestId(id.clone()));
    let route = request.extensions().get::<MatchedPath>().map_or("-", MatchedPath::as_str);
    let origin = Origin { request_id: Some(id.clone()), peer: peer.0 };
    let client = peer.0.map(field::display);
    // Who it is shows once the session is read (`session::find`).
    let span = tracing::info_span!(
        "request", request_id = id, method = %request.method(), route, client, user = field::Empty
    );
    request.extensions_mut().insert(Log(span.clone()));
    async move {
        let start = Instant::now();
        let mut response = audit::within(origin, next.run(request)).await;
        let millis = u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX);
        tracing::info!(status = response.status().as_u16(), millis, "answered");
        if let Ok(value) = HeaderValue::from_str(&id) {
            response.headers_mut().insert("x-request-id", value);
        }
        response
    }
    .instrument(span)
    .await
}

/// Ten characters that a person can read out; a collision would only make a search in the log longer.
fn short_id() -> String {
    let mut id = Uuid::new_v4().simple().to_string();
    id.truncate(10);
    id
}
