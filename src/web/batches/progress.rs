//! A confirmed batch: how far it is until nothing moves any more, and what became of each row.

use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use sqlx::PgConnection;

use crate::db;
use crate::db::batches::Batch;
use crate::domain::batch::Task;
use crate::web::AppState;
use crate::web::batches;
use crate::web::batches::View;
use crate::web::batches::result;
use crate::web::batches::result::Part;
use crate::web::batches::result::ResultRow;
use crate::web::batches::result::Standing;
use crate::web::components::Delivery;
use crate::web::components::Pager;
use crate::web::components::Time;
use crate::web::error::Result;
use crate::web::extract::Htmx;
use crate::web::format;
use crate::web::html;
use crate::web::imports::rest;
use crate::web::layout::Layout;
use crate::web::orders::Reader;
use crate::web::session::SignedIn;
use crate::web::sight::Sight;

#[derive(Template)]
#[template(path = "batches/progress.html")]
struct ProgressPage {
    layout: Layout,
    href: String,
    heading: String,
    from: String,
    /// Where batches of this kind are listed.
    home: (&'static str, &'static str),
    /// What was not sent, in the columns of the file that it came from.
    rest: Option<String>,
    confirmed: Option<Time>,
    ships: bool,
    standing: Standing,
    settled: String,
    marks: Vec<Delivery>,
    /// Where to look again; none, when nothing moves any more.
    refresh: Option<String>,
    retry: Option<String>,
    retried: Option<String>,
    tabs: Vec<(String, &'static str, bool)>,
    rows: Vec<ResultRow>,
    pager: Option<Pager>,
    notice: Option<&'static str>,
}

/// What of htmx ends its asking again and again.
const STOP_POLLING: u16 = 286;

/// The progress and the result of a confirmed batch.
pub async fn show(
    conn: &mut PgConnection,
    state: &AppState,
    signed_in: &SignedIn,
    htmx: Htmx,
    (batch, task): (&Batch, Task),
    view: &View,
) -> Result<Response> {
    let (lang, now, zone) = (signed_in.lang, state.clock.now(), signed_in.zone());
    let tally = db::batches::rows::tally(conn, &signed_in.scope, batch.id).await?;
    let rows = db::batches::rows::list(conn, &signed_in.scope, batch.id).await?;
    let rows = Sight::of(signed_in.user.operator.role).batch_rows(rows);
    let standing = Standing::of(&tally);
    let rest = if standing.failed == 0 {
        None
    } else {
        rest::href_of_batch(conn, signed_in, batch.id).await?
    };
    let all = rows.len();
    let part = Part::ALL.into_iter().find(|it| it.as_str() == view.show);
    let wanted: Vec<_> =
        rows.into_iter().filter(|it| part.is_none_or(|part| Part::of(it) == part)).collect();
    let count = wanted.len();
    let (rows, last) = batches::page_of(wanted, view.page);
    let (show, number) = (part.map_or("", Part::as_str), view.page.min(last));
    let to = |page| View::href(batch.id, show, page);
    let reader = Reader { lang, zone: zone.clone(), now };
    let tab = |it: Option<Part>, label| {
        (View::href(batch.id, it.map_or("", Part::as_str), 1), label, it == part)
    };
    let page = ProgressPage {
        layout: Layout::new(state, signed_in, batches::place(&batch.origin)),
        home: batches::home(lang, &batch.origin),
        rest,
        href: batches::href(batch.id),
        heading: lang.batch_heading(task, all),
        from: batches::origin(lang, &batch.origin),
        confirmed: batch.confirmed_at.map(|at| format::day_time(lang, at, &zone, now)),
        ships: task == Task::Ship,
        settled: lang.batch_settled(standing.settled, standing.sent),
        marks: result::marks(lang, &tally),
        refresh: (!standing.is_over()).then(|| to(number)),
        retry: (standing.is_over() && standing.failed > 0 && batch.retried_as.is_none())
            .then(|| lang.batch_retry(standing.failed)),
        retried: batch.retried_as.map(batches::href),
        tabs: vec![
            tab(None, lang.batch_show_all()),
            tab(Some(Part::Failed), lang.batch_show_failed()),
            tab(Some(Part::Waiting), lang.batch_show_waiting()),
            tab(Some(Part::Done), lang.batch_show_done()),
        ],
        rows: rows.into_iter().map(|it| ResultRow::new(it, task, &reader)).collect(),
        pager: (last > 1).then(|| Pager {
            summary: lang.batch_orders(count),
            previous: (lang.previous_page(), (number > 1).then(|| to(number - 1))),
            next: (lang.next_page(), (number < last).then(|| to(number + 1))),
        }),
        notice: (view.told == "no-retry").then(|| lang.batch_no_retry()),
        standing,
    };
    let ends = htmx == Htmx::Yes && page.standing.is_over();
    let stop = StatusCode::from_u16(STOP_POLLING).unwrap_or(StatusCode::OK);
    Ok((if ends { stop } else { StatusCode::OK }, html(&page)?).into_response())
}
