//! Signing in at the company's own provider: there and back (ADR 0013).
//!
//! It begins with a link, because a form could not: `form-action 'self'` of our pages also holds for where a posted
//! form is redirected to. What a forged link could begin is bound to the browser by a cookie, and ends at
//! the sign-in page unless the person clicked on a page of ours.

mod browser;

use axum::extract::State;
use axum::http::HeaderMap;
use axum::http::HeaderValue;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;
use tower_sessions::Session;
use url::form_urlencoded::byte_serialize;

use crate::db;
use crate::db::provider_visits::Visit;
use crate::single_sign_on::Failure;
use crate::single_sign_on::Person;
use crate::single_sign_on::Provider;
use crate::single_sign_on::Return;
use crate::single_sign_on::Secrets;
use crate::web::AppState;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Query;
use crate::web::session;
use crate::web::session::SignedIn;
use crate::web::session::safe_next;
use crate::web::sign_in;
use crate::web::sign_in::Peer;
use crate::web::sign_in::code;
use crate::web::sign_in::kept::Kept;
use crate::web::sign_in::sso::browser::Ticket;
use crate::web::text::Lang;
use crate::workflow::sign_in::RefusedTry;
use crate::workflow::single_sign_on as door;

/// The longest address of ours that is remembered; the start is as good as a longer one.
const NEXT_MAX: usize = 2000;

/// The link on the sign-in page.
#[derive(Debug)]
pub struct Link {
    /// Its words.
    pub label: String,
    /// Its address.
    pub href: String,
}

/// The link; none, if the deployer named no provider.
pub fn link(state: &AppState, lang: Lang, next: &str) -> Option<Link> {
    if next == "/" {
        return named(state, lang, "/sign-in/sso".to_owned());
    }
    named(state, lang, format!("/sign-in/sso?next={}", encoded(next)))
}

/// The link for somebody who is signed in and has to prove again who they are.
pub fn link_again(state: &AppState, lang: Lang, next: &str) -> Option<Link> {
    named(state, lang, format!("/sign-in/sso?again=true&next={}", encoded(next)))
}

fn named(state: &AppState, lang: Lang, href: String) -> Option<Link> {
    let provider = state.single_sign_on.as_ref()?;
    Some(Link { label: lang.sso_sign_in(provider.name()), href })
}

fn encoded(next: &str) -> String {
    byte_serialize(next.as_bytes()).collect()
}

/// The query of the link.
#[derive(Debug, Deserialize)]
pub struct BeginQuery {
    #[serde(default)]
    next: String,
    /// Somebody signed in proves again who they are.
    #[serde(default)]
    again: bool,
}

/// `GET /sign-in/sso`
pub async fn begin(
    State(state): State<AppState>,
    visitor: Option<SignedIn>,
    peer: Peer,
    headers: HeaderMap,
    Query(query): Query<BeginQuery>,
) -> Result<Response> {
    let Some(provider) = &state.single_sign_on else { return Err(Error::NotFound) };
    let next = Some(safe_next(&query.next)).filter(|it| it.len() <= NEXT_MAX).unwrap_or("/");
    let visitor = visitor.map(|it| it.user.operator);
    if let Some(operator) = visitor.as_ref().filter(|_| !query.again) {
        return Ok(Redirect::to(session::landing(operator.role, next)).into_response());
    }
    let who = visitor.map(|it| it.id);
    if sent_by_another_site(&headers) {
        return Ok(Redirect::to("/sign-in").into_response());
    }
    let (lang, now) = (Lang::negotiate(&headers), state.clock.now());
    let refuse = |status, words| sign_in::refused(&state, lang, next, status, words);
    match door::admit(&state.pool, peer.0, now).await {
        Ok(()) => {}
        Err(RefusedTry::TooOften(wait)) => {
            let page = sign_in::with_problem(&state, lang, next, lang.too_many_tries(wait))?;
            return Ok(sign_in::too_often(wait, page));
        }
        Err(RefusedTry::Db(error)) => return Err(error.into()),
    }
    let departure = match provider.begin(who.is_some()).await {
        Ok(departure) => departure,
        Err(failure) => {
            return refuse(status_of(failure), lang.sso_failure(failure, provider.name()));
        }
    };
    let ticket = Ticket::new();
    let Secrets { state: token, nonce, verifier } = departure.secrets;
    let next = next.to_owned();
    let visit = Visit { state: token, nonce, verifier, next, user_id: who, begun_at: now };
    door::depart(&state.pool, &ticket.hash(), &visit).await?;
    let mut response = Redirect::to(departure.url.as_str()).into_response();
    response.headers_mut().append(header::SET_COOKIE, ticket.cookie(&state.settings)?);
    Ok(response)
}

/// What the provider puts into the address. Of its words for an error none is shown.
#[derive(Debug, Deserialize)]
pub struct ReturnQuery {
    #[serde(default)]
    state: String,
    #[serde(default)]
    code: String,
    error: Option<String>,
    iss: Option<String>,
}

/// `GET /sign-in/sso/return`
pub async fn come_back(
    State(state): State<AppState>,
    session: Session,
    peer: Peer,
    headers: HeaderMap,
    Query(query): Query<ReturnQuery>,
) -> Result<Response> {
    let Some(provider) = &state.single_sign_on else { return Err(Error::NotFound) };
    let mut response = arrive(&state, provider, &session, peer, &headers, query).await?;
    response.headers_mut().append(header::SET_COOKIE, browser::removal(&state.settings));
    Ok(response)
}

async fn arrive(
    state: &AppState,
    provider: &Provider,
    session: &Session,
    peer: Peer,
    headers: &HeaderMap,
    query: ReturnQuery,
) -> Result<Response> {
    let (lang, now) = (Lang::negotiate(headers), state.clock.now());
    let visit = match Ticket::of(headers, &state.settings) {
        Some(ticket) => door::come_back(&state.pool, &ticket.hash(), now).await?,
        None => None,
    };
    let Some(visit) = visit.filter(|it| it.state == query.state) else {
        tracing::warn!("nobody is expected back from the provider");
        let words = lang.sso_not_begun().to_owned();
        return sign_in::refused(state, lang, "/", StatusCode::UNPROCESSABLE_ENTITY, words);
    };
    let next = safe_next(&visit.next);
    let refuse = |status, words| sign_in::refused(state, lang, next, status, words);
    let provider_name = provider.name();
    if query.error.is_some() || query.code.is_empty() {
        tracing::info!("the provider signed nobody in");
        return refuse(StatusCode::UNPROCESSABLE_ENTITY, lang.sso_denied(provider_name));
    }
    let answer = Return { code: query.code, issuer: query.iss };
    let secrets = Secrets { state: visit.state, nonce: visit.nonce, verifier: visit.verifier };
    let asked_at = visit.user_id.map(|_| visit.begun_at);
    let person = match provider.finish(answer, &secrets, asked_at, now).await {
        Ok(person) => person,
        Err(failure) => {
            tracing::warn!(%failure, "sign-in at the provider refused");
            if failure != Failure::Silent {
                door::distrusted(&state.pool, now).await?;
            }
            return refuse(status_of(failure), lang.sso_failure(failure, provider_name));
        }
    };
    let who = (&*person.issuer, &*person.subject);
    let email = person.email.as_deref();
    match door::recognise(&state.pool, who, email, visit.user_id, now).await? {
        Ok(user_id) => {
            door::forgive(&state.pool, peer.0).await?;
            enter(state, session, headers, user_id, &person, next).await
        }
        Err(why) => {
            refuse(StatusCode::UNPROCESSABLE_ENTITY, lang.sso_unwelcome(why, provider_name))
        }
    }
}

/// Lets a user in. A second factor is the provider's matter if it says that it asked for one; otherwise whoever
/// has set one up here is asked for it, and who has to have one still has to.
async fn enter(
    state: &AppState,
    session: &Session,
    headers: &HeaderMap,
    user_id: i64,
    person: &Person,
    next: &str,
) -> Result<Response> {
    let now = state.clock.now();
    if !person.second_factor {
        let factor = db::second_factors::find(&state.pool, user_id).await?;
        if factor.is_some_and(|it| it.confirmed) {
            session::begin_half(session, user_id, now).await?;
            let lang = Lang::negotiate(headers);
            return Ok(code::page(state, lang, next, &Kept::default(), None)?.into_response());
        }
    }
    session::begin(session, user_id, headers).await?;
    if person.second_factor {
        session.insert(session::VOUCHED, true).await?;
    }
    door::entered(&state.pool, user_id, now).await?;
    tracing::info!(user_id, "signed in at the provider");
    sign_in::go_to_work(state, user_id, next).await
}

const fn status_of(failure: Failure) -> StatusCode {
    match failure {
        Failure::Silent => StatusCode::SERVICE_UNAVAILABLE,
        Failure::Refused(_) | Failure::Untrusted(_) | Failure::NotAsked => {
            StatusCode::UNPROCESSABLE_ENTITY
        }
    }
}

/// Whether a page of another site made the browser come here: then nobody has clicked, for all we know.
fn sent_by_another_site(headers: &HeaderMap) -> bool {
    let ours = |it: &HeaderValue| it == "same-origin" || it == "none";
    !headers.get_all("sec-fetch-site").iter().all(ours)
}
