//! How far the mirror of each account is, what waits to be sent, and whether the numbers are the marketplace's, in
//! words.

mod account;
pub mod asked;
mod comparison;
pub mod condition;
mod outbox;
pub mod sending;

use std::collections::HashMap;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;

use crate::db;
use crate::db::accounts::Account;
use crate::db::faults::Fault;
use crate::db::sync_states::SyncState;
use crate::domain::order::AccountId;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::error::Result;
use crate::web::extract::Query;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::sync_page::account::AccountView;
use crate::web::sync_page::account::Fact;
use crate::web::sync_page::account::Known;
use crate::web::sync_page::asked::OrderForm;
use crate::web::sync_page::asked::RereadView;
use crate::web::sync_page::comparison::ComparisonView;
use crate::web::sync_page::condition::Condition;
use crate::web::sync_page::outbox::GroupView;
use crate::web::sync_page::outbox::OutboxView;
use crate::web::sync_page::outbox::RefusedView;
use crate::web::sync_page::outbox::Totals;
use crate::web::sync_page::sending::Sending;
use crate::web::text::Lang;
use crate::workflow;

/// What was refused longer ago is history, which the activity tells.
const LATELY: SignedDuration = SignedDuration::from_hours(24);
/// The calls that count against the limit.
const AN_HOUR: SignedDuration = SignedDuration::from_hours(1);

#[derive(Template)]
#[template(path = "sync.html")]
struct SyncPage {
    layout: Layout,
    as_of: Time,
    still: bool,
    sending: Sending,
    accounts: Vec<AccountView>,
    totals: Totals,
    outbox: Vec<OutboxView>,
    groups: Vec<GroupView>,
    refused: Vec<RefusedView>,
    comparisons: Vec<ComparisonView>,
    rereads: Vec<RereadView>,
    may_retry: bool,
    may_set_up: bool,
    faults: Vec<FaultView>,
    choices: Vec<Account>,
    form: OrderForm,
    errors: FormErrors,
}

struct FaultView {
    account: String,
    order_id: String,
    problem: String,
    since: Time,
}

/// The routes of this page.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/sync", get(show))
        .route("/sync/now", post(asked::read))
        .route("/sync/order", post(asked::order))
        .route("/sync/compare", post(asked::compare))
        .route("/sync/pause", post(sending::pause))
        .route("/sync/resume", post(sending::resume))
        .route("/sync/retry", post(sending::retry))
}

/// Whether the page stands still.
#[derive(Debug, Default, Deserialize)]
pub struct SyncQuery {
    #[serde(default)]
    updates: String,
}

/// `GET /sync`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<SyncQuery>,
) -> Result<Response> {
    // Whoever reads slowly must be able to stop what moves (WCAG 2.2.2).
    let still = query.updates == "paused";
    page(&state, &signed_in, still, OrderForm::default(), FormErrors::default()).await
}

/// The page, with what was typed into its form, and what is wrong with it.
pub async fn page(
    state: &AppState,
    signed_in: &SignedIn,
    still: bool,
    form: OrderForm,
    errors: FormErrors,
) -> Result<Response> {
    let (now, lang) = (state.clock.now(), signed_in.lang);
    let layout = Layout::new(state, signed_in, Place::Sync);
    let facts = Facts::read(state, signed_in, now).await?;
    let names = signed_in.accounts.iter().map(|it| (it.id.clone(), it.name.as_str()));
    let names: HashMap<AccountId, &str> = names.collect();
    let (zone, role) = (signed_in.zone(), signed_in.user.operator.role);
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let compare = |it| ComparisonView::new(lang, it, &facts.comparisons, now);
    let page = SyncPage {
        layout,
        as_of: format::clock(lang, now, &zone, now),
        // A form with mistakes must not change under the reader's hands.
        still: still || !errors.is_empty(),
        sending: Sending::of(signed_in, now),
        comparisons: facts.states.iter().map(compare).collect(),
        totals: Totals::of(lang, &facts.outbox, &facts.refused, now),
        outbox: facts.outbox.iter().map(|it| OutboxView::new(lang, it, &names, now)).collect(),
        groups: groups(signed_in, facts.groups, &names, &zone, now),
        refused: facts
            .refused
            .iter()
            .map(|it| RefusedView::new(lang, it, &names, &zone, now))
            .collect(),
        rereads: facts
            .rereads
            .into_iter()
            .map(|it| RereadView::new(lang, it, &names, &zone, now))
            .collect(),
        may_retry: workflow::pause::may_retry(role),
        may_set_up: workflow::accounts::may_set_up(role),
        faults: facts
            .faults
            .into_iter()
            .map(|it| fault_view(lang, it, &names, &zone, now))
            .collect(),
        accounts: accounts(signed_in, facts.states, &facts.orders, &facts.calls, now),
        choices: signed_in.accounts.clone(),
        form,
        errors,
    };
    Ok((status, html(&page)?).into_response())
}

/// What the page is made of.
struct Facts {
    states: Vec<SyncState>,
    outbox: Vec<db::sync_states::Outbox>,
    refused: Vec<db::sync_states::Refused>,
    groups: Vec<db::unsent::Group>,
    faults: Vec<Fault>,
    orders: Vec<(AccountId, i64)>,
    calls: Vec<db::api_calls::Calls>,
    comparisons: Vec<db::comparisons::Comparison>,
    rereads: Vec<db::rereads::Reread>,
}

impl Facts {
    async fn read(state: &AppState, signed_in: &SignedIn, now: Timestamp) -> Result<Self> {
        let scope = &signed_in.scope;
        let mut conn = state.scoped.acquire(scope).await?;
        Ok(Self {
            states: db::sync_states::list(&mut *conn, scope).await?,
            outbox: db::sync_states::outbox(&mut *conn, scope).await?,
            refused: db::sync_states::refused(&mut *conn, scope, now - LATELY).await?,
            groups: db::unsent::groups(&mut *conn, scope).await?,
            faults: db::faults::list(&mut *conn, scope).await?,
            orders: db::order_counts::by_account(&mut *conn, scope).await?,
            calls: db::api_calls::since(&mut *conn, scope, now - AN_HOUR).await?,
            comparisons: db::comparisons::list(&mut *conn, scope).await?,
            rereads: db::rereads::latest(&mut *conn, scope).await?,
        })
    }
}

fn accounts(
    signed_in: &SignedIn,
    states: Vec<SyncState>,
    orders: &[(AccountId, i64)],
    calls: &[db::api_calls::Calls],
    now: Timestamp,
) -> Vec<AccountView> {
    let view = |it: SyncState| {
        let orders = orders.iter().find(|(account, _)| *account == it.account);
        let known = Known {
            orders: orders.map_or(0, |(_, orders)| *orders),
            pause: signed_in.pauses.iter().find(|pause| pause.account == it.account),
            calls: calls.iter().find(|calls| calls.account == it.account),
        };
        AccountView::new(signed_in.lang, it, &known, now)
    };
    states.into_iter().map(view).collect()
}

fn groups(
    signed_in: &SignedIn,
    groups: Vec<db::unsent::Group>,
    names: &HashMap<AccountId, &str>,
    zone: &TimeZone,
    now: Timestamp,
) -> Vec<GroupView> {
    let view = |it: db::unsent::Group| {
        let paused = signed_in.pauses.iter().any(|pause| pause.account == it.account);
        GroupView::new(signed_in.lang, it, names, paused, zone, now)
    };
    groups.into_iter().map(view).collect()
}

fn name_of(names: &HashMap<AccountId, &str>, account: &AccountId) -> String {
    names.get(account).map_or_else(|| account.0.clone(), |it| (*it).to_owned())
}

fn fault_view(
    lang: Lang,
    fault: Fault,
    names: &HashMap<AccountId, &str>,
    zone: &TimeZone,
    now: Timestamp,
) -> FaultView {
    FaultView {
        account: name_of(names, &fault.account),
        order_id: fault.order_id,
        problem: fault.problem,
        since: format::day_time(lang, fault.first_seen_at, zone, now),
    }
}
