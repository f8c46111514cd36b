//! The table `order_comparisons`: how many orders the marketplace counts, and how many are here.

use std::collections::BTreeMap;

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;
use crate::domain::order::AccountId;

/// The orders of an account in one status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The account.
    pub account: AccountId,
    /// The marketplace's word; empty for all orders.
    pub status: String,
    /// How many it counts; none, if it does not count these.
    pub theirs: Option<i64>,
    /// How many are here.
    pub ours: i64,
}

/// How many orders of an account, changed since an instant, are here in each status. Counts rows, and not the
/// counters, so that these are compared too: for the worker, once a night.
pub async fn count(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    since: Timestamp,
    without_mode: Option<&str>,
) -> Result<BTreeMap<String, i64>> {
    let rows = sqlx::query!(
        r#"SELECT status, count(*) AS "orders!" FROM orders
           WHERE account_id = $1 AND updated_at >= $2 AND ($3::text IS NULL OR supply_mode <> $3)
           GROUP BY status"#,
        account.0,
        at(since),
        without_mode
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.status, row.orders)).collect())
}

/// Keeps a comparison in place of the one before.
pub async fn replace(
    conn: &mut PgConnection,
    account: &AccountId,
    rows: &[Comparison],
    differed: bool,
    now: Timestamp,
) -> Result<()> {
    let statuses: Vec<&str> = rows.iter().map(|it| it.status.as_str()).collect();
    let theirs: Vec<Option<i64>> = rows.iter().map(|it| it.theirs).collect();
    let ours: Vec<i64> = rows.iter().map(|it| it.ours).collect();
    sqlx::query!("DELETE FROM order_comparisons WHERE account_id = $1", account.0)
        .execute(&mut *conn)
        .await?;
    sqlx::query!(
        "INSERT INTO order_comparisons (account_id, status, theirs, ours)
         SELECT $1, * FROM unnest($2::text[], $3::bigint[], $4::bigint[])",
        account.0,
        &statuses as &[&str],
        &theirs as &[Option<i64>],
        &ours
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE sync_states
         SET compared_at = $2, differed = CASE WHEN $3 THEN differed + 1 ELSE 0 END
         WHERE account_id = $1",
        account.0,
        at(now),
        differed
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The last comparison of each of these accounts, all orders first, then by status.
pub async fn list(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Comparison>> {
    let rows = sqlx::query!(
        "SELECT account_id, status, theirs, ours FROM order_comparisons
         WHERE account_id = ANY ($1)
         ORDER BY account_id, status",
        scope.keys()
    )
    .fetch_all(db)
    .await?;
    let comparison = rows.into_iter().map(|row| Comparison {
        account: AccountId(row.account_id),
        status: row.status,
        theirs: row.theirs,
        ours: row.ours,
    });
    Ok(comparison.collect())
}
