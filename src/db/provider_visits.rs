//! The table `provider_visits`: who was sent to the company's own sign-in and has not come back yet.

use jiff::Timestamp;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;

/// What we know of somebody who is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Visit {
    /// Comes back in the address.
    pub state: String,
    /// Comes back in the ID token.
    pub nonce: String,
    /// PKCE.
    pub verifier: String,
    /// Where they wanted to go.
    pub next: String,
    /// Who has to come back, where somebody signed in proves again who they are.
    pub user_id: Option<i64>,
    /// When they went.
    pub begun_at: Timestamp,
}

/// Remembers that the browser with that secret went there.
pub async fn insert(db: impl PgExecutor<'_>, browser_hash: &[u8], visit: &Visit) -> Result<()> {
    sqlx::query!(
        "INSERT INTO provider_visits
           (browser_hash, state, nonce, verifier, next, user_id, begun_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        browser_hash,
        visit.state,
        visit.nonce,
        visit.verifier,
        visit.next,
        visit.user_id,
        at(visit.begun_at)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Takes what is known of that browser's visit. It can be taken once, whoever else tries at the same moment.
pub async fn take(db: impl PgExecutor<'_>, browser_hash: &[u8]) -> Result<Option<Visit>> {
    let row = sqlx::query!(
        "DELETE FROM provider_visits WHERE browser_hash = $1
         RETURNING state, nonce, verifier, next, user_id, begun_at",
        browser_hash
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Visit {
        state: row.state,
        nonce: row.nonce,
        verifier: row.verifier,
        next: row.next,
        user_id: row.user_id,
        begun_at: row.begun_at.to_jiff(),
    }))
}

/// Forgets the visits from before that instant.
pub async fn delete_old(db: impl PgExecutor<'_>, before: Timestamp) -> Result<()> {
    sqlx::query!("DELETE FROM provider_visits WHERE begun_at < $1", at(before)).execute(db).await?;
    Ok(())
}
