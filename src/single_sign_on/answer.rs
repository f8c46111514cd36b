//! What the provider answers, and what of it is believed.

use std::time::SystemTime;

use jiff::SignedDuration;
use jiff::Timestamp;
use openidconnect::AuthorizationCode;
use openidconnect::ClaimsVerificationError;
use openidconnect::Nonce;
use openidconnect::PkceCodeVerifier;
use openidconnect::RequestTokenError;
use openidconnect::SignatureVerificationError;
use openidconnect::TokenResponse as _;
use openidconnect::core::CoreErrorResponseType;
use openidconnect::core::CoreIdToken;
use openidconnect::core::CoreIdTokenClaims;
use openidconnect::core::CoreJwsSigningAlgorithm as Algorithm;

use crate::single_sign_on::Failure;
use crate::single_sign_on::Inner;
use crate::single_sign_on::Person;
use crate::single_sign_on::Provider;
use crate::single_sign_on::Return;
use crate::single_sign_on::Secrets;
use crate::single_sign_on::discovery::Metadata;

/// What an ID token may be signed with: whatever is checked with a public key. Not `none`, and none of the
/// `HS…`, with which our own secret, or the public key taken for one, would sign.
const ALGORITHMS: [Algorithm; 9] = [
    Algorithm::RsaSsaPkcs1V15Sha256,
    Algorithm::RsaSsaPkcs1V15Sha384,
    Algorithm::RsaSsaPkcs1V15Sha512,
    Algorithm::RsaSsaPssSha256,
    Algorithm::RsaSsaPssSha384,
    Algorithm::RsaSsaPssSha512,
    Algorithm::EcdsaP256Sha256,
    Algorithm::EcdsaP384Sha384,
    Algorithm::EdDsa,
];

/// What a provider calls a second factor (RFC 8176): several of them, a code of the moment, a key of hardware.
const SECOND_FACTORS: [&str; 3] = ["mfa", "otp", "hwk"];

/// How far the provider's clock may be behind ours.
const SKEW: SignedDuration = SignedDuration::from_mins(1);

impl Provider {
    /// Exchanges the code, and checks what comes for it.
    pub(super) async fn ask(
        &self,
        answer: Return,
        secrets: &Secrets,
        asked_at: Option<Timestamp>,
        now: Timestamp,
    ) -> Result<Person, Failure> {
        let Inner { discovery, http, config, .. } = &*self.inner;
        let metadata = discovery.get(http).await?;
        // Before the code leaves: it may be another provider's (mix-up).
        let ours = match answer.issuer {
            Some(issuer) => issuer == config.issuer,
            None => !metadata.additional_metadata().names_itself,
        };
        if !ours {
            return Err(Failure::Untrusted("the answer is another provider's"));
        }
        let token = self.exchange(&metadata, answer.code, secrets).await?;
        let nonce = Nonce::new(secrets.nonce.clone());
        let claims = match self.claims(&metadata, &token, &nonce, now) {
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                // The provider may have new keys since we asked.
                let newer = discovery.newer_keys(http, &metadata).await?;
                self.claims(&newer, &token, &nonce, now)
            }
            claims => claims,
        };
        let claims = claims.map_err(|error| Failure::Untrusted(word(&error)))?;
        // The library leaves this one to us.
        if claims.authorized_party().is_some_and(|it| it.as_str() != config.client_id) {
            return Err(Failure::Untrusted("authorized party"));
        }
        if let Some(asked_at) = asked_at {
            let proven = claims.auth_time().map_or(i64::MIN, |it| it.timestamp());
            if proven < (asked_at - SKEW).as_second() {
                return Err(Failure::NotAsked);
            }
        }
        Ok(person(config.issuer.clone(), &claims))
    }

    async fn exchange(
        &self,
        metadata: &Metadata,
        code: String,
        secrets: &Secrets,
    ) -> Result<CoreIdToken, Failure> {
        let client = self.client(metadata);
        let request = client.exchange_code(AuthorizationCode::new(code));
        let request = request.map_err(|_| Failure::Silent)?;
        let verifier = PkceCodeVerifier::new(secrets.verifier.clone());
        let response = request.set_pkce_verifier(verifier).request_async(&self.inner.http).await;
        let response = response.map_err(|error| match error {
            RequestTokenError::ServerResponse(refusal) => {
                Failure::Refused(code_of(refusal.error()))
            }
            RequestTokenError::Request(error) => {
                tracing::warn!(%error, "the provider did not answer");
                Failure::Silent
            }
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => Failure::Silent,
        })?;
        // The access token is dropped unused: who somebody is, is all that was asked.
        response.id_token().cloned().ok_or(Failure::Untrusted("no ID token"))
    }

    fn claims(
        &self,
        metadata: &Metadata,
        token: &CoreIdToken,
        nonce: &Nonce,
        now: Timestamp,
    ) -> Result<CoreIdTokenClaims, ClaimsVerificationError> {
        let client = self.client(metadata);
        let verifier = client.id_token_verifier();
        let verifier = verifier.set_allowed_algs(ALGORITHMS);
        let verifier = verifier.set_time_fn(move || SystemTime::from(now).into());
        token.claims(&verifier, nonce).cloned()
    }
}

fn person(issuer: String, claims: &CoreIdTokenClaims) -> Person {
    let verified = claims.email_verified() == Some(true);
    let email = claims.email().filter(|_| verified).map(|it| it.as_str().to_owned());
    let second_factor = claims
        .auth_method_refs()
        .is_some_and(|it| it.iter().any(|it| SECOND_FACTORS.contains(&it.as_str())));
    Person { issuer, subject: claims.subject().as_str().to_owned(), email, second_factor }
}

/// Which check failed. The error's own words quote the token.
fn word(error: &ClaimsVerificationError) -> &'static str {
    match error {
        ClaimsVerificationError::Expired(_) => "expired",
        ClaimsVerificationError::InvalidAudience(_) => "audience",
        ClaimsVerificationError::InvalidIssuer(_) => "issuer",
        ClaimsVerificationError::InvalidNonce(_) => "nonce",
        ClaimsVerificationError::InvalidSubject(_) => "subject",
        ClaimsVerificationError::SignatureVerification(error) => match error {
            SignatureVerificationError::DisallowedAlg(_)
            | SignatureVerificationError::UnsupportedAlg(_) => "algorithm",
            SignatureVerificationError::NoMatchingKey => "unknown key",
            SignatureVerificationError::NoSignature => "no signature",
            SignatureVerificationError::AmbiguousKeyId(_)
            | SignatureVerificationError::CryptoError(_)
            | SignatureVerificationError::InvalidKey(_)
            | SignatureVerificationError::Other(_)
            | _ => "signature",
        },
        ClaimsVerificationError::InvalidAuthContext(_)
        | ClaimsVerificationError::InvalidAuthTime(_)
        | ClaimsVerificationError::Other(_)
        | ClaimsVerificationError::Unsupported(_)
        | _ => "unreadable",
    }
}

/// The standard's word for it (RFC 6749, 5.2), and no word of the provider's own.
const fn code_of(error: &CoreErrorResponseType) -> &'static str {
    match error {
        CoreErrorResponseType::InvalidClient => "invalid_client",
        CoreErrorResponseType::InvalidGrant => "invalid_grant",
        CoreErrorResponseType::InvalidRequest => "invalid_request",
        CoreErrorResponseType::InvalidScope => "invalid_scope",
        CoreErrorResponseType::UnauthorizedClient => "unauthorized_client",
        CoreErrorResponseType::UnsupportedGrantType => "unsupported_grant_type",
        CoreErrorResponseType::Extension(_) => "another reason",
    }
}
