//! What the list of orders is measured against.

use askama::Template;
use axum::response::Html;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use sqlx::PgPool;

use crate::db;
use crate::db::order_list::Filter;
use crate::db::order_list::Page;
use crate::domain::deadline::Boundaries;
use crate::domain::operator::Role;
use crate::web::orders::list::PAGE_SIZE;
use crate::web::orders::list::row::Customer;
use crate::web::orders::list::row::DueView;
use crate::web::orders::list::row::RowView;
use crate::web::orders::list::row::Viewer;
use crate::web::orders::queue::Queue;
use crate::web::text::Lang;

/// The rows alone, for [`floor`].
#[derive(Template)]
#[template(
    source = r#"{% import "components/ui.html" as ui %}{% for row in rows %}{% include "orders/_row.html" %}{% endfor %}"#,
    ext = "html"
)]
struct Rows<'a> {
    lang: Lang,
    rows: &'a [RowView<'a>],
}

/// The least that a list of orders costs: its SQL, and its rows through the same template, without session,
/// rights, counters and layout. `bin/bench` measures the page against it.
pub async fn floor(pool: &PgPool, filter: &Filter, now: Timestamp) -> anyhow::Result<Html<String>> {
    let mut conn = pool.acquire().await?;
    let Page { rows, .. } = db::order_list::page(&mut conn, filter, PAGE_SIZE).await?;
    drop(conn);
    let zone = TimeZone::UTC;
    let viewer = Viewer {
        lang: Lang::En,
        role: Role::Admin,
        accounts: &[],
        zone: &zone,
        now,
        boundaries: Boundaries::at(now, &zone),
        lengow: false,
        queue: &Queue::default(),
        sort: filter.sort,
        colleagues: &[],
    };
    let rows: Vec<_> = rows.iter().map(|row| RowView::new(row, &viewer)).collect();
    Ok(Html(Rows { lang: Lang::En, rows: &rows }.render()?))
}
