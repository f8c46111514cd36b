//! What a user reads, what their pages look like, and in which zone they read times.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::profile;
use crate::web::session::SignedIn;
use crate::web::text::Lang;
use crate::workflow::users;
use crate::workflow::users::Preferences;

/// The longest name of a zone that is looked at.
const ZONE_LENGTH: usize = 64;

/// The form, and what stands in it.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct PreferencesForm {
    /// `en`, `fr`, or nothing for the browser's.
    pub language: String,
    /// `light`, `dark`, or nothing for the browser's.
    pub theme: String,
    /// IANA name, or nothing for the accounts'.
    pub time_zone: String,
    /// `on`, `off`, or nothing for what is usual for the role.
    pub shortcuts: String,
}

impl PreferencesForm {
    /// What the user chose before.
    pub fn of(signed_in: &SignedIn) -> Self {
        let chosen = |it: &Option<String>| it.clone().unwrap_or_default();
        let user = &signed_in.user;
        Self {
            language: chosen(&user.language),
            theme: chosen(&user.theme),
            time_zone: chosen(&user.time_zone),
            shortcuts: match user.shortcuts {
                None => String::new(),
                Some(true) => "on".to_owned(),
                Some(false) => "off".to_owned(),
            },
        }
    }
}

/// `POST /settings/profile/preferences`
pub async fn save(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(form): Form<PreferencesForm>,
) -> Result<Response> {
    let chosen = |it| Some(it).filter(|it: &&str| !it.is_empty());
    let (language, theme) = (chosen(form.language.as_str()), chosen(form.theme.as_str()));
    let known = language.is_none_or(|it| Lang::parse(it).is_some_and(|lang| lang.code() == it))
        && theme.is_none_or(|it| ["light", "dark"].contains(&it))
        && ["", "on", "off"].contains(&form.shortcuts.as_str());
    if !known {
        return Err(Error::Invalid("the form has a choice that it does not have"));
    }
    let time_zone = chosen(form.time_zone.trim());
    if time_zone.is_some_and(|it| it.len() > ZONE_LENGTH || TimeZone::get(it).is_err()) {
        let errors = FormErrors::one("time_zone", signed_in.lang.accounts_zone_wrong());
        return profile::page_with(&state, &signed_in, form, errors, None).await;
    }
    let shortcuts = chosen(form.shortcuts.as_str()).map(|it| it == "on");
    let preferences = Preferences { language, theme, time_zone, shortcuts };
    users::prefer(&state.pool, signed_in.user.operator.id, &preferences).await?;
    Ok(Redirect::to("/settings/profile?done=preferences").into_response())
}
