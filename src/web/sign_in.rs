//! Signing in and out.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderName;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
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
use crate::web::text::Lang;

/// The query of the page.
#[derive(Debug, Deserialize)]
pub struct SignInQuery {
    #[serde(default)]
    next: String,
}

/// The form.
#[derive(Debug, Deserialize)]
pub struct SignInForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    next: String,
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct SignInPage<'a> {
    layout: Layout,
    email: &'a str,
    next: &'a str,
    failed: bool,
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
    let page = SignInPage { layout, email: "", next, failed: false };
    Ok(html(&page)?.into_response())
}

/// `POST /sign-in`. One answer for every failure: neither the words nor the time tell whether the address
/// is known.
pub async fn create(
    State(state): State<AppState>,
    session: Session,
    headers: HeaderMap,
    Form(form): Form<SignInForm>,
) -> Result<Response> {
    let next = safe_next(&form.next);
    let email = form.email.trim();
    let known = db::users::find_password(&state.pool, email).await?;
    let (user_id, hash) = known.unzip();
    let right = passwords::verify(form.password, hash).await?;
    if let Some(user_id) = user_id.filter(|_| right) {
        session::begin(&session, user_id).await?;
        db::users::seen(&state.pool, user_id, state.clock.now()).await?;
        tracing::info!(user_id, "signed in");
        return Ok(Redirect::to(next).into_response());
    }
    tracing::warn!("sign-in refused");
    let layout = Layout::bare(&state, Lang::negotiate(&headers));
    let page = SignInPage { layout, email, next, failed: true };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
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
