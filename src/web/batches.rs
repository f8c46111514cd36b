//! Many orders at once: from a selection to a review, to promises, to a result.
//!
//! `GET /batches/{id}` is the review while the batch is a draft, and its progress and result from then on. Whoever
//! puts a batch together (`create`, an import) sends people there.

mod create;
mod entry;
mod file;
mod progress;
mod reasons;
mod result;
mod retry;
mod review;
mod verdict;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db;
use crate::db::batches::Batch;
use crate::domain::batch::Origin;
use crate::domain::batch::Purpose;
use crate::web::AppState;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Htmx;
use crate::web::extract::Path;
use crate::web::extract::Query;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

pub use reasons::not_sent;

/// The rows of a page.
const PAGE_SIZE: usize = 100;
/// How many batches are listed.
const LISTED: i64 = 50;

/// The routes of many at once.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/batches", get(list).post(create::create))
        .route("/batches/{id}", get(show).post(review::submit))
        .route("/batches/{id}/file", get(file::show))
        .route("/batches/{id}/retry", post(retry::create))
}

/// The address of a batch.
pub fn href(batch_id: Uuid) -> String {
    format!("/batches/{batch_id}")
}

/// Which rows are shown.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct View {
    /// One of the groups of the page; all, if it is none of them.
    show: String,
    /// Counted from 1.
    page: usize,
    /// What was just done.
    told: String,
}

impl View {
    fn parse(pairs: &[(String, String)]) -> Self {
        let value =
            |name: &str| pairs.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone());
        Self {
            show: value("show").unwrap_or_default(),
            page: value("page").and_then(|it| it.parse().ok()).unwrap_or(1).max(1),
            told: value("told").unwrap_or_default(),
        }
    }

    /// The address of that page of that group.
    fn href(batch_id: Uuid, show: &str, page: usize) -> String {
        let mut href = href(batch_id);
        let show = if show.is_empty() { String::new() } else { format!("show={show}") };
        let page = if page > 1 { format!("page={page}") } else { String::new() };
        let query = [show, page].into_iter().filter(|it| !it.is_empty()).collect::<Vec<_>>();
        if !query.is_empty() {
            href = format!("{href}?{}", query.join("&"));
        }
        href
    }
}

#[derive(Template)]
#[template(path = "batches/list.html")]
struct ListPage {
    layout: Layout,
    batches: Vec<Listed>,
}

struct Listed {
    href: String,
    what: String,
    from: String,
    at: Time,
    state: &'static str,
}

/// `GET /batches`
async fn list(State(state): State<AppState>, signed_in: SignedIn) -> Result<Response> {
    let (lang, now, zone) = (signed_in.lang, state.clock.now(), signed_in.zone());
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let batches = db::batches::recent(&mut conn, signed_in.user.operator.id, LISTED).await?;
    drop(conn);
    let listed = |it: &Batch| Listed {
        href: href(it.id),
        what: lang.batch_purpose(it.purpose, usize::try_from(it.rows).unwrap_or(0)),
        from: origin(lang, &it.origin),
        at: format::day_time(lang, it.created_at, &zone, now),
        state: if it.confirmed_at.is_some() { lang.batch_sent() } else { lang.batch_draft() },
    };
    let batches = batches.iter().map(listed).collect();
    let page = ListPage { layout: Layout::new(&state, &signed_in, Place::Orders), batches };
    Ok(html(&page)?.into_response())
}

/// Where batches of that origin are listed: the address, and its name.
const fn home(lang: Lang, origin: &Origin) -> (&'static str, &'static str) {
    match origin {
        Origin::File(_) => ("/imports", lang.imports()),
        Origin::List | Origin::Retry => ("/batches", lang.batches()),
    }
}

const fn place(origin: &Origin) -> Place {
    match origin {
        Origin::File(_) => Place::Imports,
        Origin::List | Origin::Retry => Place::Orders,
    }
}

fn origin(lang: Lang, origin: &Origin) -> String {
    match origin {
        Origin::List => lang.batch_from_list().to_owned(),
        Origin::File(name) => name.clone(),
        Origin::Retry => lang.batch_from_retry().to_owned(),
    }
}

/// `GET /batches/{id}`
async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    htmx: Htmx,
    Path(id): Path<Uuid>,
    Query(query): Query<Vec<(String, String)>>,
) -> Result<Response> {
    let view = View::parse(&query);
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let batch = find(&mut conn, &signed_in, id).await?;
    let task = match batch.purpose {
        Purpose::Promise(task) => task,
        Purpose::Print => {
            return Ok(Redirect::to(&format!("/shipping/picking?batch={id}")).into_response());
        }
        Purpose::Export => {
            return Ok(Redirect::to(&format!("/orders/export?batch={id}")).into_response());
        }
    };
    if batch.confirmed_at.is_some() {
        return progress::show(&mut conn, &state, &signed_in, htmx, (&batch, task), &view).await;
    }
    review::show(&mut conn, &state, &signed_in, (&batch, task), &view).await
}

/// A batch of the user's. Another's is not found.
async fn find(conn: &mut PgConnection, signed_in: &SignedIn, id: Uuid) -> Result<Batch> {
    let found = db::batches::find(conn, signed_in.user.operator.id, id).await?;
    found.ok_or(Error::NotFound)
}

/// The orders of a batch of the user's, as far as they were found: account and number.
pub async fn orders(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    id: Uuid,
) -> Result<Vec<(String, String)>> {
    let batch = find(conn, signed_in, id).await?;
    let rows = db::batches::rows::list(conn, &signed_in.scope, batch.id).await?;
    Ok(rows.into_iter().filter_map(|it| Some((it.account, it.order_id?))).collect())
}

/// The rows of a page of some rows, and the number of the last page.
fn page_of<T>(rows: Vec<T>, page: usize) -> (Vec<T>, usize) {
    let last = rows.len().div_ceil(PAGE_SIZE).max(1);
    let from = (page.min(last) - 1) * PAGE_SIZE;
    (rows.into_iter().skip(from).take(PAGE_SIZE).collect(), last)
}

/// Who may not do it is told so, and whom to ask.
fn permitted(signed_in: &SignedIn, purpose: Purpose) -> Result<()> {
    let lacking = purpose.permission().filter(|it| !signed_in.user.operator.role.may(*it));
    lacking.map_or(Ok(()), |it| Err(Error::Forbidden(signed_in.lang.needs(it).to_owned())))
}
