//! What of the mirror the next reading is compared with.

use std::collections::HashMap;

use sqlx::PgConnection;

use crate::db::Result;
use crate::domain::order::AccountId;
use crate::domain::reconcile::Known;

/// What is known of orders about to be written, with the fingerprint of their JSON. Locks them, in one
/// order, so that two transactions cannot wait for each other.
pub async fn of_orders(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<HashMap<String, (Known, i64)>> {
    let rows = sqlx::query!(
        "SELECT order_id, status, updated_at, ship_by, raw_hash FROM orders
         WHERE account_id = $1 AND order_id = ANY ($2)
         ORDER BY order_id
         FOR UPDATE",
        account.0,
        order_ids
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut known = HashMap::with_capacity(rows.len());
    for row in rows {
        let entry = Known {
            status: row.status,
            updated_at: row.updated_at.to_jiff(),
            ship_by: row.ship_by.map(jiff_sqlx::Timestamp::to_jiff),
            lines: Vec::new(),
            parcels: Vec::new(),
        };
        known.insert(row.order_id, (entry, row.raw_hash));
    }
    if known.is_empty() {
        return Ok(known);
    }
    let ids: Vec<String> = known.keys().cloned().collect();
    let lines = sqlx::query!(
        "SELECT order_id, line_id, status FROM order_lines
         WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        &ids
    )
    .fetch_all(&mut *conn)
    .await?;
    for row in lines {
        if let Some((entry, _)) = known.get_mut(&row.order_id) {
            entry.lines.push((row.line_id, row.status));
        }
    }
    let parcels = sqlx::query!(
        "SELECT order_id, parcel_number FROM parcels
         WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        &ids
    )
    .fetch_all(conn)
    .await?;
    for row in parcels {
        if let Some((entry, _)) = known.get_mut(&row.order_id) {
            entry.parcels.push(row.parcel_number);
        }
    }
    Ok(known)
}
