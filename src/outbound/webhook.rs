//! Calls to a program of the company's, signed.
//!
//! `Comptoir-Signature: t=SECONDS,v1=HEX`, where HEX is HMAC-SHA256 under the shared secret of the seconds, a point,
//! and the body as it came. Whoever receives it refuses what is older than some minutes, and what they have had
//! before: the same call may come again, with the same `Comptoir-Id`.

use std::fmt::Write as _;
use std::net::IpAddr;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::bail;
use anyhow::ensure;
use hmac::Hmac;
use hmac::KeyInit as _;
use hmac::Mac as _;
use jiff::Timestamp;
use reqwest::dns::Addrs;
use reqwest::dns::Name;
use reqwest::dns::Resolve;
use reqwest::dns::Resolving;
use secrecy::ExposeSecret as _;
use secrecy::SecretString;
use sha2::Sha256;
use url::Url;

use crate::domain::address_rule;
use crate::domain::address_rule::Reach;
use crate::private_file;

const CONNECT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(15);
/// As long as what it keys.
const SECRET_MIN: usize = 32;

/// What the deployer said of the webhook.
#[derive(Debug, Default)]
pub struct Given {
    /// `COMPTOIR_WEBHOOK_URL`
    pub url: Option<String>,
    /// `COMPTOIR_WEBHOOK_SECRET`
    pub secret: Option<SecretString>,
    /// `COMPTOIR_WEBHOOK_SECRET_FILE`
    pub secret_file: Option<PathBuf>,
    /// How far it may reach.
    pub reach: Reach,
}

/// Calls the company's program.
#[derive(Clone)]
pub struct Webhook {
    http: reqwest::Client,
    url: Url,
    secret: Arc<SecretString>,
}

impl std::fmt::Debug for Webhook {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Webhook").field("host", &self.url.host_str()).finish_non_exhaustive()
    }
}

/// Asks the system, and passes an answer on if all of it is public: a name can stand for another address a moment
/// after it was judged (`reliability` S-16).
struct PublicOnly;

/// Why a name leads nowhere.
#[derive(Debug, thiserror::Error)]
#[error("the name stands for an address that is not public")]
struct NotPublic;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.collect();
            if found.iter().map(SocketAddr::ip).all(is_public) {
                Ok(Box::new(found.into_iter()) as Addrs)
            } else {
                Err(NotPublic.into())
            }
        })
    }
}

fn is_public(address: IpAddr) -> bool {
    address_rule::is_public(address)
}

impl Given {
    /// The webhook; none, if no address is named.
    pub fn webhook(self) -> anyhow::Result<Option<Webhook>> {
        let Some(url) = self.url.filter(|it| !it.trim().is_empty()) else { return Ok(None) };
        let url = address_rule::parse(url.trim(), self.reach)
            .map_err(|refusal| anyhow::anyhow!("COMPTOIR_WEBHOOK_URL {refusal}"))?;
        let secret = match (self.secret, &self.secret_file) {
            (Some(_), Some(_)) => {
                bail!("give COMPTOIR_WEBHOOK_SECRET or COMPTOIR_WEBHOOK_SECRET_FILE, not both")
            }
            (Some(secret), None) => secret,
            (None, Some(path)) => {
                let text = private_file::read(path).with_context(|| {
                    format!("cannot read COMPTOIR_WEBHOOK_SECRET_FILE {}", path.display())
                })?;
                text.trim().into()
            }
            (None, None) => {
                bail!("COMPTOIR_WEBHOOK_SECRET is missing: nobody could tell whose calls they are")
            }
        };
        ensure!(
            secret.expose_secret().len() >= SECRET_MIN,
            "COMPTOIR_WEBHOOK_SECRET is shorter than {SECRET_MIN} characters: openssl rand -base64 32"
        );
        // Fails when a provider is installed already, and then that one serves.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let builder = reqwest::Client::builder()
            .http1_only()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .no_proxy()
            .connect_timeout(CONNECT)
            .timeout(PATIENCE)
            .user_agent(concat!("Comptoir/", env!("CARGO_PKG_VERSION")));
        let builder = match self.reach {
            Reach::Public => builder.https_only(true).dns_resolver(PublicOnly),
            Reach::Anywhere if url.scheme() == "http" => builder.tls_certs_only([]),
            Reach::Anywhere => builder,
        };
        let http = builder.build().context("the webhook cannot be set up")?;
        Ok(Some(Webhook { http, url, secret: Arc::new(secret) }))
    }
}

impl Webhook {
    /// Calls with that body, and says whether the other side has taken it: any 2xx.
    pub async fn call(&self, id: &str, body: String, now: Timestamp) -> bool {
        let seconds = now.as_second();
        let signature = sign(&self.secret, seconds, &body);
        let request = self
            .http
            .post(self.url.clone())
            .header(reqwest::header::CONTENT_TYPE, "application/json")
            .header("Comptoir-Id", id)
            .header("Comptoir-Signature", format!("t={seconds},v1={signature}"))
            .body(body);
        match request.send().await {
            Ok(answer) => {
                let status = answer.status();
                if !status.is_success() {
                    tracing::warn!(status = status.as_u16(), "the webhook did not take a call");
                }
                status.is_success()
            }
            Err(error) => {
                tracing::warn!(error = %error.without_url(), "the webhook cannot be reached");
                false
            }
        }
    }
}

/// The signature of a body sent at that second.
fn sign(secret: &SecretString, seconds: i64, body: &str) -> String {
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.expose_secret().as_bytes())
        .expect("a key may have any length");
    mac.update(seconds.to_string().as_bytes());
    mac.update(b".");
    mac.update(body.as_bytes());
    let mut hex = String::with_capacity(64);
    for byte in mac.finalize().into_bytes() {
        write!(hex, "{byte:02x}").expect("a string takes everything");
    }
    hex
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "0123456789abcdef0123456789abcdef";

    fn given(url: &str) -> Given {
        Given { url: Some(url.to_owned()), secret: Some(SECRET.into()), ..Given::default() }
    }

    #[test]
    fn the_signature_is_that_of_seconds_point_and_body() {
        // printf '1763557920.{"a":1}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
        let expected = "dd0c2699a17103b6b2155f00a0615dd6a09c9bd4af3c8faae3ab28f6be087462";
        assert_eq!(sign(&SECRET.into(), 1_763_557_920, "{\"a\":1}"), expected);
    }

    #[test]
    fn only_public_hosts_are_called_unless_the_deployer_says_otherwise() {
        assert!(given("https://hooks.example.com/comptoir").webhook().unwrap().is_some());
        for url in [
            "http://hooks.example.com/",
            "https://127.0.0.1/",
            "https://169.254.169.254/latest",
            "https://localhost/",
            "https://printer.local/",
            "https://user:pw@hooks.example.com/",
            "https://hooks.example.com:8443/",
            "hooks",
        ] {
            let error = given(url).webhook().unwrap_err().to_string();
            assert!(error.starts_with("COMPTOIR_WEBHOOK_URL"), "{url}: {error}");
        }
        let anywhere = Given { reach: Reach::Anywhere, ..given("http://127.0.0.1:9/") };
        assert!(anywhere.webhook().unwrap().is_some());
        assert!(Given::default().webhook().unwrap().is_none());
    }

    #[test]
    fn a_secret_is_needed_and_is_long_and_never_repeated() {
        for secret in [None, Some("short-secret".into())] {
            let given = Given { secret, ..given("https://hooks.example.com/") };
            let error = given.webhook().unwrap_err().to_string();
            assert!(error.contains("COMPTOIR_WEBHOOK_SECRET") && !error.contains("short-secret"));
        }
    }
}
