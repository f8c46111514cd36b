//! The table `password_links`. The token in the link is a secret; only its hash comes here.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;

/// Who may choose a new password.
#[derive(Debug, Clone)]
pub struct Owner {
    /// The row in `users`.
    pub user_id: i64,
    /// As shown in the history.
    pub name: String,
    /// The address they sign in with.
    pub email: String,
}

/// Writes a user's link, in place of an older one.
pub async fn put(
    conn: &mut PgConnection,
    user_id: i64,
    token_hash: &[u8],
    expires_at: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO password_links (user_id, token_hash, expires_at) VALUES ($1, $2, $3)
         ON CONFLICT (user_id) DO UPDATE SET token_hash = $2, expires_at = $3",
        user_id,
        token_hash,
        at(expires_at)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Whose link that is, if it can still be used and they can sign in.
pub async fn find(
    db: impl PgExecutor<'_>,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Option<Owner>> {
    let query = sqlx::query_as!(
        Owner,
        "SELECT u.user_id, u.name, u.email
         FROM password_links AS l JOIN users AS u USING (user_id)
         WHERE l.token_hash = $1 AND l.expires_at > $2 AND u.active",
        token_hash,
        at(now)
    );
    Ok(query.fetch_optional(db).await?)
}

/// Uses the link up, and sets the password that was chosen. None, if it could not be used any more.
pub async fn take(
    conn: &mut PgConnection,
    token_hash: &[u8],
    password_hash: &str,
    now: Timestamp,
) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar!(
        "WITH used AS (
           DELETE FROM password_links WHERE token_hash = $1 AND expires_at > $3 RETURNING user_id
         )
         UPDATE users AS u SET password_hash = $2
         FROM used
         WHERE u.user_id = used.user_id AND u.active
         RETURNING u.user_id",
        token_hash,
        password_hash,
        at(now)
    )
    .fetch_optional(conn)
    .await?)
}

/// Makes a user's link worth nothing, if there is one.
pub async fn withdraw(conn: &mut PgConnection, user_id: i64) -> Result<()> {
    sqlx::query!("DELETE FROM password_links WHERE user_id = $1", user_id).execute(conn).await?;
    Ok(())
}
