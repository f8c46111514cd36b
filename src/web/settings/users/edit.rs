//! The page of one user: what they may do, for which accounts, and whether they can sign in.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;

use crate::db;
use crate::db::users::Listed;
use crate::domain::operator::change;
use crate::domain::operator::change::Change;
use crate::domain::operator::change::Refused;
use crate::domain::operator::change::Subject;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::orders::action::Pairs;
use crate::web::session::SignedIn;
use crate::web::settings::users::AccountChoice;
use crate::web::settings::users::RoleChoice;
use crate::web::settings::users::account_choices;
use crate::web::settings::users::admit;
use crate::web::settings::users::form::Rights;
use crate::web::settings::users::refused;
use crate::web::settings::users::role_choices;
use crate::web::sign_in::confirm::Asked;
use crate::workflow::UserError;
use crate::workflow::users;

#[derive(Template)]
#[template(path = "settings/users_edit.html")]
struct UserPage {
    layout: Layout,
    id: i64,
    name: String,
    email: String,
    active: bool,
    second_factor: bool,
    /// Whether it is the admin's own page.
    own: bool,
    /// Why they cannot be deactivated, if they cannot.
    stays: Option<&'static str>,
    errors: FormErrors,
    roles: Vec<RoleChoice>,
    accounts: Vec<AccountChoice>,
}

/// `GET /settings/users/{id}`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<i64>,
) -> Result<Response> {
    admit(&signed_in)?;
    let user = find(&state, id).await?;
    let accounts = user.accounts.clone();
    let rights = Rights { role: Some(user.role), accounts, ..Rights::default() };
    page(&state, &signed_in, user, &rights, FormErrors::default())
}

/// `POST /settings/users/{id}`
pub async fn save(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Path(id): Path<i64>,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    admit(&signed_in)?;
    asked.recent(&signed_in, &state)?;
    let lang = signed_in.lang;
    let rights = Rights::parse(pairs, &signed_in)?;
    let mut errors = FormErrors::default();
    rights.judge_role(lang, &mut errors);
    let Some(role) = rights.role else {
        let user = find(&state, id).await?;
        return page(&state, &signed_in, user, &rights, errors);
    };
    let change = Change::Rights { role, limited: !rights.accounts.is_empty() };
    let (operator, now) = (&signed_in.user.operator, state.clock.now());
    match users::change(&state.pool, operator, id, change, &rights.accounts, now).await {
        Ok(()) => Ok(Redirect::to("/settings/users").into_response()),
        Err(UserError::Refused(
            refused @ (Refused::OwnRight | Refused::LastAdmin | Refused::LimitedAdmin),
        )) => {
            let field = if refused == Refused::LimitedAdmin { "accounts" } else { "role" };
            errors.add(field, lang.user_refused(refused));
            let user = find(&state, id).await?;
            page(&state, &signed_in, user, &rights, errors)
        }
        Err(error) => Err(refused(lang, error)),
    }
}

/// `POST /settings/users/{id}/deactivate`
pub async fn deactivate(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Path(id): Path<i64>,
) -> Result<Redirect> {
    switch(&state, &signed_in, &asked, id, Change::Deactivate).await
}

/// `POST /settings/users/{id}/reactivate`
pub async fn reactivate(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Path(id): Path<i64>,
) -> Result<Redirect> {
    switch(&state, &signed_in, &asked, id, Change::Reactivate).await
}

/// `POST /settings/users/{id}/reset-second-factor`
pub async fn reset_second_factor(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Path(id): Path<i64>,
) -> Result<Redirect> {
    admit(&signed_in)?;
    asked.recent(&signed_in, &state)?;
    let (operator, now) = (&signed_in.user.operator, state.clock.now());
    let done = users::reset_second_factor(&state.pool, operator, id, now).await;
    done.map_err(|error| refused(signed_in.lang, error))?;
    Ok(Redirect::to(&format!("/settings/users/{id}")))
}

/// `POST /settings/users/{id}/end-sessions`
pub async fn end_sessions(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Path(id): Path<i64>,
) -> Result<Redirect> {
    admit(&signed_in)?;
    asked.recent(&signed_in, &state)?;
    let (operator, now) = (&signed_in.user.operator, state.clock.now());
    let done = users::end_sessions(&state.pool, operator, id, now).await;
    done.map_err(|error| refused(signed_in.lang, error))?;
    Ok(Redirect::to(&format!("/settings/users/{id}")))
}

async fn switch(
    state: &AppState,
    signed_in: &SignedIn,
    asked: &Asked,
    id: i64,
    change: Change,
) -> Result<Redirect> {
    admit(signed_in)?;
    asked.recent(signed_in, state)?;
    let (operator, now) = (&signed_in.user.operator, state.clock.now());
    let done = users::change(&state.pool, operator, id, change, &[], now).await;
    done.map_err(|error| refused(signed_in.lang, error))?;
    Ok(Redirect::to("/settings/users"))
}

async fn find(state: &AppState, id: i64) -> Result<Listed> {
    db::users::find(&state.pool, id).await?.ok_or(Error::NotFound)
}

fn page(
    state: &AppState,
    signed_in: &SignedIn,
    user: Listed,
    rights: &Rights,
    errors: FormErrors,
) -> Result<Response> {
    let lang = signed_in.lang;
    let subject = Subject { id: user.id, role: user.role, active: user.active };
    // Whoever sees this page is an admin: for anybody else, one is left.
    let stays = change::check(Change::Deactivate, &signed_in.user.operator, &subject, 1).err();
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = UserPage {
        layout: Layout::new(state, signed_in, Place::Settings),
        id: user.id,
        name: user.name,
        email: user.email,
        active: user.active,
        second_factor: user.second_factor,
        own: user.id == signed_in.user.operator.id,
        stays: stays.map(|it| lang.user_refused(it)),
        errors,
        roles: role_choices(lang, rights.role),
        accounts: account_choices(signed_in, &rights.accounts),
    };
    Ok((status, html(&page)?).into_response())
}
