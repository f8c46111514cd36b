//! What the deployer says of the provider: all of it or nothing.

use std::path::PathBuf;
use std::time::Duration;

use anyhow::Context as _;
use anyhow::bail;
use anyhow::ensure;
use secrecy::ExposeSecret as _;
use secrecy::SecretString;
use url::Url;

use crate::domain::address_rule;
use crate::domain::address_rule::Reach;
use crate::private_file;

/// How long a person waits for the provider.
const PATIENCE: Duration = Duration::from_secs(8);
/// Where the provider sends people back to, below our own address.
const RETURN: &str = "/sign-in/sso/return";

/// A provider, and who we are there.
#[derive(Debug, Clone)]
pub struct Config {
    /// Its name in its own words: compared letter by letter, so that it is no `Url`.
    pub issuer: String,
    /// Our name there.
    pub client_id: String,
    /// Our secret there.
    pub client_secret: SecretString,
    /// As people call it.
    pub name: String,
    /// Where it sends people back to.
    pub redirect: Url,
    /// How far it may reach.
    pub reach: Reach,
    /// How long a person waits for it.
    pub patience: Duration,
}

/// What was given, before it is known whether it fits together.
#[derive(Debug, Clone, Default)]
pub struct Given {
    /// `COMPTOIR_OIDC_ISSUER`
    pub issuer: Option<String>,
    /// `COMPTOIR_OIDC_CLIENT_ID`
    pub client_id: Option<String>,
    /// `COMPTOIR_OIDC_CLIENT_SECRET`
    pub client_secret: Option<SecretString>,
    /// `COMPTOIR_OIDC_CLIENT_SECRET_FILE`
    pub client_secret_file: Option<PathBuf>,
    /// `COMPTOIR_OIDC_NAME`
    pub name: Option<String>,
    /// `COMPTOIR_PUBLIC_URL`
    pub public_url: Option<String>,
    /// `COMPTOIR_OIDC_ALLOW_PRIVATE`
    pub reach: Reach,
}

impl Given {
    /// The provider; none, if nothing was said of one. An empty setting is one that is not there.
    ///
    /// # Errors
    /// When something is missing or cannot be used, in words for the deployer.
    pub fn config(self) -> anyhow::Result<Option<Config>> {
        let some = |given: Option<String>| given.filter(|it| !it.trim().is_empty());
        let (issuer, client_id) = (some(self.issuer), some(self.client_id));
        let (name, public_url) = (some(self.name), some(self.public_url));
        let secret = self.client_secret.filter(|it| !it.expose_secret().trim().is_empty());
        let file = self.client_secret_file.filter(|it| !it.as_os_str().is_empty());
        let Some(issuer) = issuer else {
            let rest = client_id.is_some() || secret.is_some() || file.is_some() || name.is_some();
            ensure!(!rest, "single sign-on: COMPTOIR_OIDC_ISSUER is missing");
            return Ok(None);
        };
        let client_id = client_id.context("single sign-on: COMPTOIR_OIDC_CLIENT_ID is missing")?;
        let client_secret = match (secret, file) {
            (Some(secret), None) => secret,
            (None, Some(path)) => {
                let secret = private_file::read(&path).with_context(|| {
                    format!("cannot read COMPTOIR_OIDC_CLIENT_SECRET_FILE {}", path.display())
                })?;
                secret.trim().into()
            }
            (Some(_), Some(_)) => bail!(
                "give COMPTOIR_OIDC_CLIENT_SECRET or COMPTOIR_OIDC_CLIENT_SECRET_FILE, not both"
            ),
            (None, None) => bail!("single sign-on: COMPTOIR_OIDC_CLIENT_SECRET is missing"),
        };
        let public_url = public_url.context(
            "single sign-on: COMPTOIR_PUBLIC_URL is missing, the address that people open",
        )?;
        let judged = address_rule::parse(&issuer, self.reach).map_err(|error| {
            anyhow::anyhow!(
                "COMPTOIR_OIDC_ISSUER {error}: a public host over https, or anything with \
                 COMPTOIR_OIDC_ALLOW_PRIVATE"
            )
        })?;
        let host = judged.host_str().unwrap_or_default().to_owned();
        let redirect = redirect(&public_url, self.reach)?;
        let name = name.unwrap_or(host);
        let (reach, patience) = (self.reach, PATIENCE);
        Ok(Some(Config { issuer, client_id, client_secret, name, redirect, reach, patience }))
    }
}

/// Where people come back to. Never from a request's `Host`, which anybody can send.
fn redirect(public_url: &str, reach: Reach) -> anyhow::Result<Url> {
    let url = Url::parse(public_url).context("COMPTOIR_PUBLIC_URL is not an address")?;
    let scheme = url.scheme();
    ensure!(
        scheme == "https" || (scheme == "http" && reach == Reach::Anywhere),
        "COMPTOIR_PUBLIC_URL does not begin with https://"
    );
    let bare = url.username().is_empty()
        && url.password().is_none()
        && url.query().is_none()
        && url.fragment().is_none()
        && url.path() == "/";
    ensure!(bare, "COMPTOIR_PUBLIC_URL holds more than a host, such as https://desk.example.com");
    url.join(RETURN).context("COMPTOIR_PUBLIC_URL is not an address")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn given() -> Given {
        Given {
            issuer: Some("https://login.example.com/realms/maison".to_owned()),
            client_id: Some("comptoir".to_owned()),
            client_secret: Some("keep me out of errors".into()),
            public_url: Some("https://desk.example.com".to_owned()),
            ..Given::default()
        }
    }

    #[test]
    fn nothing_said_is_no_single_sign_on() {
        assert!(Given::default().config().unwrap().is_none());
        let empty = Given { issuer: Some(String::new()), ..Given::default() };
        assert!(empty.config().unwrap().is_none());
        let only_ours = Given { public_url: given().public_url, ..Given::default() };
        assert!(only_ours.config().unwrap().is_none());
    }

    #[test]
    fn people_come_back_to_the_configured_address() {
        let config = given().config().unwrap().unwrap();
        assert_eq!(config.redirect.as_str(), "https://desk.example.com/sign-in/sso/return");
        assert_eq!(config.name, "login.example.com");
    }

    #[test]
    fn what_is_missing_or_wrong_is_said_in_words_and_without_the_secret() {
        type Spoil = fn(&mut Given);
        let cases: [(Spoil, &str); 11] = [
            (|it| it.issuer = None, "COMPTOIR_OIDC_ISSUER is missing"),
            (|it| it.client_id = None, "COMPTOIR_OIDC_CLIENT_ID is missing"),
            (|it| it.client_secret = None, "COMPTOIR_OIDC_CLIENT_SECRET is missing"),
            (|it| it.client_secret_file = Some("x".into()), "not both"),
            (|it| it.public_url = None, "COMPTOIR_PUBLIC_URL is missing"),
            (|it| it.issuer = Some("http://login.example.com".to_owned()), "https://"),
            (|it| it.issuer = Some("https://10.0.0.7".to_owned()), "not a public host"),
            (|it| it.issuer = Some("https://a@login.example.com".to_owned()), "user name"),
            (|it| it.public_url = Some("http://desk.example.com".to_owned()), "https://"),
            (|it| it.public_url = Some("https://example.com/desk".to_owned()), "more than a host"),
            (|it| it.public_url = Some("desk".to_owned()), "not an address"),
        ];
        for (spoil, words) in cases {
            let mut given = given();
            spoil(&mut given);
            let error = format!("{:#}", given.config().unwrap_err());
            assert!(error.contains(words), "{error}");
            assert!(!error.contains("keep me out"), "{error}");
        }
    }

    #[test]
    fn a_deployer_may_allow_a_provider_next_door() {
        let mut given = Given { reach: Reach::Anywhere, ..given() };
        given.issuer = Some("http://127.0.0.1:5556".to_owned());
        given.public_url = Some("http://localhost:8080".to_owned());
        assert!(given.config().unwrap().is_some());
    }
}
