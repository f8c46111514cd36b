//! One promise: how far it is, taking it back, and deciding what nobody could find out.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use uuid::Uuid;

use crate::db;
use crate::db::promises::Promise;
use crate::domain::action::Action;
use crate::domain::action::Blocked;
use crate::domain::action::ship::Parcel;
use crate::domain::delivery::State as Delivered;
use crate::web::AppState;
use crate::web::components::Badge;
use crate::web::components::Delivery;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::orders::Desk;
use crate::web::orders::action::Pairs;
use crate::web::orders::history;
use crate::web::orders::notice;
use crate::web::session::SignedIn;
use crate::workflow::SettleError;
use crate::workflow::promise;

#[derive(Template)]
#[template(path = "promises/show.html")]
struct PromisePage {
    layout: Layout,
    id: Uuid,
    order_id: String,
    href: String,
    noun: &'static str,
    what: String,
    parcels: Vec<Parcel>,
    by: String,
    since: Time,
    delivery: Delivery,
    countdown: Option<String>,
    badge: Badge,
    attempts: String,
    reads: Option<String>,
    next: &'static str,
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
    Decide,
    /// Ask somebody who may decide.
    Ask,
    /// Nothing: it is settled.
    Nothing,
}

impl Choice {
    const fn of(state: Delivered, may: bool) -> Self {
        match state {
            Delivered::Queued if may => Self::Withdraw,
            Delivered::Queued | Delivered::Sending | Delivered::InDoubt => Self::Wait,
            Delivered::NeedsPerson if may => Self::Decide,
            Delivered::NeedsPerson => Self::Ask,
            Delivered::Confirmed | Delivered::Refused | Delivered::Withdrawn => Self::Nothing,
        }
    }

    const fn may_change_soon(&self) -> bool {
        matches!(self, Self::Withdraw | Self::Wait)
    }

    const fn is_open_question(&self) -> bool {
        matches!(self, Self::Decide | Self::Ask)
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
    let (accounts, now) = (signed_in.account_ids(), state.clock.now());
    let operator = &signed_in.user.operator;
    let settled = promise::withdraw(&state.pool, &accounts, id, operator, now).await;
    answer(&state, &signed_in, id, Delivered::Withdrawn, settled).await
}

/// `POST /promises/{id}/decide`
pub async fn decide(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    let mut answers = pairs.iter().filter(|(name, _)| name == "done").map(|(_, value)| value);
    let done = match (answers.next().map(String::as_str), answers.next()) {
        (Some("yes"), None) => true,
        (Some("no"), None) => false,
        _ => {
            let mut page = page(&state, &signed_in, id).await?;
            page.errors.add("done", signed_in.lang.promise_choose());
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
        }
    };
    let (accounts, now) = (signed_in.account_ids(), state.clock.now());
    let operator = &signed_in.user.operator;
    let settled = promise::decide(&state.pool, &accounts, id, operator, done, now).await;
    let wanted = if done { Delivered::Confirmed } else { Delivered::Refused };
    answer(&state, &signed_in, id, wanted, settled).await
}

/// Back to the order; or, when it is too late, to what became of the promise.
async fn answer(
    state: &AppState,
    signed_in: &SignedIn,
    id: Uuid,
    wanted: Delivered,
    settled: Result<Promise, SettleError>,
) -> Result<Response> {
    match settled {
        Ok(promise) => {
            let href = format::order_href(&promise.account, &promise.order_id);
            Ok(Redirect::to(&href).into_response())
        }
        Err(SettleError::TooLate(is)) => {
            let mut page = page(state, signed_in, id).await?;
            // The second press of the same button.
            if is == wanted {
                return Ok(Redirect::to(&page.href).into_response());
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
    let mut conn = state.pool.acquire().await.map_err(db::Error::from)?;
    let accounts = signed_in.account_ids();
    let promise = db::promises::find(&mut *conn, &accounts, id).await?.ok_or(Error::NotFound)?;
    let Promise { account, order_id, .. } = &promise;
    let desk = Desk::open(&mut conn, state, signed_in, &account.0, order_id).await?;
    let events = db::events::list(&mut conn, account, order_id).await?;
    let (lang, reader, progress) = (desk.lang(), &desk.reader, &promise.progress);
    let (state, kind) = (progress.state, promise.action.kind());
    let may = desk.operator.role.may(kind.spec().permission);
    let queued = state == Delivered::Queued;
    Ok(PromisePage {
        id,
        order_id: order_id.clone(),
        href: desk.href(),
        noun: lang.action_noun(kind),
        what: lang.promised(&promise.action),
        parcels: match &promise.action {
            Action::Accept | Action::Refuse => Vec::new(),
            Action::Ship(ship) => ship.parcels.clone(),
        },
        by: promise.user_name.clone(),
        since: reader.day_time(promise.created_at),
        delivery: Delivery::new(state, lang.delivery_state(state).to_owned()),
        countdown: queued.then(|| notice::countdown(reader, &promise)),
        badge: reader.badge(desk.order()),
        attempts: lang.times(progress.attempts),
        reads: (progress.negative_reads > 0).then(|| lang.times(progress.negative_reads)),
        next: lang.promise_next_step(state),
        trouble: promise.trouble.filter(|_| !state.is_final()).map(|it| lang.trouble(Some(it))[0]),
        refusal: progress.refusal.as_ref().map(|it| lang.refusal(it)),
        hops: history::steps(reader, id, &events),
        choice: Choice::of(state, may),
        too_late: None,
        errors: FormErrors::default(),
        layout: desk.layout,
    })
}
