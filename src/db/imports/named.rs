//! Orders as a file calls them.

use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::scope::SellerScope;
use crate::domain::order::AccountId;

/// An order that is called by a number.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// The number.
    pub number: String,
    /// The order's account.
    pub account: AccountId,
    /// The marketplace's identifier of the order, which the number is, or else the channel's reference.
    pub order_id: String,
}

/// The orders of these accounts that are called by one of these numbers, each once for each number.
pub async fn orders_named(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    numbers: &[String],
) -> Result<Vec<Named>> {
    let rows = sqlx::query!(
        r#"SELECT n.number AS "number!", o.account_id AS "account_id!", o.order_id AS "order_id!"
           FROM unnest($2::text[]) AS n(number)
           CROSS JOIN unnest($1::text[]) AS a(account_id)
           CROSS JOIN LATERAL (
             SELECT account_id, order_id FROM orders
             WHERE account_id = a.account_id AND order_id = n.number
             UNION
             SELECT account_id, order_id FROM orders
             WHERE account_id = a.account_id AND reference = n.number) AS o
           ORDER BY 1, 2, 3"#,
        scope.keys(),
        numbers
    )
    .fetch_all(db)
    .await?;
    let named = rows.into_iter().map(|row| Named {
        number: row.number,
        account: AccountId(row.account_id),
        order_id: row.order_id,
    });
    Ok(named.collect())
}
