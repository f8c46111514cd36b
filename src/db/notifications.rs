//! The table `notifications`: what each person is told, and what they have read.

mod choices;
mod found;

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Error;
use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;
use crate::domain::notification::Fact;
use crate::domain::operator::Role;
use crate::domain::order::AccountId;

pub use choices::Choice;
pub use choices::DigestReader;
pub use choices::choice_of;
pub use choices::choose;
pub use choices::claim_digest;
pub use choices::digest_readers;
pub use found::Told;
pub use found::day_of;
pub use found::due_soon;
pub use found::forget_told;
pub use found::newly_ended;

/// Somebody who works for an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Colleague {
    /// Who.
    pub user_id: i64,
    /// As what.
    pub role: Role,
}

/// Everybody who can sign in and works for the account.
pub async fn colleagues(conn: &mut PgConnection, account: &AccountId) -> Result<Vec<Colleague>> {
    let rows = sqlx::query!(
        "SELECT u.user_id, u.role
         FROM workplaces AS w JOIN users AS u ON u.user_id = w.user_id
         WHERE w.account_id = $1 AND u.active
         ORDER BY u.user_id",
        account.0
    )
    .fetch_all(conn)
    .await?;
    let colleague = rows.into_iter().map(|row| {
        let role = crate::db::users::parse_role(row.user_id, &row.role)?;
        Ok(Colleague { user_id: row.user_id, role })
    });
    colleague.collect()
}

/// Tells some people of an account the same, who were not told of that subject yet. Names those that were told.
pub async fn tell(
    conn: &mut PgConnection,
    account: &AccountId,
    users: &[i64],
    fact: &Fact,
    subject: &str,
    now: Timestamp,
) -> Result<Vec<i64>> {
    Ok(sqlx::query_scalar!(
        "INSERT INTO notifications (account_id, user_id, fact, subject, created_at)
         SELECT $1, id, $3, $4, $5 FROM unnest($2::bigint[]) AS id
         ON CONFLICT (account_id, user_id, subject) DO NOTHING
         RETURNING user_id",
        account.0,
        users,
        serde_json::to_value(fact).map_err(encoding)?,
        subject,
        at(now)
    )
    .fetch_all(conn)
    .await?)
}

/// Forgets what was told before that.
pub async fn forget(conn: &mut PgConnection, account: &AccountId, before: Timestamp) -> Result<()> {
    sqlx::query!(
        "DELETE FROM notifications WHERE account_id = $1 AND created_at < $2",
        account.0,
        at(before)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Something that somebody was told.
#[derive(Debug, Clone)]
pub struct Notification {
    /// The row, within all accounts.
    pub id: i64,
    /// The account.
    pub account: AccountId,
    /// What; none, if a later version wrote it.
    pub fact: Option<Fact>,
    /// When.
    pub created_at: Timestamp,
    /// Whether they have read it.
    pub read: bool,
}

/// The latest of a user's, those of these accounts.
pub async fn latest(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    user: i64,
    before: Option<i64>,
    limit: i64,
) -> Result<Vec<Notification>> {
    let rows = sqlx::query!(
        "SELECT notification_id, account_id, fact, created_at, read_at FROM notifications
         WHERE user_id = $1 AND account_id = ANY ($2) AND ($3::bigint IS NULL OR notification_id < $3)
         ORDER BY notification_id DESC
         LIMIT $4",
        user,
        scope.keys(),
        before,
        limit
    )
    .fetch_all(db)
    .await?;
    let notification = rows.into_iter().map(|row| Notification {
        id: row.notification_id,
        account: AccountId(row.account_id),
        fact: serde_json::from_value(row.fact).ok(),
        created_at: row.created_at.to_jiff(),
        read: row.read_at.is_some(),
    });
    Ok(notification.collect())
}

/// Notes that the user has read what they were told up to that one.
pub async fn read_up_to(
    conn: &mut PgConnection,
    scope: &SellerScope,
    user: i64,
    last: i64,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "UPDATE notifications SET read_at = $4
         WHERE user_id = $1 AND account_id = ANY ($2) AND notification_id <= $3 AND read_at IS NULL",
        user,
        scope.keys(),
        last,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that the user has read one.
pub async fn read_one(
    conn: &mut PgConnection,
    scope: &SellerScope,
    user: i64,
    id: i64,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "UPDATE notifications SET read_at = $4
         WHERE user_id = $1 AND account_id = ANY ($2) AND notification_id = $3 AND read_at IS NULL",
        user,
        scope.keys(),
        id,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

pub(super) fn encoding(error: serde_json::Error) -> Error {
    Error::Sqlx(sqlx::Error::Encode(Box::new(error)))
}
