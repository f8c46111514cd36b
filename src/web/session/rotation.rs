//! Another identifier for a session that goes on: what was planted, copied or overheard before somebody proved
//! who they are is worth nothing after.
//!
//! Not by `tower_sessions`, which deletes the session and makes another one: a request that is under way while
//! its user signs out could bring it back. Here it is one statement, in the transaction of what is proven.

use axum::http::HeaderValue;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use tower_sessions::cookie::Cookie;
use tower_sessions::cookie::SameSite;
use tower_sessions::session::Id;

use crate::web::Settings;
use crate::web::error::Result;
use crate::web::session::SignedIn;
use crate::web::session::cookie_name;
use crate::web::session_store;
use crate::web::session_store::LIFETIME;
use crate::workflow::sessions::Rotation;

/// An identifier that no session has yet.
pub struct NewId {
    id: Id,
    hash: Vec<u8>,
}

impl NewId {
    /// 128 bits from the system.
    pub fn draw() -> Self {
        let id = Id::default();
        Self { id, hash: session_store::hash(id) }
    }

    /// It takes the place of the one that the user came with.
    pub fn instead_of<'a>(&'a self, signed_in: &'a SignedIn) -> Rotation<'a> {
        Rotation { old: &signed_in.session_hash, new: &self.hash }
    }

    /// The answer, with the cookie that carries it.
    pub fn with(&self, answer: impl IntoResponse, settings: &Settings) -> Result<Response> {
        let cookie = Cookie::build((cookie_name(settings), self.id.to_string()))
            .path("/")
            .http_only(true)
            .secure(settings.secure_cookies)
            .same_site(SameSite::Lax)
            .max_age(time::Duration::seconds(LIFETIME.as_secs()))
            .build();
        let value = HeaderValue::from_str(&cookie.to_string()).map_err(anyhow::Error::from)?;
        let mut response = answer.into_response();
        response.headers_mut().append(header::SET_COOKIE, value);
        Ok(response)
    }
}
