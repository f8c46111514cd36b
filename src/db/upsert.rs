//! Writing what the marketplace describes: rows travel as one JSON parameter per table, so that a page of a
//! hundred orders costs the same number of round trips as a single order.

mod facets;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::db::Result;
use crate::db::at;
use crate::domain::address::Address;
use crate::domain::deadline;
use crate::domain::order::AccountId;
use crate::domain::order::Order;
use crate::domain::order::ServiceFee;

/// An order to write, with the JSON it came from.
#[derive(Debug)]
pub struct Incoming<'a> {
    /// As understood.
    pub order: &'a Order,
    /// As received.
    pub raw: &'a str,
    /// The fingerprint of `raw`.
    pub raw_hash: i64,
}

/// Writes orders with their lines, parcels and raw JSON. An order that the mirror knows in a newer state
/// is the caller's to leave out.
pub async fn orders(
    conn: &mut PgConnection,
    account: &AccountId,
    incoming: &[Incoming<'_>],
    now: Timestamp,
) -> Result<()> {
    let rows: Vec<_> = incoming.iter().map(OrderRow::from).collect();
    sqlx::query_file!("src/db/upsert_orders.sql", account.0, Json(rows) as _, at(now))
        .execute(&mut *conn)
        .await?;
    lines(conn, account, incoming).await?;
    parcels(conn, account, incoming).await?;
    facets::keep(conn, account, incoming).await?;
    let as_received: Vec<_> =
        incoming.iter().map(|it| RawRow { order_id: &it.order.id, raw: it.raw }).collect();
    sqlx::query!(
        "INSERT INTO order_raw (account_id, order_id, received_at, raw)
         SELECT $1, r.order_id, $3, r.raw
         FROM jsonb_to_recordset($2) AS r(order_id TEXT, raw TEXT)
         -- Nothing is kept of an order without its customer.
         WHERE r.raw <> ''
         ON CONFLICT (account_id, order_id)
         DO UPDATE SET received_at = excluded.received_at, raw = excluded.raw",
        account.0,
        Json(as_received) as _,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn lines(
    conn: &mut PgConnection,
    account: &AccountId,
    incoming: &[Incoming<'_>],
) -> Result<()> {
    let ids: Vec<String> = incoming.iter().map(|it| it.order.id.clone()).collect();
    sqlx::query!(
        "DELETE FROM order_lines WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        &ids
    )
    .execute(&mut *conn)
    .await?;
    let rows: Vec<_> = incoming.iter().flat_map(|it| line_rows(it.order)).collect();
    sqlx::query!(
        "INSERT INTO order_lines
           (account_id, order_id, line_id, position, status, supply_mode, quantity, offer_id, sku,
            title, gtin, condition, offer_unit_price, selling_unit_price, shipping_cost, commission,
            commission_rate, vat_rate, delivery_mode, promised_from, promised_to)
         SELECT $1, r.*
         FROM jsonb_to_recordset($2) AS r(
           order_id TEXT, line_id TEXT, position INTEGER, status TEXT, supply_mode TEXT,
           quantity INTEGER, offer_id TEXT, sku TEXT, title TEXT, gtin TEXT, condition TEXT,
           offer_unit_price NUMERIC, selling_unit_price NUMERIC, shipping_cost NUMERIC,
           commission NUMERIC, commission_rate NUMERIC, vat_rate NUMERIC, delivery_mode TEXT,
           promised_from TIMESTAMPTZ, promised_to TIMESTAMPTZ)
         -- The marketplace's line identifiers are not proven unique: the first one counts.
         ON CONFLICT (account_id, order_id, line_id) DO NOTHING",
        account.0,
        Json(rows) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

async fn parcels(
    conn: &mut PgConnection,
    account: &AccountId,
    incoming: &[Incoming<'_>],
) -> Result<()> {
    let rows: Vec<_> = incoming
        .iter()
        .flat_map(|it| it.order.parcels.iter().map(|parcel| (&it.order.id, parcel)))
        .map(|(order_id, parcel)| ParcelRow {
            order_id,
            parcel_number: &parcel.number,
            carrier: &parcel.carrier,
            tracking_url: parcel.tracking_url.as_deref(),
            line_ids: &parcel.line_ids,
        })
        .collect();
    if rows.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO parcels (account_id, order_id, parcel_number, carrier, tracking_url, line_ids)
         SELECT $1, r.order_id, r.parcel_number, r.carrier, r.tracking_url, r.line_ids
         FROM jsonb_to_recordset($2) AS r(
           order_id TEXT, parcel_number TEXT, carrier TEXT, tracking_url TEXT, line_ids TEXT[])
         ON CONFLICT (account_id, order_id, parcel_number)
         DO UPDATE SET carrier = excluded.carrier, tracking_url = excluded.tracking_url,
           line_ids = excluded.line_ids",
        account.0,
        Json(rows) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

#[derive(Serialize)]
struct OrderRow<'a> {
    order_id: &'a str,
    reference: Option<&'a str>,
    channel_id: &'a str,
    channel_name: &'a str,
    business: bool,
    status: &'a str,
    supply_mode: String,
    created_at: Timestamp,
    updated_at: Timestamp,
    ship_by: Option<Timestamp>,
    rank: i64,
    age: i64,
    customer_reference: Option<&'a str>,
    payment_method: Option<&'a str>,
    customer_name: Option<String>,
    postal_code: Option<&'a str>,
    city: Option<&'a str>,
    country: Option<&'a str>,
    carriers: Option<Vec<&'a str>>,
    first_quantity: i32,
    first_title: &'a str,
    first_sku: Option<&'a str>,
    line_count: usize,
    piece_count: i32,
    currency: &'a str,
    selling_total: Decimal,
    offer_total: Option<Decimal>,
    service_fees: &'a [ServiceFee],
    billing: Option<&'a Address>,
    shipping: Option<&'a Address>,
    raw_hash: i64,
}

impl<'a> From<&'a Incoming<'a>> for OrderRow<'a> {
    fn from(incoming: &'a Incoming<'a>) -> Self {
        let order = incoming.order;
        let address = order.shipping.as_ref().or(order.billing.as_ref());
        let first = order.lines.first();
        Self {
            order_id: &order.id,
            reference: order.reference.as_deref(),
            channel_id: &order.channel_id,
            channel_name: &order.channel_name,
            business: order.business,
            status: order.status.as_str(),
            supply_mode: order.supply_mode().as_str().to_owned(),
            created_at: order.created_at,
            updated_at: order.updated_at,
            ship_by: order.ship_by,
            rank: deadline::rank(&order.status, deadline::due_at(order), order.created_at).0,
            age: deadline::age(order.created_at).0,
            customer_reference: order.customer_reference.as_deref(),
            payment_method: order.payment_method.as_deref(),
            customer_name: address.and_then(Address::name),
            postal_code: address.and_then(|it| it.postal_code.as_deref()),
            city: address.and_then(|it| it.city.as_deref()),
            country: address.and_then(|it| it.country.as_deref()).map(facets::short),
            carriers: facets::carriers(order),
            first_quantity: first.map_or(0, |it| it.quantity),
            first_title: first.map_or("", |it| &it.title),
            first_sku: first.and_then(|it| it.sku.as_deref()),
            line_count: order.lines.len(),
            piece_count: order.lines.iter().fold(0, |sum, it| it.quantity.saturating_add(sum)),
            currency: &order.amounts.currency,
            selling_total: order.amounts.selling_total,
            offer_total: order.amounts.offer_total,
            service_fees: &order.amounts.service_fees,
            billing: order.billing.as_ref(),
            shipping: order.shipping.as_ref(),
            raw_hash: incoming.raw_hash,
        }
    }
}

#[derive(Serialize)]
struct LineRow<'a> {
    order_id: &'a str,
    line_id: &'a str,
    position: usize,
    status: &'a str,
    supply_mode: &'a str,
    quantity: i32,
    offer_id: Option<&'a str>,
    sku: Option<&'a str>,
    title: &'a str,
    gtin: Option<&'a str>,
    condition: Option<&'a str>,
    offer_unit_price: Option<Decimal>,
    selling_unit_price: Option<Decimal>,
    shipping_cost: Option<Decimal>,
    commission: Option<Decimal>,
    commission_rate: Option<Decimal>,
    vat_rate: Option<Decimal>,
    delivery_mode: Option<&'a str>,
    promised_from: Option<Timestamp>,
    promised_to: Option<Timestamp>,
}

fn line_rows(order: &Order) -> impl Iterator<Item = LineRow<'_>> {
    order.lines.iter().enumerate().map(|(position, line)| LineRow {
        order_id: &order.id,
        line_id: &line.id,
        position,
        status: line.status.as_str(),
        supply_mode: line.supply_mode.as_str(),
        quantity: line.quantity,
        offer_id: line.offer_id.as_deref(),
        sku: line.sku.as_deref(),
        title: &line.title,
        gtin: line.gtin.as_deref(),
        condition: line.condition.as_deref(),
        offer_unit_price: line.offer_unit_price,
        selling_unit_price: line.selling_unit_price,
        shipping_cost: line.shipping_cost,
        commission: line.commission,
        commission_rate: line.commission_rate,
        vat_rate: line.vat_rate,
        delivery_mode: line.delivery_mode.as_deref(),
        promised_from: line.promised_from,
        promised_to: line.promised_to,
    })
}

#[derive(Serialize)]
struct ParcelRow<'a> {
    order_id: &'a str,
    parcel_number: &'a str,
    carrier: &'a str,
    tracking_url: Option<&'a str>,
    line_ids: &'a [String],
}

#[derive(Serialize)]
struct RawRow<'a> {
    order_id: &'a str,
    raw: &'a str,
}
