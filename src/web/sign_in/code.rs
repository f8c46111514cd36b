//! The second step of signing in: a code of the user's app, or a recovery code.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;
use tower_sessions::Session;

use crate::domain::audit::act::SignInFailure;
use crate::web::AppState;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::peer::Peer;
use crate::web::session;
use crate::web::session::safe_next;
use crate::web::sign_in;
use crate::web::sign_in::kept::Kept;
use crate::web::text::Lang;
use crate::workflow::second_factor;
use crate::workflow::sign_in as door;
use crate::workflow::sign_in::RefusedTry;
use crate::workflow::sign_in::Try;

/// The form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
    #[serde(default)]
    next: String,
    #[serde(default)]
    kept_path: String,
    #[serde(default)]
    kept_fields: String,
}

#[derive(Template)]
#[template(path = "sign_in_code.html")]
struct CodePage<'a> {
    layout: Layout,
    next: &'a str,
    kept: &'a Kept,
    problem: Option<String>,
}

/// The form that asks for the code.
pub fn page(
    state: &AppState,
    lang: Lang,
    next: &str,
    kept: &Kept,
    problem: Option<String>,
) -> Result<Html<String>> {
    html(&CodePage { layout: Layout::bare(state, lang), next, kept, problem })
}

/// `GET /sign-in/code`, by those who reload: the password comes first.
pub async fn show() -> Redirect {
    Redirect::to("/sign-in")
}

/// `POST /sign-in/code`
pub async fn create(
    State(state): State<AppState>,
    session: Session,
    peer: Peer,
    headers: HeaderMap,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    let (lang, now) = (Lang::negotiate(&headers), state.clock.now());
    let next = safe_next(&form.next);
    let kept = Kept { path: form.kept_path, fields: form.kept_fields };
    let Some(user_id) = session::half_signed_in(&session, now).await? else {
        if kept.is_some() {
            return Ok(sign_in::with_kept(&state, &headers, &kept)?.into_response());
        }
        return Ok(Redirect::to("/sign-in").into_response());
    };
    let page = |problem| page(&state, lang, next, &kept, Some(problem));
    let attempt = Try::code(user_id, peer.0);
    match door::admit(&state.pool, &attempt, now).await {
        Ok(()) => {}
        Err(RefusedTry::TooOften(wait)) => {
            return Ok(sign_in::too_often(wait, page(lang.too_many_tries(wait))?));
        }
        Err(RefusedTry::Db(error)) => return Err(error.into()),
    }
    let keys = state.live.keys();
    let Some(method) = second_factor::pass(&state.pool, keys, user_id, &form.code, now).await?
    else {
        tracing::warn!(user_id, "second factor refused");
        door::failed(&state.pool, &attempt, SignInFailure::Code, None, now).await?;
        let page = page(lang.code_wrong().to_owned())?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    };
    door::forgive(&state.pool, &attempt).await?;
    door::signed_in(&state.pool, user_id, method, now).await?;
    session::begin(&session, user_id, &headers).await?;
    sign_in::onward(&state, user_id, lang, next, &kept).await
}
