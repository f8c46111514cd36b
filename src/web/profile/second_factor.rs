//! A user sets up an app that shows codes, gets recovery codes, and switches it off again.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use secrecy::SecretString;
use serde::Deserialize;
use url::form_urlencoded::byte_serialize;

use crate::db;
use crate::domain::audit::act::SignInFailure;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::peer::Peer;
use crate::web::profile;
use crate::web::profile::password::prove;
use crate::web::session::NewId;
use crate::web::session::SignedIn;
use crate::workflow::second_factor;
use crate::workflow::second_factor::Confirmed;
use crate::workflow::second_factor::totp;
use crate::workflow::sign_in as door;
use crate::workflow::sign_in::RefusedTry;
use crate::workflow::sign_in::Try;

/// The form that asks for the password.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StartForm {
    #[serde(default)]
    password: SecretString,
}

/// The forms that ask for a code.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CodeForm {
    #[serde(default)]
    code: String,
}

#[derive(Template)]
#[template(path = "profile/second_factor.html")]
struct SetUpPage {
    layout: Layout,
    errors: FormErrors,
    secret: String,
    link: String,
}

#[derive(Template)]
#[template(path = "profile/recovery_codes.html")]
struct CodesPage {
    layout: Layout,
    codes: Vec<String>,
}

/// `POST /settings/profile/second-factor/start`
pub async fn start(
    State(state): State<AppState>,
    signed_in: SignedIn,
    peer: Peer,
    Form(form): Form<StartForm>,
) -> Result<Response> {
    if let Err(words) = prove(&state, &signed_in, peer, form.password).await? {
        let mut errors = FormErrors::default();
        errors.add("password", words);
        return profile::page(&state, &signed_in, errors, None).await;
    }
    let user_id = signed_in.user.operator.id;
    if !second_factor::propose(&state.pool, state.live.keys(), user_id).await? {
        return Err(Error::Conflict(signed_in.lang.second_factor_no_key().to_owned()));
    }
    Ok(Redirect::to("/settings/profile/second-factor").into_response())
}

/// `GET /settings/profile/second-factor`: what to put into the app.
pub async fn show(State(state): State<AppState>, signed_in: SignedIn) -> Result<Response> {
    set_up(&state, &signed_in, FormErrors::default()).await
}

async fn set_up(state: &AppState, signed_in: &SignedIn, errors: FormErrors) -> Result<Response> {
    let user_id = signed_in.user.operator.id;
    let proposed = second_factor::proposed(&state.pool, state.live.keys(), user_id).await?;
    let Some(secret) = proposed else {
        return Ok(Redirect::to(profile::PATH).into_response());
    };
    let credentials = db::credentials::find(&state.pool, user_id).await?.ok_or(Error::NotFound)?;
    let secret = totp::base32(&secret);
    let label = byte_serialize(credentials.email.as_bytes()).collect::<String>();
    let link = format!("otpauth://totp/Comptoir:{label}?secret={secret}&issuer=Comptoir");
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let layout = Layout::new(state, signed_in, Place::Elsewhere);
    let page = SetUpPage { layout, errors, secret: in_groups(&secret), link };
    Ok((status, html(&page)?).into_response())
}

/// In groups of four, for people who type it.
fn in_groups(secret: &str) -> String {
    let letters: Vec<char> = secret.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|it| it.iter().collect()).collect();
    groups.join(" ")
}

/// `POST /settings/profile/second-factor`: the first code. The answer is the only page that ever shows the
/// recovery codes, which is why it is no redirect.
pub async fn confirm(
    State(state): State<AppState>,
    signed_in: SignedIn,
    peer: Peer,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    let (user_id, now) = (signed_in.user.operator.id, state.clock.now());
    let attempt = Try::code(user_id, peer.0).made_by(user_id);
    let mut errors = FormErrors::default();
    if let Some(words) = refused(&state, &signed_in, &attempt).await? {
        errors.add("code", words);
        return set_up(&state, &signed_in, errors).await;
    }
    let (typed, id, keys) = (&form.code, NewId::draw(), state.live.keys());
    let rotation = id.instead_of(&signed_in);
    match second_factor::confirm(&state.pool, keys, user_id, typed, rotation, now).await? {
        Confirmed::Codes(codes) => {
            door::forgive(&state.pool, &attempt).await?;
            id.with(show_codes(&state, &signed_in, codes)?, &state.settings)
        }
        Confirmed::Wrong => {
            door::failed(&state.pool, &attempt, SignInFailure::Code, None, now).await?;
            errors.add("code", signed_in.lang.code_wrong());
            set_up(&state, &signed_in, errors).await
        }
        Confirmed::SessionOver => Err(Error::SessionOver),
    }
}

/// `POST /settings/profile/second-factor/codes`: new recovery codes, for a code.
pub async fn renew_codes(
    State(state): State<AppState>,
    signed_in: SignedIn,
    peer: Peer,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    let (user_id, now) = (signed_in.user.operator.id, state.clock.now());
    let attempt = Try::code(user_id, peer.0).made_by(user_id);
    let mut errors = FormErrors::default();
    if let Some(words) = refused(&state, &signed_in, &attempt).await? {
        errors.add("renew-code", words);
        return profile::page(&state, &signed_in, errors, None).await;
    }
    let (typed, keys) = (&form.code, state.live.keys());
    let renewed = second_factor::renew_codes(&state.pool, keys, user_id, typed, now).await?;
    let Some(codes) = renewed else {
        door::failed(&state.pool, &attempt, SignInFailure::Code, None, now).await?;
        errors.add("renew-code", signed_in.lang.code_wrong());
        return profile::page(&state, &signed_in, errors, None).await;
    };
    door::forgive(&state.pool, &attempt).await?;
    show_codes(&state, &signed_in, codes)
}

/// `POST /settings/profile/second-factor/remove`, for a last code. Not for those of whom it is demanded.
pub async fn remove(
    State(state): State<AppState>,
    signed_in: SignedIn,
    peer: Peer,
    Form(form): Form<CodeForm>,
) -> Result<Response> {
    let (user_id, now) = (signed_in.user.operator.id, state.clock.now());
    if signed_in.needs_second_factor(&state.settings) {
        return Err(Error::Forbidden(signed_in.lang.second_factor_demanded().to_owned()));
    }
    let attempt = Try::code(user_id, peer.0).made_by(user_id);
    let mut errors = FormErrors::default();
    if let Some(words) = refused(&state, &signed_in, &attempt).await? {
        errors.add("remove-code", words);
        return profile::page(&state, &signed_in, errors, None).await;
    }
    let (typed, keys) = (&form.code, state.live.keys());
    if !second_factor::remove(&state.pool, keys, user_id, typed, now).await? {
        door::failed(&state.pool, &attempt, SignInFailure::Code, None, now).await?;
        errors.add("remove-code", signed_in.lang.code_wrong());
        return profile::page(&state, &signed_in, errors, None).await;
    }
    door::forgive(&state.pool, &attempt).await?;
    Ok(Redirect::to("/settings/profile?done=second-factor-off").into_response())
}

/// Why a code is not even looked at.
async fn refused(state: &AppState, signed_in: &SignedIn, attempt: &Try) -> Result<Option<String>> {
    match door::admit(&state.pool, attempt, state.clock.now()).await {
        Ok(()) => Ok(None),
        Err(RefusedTry::TooOften(wait)) => Ok(Some(signed_in.lang.too_many_tries(wait))),
        Err(RefusedTry::Db(error)) => Err(error.into()),
    }
}

fn show_codes(state: &AppState, signed_in: &SignedIn, codes: Vec<String>) -> Result<Response> {
    let layout = Layout::new(state, signed_in, Place::Elsewhere);
    Ok(html(&CodesPage { layout, codes })?.into_response())
}
