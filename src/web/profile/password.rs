//! A user changes their own password, and proves with it that it is they who change other things.

use axum::extract::State;
use axum::response::Redirect;
use axum::response::Response;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde::Deserialize;

use crate::db;
use crate::db::credentials::Credentials;
use crate::domain::audit::act::SignInFailure;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::passwords;
use crate::web::peer::Peer;
use crate::web::profile;
use crate::web::session::NewId;
use crate::web::session::SignedIn;
use crate::workflow::sign_in as door;
use crate::workflow::sign_in::PasswordError;
use crate::workflow::sign_in::RefusedTry;
use crate::workflow::sign_in::Try;

/// The form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    #[serde(default)]
    present_password: SecretString,
    #[serde(default)]
    new_password: SecretString,
}

/// Whether somebody at a signed-in browser is its user: they know the password. Tries are counted as at
/// sign-in, so that a browser left open is no place to guess at. The words say why not.
pub async fn prove(
    state: &AppState,
    signed_in: &SignedIn,
    peer: Peer,
    password: SecretString,
) -> Result<Result<Credentials, String>> {
    let lang = signed_in.lang;
    let found = db::credentials::find(&state.pool, signed_in.user.operator.id).await?;
    let credentials = found.ok_or(Error::NotFound)?;
    let (user_id, now) = (signed_in.user.operator.id, state.clock.now());
    let attempt = Try::password(&credentials.email, peer.0).made_by(user_id);
    match door::admit(&state.pool, &attempt, now).await {
        Ok(()) => {}
        Err(RefusedTry::TooOften(wait)) => return Ok(Err(lang.too_many_tries(wait))),
        Err(RefusedTry::Db(error)) => return Err(error.into()),
    }
    if !passwords::verify(password, Some(credentials.password_hash.clone())).await? {
        tracing::warn!(user_id, "present password refused");
        let user = Some(user_id);
        door::failed(&state.pool, &attempt, SignInFailure::Password, user, now).await?;
        return Ok(Err(lang.profile_password_wrong().to_owned()));
    }
    door::forgive(&state.pool, &attempt).await?;
    Ok(Ok(credentials))
}

/// `POST /settings/profile/password`
pub async fn change(
    State(state): State<AppState>,
    signed_in: SignedIn,
    peer: Peer,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    let (lang, operator) = (signed_in.lang, &signed_in.user.operator);
    let mut errors = FormErrors::default();
    let proof = prove(&state, &signed_in, peer, form.present_password).await?;
    let email = proof.as_ref().map(|it| it.email.clone()).unwrap_or_default();
    let new = form.new_password;
    let weakness = passwords::weakness(new.expose_secret(), &[&operator.name, &email]);
    if let Err(words) = &proof {
        errors.add("present_password", words.clone());
    }
    if let Some(weakness) = weakness {
        errors.add("new_password", lang.password_weakness(weakness));
    }
    let Some(credentials) = proof.ok().filter(|_| errors.is_empty()) else {
        return profile::page(&state, &signed_in, errors, None).await;
    };
    let (old, new) = (credentials.password_hash, passwords::hash(new).await?);
    let id = NewId::draw();
    let (rotation, now) = (id.instead_of(&signed_in), state.clock.now());
    match door::change_password(&state.pool, operator.id, &old, &new, rotation, now).await {
        Ok(()) => id.with(Redirect::to("/settings/profile?done=password"), &state.settings),
        Err(PasswordError::Changed) => {
            errors.add("present_password", lang.profile_password_wrong());
            profile::page(&state, &signed_in, errors, None).await
        }
        Err(PasswordError::SessionOver) => Err(Error::SessionOver),
        Err(PasswordError::Db(error)) => Err(error.into()),
    }
}
