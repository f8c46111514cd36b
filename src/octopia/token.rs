//! The OAuth 2 access token of one account: cached, renewed early, asked for once at a time.
//!
//! The endpoint gives 500 tokens an hour, each good for two hours, so a token per call would soon
//! lock the account out. Ages are measured with a monotonic clock: a wrong wall clock does no harm.

use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::time::Duration;

use reqwest::header::HeaderValue;
use rust_decimal::Decimal;
use rust_decimal::prelude::ToPrimitive as _;
use secrecy::ExposeSecret as _;
use secrecy::SecretString;
use serde::Deserialize;
use tokio::sync::Mutex;
use tokio::time::Instant;
use url::Url;

use crate::octopia::client;
use crate::octopia::error::Error;
use crate::octopia::lenient;

/// How long before its end a token is renewed.
const MARGIN: Duration = Duration::from_mins(5);
/// Assumed where the answer does not say how long the token lives.
const DEFAULT_LIFE: Duration = Duration::from_mins(10);
/// After a fresh token was refused too, no 401 renews it for this long: the quota is for hours.
const PAUSE_AFTER_USELESS_RENEWAL: Duration = Duration::from_mins(1);
/// How long a failed early renewal rests while the old token still serves.
const PAUSE_AFTER_FAILED_RENEWAL: Duration = Duration::from_secs(30);

/// Why there is no token. The call that needed it was not sent.
#[derive(Debug, Clone, thiserror::Error)]
pub enum TokenError {
    /// The client id or secret is wrong, or not allowed to have tokens.
    #[error("the credentials were refused: {words}")]
    Refused {
        /// The marketplace's own words.
        words: String,
    },
    /// The token endpoint did not answer, or not with a token. The credentials may be fine.
    #[error("the sign-in service gave no token: {words}")]
    Unavailable {
        /// What happened instead.
        words: String,
        /// The silence that it asked for.
        retry_after: Option<Duration>,
    },
}

impl TokenError {
    /// The silence that the token endpoint asked for, if any.
    pub(super) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::Refused { .. } => None,
            Self::Unavailable { retry_after, .. } => *retry_after,
        }
    }
}

/// A token, ready for use.
#[derive(Clone)]
pub(super) struct Token {
    /// `Bearer …`, marked sensitive.
    pub(super) header: HeaderValue,
    secret: SecretString,
    renew_at: Instant,
    ends_at: Instant,
}

impl Token {
    /// The bare token, to blank it out of texts.
    pub(super) fn secret(&self) -> &str {
        self.secret.expose_secret()
    }
}

/// The one place where an account's token is kept.
pub(super) struct Tokens {
    http: reqwest::Client,
    url: Url,
    client_id: String,
    client_secret: SecretString,
    /// Requests finished so far, so that a caller who waited for one can tell.
    finished: AtomicU64,
    /// Held across the request on purpose: whoever comes meanwhile waits and shares its result.
    held: Mutex<Held>,
}

#[derive(Default)]
struct Held {
    token: Option<Token>,
    failure: Option<TokenError>,
    useless_renewal_at: Option<Instant>,
}

#[derive(Deserialize)]
struct Answer {
    #[serde(default, deserialize_with = "lenient::text")]
    access_token: Option<String>,
    #[serde(default, deserialize_with = "lenient::decimal")]
    expires_in: Option<Decimal>,
}

impl Tokens {
    pub(super) fn new(
        http: reqwest::Client,
        url: Url,
        client_id: String,
        client_secret: SecretString,
    ) -> Self {
        let (finished, held) = (AtomicU64::new(0), Mutex::new(Held::default()));
        Self { http, url, client_id, client_secret, finished, held }
    }

    /// A token that should serve for a while.
    ///
    /// # Errors
    /// When none is held and none could be had. A failed early renewal is not an error while the
    /// old token lives.
    pub(super) async fn get(&self) -> Result<Token, TokenError> {
        let finished = self.finished.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        if let Some(token) = held.token.as_ref().filter(|token| Instant::now() < token.renew_at) {
            return Ok(token.clone());
        }
        self.ask(&mut held, finished).await.or_else(|error| {
            let living = held.token.as_mut().filter(|token| Instant::now() < token.ends_at);
            let Some(token) = living else { return Err(error) };
            tracing::warn!(%error, "early renewal failed; the token in use still serves");
            token.renew_at = Instant::now() + PAUSE_AFTER_FAILED_RENEWAL;
            Ok(token.clone())
        })
    }

    /// A token other than `refused`, which the API answered with 401. `None` when a renewal
    /// did not help a moment ago, so that another one would only burn the quota.
    pub(super) async fn renew(&self, refused: &Token) -> Result<Option<Token>, TokenError> {
        let finished = self.finished.load(Ordering::Acquire);
        let mut held = self.held.lock().await;
        if let Some(token) = held.token.as_ref().filter(|token| token.header != refused.header) {
            return Ok(Some(token.clone()));
        }
        if (held.useless_renewal_at).is_some_and(|at| at.elapsed() < PAUSE_AFTER_USELESS_RENEWAL) {
            return Ok(None);
        }
        held.token = None;
        self.ask(&mut held, finished).await.map(Some)
    }

    /// Notes that a token just renewed was refused as well.
    pub(super) async fn renewal_was_useless(&self) {
        self.held.lock().await.useless_renewal_at = Some(Instant::now());
    }

    /// Asks for a token, unless a request that ended since `finished` was counted has failed:
    /// then its failure is this caller's too.
    async fn ask(&self, held: &mut Held, finished: u64) -> Result<Token, TokenError> {
        let waited = self.finished.load(Ordering::Acquire) != finished;
        if let Some(failure) = held.failure.as_ref().filter(|_| waited) {
            return Err(failure.clone());
        }
        let answer = self.request().await;
        self.finished.fetch_add(1, Ordering::Release);
        held.failure = answer.as_ref().err().cloned();
        let token = answer?;
        held.token = Some(token.clone());
        Ok(token)
    }

    /// `POST` of the client credentials (<https://developer.octopia-io.net/tutorial>).
    async fn request(&self) -> Result<Token, TokenError> {
        let secret = self.client_secret.expose_secret();
        let form = [
            ("grant_type", "client_credentials"),
            ("client_id", self.client_id.as_str()),
            ("client_secret", secret),
        ];
        let asked_at = Instant::now();
        let response = self.http.post(self.url.clone()).form(&form).send().await;
        let response = response.map_err(|error| unavailable(&Error::from_transport(error)))?;
        if !response.status().is_success() {
            let error = client::refusal(response, &[secret]).await;
            if matches!(error, Error::Status { status: 400 | 401 | 403, .. }) {
                return Err(TokenError::Refused { words: error.words() });
            }
            return Err(unavailable(&error));
        }
        let body = client::body_of(response).await.map_err(|error| unavailable(&error))?;
        let (text, life) = match lenient::decode(&String::from_utf8_lossy(&body)) {
            Ok(Answer { access_token: Some(text), expires_in }) => (text, life(expires_in)),
            Ok(Answer { access_token: None, .. }) | Err(_) => return Err(not_a_token()),
        };
        let mut header =
            HeaderValue::from_str(&format!("Bearer {text}")).map_err(|_| not_a_token())?;
        header.set_sensitive(true);
        let (renew_at, ends_at) = (asked_at + serves_for(life), asked_at + life);
        Ok(Token { header, secret: text.into(), renew_at, ends_at })
    }
}

fn life(expires_in: Option<Decimal>) -> Duration {
    let seconds = expires_in.and_then(|seconds| seconds.to_u32());
    seconds.map_or(DEFAULT_LIFE, |seconds| Duration::from_secs(seconds.into()))
}

/// How long a token of this life is used: up to five minutes before its end, or half of a life
/// that is shorter than ten minutes.
fn serves_for(life: Duration) -> Duration {
    life.saturating_sub(MARGIN.min(life / 2))
}

fn unavailable(error: &Error) -> TokenError {
    let retry_after = match error {
        Error::Status { retry_after, .. } => *retry_after,
        Error::Connect(_)
        | Error::Timeout(_)
        | Error::Interrupted(_)
        | Error::Decode { .. }
        | Error::TooLarge
        | Error::TooLate
        | Error::Token(_)
        | Error::Unsendable(_) => None,
    };
    TokenError::Unavailable { words: error.words(), retry_after }
}

fn not_a_token() -> TokenError {
    TokenError::Unavailable { words: "its answer holds no token".to_owned(), retry_after: None }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_renewed_five_minutes_before_its_end_or_at_half_of_a_short_life() {
        let served = |life| serves_for(Duration::from_secs(life)).as_secs();
        assert_eq!([7200, 600, 60, 1, 0].map(served), [6900, 300, 30, 0, 0]);
        assert_eq!(life(None), DEFAULT_LIFE);
    }
}
