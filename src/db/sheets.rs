//! Many orders at once, with their lines and addresses: what picking lists and packing slips are made of.

use std::collections::HashMap;

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::db::Result;
use crate::domain::address::Address;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;

/// An order as it is picked and packed.
#[derive(Debug, Clone)]
pub struct Sheet {
    /// The account.
    pub account_id: String,
    /// The marketplace's identifier.
    pub order_id: String,
    /// The channel's own number.
    pub reference: Option<String>,
    /// The channel's identifier.
    pub channel_id: String,
    /// The channel's name.
    pub channel_name: String,
    /// Where it stands.
    pub status: Status,
    /// Who ships it.
    pub supply_mode: SupplyMode,
    /// The place in the queue.
    pub rank: i64,
    /// When the marketplace made it.
    pub created_at: Timestamp,
    /// Whether a promise is under way for it.
    pub promised: bool,
    /// Whether its parcels are closed.
    pub packed: bool,
    /// Whom it is for.
    pub customer_name: Option<String>,
    /// Where they live.
    pub postal_code: Option<String>,
    /// Where they live.
    pub city: Option<String>,
    /// Where the parcel goes.
    pub shipping: Option<Address>,
    /// What is in it, in the order of the marketplace.
    pub lines: Vec<SheetLine>,
}

/// A line of an order.
#[derive(Debug, Clone)]
pub struct SheetLine {
    /// Where it stands.
    pub status: Status,
    /// Who ships it.
    pub supply_mode: SupplyMode,
    /// Pieces.
    pub quantity: i32,
    /// The seller's number of the product.
    pub sku: Option<String>,
    /// The marketplace's number of the offer.
    pub offer_id: Option<String>,
    /// The number under the product's own barcode.
    pub gtin: Option<String>,
    /// What it is.
    pub title: String,
}

/// Reads these orders, given as pairs of account and order, in the order given. What does not exist is left out.
pub async fn of_orders(
    conn: &mut PgConnection,
    accounts: &[String],
    orders: &[String],
) -> Result<Vec<Sheet>> {
    let rows = sqlx::query!(
        r#"SELECT k.position AS "position!", o.account_id, o.order_id, o.reference, o.channel_id,
                  o.channel_name, o.status, o.supply_mode, o.rank, o.created_at,
                  coalesce(o.promise_state NOT IN ('confirmed', 'refused', 'withdrawn'), FALSE)
                    AS "promised!",
                  o.packed_at IS NOT NULL AS "packed!", o.customer_name, o.postal_code, o.city,
                  o.shipping AS "shipping: Json<Address>"
           FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(account_id, order_id, position)
           JOIN orders AS o ON o.account_id = k.account_id AND o.order_id = k.order_id
           ORDER BY 1"#,
        accounts,
        orders
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut lines = lines(conn, accounts, orders).await?;
    let sheet = rows.into_iter().map(|row| Sheet {
        lines: lines.remove(&row.position).unwrap_or_default(),
        account_id: row.account_id,
        order_id: row.order_id,
        reference: row.reference,
        channel_id: row.channel_id,
        channel_name: row.channel_name,
        status: Status::parse(&row.status),
        supply_mode: SupplyMode::parse(&row.supply_mode),
        rank: row.rank,
        created_at: row.created_at.to_jiff(),
        promised: row.promised,
        packed: row.packed,
        customer_name: row.customer_name,
        postal_code: row.postal_code,
        city: row.city,
        shipping: row.shipping.map(|Json(it)| it),
    });
    Ok(sheet.collect())
}

async fn lines(
    conn: &mut PgConnection,
    accounts: &[String],
    orders: &[String],
) -> Result<HashMap<i64, Vec<SheetLine>>> {
    let rows = sqlx::query!(
        r#"SELECT k.position AS "position!", l.status, l.supply_mode, l.quantity, l.sku, l.offer_id,
                  l.gtin, l.title
           FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(account_id, order_id, position)
           JOIN order_lines AS l ON l.account_id = k.account_id AND l.order_id = k.order_id
           ORDER BY 1, l.position"#,
        accounts,
        orders
    )
    .fetch_all(conn)
    .await?;
    let mut lines: HashMap<i64, Vec<SheetLine>> = HashMap::new();
    for row in rows {
        lines.entry(row.position).or_default().push(SheetLine {
            status: Status::parse(&row.status),
            supply_mode: SupplyMode::parse(&row.supply_mode),
            quantity: row.quantity,
            sku: row.sku,
            offer_id: row.offer_id,
            gtin: row.gtin,
            title: row.title,
        });
    }
    Ok(lines)
}
