//! The calls to the provider: how long, how large, and where to.

use std::pin::Pin;
use std::time::Duration;

use openidconnect::AsyncHttpClient;
use openidconnect::HttpRequest;
use openidconnect::HttpResponse;
use reqwest::header::CONTENT_TYPE;
use url::Url;

use crate::domain::address_rule;
use crate::domain::address_rule::Reach;
use crate::domain::address_rule::Refusal;

/// The largest answer that is read. Keys with their certificates take some twenty thousand bytes.
const BODY_MAX: usize = 256 * 1024;
const CONNECT_TIMEOUT: Duration = Duration::from_secs(3);

/// Our HTTP client, as the library takes one.
#[derive(Debug)]
pub(super) struct Http {
    client: reqwest::Client,
    reach: Reach,
}

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(super) enum HttpError {
    /// The address in the provider's own description is not one that may be called.
    #[error("an address of the provider {0}")]
    Address(#[from] Refusal),
    /// No answer, or one that broke off.
    #[error("no answer came")]
    Transport(#[from] reqwest::Error),
    /// An endless answer.
    #[error("the answer is too large")]
    TooLarge,
}

impl Http {
    /// No redirect is followed: none is due, and a code or our secret must not end up elsewhere.
    pub(super) fn new(reach: Reach, patience: Duration) -> Result<Self, reqwest::Error> {
        // Fails when a provider is installed already, and then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(patience.min(CONNECT_TIMEOUT))
            .timeout(patience)
            .user_agent(concat!("Comptoir/", env!("CARGO_PKG_VERSION")));
        let builder = match reach {
            Reach::Public => builder.https_only(true),
            Reach::Anywhere => builder,
        };
        Ok(Self { client: builder.build()?, reach })
    }

    /// How far it may reach.
    pub(super) const fn reach(&self) -> Reach {
        self.reach
    }

    async fn send(&self, request: HttpRequest) -> Result<HttpResponse, HttpError> {
        let request = reqwest::Request::try_from(request)?;
        check(request.url(), self.reach)?;
        let mut response = self.client.execute(request).await?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await? {
            if body.len() + chunk.len() > BODY_MAX {
                return Err(HttpError::TooLarge);
            }
            body.extend_from_slice(&chunk);
        }
        let mut answer = HttpResponse::new(body);
        *answer.status_mut() = response.status();
        if let Some(kind) = response.headers().get(CONTENT_TYPE) {
            answer.headers_mut().insert(CONTENT_TYPE, kind.clone());
        }
        Ok(answer)
    }
}

impl<'c> AsyncHttpClient<'c> for Http {
    type Error = HttpError;
    type Future = Pin<Box<dyn Future<Output = Result<HttpResponse, HttpError>> + Send + 'c>>;

    fn call(&'c self, request: HttpRequest) -> Self::Future {
        Box::pin(self.send(request))
    }
}

/// Judges an address that the provider names. Its query is its own matter.
pub(super) fn check(url: &Url, reach: Reach) -> Result<(), Refusal> {
    let mut url = url.clone();
    url.set_query(None);
    address_rule::check(&url, reach)
}
