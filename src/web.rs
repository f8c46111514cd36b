//! The pages.
//!
//! Invariant: a page reads through [`crate::db`] and changes an order only through `crate::workflow`; it
//! waits for the marketplace only through `crate::live`, and never for long. GET changes nothing. Every page and action works without JavaScript.

mod accounts;
mod activity;
mod assets;
mod attention;
pub mod batches;
mod bodies;
mod components;
pub mod connections;
mod cross_site;
mod dashboard;
mod error;
mod extract;
mod format;
mod glossary;
mod headers;
mod health;
mod help;
mod imports;
mod invoices;
mod layout;
pub mod notifications;
pub mod orders;
pub mod passwords;
mod peer;
mod problem;
mod profile;
mod promises;
mod session;
pub mod session_store;
pub mod settings;
mod shipping;
mod sight;
mod sign_in;
mod sync_page;
mod text;
mod trace;
mod updates;

use std::time::Duration;

use askama::Template;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::http::StatusCode;
use axum::middleware;
use axum::response::Html;
use axum::routing::get;
use axum::routing::post;
use ipnet::IpNet;
use jiff::SignedDuration;
use sqlx::PgPool;
use tower_http::CompressionLevel;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::CompressionLayer;
use tower_http::limit::RequestBodyLimitLayer;
use tower_http::timeout::TimeoutLayer;

use crate::clock::Clock;
use crate::db::scope::ScopedPool;
use crate::live::Live;
use crate::single_sign_on::Provider;
use crate::web::orders::forms::invoice;
use crate::web::settings::users;

/// The longest a request may take (`reliability` R-10).
pub const MAX_DURATION: Duration = Duration::from_secs(30);
/// The same where files come in: 50 MB over the line of a small office.
const MAX_UPLOAD_DURATION: Duration = Duration::from_mins(2);

/// What handlers work with. Cheap to clone.
#[derive(Debug, Clone)]
pub struct AppState {
    /// The database, as the owner of its tables: for who may come in, and for the settings. `tests/architecture.rs`
    /// says which files may use it.
    pub pool: PgPool,
    /// The database, as far as somebody who is signed in may see it.
    pub scoped: ScopedPool,
    /// The present.
    pub clock: Clock,
    /// The marketplace, for what a form needs to know at once.
    pub live: Live,
    /// The company's own sign-in, if the deployer named one.
    pub single_sign_on: Option<Provider>,
    /// What the deployer decided.
    pub settings: Settings,
}

/// What the deployer decided, as far as pages are concerned.
#[derive(Debug, Clone)]
pub struct Settings {
    /// How long a promise waits before it is sent, so that it can be withdrawn.
    pub send_delay: SignedDuration,
    /// Whether people reach us over https: cookies are then bound to it, and browsers are told to stay
    /// with it.
    pub secure_cookies: bool,
    /// Whether admins have to have a second factor.
    pub admins_need_second_factor: bool,
    /// A stored password hash that costs less than this is made anew when its owner signs in.
    pub rehash_below: passwords::Work,
    /// The proxies that are believed when they say whom they speak for.
    pub trusted_proxies: Vec<IpNet>,
    /// What the pages say they are.
    pub environment: Environment,
}

/// What is at stake here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Environment {
    /// A simulated marketplace: every page says so.
    Demo,
    /// Real orders.
    Production,
}

/// Every route, in one table, with everything around it.
pub fn router(state: AppState) -> Router {
    let pages = Router::new()
        .route("/orders/{account}/{order_id}", get(orders::show::show))
        .route(
            "/orders/{account}/{order_id}/{action}",
            get(orders::action::show).post(orders::action::perform),
        )
        .route("/promises/{id}", get(promises::show))
        .route("/promises/{id}/withdraw", post(promises::withdraw))
        .route("/promises/{id}/decide", post(promises::decide))
        .route("/activity", get(activity::show))
        .route("/activity/export", get(activity::export))
        .route("/attention", get(attention::list))
        .route("/glossary", get(glossary::show))
        .route("/settings/accounts", get(accounts::list))
        .route("/settings/accounts/new", get(accounts::new).post(accounts::create))
        .route("/settings/accounts/{account}", get(accounts::edit).post(accounts::change))
        .route("/settings/accounts/{account}/test", post(accounts::test))
        .route("/settings/accounts/{account}/channels/{channel}", post(accounts::channels::set))
        .route("/settings/accounts/{account}/pause", post(accounts::pause))
        .route("/settings/accounts/{account}/resume", post(accounts::resume))
        .route("/orders", get(orders::list::show))
        .route("/orders/search", get(orders::list::words::show).post(orders::list::words::find))
        .route("/orders/export", get(orders::export::show))
        .route("/settings/users", get(users::list::show))
        .route("/settings/users/invite", post(users::invite::create))
        .route("/settings/users/invitations/{id}/withdraw", post(users::invite::withdraw))
        .route("/settings/users/{id}", get(users::edit::show).post(users::edit::save))
        .route("/settings/users/{id}/password", post(users::password::make))
        .route("/settings/users/{id}/deactivate", post(users::edit::deactivate))
        .route("/settings/users/{id}/reactivate", post(users::edit::reactivate))
        .route("/settings/users/{id}/end-sessions", post(users::edit::end_sessions))
        .route("/settings/users/{id}/reset-second-factor", post(users::edit::reset_second_factor))
        .route("/invitations/{token}", get(users::accept::show).post(users::accept::create))
        .route("/passwords/{token}", get(users::password::show).post(users::password::choose))
        .route("/sign-in", get(sign_in::show).post(sign_in::create))
        .route("/sign-in/code", get(sign_in::code::show).post(sign_in::code::create))
        .route("/sign-in/confirm", get(sign_in::confirm::show).post(sign_in::confirm::create))
        .route("/sign-in/sso", get(sign_in::sso::begin))
        .route("/sign-in/sso/return", get(sign_in::sso::come_back))
        .route("/sign-out", post(sign_in::destroy))
        .route("/session", get(session::is_alive))
        .merge(own_pages())
        .merge(dashboard::routes())
        .merge(sync_page::routes())
        .merge(notifications::routes())
        .merge(orders::reread::routes())
        .merge(help::routes())
        .merge(shipping::routes())
        .merge(settings::carriers::routes())
        .merge(orders::views::routes())
        .merge(imports::routes())
        .merge(orders::team::routes())
        .merge(updates::routes(&state.scoped))
        .merge(batches::routes())
        .fallback(error::not_found)
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(middleware::from_fn_with_state(state.clone(), sign_in::kept::keep))
        .layer(session::layer(&state));
    let without_session = Router::new()
        .route("/static/{file}", get(assets::show))
        .route("/healthz", get(health::live))
        .route("/readyz", get(health::ready));
    let uploads = Router::new()
        .route("/orders/{account}/{order_id}/invoice", get(invoice::open).post(invoice::upload))
        .route("/invoices", get(invoices::show).post(invoices::upload))
        .merge(imports::uploads())
        .method_not_allowed_fallback(error::method_not_allowed)
        .layer(session::layer(&state));
    let forms = bounded(pages.merge(without_session), MAX_DURATION);
    surround(forms.merge(bounded_by_hand(uploads)), state)
}

/// What is a user's own.
fn own_pages() -> Router<AppState> {
    Router::new()
        .route("/settings/profile", get(profile::show))
        .route("/settings/profile/password", post(profile::password::change))
        .route("/settings/profile/preferences", post(profile::preferences::save))
        .route("/settings/profile/notifications", post(profile::notifications::save))
        .route("/settings/profile/sessions/{id}/end", post(profile::end_session))
        .route("/settings/profile/sessions/end-others", post(profile::end_other_sessions))
        .route(
            "/settings/profile/second-factor",
            get(profile::second_factor::show).post(profile::second_factor::confirm),
        )
        .route("/settings/profile/second-factor/start", post(profile::second_factor::start))
        .route("/settings/profile/second-factor/codes", post(profile::second_factor::renew_codes))
        .route("/settings/profile/second-factor/remove", post(profile::second_factor::remove))
}

/// Keeps bodies and times to what forms need.
fn bounded(routes: Router<AppState>, longest: Duration) -> Router<AppState> {
    // From the innermost to the outermost.
    routes
        .layer(RequestBodyLimitLayer::new(bodies::LARGEST))
        .layer(middleware::from_fn(bodies::hear_out))
        .layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, longest))
}

/// The same for routes whose handlers read bodies with [`extract::Upload`], each up to a limit of its own, and
/// say in words what is too large.
fn bounded_by_hand(routes: Router<AppState>) -> Router<AppState> {
    routes.layer(TimeoutLayer::with_status_code(StatusCode::REQUEST_TIMEOUT, MAX_UPLOAD_DURATION))
}

/// Puts around some routes what every answer needs: protection, limits, error pages, headers, logs. Public
/// so that tests can frame routes of their own, and choose how long a request may take.
pub fn frame(routes: Router<AppState>, state: AppState, longest: Duration) -> Router {
    surround(bounded(routes, longest), state)
}

fn surround(routes: Router<AppState>, state: AppState) -> Router {
    // From the innermost to the outermost.
    routes
        .layer(DefaultBodyLimit::disable())
        .layer(middleware::from_fn_with_state(state.clone(), cross_site::refuse))
        .layer(CatchPanicLayer::custom(error::of_panic))
        .layer(middleware::from_fn_with_state(state.clone(), problem::render))
        // Pages hold no secret of ours beside what the visitor typed, so compression tells nothing (BREACH).
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .layer(middleware::from_fn_with_state(state.clone(), headers::add))
        .layer(middleware::from_fn_with_state(state.clone(), trace::trace))
        .with_state(state)
}

/// Renders a page.
fn html(page: &impl Template) -> error::Result<Html<String>> {
    Ok(Html(page.render().map_err(anyhow::Error::from)?))
}
