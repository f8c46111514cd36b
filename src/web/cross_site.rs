//! Forms are taken from our own pages only (`reliability` S-8).
//!
//! That cookies are `SameSite` is not enough: a page on another port of the same host is of the same site,
//! and what it posts comes with the cookie. So the browser is asked who sends, which needs no token in any
//! form. `tower_http::csrf` asks the same, but lets in what does not say, and takes an origin of another
//! scheme for ours; it cannot be set to do otherwise.

use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::header;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::web::AppState;
use crate::web::Settings;
use crate::web::error::Error;

/// Lets in what would change something only if a page of ours sends it.
pub async fn refuse(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if request.method().is_safe() {
        return next.run(request).await;
    }
    match sender(request.headers(), &state.settings) {
        Sender::Ourselves => next.run(request).await,
        Sender::Another => Error::CrossSite.into_response(),
        Sender::Unknown => Error::NoSender.into_response(),
    }
}

/// Which page a browser says it sends from.
enum Sender {
    Ourselves,
    Another,
    Unknown,
}

fn sender(headers: &HeaderMap, settings: &Settings) -> Sender {
    let mut sites = headers.get_all("sec-fetch-site").iter().peekable();
    if sites.peek().is_some() {
        // `none` is the person, who had the browser send a form again, as after a crash.
        let ours = sites.all(|it| it == "same-origin" || it == "none");
        return if ours { Sender::Ourselves } else { Sender::Another };
    }
    // Browsers leave that out where there is no https, and old ones do everywhere.
    let mut origins = headers.get_all(header::ORIGIN).iter().peekable();
    if origins.peek().is_none() {
        return Sender::Unknown;
    }
    let scheme = if settings.secure_cookies { "https" } else { "http" };
    let host = headers.get(header::HOST).map_or(&b""[..], |it| it.as_bytes());
    let ours = [scheme.as_bytes(), b"://", host].concat();
    if origins.all(|it| it.as_bytes().eq_ignore_ascii_case(&ours)) {
        Sender::Ourselves
    } else {
        Sender::Another
    }
}
