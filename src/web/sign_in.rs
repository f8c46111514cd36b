//! Signing in and out.

pub mod code;
pub mod confirm;
pub mod kept;
pub mod sso;

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use jiff::SignedDuration;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use crate::db;
use crate::db::users::Entrant;
use crate::domain::audit::act::Method;
use crate::domain::audit::act::SignInFailure;
use crate::web::AppState;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Query;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::passwords;
use crate::web::peer::Peer;
use crate::web::session;
use crate::web::session::SignedIn;
use crate::web::session::safe_next;
use crate::web::session_store;
use crate::web::sign_in::kept::Kept;
use crate::web::text::Lang;
use crate::web::text::profile::seconds_up;
use crate::workflow::sessions;
use crate::workflow::sign_in as door;
use crate::workflow::sign_in::RefusedTry;
use crate::workflow::sign_in::Try;

/// The query of the page.
#[derive(Debug, Deserialize)]
pub struct SignInQuery {
    #[serde(default)]
    next: String,
}

/// The form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    next: String,
    #[serde(default)]
    kept_path: String,
    #[serde(default)]
    kept_fields: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    layout: Layout,
    email: &'a str,
    next: &'a str,
    kept: &'a Kept,
    problem: Option<String>,
    sso: Option<sso::Link>,
}

#[derive(Template)]
#[template(path = "sign_in_again.html")]
struct AgainPage<'a> {
    layout: Layout,
    title: &'static str,
    next: &'a str,
    kept: &'a Kept,
}

/// `GET /sign-in`
pub async fn show(
    State(state): State<AppState>,
    visitor: Option<SignedIn>,
    headers: HeaderMap,
    Query(query): Query<SignInQuery>,
) -> Result<Response> {
    let next = safe_next(&query.next);
    if let Some(visitor) = visitor {
        let landing = session::landing(visitor.user.operator.role, next);
        return Ok(Redirect::to(landing).into_response());
    }
    Ok(page(&state, Lang::negotiate(&headers), next, &Kept::default(), None)?.into_response())
}

/// The page with a form in it that was posted without a session.
pub fn with_kept(state: &AppState, headers: &HeaderMap, kept: &Kept) -> Result<Html<String>> {
    page(state, Lang::negotiate(headers), "/", kept, None)
}

/// The page, after a sign-in elsewhere that came to nothing.
pub fn with_problem(
    state: &AppState,
    lang: Lang,
    next: &str,
    problem: String,
) -> Result<Html<String>> {
    page(state, lang, next, &Kept::default(), Some(problem))
}

/// The same as an answer.
fn refused(
    state: &AppState,
    lang: Lang,
    next: &str,
    status: StatusCode,
    problem: String,
) -> Result<Response> {
    Ok((status, with_problem(state, lang, next, problem)?).into_response())
}

fn page(
    state: &AppState,
    lang: Lang,
    next: &str,
    kept: &Kept,
    problem: Option<String>,
) -> Result<Html<String>> {
    let (layout, sso) = (Layout::bare(state, lang), sso::link(state, lang, next));
    html(&SignInPage { layout, email: "", next, kept, problem, sso })
}

/// `POST /sign-in`. One answer for every failure: neither the words nor the time tell whether the address
/// is known.
pub async fn create(
    State(state): State<AppState>,
    session: Session,
    peer: Peer,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    let lang = Lang::negotiate(&headers);
    let (email, next) = (form.email.trim(), safe_next(&form.next));
    let kept = Kept { path: form.kept_path, fields: form.kept_fields };
    let page = |problem| {
        let layout = Layout::bare(&state, lang);
        let sso = sso::link(&state, lang, next);
        html(&SignInPage { layout, email, next, kept: &kept, problem: Some(problem), sso })
    };
    let attempt = Try::password(email, peer.0);
    match door::admit(&state.pool, &attempt, state.clock.now()).await {
        Ok(()) => {}
        Err(RefusedTry::TooOften(wait)) => {
            return Ok(too_often(wait, page(lang.too_many_tries(wait))?));
        }
        Err(RefusedTry::Db(error)) => return Err(error.into()),
    }
    let found = db::users::find_entrant(&state.pool, email).await?;
    // Whoever cannot sign in costs the same work as who can, and as nobody.
    let hash = found.as_ref().map(|it| it.password_hash.clone());
    let right = passwords::verify(form.password.clone(), hash).await?;
    let Entrant { id: user_id, password_hash: hash, .. } = match judge(found, right) {
        Ok(entrant) => entrant,
        Err((reason, user)) => {
            tracing::warn!(?reason, "sign-in refused");
            door::failed(&state.pool, &attempt, reason, user, state.clock.now()).await?;
            let page = page(lang.sign_in_failed().to_owned())?;
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
        }
    };
    door::forgive(&state.pool, &attempt).await?;
    if passwords::is_cheaper(&hash, state.settings.rehash_below) {
        let new = passwords::hash(form.password).await?;
        door::strengthen(&state.pool, user_id, &hash, &new).await?;
    }
    let factor = db::second_factors::find(&state.pool, user_id).await?;
    if factor.is_some_and(|it| it.confirmed) {
        session::begin_half(&session, user_id, state.clock.now()).await?;
        return Ok(code::page(&state, lang, next, &kept, None)?.into_response());
    }
    door::signed_in(&state.pool, user_id, Method::Password, state.clock.now()).await?;
    session::begin(&session, user_id, &headers).await?;
    onward(&state, user_id, lang, next, &kept).await
}

/// Who may come in, or why not, which only the audit hears.
fn judge(found: Option<Entrant>, right: bool) -> Result<Entrant, (SignInFailure, Option<i64>)> {
    match found {
        None => Err((SignInFailure::UnknownUser, None)),
        Some(it) if !it.active => Err((SignInFailure::Deactivated, Some(it.id))),
        Some(it) if !right => Err((SignInFailure::Password, Some(it.id))),
        Some(it) => Ok(it),
    }
}

/// What comes after sign-in: where somebody wanted to go, or what they had typed.
async fn onward(
    state: &AppState,
    user_id: i64,
    lang: Lang,
    next: &str,
    kept: &Kept,
) -> Result<Response> {
    if !kept.is_some() {
        return go_to_work(state, user_id, next).await;
    }
    offer(state, lang, lang.kept_title(), next, kept)
}

/// Sends somebody who has just signed in to where they wanted to, or to where their role works.
async fn go_to_work(state: &AppState, user_id: i64, next: &str) -> Result<Response> {
    let role = db::users::role(&state.pool, user_id).await?;
    let landing = role.map_or(next, |role| session::landing(role, next));
    Ok(Redirect::to(landing).into_response())
}

/// The page that offers to send a form that was carried along.
fn offer(
    state: &AppState,
    lang: Lang,
    title: &'static str,
    next: &str,
    kept: &Kept,
) -> Result<Response> {
    let page = AgainPage { layout: Layout::bare(state, lang), title, next, kept };
    Ok(html(&page)?.into_response())
}

/// A page that says when the next try is possible, to people and to programs.
pub fn too_often(wait: SignedDuration, page: Html<String>) -> Response {
    let after = [(header::RETRY_AFTER, seconds_up(wait).to_string())];
    (StatusCode::TOO_MANY_REQUESTS, after, page).into_response()
}

/// `POST /sign-out`
pub async fn destroy(State(state): State<AppState>, session: Session) -> Result<Response> {
    if let Some(id) = session.id() {
        sessions::sign_out(&state.pool, &session_store::hash(id), state.clock.now()).await?;
    }
    // Nothing is left to delete; this takes the cookie away.
    session.flush().await?;
    let mut response = Redirect::to("/sign-in").into_response();
    let headers = response.headers_mut();
    let forget = HeaderValue::from_static("\"cache\", \"storage\"");
    headers.insert(HeaderName::from_static("clear-site-data"), forget);
    if state.settings.secure_cookies {
        // The session layer's own removal lacks `Secure`, and browsers ignore such a cookie of this name.
        let removal = "__Host-sid=; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=0";
        headers.append(header::SET_COOKIE, HeaderValue::from_static(removal));
    }
    Ok(response)
}
