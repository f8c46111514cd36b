//! The page of all users.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use jiff::Timestamp;

use crate::db;
use crate::db::invitations::Invitation;
use crate::db::users::Listed;
use crate::domain::operator::Permission;
use crate::domain::operator::Role;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::error::Result;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::settings::users::AccountChoice;
use crate::web::settings::users::RoleChoice;
use crate::web::settings::users::account_choices;
use crate::web::settings::users::account_names;
use crate::web::settings::users::admit;
use crate::web::settings::users::form::Rights;
use crate::web::settings::users::role_choices;
use crate::web::settings::users::token;
use crate::web::text::Lang;

#[derive(Template)]
#[template(path = "settings/users.html")]
struct UsersPage {
    layout: Layout,
    users: Vec<UserView>,
    guests: Vec<GuestView>,
    invited: Option<Invited>,
    errors: FormErrors,
    email: String,
    roles: Vec<RoleChoice>,
    accounts: Vec<AccountChoice>,
    matrix: Matrix,
}

/// A user, ready to print.
struct UserView {
    id: i64,
    name: String,
    email: String,
    role: &'static str,
    accounts: String,
    last_seen: Option<Time>,
    active: bool,
    second_factor: bool,
}

/// Somebody who is invited.
struct GuestView {
    id: i64,
    email: String,
    role: &'static str,
    accounts: String,
    invited: String,
    until: Time,
}

/// An invitation that was just made. Its link is shown this once: only its hash is kept.
pub struct Invited {
    /// Who it is for.
    pub email: String,
    /// The whole address.
    pub link: String,
    /// When it ends.
    pub until: Timestamp,
}

/// What each role may do.
struct Matrix {
    roles: [&'static str; 5],
    rows: Vec<(&'static str, [bool; 5])>,
    /// The ceilings of gestures; nothing for a role that gives none.
    ceilings: [Option<String>; 5],
}

impl Matrix {
    fn new(lang: Lang) -> Self {
        let row = |it: Permission| (lang.permission(it), Role::ALL.map(|role| role.may(it)));
        let ceiling = |role: Role| {
            let words = role.gesture_ceiling().map_or_else(
                || lang.no_ceiling().to_owned(),
                |it| lang.user_ceiling(it.per_act, it.per_day),
            );
            role.may(Permission::Gesture).then_some(words)
        };
        Self {
            roles: Role::ALL.map(|role| lang.role(role)),
            rows: Permission::ALL.into_iter().map(row).collect(),
            ceilings: Role::ALL.map(ceiling),
        }
    }
}

/// `GET /settings/users`
pub async fn show(State(state): State<AppState>, signed_in: SignedIn) -> Result<Response> {
    admit(&signed_in)?;
    page(&state, &signed_in, &Rights::default(), FormErrors::default(), None).await
}

/// The page with a form that was filled in, what is wrong with it, and who was just invited.
pub async fn page(
    state: &AppState,
    signed_in: &SignedIn,
    rights: &Rights,
    errors: FormErrors,
    invited: Option<Invited>,
) -> Result<Response> {
    let (lang, now, zone) = (signed_in.lang, state.clock.now(), signed_in.zone());
    let mut conn = state.pool.acquire().await.map_err(db::Error::from)?;
    let users = db::users::list(&mut *conn).await?;
    let guests = db::invitations::open(&mut *conn, now).await?;
    drop(conn);
    let user = |it: Listed| UserView {
        id: it.id,
        role: lang.role(it.role),
        accounts: account_names(signed_in, &it.accounts),
        last_seen: it.last_seen_at.map(|at| format::day_time(lang, at, &zone, now)),
        name: it.name,
        email: it.email,
        active: it.active,
        second_factor: it.second_factor,
    };
    let guest = |it: Invitation| GuestView {
        id: it.id,
        role: lang.role(it.role),
        accounts: account_names(signed_in, &it.accounts),
        invited: lang.user_invited_on(format::day(lang, it.created_at, &zone, now).text),
        until: format::day_time(lang, it.expires_at, &zone, now),
        email: it.email.unwrap_or_default(),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = UsersPage {
        layout: Layout::new(state, signed_in, Place::Settings),
        users: users.into_iter().map(user).collect(),
        guests: guests.into_iter().map(guest).collect(),
        invited,
        errors,
        email: rights.email.clone(),
        roles: role_choices(lang, rights.role),
        accounts: account_choices(signed_in, &rights.accounts),
        matrix: Matrix::new(lang),
    };
    Ok((status, html(&page)?).into_response())
}

/// The whole address of a link, as the browser that asks reaches us.
pub fn link(state: &AppState, headers: &HeaderMap, secret: &str) -> String {
    address(state, headers, &token::path(secret))
}

/// The whole address of a path of ours, as the browser of the request reaches it.
pub fn address(state: &AppState, headers: &HeaderMap, path: &str) -> String {
    let host = headers.get(header::HOST).and_then(|it| it.to_str().ok()).unwrap_or_default();
    let scheme = if state.settings.secure_cookies { "https" } else { "http" };
    format!("{scheme}://{host}{path}")
}
