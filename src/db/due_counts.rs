//! How many orders each deadline has, counted in the queue, which is short: never in history.
//!
//! A bucket's part of the queue is one range of an index that holds all that is asked, so that no order is read.

use jiff::Timestamp;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::scope::SellerScope;
use crate::domain::deadline::Boundaries;
use crate::domain::deadline::Urgency;
use crate::domain::order::Status;

/// The orders of an account and a channel that this team has to ship by some time.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct DueCount {
    /// The account.
    pub account_id: String,
    /// The channel's identifier.
    pub channel_id: String,
    /// Whose deadline has passed.
    pub overdue: i64,
    /// Due in under four hours.
    pub soon: i64,
    /// Due later on the same day.
    pub today: i64,
    /// Due on the next day.
    pub tomorrow: i64,
    /// Due after that.
    pub later: i64,
    /// The first deadline of each but the last, in seconds since 1970.
    pub first_overdue: Option<i64>,
    /// See there.
    pub first_soon: Option<i64>,
    /// See there.
    pub first_today: Option<i64>,
    /// See there.
    pub first_tomorrow: Option<i64>,
}

/// Counts the queue of these accounts, each with the boundaries of its own day.
pub async fn count(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    days: &[(String, Boundaries)],
) -> Result<Vec<DueCount>> {
    let end = |urgency: Urgency| days.iter().map(move |(_, it)| urgency.ranks(it).end.0);
    let accounts: Vec<String> = days.iter().map(|(account, _)| account.clone()).collect();
    let [overdue, soon, today, tomorrow] =
        [Urgency::Overdue, Urgency::Soon, Urgency::Today, Urgency::Tomorrow]
            .map(|it| end(it).collect::<Vec<i64>>());
    // The same everywhere: where the deadlines end in the queue.
    let last = end(Urgency::Later).max().unwrap_or_default();
    Ok(sqlx::query_as!(
        DueCount,
        r#"SELECT b.account_id, b.channel_id,
                  sum(d.overdue)::bigint AS "overdue!", sum(d.soon)::bigint AS "soon!",
                  sum(d.today)::bigint AS "today!", sum(d.tomorrow)::bigint AS "tomorrow!",
                  sum(d.later)::bigint AS "later!",
                  min(d.first_overdue) AS first_overdue, min(d.first_soon) AS first_soon,
                  min(d.first_today) AS first_today, min(d.first_tomorrow) AS first_tomorrow
           FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
                  AS z(account_id, overdue, soon, today, tomorrow)
           JOIN order_counts AS b ON b.account_id = z.account_id
           CROSS JOIN LATERAL (
             SELECT count(*) FILTER (WHERE o.rank < z.overdue) AS overdue,
                    count(*) FILTER (WHERE o.rank >= z.overdue AND o.rank < z.soon) AS soon,
                    count(*) FILTER (WHERE o.rank >= z.soon AND o.rank < z.today) AS today,
                    count(*) FILTER (WHERE o.rank >= z.today AND o.rank < z.tomorrow) AS tomorrow,
                    count(*) FILTER (WHERE o.rank >= z.tomorrow) AS later,
                    min(o.rank) FILTER (WHERE o.rank < z.overdue) AS first_overdue,
                    min(o.rank) FILTER (WHERE o.rank >= z.overdue AND o.rank < z.soon) AS first_soon,
                    min(o.rank) FILTER (WHERE o.rank >= z.soon AND o.rank < z.today) AS first_today,
                    min(o.rank) FILTER (WHERE o.rank >= z.today AND o.rank < z.tomorrow)
                      AS first_tomorrow
             FROM orders AS o
             WHERE o.account_id = b.account_id AND o.status = b.status
               AND o.channel_id = b.channel_id AND o.supply_mode = b.supply_mode
               AND o.rank < $7) AS d
           WHERE b.account_id = ANY ($1) AND b.orders > 0 AND b.status <> ALL ($8)
           GROUP BY b.account_id, b.channel_id
           ORDER BY b.account_id, b.channel_id"#,
        scope.keys(),
        &accounts,
        &overdue,
        &soon,
        &today,
        &tomorrow,
        last,
        &closed()
    )
    .fetch_all(db)
    .await?)
}

/// The statuses whose orders are in no queue.
fn closed() -> Vec<String> {
    let closed = Status::KNOWN.into_iter().filter(Status::is_closed);
    closed.map(|it| it.as_str().to_owned()).collect()
}

/// How many orders of these accounts become late in that time, if nothing is shipped.
pub async fn becoming_late(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    from: Timestamp,
    to: Timestamp,
) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "orders!" FROM orders
           WHERE account_id = ANY ($1) AND rank >= $2 AND rank < $3"#,
        scope.keys(),
        from.as_second(),
        to.as_second()
    )
    .fetch_one(db)
    .await?)
}

/// When the order was made that waits longest in that status.
pub async fn oldest(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    status: &Status,
) -> Result<Option<Timestamp>> {
    let oldest = sqlx::query_scalar!(
        "SELECT min(first.created_at)
         FROM order_counts AS b
         CROSS JOIN LATERAL (
           SELECT o.created_at FROM orders AS o
           WHERE o.account_id = b.account_id AND o.status = b.status
             AND o.channel_id = b.channel_id AND o.supply_mode = b.supply_mode
           ORDER BY o.age DESC
           LIMIT 1) AS first
         WHERE b.account_id = ANY ($1) AND b.orders > 0 AND b.status = $2",
        scope.keys(),
        status.as_str()
    )
    .fetch_one(db)
    .await?;
    Ok(oldest.map(jiff_sqlx::Timestamp::to_jiff))
}
