//! How many orders there are: from the counters for statuses, from the queue's index for deadlines. Never
//! by counting history.

use sqlx::PgExecutor;

use crate::db::Result;
use crate::domain::order::AccountId;

/// How many orders have that status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StatusCount {
    /// The marketplace's word.
    pub status: String,
    /// How many.
    pub orders: i64,
}

/// The orders of these accounts per status. Empty lists of channels or supply modes mean all.
pub async fn by_status(
    db: impl PgExecutor<'_>,
    accounts: &[String],
    channels: &[String],
    supply_modes: &[String],
) -> Result<Vec<StatusCount>> {
    Ok(sqlx::query_as!(
        StatusCount,
        r#"SELECT status, sum(orders)::bigint AS "orders!"
           FROM order_counts
           WHERE account_id = ANY ($1)
             AND (cardinality($2::text[]) = 0 OR channel_id = ANY ($2))
             AND (cardinality($3::text[]) = 0 OR supply_mode = ANY ($3))
           GROUP BY status
           HAVING sum(orders) > 0
           ORDER BY status"#,
        accounts,
        channels,
        supply_modes
    )
    .fetch_all(db)
    .await?)
}

/// How many orders of each of these accounts are in the mirror.
pub async fn by_account(
    db: impl PgExecutor<'_>,
    accounts: &[String],
) -> Result<Vec<(AccountId, i64)>> {
    let rows = sqlx::query!(
        r#"SELECT account_id, sum(orders)::bigint AS "orders!"
           FROM order_counts
           WHERE account_id = ANY ($1)
           GROUP BY account_id"#,
        accounts
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
pub async fn buckets(db: impl PgExecutor<'_>, accounts: &[String]) -> Result<Vec<Bucket>> {
    Ok(sqlx::query_as!(
        Bucket,
        r#"SELECT b.account_id, b.status, b.channel_id,
                  coalesce(c.name, b.channel_id) AS "channel_name!", b.supply_mode, b.orders
           FROM order_counts AS b
           LEFT JOIN channels AS c USING (account_id, channel_id)
           WHERE b.account_id = ANY ($1) AND b.orders > 0
           ORDER BY b.status, 4, b.account_id"#,
        accounts
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
}

/// What every page shows at the top; `now` in seconds since 1970, as ranks are.
pub async fn header(db: impl PgExecutor<'_>, accounts: &[String], now: i64) -> Result<Header> {
    let row = sqlx::query!(
        r#"SELECT
             -- In order and limited, so that it is read from the index whatever the planner guesses.
             (SELECT count(*) FROM unnest($1::text[]) AS a(account_id) CROSS JOIN LATERAL (
                SELECT FROM orders AS o
                WHERE o.account_id = a.account_id AND o.rank < $2
                ORDER BY o.rank, o.order_id
                LIMIT 10000) AS late) AS "overdue!",
             (SELECT count(*) FROM promises
              WHERE account_id = ANY ($1) AND state = 'needs_person') AS "needs_person!",
             (SELECT min(last_success_at) FROM sync_states
              WHERE account_id = ANY ($1)
              HAVING count(*) = count(last_success_at)) AS synced_at,
             (SELECT count(*) FROM sync_states
              WHERE account_id = ANY ($1) AND failure IS NOT NULL) AS "failing!""#,
        accounts,
        now
    )
    .fetch_one(db)
    .await?;
    Ok(Header {
        overdue: row.overdue,
        needs_person: row.needs_person,
        synced_at: row.synced_at.map(jiff_sqlx::Timestamp::to_jiff),
        failing: row.failing,
    })
}

/// How many orders lie before each of these ranks. The bounds are to be those of deadlines: what lies
/// before is open, and few.
pub async fn before(
    db: impl PgExecutor<'_>,
    accounts: &[String],
    ranks: &[i64],
) -> Result<Vec<i64>> {
    let rows = sqlx::query!(
        r#"SELECT b.position AS "position!", count(o.order_id) AS "orders!"
           FROM unnest($2::bigint[]) WITH ORDINALITY AS b(rank, position)
           LEFT JOIN orders AS o ON o.account_id = ANY ($1) AND o.rank < b.rank
           GROUP BY b.position
           ORDER BY b.position"#,
        accounts,
        ranks
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| row.orders).collect())
}
