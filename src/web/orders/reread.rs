//! `/orders/{account}/{order id}/refresh`: the order is read from the marketplace now, and what came of it is told.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::response::Redirect;
use axum::routing::get;
use jiff::SignedDuration;

use crate::db;
use crate::db::accounts::Account;
use crate::web::AppState;
use crate::web::components::Badge;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Path;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::orders::Desk;
use crate::web::session::SignedIn;
use crate::web::sync_page::asked;
use crate::web::text::Lang;

/// An answer that is not there by then will not come soon: the page stops asking.
const PATIENCE: SignedDuration = SignedDuration::from_mins(1);

#[derive(Template)]
#[template(path = "orders/reread.html")]
struct RereadPage {
    layout: Layout,
    id: String,
    href: String,
    badge: Badge,
    /// For `data-icon`; nothing was asked for lately without it.
    icon: Option<&'static str>,
    result: &'static str,
    asked: Option<(Time, String)>,
    /// Whether the page asks again by itself.
    waits: bool,
}

/// The routes of this page.
pub fn routes() -> Router<AppState> {
    Router::new().route("/orders/{account}/{order_id}/refresh", get(show).post(ask))
}

/// `GET …/refresh`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path((account, order_id)): Path<(String, String)>,
) -> Result<Html<String>> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let desk = Desk::open(&mut conn, &state, &signed_in, &account, &order_id).await?;
    let reread = db::rereads::of_order(&mut *conn, &desk.account, &order_id).await?;
    drop(conn);
    let (lang, now) = (desk.lang(), desk.reader.now);
    let done = reread.as_ref().and_then(|it| it.done);
    let waiting = reread.as_ref().filter(|it| it.done.is_none());
    let result = match (&reread, done) {
        (None, _) => lang.reread_note(),
        (Some(_), None) => lang.reread_waiting(),
        (Some(_), Some((_, outcome))) => lang.reread_outcome(outcome),
    };
    html(&RereadPage {
        id: order_id,
        href: desk.href(),
        badge: desk.reader.badge(desk.order()),
        icon: reread.as_ref().map(|_| done.map_or("sync", |(_, it)| Lang::reread_icon(it))),
        result,
        waits: waiting.is_some_and(|it| now.duration_since(it.asked_at) < PATIENCE),
        asked: reread.map(|it| (desk.reader.clock(it.asked_at), it.asked_by)),
        layout: Layout::new(&state, &signed_in, Place::Orders),
    })
}

/// `POST …/refresh`
pub async fn ask(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path((account, order_id)): Path<(String, String)>,
) -> Result<Redirect> {
    let account = signed_in.accounts.iter().find(|it| it.id.0 == account);
    let account: &Account = account.ok_or(Error::NotFound)?;
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    // Only of an order that is there: any other number is asked for on the sync page.
    Desk::open(&mut conn, &state, &signed_in, &account.id.0, &order_id).await?;
    drop(conn);
    asked::ask(&state, &signed_in, account, &order_id).await?;
    Ok(Redirect::to(&format!("{}/refresh", format::order_href(&account.id, &order_id))))
}
