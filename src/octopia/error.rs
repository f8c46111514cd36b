//! What can go wrong with a call, and whether the marketplace may have acted on it.

use std::time::Duration;

use crate::octopia::problem::Problem;
use crate::octopia::token::TokenError;

/// A call that did not bring what was asked for.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// No connection (refused, unknown host, TLS): the request surely never left.
    #[error("the marketplace could not be reached")]
    Connect(#[source] reqwest::Error),
    /// The request may have left, and no complete answer came within the time allowed.
    #[error("no answer within the time allowed")]
    Timeout(#[source] reqwest::Error),
    /// The connection broke after the request may have left.
    #[error("the connection broke before the answer was complete")]
    Interrupted(#[source] reqwest::Error),
    /// An answer other than 2xx. 3xx is among them: redirects are never followed.
    #[error("the marketplace answered {status}")]
    Status {
        /// The HTTP status code.
        status: u16,
        /// The reason, where the body was a problem document.
        problem: Option<Problem>,
        /// How long to stay silent, from `Retry-After`; at most an hour.
        retry_after: Option<Duration>,
    },
    /// A read was answered, but not with what the documents say. No value is repeated here.
    #[error("unreadable answer at {path}: {cause}")]
    Decode {
        /// Where in the JSON, `$` being the whole body.
        path: String,
        /// What was expected there.
        cause: String,
    },
    /// A read was answered with more than 8 MiB.
    #[error("the answer is larger than 8 MiB")]
    TooLarge,
    /// There was no token to send the call with, so it never left.
    #[error("no access token")]
    Token(#[from] TokenError),
    /// The time for the call was over before it left.
    #[error("too late to send")]
    TooLate,
    /// The call cannot be put on the wire, such as an order id that no address can hold.
    #[error("the request cannot be written: {0}")]
    Unsendable(&'static str),
}

/// What a caller that wants an effect at the marketplace may conclude from an [`Error`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Disposition {
    /// Surely not applied; the same call may be sent again.
    Retry {
        /// The silence that the marketplace asked for.
        after: Option<Duration>,
    },
    /// Answered with no; the same call would be answered in the same way.
    Refused,
    /// May have been applied: look before sending again.
    Unknown,
}

impl Error {
    /// Sorts the error by what is known about its effect.
    ///
    /// The status codes are those of the "Best Practices" page
    /// (<https://developer.octopia-io.net/?p=914>). 409 is `Unknown` on purpose: it is also the
    /// answer to a repetition of a call that did succeed.
    pub fn disposition(&self) -> Disposition {
        match self {
            Self::Connect(_) | Self::TooLate => Disposition::Retry { after: None },
            Self::Token(error) => Disposition::Retry { after: error.retry_after() },
            Self::Status { status: 401 | 429, retry_after, .. } => {
                Disposition::Retry { after: *retry_after }
            }
            Self::Status { status: 400 | 403 | 404 | 406 | 415 | 422, .. }
            | Self::Unsendable(_) => Disposition::Refused,
            Self::Timeout(_)
            | Self::Interrupted(_)
            | Self::Status { .. }
            | Self::Decode { .. }
            | Self::TooLarge => Disposition::Unknown,
        }
    }

    /// Whether the account's credentials were refused, by the token endpoint or, with a token that
    /// was just renewed, by the API.
    pub fn credentials_refused(&self) -> bool {
        matches!(self, Self::Token(TokenError::Refused { .. }) | Self::Status { status: 401, .. })
    }

    /// Whether the marketplace answered 409: being processed, or not possible in this status.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Status { status: 409, .. })
    }

    /// The reason in words for a person: the marketplace's own where it gave some (title, detail
    /// and every entry of `errors`, at most 500 characters, then the trace id), else ours.
    /// Text from outside: escape it.
    pub fn words(&self) -> String {
        match self {
            Self::Status { status, problem: Some(problem), .. } => {
                let words = problem.words();
                if words.is_empty() { format!("the marketplace answered {status}") } else { words }
            }
            Self::Token(error) => error.to_string(),
            Self::Connect(_)
            | Self::Timeout(_)
            | Self::Interrupted(_)
            | Self::Status { .. }
            | Self::Decode { .. }
            | Self::TooLarge
            | Self::TooLate
            | Self::Unsendable(_) => self.to_string(),
        }
    }

    /// Sorts a transport error by whether the request may have left. A stalled TLS handshake is
    /// both a connect error and a timeout, and nothing was sent: connect is asked first.
    pub(super) fn from_transport(error: reqwest::Error) -> Self {
        // The address holds nothing secret, but an order id has no place in a general log.
        let error = error.without_url();
        if error.is_connect() {
            Self::Connect(error)
        } else if error.is_timeout() {
            Self::Timeout(error)
        } else if error.is_builder() {
            Self::Unsendable("the address is not allowed")
        } else {
            Self::Interrupted(error)
        }
    }
}
