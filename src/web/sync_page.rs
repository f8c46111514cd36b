//! How far the mirror of each account is, and what waits to be sent, in words.

pub mod condition;
mod outbox;
pub mod sending;

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::db;
use crate::db::faults::Fault;
use crate::db::pauses::Pause;
use crate::db::sync_states::SyncState;
use crate::domain::order::AccountId;
use crate::web::AppState;
use crate::web::components::Time;
use crate::web::error::Result;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::sync_page::condition::Condition;
use crate::web::sync_page::condition::headline;
use crate::web::sync_page::outbox::GroupView;
use crate::web::sync_page::outbox::OutboxView;
use crate::web::sync_page::outbox::Totals;
use crate::web::sync_page::sending::Sending;
use crate::web::text::Lang;
use crate::workflow;

#[derive(Template)]
#[template(path = "sync.html")]
struct SyncPage {
    layout: Layout,
    as_of: Time,
    sending: Sending,
    accounts: Vec<AccountView>,
    totals: Totals,
    outbox: Vec<OutboxView>,
    groups: Vec<GroupView>,
    may_retry: bool,
    may_set_up: bool,
    faults: Vec<FaultView>,
}

struct AccountView {
    id: String,
    name: String,
    condition: Condition,
    icon: &'static str,
    state: String,
    advice: Option<Advice>,
    progress: Option<Progress>,
    facts: [(&'static str, Fact); 7],
}

struct Advice {
    what: String,
    words: Option<String>,
    next: &'static str,
}

struct Progress {
    read: i64,
    total: i64,
    text: String,
}

enum Fact {
    Text(String),
    At { time: Time, relative: Option<String> },
}

struct FaultView {
    account: String,
    order_id: String,
    problem: String,
    since: Time,
}

/// `GET /sync`
pub async fn show(State(state): State<AppState>, signed_in: SignedIn) -> Result<Html<String>> {
    let (now, lang) = (state.clock.now(), signed_in.lang);
    let layout = Layout::new(&state, &signed_in, Place::Sync);
    let scope = &signed_in.scope;
    let mut conn = state.scoped.acquire(scope).await?;
    let states = db::sync_states::list(&mut *conn, scope).await?;
    let outbox = db::sync_states::outbox(&mut *conn, scope).await?;
    let groups = db::unsent::groups(&mut *conn, scope).await?;
    let faults = db::faults::list(&mut *conn, scope).await?;
    let orders = db::order_counts::by_account(&mut *conn, scope).await?;
    drop(conn);
    let orders: HashMap<AccountId, i64> = orders.into_iter().collect();
    let names = signed_in.accounts.iter().map(|it| (it.id.clone(), it.name.as_str()));
    let names: HashMap<AccountId, &str> = names.collect();
    let zone = signed_in.zone();
    html(&SyncPage {
        layout,
        as_of: format::clock(lang, now, &zone, now),
        accounts: states
            .into_iter()
            .map(|it| {
                let orders = orders.get(&it.account).copied().unwrap_or_default();
                let pause = signed_in.pauses.iter().find(|pause| pause.account == it.account);
                AccountView::new(lang, it, orders, pause, now)
            })
            .collect(),
        sending: Sending::of(&signed_in, now),
        totals: Totals::of(lang, &outbox, now),
        outbox: outbox.iter().map(|it| OutboxView::new(lang, it, &names, now)).collect(),
        groups: groups
            .into_iter()
            .map(|it| {
                let paused = signed_in.pauses.iter().any(|pause| pause.account == it.account);
                GroupView::new(lang, it, &names, paused, now)
            })
            .collect(),
        may_retry: workflow::pause::may_retry(signed_in.user.operator.role),
        may_set_up: workflow::accounts::may_set_up(signed_in.user.operator.role),
        faults: faults.into_iter().map(|it| fault_view(lang, it, &names, &zone, now)).collect(),
    })
}

impl AccountView {
    fn new(
        lang: Lang,
        state: SyncState,
        orders: i64,
        pause: Option<&Pause>,
        now: Timestamp,
    ) -> Self {
        let zone = format::zone(&state.time_zone);
        let condition = Condition::of(&state, now);
        Self {
            condition,
            icon: condition.icon(),
            state: headline(lang, condition, &state, &zone, now),
            advice: advice(lang, condition, &state),
            progress: progress(lang, &state),
            facts: facts(lang, &state, orders, pause, &zone, now),
            id: state.account.0,
            name: state.account_name,
        }
    }
}

fn advice(lang: Lang, condition: Condition, state: &SyncState) -> Option<Advice> {
    let simple = |next| Some(Advice { what: String::new(), words: None, next });
    match condition {
        Condition::Stopped | Condition::Failing => {
            let [what, next] = lang.trouble(state.failure);
            let words = state.failure_words.clone().filter(|it| !it.is_empty());
            Some(Advice { what: what.to_owned(), words, next })
        }
        Condition::Never => simple(lang.sync_never_next()),
        Condition::Late => simple(lang.sync_late_next()),
        Condition::Paused => simple(lang.sync_paused_next()),
        Condition::Importing | Condition::Working => None,
    }
}

/// How far the first import is; nothing once it is complete. The marketplace's number may be overtaken by
/// orders that came meanwhile.
fn progress(lang: Lang, state: &SyncState) -> Option<Progress> {
    let total = state.backfill_total.filter(|_| state.backfilled_at.is_none())?;
    let (read, total) = (state.backfill_read, total.max(state.backfill_read));
    let text = lang.sync_imported(format::whole(read), format::whole(total));
    Some(Progress { read, total: total.max(1), text })
}

fn facts(
    lang: Lang,
    state: &SyncState,
    orders: i64,
    pause: Option<&Pause>,
    zone: &TimeZone,
    now: Timestamp,
) -> [(&'static str, Fact); 7] {
    let past = |at: Option<Timestamp>| match at {
        Some(at) => Fact::At {
            time: format::clock(lang, at, zone, now),
            relative: Some(format::ago(lang, at, now)),
        },
        None => Fact::Text(lang.never().to_owned()),
    };
    let next = if state.last_attempt_at.is_none() {
        Fact::Text(lang.as_soon_as_possible().to_owned())
    } else if state.next_pull_at <= now {
        Fact::Text(lang.now_running().to_owned())
    } else {
        Fact::At { time: format::clock(lang, state.next_pull_at, zone, now), relative: None }
    };
    let sending = match pause {
        Some(pause) => lang.sending_paused_since(format::clock(lang, pause.since, zone, now).text),
        None => lang.sending_works().to_owned(),
    };
    [
        (lang.last_success(), past(state.last_success_at)),
        (lang.mirrored_up_to(), past(state.cursor_at)),
        (lang.next_read(), next),
        (lang.orders_in_mirror(), Fact::Text(format::whole(orders))),
        (lang.carriers_read(), past(state.carriers_read_at)),
        (lang.swept(), past(state.swept_at)),
        (lang.sending_of_account(), Fact::Text(sending)),
    ]
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
