//! Sessions: ended before their time, and proven anew.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgPool;

use crate::db;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act::Method;
use crate::workflow::audit;

/// What the database knows of a session's identifier, and of the one that takes its place.
#[derive(Debug, Clone, Copy)]
pub struct Rotation<'a> {
    /// From the request.
    pub old: &'a [u8],
    /// For the answer.
    pub new: &'a [u8],
}

/// Ends a session, for the one who holds it.
pub async fn sign_out(pool: &PgPool, session: &[u8], now: Timestamp) -> Result<(), db::Error> {
    let mut tx = pool.begin().await?;
    if let Some(user_id) = db::sessions::end(&mut *tx, session).await? {
        audit::note(&mut tx, &Entry::by(user_id, Act::SignedOut, now)).await?;
        tracing::info!(user_id, "signed out");
    }
    tx.commit().await?;
    Ok(())
}

/// Ends one session of a user, by their own wish.
pub async fn end_one(
    pool: &PgPool,
    user_id: i64,
    session_id: i64,
    now: Timestamp,
) -> Result<(), db::Error> {
    let mut tx = pool.begin().await?;
    if db::sessions::end_one(&mut *tx, user_id, session_id).await? {
        ended(&mut tx, user_id, user_id, 1, now).await?;
        tracing::info!(user_id, session_id, "session ended");
    }
    tx.commit().await?;
    Ok(())
}

/// Ends all sessions of a user but the one with that hash, by their own wish.
pub async fn end_others(
    pool: &PgPool,
    user_id: i64,
    session: &[u8],
    now: Timestamp,
) -> Result<(), db::Error> {
    let mut tx = pool.begin().await?;
    let sessions = db::sessions::end_others(&mut *tx, user_id, session).await?;
    ended(&mut tx, user_id, user_id, sessions, now).await?;
    tx.commit().await?;
    tracing::info!(user_id, sessions, "other sessions ended");
    Ok(())
}

/// Writes down that sessions of a user ended before their time, if any did.
pub(super) async fn ended(
    conn: &mut PgConnection,
    by: i64,
    user: i64,
    sessions: u64,
    now: Timestamp,
) -> db::Result<()> {
    let sessions = i64::try_from(sessions).unwrap_or(i64::MAX);
    if sessions == 0 {
        return Ok(());
    }
    audit::note(conn, &Entry::by(by, Act::SessionsEnded { user, sessions }, now)).await
}

/// A user proved once more who they are. Their session goes on under another identifier. False, if it has
/// ended meanwhile.
pub async fn prove(
    pool: &PgPool,
    user_id: i64,
    session: Rotation<'_>,
    method: Method,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let mut tx = pool.begin().await?;
    if !db::sessions::rotate(&mut *tx, user_id, session.old, session.new).await? {
        return Ok(false);
    }
    db::sessions::authenticated(&mut *tx, session.new, now).await?;
    audit::note(&mut tx, &Entry::by(user_id, Act::SignedInAgain { method }, now)).await?;
    tx.commit().await?;
    tracing::info!(user_id, "proved again who they are");
    Ok(true)
}
