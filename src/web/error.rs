//! Why a handler could not answer. [`crate::web::problem`] makes a page of it.

use std::any::Any;
use std::sync::Arc;

use anyhow::anyhow;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;

use crate::db;
use crate::web::problem::Kind;
use crate::web::problem::Problem;
use crate::web::session::SignedIn;
use crate::web::sign_in::confirm::NotRecent;

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
    /// It takes a recent proof of who they are. No problem, but a page that asks for it.
    #[error("the sign-in is not recent")]
    NotRecent(NotRecent),
    /// The session ended while the request was under way.
    #[error("the session is over")]
    SessionOver,
    /// Another site's page sent it.
    #[error("sent by another site")]
    CrossSite,
    /// The browser did not say which page sent it.
    #[error("sent by nobody knows whom")]
    NoSender,
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
    if let sqlx::Error::Database(error) = error {
        // Connection trouble, too few resources, intervention (shutdown, timeout), lock not available.
        return error.code().is_some_and(|code| {
            ["08", "53", "57"].iter().any(|class| code.starts_with(class)) || code == "55P03"
        });
    }
    matches!(
        error,
        sqlx::Error::Io(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed
    )
}

/// Whether the input holds what the database has no way to keep.
fn is_unspeakable(error: &db::Error) -> bool {
    let db::Error::Sqlx(sqlx::Error::Database(error)) = error else { return false };
    error.code().is_some_and(|code| code == "22021")
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        let (status, kind) = match &self {
            Self::NotRecent(asked) => return asked.clone().into_response(),
            Self::SessionOver => return Redirect::to("/sign-in").into_response(),
            Self::NotFound => (StatusCode::NOT_FOUND, Kind::NotFound),
            Self::MethodNotAllowed => (StatusCode::METHOD_NOT_ALLOWED, Kind::MethodNotAllowed),
            Self::Forbidden(_) => (StatusCode::FORBIDDEN, Kind::Forbidden),
            Self::CrossSite => (StatusCode::FORBIDDEN, Kind::CrossSite),
            Self::NoSender => (StatusCode::FORBIDDEN, Kind::NoSender),
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
            | Self::NotRecent(_)
            | Self::SessionOver
            | Self::CrossSite
            | Self::NoSender
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
#[expect(clippy::needless_pass_by_value, reason = "the layer hands it over like that")]
pub fn of_panic(panic: Box<dyn Any + Send + 'static>) -> Response {
    let words = panic
        .downcast_ref::<&'static str>()
        .map(|it| (*it).to_owned())
        .or_else(|| panic.downcast_ref::<String>().cloned());
    Error::Internal(anyhow!("panic: {}", words.unwrap_or_default())).into_response()
}
