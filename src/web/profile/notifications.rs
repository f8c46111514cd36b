//! How a user wants to be told.

use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use crate::db;
use crate::db::notifications::Choice;
use crate::domain::notification::Kind;
use crate::web::AppState;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::session::SignedIn;
use crate::web::text::Lang;
use crate::workflow;

/// The form, and what stands in it.
pub struct ChoiceView {
    /// Each kind: its word, what it is, and whether it comes by e-mail.
    pub kinds: Vec<(&'static str, &'static str, bool)>,
    /// Each hour: its number, as a clock shows it, and whether it is chosen.
    pub hours: Vec<(i8, String, bool)>,
}

impl ChoiceView {
    /// What the user chose.
    pub async fn of(state: &AppState, signed_in: &SignedIn) -> Result<Self> {
        let user = signed_in.user.operator.id;
        let chosen = db::notifications::choice_of(&state.pool, user).await?;
        Ok(Self::new(signed_in.lang, &chosen))
    }

    fn new(lang: Lang, chosen: &Choice) -> Self {
        let kind = |it: Kind| (it.as_str(), lang.told_kind(it), chosen.mailed.contains(&it));
        let hour = |it: i8| (it, format!("{it:02}:00"), chosen.digest_hour == Some(it));
        Self { kinds: Kind::ALL.map(kind).into(), hours: (0..24).map(hour).collect() }
    }
}

/// What was chosen.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ChoiceForm {
    mail: Vec<String>,
    digest_hour: String,
}

/// `POST /settings/profile/notifications`
pub async fn save(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(form): Form<ChoiceForm>,
) -> Result<Redirect> {
    let unknown = || Error::Invalid("the form has a choice that it does not have");
    let mailed = form.mail.iter().map(|it| Kind::parse(it).ok_or_else(unknown));
    let mailed = mailed.collect::<Result<Vec<_>>>()?;
    let digest_hour = match form.digest_hour.as_str() {
        "" => None,
        hour => Some(hour.parse().ok().filter(|it| (0..24).contains(it)).ok_or_else(unknown)?),
    };
    let choice = Choice { mailed, digest_hour };
    let user = signed_in.user.operator.id;
    workflow::notifications::choose(&state.pool, user, &choice).await?;
    Ok(Redirect::to("/settings/profile?done=notifications"))
}
