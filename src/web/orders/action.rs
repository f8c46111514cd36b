//! The actions on an order: their pages, and what becomes of what is sent from there.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use uuid::Uuid;

use crate::domain::action;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::action::Blocked;
use crate::domain::action::Live;
use crate::domain::action::Misfit;
use crate::domain::teamwork;
use crate::web::AppState;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::extract::Query;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::orders::Desk;
use crate::web::orders::forms::approval;
use crate::web::orders::forms::cancel;
use crate::web::orders::forms::gesture;
use crate::web::orders::forms::invoice;
use crate::web::orders::forms::ship;
use crate::web::orders::forms::ship::entry::SHIPPING;
use crate::web::orders::queue;
use crate::web::orders::queue::Queue;
use crate::web::orders::queue::QueueQuery;
use crate::web::session::SignedIn;
use crate::workflow;
use crate::workflow::PerformError;
use crate::workflow::Submission;

/// A posted form, field by field: which fields there are depends on the order.
pub type Pairs = Vec<(String, String)>;

/// `GET /orders/{account}/{order id}/{action}`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path((account, order_id, slug)): Path<(String, String, String)>,
    Query(query): Query<QueueQuery>,
) -> Result<Response> {
    let kind = ActionKind::from_slug(&slug).ok_or(Error::NotFound)?;
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let mut desk = Desk::open(&mut conn, &state, &signed_in, &account, &order_id).await?;
    desk.queue = Queue::read(&query);
    if let Err(blocked) = action::check(kind, &desk.facts()) {
        return not_possible(desk, kind, &blocked, Kept::default());
    }
    match kind {
        ActionKind::Accept | ActionKind::Refuse => approval::show(desk, kind),
        ActionKind::Ship => {
            let sent = queue::sent(&mut conn, &state, &signed_in, &query).await?;
            desk.queue.left = queue::left(&mut conn, &signed_in, &desk).await?;
            ship::show(&mut conn, desk, query.is_from(SHIPPING), sent).await
        }
        ActionKind::Cancel | ActionKind::CancelLines => {
            drop(conn);
            cancel::show(&state, desk, kind).await
        }
        ActionKind::Gesture => {
            desk.count_given(&mut conn).await?;
            drop(conn);
            gesture::show(&state, desk).await
        }
        ActionKind::Invoice => invoice::show(desk),
    }
}

/// `POST /orders/{account}/{order id}/{action}`
pub async fn perform(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path((account, order_id, slug)): Path<(String, String, String)>,
    Query(query): Query<QueueQuery>,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    let kind = ActionKind::from_slug(&slug).ok_or(Error::NotFound)?;
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let mut desk = Desk::open(&mut conn, &state, &signed_in, &account, &order_id).await?;
    desk.queue = Queue::read(&query);
    if kind == ActionKind::Gesture {
        desk.count_given(&mut conn).await?;
    }
    if teamwork::acts(desk.operator.role) {
        let (id, now) = (&desk.mirrored.order.id, desk.reader.now);
        workflow::teamwork::claim(&mut conn, &desk.account, id, &desk.operator, now).await?;
    }
    drop(conn);
    match kind {
        ActionKind::Accept | ActionKind::Refuse => {
            approval::submit(&state, &signed_in, desk, kind, &pairs).await
        }
        ActionKind::Ship => ship::submit(&state, &signed_in, desk, pairs).await,
        ActionKind::Cancel | ActionKind::CancelLines => {
            cancel::submit(&state, &signed_in, desk, kind, pairs).await
        }
        // On the heap: it is the largest of them.
        ActionKind::Gesture => Box::pin(gesture::submit(&state, &signed_in, desk, pairs)).await,
        // Its form is not made of words: `forms::invoice::upload`.
        ActionKind::Invoice => Err(Error::NotFound),
    }
}

/// What became of an action.
pub enum Outcome {
    /// It is promised, now or by the same form before.
    Promised,
    /// The rules say no. The desk is as it is now.
    Blocked(Box<Desk>, Blocked),
    /// The input does not fit the order as it is now.
    Misfit(Box<Desk>, Vec<Misfit>),
}

/// Hands an action over. The order may have changed since the desk was opened, so that a refusal comes with
/// a fresh one.
pub async fn submit(
    state: &AppState,
    signed_in: &SignedIn,
    desk: &Desk,
    id: Uuid,
    action: Action,
    live: Live<'_>,
    file: Option<&[u8]>,
) -> Result<Outcome> {
    let order_id = &desk.mirrored.order.id;
    let (account, operator) = (&desk.account, &desk.operator);
    let kind = action.kind();
    let submission = Submission { id, account, order_id, action, operator, live, file };
    let (now, delay) = (state.clock.now(), desk.delay);
    let fresh = async || {
        let mut conn = state.scoped.acquire(&signed_in.scope).await?;
        let account = &desk.account.0;
        let mut fresh = Desk::open(&mut conn, state, signed_in, account, order_id).await?;
        if kind == ActionKind::Gesture {
            fresh.count_given(&mut conn).await?;
        }
        fresh.queue = desk.queue.clone();
        Ok::<_, Error>(Box::new(fresh))
    };
    let tx = state.scoped.begin(&signed_in.scope).await?;
    match workflow::perform(tx, &submission, now, delay).await {
        Ok(_promise) => Ok(Outcome::Promised),
        Err(PerformError::Blocked(blocked)) => Ok(Outcome::Blocked(fresh().await?, blocked)),
        Err(PerformError::Misfit(misfits)) => Ok(Outcome::Misfit(fresh().await?, misfits)),
        Err(PerformError::NotFound) => Err(Error::NotFound),
        Err(PerformError::Db(error)) => Err(error.into()),
    }
}

/// Back to the order, where the promise shows.
pub fn to_order(desk: &Desk) -> Response {
    Redirect::to(&format!("{}{}", desk.href(), desk.queue.here())).into_response()
}

/// The identifier that was born with the form; none, if this is no form of ours.
pub fn submission_of(text: &str) -> Option<Uuid> {
    Uuid::parse_str(text.trim()).ok()
}

/// What was typed into a form that cannot be taken up: shown, and sent again on demand.
#[derive(Debug, Default)]
pub struct Kept {
    /// Label, name and value of each field.
    pub fields: Vec<(String, String, String)>,
    /// Name and value of what nobody typed.
    pub hidden: Vec<(String, String)>,
}

#[derive(Template)]
#[template(path = "orders/actions/blocked.html")]
struct BlockedPage {
    layout: Layout,
    order_id: String,
    href: String,
    action: &'static str,
    slug: &'static str,
    /// What happened while the form was filled in, if it was.
    happened: Option<String>,
    reason: String,
    kept: Kept,
}

/// The page of an action that is not possible: why, what would open it, and what was typed.
pub fn not_possible(
    desk: Desk,
    kind: ActionKind,
    blocked: &Blocked,
    kept: Kept,
) -> Result<Response> {
    let (lang, reader) = (desk.lang(), &desk.reader);
    let status = match blocked {
        Blocked::Needs(_) => StatusCode::FORBIDDEN,
        Blocked::InFlight(_)
        | Blocked::UnknownStatus(_)
        | Blocked::WrongStatus { .. }
        | Blocked::NoAcceptance { .. }
        | Blocked::NotOursToShip(_)
        | Blocked::NothingToShip
        | Blocked::PartlyCancelled(_)
        | Blocked::WarehouseFirst(_)
        | Blocked::NoPartialCancellation { .. }
        | Blocked::OneLineOnly
        | Blocked::NothingToCancel
        | Blocked::NoGestures { .. }
        | Blocked::NoInvoices { .. } => StatusCode::CONFLICT,
    };
    let changed = match blocked {
        Blocked::WrongStatus { .. }
        | Blocked::UnknownStatus(_)
        | Blocked::NothingToShip
        | Blocked::PartlyCancelled(_)
        | Blocked::NothingToCancel => {
            let at = reader.clock(desk.order().updated_at).text;
            Some(lang.changed_meanwhile(&reader.badge(desk.order()).label, &at))
        }
        Blocked::InFlight(_)
        | Blocked::Needs(_)
        | Blocked::NoAcceptance { .. }
        | Blocked::NotOursToShip(_)
        | Blocked::WarehouseFirst(_)
        | Blocked::NoPartialCancellation { .. }
        | Blocked::OneLineOnly
        | Blocked::NoGestures { .. }
        | Blocked::NoInvoices { .. } => None,
    };
    let page = BlockedPage {
        order_id: desk.order().id.clone(),
        href: desk.href(),
        action: lang.action_name(kind),
        slug: kind.slug(),
        happened: changed.filter(|_| !kept.fields.is_empty()),
        reason: lang.blocked(kind, blocked, |at| reader.clock(at).text),
        kept,
        layout: desk.layout,
    };
    Ok((status, html(&page)?).into_response())
}
