//! Who is asking.

mod browser;
mod rotation;
mod ways;

use std::sync::Arc;
use std::sync::OnceLock;

use anyhow::anyhow;
use axum::extract::FromRequestParts;
use axum::extract::OptionalFromRequestParts;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::Response;
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use tower_sessions::Expiry;
use tower_sessions::Session;
use tower_sessions::SessionManagerLayer;
use tower_sessions::cookie::SameSite;
use tower_sessions::session_store as store;

use crate::db;
use crate::db::accounts::Account;
use crate::db::order_counts::Header;
use crate::db::pauses::Pause;
use crate::db::scope::SellerScope;
use crate::db::users::Present;
use crate::db::users::User;
use crate::domain::operator::Role;
use crate::web::AppState;
use crate::web::Settings;
use crate::web::error::Error;
use crate::web::extract::Htmx;
use crate::web::format;
use crate::web::session_store;
use crate::web::session_store::IDLE;
use crate::web::session_store::LIFETIME;
use crate::web::session_store::PgSessionStore;
use crate::web::session_store::RECENT;
use crate::web::text::Lang;
use crate::web::trace::Log;
use crate::web::updates::stream;

pub use rotation::NewId;
pub use ways::back_from;
pub use ways::go_to;
pub use ways::landing;
pub use ways::path_and_query;
pub use ways::safe_next;

/// What a session holds: whose it is,
const USER_ID: &str = "user_id";
/// and in which browser it began, so that its user knows it again.
const BROWSER: &str = "browser";
/// That a second factor was asked for elsewhere.
pub const VOUCHED: &str = "vouched";
/// Whose code is waited for, and since when.
const HALF: &str = "half";
/// For how long.
const HALF_FOR: SignedDuration = SignedDuration::from_mins(5);
/// Where somebody is let who has to set up their second factor first.
const SET_UP: &str = "/settings/profile";
/// Elements that ask again by themselves. Their requests do not keep anybody signed in: nobody may be there.
const POLLS: [&str; 7] = ["live", "sync", "session", "claim", "updates", "reread", "progress"];
/// How exact it is known when somebody was last there, which spares most requests a write.
const GRAIN: SignedDuration = SignedDuration::from_mins(1);

/// The cookie's name. Browsers guard a name that begins with `__Host-`, and drop it where there is no
/// https.
pub const fn cookie_name(settings: &Settings) -> &'static str {
    if settings.secure_cookies { "__Host-sid" } else { "sid" }
}

/// The layer of the routes that know their user (`reliability` S-6).
pub fn layer(state: &AppState) -> SessionManagerLayer<PgSessionStore> {
    let store = PgSessionStore { pool: state.pool.clone(), clock: state.clock.clone() };
    SessionManagerLayer::new(store)
        .with_name(cookie_name(&state.settings))
        .with_secure(state.settings.secure_cookies)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::seconds(LIFETIME.as_secs())))
}

/// A user at work. As an extractor it sends everybody else to the sign-in page; as `Option<SignedIn>` it
/// lets them in.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// Who.
    pub user: User,
    /// The accounts they work for, in the order of the settings.
    pub accounts: Vec<Account>,
    /// The same for queries.
    pub scope: SellerScope,
    /// Which of them send nothing.
    pub pauses: Vec<Pause>,
    /// Their session.
    pub session: db::sessions::Session,
    /// What the database knows of the identifier in their cookie.
    pub session_hash: Vec<u8>,
    /// Whether codes of an app are asked for when they sign in.
    pub second_factor: bool,
    /// Whether a second factor was asked for elsewhere when this session began.
    pub vouched: bool,
    /// What they read.
    pub lang: Lang,
    /// The counters at the top of their pages.
    pub header: Header,
}

impl SignedIn {
    /// Whether the deployer demands a second factor of them.
    pub const fn needs_second_factor(&self, settings: &Settings) -> bool {
        settings.admins_need_second_factor && matches!(self.user.operator.role, Role::Admin)
    }

    /// Whether they have to set one up before they do anything else.
    pub const fn owes_second_factor(&self, settings: &Settings) -> bool {
        self.needs_second_factor(settings) && !self.second_factor && !self.vouched
    }

    /// Whether it was not long ago that they proved who they are.
    pub fn is_recent(&self, now: Timestamp) -> bool {
        now.duration_since(self.session.authenticated_at) < RECENT
    }

    /// The zone that they read times in which concern no account, or several: their own, if they chose one.
    pub fn zone(&self) -> TimeZone {
        let chosen = self.user.time_zone.as_deref().map(format::zone);
        chosen.unwrap_or_else(|| self.account_zone())
    }

    /// The zone whose day is "today" where several accounts are concerned: the first one's, whoever asks.
    pub fn account_zone(&self) -> TimeZone {
        self.accounts.first().map_or(TimeZone::UTC, |it| format::zone(&it.time_zone))
    }
}

/// Marks the answer to somebody who is not signed in, for [`crate::web::sign_in::kept`].
#[derive(Debug, Clone, Copy)]
pub struct NobodyThere;

/// Where a handler's [`SignedIn`] stays visible for the error page.
#[derive(Debug, Clone, Default)]
pub struct Visitor(Arc<OnceLock<SignedIn>>);

impl Visitor {
    /// The user, if a handler asked who it was.
    pub fn signed_in(&self) -> Option<&SignedIn> {
        self.0.get()
    }
}

/// Begins a session for the user, under a new identifier: one that was planted beforehand is worth nothing,
/// and nothing of it is taken over.
pub async fn begin(session: &Session, user_id: i64, headers: &HeaderMap) -> Result<(), Error> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(USER_ID, user_id).await?;
    if let Some(browser) = browser::name(headers) {
        session.insert(BROWSER, browser).await?;
    }
    Ok(())
}

/// Remembers who typed the right password and has to type a code yet. Nothing of ours opens for them.
pub async fn begin_half(session: &Session, user_id: i64, now: Timestamp) -> Result<(), Error> {
    session.clear().await;
    session.cycle_id().await?;
    session.insert(HALF, (user_id, now.as_second())).await?;
    Ok(())
}

/// Who that is, while it is not long ago.
pub async fn half_signed_in(session: &Session, now: Timestamp) -> Result<Option<i64>, Error> {
    let half: Option<(i64, i64)> = session.get(HALF).await?;
    Ok(half.filter(|(_, since)| now.as_second() - since < HALF_FOR.as_secs()).map(|(id, _)| id))
}

impl From<tower_sessions::session::Error> for Error {
    fn from(error: tower_sessions::session::Error) -> Self {
        let tower_sessions::session::Error::Store(store::Error::Backend(words)) = error else {
            return Self::Internal(error.into());
        };
        // The store's only back end is the database, and nothing in its queries depends on input.
        Self::Unavailable(anyhow!("sessions: {words}"))
    }
}

/// Whether a page that is open may stay on the screen: what is not answered like this is answered by the
/// sign-in page, so that customers' data does not outlive the session there (ASVS 14.3.1).
pub async fn is_alive(_: SignedIn) -> StatusCode {
    StatusCode::NO_CONTENT
}

async fn find(parts: &mut Parts, state: &AppState) -> Result<Option<SignedIn>, Error> {
    let session = Session::from_request_parts(parts, state)
        .await
        .map_err(|_| anyhow!("the route lies outside of the session layer"))?;
    // Not read through the session, which would be a round trip of its own on every page.
    let Some(id) = session.id() else { return Ok(None) };
    let (session_hash, now) = (session_store::hash(id), state.clock.now());
    let found = db::users::present(&state.pool, &session_hash, now - IDLE, now).await?;
    let Some(present) = found else { return Ok(None) };
    let Present { user, session, second_factor, vouched, accounts, scope, pauses, header } =
        present;
    if let Some(log) = parts.extensions.get::<Log>() {
        log.user(user.operator.id);
    }
    if now.duration_since(session.seen_at) >= GRAIN && !is_poll(&parts.headers) {
        db::sessions::touch(&state.pool, &session_hash, now).await?;
    }
    let chosen = user.language.as_deref().and_then(Lang::parse);
    let lang = chosen.unwrap_or_else(|| Lang::negotiate(&parts.headers));
    let signed_in = SignedIn {
        user,
        accounts,
        scope,
        pauses,
        session,
        session_hash,
        second_factor,
        vouched,
        lang,
        header,
    };
    if let Some(visitor) = parts.extensions.get::<Visitor>() {
        visitor.0.get_or_init(|| signed_in.clone());
    }
    Ok(Some(signed_in))
}

fn is_poll(headers: &HeaderMap) -> bool {
    let element = headers.get("hx-trigger").and_then(|it| it.to_str().ok());
    element.is_some_and(|it| POLLS.contains(&it)) || stream::waits_for_events(headers)
}

impl FromRequestParts<AppState> for SignedIn {
    type Rejection = Response;

    async fn from_request_parts(parts: &mut Parts, state: &AppState) -> Result<Self, Response> {
        match find(parts, state).await {
            Ok(Some(signed_in)) => {
                let owes = signed_in.owes_second_factor(&state.settings);
                if owes && !parts.uri.path().starts_with(SET_UP) {
                    return Err(go_to(Htmx::of(&parts.headers), SET_UP));
                }
                Ok(signed_in)
            }
            Ok(None) => Err(ways::to_sign_in(parts)),
            Err(error) => Err(error.into_response()),
        }
    }
}

impl OptionalFromRequestParts<AppState> for SignedIn {
    type Rejection = Error;

    async fn from_request_parts(
        parts: &mut Parts,
        state: &AppState,
    ) -> Result<Option<Self>, Error> {
        find(parts, state).await
    }
}
