//! The order list: the closest deadline first, every filter a parameter of the address.

pub mod all;
mod bulk;
mod empty;
mod filters;
mod floor;
mod groups;
pub mod row;
pub(super) mod search;
pub mod selection;
mod shown;
mod sorting;
pub mod views;
pub mod words;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Html;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::PgConnection;

use crate::db;
use crate::db::list_views::Looks;
use crate::db::list_views::SavedView;
use crate::db::order_counts::Bucket;
use crate::db::order_list::Choices;
use crate::db::order_list::Filter;
use crate::db::order_list::Position;
use crate::db::order_list::Row;
use crate::db::order_list::Sort;
use crate::domain::deadline;
use crate::domain::deadline::Boundaries;
use crate::domain::operator::Permission;
use crate::domain::privacy::Sought;
use crate::web::AppState;
use crate::web::components::Pager;
use crate::web::error::Result;
use crate::web::extract::Htmx;
use crate::web::extract::Query;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::orders::list::bulk::Bulk;
use crate::web::orders::list::empty::Empty;
use crate::web::orders::list::filters::Facts;
use crate::web::orders::list::filters::Filters;
use crate::web::orders::list::groups::Group;
use crate::web::orders::list::groups::Whole;
use crate::web::orders::list::row::Customer;
use crate::web::orders::list::row::DueView;
use crate::web::orders::list::row::RowView;
use crate::web::orders::list::row::Viewer;
use crate::web::orders::list::search::Found;
use crate::web::orders::list::selection::Selection;
use crate::web::orders::list::selection::parse::Misread;
use crate::web::orders::list::shown::Shown;
use crate::web::orders::list::sorting::Sorting;
use crate::web::orders::list::views::Typed;
use crate::web::orders::list::views::ViewsView;
use crate::web::orders::queue::Queue;
use crate::web::session::SignedIn;
use crate::web::sight::Sight;

pub use floor::floor;

/// The rows of a page.
pub const PAGE_SIZE: usize = 50;

#[derive(Template)]
#[template(path = "orders/list.html")]
struct ListPage<'a> {
    layout: Layout,
    heading: String,
    told: Vec<String>,
    selection: &'a Selection,
    filters: Filters,
    views: ViewsView<'a>,
    groups: Vec<Group<'a>>,
    sorting: Sorting,
    empty: Option<Empty>,
    /// Whether the reader may take the list away as a file. Who may not is not offered it.
    may_export: bool,
    /// What can be done to many of them at once, if anything can.
    bulk: Option<Bulk>,
    pager: Pager,
}

/// What there is to filter by, and what the reader made of the page.
struct Known {
    buckets: Vec<Bucket>,
    choices: Choices,
    saved: Vec<SavedView>,
    looks: Looks,
    typed: Typed,
}

impl Known {
    async fn read(conn: &mut PgConnection, signed_in: &SignedIn, typed: Typed) -> Result<Self> {
        let user = signed_in.user.operator.id;
        Ok(Self {
            buckets: db::order_counts::buckets(&mut *conn, &signed_in.scope).await?,
            choices: db::order_list::choices(&mut *conn, &signed_in.scope).await?,
            saved: db::list_views::of_user(&mut *conn, user).await?,
            looks: db::list_views::looks(conn, user).await?,
            typed,
        })
    }
}

/// `GET /orders`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    htmx: Htmx,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let now = state.clock.now();
    let (mut selection, mut misread) = Selection::parse(&query);
    // One connection for all that the page asks, so that a page never waits for a second one.
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let found = search::find(&mut conn, &signed_in, &selection.search).await?;
    if let Some(found) = &found {
        search::note(&mut conn, &signed_in, &selection.search, found.orders.len(), now).await?;
    }
    if let Some((account, order)) = found.as_ref().and_then(Found::only) {
        return Ok(go_to(htmx, row::order_href(account, order)));
    }
    let known = Known::read(&mut conn, &signed_in, Typed::default()).await?;
    selection.keep_known(&signed_in.accounts, &known.buckets, &mut misread);
    let shown = match found {
        Some(found) => Shown::found(&mut conn, found).await?,
        None => Shown::read(&mut conn, filter(&signed_in, &selection, now)).await?,
    };
    drop(conn);
    let page = page(&state, &signed_in, &selection, &misread, &known, shown)?;
    Ok(match htmx {
        // A form sends its empty fields too: the address that is kept does without them.
        Htmx::Yes => ([("hx-push-url", selection.href())], page).into_response(),
        Htmx::No => page.into_response(),
    })
}

/// The page of a list once more, with what was typed to save it and what is wrong with that.
pub(super) async fn again(
    state: &AppState,
    signed_in: &SignedIn,
    mut selection: Selection,
    typed: Typed,
) -> Result<Response> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let known = Known::read(&mut conn, signed_in, typed).await?;
    selection.keep_known(&signed_in.accounts, &known.buckets, &mut Vec::new());
    let filter = filter(signed_in, &selection, state.clock.now());
    let shown = Shown::read(&mut conn, filter).await?;
    drop(conn);
    let page = page(state, signed_in, &selection, &[], &known, shown)?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response())
}

fn filter(signed_in: &SignedIn, selection: &Selection, now: Timestamp) -> Filter {
    let zone = zone(signed_in, selection);
    let (boundaries, me) = (Boundaries::at(now, &zone), signed_in.user.operator.id);
    selection.filter(&signed_in.scope, me, &boundaries, &zone)
}

/// The page of a list, as far as its reader may see it.
fn page(
    state: &AppState,
    signed_in: &SignedIn,
    selection: &Selection,
    misread: &[Misread],
    known: &Known,
    shown: Shown,
) -> Result<Html<String>> {
    let (now, lang) = (state.clock.now(), signed_in.lang);
    let Known { buckets, choices, saved, looks, typed } = known;
    let (buckets, overdue) = (buckets.as_slice(), signed_in.header.overdue);
    let (accounts, operator) = (signed_in.accounts.as_slice(), &signed_in.user.operator);
    let role = operator.role;
    let zone = &zone(signed_in, selection);
    let shown = Shown { rows: Sight::of(role).rows(shown.rows), ..shown };
    let boundaries = Boundaries::at(now, zone);
    let viewer = Viewer {
        lang,
        role,
        accounts,
        zone,
        now,
        boundaries,
        lengow: selection.lengow,
        queue: &Queue::of(selection),
        sort: selection.sort,
        colleagues: &choices.colleagues,
    };
    let rows: Vec<_> = shown.rows.iter().map(|row| RowView::new(row, &viewer)).collect();
    let whole = Whole {
        selection,
        buckets,
        overdue,
        starts_before: shown.starts_before,
        goes_on: shown.goes_on,
    };
    let facts = Facts { lang, selection, accounts, buckets, choices, me: operator.id, zone, now };
    let views = views::Facts { lang, role, selection, buckets, overdue, saved, looks };
    let count = count(selection, buckets, shown.rows.len());
    let synced = signed_in.header.synced_at.is_some();
    let page = ListPage {
        heading: count.map_or_else(|| lang.orders().to_owned(), |it| lang.order_count(it)),
        told: misread.iter().map(|it| lang.misread(it)).collect(),
        selection,
        filters: Filters::new(&facts),
        views: views.view(typed),
        groups: groups::split(lang, &rows, &whole),
        sorting: Sorting::new(lang, selection, shown.more_found),
        empty: rows.is_empty().then(|| Empty::new(lang, selection, buckets, synced)),
        // A file has an address, and a search for words has none.
        may_export: role.may(Permission::Export)
            && (selection.search.is_empty() || Sought::of(&selection.search).may_be_told()),
        bulk: Bulk::new(lang, role, selection, count, shown.starts_before || shown.goes_on),
        pager: shown.pager(lang, selection, count),
        layout: Layout::new(state, signed_in, Place::Orders)
            .with_search(&selection.search)
            .with_news(),
    };
    html(&page)
}

/// htmx would follow a redirect by itself and look for the list in the order's page.
fn go_to(htmx: Htmx, href: String) -> Response {
    match htmx {
        Htmx::Yes => [("hx-redirect", href)].into_response(),
        Htmx::No => Redirect::to(&href).into_response(),
    }
}

/// The zone of the only account that is shown, else the one of what concerns several.
pub(in crate::web) fn zone(signed_in: &SignedIn, selection: &Selection) -> TimeZone {
    let only = match selection.accounts.as_slice() {
        [id] => signed_in.accounts.iter().find(|it| it.id.0 == *id),
        _ => None,
    };
    only.map_or_else(|| signed_in.account_zone(), |it| format::zone(&it.time_zone))
}

/// Where a row stands in the list.
pub(super) fn position(sort: Sort, row: &Row) -> Position {
    let key = match sort {
        Sort::Deadline => row.rank,
        Sort::Newest | Sort::Oldest => deadline::age(row.created_at).0,
    };
    Position { key, order_id: row.order_id.clone() }
}

/// How many orders the list has on all its pages, if the counters tell.
fn count(selection: &Selection, buckets: &[Bucket], shown: usize) -> Option<i64> {
    if !selection.search.is_empty() {
        return i64::try_from(shown).ok();
    }
    selection.is_countable().then(|| selection.at_most(buckets))
}
