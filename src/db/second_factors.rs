//! The tables `second_factors` and `recovery_codes`.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;

/// A user's app that shows codes.
#[derive(Debug, Clone)]
pub struct SecondFactor {
    /// What it shares with us.
    pub secret: Vec<u8>,
    /// Whether a code of it was typed once.
    pub confirmed: bool,
    /// The step of the last code that was taken.
    pub last_step: i64,
}

/// Reads it.
pub async fn find(db: impl PgExecutor<'_>, user_id: i64) -> Result<Option<SecondFactor>> {
    let query = sqlx::query_as!(
        SecondFactor,
        r#"SELECT secret, confirmed_at IS NOT NULL AS "confirmed!", last_step
           FROM second_factors
           WHERE user_id = $1"#,
        user_id
    );
    Ok(query.fetch_optional(db).await?)
}

/// Reads it, and locks it until the transaction ends, so that a code cannot be taken twice at once.
pub async fn lock(conn: &mut PgConnection, user_id: i64) -> Result<Option<SecondFactor>> {
    let query = sqlx::query_as!(
        SecondFactor,
        r#"SELECT secret, confirmed_at IS NOT NULL AS "confirmed!", last_step
           FROM second_factors
           WHERE user_id = $1
           FOR UPDATE"#,
        user_id
    );
    Ok(query.fetch_optional(conn).await?)
}

/// Writes a secret to be confirmed, unless one was confirmed already.
pub async fn propose(db: impl PgExecutor<'_>, user_id: i64, secret: &[u8]) -> Result<()> {
    sqlx::query!(
        "INSERT INTO second_factors AS known (user_id, secret, last_step) VALUES ($1, $2, 0)
         ON CONFLICT (user_id) DO UPDATE SET secret = $2 WHERE known.confirmed_at IS NULL",
        user_id,
        secret
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Notes the step of the code that was taken.
pub async fn take(db: impl PgExecutor<'_>, user_id: i64, step: i64) -> Result<()> {
    sqlx::query!("UPDATE second_factors SET last_step = $2 WHERE user_id = $1", user_id, step)
        .execute(db)
        .await?;
    Ok(())
}

/// Notes that the app works.
pub async fn confirm(db: impl PgExecutor<'_>, user_id: i64, now: Timestamp) -> Result<()> {
    sqlx::query!(
        "UPDATE second_factors SET confirmed_at = $2 WHERE user_id = $1",
        user_id,
        at(now)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets the app, and the recovery codes with it.
pub async fn delete(db: impl PgExecutor<'_>, user_id: i64) -> Result<()> {
    sqlx::query!("DELETE FROM second_factors WHERE user_id = $1", user_id).execute(db).await?;
    Ok(())
}

/// Writes new recovery codes in place of the old ones.
pub async fn replace_codes(
    conn: &mut PgConnection,
    user_id: i64,
    hashes: &[Vec<u8>],
) -> Result<()> {
    sqlx::query!("DELETE FROM recovery_codes WHERE user_id = $1", user_id)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "INSERT INTO recovery_codes (user_id, code_hash) SELECT $1, unnest($2::bytea[])",
        user_id,
        hashes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Uses a recovery code up. False, if there is none like it that is left.
pub async fn use_code(
    db: impl PgExecutor<'_>,
    user_id: i64,
    hash: &[u8],
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE recovery_codes SET used_at = $3
         WHERE user_id = $1 AND code_hash = $2 AND used_at IS NULL",
        user_id,
        hash,
        at(now)
    )
    .execute(db)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// How many recovery codes are left.
pub async fn codes_left(db: impl PgExecutor<'_>, user_id: i64) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "count!" FROM recovery_codes
           WHERE user_id = $1 AND used_at IS NULL"#,
        user_id
    )
    .fetch_one(db)
    .await?)
}
