//! Writing users.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::users::parse_role;
use crate::domain::operator::Role;
use crate::domain::operator::change::Subject;

/// Adds a user, unless somebody has that address.
pub async fn insert(
    conn: &mut PgConnection,
    email: &str,
    name: &str,
    role: Role,
    password_hash: &str,
    language: &str,
    now: Timestamp,
) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar!(
        "INSERT INTO users (email, name, role, password_hash, language, created_at)
         VALUES (lower($1), $2, $3, $4, $5, $6)
         ON CONFLICT (email) DO NOTHING
         RETURNING user_id",
        email,
        name,
        role.as_str(),
        password_hash,
        language,
        at(now)
    )
    .fetch_optional(conn)
    .await?)
}

/// Locks these users and every active admin, always in the same order, so that two admins who change each
/// other neither wait for each other forever nor leave nobody.
pub async fn lock_admins_and(conn: &mut PgConnection, users: &[i64]) -> Result<Vec<Subject>> {
    let rows = sqlx::query!(
        "SELECT user_id, role, active FROM users
         WHERE user_id = ANY ($1) OR (role = 'admin' AND active)
         ORDER BY user_id
         FOR NO KEY UPDATE",
        users
    )
    .fetch_all(conn)
    .await?;
    let subject = rows.into_iter().map(|row| {
        let role = parse_role(row.user_id, &row.role)?;
        Ok(Subject { id: row.user_id, role, active: row.active })
    });
    subject.collect()
}

/// Lets gestures of one user be judged one after the other: each must see what the others give away.
pub async fn lock_for_gesture(conn: &mut PgConnection, user_id: i64) -> Result<()> {
    sqlx::query_scalar!("SELECT hold_user($1)", user_id).fetch_one(conn).await?;
    Ok(())
}

/// Gives a user another role.
pub async fn set_role(conn: &mut PgConnection, user_id: i64, role: Role) -> Result<()> {
    sqlx::query!("UPDATE users SET role = $2 WHERE user_id = $1", user_id, role.as_str())
        .execute(conn)
        .await?;
    Ok(())
}

/// Lets a user in, or no longer.
pub async fn set_active(conn: &mut PgConnection, user_id: i64, active: bool) -> Result<()> {
    sqlx::query!("UPDATE users SET active = $2 WHERE user_id = $1", user_id, active)
        .execute(conn)
        .await?;
    Ok(())
}

/// Limits a user to these accounts; to none in particular, if there are none.
pub async fn limit_to(conn: &mut PgConnection, user_id: i64, accounts: &[String]) -> Result<()> {
    sqlx::query!(
        "DELETE FROM user_accounts WHERE user_id = $1 AND account_id <> ALL ($2)",
        user_id,
        accounts
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO user_accounts (account_id, user_id) SELECT unnest($2::text[]), $1
         ON CONFLICT DO NOTHING",
        user_id,
        accounts
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Ends every session of a user.
pub async fn end_sessions(conn: &mut PgConnection, user_id: i64) -> Result<u64> {
    let done =
        sqlx::query!("DELETE FROM sessions WHERE (data ->> 'user_id')::bigint = $1", user_id)
            .execute(conn)
            .await?;
    Ok(done.rows_affected())
}

/// Notes that the user has just signed in.
pub async fn seen(db: impl PgExecutor<'_>, user_id: i64, now: Timestamp) -> Result<()> {
    sqlx::query!("UPDATE users SET last_seen_at = $2 WHERE user_id = $1", user_id, at(now))
        .execute(db)
        .await?;
    Ok(())
}

/// What the user reads: `en` or `fr`; none follows the browser.
pub async fn set_language(
    db: impl PgExecutor<'_>,
    user_id: i64,
    language: Option<&str>,
) -> Result<()> {
    sqlx::query!("UPDATE users SET language = $2 WHERE user_id = $1", user_id, language)
        .execute(db)
        .await?;
    Ok(())
}

/// What the user's pages look like: `light` or `dark`; none follows the browser.
pub async fn set_theme(db: impl PgExecutor<'_>, user_id: i64, theme: Option<&str>) -> Result<()> {
    sqlx::query!("UPDATE users SET theme = $2 WHERE user_id = $1", user_id, theme)
        .execute(db)
        .await?;
    Ok(())
}

/// The zone that the user reads times in (IANA); none follows the account.
pub async fn set_time_zone(
    db: impl PgExecutor<'_>,
    user_id: i64,
    time_zone: Option<&str>,
) -> Result<()> {
    sqlx::query!("UPDATE users SET time_zone = $2 WHERE user_id = $1", user_id, time_zone)
        .execute(db)
        .await?;
    Ok(())
}

/// Whether single keys act on the pages; none follows the role.
pub async fn set_shortcuts(
    db: impl PgExecutor<'_>,
    user_id: i64,
    shortcuts: Option<bool>,
) -> Result<()> {
    sqlx::query!("UPDATE users SET shortcuts = $2 WHERE user_id = $1", user_id, shortcuts)
        .execute(db)
        .await?;
    Ok(())
}
