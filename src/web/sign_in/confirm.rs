//! `/sign-in/confirm`: whoever does what could do great harm proves once more who they are, unless they did so
//! lately (`reliability` S-5). Nobody walks up to a browser that was left open and makes themselves an admin.
//!
//! What was asked for is not done, and carried along like a form whose session had ended
//! ([`crate::web::sign_in::kept`]).

use std::convert::Infallible;

use askama::Template;
use axum::extract::FromRequestParts;
use axum::extract::State;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use secrecy::SecretString;
use serde::Deserialize;

use crate::domain::audit::act::Method as Proof;
use crate::domain::audit::act::SignInFailure;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Htmx;
use crate::web::extract::Query;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::peer::Peer;
use crate::web::profile::password::prove;
use crate::web::session;
use crate::web::session::NewId;
use crate::web::session::SignedIn;
use crate::web::session::safe_next;
use crate::web::sign_in;
use crate::web::sign_in::SignInQuery;
use crate::web::sign_in::kept::Kept;
use crate::web::sign_in::sso;
use crate::web::text::Lang;
use crate::workflow::second_factor;
use crate::workflow::sessions;
use crate::workflow::sign_in as door;
use crate::workflow::sign_in::RefusedTry;
use crate::workflow::sign_in::Try;

/// Where the page is.
const PATH: &str = "/sign-in/confirm";

/// What a request asked for, and how.
#[derive(Debug, Clone)]
pub struct Asked {
    /// The page that asks for a proof, and leads back here.
    location: String,
    htmx: Htmx,
}

impl Asked {
    /// Goes on, if the user proved lately who they are.
    pub fn recent(&self, signed_in: &SignedIn, state: &AppState) -> Result<()> {
        if signed_in.is_recent(state.clock.now()) {
            return Ok(());
        }
        let (lang, second_factor) = (signed_in.lang, signed_in.second_factor);
        let Self { location, htmx } = self.clone();
        Err(Error::NotRecent(NotRecent { location, htmx, lang, second_factor }))
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        let next = session::path_and_query(&parts.uri);
        let next = if parts.method == Method::GET { next.as_str() } else { "/" };
        Ok(Self { location: session::back_from(PATH, next), htmx: Htmx::of(&parts.headers) })
    }
}

/// That a proof is asked for; also marks the answer, for [`crate::web::sign_in::kept`].
#[derive(Debug, Clone)]
pub struct NotRecent {
    location: String,
    htmx: Htmx,
    lang: Lang,
    second_factor: bool,
}

impl IntoResponse for NotRecent {
    fn into_response(self) -> Response {
        let mut response = session::go_to(self.htmx, &self.location);
        response.extensions_mut().insert(self);
        response
    }
}

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ConfirmForm {
    password: SecretString,
    code: String,
    next: String,
    kept_path: String,
    kept_fields: String,
}

#[derive(Template)]
#[template(path = "sign_in_confirm.html")]
struct ConfirmPage<'a> {
    layout: Layout,
    errors: FormErrors,
    second_factor: bool,
    next: &'a str,
    kept: &'a Kept,
    sso: Option<sso::Link>,
}

#[derive(Template)]
#[template(path = "sign_in_file.html")]
struct FilePage<'a> {
    layout: Layout,
    file: &'a str,
    back: String,
}

/// `GET /sign-in/confirm`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<SignInQuery>,
) -> Result<Response> {
    let next = safe_next(&query.next);
    if signed_in.is_recent(state.clock.now()) {
        return onward(&state, signed_in.lang, next, &Kept::default());
    }
    let kept = Kept::default();
    page(&state, signed_in.lang, signed_in.second_factor, next, &kept, FormErrors::default())
}

/// The page with a form in it that takes a proof.
pub fn with_kept(state: &AppState, asked: &NotRecent, kept: &Kept) -> Result<Response> {
    page(state, asked.lang, asked.second_factor, "/", kept, FormErrors::default())
}

fn page(
    state: &AppState,
    lang: Lang,
    second_factor: bool,
    next: &str,
    kept: &Kept,
    errors: FormErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (layout, sso) = (Layout::bare(state, lang), sso::link_again(state, lang, next));
    let page = ConfirmPage { layout, errors, second_factor, next, kept, sso };
    Ok((status, html(&page)?).into_response())
}

/// `POST /sign-in/confirm`
pub async fn create(
    State(state): State<AppState>,
    signed_in: SignedIn,
    peer: Peer,
    Form(form): Form<ConfirmForm>,
) -> Result<Response> {
    let (lang, user_id) = (signed_in.lang, signed_in.user.operator.id);
    let next = safe_next(&form.next);
    let kept = Kept { path: form.kept_path, fields: form.kept_fields };
    let again = |field: &'static str, words: String| {
        let errors = FormErrors::one(field, words);
        page(&state, lang, signed_in.second_factor, next, &kept, errors)
    };
    if let Err(words) = prove(&state, &signed_in, peer, form.password).await? {
        return again("password", words);
    }
    let mut method = Proof::Password;
    if signed_in.second_factor {
        match code(&state, &signed_in, peer, &form.code).await? {
            Ok(passed) => method = passed,
            Err(words) => return again("code", words),
        }
    }
    let id = NewId::draw();
    let (rotation, now) = (id.instead_of(&signed_in), state.clock.now());
    if !sessions::prove(&state.pool, user_id, rotation, method, now).await? {
        return Err(Error::SessionOver);
    }
    id.with(onward(&state, lang, next, &kept)?, &state.settings)
}

/// Whether the code is right; the words say why not. Tries are counted as at sign-in.
async fn code(
    state: &AppState,
    signed_in: &SignedIn,
    peer: Peer,
    typed: &str,
) -> Result<Result<Proof, String>> {
    let (lang, user_id, now) = (signed_in.lang, signed_in.user.operator.id, state.clock.now());
    let attempt = Try::code(user_id, peer.0).made_by(user_id);
    match door::admit(&state.pool, &attempt, now).await {
        Ok(()) => {}
        Err(RefusedTry::TooOften(wait)) => return Ok(Err(lang.too_many_tries(wait))),
        Err(RefusedTry::Db(error)) => return Err(error.into()),
    }
    let keys = state.live.keys();
    let Some(method) = second_factor::pass(&state.pool, keys, user_id, typed, now).await? else {
        door::failed(&state.pool, &attempt, SignInFailure::Code, None, now).await?;
        return Ok(Err(lang.code_wrong().to_owned()));
    };
    door::forgive(&state.pool, &attempt).await?;
    Ok(Ok(method))
}

/// What comes after the proof: what was asked for. A file does not take the place of the page, so that it gets
/// one that offers it.
fn onward(state: &AppState, lang: Lang, next: &str, kept: &Kept) -> Result<Response> {
    if kept.is_some() {
        return sign_in::offer(state, lang, lang.confirmed_title(), next, kept);
    }
    let (path, query) = next.split_once('?').unwrap_or((next, ""));
    let Some(list) = path.strip_suffix("/export") else {
        return Ok(Redirect::to(next).into_response());
    };
    let back = if query.is_empty() { list.to_owned() } else { format!("{list}?{query}") };
    let page = FilePage { layout: Layout::bare(state, lang), file: next, back };
    Ok(html(&page)?.into_response())
}
