//! The warehouse: one box for whatever is scanned, and what is due next.
//!
//! A scan that fails stays on the page until somebody acknowledges it or the next one succeeds, and the order that
//! was open before is not shown with it (`product` pain 3). The box is an ordinary form: a scanner that types and
//! presses Enter needs no script.

mod barcode;
mod choice;
mod packed;
mod picking;
mod scan;
mod selection;
mod sheets;
mod slips;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use axum::routing::post;
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde::Deserialize;
use sqlx::PgConnection;

use crate::db;
use crate::db::shipping::Progress;
use crate::db::shipping::ToShip;
use crate::db::shipping::Wanted;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::deadline::Boundaries;
use crate::domain::deadline::Rank;
use crate::domain::deadline::Urgency;
use crate::domain::operator::Permission;
use crate::domain::order::AccountId;
use crate::web::AppState;
use crate::web::components::Due;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Query;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::orders::Desk;
use crate::web::orders::notice;
use crate::web::orders::notice::Notice;
use crate::web::session::SignedIn;
use crate::web::shipping::scan::Failure;
use crate::web::text::Lang;

pub use packed::PackedView;
pub use selection::By;

/// The orders that are shown under the box.
const NEXT: i64 = 8;
/// How long the mirror may need to show what the marketplace has confirmed.
const SETTLING: SignedDuration = SignedDuration::from_mins(5);

/// The routes of the warehouse.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/shipping", get(show))
        .route("/shipping/scan", post(scan::scan))
        .route("/shipping/picking", get(picking::show))
        .route("/shipping/slips", get(slips::show))
        .route("/orders/{account}/{order_id}/packed", post(packed::mark))
}

/// Where the ship form leads back to once that order is declared, and where the page says so.
pub fn sent_href(account: &AccountId, order_id: &str) -> String {
    format!("/shipping?sent={account}:{}", format::in_path(order_id))
}

/// The ship form of an order, from where one comes back to the box.
pub fn form_href(account: &AccountId, order_id: &str) -> String {
    format!("{}/{}?from=shipping", format::order_href(account, order_id), ActionKind::Ship.slug())
}

/// What was declared just now.
#[derive(Debug, Deserialize)]
pub struct ShippingQuery {
    #[serde(default)]
    sent: String,
}

#[derive(Template)]
#[template(path = "shipping/show.html")]
struct ShippingPage {
    layout: Layout,
    failure: Option<Failure>,
    sent: Option<Sent>,
    /// How far the day's work is.
    progress: String,
    next: Vec<NextView>,
    /// Whether the mirror was ever read to the end.
    synced: bool,
}

/// The order that was declared last, and how far that is.
struct Sent {
    order_id: String,
    href: String,
    notice: Option<Notice>,
    /// Where to ask how far it is by now, while that changes.
    refresh: Option<String>,
}

/// An order to ship, ready to print.
struct NextView {
    href: String,
    form: String,
    order_id: String,
    due: Option<Due>,
    first_line: String,
    details: String,
    channel: String,
    packed: bool,
}

/// `GET /shipping`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Query(query): Query<ShippingQuery>,
) -> Result<Html<String>> {
    check(&signed_in)?;
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let sent = match query.sent.split_once(':') {
        Some((account, order_id)) => sent(&mut conn, &state, &signed_in, account, order_id).await?,
        None => None,
    };
    page(&mut conn, &state, &signed_in, None, sent).await
}

/// Whoever may not ship has nothing to scan.
fn check(signed_in: &SignedIn) -> Result<()> {
    if signed_in.user.operator.role.may(Permission::Ship) {
        Ok(())
    } else {
        Err(Error::Forbidden(signed_in.lang.shipping_role().to_owned()))
    }
}

/// The page, with what failed or what was declared.
async fn page(
    conn: &mut PgConnection,
    state: &AppState,
    signed_in: &SignedIn,
    failure: Option<Failure>,
    sent: Option<Sent>,
) -> Result<Html<String>> {
    let (now, zone) = (state.clock.now(), signed_in.account_zone());
    let boundaries = Boundaries::at(now, &zone);
    let settling = now - SETTLING;
    let (today, end) = (start_of_day(now, &zone), Urgency::Tomorrow.ranks(&boundaries).start);
    let scope = &signed_in.scope;
    let progress = db::shipping::progress(conn, scope, today, end, settling).await?;
    let end = Urgency::None.ranks(&boundaries).end;
    let wanted = Wanted { scope, channels: &[], end, settling };
    let next = db::shipping::next(conn, &wanted, NEXT).await?;
    let view = |it: &ToShip| NextView::new(signed_in.lang, it, &boundaries, &zone, now);
    let page = ShippingPage {
        failure,
        sent,
        progress: words(signed_in.lang, progress),
        next: next.iter().map(view).collect(),
        synced: signed_in.header.synced_at.is_some(),
        layout: Layout::new(state, signed_in, Place::Shipping),
    };
    html(&page)
}

fn words(lang: Lang, progress: Progress) -> String {
    let Progress { done, left } = progress;
    let words = lang.shipping_progress(done, done + left);
    if left == 0 && done > 0 { format!("{words}. {}", lang.shipping_all_done()) } else { words }
}

fn start_of_day(now: Timestamp, zone: &TimeZone) -> Timestamp {
    now.to_zoned(zone.clone()).start_of_day().map_or(now, |it| it.timestamp())
}

/// What became of the shipment of that order. An address that somebody made up says nothing.
async fn sent(
    conn: &mut PgConnection,
    state: &AppState,
    signed_in: &SignedIn,
    account: &str,
    order_id: &str,
) -> Result<Option<Sent>> {
    let desk = match Desk::open(conn, state, signed_in, account, order_id).await {
        Ok(desk) => desk,
        Err(Error::NotFound) => return Ok(None),
        Err(error) => return Err(error),
    };
    let Some(promise) = desk.last.as_ref().filter(|it| matches!(it.action, Action::Ship(_))) else {
        return Ok(None);
    };
    let progress = &promise.progress;
    let ended = progress.state.is_final().then_some(promise.created_at);
    let withdraw = progress.may_be_withdrawn();
    let again = form_href(&desk.account, order_id);
    let (reader, paused) = (&desk.reader, desk.paused);
    let notice = notice::of_promise(reader, promise, paused, None, ended, withdraw, Some(again));
    let refresh = (!progress.state.is_final()).then(|| sent_href(&desk.account, order_id));
    Ok(Some(Sent { order_id: desk.order().id.clone(), href: desk.href(), notice, refresh }))
}

impl NextView {
    fn new(
        lang: Lang,
        order: &ToShip,
        boundaries: &Boundaries,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Self {
        let account = AccountId(order.account_id.clone());
        let urgency = Urgency::of(Rank(order.rank), boundaries);
        let dated = urgency < Urgency::None;
        let due_at = Timestamp::from_second(order.rank).ok().filter(|_| dated);
        let more = i64::from(order.line_count) - 1;
        let pieces = lang.pieces(order.piece_count.into());
        Self {
            href: format::order_href(&account, &order.order_id),
            form: form_href(&account, &order.order_id),
            order_id: order.order_id.clone(),
            due: due_at.map(|at| Due::new(lang, urgency, at, zone, now)),
            first_line: format!("{} × {}", order.first_quantity, order.first_title),
            details: if more > 0 { format!("{pieces}, {}", lang.more_lines(more)) } else { pieces },
            channel: order.channel_name.clone(),
            packed: order.packed,
        }
    }
}
