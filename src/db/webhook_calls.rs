//! The table `webhook_calls`: what the company's own program is told.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Result;
use crate::db::at;
use crate::db::maybe_at;
use crate::db::notifications::encoding;
use crate::domain::notification::Fact;
use crate::domain::order::AccountId;

/// Queues a call, unless there was one about that subject.
pub async fn queue(
    conn: &mut PgConnection,
    account: &AccountId,
    fact: &Fact,
    subject: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO webhook_calls (account_id, call_id, fact, created_at, subject, next_at)
         VALUES ($1, $2, $3, $4, $5, $4)
         ON CONFLICT (account_id, subject) DO NOTHING",
        account.0,
        Uuid::now_v7(),
        serde_json::to_value(fact).map_err(encoding)?,
        at(now),
        subject
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A call that is due.
#[derive(Debug, Clone)]
pub struct Call {
    /// The account.
    pub account: AccountId,
    /// Its number, the same each time.
    pub id: Uuid,
    /// What there is to tell.
    pub fact: serde_json::Value,
    /// Since when.
    pub created_at: Timestamp,
    /// How often it was tried, this time included.
    pub attempts: i32,
}

/// Takes the call that is due first, for one worker.
pub async fn take(
    conn: &mut PgConnection,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<Call>> {
    let row = sqlx::query!(
        "UPDATE webhook_calls SET lease_until = $2, attempts = attempts + 1
         WHERE (account_id, call_id) = (
           SELECT account_id, call_id FROM webhook_calls
           WHERE done_at IS NULL AND next_at <= $1 AND (lease_until IS NULL OR lease_until <= $1)
           ORDER BY next_at
           LIMIT 1
           FOR UPDATE SKIP LOCKED)
         RETURNING account_id, call_id, fact, created_at, attempts",
        at(now),
        at(lease_until)
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Call {
        account: AccountId(row.account_id),
        id: row.call_id,
        fact: row.fact,
        created_at: row.created_at.to_jiff(),
        attempts: row.attempts,
    }))
}

/// Ends a call, taken or given up; or has it made again at `again_at`. Forgets those that ended before that.
pub async fn finish(
    conn: &mut PgConnection,
    call: &Call,
    taken: bool,
    again_at: Option<Timestamp>,
    now: Timestamp,
    forget_before: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "WITH forgotten AS (
           DELETE FROM webhook_calls WHERE account_id = $1 AND done_at < $6 AND call_id <> $2
         )
         UPDATE webhook_calls
         SET lease_until = NULL, taken = $3, next_at = coalesce($4, next_at),
             done_at = CASE WHEN $4::timestamptz IS NULL THEN $5::timestamptz END
         WHERE account_id = $1 AND call_id = $2 AND done_at IS NULL",
        call.account.0,
        call.id,
        taken,
        maybe_at(again_at),
        at(now),
        at(forget_before)
    )
    .execute(conn)
    .await?;
    Ok(())
}
