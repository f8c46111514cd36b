//! A promise's life: made by an operator, carried on by the sender, withdrawn or decided by an operator.

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgPool;
use sqlx::postgres::PgTransaction;
use uuid::Uuid;

use crate::db;
use crate::db::promises::Promise;
use crate::domain::action;
use crate::domain::action::Action;
use crate::domain::action::Blocked;
use crate::domain::action::Facts;
use crate::domain::action::Live;
use crate::domain::action::Misfit;
use crate::domain::delivery::LEASE;
use crate::domain::delivery::Progress;
use crate::domain::delivery::State;
use crate::domain::event::Event;
use crate::domain::operator::Operator;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;
use crate::workflow::audit;
use crate::workflow::gestures;
use crate::workflow::requests;

/// What an operator sent.
#[derive(Debug)]
pub struct Submission<'a> {
    /// Born in the form: the same form sent twice is taken up once.
    pub id: Uuid,
    /// The account.
    pub account: &'a AccountId,
    /// The order.
    pub order_id: &'a str,
    /// What to do to it.
    pub action: Action,
    /// Who wants it.
    pub operator: &'a Operator,
    /// What the marketplace was just asked about it, before any lock was taken.
    pub live: Live<'a>,
    /// The bytes that belong to it.
    pub file: Option<&'a [u8]>,
}

/// Why an operator's action was not taken up.
#[derive(Debug, thiserror::Error)]
pub enum PerformError {
    /// There is no such order.
    #[error("no such order")]
    NotFound,
    /// The rules say no; perhaps they said yes when the page was drawn.
    #[error(transparent)]
    Blocked(#[from] Blocked),
    /// The rules say yes, but not to this input.
    #[error("the input does not fit: {0:?}")]
    Misfit(Vec<Misfit>),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for PerformError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Takes up an operator's action: decides under the order's lock, and promises it to the marketplace.
///
/// The promise leaves after `delay`, during which it can be withdrawn, or at once when the deadline is
/// near. Answers with the promise; with the first one, when the form was sent before. The transaction, which is
/// over then, says what the operator may see.
pub async fn perform(
    mut tx: PgTransaction<'_>,
    submission: &Submission<'_>,
    now: Timestamp,
    delay: SignedDuration,
) -> Result<Uuid, PerformError> {
    let promise_id = perform_within(&mut tx, submission, now, delay).await?;
    tx.commit().await?;
    Ok(promise_id)
}

/// The same as a part of a transaction: what else it writes is there exactly if the promise is.
pub(super) async fn perform_within(
    conn: &mut PgConnection,
    submission: &Submission<'_>,
    now: Timestamp,
    delay: SignedDuration,
) -> Result<Uuid, PerformError> {
    let Submission { id, account, order_id, action, operator, live, file } = submission;
    if !db::orders::lock(conn, account, order_id).await? {
        return Err(PerformError::NotFound);
    }
    if let Some(promise_id) = db::promises::of_submission(conn, account, *id).await? {
        return Ok(promise_id);
    }
    let mirrored = db::orders::find(conn, account, order_id).await?;
    let mirrored = mirrored.ok_or(PerformError::NotFound)?;
    let under_way = db::promises::under_way(&mut *conn, account, order_id).await?;
    let in_flight = under_way.as_ref().map(Promise::in_flight);
    let given = gestures::given_today(conn, action, operator.id, &mirrored.time_zone, now).await?;
    let facts = Facts {
        order: &mirrored.order,
        channel: &mirrored.channel,
        requests: &mirrored.requests,
        live: *live,
        role: operator.role,
        given_today: &given,
        in_flight: in_flight.as_ref(),
        now,
    };
    action::check(action.kind(), &facts)?;
    let misfits = action.fit(&facts);
    if !misfits.is_empty() {
        return Err(PerformError::Misfit(misfits));
    }
    let urgent = action.kind().is_urgent(&mirrored.order, now + delay);
    let due_at = if urgent { now } else { now + delay };
    let promise = Promise {
        account: (*account).clone(),
        id: Uuid::now_v7(),
        order_id: (*order_id).to_owned(),
        action: action.clone(),
        user_id: operator.id,
        user_name: operator.name.clone(),
        created_at: now,
        progress: Progress::promised(due_at),
        trouble: None,
        fence: 0,
    };
    db::promises::insert(conn, &promise, *id).await?;
    db::privacy::mark_again(conn, account, order_id, now).await?;
    if let Some(bytes) = file {
        db::promises::keep_file(conn, account, promise.id, bytes).await?;
    }
    let event = Event::Promised { action: action.clone() };
    let user = Some(operator.id);
    db::events::add(conn, account, order_id, user, Some(promise.id), &event, now).await?;
    audit::promised(conn, &promise).await?;
    Ok(promise.id)
}

/// Takes up the next promise of the account that is due, for one worker.
pub async fn take(
    pool: &PgPool,
    account: &AccountId,
    now: Timestamp,
) -> db::Result<Option<Promise>> {
    let mut conn = pool.acquire().await?;
    // A transaction of its own: what follows locks the order first, and this locks the promise.
    let taken = db::promises::take(&mut conn, account, now, now + LEASE).await?;
    let Some((id, fence)) = taken else { return Ok(None) };
    let found = db::promises::find_in(&mut *conn, account, id).await?;
    Ok(found.filter(|it| it.fence == fence))
}

/// Stores how far the promise has come, with an event if its state changed. Says whether the worker still
/// holds it; if not, somebody else settled or took it, and nothing was stored.
pub async fn advance(
    pool: &PgPool,
    promise: &Promise,
    progress: &Progress,
    trouble: Option<Trouble>,
    lease_until: Option<Timestamp>,
    now: Timestamp,
) -> db::Result<bool> {
    let mut tx = pool.begin().await?;
    db::orders::lock(&mut tx, &promise.account, &promise.order_id).await?;
    let held = promise.held();
    if !db::promises::advance(&mut tx, &held, progress, trouble, lease_until, now).await? {
        return Ok(false);
    }
    if progress.state != promise.progress.state {
        tell(&mut tx, promise, progress, now).await?;
    }
    if progress.state == State::NeedsPerson
        && let Some(kind) = promise.action.kind().request()
    {
        // A late effect settles it; somebody has to look for one.
        let orders = std::slice::from_ref(&promise.order_id);
        db::requests::watch(&mut tx, &promise.account, orders, kind, now).await?;
    }
    if progress.state == State::Refused {
        db::promises::drop_file(&mut tx, &promise.account, promise.id).await?;
    }
    if progress.state == State::Confirmed {
        requests::expect(&mut tx, promise, progress.reference.as_deref(), now).await?;
    }
    tx.commit().await?;
    Ok(true)
}

/// Notes in the history, and at its end in the audit, that a promise entered another state.
pub(super) async fn tell(
    conn: &mut PgConnection,
    promise: &Promise,
    progress: &Progress,
    now: Timestamp,
) -> db::Result<()> {
    let event = Event::Delivery { state: progress.state, refusal: progress.refusal.clone() };
    let Promise { account, order_id, id, .. } = promise;
    db::events::add(conn, account, order_id, None, Some(*id), &event, now).await?;
    audit::settled(conn, promise, progress, now).await
}

/// Why an operator could not settle a promise.
#[derive(Debug, thiserror::Error)]
pub enum SettleError {
    /// There is no such promise.
    #[error("no such promise")]
    NotFound,
    /// The promise has moved on, and is now in this state.
    #[error("the promise is {0:?}")]
    TooLate(State),
    /// The operator's role does not include the action.
    #[error(transparent)]
    Blocked(#[from] Blocked),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for SettleError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Takes a promise back that has not left. A worker that is just about to send it finds that it may not.
pub async fn withdraw(
    tx: PgTransaction<'_>,
    account: &AccountId,
    promise_id: Uuid,
    operator: &Operator,
    now: Timestamp,
) -> Result<Promise, SettleError> {
    let settled = State::Withdrawn;
    let event = Event::Delivery { state: settled, refusal: None };
    settle(tx, account, promise_id, operator, State::Queued, settled, &event, now).await
}

/// Settles what only a person can: whether a promise that needs one was done.
pub async fn decide(
    tx: PgTransaction<'_>,
    account: &AccountId,
    promise_id: Uuid,
    operator: &Operator,
    done: bool,
    now: Timestamp,
) -> Result<Promise, SettleError> {
    let settled = if done { State::Confirmed } else { State::Refused };
    let event = Event::Decided { done };
    settle(tx, account, promise_id, operator, State::NeedsPerson, settled, &event, now).await
}

#[expect(clippy::too_many_arguments, reason = "private, and each caller reads as a sentence")]
async fn settle(
    mut tx: PgTransaction<'_>,
    account: &AccountId,
    promise_id: Uuid,
    operator: &Operator,
    from: State,
    to: State,
    event: &Event,
    now: Timestamp,
) -> Result<Promise, SettleError> {
    let found = db::promises::find_in(&mut *tx, account, promise_id).await?;
    let Promise { order_id, .. } = found.ok_or(SettleError::NotFound)?;
    db::orders::lock(&mut tx, account, &order_id).await?;
    let found = db::promises::find_in(&mut *tx, account, promise_id).await?;
    let mut promise = found.ok_or(SettleError::NotFound)?;
    let permission = promise.action.kind().spec().permission;
    if !operator.role.may(permission) {
        return Err(Blocked::Needs(permission).into());
    }
    let withdrawable = to != State::Withdrawn || promise.progress.may_be_withdrawn();
    if promise.progress.state != from || !withdrawable {
        return Err(SettleError::TooLate(promise.progress.state));
    }
    promise.progress.state = to;
    if !db::promises::advance(&mut tx, &promise.held(), &promise.progress, None, None, now).await? {
        return Err(SettleError::TooLate(promise.progress.state));
    }
    if to != State::Confirmed {
        db::promises::drop_file(&mut tx, account, promise_id).await?;
    }
    let user = Some(operator.id);
    db::events::add(&mut tx, account, &order_id, user, Some(promise_id), event, now).await?;
    audit::ended_by(&mut tx, operator.id, &promise, now).await?;
    tx.commit().await?;
    Ok(promise)
}
