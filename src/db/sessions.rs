//! The table `sessions`. The identifier in the cookie is a secret; only its hash comes here.

use jiff::Timestamp;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;

/// A session, as its user sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Session {
    /// What it is named by, which opens nothing.
    pub id: i64,
    /// When its user signed in.
    pub began_at: Timestamp,
    /// When its user last did something.
    pub seen_at: Timestamp,
    /// When its user last proved who they are.
    pub authenticated_at: Timestamp,
}

/// Writes a new session, unless the identifier is taken.
pub async fn insert(
    db: impl PgExecutor<'_>,
    id_hash: &[u8],
    data: &serde_json::Value,
    expires_at: Timestamp,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO sessions (id_hash, data, created_at, expires_at, last_seen_at, authenticated_at)
         VALUES ($1, $2, $3, $4, $3, $3)
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

/// Gives a live session of a user another identifier; it ends when it would have ended. One that is gone stays
/// gone, and this says so: a request that was under way while its user signed out must not bring it back under
/// another name.
pub async fn rotate(
    db: impl PgExecutor<'_>,
    user_id: i64,
    old_hash: &[u8],
    new_hash: &[u8],
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE sessions SET id_hash = $3 WHERE id_hash = $2 AND user_id = $1",
        user_id,
        old_hash,
        new_hash
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Notes that the user of a session proved who they are.
pub async fn authenticated(db: impl PgExecutor<'_>, id_hash: &[u8], now: Timestamp) -> Result<()> {
    sqlx::query!("UPDATE sessions SET authenticated_at = $2 WHERE id_hash = $1", id_hash, at(now))
        .execute(db)
        .await?;
    Ok(())
}

/// Notes that the user of a session did something. One that is gone stays gone.
pub async fn touch(db: impl PgExecutor<'_>, id_hash: &[u8], now: Timestamp) -> Result<()> {
    sqlx::query!("UPDATE sessions SET last_seen_at = $2 WHERE id_hash = $1", id_hash, at(now))
        .execute(db)
        .await?;
    Ok(())
}

/// Reads a live session, whose user did something after `idle_since`.
pub async fn find(
    db: impl PgExecutor<'_>,
    id_hash: &[u8],
    idle_since: Timestamp,
    now: Timestamp,
) -> Result<Option<serde_json::Value>> {
    Ok(sqlx::query_scalar!(
        "SELECT data FROM sessions
         WHERE id_hash = $1 AND expires_at > $2 AND last_seen_at > $3",
        id_hash,
        at(now),
        at(idle_since)
    )
    .fetch_optional(db)
    .await?)
}

/// Reads the live sessions of a user with what their browsers are, the last seen first.
pub async fn of_user(
    db: impl PgExecutor<'_>,
    user_id: i64,
    idle_since: Timestamp,
    now: Timestamp,
) -> Result<Vec<(Session, Option<String>)>> {
    let rows = sqlx::query!(
        "SELECT session_id, created_at, last_seen_at, authenticated_at, data ->> 'browser' AS browser
         FROM sessions
         WHERE user_id = $1 AND expires_at > $2 AND last_seen_at > $3
         ORDER BY last_seen_at DESC, session_id DESC
         LIMIT 100",
        user_id,
        at(now),
        at(idle_since)
    )
    .fetch_all(db)
    .await?;
    let session = rows.into_iter().map(|row| {
        let (began_at, seen_at) = (row.created_at.to_jiff(), row.last_seen_at.to_jiff());
        let authenticated_at = row.authenticated_at.to_jiff();
        (Session { id: row.session_id, began_at, seen_at, authenticated_at }, row.browser)
    });
    Ok(session.collect())
}

/// Forgets a session.
pub async fn delete(db: impl PgExecutor<'_>, id_hash: &[u8]) -> Result<()> {
    sqlx::query!("DELETE FROM sessions WHERE id_hash = $1", id_hash).execute(db).await?;
    Ok(())
}

/// Forgets a session, and tells whose it was; nobody's, if it is gone or only half signed in.
pub async fn end(db: impl PgExecutor<'_>, id_hash: &[u8]) -> Result<Option<i64>> {
    let user =
        sqlx::query_scalar!("DELETE FROM sessions WHERE id_hash = $1 RETURNING user_id", id_hash)
            .fetch_optional(db)
            .await?;
    Ok(user.flatten())
}

/// Forgets a session of that user. Says whether there was one.
pub async fn end_one(db: impl PgExecutor<'_>, user_id: i64, session_id: i64) -> Result<bool> {
    let done = sqlx::query!(
        "DELETE FROM sessions WHERE user_id = $1 AND session_id = $2",
        user_id,
        session_id
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets all sessions of a user but one, and says how many.
pub async fn end_others(db: impl PgExecutor<'_>, user_id: i64, id_hash: &[u8]) -> Result<u64> {
    let done =
        sqlx::query!("DELETE FROM sessions WHERE user_id = $1 AND id_hash <> $2", user_id, id_hash)
            .execute(db)
            .await?;
    Ok(done.rows_affected())
}

/// Forgets the sessions that have ended.
pub async fn delete_expired(db: impl PgExecutor<'_>, now: Timestamp) -> Result<()> {
    sqlx::query!("DELETE FROM sessions WHERE expires_at <= $1", at(now)).execute(db).await?;
    Ok(())
}
