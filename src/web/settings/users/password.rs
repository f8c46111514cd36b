//! A forgotten password: the admin makes a link, and whoever has it chooses a new one.

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
use crate::db::password_links::Owner;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::passwords;
use crate::web::session::SignedIn;
use crate::web::settings::users::accept;
use crate::web::settings::users::admit;
use crate::web::settings::users::list;
use crate::web::settings::users::refused;
use crate::web::settings::users::token;
use crate::web::sign_in::confirm::Asked;
use crate::web::text::Lang;
use crate::workflow::password_links;

#[derive(Template)]
#[template(path = "settings/users_password_link.html")]
struct LinkPage {
    layout: Layout,
    id: i64,
    name: String,
    link: String,
    until: Time,
}

/// `POST /settings/users/{id}/password`. Answers with the page itself and not with a redirect: the link is
/// nowhere but in this answer. The same form sent twice makes a second link, and the first is worth nothing.
pub async fn make(
    State(state): State<AppState>,
    signed_in: SignedIn,
    asked: Asked,
    headers: HeaderMap,
    Path(id): Path<i64>,
) -> Result<Response> {
    admit(&signed_in)?;
    asked.recent(&signed_in, &state)?;
    let (secret, now, lang) = (token::new(), state.clock.now(), signed_in.lang);
    let (operator, hash) = (&signed_in.user.operator, token::hash(&secret));
    let until = password_links::make(&state.pool, operator, id, &hash, now).await;
    let until = until.map_err(|error| refused(lang, error))?;
    let user = db::users::find(&state.pool, id).await?.ok_or(Error::NotFound)?;
    let page = LinkPage {
        layout: Layout::new(&state, &signed_in, Place::Settings),
        id,
        name: user.name,
        link: list::address(&state, &headers, &path(&secret)),
        until: format::day_time(lang, until, &signed_in.zone(), now),
    };
    Ok(html(&page)?.into_response())
}

/// The form.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PasswordForm {
    #[serde(default)]
    password: SecretString,
}

#[derive(Template)]
#[template(path = "settings/users_password.html")]
struct PasswordPage {
    layout: Layout,
    href: String,
    email: String,
    errors: FormErrors,
}

/// `GET /passwords/{token}`
pub async fn show(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path(secret): Path<String>,
) -> Result<Response> {
    let lang = Lang::negotiate(&headers);
    let Some(owner) = find(&state, &secret).await? else { return accept::over(&state, lang) };
    page(&state, lang, &secret, owner, FormErrors::default())
}

/// `POST /passwords/{token}`. They sign in afterwards like everybody else, with their second factor.
pub async fn choose(
    State(state): State<AppState>,
    headers: HeaderMap,
    Path(secret): Path<String>,
    Form(form): Form<PasswordForm>,
) -> Result<Response> {
    let lang = Lang::negotiate(&headers);
    let Some(owner) = find(&state, &secret).await? else { return accept::over(&state, lang) };
    let about = [owner.name.as_str(), owner.email.as_str()];
    if let Some(weakness) = passwords::weakness(form.password.expose_secret(), &about) {
        let mut errors = FormErrors::default();
        errors.add("password", lang.password_weakness(weakness));
        return page(&state, lang, &secret, owner, errors);
    }
    let password_hash = passwords::hash(form.password).await?;
    let (hash, now) = (token::hash(&secret), state.clock.now());
    if password_links::choose(&state.pool, &hash, &password_hash, now).await? {
        Ok(Redirect::to("/sign-in").into_response())
    } else {
        accept::over(&state, lang)
    }
}

async fn find(state: &AppState, secret: &str) -> Result<Option<Owner>> {
    Ok(db::password_links::find(&state.pool, &token::hash(secret), state.clock.now()).await?)
}

fn path(secret: &str) -> String {
    format!("/passwords/{secret}")
}

fn page(
    state: &AppState,
    lang: Lang,
    secret: &str,
    owner: Owner,
    errors: FormErrors,
) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let (layout, href, email) = (Layout::bare(state, lang), path(secret), owner.email);
    let page = PasswordPage { layout, href, email, errors };
    Ok((status, html(&page)?).into_response())
}
