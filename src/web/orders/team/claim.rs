//! Who has an order open: shown on every page about it, and claimed by the page itself while it is open.
//!
//! A GET changes nothing, so that the claim is a POST that htmx sends from the page. Without JavaScript it is the
//! forms that claim, with what they post (`web::orders::action`).

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;
use sqlx::PgConnection;

use crate::db;
use crate::db::claims::Claim;
use crate::domain::operator::Operator;
use crate::domain::operator::Permission;
use crate::domain::order::AccountId;
use crate::domain::teamwork;
use crate::web::AppState;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Htmx;
use crate::web::extract::Path;
use crate::web::extract::Query;
use crate::web::format;
use crate::web::html;
use crate::web::orders::Reader;
use crate::web::orders::team::account_of;
use crate::web::orders::team::refused;
use crate::web::session::SignedIn;
use crate::web::text::Lang;
use crate::workflow;

/// Who else has the order open, ready to print.
#[derive(Debug, Clone)]
pub struct ClaimView {
    /// What the reader speaks.
    pub lang: Lang,
    /// The address of the order's page.
    pub href: String,
    /// Whether the page claims the order for its reader.
    pub claims: bool,
    /// Whether it does so at once, and not only from time to time.
    pub at_once: bool,
    /// Stands for what is shown, so that nothing is said twice.
    pub shown: String,
    /// That a colleague has it open, and since when.
    pub open_by: Option<String>,
}

#[derive(Template)]
#[template(path = "orders/claim.html")]
struct Fragment {
    claim: ClaimView,
}

/// Reads it.
pub async fn read(
    conn: &mut PgConnection,
    reader: &Reader,
    operator: &Operator,
    account: &AccountId,
    order_id: &str,
) -> Result<ClaimView> {
    let claim = db::claims::live(conn, account, order_id, reader.now).await?;
    let other = claim.filter(|it| it.user_id != operator.id);
    let words = |it: &Claim| reader.lang.also_open(&it.name, &reader.clock(it.begun_at).text);
    Ok(ClaimView {
        lang: reader.lang,
        href: format::order_href(account, order_id),
        claims: teamwork::acts(operator.role),
        at_once: true,
        shown: other
            .as_ref()
            .map_or_else(String::new, |it| format!("{}-{}", it.user_id, it.begun_at.as_second())),
        open_by: other.as_ref().map(words),
    })
}

/// What the page shows already.
#[derive(Debug, Deserialize)]
pub struct ClaimQuery {
    #[serde(default)]
    shown: String,
}

/// `POST /orders/{account}/{order id}/claim`
pub async fn claim(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path((account, order_id)): Path<(String, String)>,
    Query(query): Query<ClaimQuery>,
) -> Result<Response> {
    let account = account_of(&signed_in, &account)?;
    let operator = &signed_in.user.operator;
    if !teamwork::acts(operator.role) {
        return Err(Error::Forbidden(signed_in.lang.needs(Permission::Note).to_owned()));
    }
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let now = state.clock.now();
    if !workflow::teamwork::claim(&mut conn, &account, &order_id, operator, now).await? {
        return Err(Error::NotFound);
    }
    let claim = again(&mut conn, &state, &signed_in, &account, &order_id).await?;
    if claim.shown == query.shown {
        return Ok(StatusCode::NO_CONTENT.into_response());
    }
    Ok(html(&Fragment { claim })?.into_response())
}

/// `POST /orders/{account}/{order id}/take-over`
pub async fn take_over(
    State(state): State<AppState>,
    signed_in: SignedIn,
    htmx: Htmx,
    Path((account, order_id)): Path<(String, String)>,
) -> Result<Response> {
    let account = account_of(&signed_in, &account)?;
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let (operator, now) = (&signed_in.user.operator, state.clock.now());
    let taken = workflow::teamwork::take_over(tx, &account, &order_id, operator, now).await;
    taken.map_err(|error| refused(signed_in.lang, error))?;
    if htmx == Htmx::No {
        return Ok(Redirect::to(&format::order_href(&account, &order_id)).into_response());
    }
    // The rest of the page may be a form that is half filled in.
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let claim = again(&mut conn, &state, &signed_in, &account, &order_id).await?;
    Ok(html(&Fragment { claim })?.into_response())
}

async fn again(
    conn: &mut PgConnection,
    state: &AppState,
    signed_in: &SignedIn,
    account: &AccountId,
    order_id: &str,
) -> Result<ClaimView> {
    let zone = signed_in.accounts.iter().find(|it| it.id == *account);
    let zone = zone.map_or_else(|| signed_in.zone(), |it| format::zone(&it.time_zone));
    let reader = Reader { lang: signed_in.lang, zone, now: state.clock.now() };
    let claim = read(conn, &reader, &signed_in.user.operator, account, order_id).await?;
    Ok(ClaimView { at_once: false, ..claim })
}
