//! Inviting somebody, and taking that back.

use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Redirect;
use axum::response::Response;

use crate::domain::operator::change::Refused;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::orders::action::Pairs;
use crate::web::session::SignedIn;
use crate::web::settings::users::admit;
use crate::web::settings::users::form;
use crate::web::settings::users::form::Rights;
use crate::web::settings::users::list;
use crate::web::settings::users::list::Invited;
use crate::web::settings::users::refused;
use crate::web::settings::users::token;
use crate::web::sign_in::confirm::Asked;
use crate::workflow::UserError;
use crate::workflow::users;
use crate::workflow::users::Guest;

/// `POST /settings/users/invite`. Answers with the page itself and not with a redirect: the link is nowhere
/// but in this answer. The same form sent twice makes a second link, and the first is worth nothing.
pub async fn create(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    headers: HeaderMap,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    admit(&signed_in)?;
    asked.recent(&signed_in, &state)?;
    let lang = signed_in.lang;
    let rights = Rights::parse(pairs, &signed_in)?;
    let mut errors = FormErrors::default();
    form::judge_email(lang, &rights.email, &mut errors);
    rights.judge_role(lang, &mut errors);
    let Some(role) = rights.role.filter(|_| errors.is_empty()) else {
        return list::page(&state, &signed_in, &rights, errors, None).await;
    };
    let (secret, now) = (token::new(), state.clock.now());
    let guest = Guest { email: &rights.email, role, accounts: &rights.accounts };
    let operator = &signed_in.user.operator;
    match users::invite(&state.pool, operator, &guest, &token::hash(&secret), now).await {
        Ok(until) => {
            let link = list::link(&state, &headers, &secret);
            let invited = Invited { email: rights.email, link, until };
            let empty = Rights::default();
            list::page(&state, &signed_in, &empty, FormErrors::default(), Some(invited)).await
        }
        Err(UserError::Known { active }) => {
            errors.add("email", lang.user_known(active));
            list::page(&state, &signed_in, &rights, errors, None).await
        }
        Err(UserError::Refused(refused @ Refused::LimitedAdmin)) => {
            errors.add("accounts", lang.user_refused(refused));
            list::page(&state, &signed_in, &rights, errors, None).await
        }
        Err(error) => Err(refused(lang, error)),
    }
}

/// `POST /settings/users/invitations/{id}/withdraw`. A link that is used or over is no mistake: the page that
/// follows shows what became of it.
pub async fn withdraw(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    Path(id): Path<i64>,
) -> Result<Redirect> {
    admit(&signed_in)?;
    asked.recent(&signed_in, &state)?;
    let (now, operator) = (state.clock.now(), &signed_in.user.operator);
    match users::withdraw(&state.pool, operator, id, now).await {
        Ok(()) | Err(UserError::NotFound) => Ok(Redirect::to("/settings/users")),
        Err(error) => Err(refused(signed_in.lang, error)),
    }
}
