//! The order page.

use std::hash::DefaultHasher;
use std::hash::Hash;
use std::hash::Hasher;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use jiff::SignedDuration;
use jiff::Timestamp;
use serde::Deserialize;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::events::Entry;
use crate::db::promises::Promise;
use crate::domain::action;
use crate::domain::action::ActionKind;
use crate::domain::action::Evidence;
use crate::domain::action::ship;
use crate::domain::delivery::State as Delivered;
use crate::domain::event::Event;
use crate::domain::sending;
use crate::web::AppState;
use crate::web::error::Result;
use crate::web::extract::Htmx;
use crate::web::extract::Path;
use crate::web::extract::Query;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::orders::Desk;
use crate::web::orders::amounts;
use crate::web::orders::amounts::AmountsView;
use crate::web::orders::facts;
use crate::web::orders::facts::FactsView;
use crate::web::orders::history;
use crate::web::orders::history::HistoryView;
use crate::web::orders::history::Show;
use crate::web::orders::lines;
use crate::web::orders::lines::LineView;
use crate::web::orders::notice;
use crate::web::orders::notice::Notice;
use crate::web::orders::offers;
use crate::web::orders::offers::OffersView;
use crate::web::orders::parcels;
use crate::web::orders::parcels::ParcelView;
use crate::web::orders::people;
use crate::web::orders::people::Customer;
use crate::web::orders::queue;
use crate::web::orders::queue::Around;
use crate::web::orders::queue::Queue;
use crate::web::orders::queue::QueueQuery;
use crate::web::orders::requests;
use crate::web::orders::requests::RequestView;
use crate::web::orders::team;
use crate::web::orders::team::Draft;
use crate::web::orders::team::TeamView;
use crate::web::session::SignedIn;
use crate::web::shipping::PackedView;

/// What a page that refreshes itself has seen already.
#[derive(Debug, Deserialize)]
pub struct ShowQuery {
    #[serde(default)]
    seen: String,
    /// Whose doings the history shows.
    #[serde(default)]
    history: String,
}

#[derive(Template)]
#[template(path = "orders/show.html")]
struct ShowPage {
    layout: Layout,
    id: String,
    /// The address of this page,
    href: String,
    /// and where it was opened from.
    here: String,
    /// The address to ask for changes, while something is under way.
    refresh: Option<String>,
    announcement: String,
    notice: Option<Notice>,
    facts: FactsView,
    content_lang: Option<&'static str>,
    lines: Vec<LineView>,
    lines_summary: String,
    offers: OffersView,
    customer: Customer,
    amounts: AmountsView,
    parcels: Vec<ParcelView>,
    requests: Vec<RequestView>,
    history: HistoryView,
    team: TeamView,
    packed: Option<PackedView>,
    around: Around,
}

/// The answer to a page that has seen everything but the passing of time.
#[derive(Template)]
#[template(path = "orders/countdown.html")]
struct Countdown {
    text: String,
}

/// `GET /orders/{account}/{order id}`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    htmx: Htmx,
    Path((account, order_id)): Path<(String, String)>,
    Query(query): Query<ShowQuery>,
    Query(queue): Query<QueueQuery>,
) -> Result<Response> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let mut desk = Desk::open(&mut conn, &state, &signed_in, &account, &order_id).await?;
    desk.queue = Queue::read(&queue);
    let events = desk.events(&mut conn).await?;
    if htmx == Htmx::Yes && query.seen == fingerprint(&desk, &events) {
        return unchanged(&desk);
    }
    let shown = Show::parse(&query.history);
    let page = page(&mut conn, &signed_in, desk, &events, shown, Draft::empty()).await?;
    Ok(html(&page)?.into_response())
}

/// The page with a note that cannot be kept, and what is wrong with it.
pub async fn with_draft(
    state: &AppState,
    signed_in: &SignedIn,
    account: &str,
    order_id: &str,
    (draft, queue): (Draft, Queue),
) -> Result<Response> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let mut desk = Desk::open(&mut conn, state, signed_in, account, order_id).await?;
    desk.queue = queue;
    let events = desk.events(&mut conn).await?;
    let page = page(&mut conn, signed_in, desk, &events, Show::Everything, draft).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

/// Nothing is replaced that did not change, so that nobody loses the focus, or hears the same thing twice.
fn unchanged(desk: &Desk) -> Result<Response> {
    let queued = desk.last.as_ref().filter(|it| it.progress.state == Delivered::Queued);
    let Some(promise) = queued else { return Ok(StatusCode::NO_CONTENT.into_response()) };
    let text = notice::countdown(&desk.reader, promise, desk.paused);
    Ok(([("hx-reswap", "none")], html(&Countdown { text })?).into_response())
}

/// Stands for all that can change while a promise is under way.
fn fingerprint(desk: &Desk, events: &[Entry]) -> String {
    let mut hasher = DefaultHasher::new();
    let newest = events.first().map(|it| it.at.as_nanosecond());
    let last = desk.last.as_ref().map(|it| (it.id, it.progress.state, it.trouble));
    (events.len(), newest, last, desk.order().updated_at.as_nanosecond()).hash(&mut hasher);
    format!("{:016x}", hasher.finish())
}

async fn page(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    desk: Desk,
    events: &[Entry],
    shown: Show,
    draft: Draft,
) -> Result<ShowPage> {
    let around = queue::around(conn, signed_in, &desk).await?;
    let packed = PackedView::read(conn, &desk).await?;
    let team = team::read(conn, &desk, draft).await?;
    Ok(view(desk, events, shown, around, packed, team))
}

fn view(
    desk: Desk,
    events: &[Entry],
    shown: Show,
    around: Around,
    packed: Option<PackedView>,
    team: TeamView,
) -> ShowPage {
    let lang = desk.lang();
    let order = desk.order();
    let facts = desk.facts();
    let pieces = order.lines.iter().map(|it| i64::from(it.quantity)).sum();
    let [lines, to_ship] = [order.lines.len(), to_ship(&desk)];
    let [lines, to_ship] = [lines, to_ship].map(|it| i64::try_from(it).unwrap_or(i64::MAX));
    let settled_at = desk.last.as_ref().and_then(|it| settled_at(it, events));
    let can_ship = action::check(ActionKind::Ship, &facts).is_ok();
    let ship = format!("{}/{}{}", desk.href(), ActionKind::Ship.slug(), desk.queue.here());
    let correct = can_ship.then_some(ship);
    let notice = desk.last.as_ref().and_then(|promise| {
        let kind = promise.action.kind();
        let may_withdraw =
            desk.operator.role.may(kind.spec().permission) && promise.progress.may_be_withdrawn();
        let correct = correct.filter(|_| kind == ActionKind::Ship);
        let outcome = desk.outcome();
        let (reader, paused) = (&desk.reader, desk.paused);
        notice::of_promise(reader, promise, paused, outcome, settled_at, may_withdraw, correct)
    });
    ShowPage {
        id: order.id.clone(),
        href: desk.href(),
        here: desk.queue.here(),
        refresh: under_way(&desk, settled_at).then(|| {
            let seen = fingerprint(&desk, events);
            let history = match shown {
                Show::Everything => String::new(),
                Show::Of(_) => format!("&history={}", shown.as_str()),
            };
            let list = desk.queue.here().replacen('?', "&", 1);
            format!("{}?seen={seen}{history}{list}", desk.href())
        }),
        announcement: announcement(&desk),
        notice,
        facts: facts::view(&desk, settled_at),
        content_lang: lines::content_lang(&order.channel_id),
        lines: lines::view(&desk),
        lines_summary: lang.lines_summary(lines, pieces, to_ship),
        offers: offers::view(&desk, Uuid::new_v4()),
        customer: people::customer(&desk),
        amounts: amounts::view(lang, order),
        parcels: parcels::view(&desk, events),
        requests: requests::view(&desk),
        history: history::view(&desk, events, shown),
        team,
        packed,
        around,
        layout: desk.layout,
    }
}

fn to_ship(desk: &Desk) -> usize {
    let facts = desk.facts();
    if action::still_possible(ActionKind::Ship, &facts).is_err() {
        return 0;
    }
    ship::limits(&facts).lines.len()
}

/// Whether the page refreshes itself: a promise is under way, or has just been kept without the mirror
/// showing it yet.
fn under_way(desk: &Desk, settled_at: Option<Timestamp>) -> bool {
    use crate::domain::delivery::Reading;
    let Some(promise) = &desk.last else { return false };
    match promise.progress.state {
        Delivered::Queued | Delivered::Sending | Delivered::InDoubt | Delivered::NeedsPerson => {
            true
        }
        Delivered::Refused | Delivered::Withdrawn => false,
        Delivered::Confirmed => {
            let age = settled_at.map(|at| desk.reader.now.duration_since(at));
            let young = |minutes| age.is_some_and(|it| it < SignedDuration::from_mins(minutes));
            if promise.action.kind().request().is_some() {
                // The marketplace decides later; whoever waits for it should not have to ask.
                return young(10) && desk.outcome().is_none_or(|it| it.standing().is_open());
            }
            let marker = sending::marker(promise.id.as_u128());
            let evidence = Evidence {
                order: desk.order(),
                requests: &desk.mirrored.requests,
                baseline: promise.progress.baseline.as_deref(),
                marker: &marker,
            };
            let shows = matches!(promise.action.reading(&evidence), Reading::Found { .. });
            !shows && age.is_some_and(|it| it < SignedDuration::from_secs(30))
        }
    }
}

/// When a promise ended, as the history has it.
fn settled_at(promise: &Promise, events: &[Entry]) -> Option<Timestamp> {
    if !promise.progress.state.is_final() {
        return None;
    }
    let mut of_promise = events.iter().filter(|it| it.promise_id == Some(promise.id));
    of_promise.find(|it| !matches!(it.event, Event::Promised { .. })).map(|it| it.at)
}

fn announcement(desk: &Desk) -> String {
    let Some(promise) = &desk.last else { return String::new() };
    let noun = desk.lang().action_noun(promise.action.kind());
    let status = desk.reader.badge(desk.order()).label;
    desk.lang().announcement(noun, promise.progress.state, &status)
}
