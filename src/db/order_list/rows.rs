//! The rows of a page.

use jiff::Timestamp;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::db::Result;

/// A row of the list.
#[derive(Debug, Clone)]
pub struct Row {
    /// The account.
    pub account_id: String,
    /// The marketplace's identifier.
    pub order_id: String,
    /// The channel's identifier.
    pub channel_id: String,
    /// The channel's name.
    pub channel_name: String,
    /// A business order.
    pub business: bool,
    /// The marketplace's word.
    pub status: String,
    /// The marketplace's word.
    pub supply_mode: String,
    /// When the marketplace made the order.
    pub created_at: Timestamp,
    /// When the marketplace last changed it.
    pub updated_at: Timestamp,
    /// The deadline, whoever has to meet it.
    pub ship_by: Option<Timestamp>,
    /// The place in the queue.
    pub rank: i64,
    /// Whom to show.
    pub customer_name: Option<String>,
    /// Where they live.
    pub postal_code: Option<String>,
    /// Where they live.
    pub city: Option<String>,
    /// Pieces of the first line.
    pub first_quantity: i32,
    /// The first line's product.
    pub first_title: String,
    /// The first line's SKU.
    pub first_sku: Option<String>,
    /// How many lines.
    pub line_count: i32,
    /// How many pieces.
    pub piece_count: i32,
    /// ISO 4217.
    pub currency: String,
    /// What the customer paid.
    pub selling_total: Decimal,
    /// The kind of the last promise.
    pub promise_kind: Option<String>,
    /// Where the last promise stands.
    pub promise_state: Option<String>,
    /// When it was made, or settled.
    pub promise_at: Option<Timestamp>,
    /// Who looks after the order.
    pub assigned_to: Option<i64>,
    /// How many internal notes it has.
    pub note_count: i32,
    /// Whether its parcels are closed.
    pub packed: bool,
}

/// Reads the rows of these orders, given as pairs of account and order, in the order given.
pub async fn by_ids(
    conn: &mut PgConnection,
    accounts: &[String],
    orders: &[String],
) -> Result<Vec<Row>> {
    let rows = sqlx::query!(
        r#"SELECT k.position AS "position!", o.account_id, o.order_id, o.channel_id, o.channel_name,
                  o.business, o.status, o.supply_mode, o.created_at, o.updated_at, o.ship_by, o.rank,
                  o.customer_name, o.postal_code, o.city, o.first_quantity, o.first_title, o.first_sku,
                  o.line_count, o.piece_count, o.currency, o.selling_total, o.promise_kind,
                  o.promise_state, o.promise_at, o.assigned_to, o.note_count,
                  o.packed_at IS NOT NULL AS "packed!"
           FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(account_id, order_id, position)
           JOIN orders AS o ON o.account_id = k.account_id AND o.order_id = k.order_id"#,
        accounts,
        orders
    )
    .fetch_all(conn)
    .await?;
    let mut rows: Vec<(i64, Row)> = rows
        .into_iter()
        .map(|row| {
            let promise_at = row.promise_at.map(jiff_sqlx::Timestamp::to_jiff);
            let found = Row {
                account_id: row.account_id,
                order_id: row.order_id,
                channel_id: row.channel_id,
                channel_name: row.channel_name,
                business: row.business,
                status: row.status,
                supply_mode: row.supply_mode,
                created_at: row.created_at.to_jiff(),
                updated_at: row.updated_at.to_jiff(),
                ship_by: row.ship_by.map(jiff_sqlx::Timestamp::to_jiff),
                rank: row.rank,
                customer_name: row.customer_name,
                postal_code: row.postal_code,
                city: row.city,
                first_quantity: row.first_quantity,
                first_title: row.first_title,
                first_sku: row.first_sku,
                line_count: row.line_count,
                piece_count: row.piece_count,
                currency: row.currency,
                selling_total: row.selling_total,
                promise_kind: row.promise_kind,
                promise_state: row.promise_state,
                promise_at,
                assigned_to: row.assigned_to,
                note_count: row.note_count,
                packed: row.packed,
            };
            (row.position, found)
        })
        .collect();
    rows.sort_unstable_by_key(|(position, _)| *position);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
