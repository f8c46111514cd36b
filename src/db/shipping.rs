//! What the warehouse has to ship: the orders in preparation that are ours to ship and that nobody has declared
//! yet. Read bucket by bucket, like the list (`db::order_list`), so that it costs the number of open orders.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;
use crate::domain::deadline::Rank;

/// An order to ship, as far as a queue shows it: nothing of its customer.
#[derive(Debug, Clone)]
pub struct ToShip {
    /// The account.
    pub account_id: String,
    /// The marketplace's identifier.
    pub order_id: String,
    /// The channel's name.
    pub channel_name: String,
    /// The place in the queue.
    pub rank: i64,
    /// Pieces of the first line.
    pub first_quantity: i32,
    /// The first line's product.
    pub first_title: String,
    /// How many lines.
    pub line_count: i32,
    /// How many pieces.
    pub piece_count: i32,
    /// Whether its parcels are closed.
    pub packed: bool,
}

/// Which of the orders to ship.
#[derive(Debug)]
pub struct Wanted<'a> {
    /// Of these accounts.
    pub scope: &'a SellerScope,
    /// Of these channels; of all, if none is named.
    pub channels: &'a [String],
    /// Before that place in the queue.
    pub end: Rank,
    /// What was confirmed at or after this instant is left out: the mirror may not show it yet.
    pub settling: Timestamp,
}

/// How far the day's work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// Orders due by the end of the day that were declared today.
    pub done: i64,
    /// Orders due by then that nobody has declared.
    pub left: i64,
}

/// The orders to ship next, the closest deadline first, at most `limit`.
pub async fn next(conn: &mut PgConnection, wanted: &Wanted<'_>, limit: i64) -> Result<Vec<ToShip>> {
    Ok(sqlx::query_as!(
        ToShip,
        r#"SELECT k.account_id, k.order_id, k.channel_name, k.rank, k.first_quantity, k.first_title,
                  k.line_count, k.piece_count, k.packed AS "packed!"
           FROM (SELECT account_id, channel_id FROM order_counts
                 WHERE account_id = ANY ($1) AND status = 'InPreparation' AND supply_mode = 'Seller'
                   AND orders > 0
                   AND (cardinality($4::text[]) = 0 OR channel_id = ANY ($4))) AS b
           CROSS JOIN LATERAL (
             SELECT o.account_id, o.order_id, o.channel_name, o.rank, o.first_quantity,
                    o.first_title, o.line_count, o.piece_count, o.packed_at IS NOT NULL AS packed
             FROM orders AS o
             WHERE o.account_id = b.account_id AND o.status = 'InPreparation'
               AND o.channel_id = b.channel_id AND o.supply_mode = 'Seller' AND o.rank < $5
               AND (o.promise_state IS NULL OR o.promise_state IN ('refused', 'withdrawn')
                    OR (o.promise_state = 'confirmed'
                        AND (o.promise_kind <> 'ship' OR o.promise_at < $2)))
             ORDER BY o.rank, o.order_id COLLATE "C"
             LIMIT $3) AS k
           ORDER BY k.rank, k.order_id COLLATE "C"
           LIMIT $3"#,
        wanted.scope.keys(),
        at(wanted.settling),
        limit,
        wanted.channels,
        wanted.end.0
    )
    .fetch_all(conn)
    .await?)
}

/// How far the work is that is due before `end`: what was declared since `today` began, and what is left.
pub async fn progress(
    conn: &mut PgConnection,
    scope: &SellerScope,
    today: Timestamp,
    end: Rank,
    settling: Timestamp,
) -> Result<Progress> {
    let row = sqlx::query!(
        r#"SELECT
             (SELECT count(DISTINCT (p.account_id, p.order_id))
              FROM promises AS p
              JOIN orders AS o ON o.account_id = p.account_id AND o.order_id = p.order_id
              WHERE p.account_id = ANY ($1) AND p.kind = 'ship' AND p.created_at >= $2
                AND p.state NOT IN ('refused', 'withdrawn')
                AND extract(epoch FROM o.ship_by) < $3::bigint
                AND NOT (o.status = 'InPreparation'
                         AND (o.promise_state IN ('refused', 'withdrawn')
                              OR (o.promise_state = 'confirmed'
                                  AND (o.promise_kind <> 'ship' OR o.promise_at < $4))))) AS "done!",
             (SELECT count(*)
              FROM order_counts AS b
              JOIN orders AS o ON o.account_id = b.account_id AND o.status = b.status
                AND o.channel_id = b.channel_id AND o.supply_mode = b.supply_mode
              WHERE b.account_id = ANY ($1) AND b.status = 'InPreparation'
                AND b.supply_mode = 'Seller' AND b.orders > 0 AND o.rank < $3
                AND (o.promise_state IS NULL OR o.promise_state IN ('refused', 'withdrawn')
                     OR (o.promise_state = 'confirmed'
                         AND (o.promise_kind <> 'ship' OR o.promise_at < $4)))) AS "left!""#,
        scope.keys(),
        at(today),
        end.0,
        at(settling)
    )
    .fetch_one(conn)
    .await?;
    Ok(Progress { done: row.done, left: row.left })
}
