//! What the provider says of itself: its addresses and its keys (OpenID Connect Discovery 1.0). Asked for when
//! the first one signs in, and again after a while; of several who wait at once, one asks.

use std::sync::Arc;
use std::time::Duration;

use openidconnect::AdditionalProviderMetadata;
use openidconnect::IssuerUrl;
use openidconnect::JsonWebKeySet;
use openidconnect::ProviderMetadata;
use openidconnect::core::CoreAuthDisplay;
use openidconnect::core::CoreClaimName;
use openidconnect::core::CoreClaimType;
use openidconnect::core::CoreClientAuthMethod;
use openidconnect::core::CoreGrantType;
use openidconnect::core::CoreJsonWebKey;
use openidconnect::core::CoreJweContentEncryptionAlgorithm;
use openidconnect::core::CoreJweKeyManagementAlgorithm;
use openidconnect::core::CoreResponseMode;
use openidconnect::core::CoreResponseType;
use openidconnect::core::CoreSubjectIdentifierType;
use serde::Deserialize;
use serde::Serialize;
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::single_sign_on::Failure;
use crate::single_sign_on::http;
use crate::single_sign_on::http::Http;

/// How long the answer counts.
const SERVES: Duration = Duration::from_hours(1);
/// How long nobody asks again after a failure: whoever waited meanwhile shares it.
const RESTS: Duration = Duration::from_secs(5);
/// How long nobody asks for keys again that a token needed: a token can name any key.
const KEYS_REST: Duration = Duration::from_mins(1);

/// What the provider says of itself.
pub(super) type Metadata = ProviderMetadata<
    Additional,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What later standards let it say.
#[derive(Debug, Clone, Deserialize, Serialize)]
pub(super) struct Additional {
    /// Whether it says in every answer who gives it (RFC 9207).
    #[serde(default, rename = "authorization_response_iss_parameter_supported")]
    pub(super) names_itself: bool,
}

impl AdditionalProviderMetadata for Additional {}

/// The one place where it is kept.
#[derive(Debug)]
pub(super) struct Discovery {
    issuer: IssuerUrl,
    /// Held across the question on purpose: whoever comes meanwhile waits and shares the answer.
    held: Mutex<Held>,
}

#[derive(Debug, Default)]
struct Held {
    known: Option<(Arc<Metadata>, Instant)>,
    failed_at: Option<Instant>,
    keys_asked_at: Option<Instant>,
}

impl Discovery {
    pub(super) fn new(issuer: String) -> Result<Self, url::ParseError> {
        Ok(Self { issuer: IssuerUrl::new(issuer)?, held: Mutex::default() })
    }

    /// What is known, or becomes known now.
    pub(super) async fn get(&self, http: &Http) -> Result<Arc<Metadata>, Failure> {
        let mut held = self.held.lock().await;
        if let Some((known, since)) = &held.known
            && since.elapsed() < SERVES
        {
            return Ok(Arc::clone(known));
        }
        if held.failed_at.is_some_and(|at| at.elapsed() < RESTS) {
            return Err(Failure::Silent);
        }
        // Stays if this question is given up, too.
        held.failed_at = Some(Instant::now());
        let metadata = Metadata::discover_async(self.issuer.clone(), http).await;
        let metadata = metadata.map_err(|error| silent(&error))?;
        http::check(metadata.authorization_endpoint().url(), http.reach())
            .map_err(|error| silent(&error))?;
        let metadata = Arc::new(metadata);
        held.known = Some((Arc::clone(&metadata), Instant::now()));
        held.failed_at = None;
        Ok(metadata)
    }

    /// The same with the keys of now, for a token that needs another key than `known` has; the same once more,
    /// if they were asked for a moment ago.
    pub(super) async fn newer_keys(
        &self,
        http: &Http,
        known: &Arc<Metadata>,
    ) -> Result<Arc<Metadata>, Failure> {
        let mut held = self.held.lock().await;
        if let Some((newer, _)) = held.known.as_ref().filter(|(it, _)| !Arc::ptr_eq(it, known)) {
            return Ok(Arc::clone(newer));
        }
        if held.keys_asked_at.is_some_and(|at| at.elapsed() < KEYS_REST) {
            return Ok(Arc::clone(known));
        }
        held.keys_asked_at = Some(Instant::now());
        let keys = JsonWebKeySet::fetch_async(known.jwks_uri(), http).await;
        let keys = keys.map_err(|error| silent(&error))?;
        let newer = Arc::new(Metadata::clone(known).set_jwks(keys));
        if let Some((known, _)) = &mut held.known {
            *known = Arc::clone(&newer);
        }
        Ok(newer)
    }
}

/// The reason goes to the log, with what is behind it.
fn silent(error: &impl std::error::Error) -> Failure {
    let cause = error.source().map(ToString::to_string).unwrap_or_default();
    tracing::warn!(%error, cause, "the provider does not say where to sign in");
    Failure::Silent
}
