//! The table `promises`.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Error;
use crate::db::Result;
use crate::db::at;
use crate::db::maybe_at;
use crate::domain::action::Action;
use crate::domain::action::InFlight;
use crate::domain::delivery::Progress;
use crate::domain::delivery::Refusal;
use crate::domain::delivery::State;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;

/// The index that lets one promise per order be under way.
pub const ONE_IN_FLIGHT: &str = "promises_one_in_flight";

/// An action promised to the marketplace.
#[derive(Debug, Clone)]
pub struct Promise {
    /// The account.
    pub account: AccountId,
    /// Ours.
    pub id: Uuid,
    /// The order.
    pub order_id: String,
    /// What to do.
    pub action: Action,
    /// Who promised it.
    pub user_id: i64,
    /// Their name.
    pub user_name: String,
    /// When.
    pub created_at: Timestamp,
    /// How far it is.
    pub progress: Progress,
    /// Why it waits, if it does.
    pub trouble: Option<Trouble>,
    /// The number of the worker that holds it.
    pub fence: i64,
}

impl Promise {
    /// The promise in the hands of the worker that took it last.
    pub fn held(&self) -> Held {
        Held {
            account: self.account.clone(),
            order_id: self.order_id.clone(),
            id: self.id,
            fence: self.fence,
        }
    }

    /// What the rules need to know of it.
    pub fn in_flight(&self) -> InFlight {
        InFlight {
            kind: self.action.kind(),
            state: self.progress.state,
            by: self.user_name.clone(),
            since: self.created_at,
        }
    }
}

/// Records a promise, due as its progress says.
pub async fn insert(conn: &mut PgConnection, promise: &Promise, submission_id: Uuid) -> Result<()> {
    sqlx::query!(
        "INSERT INTO promises
           (account_id, promise_id, order_id, kind, action, submission_id, user_id, created_at, state,
            attempts, unknown_attempts, negative_reads, next_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, $10)",
        promise.account.0,
        promise.id,
        promise.order_id,
        promise.action.kind().as_str(),
        Json(&promise.action) as _,
        submission_id,
        promise.user_id,
        at(promise.created_at),
        promise.progress.state.as_str(),
        at(promise.progress.next_at)
    )
    .execute(&mut *conn)
    .await?;
    show_on_order(conn, &promise.account, promise.id).await
}

/// Finds the promise that a form has already made.
pub async fn of_submission(
    conn: &mut PgConnection,
    account: &AccountId,
    submission_id: Uuid,
) -> Result<Option<Uuid>> {
    Ok(sqlx::query_scalar!(
        "SELECT promise_id FROM promises WHERE account_id = $1 AND submission_id = $2",
        account.0,
        submission_id
    )
    .fetch_optional(conn)
    .await?)
}

/// The next promise of the account that is due, or that a worker has let go of; takes it, so that no other
/// worker does before `lease_until`.
///
/// The lease, not a row lock, guards the promise while we talk to the marketplace: a worker that dies gives
/// it back by doing nothing.
pub async fn take(
    conn: &mut PgConnection,
    account: &AccountId,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<(Uuid, i64)>> {
    let row = sqlx::query!(
        "UPDATE promises SET fence = fence + 1, lease_until = $3
         WHERE account_id = $1 AND promise_id = (
           SELECT promise_id FROM promises
           WHERE account_id = $1 AND state IN ('queued', 'sending', 'in_doubt') AND next_at <= $2
             AND (lease_until IS NULL OR lease_until <= $2)
           ORDER BY next_at
           LIMIT 1
           FOR UPDATE SKIP LOCKED)
         RETURNING promise_id, fence",
        account.0,
        at(now),
        at(lease_until)
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.promise_id, row.fence)))
}

/// A promise as one worker holds it.
#[derive(Debug, Clone)]
pub struct Held {
    /// The account.
    pub account: AccountId,
    /// The order.
    pub order_id: String,
    /// The promise.
    pub id: Uuid,
    /// The worker's number.
    pub fence: i64,
}

/// Stores a promise's progress, if the worker of that number still holds it. Says whether it does. The
/// promise is let go of, unless `lease_until` says otherwise.
pub async fn advance(
    conn: &mut PgConnection,
    held: &Held,
    progress: &Progress,
    trouble: Option<Trouble>,
    lease_until: Option<Timestamp>,
    now: Timestamp,
) -> Result<bool> {
    let settled_at = progress.state.is_final().then_some(now);
    let done = sqlx::query!(
        "UPDATE promises
         SET state = $4, attempts = $5, unknown_attempts = $6, negative_reads = $7, horizon_at = $8,
             next_at = $9, refusal = $10, trouble = $11, lease_until = $12, settled_at = $13
         WHERE account_id = $1 AND promise_id = $2 AND fence = $3 AND settled_at IS NULL",
        held.account.0,
        held.id,
        held.fence,
        progress.state.as_str(),
        progress.attempts,
        progress.unknown_attempts,
        progress.negative_reads,
        maybe_at(progress.horizon_at),
        at(progress.next_at),
        progress.refusal.as_ref().map(Json) as _,
        trouble.map(Trouble::as_str),
        maybe_at(lease_until),
        maybe_at(settled_at)
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    show_on_order(conn, &held.account, held.id).await?;
    Ok(true)
}

/// Copies the promise's state to its order, where lists read it.
async fn show_on_order(
    conn: &mut PgConnection,
    account: &AccountId,
    promise_id: Uuid,
) -> Result<()> {
    sqlx::query!(
        "UPDATE orders AS o
         SET promise_kind = p.kind, promise_state = p.state,
             promise_at = coalesce(p.settled_at, p.created_at)
         FROM promises AS p
         WHERE p.account_id = $1 AND p.promise_id = $2
           AND o.account_id = p.account_id AND o.order_id = p.order_id",
        account.0,
        promise_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Finds a promise in one of these accounts.
pub async fn find(
    db: impl PgExecutor<'_>,
    accounts: &[String],
    promise_id: Uuid,
) -> Result<Option<Promise>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT p.account_id, p.promise_id, p.order_id, p.action AS "action: Json<Action>", p.user_id,
                  u.name AS user_name, p.created_at, p.state, p.attempts, p.unknown_attempts,
                  p.negative_reads, p.horizon_at, p.next_at, p.refusal AS "refusal: Json<Refusal>", p.trouble, p.fence
           FROM promises AS p JOIN users AS u USING (user_id)
           WHERE p.account_id = ANY ($1) AND p.promise_id = $2"#,
        accounts,
        promise_id
    )
    .fetch_optional(db)
    .await?;
    row.map(Promise::try_from).transpose()
}

/// Every promise made for an order, newest first.
pub async fn of_order(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    order_id: &str,
) -> Result<Vec<Promise>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT p.account_id, p.promise_id, p.order_id, p.action AS "action: Json<Action>", p.user_id,
                  u.name AS user_name, p.created_at, p.state, p.attempts, p.unknown_attempts,
                  p.negative_reads, p.horizon_at, p.next_at, p.refusal AS "refusal: Json<Refusal>", p.trouble, p.fence
           FROM promises AS p JOIN users AS u USING (user_id)
           WHERE p.account_id = $1 AND p.order_id = $2
           ORDER BY p.created_at DESC
           LIMIT 50"#,
        account.0,
        order_id
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Promise::try_from).collect()
}

/// The promise that is under way for an order, if any.
pub async fn under_way(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    order_id: &str,
) -> Result<Option<Promise>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT p.account_id, p.promise_id, p.order_id, p.action AS "action: Json<Action>", p.user_id,
                  u.name AS user_name, p.created_at, p.state, p.attempts, p.unknown_attempts,
                  p.negative_reads, p.horizon_at, p.next_at, p.refusal AS "refusal: Json<Refusal>", p.trouble, p.fence
           FROM promises AS p JOIN users AS u USING (user_id)
           WHERE p.account_id = $1 AND p.order_id = $2 AND p.settled_at IS NULL"#,
        account.0,
        order_id
    )
    .fetch_optional(db)
    .await?;
    row.map(Promise::try_from).transpose()
}

/// The last promise made for an order: the one under way, if one is.
pub async fn latest(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    order_id: &str,
) -> Result<Option<Promise>> {
    let row = sqlx::query_as!(
        Row,
        r#"SELECT p.account_id, p.promise_id, p.order_id, p.action AS "action: Json<Action>", p.user_id,
                  u.name AS user_name, p.created_at, p.state, p.attempts, p.unknown_attempts,
                  p.negative_reads, p.horizon_at, p.next_at, p.refusal AS "refusal: Json<Refusal>", p.trouble, p.fence
           FROM promises AS p JOIN users AS u USING (user_id)
           WHERE p.account_id = $1 AND p.order_id = $2
           ORDER BY p.created_at DESC, p.promise_id DESC
           LIMIT 1"#,
        account.0,
        order_id
    )
    .fetch_optional(db)
    .await?;
    row.map(Promise::try_from).transpose()
}

/// The promises that only a person can settle, oldest first.
pub async fn for_people(db: impl PgExecutor<'_>, accounts: &[String]) -> Result<Vec<Promise>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT p.account_id, p.promise_id, p.order_id, p.action AS "action: Json<Action>", p.user_id,
                  u.name AS user_name, p.created_at, p.state, p.attempts, p.unknown_attempts,
                  p.negative_reads, p.horizon_at, p.next_at, p.refusal AS "refusal: Json<Refusal>", p.trouble, p.fence
           FROM promises AS p JOIN users AS u USING (user_id)
           WHERE p.account_id = ANY ($1) AND p.state = 'needs_person'
           ORDER BY p.created_at
           LIMIT 200"#,
        accounts
    )
    .fetch_all(db)
    .await?;
    rows.into_iter().map(Promise::try_from).collect()
}

/// The promises of these orders whose effect may show in a reading.
pub async fn in_doubt_of(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<Vec<Promise>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT p.account_id, p.promise_id, p.order_id, p.action AS "action: Json<Action>", p.user_id,
                  u.name AS user_name, p.created_at, p.state, p.attempts, p.unknown_attempts,
                  p.negative_reads, p.horizon_at, p.next_at, p.refusal AS "refusal: Json<Refusal>", p.trouble, p.fence
           FROM promises AS p JOIN users AS u USING (user_id)
           WHERE p.account_id = $1 AND p.order_id = ANY ($2) AND p.settled_at IS NULL
             AND p.state IN ('in_doubt', 'needs_person')"#,
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Promise::try_from).collect()
}

struct Row {
    account_id: String,
    promise_id: Uuid,
    order_id: String,
    action: Json<Action>,
    user_id: i64,
    user_name: String,
    created_at: jiff_sqlx::Timestamp,
    state: String,
    attempts: i32,
    unknown_attempts: i32,
    negative_reads: i32,
    horizon_at: Option<jiff_sqlx::Timestamp>,
    next_at: jiff_sqlx::Timestamp,
    refusal: Option<Json<Refusal>>,
    trouble: Option<String>,
    fence: i64,
}

impl TryFrom<Row> for Promise {
    type Error = Error;

    fn try_from(row: Row) -> Result<Self> {
        let state = State::parse(&row.state).ok_or_else(|| Error::Corrupt {
            table: "promises",
            column: "state",
            id: row.promise_id.to_string(),
            value: row.state,
        })?;
        Ok(Self {
            account: AccountId(row.account_id),
            id: row.promise_id,
            order_id: row.order_id,
            action: row.action.0,
            user_id: row.user_id,
            user_name: row.user_name,
            created_at: row.created_at.to_jiff(),
            progress: Progress {
                state,
                attempts: row.attempts,
                unknown_attempts: row.unknown_attempts,
                negative_reads: row.negative_reads,
                horizon_at: row.horizon_at.map(jiff_sqlx::Timestamp::to_jiff),
                next_at: row.next_at.to_jiff(),
                refusal: row.refusal.map(|Json(it)| it),
            },
            trouble: row.trouble.as_deref().and_then(Trouble::parse),
            fence: row.fence,
        })
    }
}
