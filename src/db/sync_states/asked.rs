//! What people ask of the worker, and what it says of its limit.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db::Result;
use crate::db::at;
use crate::domain::order::AccountId;

/// Makes the next reading due now, because somebody asks for it, unless somebody did after `unless_since`. Says
/// whether it was done.
pub async fn ask_to_read(
    conn: &mut PgConnection,
    account: &AccountId,
    unless_since: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE sync_states SET next_pull_at = least(next_pull_at, $3), hurried_at = $3
         WHERE account_id = $1 AND (hurried_at IS NULL OR hurried_at <= $2)",
        account.0,
        at(unless_since),
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Asks for a comparison of the numbers, with the next reading, unless there was one, or somebody asked, after
/// `unless_since`. Says whether it was done.
pub async fn ask_to_compare(
    conn: &mut PgConnection,
    account: &AccountId,
    unless_since: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE sync_states SET compare_asked_at = $3, next_pull_at = least(next_pull_at, $3)
         WHERE account_id = $1 AND (compared_at IS NULL OR compared_at <= $2)
           AND (compare_asked_at IS NULL OR compare_asked_at <= $2)",
        account.0,
        at(unless_since),
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes how many calls per second the worker makes at most, if it keeps to a limit.
pub async fn set_limit(
    conn: &mut PgConnection,
    account: &AccountId,
    calls_per_second: Option<i32>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE sync_states SET calls_per_second = $2
         WHERE account_id = $1 AND calls_per_second IS DISTINCT FROM $2",
        account.0,
        calls_per_second
    )
    .execute(conn)
    .await?;
    Ok(())
}
