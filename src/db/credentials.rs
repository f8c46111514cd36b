//! What a user proves with who they are: the password's hash in `users`.

use sqlx::PgExecutor;

use crate::db::Result;

/// What a user signs in with.
#[derive(Debug, Clone)]
pub struct Credentials {
    /// The e-mail address.
    pub email: String,
    /// The PHC string.
    pub password_hash: String,
}

/// Reads them.
pub async fn find(db: impl PgExecutor<'_>, user_id: i64) -> Result<Option<Credentials>> {
    let query = sqlx::query_as!(
        Credentials,
        "SELECT email, password_hash FROM users WHERE user_id = $1 AND active",
        user_id
    );
    Ok(query.fetch_optional(db).await?)
}

/// Writes a new hash, if the old one is still there: what was read meanwhile by somebody else must not be
/// overwritten with the past.
pub async fn replace_hash(
    db: impl PgExecutor<'_>,
    user_id: i64,
    old: &str,
    new: &str,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE users SET password_hash = $3 WHERE user_id = $1 AND password_hash = $2",
        user_id,
        old,
        new
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}
