//! The rows of a page of the list.

use sqlx::PgConnection;

use crate::db;
use crate::db::order_list::Filter;
use crate::db::order_list::From;
use crate::db::order_list::Page;
use crate::db::order_list::Row;
use crate::web::components::Pager;
use crate::web::error::Result;
use crate::web::orders::list::PAGE_SIZE;
use crate::web::orders::list::position;
use crate::web::orders::list::search::Found;
use crate::web::orders::list::selection::Selection;
use crate::web::text::Lang;

/// The rows of a page, and what lies around it.
pub(super) struct Shown {
    /// The rows.
    pub rows: Vec<Row>,
    /// Whether rows come before.
    pub starts_before: bool,
    /// Whether rows come after.
    pub goes_on: bool,
    /// Whether a search found more than is shown.
    pub more_found: bool,
}

impl Shown {
    /// The orders that a search found.
    pub async fn found(conn: &mut PgConnection, found: Found) -> Result<Self> {
        let (accounts, orders): (Vec<_>, Vec<_>) = found.orders.into_iter().unzip();
        let rows = db::order_list::by_ids(conn, &accounts, &orders).await?;
        Ok(Self { rows, starts_before: false, goes_on: false, more_found: found.more })
    }

    /// Reads a page. When nothing is left at its place, or, going back, less than a page before it, the list
    /// has changed meanwhile: the page is then the first one.
    pub async fn read(conn: &mut PgConnection, mut filter: Filter) -> Result<Self> {
        let of =
            |rows, starts_before, goes_on| Self { rows, starts_before, goes_on, more_found: false };
        let Page { rows, more } = db::order_list::page(conn, &filter, PAGE_SIZE).await?;
        match filter.from {
            None => return Ok(of(rows, false, more)),
            Some(From::After(_)) if !rows.is_empty() => {
                return Ok(of(rows, true, more));
            }
            Some(From::Before(_)) if rows.len() >= PAGE_SIZE => {
                return Ok(of(rows, more, true));
            }
            Some(_) => filter.from = None,
        }
        let Page { rows, more } = db::order_list::page(conn, &filter, PAGE_SIZE).await?;
        Ok(of(rows, false, more))
    }

    /// The links to the pages around.
    pub fn pager(&self, lang: Lang, selection: &Selection, count: Option<i64>) -> Pager {
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
