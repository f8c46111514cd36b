//! `GET /orders`, `GET /orders/count` and `GET /orders/{orderId}`.

use std::ops::Bound;

use axum::Extension;
use axum::extract::OriginalUri;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::State;
use axum::http::header;
use axum::response::IntoResponse as _;
use axum::response::Response;

use jiff::Timestamp;

use crate::api::filters::Filters;
use crate::api::filters::Key;
use crate::api::params::JSON;
use crate::api::params::Pairs;
use crate::api::params::Range;
use crate::api::params::links;
use crate::auth::Caller;
use crate::model::Order;
use crate::problem::Problem;
use crate::state::Account;
use crate::state::ByDate;
use crate::state::Market;
use crate::state::Shared;
use crate::state::lock;
use crate::wire;

/// How many places a page has drifted while the client was reading, a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Drift {
    Places(i64),
    Pages(i64),
}

/// Reads lag behind the last change, a fault.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stale;

/// The order as this read sees it.
fn version(market: &Market, slot: usize, moment: Timestamp, stale: bool) -> &Order {
    let before = market.before.get(&slot).filter(|_| stale);
    before.unwrap_or_else(|| market.seen(slot, moment))
}

pub(crate) async fn list(
    State(shared): State<Shared>,
    caller: Caller,
    Query(query): Query<Pairs>,
    OriginalUri(uri): OriginalUri,
    drift: Option<Extension<Drift>>,
    stale: Option<Extension<Stale>>,
) -> Result<Response, Problem> {
    let mut filters = Filters::read(&query)?;
    let mut market = lock(&shared);
    let now = market.now();
    let moment = market.visible(now);
    filters.only_latest(now);
    let offset = offset(&filters, drift.map(|Extension(drift)| drift));
    let slots = select(&market, caller.seller_index, &filters, moment);
    let slots: Vec<usize> = slots.skip(offset).take(filters.page.size).collect();
    let readings = market.readings;
    let mut body = readings.envelope.open(slots.len()).into_bytes();
    for (index, slot) in slots.iter().enumerate() {
        if index > 0 {
            body.push(b',');
        }
        wire::write(version(&market, *slot, moment, stale.is_some()), market.readings, &mut body);
    }
    body.extend_from_slice(readings.envelope.close().as_bytes());
    drop(market);
    let link = links("/orders", &query, filters.page, slots.len());
    tracing::debug!(%uri, items = slots.len(), "page");
    Ok(([(header::CONTENT_TYPE, JSON.to_owned()), (header::LINK, link)], body).into_response())
}

/// A bare integer; it counts the whole history unless filters narrow it.
pub(crate) async fn count(
    State(shared): State<Shared>,
    caller: Caller,
    Query(query): Query<Pairs>,
) -> Result<Response, Problem> {
    let filters = Filters::read(&query)?;
    let mut market = lock(&shared);
    let now = market.now();
    let moment = market.visible(now);
    let count = select(&market, caller.seller_index, &filters, moment).count();
    Ok(([(header::CONTENT_TYPE, JSON)], count.to_string()).into_response())
}

pub(crate) async fn get(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    stale: Option<Extension<Stale>>,
) -> Result<Response, Problem> {
    let mut market = lock(&shared);
    let now = market.now();
    let moment = market.visible(now);
    let slot = market
        .find(caller.seller_index, &id)
        .ok_or_else(|| Problem::not_found(&format!("Order {id}")))?;
    let mut body = Vec::with_capacity(4096);
    wire::write(version(&market, slot, moment, stale.is_some()), market.readings, &mut body);
    Ok(([(header::CONTENT_TYPE, JSON)], body).into_response())
}

fn offset(filters: &Filters, drift: Option<Drift>) -> usize {
    let start = (filters.page.index - 1).saturating_mul(filters.page.size);
    let by = match drift {
        None => 0,
        Some(Drift::Places(places)) => places,
        Some(Drift::Pages(pages)) => {
            pages.saturating_mul(i64::try_from(filters.page.size).unwrap_or(i64::MAX))
        }
    };
    start.saturating_add_signed(isize::try_from(by).unwrap_or(0))
}

/// The orders a query means, by the index that suits its sort key.
fn select<'a>(
    market: &'a Market,
    seller_index: usize,
    filters: &'a Filters,
    moment: Timestamp,
) -> Box<dyn Iterator<Item = usize> + 'a> {
    let account: &Account = &market.accounts[seller_index];
    let wanted = move |slot: &usize| filters.matches(market.seen(*slot, moment));
    let key = if market.readings.sort_is_ignored { Key::Created } else { filters.key };
    let descending = filters.descending || market.readings.sort_is_ignored;
    let in_order: Box<dyn Iterator<Item = usize>> = match key {
        // The index knows the present only.
        Key::Updated if market.lags() => {
            let updated = |slot| market.seen(slot, moment).updated_at;
            Box::new(sorted(account, descending, updated, market))
        }
        Key::Updated => walk(&account.by_update, filters.updated, descending),
        Key::Created => walk(&account.by_creation, filters.created, descending),
        Key::Shipped => {
            let shipped = |slot| market.seen(slot, moment).shipped_at;
            Box::new(sorted(account, descending, shipped, market))
        }
    };
    Box::new(in_order.filter(wanted))
}

fn walk(index: &ByDate, range: Range, descending: bool) -> Box<dyn Iterator<Item = usize> + '_> {
    if matches!((range.min, range.max), (Some(min), Some(max)) if min > max) {
        return Box::new(std::iter::empty());
    }
    let from = range.min.map_or(Bound::Unbounded, |at| Bound::Included((at, String::new())));
    // Ids are ASCII, so this is after every id of the last moment.
    let to = range.max.map_or(Bound::Unbounded, |at| Bound::Included((at, "\u{ff}".to_owned())));
    let found = index.range((from, to)).map(|(_, slot)| *slot);
    if descending { Box::new(found.rev()) } else { Box::new(found) }
}

/// Every order of an account by a date that has no index.
fn sorted<T: Ord>(
    account: &Account,
    descending: bool,
    date: impl Fn(usize) -> T,
    market: &Market,
) -> std::vec::IntoIter<usize> {
    let mut slots: Vec<usize> = account.by_creation.values().copied().collect();
    slots.sort_by_cached_key(|slot| (date(*slot), market.orders[*slot].id.clone()));
    if descending {
        slots.reverse();
    }
    slots.into_iter()
}
