//! How many orders there are: from the counters for statuses, from the queue's index for deadlines. Never
//! by counting history.

use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::scope::SellerScope;
use crate::domain::order::AccountId;

/// How many orders of each of these accounts are in the mirror.
pub async fn by_account(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
) -> Result<Vec<(AccountId, i64)>> {
    let rows = sqlx::query!(
        r#"SELECT account_id, sum(orders)::bigint AS "orders!"
           FROM order_counts
           WHERE account_id = ANY ($1)
           GROUP BY account_id"#,
        scope.keys()
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (AccountId(row.account_id), row.orders)).collect())
}

/// The orders of an account that have the same status, channel and supply mode.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// The account.
    pub account_id: String,
    /// The marketplace's word.
    pub status: String,
    /// The channel's identifier.
    pub channel_id: String,
    /// The channel's name, or its identifier while nobody told the name.
    pub channel_name: String,
    /// The marketplace's word.
    pub supply_mode: String,
    /// How many.
    pub orders: i64,
}

/// Every bucket of these accounts that holds orders: what there is to filter by, and how many orders each
/// choice leaves. By status, then by the channel's name.
pub async fn buckets(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Bucket>> {
    Ok(sqlx::query_as!(
        Bucket,
        r#"SELECT b.account_id, b.status, b.channel_id,
                  coalesce(c.name, b.channel_id) AS "channel_name!", b.supply_mode, b.orders
           FROM order_counts AS b
           LEFT JOIN channels AS c USING (account_id, channel_id)
           WHERE b.account_id = ANY ($1) AND b.orders > 0
           ORDER BY b.status, 4, b.account_id"#,
        scope.keys()
    )
    .fetch_all(db)
    .await?)
}

/// What every page shows at the top.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Header {
    /// Orders whose deadline has passed.
    pub overdue: i64,
    /// Promises that only a person can settle.
    pub needs_person: i64,
    /// When the account that is furthest behind was last read to the end; never, if one never was.
    pub synced_at: Option<jiff::Timestamp>,
    /// Accounts whose reading fails.
    pub failing: i64,
    /// The last thing that happened to an order.
    pub newest_event: i64,
    /// What the user was told and has not read.
    pub unread: i64,
}
