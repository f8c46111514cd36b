//! How many orders came and left on each day: from two indexes by time, never from before the first day.
//!
//! Of orders that the seller ships, because the others come and leave without this team.

use jiff::Timestamp;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::maybe_at;
use crate::db::scope::SellerScope;
use crate::domain::deadline::Period;
use crate::domain::order::SupplyMode;

/// The orders made on a day that have the same status now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// Which of the days, counted from 0.
    pub day: usize,
    /// The marketplace's word.
    pub status: String,
    /// How many.
    pub orders: i64,
}

/// Counts the orders of these accounts that were made on each day. `days` are the instants at which the days
/// begin, and the one at which the last one ends.
pub async fn made(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    days: &[Timestamp],
) -> Result<Vec<Made>> {
    let ages = Period { from: days.first().copied(), to: days.last().copied() }.ages();
    let days: Vec<_> = days.iter().map(|it| at(*it)).collect();
    let rows = sqlx::query!(
        r#"SELECT b.status, width_bucket(o.created_at, $2::timestamptz[]) - 1 AS "day!",
                  count(*) AS "orders!"
           FROM order_counts AS b
           CROSS JOIN LATERAL (
             SELECT o.created_at FROM orders AS o
             WHERE o.account_id = b.account_id AND o.status = b.status
               AND o.channel_id = b.channel_id AND o.supply_mode = b.supply_mode
               AND o.age >= $3 AND o.age < $4) AS o
           WHERE b.account_id = ANY ($1) AND b.supply_mode = $5 AND b.orders > 0
           GROUP BY 1, 2"#,
        scope.keys(),
        days as _,
        ages.start.0,
        ages.end.0,
        SupplyMode::Seller.as_str()
    )
    .fetch_all(db)
    .await?;
    let made = rows.into_iter().filter_map(|row| {
        let day = usize::try_from(row.day).ok()?;
        Some(Made { day, status: row.status, orders: row.orders })
    });
    Ok(made.collect())
}

/// The orders of an account and a channel that were shipped on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shipped {
    /// Which of the days, counted from 0.
    pub day: usize,
    /// The account.
    pub account_id: String,
    /// The channel's identifier.
    pub channel_id: String,
    /// How many.
    pub orders: i64,
    /// How many of them not after their deadline.
    pub on_time: i64,
    /// How many of them after it. The others had none.
    pub late: i64,
}

/// Counts the orders of these accounts that were shipped on each day, which is as for [`made`].
pub async fn shipped(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    days: &[Timestamp],
) -> Result<Vec<Shipped>> {
    let (first, last) = (days.first().copied(), days.last().copied());
    let days: Vec<_> = days.iter().map(|it| at(*it)).collect();
    let rows = sqlx::query!(
        r#"SELECT account_id, channel_id, width_bucket(shipped_at, $2::timestamptz[]) - 1 AS "day!",
                  count(*) AS "orders!",
                  count(*) FILTER (WHERE shipped_at <= ship_by) AS "on_time!",
                  count(*) FILTER (WHERE shipped_at > ship_by) AS "late!"
           FROM orders
           WHERE account_id = ANY ($1) AND supply_mode = $5
             AND shipped_at >= $3 AND shipped_at < $4
           GROUP BY 1, 2, 3"#,
        scope.keys(),
        days as _,
        maybe_at(first) as _,
        maybe_at(last) as _,
        SupplyMode::Seller.as_str()
    )
    .fetch_all(db)
    .await?;
    let shipped = rows.into_iter().filter_map(|row| {
        let day = usize::try_from(row.day).ok()?;
        let (orders, on_time, late) = (row.orders, row.on_time, row.late);
        let (account_id, channel_id) = (row.account_id, row.channel_id);
        Some(Shipped { day, account_id, channel_id, orders, on_time, late })
    });
    Ok(shipped.collect())
}
