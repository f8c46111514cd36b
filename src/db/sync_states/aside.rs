//! How far the readings are that orders do not wait for.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::maybe_at;
use crate::domain::order::AccountId;

/// How far the gestures of the account are read.
pub async fn gestures_cursor(
    db: impl PgExecutor<'_>,
    account: &AccountId,
) -> Result<Option<Timestamp>> {
    let row =
        sqlx::query!("SELECT gestures_cursor_at FROM sync_states WHERE account_id = $1", account.0)
            .fetch_optional(db)
            .await?;
    Ok(row.and_then(|row| row.gestures_cursor_at).map(jiff_sqlx::Timestamp::to_jiff))
}

/// Notes that the gestures were read, and the marketplace's time of the latest.
pub async fn read_gestures(
    conn: &mut PgConnection,
    account: &AccountId,
    reached: Option<Timestamp>,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "UPDATE sync_states
         SET gestures_cursor_at = greatest(gestures_cursor_at, $2), gestures_read_at = $3
         WHERE account_id = $1",
        account.0,
        maybe_at(reached),
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// When the channels were last asked for their rules.
pub async fn channels_read_at(
    db: impl PgExecutor<'_>,
    account: &AccountId,
) -> Result<Option<Timestamp>> {
    let row =
        sqlx::query!("SELECT channels_read_at FROM sync_states WHERE account_id = $1", account.0)
            .fetch_optional(db)
            .await?;
    Ok(row.and_then(|row| row.channels_read_at).map(jiff_sqlx::Timestamp::to_jiff))
}

/// Notes that the channels were asked.
pub async fn read_channels(
    conn: &mut PgConnection,
    account: &AccountId,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "UPDATE sync_states SET channels_read_at = $2 WHERE account_id = $1",
        account.0,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}
