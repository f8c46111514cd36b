//! Signing in and out.

pub mod code;
pub mod kept;
mod peer;

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
use crate::web::AppState;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Query;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::passwords;
use crate::web::session;
use crate::web::session::SignedIn;
use crate::web::session::safe_next;
use crate::web::sign_in::kept::Kept;
use crate::web::text::Lang;
use crate::web::text::profile::seconds_up;
use crate::workflow::sign_in as door;
use crate::workflow::sign_in::RefusedTry;
use crate::workflow::sign_in::Try;

pub use peer::Peer;

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
}

#[derive(Template)]
#[template(path = "sign_in_again.html")]
struct AgainPage<'a> {
    layout: Layout,
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
    if visitor.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    let layout = Layout::bare(&state, Lang::negotiate(&headers));
    let page = SignInPage { layout, email: "", next, kept: &Kept::default(), problem: None };
    Ok(html(&page)?.into_response())
}

/// The page with a form in it that was posted without a session.
pub fn with_kept(state: &AppState, headers: &HeaderMap, kept: &Kept) -> Result<Html<String>> {
    let layout = Layout::bare(state, Lang::negotiate(headers));
    html(&SignInPage { layout, email: "", next: "/", kept, problem: None })
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
        html(&SignInPage { layout, email, next, kept: &kept, problem: Some(problem) })
    };
    let attempt = Try::password(email, peer.0);
    match door::admit(&state.pool, &attempt, state.clock.now()).await {
        Ok(()) => {}
        Err(RefusedTry::TooOften(wait)) => {
            return Ok(too_often(wait, page(lang.too_many_tries(wait))?));
        }
        Err(RefusedTry::Db(error)) => return Err(error.into()),
    }
    let known = db::users::find_password(&state.pool, email).await?;
    let (user_id, hash) = known.unzip();
    let right = passwords::verify(form.password.clone(), hash.clone()).await?;
    let Some((user_id, hash)) = user_id.zip(hash).filter(|_| right) else {
        tracing::warn!("sign-in refused");
        let page = page(lang.sign_in_failed().to_owned())?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
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
    session::begin(&session, user_id, &headers).await?;
    db::users::seen(&state.pool, user_id, state.clock.now()).await?;
    tracing::info!(user_id, "signed in");
    onward(&state, lang, next, &kept)
}

/// What comes after sign-in: where somebody wanted to go, or what they had typed.
fn onward(state: &AppState, lang: Lang, next: &str, kept: &Kept) -> Result<Response> {
    if !kept.is_some() {
        return Ok(Redirect::to(next).into_response());
    }
    let page = AgainPage { layout: Layout::bare(state, lang), next, kept };
    Ok(html(&page)?.into_response())
}

/// A page that says when the next try is possible, to people and to programs.
pub fn too_often(wait: SignedDuration, page: Html<String>) -> Response {
    tracing::warn!("too many tries");
    let after = [(header::RETRY_AFTER, seconds_up(wait).to_string())];
    (StatusCode::TOO_MANY_REQUESTS, after, page).into_response()
}

/// `POST /sign-out`
pub async fn destroy(State(state): State<AppState>, session: Session) -> Result<Response> {
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
