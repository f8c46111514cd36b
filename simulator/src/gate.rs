//! What every call to the platform passes: the log, the faults and the holds.

use std::time::Duration;

use axum::body::Body;
use axum::body::Bytes;
use axum::body::to_bytes;
use axum::extract::ConnectInfo;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts;
use axum::middleware::Next;
use axum::response::IntoResponse as _;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::api::orders::Drift;
use crate::api::orders::Stale;
use crate::calls::Call;
use crate::connection::Control;
use crate::connection::Manner;
use crate::faults::FaultKind;
use crate::faults::Hit;
use crate::hold::Trap;
use crate::hold::Verdict;
use crate::hold::When;
use crate::matcher::Seen;
use crate::problem::Problem;
use crate::spoil;
use crate::state::Shared;
use crate::state::lock;
use crate::uploads;
use crate::wrong;

const LARGEST_BODY: usize = 32 * 1024 * 1024;

/// What becomes of a call.
enum Outcome {
    Answer(Response),
    Cut,
    Hang,
}

pub(crate) async fn pass(
    State(shared): State<Shared>,
    ConnectInfo(control): ConnectInfo<Control>,
    request: Request,
    next: Next,
) -> Response {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(body, LARGEST_BODY).await else {
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large").into_response();
    };
    let logged = logged(&parts, &body).await;
    let seen = seen(&parts, &logged);
    let (number, hits, trap) = {
        let mut market = lock(&shared);
        let at = market.now();
        let number = market.log(call(&parts, &seen, logged, at));
        (number, market.faults.hitting(&seen), market.holds.take(&seen))
    };
    let request = Request::from_parts(parts, Body::from(body));
    let on_its_way = Passage { shared: shared.clone(), control: control.clone(), hits, trap };
    // A server carries on when its client goes away, so the call gets a task of its own.
    let outcome = tokio::spawn(on_its_way.carry(request, next)).await;
    match outcome {
        Ok(Outcome::Answer(answer)) => {
            lock(&shared).answered(number, answer.status().as_u16());
            answer
        }
        Ok(Outcome::Hang) => std::future::pending().await,
        Ok(Outcome::Cut) | Err(_) => {
            control.set(Manner::Reset);
            StatusCode::INTERNAL_SERVER_ERROR.into_response()
        }
    }
}

fn seen(parts: &Parts, logged: &Value) -> Seen {
    let seller_id = parts.headers.get("SellerId").and_then(|id| id.to_str().ok());
    Seen {
        method: parts.method.to_string(),
        path: parts.uri.path().to_owned(),
        seller_id: seller_id.map(str::to_owned),
        about: format!("{} {logged}", parts.uri),
    }
}

/// What the log keeps of a body: no secrets, and of files only names and sizes.
async fn logged(parts: &Parts, body: &Bytes) -> Value {
    if parts.uri.path().ends_with("/token") {
        return client_id(body);
    }
    if body.is_empty() {
        return Value::Null;
    }
    if uploads::is_multipart(&parts.headers) {
        let request = Request::from_parts(parts.clone(), Body::from(body.clone()));
        let uploads = uploads::read(request).await.unwrap_or_default();
        return uploads::logged(&uploads);
    }
    let text = || Value::String(String::from_utf8_lossy(body).into_owned());
    serde_json::from_slice(body).unwrap_or_else(|_| text())
}

fn call(parts: &Parts, seen: &Seen, body: Value, at: jiff::Timestamp) -> Call {
    Call {
        number: 0,
        method: seen.method.clone(),
        path: seen.path.clone(),
        query: parts.uri.query().unwrap_or_default().to_owned(),
        seller_id: seen.seller_id.clone(),
        status: 0,
        body,
        at,
    }
}

/// Of a token call only who asks: secrets stay out of the log.
fn client_id(body: &Bytes) -> Value {
    let text = String::from_utf8_lossy(body);
    let id = text.split('&').find_map(|pair| pair.strip_prefix("client_id="));
    json!({ "client_id": id })
}

/// One call on its way through faults, handler and holds.
struct Passage {
    shared: Shared,
    control: Control,
    hits: Vec<Hit>,
    trap: Option<Trap>,
}

impl Passage {
    async fn carry(mut self, mut request: Request, next: Next) -> Outcome {
        for hit in self.hits.clone() {
            match hit.kind {
                FaultKind::Status { status, body, when: When::Before } => {
                    return Outcome::Answer(wrong::wrong(status, body));
                }
                FaultKind::TooMany { retry_after } => {
                    return Outcome::Answer(wrong::throttled(retry_after));
                }
                FaultKind::Reset { when: When::Before } => return Outcome::Cut,
                FaultKind::Hang { when: When::Before } => return Outcome::Hang,
                FaultKind::Delay { ms, when: When::Before } => pause(ms).await,
                FaultKind::Late { ms } => {
                    tokio::spawn(async move {
                        pause(ms).await;
                        next.run(request).await;
                    });
                    return Outcome::Hang;
                }
                FaultKind::TokenExpired => self.expire_token(&request),
                FaultKind::DuplicatePage => {
                    request.extensions_mut().insert(Drift::Pages(-1));
                }
                FaultKind::Drift { by } => {
                    request.extensions_mut().insert(Drift::Places(by));
                }
                FaultKind::StaleRead => {
                    request.extensions_mut().insert(Stale);
                }
                FaultKind::Status { .. }
                | FaultKind::Reset { .. }
                | FaultKind::Hang { .. }
                | FaultKind::Delay { .. }
                | FaultKind::SlowDrip { .. }
                | FaultKind::Truncated
                | FaultKind::UnknownEnum
                | FaultKind::MissingFields
                | FaultKind::ExtraFields
                | FaultKind::MalformedOrder
                | FaultKind::BrokenJson => {}
            }
        }
        if self.park(When::Before).await == Verdict::Cut {
            return Outcome::Cut;
        }
        let answer = next.run(request).await;
        if self.park(When::After).await == Verdict::Cut {
            return Outcome::Cut;
        }
        self.finish(answer).await
    }

    async fn park(&mut self, when: When) -> Verdict {
        match &mut self.trap {
            Some(trap) if trap.when == when => trap.park().await,
            _ => Verdict::Go,
        }
    }

    async fn finish(&self, mut answer: Response) -> Outcome {
        for hit in &self.hits {
            match &hit.kind {
                FaultKind::Status { status, body, when: When::After } => {
                    answer = wrong::wrong(*status, *body);
                }
                FaultKind::Reset { when: When::After } => return Outcome::Cut,
                FaultKind::Hang { when: When::After } => return Outcome::Hang,
                FaultKind::Delay { ms, when: When::After } => pause(*ms).await,
                FaultKind::SlowDrip { byte_ms } => {
                    self.control.set(Manner::Drip(Duration::from_millis(*byte_ms)));
                    close(&mut answer);
                }
                FaultKind::Truncated => answer = self.truncated(answer).await,
                FaultKind::BrokenJson => answer = reworked(answer, wrong::broken).await,
                FaultKind::UnknownEnum
                | FaultKind::MissingFields
                | FaultKind::ExtraFields
                | FaultKind::MalformedOrder => {
                    answer = reworked(answer, |body| self.spoiled(hit, body)).await;
                }
                FaultKind::Status { .. }
                | FaultKind::TooMany { .. }
                | FaultKind::Reset { .. }
                | FaultKind::Hang { .. }
                | FaultKind::Delay { .. }
                | FaultKind::Late { .. }
                | FaultKind::TokenExpired
                | FaultKind::DuplicatePage
                | FaultKind::Drift { .. }
                | FaultKind::StaleRead => {}
            }
        }
        Outcome::Answer(answer)
    }

    fn expire_token(&self, request: &Request) {
        let bearer = request.headers().get(header::AUTHORIZATION);
        if let Some((_, token)) = bearer.and_then(|value| value.to_str().ok()?.split_once(' ')) {
            lock(&self.shared).tokens.revoke(token);
        }
    }

    fn spoiled(&self, hit: &Hit, body: Vec<u8>) -> Vec<u8> {
        let Ok(mut json) = serde_json::from_slice::<Value>(&body) else { return body };
        let targets = spoil::targets(&mut json, &hit.kind, hit.order.as_deref());
        if targets.is_empty() || !lock(&self.shared).faults.fires(hit.id) {
            return body;
        }
        for order in targets {
            spoil::spoil(order, &hit.kind);
        }
        serde_json::to_vec(&json).unwrap_or(body)
    }

    /// Half of the body; an empty body becomes one that is announced and never comes.
    async fn truncated(&self, answer: Response) -> Response {
        let mut sent = 0;
        let mut answer = reworked(answer, |body| {
            let body = if body.is_empty() { b"{\"orderId\":\"".to_vec() } else { body };
            sent = body.len() / 2;
            body
        })
        .await;
        self.control.set(Manner::Truncate(sent));
        close(&mut answer);
        answer
    }
}

async fn pause(ms: u64) {
    tokio::time::sleep(Duration::from_millis(ms)).await;
}

fn close(answer: &mut Response) {
    answer.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
}

/// The answer with another body.
async fn reworked(answer: Response, rework: impl FnOnce(Vec<u8>) -> Vec<u8>) -> Response {
    let (mut parts, body) = answer.into_parts();
    let body = to_bytes(body, usize::MAX).await.unwrap_or_default();
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(rework(body.to_vec())))
}
