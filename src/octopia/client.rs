//! The HTTP side: addresses, headers, time limits, and the one repetition on a 401.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use std::time::Instant;

use governor::DefaultDirectRateLimiter;
use governor::Quota;
use governor::RateLimiter;
use reqwest::Request;
use reqwest::RequestBuilder;
use reqwest::Response;
use reqwest::header::HeaderMap;
use reqwest::header::HeaderValue;
use secrecy::SecretString;
use tracing::Instrument as _;
use tracing::field::Empty;
use url::Url;

use crate::octopia::connect;
use crate::octopia::connect::MayConnect;
use crate::octopia::dates;
use crate::octopia::error::Error;
use crate::octopia::problem::Problem;
use crate::octopia::tally::Tally;
use crate::octopia::token::Token;
use crate::octopia::token::Tokens;

/// The largest answer that is read; a page of 100 orders is far below 1 MiB.
const BODY_MAX: usize = 8 * 1024 * 1024;
/// The largest error body that is read; what follows adds nothing for a person.
const ERROR_BODY_MAX: usize = 64 * 1024;
const READ_TIMEOUT: Duration = Duration::from_secs(20);
const WRITE_TIMEOUT: Duration = Duration::from_secs(30);

/// One seller account at one marketplace address.
#[derive(Debug, Clone)]
pub struct Config {
    /// Such as `https://api.octopia-io.net/seller/v2`; plain `http` is for tests and the demo.
    pub base_url: Url,
    /// The OAuth 2 token endpoint of the account's realm.
    pub token_url: Url,
    /// From the seller portal.
    pub client_id: String,
    /// From the seller portal.
    pub client_secret: SecretString,
    /// Sent as the `SellerId` header on every call.
    pub seller_id: String,
    /// Calls per second, bursts of as many included; `None` is no limit.
    pub requests_per_second: Option<NonZeroU32>,
    /// Replaces the time limits (connect 5 s, reads 20 s, writes 30 s); for tests.
    pub timeout: Option<Duration>,
}

/// Why a [`Config`] cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// Neither `https` nor `http`, or an address that has no path.
    #[error("{0} is not an http or https address")]
    Address(Url),
    /// The seller id holds characters that no header can hold.
    #[error("the seller id cannot be sent in a header")]
    SellerId,
    /// TLS could not be set up, such as on a machine without root certificates.
    #[error("the HTTP client cannot be set up")]
    Http(#[from] reqwest::Error),
}

/// The client of one seller account. Clones share its token and its rate limit.
#[derive(Clone)]
pub struct Client {
    inner: Arc<Inner>,
    may_send: Option<MaySend>,
}

/// Asked right before a request leaves, after every wait for a token or the rate limit.
pub type MaySend = Arc<dyn Fn() -> bool + Send + Sync>;

struct Inner {
    base_url: Url,
    reads: reqwest::Client,
    writes: reqwest::Client,
    tokens: Tokens,
    limiter: Option<DefaultDirectRateLimiter>,
    tally: Tally,
}

/// A 2xx answer to a read.
pub(super) struct Answer {
    pub(super) body: String,
    pub(super) headers: HeaderMap,
}

impl Client {
    /// A client that has sent nothing yet.
    ///
    /// # Errors
    /// When the configuration cannot be used as it is.
    pub fn new(config: Config) -> Result<Self, BuildError> {
        Self::build(config, None)
    }

    /// The same, which connects to addresses only that `may_connect` lets pass, whatever names stand for by
    /// then (`reliability` S-16).
    ///
    /// # Errors
    /// When the configuration cannot be used as it is, or names an address that may not be connected to.
    pub fn connecting_only(config: Config, may_connect: MayConnect) -> Result<Self, BuildError> {
        for url in [&config.base_url, &config.token_url] {
            if !connect::may_name(url, may_connect) {
                return Err(BuildError::Address(url.clone()));
            }
        }
        Self::build(config, Some(may_connect))
    }

    fn build(config: Config, may_connect: Option<MayConnect>) -> Result<Self, BuildError> {
        for url in [&config.base_url, &config.token_url] {
            if !matches!(url.scheme(), "http" | "https") || url.cannot_be_a_base() {
                return Err(BuildError::Address(url.clone()));
            }
        }
        let seller_id =
            HeaderValue::from_str(&config.seller_id).map_err(|_| BuildError::SellerId)?;
        let reads = connect::http(&config, &seller_id, READ_TIMEOUT, may_connect).build()?;
        // A pooled connection may be closed by the other side just as a request goes out, and
        // then nobody knows whether it arrived: each write has a connection of its own.
        let writes = connect::http(&config, &seller_id, WRITE_TIMEOUT, may_connect);
        let writes = writes.pool_max_idle_per_host(0).build()?;
        let tokens =
            Tokens::new(writes.clone(), config.token_url, config.client_id, config.client_secret);
        let limiter = config.requests_per_second.map(|n| RateLimiter::direct(Quota::per_second(n)));
        let tally = Tally::new(config.requests_per_second);
        let inner = Inner { base_url: config.base_url, reads, writes, tokens, limiter, tally };
        Ok(Self { inner: Arc::new(inner), may_send: None })
    }

    /// The same client, whose requests leave only while `may_send` says so; otherwise they end with
    /// [`Error::TooLate`]. For writes that must not be late.
    #[must_use]
    pub fn only_while(&self, may_send: MaySend) -> Self {
        Self { may_send: Some(may_send), ..self.clone() }
    }

    /// How many calls its clones made; the token's own are not among them.
    #[must_use]
    pub fn tally(&self) -> &Tally {
        &self.inner.tally
    }

    /// Makes sure that there is a token: what a connection test asks first. A token at hand is
    /// not asked for again, so use a new client to test credentials.
    ///
    /// # Errors
    /// [`Error::Token`], which tells refused credentials from an endpoint out of reach.
    pub async fn check_token(&self) -> Result<(), Error> {
        self.inner.tokens.get().await?;
        Ok(())
    }

    /// The address of `segments` below the base URL, each segment escaped.
    ///
    /// # Errors
    /// For a segment that would name another route: the empty one, and dots.
    pub(super) fn url(&self, segments: &[&str]) -> Result<Url, Error> {
        if segments.iter().any(|segment| matches!(*segment, "" | "." | "..")) {
            return Err(Error::Unsendable("an identifier is empty or only dots"));
        }
        let mut url = self.inner.base_url.clone();
        url.path_segments_mut()
            .expect("`Client::new` refuses addresses without a path")
            .pop_if_empty()
            .extend(segments);
        Ok(url)
    }

    /// `GET`, and the whole body of a 2xx answer.
    pub(super) async fn read(&self, url: Url) -> Result<Answer, Error> {
        let request = self.inner.reads.get(url).build().map_err(Error::from_transport)?;
        traced(&request, async {
            let response = self.authorized(&self.inner.reads, &request).await?;
            let headers = response.headers().clone();
            let body = body_of(response).await?;
            // A wrong byte must not cost a page: it becomes U+FFFD in the order that holds it.
            let body = String::from_utf8(body)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            // .NET may put a byte order mark first, which JSON does not allow.
            let body = body.trim_start_matches('\u{feff}').to_owned();
            Ok(Answer { body, headers })
        })
        .await
    }

    /// A `POST` that still lacks its body; see [`Client::send`].
    pub(super) fn post(&self, url: Url) -> RequestBuilder {
        self.inner.writes.post(url)
    }

    /// Sends a write. The status line of a 2xx answer is success; its body is not read yet.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, Error> {
        let request = request.build().map_err(Error::from_transport)?;
        traced(&request, self.authorized(&self.inner.writes, &request)).await
    }

    /// Sends the request, and once more with a new token when the answer is 401.
    async fn authorized(
        &self,
        http: &reqwest::Client,
        request: &Request,
    ) -> Result<Response, Error> {
        let tokens = &self.inner.tokens;
        let mut token = tokens.get().await?;
        let mut response = self.once(http, request, &token).await?;
        if response.status() == reqwest::StatusCode::UNAUTHORIZED
            && let Some(renewed) = tokens.renew(&token).await?
        {
            token = renewed;
            response = self.once(http, request, &token).await?;
            if response.status() == reqwest::StatusCode::UNAUTHORIZED {
                tokens.renewal_was_useless().await;
            }
        }
        if response.status().is_success() {
            return Ok(response);
        }
        Err(refusal(response, &[token.secret()]).await)
    }

    async fn once(
        &self,
        http: &reqwest::Client,
        request: &Request,
        token: &Token,
    ) -> Result<Response, Error> {
        if let Some(limiter) = &self.inner.limiter {
            limiter.until_ready().await;
        }
        let mut request = request.try_clone().expect("bodies are held in memory, not streamed");
        request.headers_mut().insert(reqwest::header::AUTHORIZATION, token.header.clone());
        if self.may_send.as_ref().is_some_and(|it| !it()) {
            return Err(Error::TooLate);
        }
        self.inner.tally.called();
        let response = http.execute(request).await.map_err(Error::from_transport)?;
        if response.status() == reqwest::StatusCode::TOO_MANY_REQUESTS {
            self.inner.tally.was_limited();
        }
        tracing::Span::current().record("status", response.status().as_u16());
        Ok(response)
    }
}

/// Runs one call in its debug span. The query is left out: the path says enough.
async fn traced<T>(
    request: &Request,
    call: impl Future<Output = Result<T, Error>>,
) -> Result<T, Error> {
    let (method, path) = (request.method(), request.url().path());
    let span = tracing::debug_span!("octopia", %method, path, status = Empty, millis = Empty);
    let started = Instant::now();
    let outcome = call.instrument(span.clone()).await;
    let millis = u64::try_from(started.elapsed().as_millis()).unwrap_or(u64::MAX);
    span.record("millis", millis);
    outcome
}

/// The body of an answer, up to [`BODY_MAX`] after decompression.
pub(super) async fn body_of(mut response: Response) -> Result<Vec<u8>, Error> {
    let mut body = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(Error::from_transport)? {
        if body.len() + chunk.len() > BODY_MAX {
            return Err(Error::TooLarge);
        }
        body.extend_from_slice(&chunk);
    }
    Ok(body)
}

/// The error for an answer other than 2xx. A body that breaks off or never ends is used as far as
/// it came: the status has been said.
pub(super) async fn refusal(mut response: Response, secrets: &[&str]) -> Error {
    let status = response.status().as_u16();
    let retry_after = dates::retry_after(response.headers());
    let mut body = Vec::new();
    while body.len() < ERROR_BODY_MAX
        && let Ok(Some(chunk)) = response.chunk().await
    {
        body.extend_from_slice(&chunk);
    }
    Error::Status { status, problem: Problem::read(&body, secrets), retry_after }
}
