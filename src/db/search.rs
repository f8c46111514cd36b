//! Finding an order by a number that somebody reads out: the order's, the channel's, the parcel's.

use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::scope::SellerScope;

/// The orders of these accounts with exactly that identifier, reference, or parcel number: pairs of account
/// and order, at most `limit`.
pub async fn exact(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    number: &str,
    limit: i64,
) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        r#"SELECT account_id AS "account_id!", order_id AS "order_id!" FROM (
             SELECT account_id, order_id FROM orders
             WHERE account_id = ANY ($1) AND order_id = $2
             UNION
             SELECT account_id, order_id FROM orders
             WHERE account_id = ANY ($1) AND reference = $2
             UNION
             SELECT account_id, order_id FROM parcels
             WHERE account_id = ANY ($1) AND parcel_number = $2) AS found
           LIMIT $3"#,
        scope.keys(),
        number,
        limit
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.order_id)).collect())
}

/// The channel's references of these orders, given as pairs of account and order, in the order given. The
/// list does not show them, so its rows do without.
pub async fn references(
    db: impl PgExecutor<'_>,
    accounts: &[String],
    orders: &[String],
) -> Result<Vec<Option<String>>> {
    let rows = sqlx::query_scalar!(
        r#"SELECT o.reference AS "reference?"
           FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(account_id, order_id, position)
           LEFT JOIN orders AS o ON o.account_id = k.account_id AND o.order_id = k.order_id
           ORDER BY k.position"#,
        accounts,
        orders
    )
    .fetch_all(db)
    .await?;
    Ok(rows)
}
