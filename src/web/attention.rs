//! The promises that only a person can settle.

use std::collections::HashMap;

use askama::Template;
use axum::extract::State;
use axum::response::Html;
use jiff::Timestamp;

use crate::db;
use crate::db::accounts::Account;
use crate::db::promises::Promise;
use crate::domain::order::AccountId;
use crate::web::AppState;
use crate::web::components::Time;
use crate::web::error::Result;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

#[derive(Template)]
#[template(path = "attention.html")]
struct AttentionPage {
    layout: Layout,
    promises: Vec<PromiseView>,
}

struct PromiseView {
    href: String,
    order_href: String,
    order_id: String,
    account: String,
    action: &'static str,
    by: String,
    since: Time,
    age: String,
}

/// `GET /attention`
pub async fn list(State(state): State<AppState>, signed_in: SignedIn) -> Result<Html<String>> {
    let (now, lang) = (state.clock.now(), signed_in.lang);
    let layout = Layout::new(&state, &signed_in, Place::Attention);
    let scope = &signed_in.scope;
    let mut conn = state.scoped.acquire(scope).await?;
    let promises = db::promises::for_people(&mut *conn, scope).await?;
    drop(conn);
    let accounts = signed_in.accounts.iter().map(|it| (&it.id, it));
    let accounts: HashMap<&AccountId, &Account> = accounts.collect();
    let promises = promises
        .into_iter()
        .filter_map(|it| Some(view(lang, accounts.get(&it.account)?, it, now)))
        .collect();
    html(&AttentionPage { layout, promises })
}

fn view(lang: Lang, account: &Account, promise: Promise, now: Timestamp) -> PromiseView {
    let zone = format::zone(&account.time_zone);
    PromiseView {
        href: format!("/promises/{}", promise.id),
        order_href: format::order_href(&promise.account, &promise.order_id),
        account: account.name.clone(),
        action: lang.action_noun(promise.action.kind()),
        by: promise.user_name,
        since: format::day_time(lang, promise.created_at, &zone, now),
        age: format::span(lang, now.duration_since(promise.created_at)),
        order_id: promise.order_id,
    }
}
