//! What was typed when the session had ended.
//!
//! A form that is posted without a session is answered with the sign-in page, which carries the fields as
//! hidden inputs, through the second factor too; after sign-in a page offers to post them again. Nothing is
//! kept on our side: there is no store that a stranger could fill, and no address that shows somebody's
//! typing. Nothing is posted without a click, and then it is judged like any other form.
//!
//! The same for a form that takes a recent sign-in ([`crate::web::sign_in::confirm`]).

use axum::body::Body;
use axum::body::HttpBody;
use axum::body::to_bytes;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::web::AppState;
use crate::web::error::Error;
use crate::web::extract::Htmx;
use crate::web::session::NobodyThere;
use crate::web::session::safe_next;
use crate::web::sign_in;
use crate::web::sign_in::confirm;
use crate::web::sign_in::confirm::NotRecent;

/// The largest form that is carried along, in bytes. Twice encoded it still fits into a form of ours.
const MOST: usize = 64 * 1024;
/// Parts of the names of fields that are never carried along.
const SECRETS: [&str; 2] = ["password", "secret"];
/// The field that says which of them were left out, so that a form which goes on without its secret can say so.
pub const LEFT_OUT: &str = "left_out";
/// Forms that are about signing in themselves.
const EXCEPT: [&str; 2] = ["/sign-", "/settings/profile"];

/// A form that was not sent, as the sign-in page carries it.
#[derive(Debug, Clone, Default)]
pub struct Kept {
    /// Where it was posted to; nothing, if there is none.
    pub path: String,
    /// Its fields, encoded as a form.
    pub fields: String,
}

impl Kept {
    /// A form, if it is one that may be posted again.
    fn new(path: &str, body: &[u8]) -> Option<Self> {
        let pairs: Vec<(String, String)> = serde_html_form::from_bytes(body).ok()?;
        let secret = |name: &str| SECRETS.iter().any(|it| name.contains(it));
        let (secrets, mut pairs): (Vec<_>, Vec<_>) =
            pairs.into_iter().partition(|(name, _)| secret(name));
        let typed = secrets.into_iter().filter(|(_, value)| !value.is_empty());
        pairs.extend(typed.map(|(name, _)| (LEFT_OUT.to_owned(), name)));
        let fields = serde_html_form::to_string(pairs).ok()?;
        Some(Self { path: path.to_owned(), fields }).filter(Self::is_some)
    }

    /// Whether there is a form, and one of ours. What the sign-in page brings back is only somebody's word.
    pub fn is_some(&self) -> bool {
        let ours = safe_next(&self.path) == self.path && self.path.len() > 1;
        ours && self.fields.len() <= MOST && !EXCEPT.iter().any(|it| self.path.starts_with(it))
    }

    /// Its fields.
    pub fn pairs(&self) -> Vec<(String, String)> {
        serde_html_form::from_str(&self.fields).unwrap_or_default()
    }
}

/// Answers a form that was posted without a session with the sign-in page, and what was typed in it.
pub async fn keep(State(state): State<AppState>, request: Request, next: Next) -> Response {
    if !may_be_kept(&request) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    let Ok(bytes) = to_bytes(body, MOST).await else {
        return Error::Invalid("the form broke off").into_response();
    };
    let (path, headers) = (parts.uri.path().to_owned(), parts.headers.clone());
    let request = Request::from_parts(parts, Body::from(bytes.clone()));
    let response = next.run(request).await;
    let found = response.extensions();
    let (gone, asked) = (found.get::<NobodyThere>().is_some(), found.get::<NotRecent>().cloned());
    if !gone && asked.is_none() {
        return response;
    }
    let Some(kept) = Kept::new(&path, &bytes) else { return response };
    let page = match asked {
        Some(asked) => confirm::with_kept(&state, &asked, &kept),
        // A button alone is pressed again where it is.
        None if kept.fields.is_empty() => return response,
        None => sign_in::with_kept(&state, &headers, &kept).map(IntoResponse::into_response),
    };
    page.map_or_else(IntoResponse::into_response, |page| unauthorized(&headers, page))
}

fn unauthorized(headers: &HeaderMap, mut response: Response) -> Response {
    *response.status_mut() = StatusCode::UNAUTHORIZED;
    if Htmx::of(headers) == Htmx::Yes {
        // The form is a part of its page; what comes now takes the place of the whole.
        for (name, value) in [
            ("hx-retarget", "body"),
            ("hx-reselect", "main"),
            ("hx-reswap", "innerHTML"),
            ("hx-push-url", "false"),
        ] {
            response.headers_mut().insert(name, HeaderValue::from_static(value));
        }
    }
    response
}

/// Whether it is a form without files, and not too large.
fn may_be_kept(request: &Request) -> bool {
    let length = request.body().size_hint().upper();
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let form = content_type
        .is_some_and(|it| it.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    request.method() == Method::POST && form && length.is_some_and(|it| it <= MOST as u64)
}
