//! The order list: the closest deadline first, every filter a parameter of the address.

pub mod all;
mod bulk;
mod empty;
mod filters;
mod floor;
mod groups;
mod row;
pub(super) mod search;
pub mod selection;

use askama::Template;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use jiff::tz::TimeZone;
use sqlx::PgConnection;

use crate::db;
use crate::db::order_counts::Bucket;
use crate::db::order_list::Filter;
use crate::db::order_list::From;
use crate::db::order_list::Page;
use crate::db::order_list::Position;
use crate::db::order_list::Row;
use crate::db::order_list::Sort;
use crate::domain::deadline;
use crate::domain::deadline::Boundaries;
use crate::domain::operator::Permission;
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
use crate::web::orders::list::selection::Selection;
use crate::web::session::SignedIn;
use crate::web::sight::Sight;
use crate::web::text::Lang;

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
    groups: Vec<Group<'a>>,
    sorting: Sorting,
    empty: Option<Empty>,
    /// Whether the reader may take the list away as a file. Who may not is not offered it.
    may_export: bool,
    /// What can be done to many of them at once, if anything can.
    bulk: Option<Bulk>,
    pager: Pager,
}

/// How the list is sorted, and the links that change it.
struct Sorting {
    words: &'static str,
    by_deadline: bool,
    newest: bool,
    deadline_href: String,
    newest_href: String,
}

/// The rows of a page, and what lies around it.
struct Shown {
    rows: Vec<Row>,
    starts_before: bool,
    goes_on: bool,
}

/// `GET /orders`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    htmx: Htmx,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let (now, lang) = (state.clock.now(), signed_in.lang);
    let (mut selection, mut misread) = Selection::parse(&query);
    // One connection for all that the page asks, so that a page never waits for a second one.
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let found = search::find(&mut conn, &signed_in.scope, &selection.search).await?;
    if let Some(found) = &found {
        search::note(&mut conn, &signed_in, &selection.search, found.len(), now).await?;
    }
    if let Some([(account, order)]) = found.as_deref() {
        return Ok(go_to(htmx, row::order_href(account, order)));
    }
    let buckets = db::order_counts::buckets(&mut *conn, &signed_in.scope).await?;
    selection.keep_known(&signed_in.accounts, &buckets, &mut misread);
    let zone = zone(&signed_in, &selection);
    let boundaries = Boundaries::at(now, &zone);
    let shown = if let Some(found) = found {
        Shown::found(&mut conn, found).await?
    } else {
        let filter = selection.filter(&signed_in.scope, &boundaries, &zone);
        Shown::read(&mut conn, filter).await?
    };
    drop(conn);

    let role = signed_in.user.operator.role;
    let rows = Sight::of(role).rows(shown.rows);
    let shown = Shown { rows, ..shown };
    let (accounts, role) = (signed_in.accounts.as_slice(), signed_in.user.operator.role);
    let lengow = selection.lengow;
    let viewer = Viewer { lang, role, accounts, zone: &zone, now, boundaries, lengow };
    let rows: Vec<_> = shown.rows.iter().map(|row| RowView::new(row, &viewer)).collect();
    let whole = Whole {
        selection: &selection,
        buckets: &buckets,
        overdue: signed_in.header.overdue,
        starts_before: shown.starts_before,
        goes_on: shown.goes_on,
    };
    let facts =
        Facts { lang, selection: &selection, accounts, buckets: &buckets, zone: &zone, now };
    let count = count(&selection, &buckets, shown.rows.len());
    let layout = Layout::new(&state, &signed_in, Place::Orders);
    let page = ListPage {
        heading: count.map_or_else(|| lang.orders().to_owned(), |it| lang.order_count(it)),
        told: misread.iter().map(|it| lang.misread(it)).collect(),
        selection: &selection,
        filters: Filters::new(&facts),
        groups: groups::split(lang, &rows, &whole),
        sorting: Sorting::new(lang, &selection),
        empty: rows
            .is_empty()
            .then(|| Empty::new(lang, &selection, &buckets, signed_in.header.synced_at.is_some())),
        may_export: role.may(Permission::Export),
        bulk: Bulk::new(lang, role, &selection, count, shown.starts_before || shown.goes_on),
        pager: shown.pager(lang, &selection, count),
        layout: layout.with_search(&selection.search),
    };
    let page = html(&page)?;
    Ok(match htmx {
        // A form sends its empty fields too: the address that is kept does without them.
        Htmx::Yes => ([("hx-push-url", selection.href())], page).into_response(),
        Htmx::No => page.into_response(),
    })
}

/// htmx would follow a redirect by itself and look for the list in the order's page.
fn go_to(htmx: Htmx, href: String) -> Response {
    match htmx {
        Htmx::Yes => [("hx-redirect", href)].into_response(),
        Htmx::No => Redirect::to(&href).into_response(),
    }
}

/// The zone of the only account that is shown, else the one of what concerns several.
pub(super) fn zone(signed_in: &SignedIn, selection: &Selection) -> TimeZone {
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
        Sort::Newest => deadline::age(row.created_at).0,
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

impl Shown {
    async fn found(conn: &mut PgConnection, found: Vec<(String, String)>) -> Result<Self> {
        let (accounts, orders): (Vec<_>, Vec<_>) = found.into_iter().unzip();
        let rows = db::order_list::by_ids(conn, &accounts, &orders).await?;
        Ok(Self { rows, starts_before: false, goes_on: false })
    }

    /// Reads a page. When nothing is left at its place, or, going back, less than a page before it, the list
    /// has changed meanwhile: the page is then the first one.
    async fn read(conn: &mut PgConnection, mut filter: Filter) -> Result<Self> {
        let Page { rows, more } = db::order_list::page(conn, &filter, PAGE_SIZE).await?;
        match filter.from {
            None => return Ok(Self { rows, starts_before: false, goes_on: more }),
            Some(From::After(_)) if !rows.is_empty() => {
                return Ok(Self { rows, starts_before: true, goes_on: more });
            }
            Some(From::Before(_)) if rows.len() >= PAGE_SIZE => {
                return Ok(Self { rows, starts_before: more, goes_on: true });
            }
            Some(_) => filter.from = None,
        }
        let Page { rows, more } = db::order_list::page(conn, &filter, PAGE_SIZE).await?;
        Ok(Self { rows, starts_before: false, goes_on: more })
    }

    fn pager(&self, lang: Lang, selection: &Selection, count: Option<i64>) -> Pager {
        let before = self.rows.first().filter(|_| self.starts_before);
        let after = self.rows.last().filter(|_| self.goes_on);
        let previous = before.map(|it| selection.at(From::Before(position(selection.sort, it))));
        let next = after.map(|it| selection.at(From::After(position(selection.sort, it))));
        Pager {
            summary: lang.orders_shown(self.rows.len(), count),
            previous: (lang.previous_page(), previous),
            next: (lang.next_page(), next),
        }
    }
}

impl Sorting {
    fn new(lang: Lang, selection: &Selection) -> Self {
        let searching = !selection.search.is_empty();
        let newest = selection.sort == Sort::Newest;
        let words = match selection.sort {
            _ if searching => lang.by_search(),
            Sort::Deadline => lang.by_deadline(),
            Sort::Newest => lang.by_age(),
        };
        Self {
            words,
            by_deadline: (!searching && !newest),
            newest: (!searching && newest),
            deadline_href: selection.with(|it| it.sort = Sort::Deadline),
            newest_href: selection.with(|it| {
                it.sort = Sort::Newest;
                it.due.clear();
            }),
        }
    }
}
