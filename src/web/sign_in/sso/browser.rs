//! The cookie by which a browser that comes back from the provider is known to be the one that went there. Not
//! the session's: nobody has one before they sign in, and what is under way must not outlive ten minutes.

use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::header;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::Digest as _;
use sha2::Sha256;
use tower_sessions::cookie::Cookie;

use crate::web::Settings;
use crate::web::error::Result;
use crate::workflow::single_sign_on::VISIT;

/// What the cookie holds. It is a secret, of which only the hash is stored.
pub struct Ticket(String);

impl Ticket {
    /// A new one.
    pub fn new() -> Self {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).expect("the system gives random numbers");
        Self(URL_SAFE_NO_PAD.encode(bytes))
    }

    /// The one that the browser sends.
    pub fn of(headers: &HeaderMap, settings: &Settings) -> Option<Self> {
        let lines = headers.get_all(header::COOKIE).iter().filter_map(|it| it.to_str().ok());
        let mut cookies = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
        let cookie = cookies.find(|it| it.name() == name(settings))?;
        Some(Self(cookie.value().to_owned()))
    }

    /// What the database knows of it.
    pub fn hash(&self) -> Vec<u8> {
        Sha256::digest(self.0.as_bytes()).to_vec()
    }

    /// Hands it to the browser, for as long as a visit may take.
    pub fn cookie(&self, settings: &Settings) -> Result<HeaderValue> {
        let text = line(settings, &self.0, VISIT.as_secs());
        Ok(HeaderValue::from_str(&text).map_err(anyhow::Error::from)?)
    }
}

/// Takes it away from the browser.
pub fn removal(settings: &Settings) -> HeaderValue {
    let line = line(settings, "", 0);
    HeaderValue::from_str(&line).expect("nothing in it that a header cannot hold")
}

fn line(settings: &Settings, value: &str, seconds: i64) -> String {
    let secure = if settings.secure_cookies { "; Secure" } else { "" };
    // Lax, because it is the provider's page that sends the browser back.
    format!("{}={value}; Path=/; HttpOnly; SameSite=Lax; Max-Age={seconds}{secure}", name(settings))
}

const fn name(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "__Host-sso" } else { "sso" }
}
