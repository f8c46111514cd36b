//! The table `identities`: who our users are at the company's own sign-in.

use jiff::Timestamp;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;

/// A user, as far as the door has to know them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Known {
    /// Who.
    pub user_id: i64,
    /// Whether they may come in.
    pub active: bool,
}

/// Finds whom that subject was bound to.
pub async fn find(db: impl PgExecutor<'_>, issuer: &str, subject: &str) -> Result<Option<Known>> {
    let query = sqlx::query_as!(
        Known,
        "SELECT u.user_id, u.active
         FROM identities AS i JOIN users AS u USING (user_id)
         WHERE i.issuer = $1 AND i.subject = $2",
        issuer,
        subject
    );
    Ok(query.fetch_optional(db).await?)
}

/// Finds who has that e-mail address, letter by letter.
pub async fn find_by_email(db: impl PgExecutor<'_>, email: &str) -> Result<Option<Known>> {
    let query = sqlx::query_as!(Known, "SELECT user_id, active FROM users WHERE email = $1", email);
    Ok(query.fetch_optional(db).await?)
}

/// Binds a subject to a user, unless one of them is bound already.
pub async fn bind(
    db: impl PgExecutor<'_>,
    issuer: &str,
    subject: &str,
    user_id: i64,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO identities (issuer, subject, user_id, bound_at)
         VALUES ($1, $2, $3, $4)
         ON CONFLICT DO NOTHING",
        issuer,
        subject,
        user_id,
        at(now)
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Forgets who a user is there. Says whose bonds they were, if there were any.
pub async fn unbind(db: impl PgExecutor<'_>, email: &str) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar!(
        "DELETE FROM identities
         WHERE user_id = (SELECT user_id FROM users WHERE email = lower($1))
         RETURNING user_id",
        email
    )
    .fetch_all(db)
    .await?
    .pop())
}
