//! `/settings/profile`: what is a user's own. Their password, their second factor, their sessions.

pub mod notifications;
pub mod password;
pub mod preferences;
pub mod second_factor;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;

use crate::db;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::error::Result;
use crate::web::extract::Path;
use crate::web::extract::Query;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::profile::notifications::ChoiceView;
use crate::web::profile::preferences::PreferencesForm;
use crate::web::session::SignedIn;
use crate::web::session_store::IDLE;
use crate::workflow::sessions;

/// Where the page is.
pub const PATH: &str = "/settings/profile";

/// What was just done.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Done {
    /// Language, theme and zone are kept.
    Preferences,
    /// The password was changed.
    Password,
    /// Sessions were ended.
    Sessions,
    /// How they want to be told is kept.
    Notifications,
    /// Codes are not asked for any more.
    SecondFactorOff,
}

/// The query of the page.
#[derive(Debug, Deserialize)]
pub struct ProfileQuery {
    done: Option<Done>,
}

/// One session, as a row.
struct Row {
    id: i64,
    browser: String,
    began: Time,
    seen: String,
    mine: bool,
}

#[derive(Template)]
#[template(path = "profile/show.html")]
struct ProfilePage {
    layout: Layout,
    errors: FormErrors,
    done: Option<&'static str>,
    name: String,
    email: String,
    preferences: PreferencesForm,
    choices: ChoiceView,
    second_factor: bool,
    needed: bool,
    demanded: bool,
    codes_left: String,
    sessions: Vec<Row>,
}

/// `GET /settings/profile`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<ProfileQuery>,
) -> Result<Response> {
    page(&state, &signed_in, FormErrors::default(), query.done).await
}

/// The page, with the mistakes of one of its forms.
async fn page(
    state: &AppState,
    signed_in: &SignedIn,
    errors: FormErrors,
    done: Option<Done>,
) -> Result<Response> {
    page_with(state, signed_in, PreferencesForm::of(signed_in), errors, done).await
}

/// The same, with what was typed of the preferences.
async fn page_with(
    state: &AppState,
    signed_in: &SignedIn,
    preferences: PreferencesForm,
    errors: FormErrors,
    done: Option<Done>,
) -> Result<Response> {
    let (lang, now) = (signed_in.lang, state.clock.now());
    let user_id = signed_in.user.operator.id;
    let credentials = db::credentials::find(&state.pool, user_id).await?;
    let zone = signed_in.zone();
    let listed = db::sessions::of_user(&state.pool, user_id, now - IDLE, now).await?;
    let row = listed.into_iter().map(|(session, browser)| Row {
        id: session.id,
        browser: browser.unwrap_or_else(|| lang.profile_unknown_browser().to_owned()),
        began: format::clock(lang, session.began_at, &zone, now),
        seen: format::ago(lang, session.seen_at, now),
        mine: session.id == signed_in.session.id,
    });
    let sessions: Vec<_> = row.collect();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = ProfilePage {
        layout: Layout::new(state, signed_in, Place::Settings),
        errors,
        done: done.map(|it| lang.profile_done(it)),
        name: signed_in.user.operator.name.clone(),
        email: credentials.map(|it| it.email).unwrap_or_default(),
        preferences,
        choices: ChoiceView::of(state, signed_in).await?,
        second_factor: signed_in.second_factor,
        needed: signed_in.needs_second_factor(&state.settings),
        demanded: signed_in.owes_second_factor(&state.settings),
        codes_left: lang.codes_left(db::second_factors::codes_left(&state.pool, user_id).await?),
        sessions,
    };
    Ok((status, html(&page)?).into_response())
}

/// `POST /settings/profile/sessions/{id}/end`. One that is gone by now is no mistake.
pub async fn end_session(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(session_id): Path<i64>,
) -> Result<Redirect> {
    let (user_id, now) = (signed_in.user.operator.id, state.clock.now());
    sessions::end_one(&state.pool, user_id, session_id, now).await?;
    Ok(Redirect::to("/settings/profile?done=sessions"))
}

/// `POST /settings/profile/sessions/end-others`
pub async fn end_other_sessions(
    State(state): State<AppState>,
    signed_in: SignedIn,
) -> Result<Redirect> {
    let (user_id, now) = (signed_in.user.operator.id, state.clock.now());
    sessions::end_others(&state.pool, user_id, &signed_in.session_hash, now).await?;
    Ok(Redirect::to("/settings/profile?done=sessions"))
}
