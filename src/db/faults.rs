//! The table `order_faults`: orders that could not be understood. Never dropped, shown until they can be.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;
use crate::domain::order::AccountId;

/// An order that could not be understood.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The account.
    pub account: AccountId,
    /// The marketplace's identifier.
    pub order_id: String,
    /// What was wrong, without values.
    pub problem: String,
    /// When it was first seen like that.
    pub first_seen_at: Timestamp,
}

/// The orders of these accounts that could not be understood, newest first.
pub async fn list(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Fault>> {
    let rows = sqlx::query!(
        "SELECT account_id, order_id, problem, first_seen_at FROM order_faults
         WHERE account_id = ANY ($1)
         ORDER BY first_seen_at DESC
         LIMIT 100",
        scope.keys()
    )
    .fetch_all(db)
    .await?;
    let fault = rows.into_iter().map(|row| Fault {
        account: AccountId(row.account_id),
        order_id: row.order_id,
        problem: row.problem,
        first_seen_at: row.first_seen_at.to_jiff(),
    });
    Ok(fault.collect())
}

/// Forgets that orders could not be understood: they can be now.
pub async fn forget(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM order_faults WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        order_ids
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Keeps an order that could not be understood, and says why; nothing but that of an order that is without its
/// customer.
pub async fn keep(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    problem: &str,
    raw: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO order_faults (account_id, order_id, problem, raw, first_seen_at, last_seen_at)
         SELECT $1, $2, $3, raw.kept, $5, $5
         FROM (SELECT CASE WHEN EXISTS (
                 SELECT FROM orders
                 WHERE account_id = $1 AND order_id = $2 AND people_removed_at IS NOT NULL)
               THEN '' ELSE $4 END AS kept) AS raw
         ON CONFLICT (account_id, order_id)
         DO UPDATE SET problem = $3, raw = excluded.raw, last_seen_at = $5",
        account.0,
        order_id,
        problem,
        raw,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}
