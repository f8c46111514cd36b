//! The table `sessions`. The identifier in the cookie is a secret; only its hash comes here.

use jiff::Timestamp;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;

/// Writes a new session, unless the identifier is taken.
pub async fn insert(
    db: impl PgExecutor<'_>,
    id_hash: &[u8],
    data: &serde_json::Value,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO sessions (id_hash, data, created_at, expires_at) VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        id_hash,
        data,
        at(now),
        at(expires_at)
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Writes a session that exists; when it ends was settled when it began. One that is gone stays gone: a
/// request that was under way while its user signed out must not bring the session back.
pub async fn update(
    db: impl PgExecutor<'_>,
    id_hash: &[u8],
    data: &serde_json::Value,
) -> Result<bool> {
    let done = sqlx::query!("UPDATE sessions SET data = $2 WHERE id_hash = $1", id_hash, data)
        .execute(db)
        .await?;
    Ok(done.rows_affected() == 1)
}

/// Reads a live session.
pub async fn find(
    db: impl PgExecutor<'_>,
    id_hash: &[u8],
    now: Timestamp,
) -> Result<Option<serde_json::Value>> {
    Ok(sqlx::query_scalar!(
        "SELECT data FROM sessions WHERE id_hash = $1 AND expires_at > $2",
        id_hash,
        at(now)
    )
    .fetch_optional(db)
    .await?)
}

/// Forgets a session.
pub async fn delete(db: impl PgExecutor<'_>, id_hash: &[u8]) -> Result<()> {
    sqlx::query!("DELETE FROM sessions WHERE id_hash = $1", id_hash).execute(db).await?;
    Ok(())
}

/// Forgets the sessions that have ended.
pub async fn delete_expired(db: impl PgExecutor<'_>, now: Timestamp) -> Result<()> {
    sqlx::query!("DELETE FROM sessions WHERE expires_at <= $1", at(now)).execute(db).await?;
    Ok(())
}
