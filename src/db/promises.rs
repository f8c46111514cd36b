//! The table `promises`.

mod files;
mod given;
mod read;

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Result;
use crate::db::at;
use crate::db::maybe_at;
use crate::domain::action::Action;
use crate::domain::action::InFlight;
use crate::domain::delivery::Progress;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;

pub use files::drop_file;
pub use files::file;
pub use files::forget_file;
pub use files::keep_file;
pub use given::given;
pub use read::find;
pub use read::find_in;
pub use read::for_people;
pub use read::in_doubt_of;
pub use read::latest;
pub use read::of_order;
pub use read::recent_actions;
pub use read::references;
pub use read::under_way;
pub use read::without_reference;

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
/// worker does before `lease_until`. While sending is paused, only what may have been sent is taken, to be
/// read about.
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
             AND (state <> 'queued' OR EXISTS (
               SELECT FROM accounts WHERE account_id = $1 AND sending_paused_at IS NULL))
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
             next_at = $9, refusal = $10, trouble = $11, lease_until = $12, settled_at = $13,
             baseline = $14, reference = $15
         WHERE account_id = $1 AND promise_id = $2 AND fence = $3 AND settled_at IS NULL
           -- Whoever paused sending while a worker looked at the order is obeyed.
           AND ($4 <> 'sending' OR NOT EXISTS (
             SELECT FROM accounts WHERE account_id = $1 AND sending_paused_at IS NOT NULL))",
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
        maybe_at(settled_at),
        progress.baseline.as_ref().map(Json) as _,
        progress.reference
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    show_on_order(conn, &held.account, held.id).await?;
    Ok(true)
}

/// Notes the marketplace's own record of a promise that is settled already.
pub async fn set_reference(
    conn: &mut PgConnection,
    account: &AccountId,
    promise_id: Uuid,
    reference: &str,
) -> Result<()> {
    sqlx::query!(
        "UPDATE promises SET reference = $3
         WHERE account_id = $1 AND promise_id = $2 AND reference IS NULL
           AND NOT EXISTS (
             SELECT FROM promises AS other
             WHERE other.account_id = $1 AND other.reference = $3 AND other.kind = promises.kind)",
        account.0,
        promise_id,
        reference
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Shows on the order what the marketplace decided about its last promise.
pub async fn show_outcome(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    reference: &str,
) -> Result<()> {
    let promise_id = sqlx::query_scalar!(
        "SELECT promise_id FROM promises
         WHERE account_id = $1 AND order_id = $2
         ORDER BY created_at DESC, promise_id DESC
         LIMIT 1",
        account.0,
        order_id
    )
    .fetch_optional(&mut *conn)
    .await?;
    let referenced = sqlx::query_scalar!(
        "SELECT promise_id FROM promises
         WHERE account_id = $1 AND order_id = $2 AND reference = $3",
        account.0,
        order_id,
        reference
    )
    .fetch_optional(&mut *conn)
    .await?;
    match promise_id {
        Some(id) if referenced == Some(id) => show_on_order(conn, account, id).await,
        Some(_) | None => Ok(()),
    }
}

/// Copies the promise's state to its order, where lists read it.
async fn show_on_order(
    conn: &mut PgConnection,
    account: &AccountId,
    promise_id: Uuid,
) -> Result<()> {
    sqlx::query!(
        "UPDATE orders AS o
         SET promise_kind = p.kind,
             -- What the marketplace took and turned down later is as good as refused.
             promise_state = CASE WHEN EXISTS (
               SELECT FROM requests AS r
               WHERE r.account_id = p.account_id AND r.order_id = p.order_id
                 AND r.request_id = p.reference AND r.request ->> 'standing' = 'rejected')
               THEN 'refused' ELSE p.state END,
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
