//! What people ask of the worker: a reading now, one order now, a comparison now.

use std::collections::HashMap;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::db::accounts::Account;
use crate::db::rereads::Reread;
use crate::domain::order::AccountId;
use crate::domain::reread;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::format;
use crate::web::session::SignedIn;
use crate::web::sync_page;
use crate::web::sync_page::name_of;
use crate::web::text::Lang;
use crate::workflow::AskError;
use crate::workflow::reading;

/// Of which account.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccountForm {
    account: String,
}

/// Which order.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct OrderForm {
    /// The account's key.
    pub account: String,
    /// What was typed as the order's number.
    pub order: String,
}

/// An order that was asked for, as a row.
pub struct RereadView {
    /// The account's name.
    pub account: String,
    /// The order.
    pub order_id: String,
    /// Its page; none, if it has none.
    pub href: Option<String>,
    /// By whom.
    pub by: String,
    /// Since when.
    pub asked: Time,
    /// For `data-icon`.
    pub icon: &'static str,
    /// What came of it.
    pub result: &'static str,
}

impl RereadView {
    /// A row.
    pub fn new(
        lang: Lang,
        reread: Reread,
        names: &HashMap<AccountId, &str>,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Self {
        use crate::domain::reread::Outcome;
        let outcome = reread.done.map(|(_, outcome)| outcome);
        let is_there =
            matches!(outcome, Some(Some(Outcome::New | Outcome::Changed | Outcome::Unchanged)));
        Self {
            account: name_of(names, &reread.account),
            href: is_there.then(|| format::order_href(&reread.account, &reread.order_id)),
            by: reread.asked_by,
            asked: format::clock(lang, reread.asked_at, zone, now),
            icon: outcome.map_or("sync", Lang::reread_icon),
            result: outcome.map_or(lang.reread_waiting(), |it| lang.reread_outcome(it)),
            order_id: reread.order_id,
        }
    }
}

/// `POST /sync/now`
pub async fn read(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(form): Form<AccountForm>,
) -> Result<Redirect> {
    let account = own(&signed_in, &form.account)?;
    let (now, operator) = (state.clock.now(), &signed_in.user.operator);
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let asked = reading::read_now(tx, &account.id, operator, now).await;
    asked.map_err(|error| refused(&signed_in, account, error, now))?;
    Ok(Redirect::to("/sync"))
}

/// `POST /sync/compare`
pub async fn compare(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(form): Form<AccountForm>,
) -> Result<Redirect> {
    let account = own(&signed_in, &form.account)?;
    let (now, operator) = (state.clock.now(), &signed_in.user.operator);
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let asked = reading::compare(tx, &account.id, operator, now).await;
    asked.map_err(|error| refused(&signed_in, account, error, now))?;
    Ok(Redirect::to("/sync#h-compare"))
}

/// `POST /sync/order`
pub async fn order(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(form): Form<OrderForm>,
) -> Result<Response> {
    let lang = signed_in.lang;
    let account = signed_in.accounts.iter().find(|it| it.id.0 == form.account);
    let (Some(account), Some(number)) = (account, reread::number(&form.order)) else {
        let mut errors = FormErrors::default();
        if account.is_none() {
            errors.add("reread-account", lang.reread_no_account());
        }
        if reread::number(&form.order).is_none() {
            errors.add("reread-order", lang.reread_wrong_number());
        }
        return sync_page::page(&state, &signed_in, false, form, errors).await;
    };
    ask(&state, &signed_in, account, number).await?;
    Ok(Redirect::to("/sync#h-reread").into_response())
}

/// Has the order of an account read.
pub async fn ask(
    state: &AppState,
    signed_in: &SignedIn,
    account: &Account,
    order_id: &str,
) -> Result<()> {
    let (now, operator) = (state.clock.now(), &signed_in.user.operator);
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let asked = reading::read_order(tx, &account.id, order_id, operator, now).await;
    asked.map_err(|error| refused(signed_in, account, error, now))
}

fn own<'a>(signed_in: &'a SignedIn, account: &str) -> Result<&'a Account> {
    signed_in.accounts.iter().find(|it| it.id.0 == account).ok_or(Error::NotFound)
}

fn refused(signed_in: &SignedIn, account: &Account, error: AskError, now: Timestamp) -> Error {
    let lang = signed_in.lang;
    match error {
        AskError::NotFound => Error::NotFound,
        AskError::Paused => Error::Conflict(lang.sync_ask_paused().to_owned()),
        AskError::Silence(until) => {
            let zone = format::zone(&account.time_zone);
            Error::Conflict(lang.sync_ask_silence(format::clock(lang, until, &zone, now).text))
        }
        AskError::TooMany => Error::Conflict(lang.sync_ask_too_many().to_owned()),
        AskError::Db(error) => error.into(),
    }
}
