//! Accepting an invitation: the one page that makes a user, open to whoever has the link.

use askama::Template;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use secrecy::ExposeSecret;
use secrecy::SecretString;
use serde::Deserialize;

use crate::db;
use crate::db::invitations::Invitation;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::passwords;
use crate::web::settings::users::form;
use crate::web::settings::users::token;
use crate::web::text::Lang;
use crate::workflow::AcceptError;
use crate::workflow::users;
use crate::workflow::users::Newcomer;

/// The form.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AcceptForm {
    #[serde(default)]
    email: String,
    #[serde(default)]
    name: String,
    #[serde(default)]
    password: SecretString,
    #[serde(default)]
    language: String,
}

#[derive(Template)]
#[template(path = "settings/users_accept.html")]
struct AcceptPage {
    layout: Layout,
    href: String,
    /// The address they were invited with; the first admin gives their own.
    invited: Option<String>,
    role: &'static str,
    errors: FormErrors,
    email: String,
    name: String,
    /// What they chose to read, if they have chosen.
    chosen: Lang,
}

#[derive(Template)]
#[template(path = "settings/users_over.html")]
struct OverPage {
    layout: Layout,
}

/// `GET /invitations/{token}`
pub async fn show(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path(secret): Path<String>,
) -> Result<Response> {
    let lang = Lang::negotiate(&headers);
    let Some(invitation) = find(&state, &secret).await? else { return over(&state, lang) };
    let form = AcceptForm::default();
    page(&state, lang, &secret, invitation, form, FormErrors::default())
}

/// `POST /invitations/{token}`
pub async fn create(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path(secret): Path<String>,
    Form(form): Form<AcceptForm>,
) -> Result<Response> {
    let lang = Lang::negotiate(&headers);
    let Some(invitation) = find(&state, &secret).await? else { return over(&state, lang) };
    let mut errors = judge(lang, &invitation, &form);
    if !errors.is_empty() {
        return page(&state, lang, &secret, invitation, form, errors);
    }
    let password_hash = passwords::hash(form.password.clone()).await?;
    let newcomer = Newcomer {
        email: form.email.trim(),
        name: form.name.trim(),
        password_hash: &password_hash,
        language: Lang::parse(&form.language).unwrap_or(lang).code(),
    };
    match users::accept(&state.pool, &token::hash(&secret), &newcomer, state.clock.now()).await {
        // They sign in like everybody else, with everything that is asked there.
        Ok(_user) => Ok(Redirect::to("/sign-in").into_response()),
        Err(AcceptError::Over) => over(&state, lang),
        Err(AcceptError::Known) => {
            errors.add("email", lang.user_known(true));
            page(&state, lang, &secret, invitation, form, errors)
        }
        Err(AcceptError::Db(error)) => Err(error.into()),
    }
}

async fn find(state: &AppState, secret: &str) -> Result<Option<Invitation>> {
    let hash = token::hash(secret);
    Ok(db::invitations::find(&state.pool, &hash, state.clock.now()).await?)
}

fn judge(lang: Lang, invitation: &Invitation, form: &AcceptForm) -> FormErrors {
    let mut errors = FormErrors::default();
    if invitation.email.is_none() {
        form::judge_email(lang, form.email.trim(), &mut errors);
    }
    form::judge_name(lang, form.name.trim(), &mut errors);
    let email = invitation.email.as_deref().unwrap_or(form.email.trim());
    let about = [form.name.trim(), email];
    if let Some(weakness) = passwords::weakness(form.password.expose_secret(), &about) {
        errors.add("password", lang.password_weakness(weakness));
    }
    errors
}

fn page(
    state: &AppState,
    lang: Lang,
    secret: &str,
    invitation: Invitation,
    form: AcceptForm,
    errors: FormErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let page = AcceptPage {
        layout: Layout::bare(state, lang),
        href: token::path(secret),
        invited: invitation.email,
        role: lang.role(invitation.role),
        errors,
        email: form.email,
        name: form.name,
        chosen: Lang::parse(&form.language).unwrap_or(lang),
    };
    Ok((status, html(&page)?).into_response())
}

/// One answer for a link that was used, withdrawn, is too old, or never was: it tells nothing to who guesses.
pub fn over(state: &AppState, lang: Lang) -> Result<Response> {
    let page = OverPage { layout: Layout::bare(state, lang) };
    Ok((StatusCode::NOT_FOUND, html(&page)?).into_response())
}
