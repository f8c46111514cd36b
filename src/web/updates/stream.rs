//! `GET /updates`: tells a page that something changed in an account of its reader's.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::response::sse::Event;
use axum::response::sse::KeepAlive;
use axum::response::sse::Sse;
use futures_util::Stream;
use futures_util::stream;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;
use tokio::time::sleep_until;

use crate::domain::order::AccountId;
use crate::web::connections::Ending;
use crate::web::session::SignedIn;
use crate::web::updates::hub::Hub;
use crate::web::updates::hub::Seat;

/// After this the browser comes again, so that it is asked again who is there: nobody is told anything for longer
/// after a session has ended, or a role or an account was taken away.
const LONGEST: Duration = Duration::from_mins(2);
/// Something is sent so often, so that a connection that is gone is noticed, and no proxy ends one that is not.
const HEARTBEAT: Duration = Duration::from_secs(20);
/// How nginx is told, and whoever understands the same.
const X_ACCEL_BUFFERING: HeaderName = HeaderName::from_static("x-accel-buffering");
/// Browsers pass over an event without data.
const SOMETHING: &str = "1";
/// When the browser comes again after the end.
const RETRY: Duration = Duration::from_secs(2);

/// Tells a browser that waits for events; whoever else asks gets an empty answer, after which browsers do not ask
/// again. They then ask from time to time what there is (`web::updates::since`).
pub async fn stream(
    Extension(hub): Extension<Hub>,
    ending: Option<Extension<Ending>>,
    signed_in: SignedIn,
    headers: HeaderMap,
) -> Response {
    let seat = waits_for_events(&headers).then(|| hub.seat(signed_in.user.operator.id)).flatten();
    let Some(seat) = seat else { return StatusCode::NO_CONTENT.into_response() };
    let accounts = signed_in.accounts.iter().map(|it| it.id.clone()).collect();
    let ending = ending.map(|Extension(it)| it).unwrap_or_default();
    let keep_alive = KeepAlive::new().interval(HEARTBEAT);
    // Neither kept, nor collected by a proxy before it is passed on.
    let headers = [(header::CACHE_CONTROL, "no-store"), (X_ACCEL_BUFFERING, "no")];
    let told = Sse::new(events(seat, accounts, ending)).keep_alive(keep_alive);
    let mut response = told.into_response();
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// Whether that is `EventSource`.
pub fn waits_for_events(headers: &HeaderMap) -> bool {
    headers.get(header::ACCEPT).is_some_and(|it| it == "text/event-stream")
}

struct Telling {
    seat: Seat,
    accounts: Vec<AccountId>,
    ending: Ending,
    until: Instant,
    begun: bool,
}

fn events(
    seat: Seat,
    accounts: Vec<AccountId>,
    ending: Ending,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let until = Instant::now() + LONGEST;
    let telling = Telling { seat, accounts, ending, until, begun: false };
    stream::unfold(telling, |mut telling| async {
        let event = telling.next().await?;
        Some((Ok(event), telling))
    })
}

impl Telling {
    async fn next(&mut self) -> Option<Event> {
        if !self.begun {
            self.begun = true;
            return Some(Event::default().event("ready").data(SOMETHING).retry(RETRY));
        }
        loop {
            let told = tokio::select! {
                () = self.ending.0.cancelled() => return None,
                () = sleep_until(self.until) => return None,
                told = self.seat.changes.recv() => told,
            };
            match told {
                Ok(Some(account)) if !self.accounts.contains(&account) => {}
                Ok(_) | Err(RecvError::Lagged(_)) => {
                    return Some(Event::default().event("orders").data(SOMETHING));
                }
                Err(RecvError::Closed) => return None,
            }
        }
    }
}
