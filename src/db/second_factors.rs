//! The tables `second_factors` and `recovery_codes`.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;

/// A user's app that shows codes.
#[derive(Debug, Clone)]
pub struct SecondFactor {
    /// What it shares with us, sealed.
    pub secret: Vec<u8>,
    /// The key that sealed it; none for one that stands there in clear.
    pub key_id: Option<String>,
    /// Whether a code of it was typed once.
    pub confirmed: bool,
    /// The step of the last code that was taken.
    pub last_step: i64,
}

/// Reads it.
pub async fn find(db: impl PgExecutor<'_>, user_id: i64) -> Result<Option<SecondFactor>> {
    let query = sqlx::query_as!(
        SecondFactor,
        r#"SELECT secret, key_id, confirmed_at IS NOT NULL AS "confirmed!", last_step
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
        r#"SELECT secret, key_id, confirmed_at IS NOT NULL AS "confirmed!", last_step
           FROM second_factors
           WHERE user_id = $1
           FOR UPDATE"#,
        user_id
    );
    Ok(query.fetch_optional(conn).await?)
}

/// Writes a secret to be confirmed, unless one was confirmed already.
pub async fn propose(
    db: impl PgExecutor<'_>,
    user_id: i64,
    key_id: &str,
    secret: &[u8],
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO second_factors AS known (user_id, key_id, secret, last_step)
         VALUES ($1, $2, $3, 0)
         ON CONFLICT (user_id)
         DO UPDATE SET key_id = $2, secret = $3 WHERE known.confirmed_at IS NULL",
        user_id,
        key_id,
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

/// Reads all of them with their users, and locks them until the transaction ends.
pub async fn lock_all(conn: &mut PgConnection) -> Result<Vec<(i64, SecondFactor)>> {
    let rows = sqlx::query!(
        r#"SELECT user_id, secret, key_id, confirmed_at IS NOT NULL AS "confirmed!", last_step
           FROM second_factors
           ORDER BY user_id
           FOR UPDATE"#
    )
    .fetch_all(conn)
    .await?;
    let factor = rows.into_iter().map(|row| {
        let (secret, key_id) = (row.secret, row.key_id);
        let (confirmed, last_step) = (row.confirmed, row.last_step);
        (row.user_id, SecondFactor { secret, key_id, confirmed, last_step })
    });
    Ok(factor.collect())
}

/// Puts the same secret there, sealed under another key.
pub async fn reseal(
    conn: &mut PgConnection,
    user_id: i64,
    key_id: &str,
    secret: &[u8],
) -> Result<()> {
    sqlx::query!(
        "UPDATE second_factors SET key_id = $2, secret = $3 WHERE user_id = $1",
        user_id,
        key_id,
        secret
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the app, and the recovery codes with it. Says whether there was one.
pub async fn delete(db: impl PgExecutor<'_>, user_id: i64) -> Result<bool> {
    let done =
        sqlx::query!("DELETE FROM second_factors WHERE user_id = $1", user_id).execute(db).await?;
    Ok(done.rows_affected() == 1)
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
