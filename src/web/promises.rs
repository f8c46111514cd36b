//! One promise: how far it is, taking it back, and deciding what nobody could find out.

mod decide;
mod fresh;
mod outcome;
mod sent;

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use sqlx::postgres::PgTransaction;
use uuid::Uuid;

use crate::db;
use crate::db::events::Entry;
use crate::db::promises::Promise;
use crate::domain::action::ActionKind;
use crate::domain::action::Blocked;
use crate::domain::delivery::Progress;
use crate::domain::delivery::State as Delivered;
use crate::domain::order::AccountId;
use crate::web::AppState;
use crate::web::components::Badge;
use crate::web::components::Delivery;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Path;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::orders::Desk;
use crate::web::orders::history;
use crate::web::orders::notice;
use crate::web::promises::fresh::Fresh;
use crate::web::promises::outcome::Outcome;
use crate::web::promises::sent::Sent;
use crate::web::session::SignedIn;
use crate::workflow::SettleError;
use crate::workflow::promise;

pub use decide::decide;

#[derive(Template)]
#[template(path = "promises/show.html")]
struct PromisePage {
    layout: Layout,
    id: Uuid,
    order_id: String,
    href: String,
    kind: ActionKind,
    noun: &'static str,
    what: String,
    fresh: Option<Fresh>,
    sent: Sent,
    by: String,
    since: Time,
    delivery: Delivery,
    countdown: Option<String>,
    badge: Badge,
    attempts: String,
    attempts_at: Vec<Time>,
    reads: Option<String>,
    /// What happens next; the outcome says it, if there is one.
    next: Option<&'static str>,
    outcome: Option<Outcome>,
    trouble: Option<&'static str>,
    refusal: Option<String>,
    hops: Vec<Delivery>,
    choice: Choice,
    too_late: Option<String>,
    errors: FormErrors,
}

/// What there is to do about a promise.
enum Choice {
    /// Take it back.
    Withdraw,
    /// Look again later.
    Wait,
    /// Say whether it was done.
    Decide {
        /// Whether "no" takes a word that they looked: there is money at stake.
        must_look: bool,
    },
    /// Ask somebody who may decide.
    Ask,
    /// Nothing: it is settled.
    Nothing,
}

impl Choice {
    const fn of(progress: &Progress, kind: ActionKind, may: bool) -> Self {
        match progress.state {
            Delivered::Queued if may && progress.may_be_withdrawn() => Self::Withdraw,
            Delivered::Queued | Delivered::Sending | Delivered::InDoubt => Self::Wait,
            Delivered::NeedsPerson if may => Self::Decide { must_look: moves_money(kind) },
            Delivered::NeedsPerson => Self::Ask,
            Delivered::Confirmed | Delivered::Refused | Delivered::Withdrawn => Self::Nothing,
        }
    }

    const fn may_change_soon(&self) -> bool {
        matches!(self, Self::Withdraw | Self::Wait)
    }

    const fn is_open_question(&self) -> bool {
        matches!(self, Self::Decide { .. } | Self::Ask)
    }
}

/// Whether the action done twice costs the seller twice.
const fn moves_money(kind: ActionKind) -> bool {
    match kind {
        ActionKind::Cancel | ActionKind::CancelLines | ActionKind::Gesture => true,
        ActionKind::Accept | ActionKind::Refuse | ActionKind::Ship | ActionKind::Invoice => false,
    }
}

/// `GET /promises/{id}`
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let page = page(&state, &signed_in, id).await?;
    Ok(html(&page)?.into_response())
}

/// `POST /promises/{id}/withdraw`
pub async fn withdraw(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let (operator, now) = (&signed_in.user.operator, state.clock.now());
    let (tx, account) = find(&state, &signed_in, id).await?;
    let settled = promise::withdraw(tx, &account, id, operator, now).await;
    answer(&state, &signed_in, id, Delivered::Withdrawn, settled).await
}

/// The account of a promise of the user's, with a transaction to settle it in.
async fn find(
    state: &AppState,
    signed_in: &SignedIn,
    id: Uuid,
) -> Result<(PgTransaction<'static>, AccountId)> {
    let mut tx = state.scoped.begin(&signed_in.scope).await?;
    let found = db::promises::find(&mut *tx, &signed_in.scope, id).await?;
    Ok((tx, found.ok_or(Error::NotFound)?.account))
}

/// Back to the order; or, when it is too late, to what became of the promise. Who says that it was not done
/// wants to do it: its form is next.
async fn answer(
    state: &AppState,
    signed_in: &SignedIn,
    id: Uuid,
    wanted: Delivered,
    settled: Result<Promise, SettleError>,
) -> Result<Response> {
    let next = |href: &str, kind: ActionKind| {
        let again = wanted == Delivered::Refused;
        let href = if again { format!("{href}/{}", kind.slug()) } else { href.to_owned() };
        Redirect::to(&href).into_response()
    };
    match settled {
        Ok(promise) => {
            let href = format::order_href(&promise.account, &promise.order_id);
            Ok(next(&href, promise.action.kind()))
        }
        Err(SettleError::TooLate(is)) => {
            let mut page = page(state, signed_in, id).await?;
            // The second press of the same button.
            if is == wanted {
                return Ok(next(&page.href, page.kind));
            }
            page.too_late = Some(signed_in.lang.too_late(is));
            Ok((StatusCode::CONFLICT, html(&page)?).into_response())
        }
        Err(SettleError::Blocked(blocked)) => {
            let Blocked::Needs(permission) = blocked else {
                return Err(Error::Conflict(signed_in.lang.blocked_nothing_sent().to_owned()));
            };
            Err(Error::Forbidden(signed_in.lang.needs(permission).to_owned()))
        }
        Err(SettleError::NotFound) => Err(Error::NotFound),
        Err(SettleError::Db(error)) => Err(error.into()),
    }
}

async fn page(state: &AppState, signed_in: &SignedIn, id: Uuid) -> Result<PromisePage> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let found = db::promises::find(&mut *conn, &signed_in.scope, id).await?;
    let mut promise = found.ok_or(Error::NotFound)?;
    let Promise { account, order_id, .. } = &promise;
    let desk = Desk::open(&mut conn, state, signed_in, &account.0, order_id).await?;
    let events = desk.events(&mut conn).await?;
    // The look is judged as the worker judges its own.
    let proofs = db::promises::references(&mut conn, account, order_id, id).await?;
    promise.progress = promise.progress.besides(proofs);
    drop(conn);
    let fresh = match promise.progress.state {
        Delivered::NeedsPerson => Some(fresh::look(&state.live, &desk, &promise).await),
        Delivered::Queued
        | Delivered::Sending
        | Delivered::InDoubt
        | Delivered::Confirmed
        | Delivered::Refused
        | Delivered::Withdrawn => None,
    };
    let promise = desk.sight.promise(promise);
    Ok(view(desk, &promise, &events, fresh))
}

fn view(desk: Desk, promise: &Promise, events: &[Entry], fresh: Option<Fresh>) -> PromisePage {
    let (lang, reader, progress) = (desk.lang(), &desk.reader, &promise.progress);
    let (state, kind) = (progress.state, promise.action.kind());
    let may = desk.operator.role.may(kind.spec().permission);
    let queued = state == Delivered::Queued;
    let outcome = outcome::of(&desk, promise);
    let delivery = Delivery::new(state, lang.delivery_state(state).to_owned());
    PromisePage {
        id: promise.id,
        order_id: promise.order_id.clone(),
        href: desk.href(),
        kind,
        noun: lang.action_noun(kind),
        what: lang.promised(&promise.action),
        fresh,
        sent: sent::of(&desk, promise),
        by: promise.user_name.clone(),
        since: reader.day_time(promise.created_at),
        delivery: match &outcome {
            Some(outcome) => outcome.delivery(delivery),
            None => delivery,
        },
        countdown: queued.then(|| notice::countdown(reader, promise, desk.paused)),
        badge: reader.badge(desk.order()),
        attempts: lang.times(progress.attempts),
        attempts_at: sent::attempts(reader, promise, events),
        reads: (progress.negative_reads > 0).then(|| lang.times(progress.negative_reads)),
        next: outcome.is_none().then(|| lang.promise_next_step(state)),
        outcome,
        trouble: promise
            .trouble
            .filter(|_| !state.is_final())
            .map(|it| lang.unsent_trouble(Some(it))),
        refusal: progress.refusal.as_ref().map(|it| lang.refusal(it)),
        hops: history::steps(reader, promise.id, events),
        choice: Choice::of(progress, kind, may),
        too_late: None,
        errors: FormErrors::default(),
        layout: desk.layout,
    }
}
