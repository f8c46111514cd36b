//! The columns `packed_at` and `packed_by` of `orders`: which parcels are closed. Ours alone; no reading of the
//! marketplace touches them.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db::Result;
use crate::db::maybe_at;
use crate::domain::order::AccountId;

/// That an order's parcels are closed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Packed {
    /// Since when.
    pub at: Timestamp,
    /// Who closed them.
    pub by: String,
}

/// Whether an order is packed.
pub async fn find(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> Result<Option<Packed>> {
    let row = sqlx::query!(
        r#"SELECT o.packed_at AS "at!", u.name FROM orders AS o
           JOIN users AS u ON u.user_id = o.packed_by
           WHERE o.account_id = $1 AND o.order_id = $2 AND o.packed_at IS NOT NULL"#,
        account.0,
        order_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Packed { at: row.at.to_jiff(), by: row.name }))
}

/// Marks an order as packed by somebody at that instant, or takes the mark off.
pub async fn set(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    packed: Option<(i64, Timestamp)>,
) -> Result<()> {
    let (by, since) = packed.unzip();
    sqlx::query!(
        "UPDATE orders SET packed_at = $3, packed_by = $4 WHERE account_id = $1 AND order_id = $2",
        account.0,
        order_id,
        maybe_at(since),
        by
    )
    .execute(conn)
    .await?;
    Ok(())
}
