//! The middleware that makes a page of every answer that failed.
//!
//! Invariant: whatever fails, the visitor gets a page that says what happened, what became of their input
//! and what to do next, with a number that finds the cause in the log; never the cause itself
//! (`reliability` S-23).

use std::error::Error as _;
use std::sync::Arc;

use askama::Template;
use axum::body::Body;
use axum::extract::MatchedPath;
use axum::extract::Request;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware::Next;
use axum::response::Response;

use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::web::AppState;
use crate::web::error::Error;
use crate::web::extract::Htmx;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::session::Visitor;
use crate::web::text::Lang;
use crate::web::trace::RequestId;
use crate::workflow::audit;

/// The kinds of problems that have words of their own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// See [`Error::NotFound`].
    NotFound,
    /// See [`Error::MethodNotAllowed`].
    MethodNotAllowed,
    /// See [`Error::Forbidden`].
    Forbidden,
    /// See [`Error::CrossSite`].
    CrossSite,
    /// See [`Error::NoSender`].
    NoSender,
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
            StatusCode::FORBIDDEN => Self::Forbidden,
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
pub struct Problem {
    /// Which words it gets.
    pub kind: Kind,
    /// What happened, in place of the kind's own words.
    pub sentence: Option<String>,
    /// For the log.
    pub cause: Option<Arc<Error>>,
}

/// Marks an answer that is right as it is, whatever its status.
#[derive(Debug, Clone, Copy)]
pub struct AsIs;

/// What a request says about how its problem must be shown.
struct Asked {
    htmx: Htmx,
    changes: bool,
    method: Method,
    route: String,
    lang: Lang,
    id: RequestId,
    visitor: Visitor,
}

impl Asked {
    fn of(request: &Request) -> Self {
        Self {
            htmx: Htmx::of(request.headers()),
            changes: !request.method().is_safe(),
            method: request.method().clone(),
            route: request
                .extensions()
                .get::<MatchedPath>()
                .map_or_else(String::new, |it| it.as_str().to_owned()),
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
    if status == StatusCode::FORBIDDEN {
        note_refusal(&state, &asked).await;
    }
    let problem = match response.extensions_mut().remove::<Problem>() {
        Some(problem) => problem,
        // A page of a handler's own, such as a form with mistakes.
        None if is_html(response.headers()) => return response,
        None => Problem { kind: Kind::of(status), sentence: None, cause: None },
    };
    log(&problem, status, &asked.id);
    let html = page(&state, &problem, &asked);
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
    } else if matches!(problem.kind, Kind::CrossSite | Kind::NoSender) {
        // Somebody may be trying something on a user (ASVS 16.3.3).
        tracing::warn!(request_id = %id, status = status.as_u16(), cause = words, "request refused");
    } else {
        tracing::debug!(request_id = %id, status = status.as_u16(), cause = words, "request refused");
    }
}

/// The one place that writes down what a user asked for and may not (ASVS 16.3.2). The route without the order
/// or the user it is about: the log has no more, and nobody gets a list of what they tried to see.
async fn note_refusal(state: &AppState, asked: &Asked) {
    let Some(signed_in) = asked.visitor.signed_in() else { return };
    let (user_id, method, route) =
        (signed_in.user.operator.id, asked.method.to_string(), asked.route.clone());
    tracing::warn!(request_id = %asked.id, user_id, method, route, "not allowed");
    let entry = Entry::by(user_id, Act::AccessRefused { method, route }, state.clock.now());
    // The answer is no, whether that can be written down or not.
    if let Err(error) = audit::note_alone(&state.pool, &entry).await {
        tracing::error!(request_id = %asked.id, %error, "a refusal is not in the audit");
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

fn page(state: &AppState, problem: &Problem, asked: &Asked) -> String {
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
            let layout = frame(state, problem, signed_in, lang);
            ErrorPage { layout, words: &words }.render()
        }
    };
    html.unwrap_or_else(|_| format!("{}\n{}\n{}", words.title, words.happened, words.reference))
}

/// The visitor's own frame where it can be had; without the database, a bare one.
fn frame(state: &AppState, problem: &Problem, signed_in: Option<&SignedIn>, lang: Lang) -> Layout {
    let bare = || Layout::bare(state, lang);
    let Some(signed_in) = signed_in else { return bare() };
    if matches!(problem.kind, Kind::Unavailable | Kind::Internal | Kind::TimedOut) {
        return bare();
    }
    Layout::new(state, signed_in, Place::Elsewhere)
}
