//! Why a handler could not answer, and the middleware that makes a page of it.
//!
//! Invariant: whatever fails, the visitor gets a page that says what happened, what became of their input
//! and what to do next, with a number that finds the cause in the log; never the cause itself
//! (`reliability` S-23).

use std::any::Any;
use std::error::Error as _;
use std::sync::Arc;

use anyhow::anyhow;
use askama::Template;
use axum::body::Body;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::Next;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::db;
use crate::web::AppState;
use crate::web::extract::Htmx;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::session::Visitor;
use crate::web::text::Lang;
use crate::web::trace::RequestId;

/// A handler's result.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why a handler could not answer. A form with mistakes is an answer, not an error. Sentences are in the
/// visitor's language and are shown; everything else is for the log.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Nothing lives at this address, or nothing that this user may know of.
    #[error("not found")]
    NotFound,
    /// The address exists, but not for this method.
    #[error("method not allowed")]
    MethodNotAllowed,
    /// The user's role does not include it. The sentence says so, and whom to ask.
    #[error("forbidden: {0}")]
    Forbidden(String),
    /// The world changed under the user's hands. The sentence says how.
    #[error("conflict: {0}")]
    Conflict(String),
    /// The request cannot be understood.
    #[error("invalid request: {0}")]
    Invalid(&'static str),
    /// The body is no form.
    #[error("not a form")]
    NotAForm,
    /// The body is larger than any form.
    #[error("too large")]
    TooLarge,
    /// The database cannot be reached, or does not keep up.
    #[error("the database is unavailable")]
    Unavailable(#[source] anyhow::Error),
    /// A bug, or a part of the machine that failed.
    #[error("internal error")]
    Internal(#[from] anyhow::Error),
}

impl From<db::Error> for Error {
    fn from(error: db::Error) -> Self {
        if is_outage(&error) {
            Self::Unavailable(error.into())
        } else if is_unspeakable(&error) {
            Self::Invalid("the text cannot be kept in the database")
        } else {
            Self::Internal(error.into())
        }
    }
}

/// Whether the same query could work in a while: no connection, too slow, or shutting down.
fn is_outage(error: &db::Error) -> bool {
    let db::Error::Sqlx(error) = error else { return false };
    match error {
        sqlx::Error::Io(_)
        | sqlx::Error::Tls(_)
        | sqlx::Error::PoolTimedOut
        | sqlx::Error::PoolClosed
        | sqlx::Error::WorkerCrashed => true,
        // Connection trouble, too few resources, intervention (shutdown, timeout), lock not available.
        sqlx::Error::Database(error) => error.code().is_some_and(|code| {
            ["08", "53", "57"].iter().any(|class| code.starts_with(class)) || code == "55P03"
        }),
        _ => false,
    }
}

/// Whether the input holds what PostgreSQL has no way to keep.
fn is_unspeakable(error: &db::Error) -> bool {
    let db::Error::Sqlx(sqlx::Error::Database(error)) = error else { return false };
    error.code().is_some_and(|code| code == "22021")
}

/// The kinds of problems that have words of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// See [`Error::NotFound`].
    NotFound,
    /// See [`Error::MethodNotAllowed`].
    MethodNotAllowed,
    /// See [`Error::Forbidden`].
    Forbidden,
    /// The form was posted from another site.
    CrossSite,
    /// See [`Error::Conflict`].
    Conflict,
    /// See [`Error::Invalid`].
    Invalid,
    /// See [`Error::NotAForm`].
    NotAForm,
    /// See [`Error::TooLarge`].
    TooLarge,
    /// The request did not come to its end in time.
    TimedOut,
    /// See [`Error::Unavailable`].
    Unavailable,
    /// See [`Error::Internal`].
    Internal,
}

impl Kind {
    /// The kind of a bare answer with that status, by a layer or by the framework.
    fn of(status: StatusCode) -> Self {
        match status {
            StatusCode::NOT_FOUND => Self::NotFound,
            StatusCode::METHOD_NOT_ALLOWED => Self::MethodNotAllowed,
            StatusCode::FORBIDDEN => Self::CrossSite,
            StatusCode::CONFLICT => Self::Conflict,
            StatusCode::UNSUPPORTED_MEDIA_TYPE => Self::NotAForm,
            StatusCode::PAYLOAD_TOO_LARGE => Self::TooLarge,
            StatusCode::REQUEST_TIMEOUT => Self::TimedOut,
            StatusCode::SERVICE_UNAVAILABLE => Self::Unavailable,
            other if other.is_server_error() => Self::Internal,
            _ => Self::Invalid,
        }
    }
}

/// What a failed handler leaves behind for [`render`].
#[derive(Debug, Clone)]
struct Problem {
    kind: Kind,
    sentence: Option<String>,
    cause: Option<Arc<Error>>,
}

/// Marks an answer that is right as it is, whatever its status.
#[derive(Debug, Clone, Copy)]
pub struct AsIs;

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, kind) = match &self {
            Self::NotFound => (StatusCode::NOT_FOUND, Kind::NotFound),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, Kind::MethodNotAllowed),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, Kind::Forbidden),
            Self::Conflict(_) => (StatusCode::CONFLICT, Kind::Conflict),
            Self::Invalid(_) => (StatusCode::BAD_REQUEST, Kind::Invalid),
            Self::NotAForm => (StatusCode::UNSUPPORTED_MEDIA_TYPE, Kind::NotAForm),
            Self::TooLarge => (StatusCode::PAYLOAD_TOO_LARGE, Kind::TooLarge),
            Self::Unavailable(_) => (StatusCode::SERVICE_UNAVAILABLE, Kind::Unavailable),
            Self::Internal(_) => (StatusCode::INTERNAL_SERVER_ERROR, Kind::Internal),
        };
        let sentence = match &self {
            Self::Forbidden(sentence) | Self::Conflict(sentence) => Some(sentence.clone()),
            Self::NotFound
            | Self::MethodNotAllowed
            | Self::Invalid(_)
            | Self::NotAForm
            | Self::TooLarge
            | Self::Unavailable(_)
            | Self::Internal(_) => None,
        };
        let mut response = status.into_response();
        let problem = Problem { kind, sentence, cause: Some(Arc::new(self)) };
        response.extensions_mut().insert(problem);
        response
    }
}

/// The answer where no route leads. Asks who it is, so that they see their own frame.
pub async fn not_found(_visitor: Option<SignedIn>) -> Error {
    Error::NotFound
}

/// The answer where a route does not know the method.
pub async fn method_not_allowed(_visitor: Option<SignedIn>) -> Error {
    Error::MethodNotAllowed
}

/// The answer when a handler panicked.
pub fn of_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic
        .downcast_ref::<&'static str>()
        .map(|it| (*it).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    Error::Internal(anyhow!("panic: {}", words.unwrap_or_default())).into_response()
}

/// What a request says about how its problem must be shown.
struct Asked {
    htmx: Htmx,
    changes: bool,
    lang: Lang,
    id: RequestId,
    visitor: Visitor,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self {
            htmx: Htmx::of(request.headers()),
            changes: !request.method().is_safe(),
            lang: Lang::negotiate(request.headers()),
            id: request.extensions().get::<RequestId>().cloned().unwrap_or_default(),
            visitor: Visitor::default(),
        }
    }
}

/// Renders every answer that failed: a message for htmx, a page for everybody else.
pub async fn render(State(state): State<AppState>, mut request: Request, next: Next) -> Response {
    let asked = Asked::of(&request);
    request.extensions_mut().insert(asked.visitor.clone());
    let mut response = next.run(request).await;
    let status = response.status();
    let failed = status.is_client_error() || status.is_server_error();
    if !failed || response.extensions().get::<AsIs>().is_some() {
        return response;
    }
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        // A page of a handler's own, such as a form with mistakes.
        None if is_html(response.headers()) => return response,
        None => Problem { kind: Kind::of(status), sentence: None, cause: None },
    };
    log(&problem, status, &asked.id);
    let html = page(&state, &problem, &asked).await;
    let (mut parts, _) = response.into_parts();
    parts.headers.remove(header::CONTENT_LENGTH);
    let content_type = HeaderValue::from_static("text/html; charset=utf-8");
    parts.headers.insert(header::CONTENT_TYPE, content_type);
    if status == StatusCode::SERVICE_UNAVAILABLE {
        parts.headers.insert(header::RETRY_AFTER, HeaderValue::from_static("5"));
    }
    if asked.htmx == Htmx::Yes {
        parts.headers.insert("hx-retarget", HeaderValue::from_static("#problem"));
        parts.headers.insert("hx-reswap", HeaderValue::from_static("innerHTML"));
        parts.headers.insert("hx-reselect", HeaderValue::from_static(".notice"));
    }
    Response::from_parts(parts, Body::from(html))
}

fn is_html(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_TYPE).is_some_and(|it| it.as_bytes().starts_with(b"text/html"))
}

/// The one place that logs an error of the pages.
fn log(problem: &Problem, status: StatusCode, id: &RequestId) {
    let mut words = String::new();
    if let Some(error) = &problem.cause {
        words = error.to_string();
        let mut source = error.source();
        while let Some(error) = source {
            words = format!("{words}: {error}");
            source = error.source();
        }
    }
    if status.is_server_error() {
        tracing::error!(request_id = %id, status = status.as_u16(), cause = words, "request failed");
    } else {
        tracing::debug!(request_id = %id, status = status.as_u16(), cause = words, "request refused");
    }
}

#[derive(Template)]
#[template(path = "error.html")]
struct ErrorPage<'a> {
    layout: Layout,
    words: &'a Words,
}

#[derive(Template)]
#[template(path = "error_fragment.html")]
struct ErrorFragment<'a> {
    lang: Lang,
    words: &'a Words,
}

/// A problem in the visitor's language.
#[derive(Debug)]
pub struct Words {
    /// The heading.
    pub title: String,
    /// What happened.
    pub happened: String,
    /// What became of the input; nothing, when there was none.
    pub input: Option<String>,
    /// What to do next.
    pub next: String,
    /// The number that finds the cause.
    pub reference: String,
}

async fn page(state: &AppState, problem: &Problem, asked: &Asked) -> String {
    let signed_in = asked.visitor.signed_in();
    let lang = signed_in.map_or(asked.lang, |it| it.lang);
    let [title, happened, next] = lang.problem(problem.kind);
    let words = Words {
        title: title.to_owned(),
        happened: problem.sentence.clone().unwrap_or_else(|| happened.to_owned()),
        input: asked.changes.then(|| lang.problem_input(problem.kind).to_owned()),
        next: next.to_owned(),
        reference: asked.id.to_string(),
    };
    let html = match asked.htmx {
        Htmx::Yes => ErrorFragment { lang, words: &words }.render(),
        Htmx::No => {
            let layout = frame(state, problem, signed_in, lang).await;
            ErrorPage { layout, words: &words }.render()
        }
    };
    html.unwrap_or_else(|_| format!("{}\n{}\n{}", words.title, words.happened, words.reference))
}

/// The visitor's own frame where it can be had; without the database, a bare one.
async fn frame(
    state: &AppState,
    problem: &Problem,
    signed_in: Option<&SignedIn>,
    lang: Lang,
) -> Layout {
    let bare = || Layout::bare(state, lang);
    let Some(signed_in) = signed_in else { return bare() };
    if matches!(problem.kind, Kind::Unavailable | Kind::Internal | Kind::TimedOut) {
        return bare();
    }
    Layout::load(state, signed_in, Place::Elsewhere).await.unwrap_or_else(|_| bare())
}
