//! What was typed when the session had ended.
//!
//! A form that is posted without a session is answered with the sign-in page, which carries the fields as
//! hidden inputs, through the second factor too; after sign-in a page offers to post them again. Nothing is
//! kept on our side: there is no store that a stranger could fill, and no address that shows somebody's
//! typing. Nothing is posted without a click, and then it is judged like any other form.

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

/// The largest form that is carried along, in bytes. Twice encoded it still fits into a form of ours.
const MOST: usize = 64 * 1024;
/// Parts of the names of fields that are never carried along.
const SECRETS: [&str; 2] = ["password", "secret"];
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
        let open = |name: &str| !SECRETS.iter().any(|it| name.contains(it));
        let pairs: Vec<_> = pairs.into_iter().filter(|(name, _)| open(name)).collect();
        // A button alone is pressed again where it is.
        if pairs.is_empty() {
            return None;
        }
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
    if response.extensions().get::<NobodyThere>().is_none() {
        return response;
    }
    let Some(kept) = Kept::new(&path, &bytes) else { return response };
    page(&state, &headers, &kept).unwrap_or_else(IntoResponse::into_response)
}

fn page(state: &AppState, headers: &HeaderMap, kept: &Kept) -> Result<Response, Error> {
    let page = sign_in::with_kept(state, headers, kept)?;
    let mut response = (StatusCode::UNAUTHORIZED, page).into_response();
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
    Ok(response)
}

/// Whether it is a form without files, and not too large.
fn may_be_kept(request: &Request) -> bool {
    let length = request.body().size_hint().upper();
    let content_type = request.headers().get(header::CONTENT_TYPE);
    let form = content_type
        .is_some_and(|it| it.as_bytes().starts_with(b"application/x-www-form-urlencoded"));
    request.method() == Method::POST && form && length.is_some_and(|it| it <= MOST as u64)
}
