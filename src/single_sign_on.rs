//! The company's own sign-in: an OpenID Connect provider that says who somebody is (ADR 0013).
//!
//! Knows the provider and nothing of our users. Authorization code with PKCE; what is believed of the answer is what
//! the library has checked of the ID token: signature, issuer, audience, nonce, and that it has not expired.
//! Nothing else that the provider sends is shown, stored or logged.

mod answer;
mod config;
mod discovery;
mod http;

use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use openidconnect::AuthType;
use openidconnect::ClientId;
use openidconnect::ClientSecret;
use openidconnect::CsrfToken;
use openidconnect::EndpointMaybeSet;
use openidconnect::EndpointNotSet;
use openidconnect::EndpointSet;
use openidconnect::Nonce;
use openidconnect::PkceCodeChallenge;
use openidconnect::RedirectUrl;
use openidconnect::Scope;
use openidconnect::core::CoreAuthPrompt;
use openidconnect::core::CoreAuthenticationFlow;
use openidconnect::core::CoreClient;
use openidconnect::core::CoreClientAuthMethod;
use secrecy::ExposeSecret as _;
use url::Url;

use crate::single_sign_on::discovery::Discovery;
use crate::single_sign_on::discovery::Metadata;
use crate::single_sign_on::http::Http;

pub use config::Config;
pub use config::Given;

/// The provider that the deployer named. Clones share what is known of it.
#[derive(Debug, Clone)]
pub struct Provider {
    inner: Arc<Inner>,
}

#[derive(Debug)]
struct Inner {
    config: Config,
    redirect: RedirectUrl,
    http: Http,
    discovery: Discovery,
}

/// What only we know of somebody who is at the provider.
#[derive(Debug, Clone)]
pub struct Secrets {
    /// Comes back in the address: it is the answer to what this browser asked.
    pub state: String,
    /// Comes back in the ID token: it was made for this sign-in.
    pub nonce: String,
    /// What the code is worth nothing without (PKCE).
    pub verifier: String,
}

/// Where somebody is sent, and what has to be remembered until they return.
#[derive(Debug)]
pub struct Departure {
    /// The provider's page.
    pub url: Url,
    /// What to remember.
    pub secrets: Secrets,
}

/// What came back in the address.
#[derive(Debug)]
pub struct Return {
    /// What is exchanged for the ID token.
    pub code: String,
    /// Who says so (RFC 9207).
    pub issuer: Option<String>,
}

/// Somebody, as the provider knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The provider.
    pub issuer: String,
    /// Who they are there, for good.
    pub subject: String,
    /// Their e-mail address, if the provider has verified that it is theirs.
    pub email: Option<String>,
    /// Whether the provider says that it asked for a second factor.
    pub second_factor: bool,
}

/// Why nobody is known after all.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// No answer in time, or none that can be read.
    #[error("no answer of use")]
    Silent,
    /// The provider did not take the code, or not from us.
    #[error("the provider did not take the code: {0}")]
    Refused(&'static str),
    /// What it says must not be believed.
    #[error("the answer cannot be trusted: {0}")]
    Untrusted(&'static str),
    /// It was to ask the person again, and did not.
    #[error("the person was not asked again")]
    NotAsked,
}

/// Why there can be no single sign-on with a configuration.
#[derive(Debug, thiserror::Error)]
pub enum BuildError {
    /// TLS could not be set up.
    #[error("the HTTP client cannot be set up")]
    Http(#[from] reqwest::Error),
    /// One of the addresses is none.
    #[error("an address cannot be used")]
    Address(#[from] url::ParseError),
}

type Client = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Provider {
    /// A provider that was not asked anything yet: Comptoir starts also while it is down.
    ///
    /// # Errors
    /// When the configuration cannot be used as it is.
    pub fn new(config: Config) -> Result<Self, BuildError> {
        let http = Http::new(config.reach, config.patience)?;
        let discovery = Discovery::new(config.issuer.clone())?;
        let redirect = RedirectUrl::new(config.redirect.to_string())?;
        Ok(Self { inner: Arc::new(Inner { config, redirect, http, discovery }) })
    }

    /// As people call it.
    pub fn name(&self) -> &str {
        &self.inner.config.name
    }

    /// Sends somebody to the provider; with `again`, it has to ask them who they are even if it knows.
    ///
    /// # Errors
    /// [`Failure::Silent`], when the provider has not said where that is.
    pub async fn begin(&self, again: bool) -> Result<Departure, Failure> {
        let metadata = self.in_time(self.inner.discovery.get(&self.inner.http)).await?;
        let client = self.client(&metadata);
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let flow = CoreAuthenticationFlow::AuthorizationCode;
        let request = client.authorize_url(flow, CsrfToken::new_random, Nonce::new_random);
        let request = request.add_scope(Scope::new("email".to_owned()));
        let mut request = request.set_pkce_challenge(challenge);
        if again {
            request = request.add_prompt(CoreAuthPrompt::Login).set_max_age(Duration::ZERO);
        }
        let (url, state, nonce) = request.url();
        let secrets = Secrets {
            state: state.secret().clone(),
            nonce: nonce.secret().clone(),
            verifier: verifier.into_secret(),
        };
        Ok(Departure { url, secrets })
    }

    /// Asks the provider who came back. `asked_at` is when it was to ask them again.
    ///
    /// # Errors
    /// When it does not say, or must not be believed.
    pub async fn finish(
        &self,
        answer: Return,
        secrets: &Secrets,
        asked_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Person, Failure> {
        self.in_time(self.ask(answer, secrets, asked_at, now)).await
    }

    fn client(&self, metadata: &Metadata) -> Client {
        let Config { client_id, client_secret, .. } = &self.inner.config;
        let secret = ClientSecret::new(client_secret.expose_secret().to_owned());
        let id = ClientId::new(client_id.clone());
        let client = CoreClient::from_provider_metadata(metadata.clone(), id, Some(secret));
        let client = client.set_redirect_uri(self.inner.redirect.clone());
        // What is not said is `client_secret_basic` (OpenID Connect Discovery 1.0, 3).
        let methods = metadata.token_endpoint_auth_methods_supported();
        let takes = |method| methods.is_none_or(|it| it.contains(&method));
        if takes(CoreClientAuthMethod::ClientSecretBasic) {
            client
        } else {
            client.set_auth_type(AuthType::RequestBody)
        }
    }

    /// A person waits for this: several calls together have no more time than one.
    async fn in_time<T>(
        &self,
        question: impl Future<Output = Result<T, Failure>>,
    ) -> Result<T, Failure> {
        let answer = tokio::time::timeout(self.inner.config.patience, question).await;
        answer.unwrap_or_else(|_| {
            tracing::warn!("the provider did not answer in time");
            Err(Failure::Silent)
        })
    }
}
