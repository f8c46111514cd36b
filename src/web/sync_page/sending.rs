//! The switches of everything that is sent.

use axum::extract::State;
use axum::response::Redirect;
use jiff::Timestamp;
use serde::Deserialize;

use crate::domain::operator::Permission;
use crate::web::AppState;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::layout;
use crate::web::session::SignedIn;
use crate::workflow::PauseError;
use crate::workflow::pause as switch;

/// Whether things are sent, and who may change that.
pub struct Sending {
    /// That nothing is sent, since when, and by whom.
    pub paused: Option<String>,
    /// Whether there is an account that could be paused.
    pub can_pause: bool,
    /// Whether the reader may turn the switch.
    pub may: bool,
}

impl Sending {
    /// For that reader.
    pub fn of(signed_in: &SignedIn, now: Timestamp) -> Self {
        Self {
            paused: layout::paused(signed_in, now),
            can_pause: signed_in.pauses.len() < signed_in.accounts.len(),
            may: signed_in.user.operator.role.may(Permission::PauseSending),
        }
    }
}

/// `POST /sync/pause`
pub async fn pause(State(state): State<AppState>, signed_in: SignedIn) -> Result<Redirect> {
    let (scope, now) = (&signed_in.scope, state.clock.now());
    let tx = state.scoped.begin(scope).await?;
    let done = switch::pause(tx, scope, &signed_in.user.operator, now).await;
    done.map_err(|error| refused(&signed_in, error, None))?;
    Ok(Redirect::to("/sync"))
}

/// `POST /sync/resume`
pub async fn resume(State(state): State<AppState>, signed_in: SignedIn) -> Result<Redirect> {
    let (scope, now) = (&signed_in.scope, state.clock.now());
    let tx = state.scoped.begin(scope).await?;
    let done = switch::resume(tx, scope, &signed_in.user.operator, now).await;
    done.map_err(|error| refused(&signed_in, error, None))?;
    Ok(Redirect::to("/sync"))
}

/// Which promises to try again. A field that comes twice says nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RetryForm {
    #[serde(default)]
    account: Vec<String>,
    #[serde(default)]
    trouble: Vec<String>,
}

/// `POST /sync/retry`. A group that is gone by now is no mistake:
/// the page that follows shows what is left.
pub async fn retry(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(form): Form<RetryForm>,
) -> Result<Redirect> {
    let ([account], [trouble]) = (form.account.as_slice(), form.trouble.as_slice()) else {
        return Err(Error::Invalid("which promises to try again is not said"));
    };
    let account = signed_in.accounts.iter().find(|it| it.id.0 == *account);
    let account = &account.ok_or(Error::NotFound)?.id;
    let (now, operator) = (state.clock.now(), &signed_in.user.operator);
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let done = switch::retry(tx, account, trouble, operator, now).await;
    let words = signed_in.lang.unsent_retry_role();
    done.map_err(|error| refused(&signed_in, error, Some(words)))?;
    Ok(Redirect::to("/sync"))
}

fn refused(signed_in: &SignedIn, error: PauseError, words: Option<&'static str>) -> Error {
    match error {
        PauseError::Blocked(_) => {
            let words = words.unwrap_or(signed_in.lang.sending_role());
            Error::Forbidden(words.to_owned())
        }
        PauseError::Db(error) => error.into(),
    }
}
