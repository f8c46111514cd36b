//! The table `order_claims`: who has an order open.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db::Result;
use crate::db::at;
use crate::domain::order::AccountId;

/// Claims that have ended are removed so many at a time.
const SWEEP: i64 = 20;

/// Somebody has an order open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Claim {
    /// The row in `users`.
    pub user_id: i64,
    /// Their name.
    pub name: String,
    /// Since when.
    pub begun_at: Timestamp,
}

/// Who has the order open now, if anybody.
pub async fn live(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    now: Timestamp,
) -> Result<Option<Claim>> {
    let row = sqlx::query!(
        "SELECT c.user_id, u.name, c.begun_at FROM order_claims AS c JOIN users AS u USING (user_id)
         WHERE c.account_id = $1 AND c.order_id = $2 AND c.ends_at > $3",
        account.0,
        order_id,
        at(now)
    )
    .fetch_optional(conn)
    .await?;
    let claim = |row: (i64, String, jiff_sqlx::Timestamp)| Claim {
        user_id: row.0,
        name: row.1,
        begun_at: row.2.to_jiff(),
    };
    Ok(row.map(|row| claim((row.user_id, row.name, row.begun_at))))
}

/// Claims the order for the user, or renews their claim, until that instant. Whoever else has it open keeps it. Says
/// whether there is such an order.
pub async fn claim(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    user: i64,
    now: Timestamp,
    until: Timestamp,
) -> Result<bool> {
    let row = sqlx::query!(
        r#"WITH o AS (SELECT account_id, order_id FROM orders WHERE account_id = $1 AND order_id = $2),
         claimed AS (
           INSERT INTO order_claims AS c (account_id, order_id, user_id, begun_at, ends_at)
           SELECT account_id, order_id, $3::bigint, $4::timestamptz, $5::timestamptz FROM o
           ON CONFLICT (account_id, order_id) DO UPDATE
           SET user_id = excluded.user_id, ends_at = excluded.ends_at,
               begun_at = CASE WHEN c.user_id = excluded.user_id AND c.ends_at > excluded.begun_at
                          THEN c.begun_at ELSE excluded.begun_at END
           WHERE c.user_id = excluded.user_id OR c.ends_at <= excluded.begun_at)
         SELECT EXISTS (SELECT FROM o) AS "exists!""#,
        account.0,
        order_id,
        user,
        at(now),
        at(until)
    )
    .fetch_one(conn)
    .await?;
    Ok(row.exists)
}

/// Gives the claim on an order, which is locked, to the user, whosever it was.
pub async fn take(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    user: i64,
    now: Timestamp,
    until: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO order_claims (account_id, order_id, user_id, begun_at, ends_at)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id, order_id) DO UPDATE
         SET user_id = excluded.user_id, begun_at = excluded.begun_at, ends_at = excluded.ends_at",
        account.0,
        order_id,
        user,
        at(now),
        at(until)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Removes claims of the account that have ended, some at a time; those that somebody is just renewing stay.
pub async fn sweep(conn: &mut PgConnection, account: &AccountId, now: Timestamp) -> Result<()> {
    sqlx::query!(
        "DELETE FROM order_claims WHERE account_id = $1 AND order_id IN (
           SELECT order_id FROM order_claims
           WHERE account_id = $1 AND ends_at <= $2
           LIMIT $3
           FOR UPDATE SKIP LOCKED)",
        account.0,
        at(now),
        SWEEP
    )
    .execute(conn)
    .await?;
    Ok(())
}
