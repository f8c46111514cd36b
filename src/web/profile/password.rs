//! A user changes their own password, and proves with it that it is they who change other things.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde::Deserialize;
use tower_sessions::Session;

use crate::db;
use crate::db::credentials::Credentials;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::passwords;
use crate::web::profile;
use crate::web::session::SignedIn;
use crate::web::sign_in::Peer;
use crate::workflow::sign_in as door;
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
    let attempt = Try::password(&credentials.email, peer.0);
    match door::admit(&state.pool, &attempt, state.clock.now()).await {
        Ok(()) => {}
        Err(RefusedTry::TooOften(wait)) => return Ok(Err(lang.too_many_tries(wait))),
        Err(RefusedTry::Db(error)) => return Err(error.into()),
    }
    if !passwords::verify(password, Some(credentials.password_hash.clone())).await? {
        tracing::warn!(user_id = signed_in.user.operator.id, "present password refused");
        return Ok(Err(lang.profile_password_wrong().to_owned()));
    }
    door::forgive(&state.pool, &attempt).await?;
    Ok(Ok(credentials))
}

/// `POST /settings/profile/password`
pub async fn change(
    State(state): State<AppState>,
    session: Session,
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
    let mine = &signed_in.session_hash;
    let changed = door::change_password(&state.pool, operator.id, &old, &new, mine).await?;
    if !changed {
        errors.add("present_password", lang.profile_password_wrong());
        return profile::page(&state, &signed_in, errors, None).await;
    }
    session.cycle_id().await?;
    Ok(Redirect::to("/settings/profile?done=password").into_response())
}
