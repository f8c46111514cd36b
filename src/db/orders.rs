//! Reading orders of the mirror, one at a time.

pub mod many;

use jiff::Timestamp;
use rust_decimal::Decimal;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::db::Result;
use crate::domain::address::Address;
use crate::domain::channel::Channel;
use crate::domain::channel::Rules;
use crate::domain::order::AccountId;
use crate::domain::order::Amounts;
use crate::domain::order::Line;
use crate::domain::order::Order;
use crate::domain::order::Parcel;
use crate::domain::order::ServiceFee;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::request::Request;
use crate::domain::request::Requests;

pub use many::with_parcel;

/// An order of the mirror, and what the mirror alone knows of it.
#[derive(Debug, Clone)]
pub struct Mirrored {
    /// As the marketplace last described it.
    pub order: Order,
    /// The channel it was sold on.
    pub channel: Channel,
    /// What was asked of the marketplace for it.
    pub requests: Requests,
    /// The account's name.
    pub account_name: String,
    /// How long the account's promises wait; none follows the deployer's setting.
    pub send_delay_seconds: Option<i32>,
    /// The account's IANA time zone.
    pub time_zone: String,
    /// The place in the queue.
    pub rank: i64,
    /// Whether a promise was ever made for it.
    pub promised: bool,
    /// When the mirror first saw it.
    pub first_seen_at: Timestamp,
    /// When the marketplace last described it.
    pub last_seen_at: Timestamp,
}

/// Locks an order until the end of the transaction. To be read afterwards, with [`find`].
///
/// Two statements, on purpose. A single one that waits for the lock would, under READ COMMITTED, come back
/// with the *new* row of `orders` but with the promises as they were *before* the wait: the promise that
/// another operator has just made would be invisible.
pub async fn lock(conn: &mut PgConnection, account: &AccountId, order_id: &str) -> Result<bool> {
    let row = sqlx::query!(
        "SELECT order_id FROM orders WHERE account_id = $1 AND order_id = $2 FOR UPDATE",
        account.0,
        order_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.is_some())
}

/// Reads an order with its lines and parcels.
pub async fn find(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> Result<Option<Mirrored>> {
    let row = sqlx::query_as!(
        OrderRow,
        r#"SELECT o.order_id, o.reference, o.channel_id, o.channel_name, o.business, o.status, o.rank,
                  o.created_at, o.updated_at, o.ship_by, o.customer_reference, o.payment_method,
                  o.currency, o.selling_total, o.offer_total,
                  o.service_fees AS "service_fees: Json<Vec<ServiceFee>>",
                  o.billing AS "billing: Json<Address>", o.shipping AS "shipping: Json<Address>",
                  o.first_seen_at, o.last_seen_at, o.promise_kind IS NOT NULL AS "promised!",
                  a.name AS account_name, a.time_zone, a.send_delay_seconds,
                  c.acceptance AS "acceptance?", c.partial_shipment AS "partial_shipment?",
                  c.several_parcels AS "several_parcels?", c.line_in_several_parcels AS "line_in_several_parcels?",
                  c.ships_cancel_requests AS "ships_cancel_requests?",
                  c.partial_cancellation AS "partial_cancellation?", c.gestures AS "gestures?",
                  c.invoices AS "invoices?",
                  ARRAY (SELECT r.request FROM requests AS r
                         WHERE r.account_id = o.account_id AND r.order_id = o.order_id
                         ORDER BY r.first_seen_at, r.kind, r.request_id)
                    AS "requests!: Vec<Json<Request>>"
           FROM orders AS o
           JOIN accounts AS a USING (account_id)
           LEFT JOIN channels AS c ON c.account_id = o.account_id AND c.channel_id = o.channel_id
           WHERE o.account_id = $1 AND o.order_id = $2"#,
        account.0,
        order_id
    )
    .fetch_optional(&mut *conn)
    .await?;
    let Some(row) = row else { return Ok(None) };
    let lines = lines(conn, account, order_id).await?;
    let parcels = parcels(conn, account, order_id).await?;
    Ok(Some(row.into_mirrored(lines, parcels)))
}

async fn lines(conn: &mut PgConnection, account: &AccountId, order_id: &str) -> Result<Vec<Line>> {
    let rows = sqlx::query!(
        "SELECT line_id, status, supply_mode, quantity, offer_id, sku, title, gtin, condition,
                offer_unit_price, selling_unit_price, shipping_cost, commission, commission_rate,
                vat_rate, delivery_mode, promised_from, promised_to
         FROM order_lines
         WHERE account_id = $1 AND order_id = $2
         ORDER BY position",
        account.0,
        order_id
    )
    .fetch_all(conn)
    .await?;
    let line = rows.into_iter().map(|row| Line {
        id: row.line_id,
        status: Status::parse(&row.status),
        supply_mode: SupplyMode::parse(&row.supply_mode),
        quantity: row.quantity,
        offer_id: row.offer_id,
        sku: row.sku,
        title: row.title,
        gtin: row.gtin,
        condition: row.condition,
        offer_unit_price: row.offer_unit_price,
        selling_unit_price: row.selling_unit_price,
        shipping_cost: row.shipping_cost,
        commission: row.commission,
        commission_rate: row.commission_rate,
        vat_rate: row.vat_rate,
        delivery_mode: row.delivery_mode,
        promised_from: row.promised_from.map(jiff_sqlx::Timestamp::to_jiff),
        promised_to: row.promised_to.map(jiff_sqlx::Timestamp::to_jiff),
    });
    Ok(line.collect())
}

async fn parcels(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> Result<Vec<Parcel>> {
    let rows = sqlx::query!(
        "SELECT parcel_number, carrier, tracking_url, line_ids FROM parcels
         WHERE account_id = $1 AND order_id = $2
         ORDER BY parcel_number",
        account.0,
        order_id
    )
    .fetch_all(conn)
    .await?;
    let parcel = rows.into_iter().map(|row| Parcel {
        number: row.parcel_number,
        carrier: row.carrier,
        tracking_url: row.tracking_url,
        line_ids: row.line_ids,
    });
    Ok(parcel.collect())
}

struct OrderRow {
    order_id: String,
    reference: Option<String>,
    channel_id: String,
    channel_name: String,
    business: bool,
    status: String,
    rank: i64,
    created_at: jiff_sqlx::Timestamp,
    updated_at: jiff_sqlx::Timestamp,
    ship_by: Option<jiff_sqlx::Timestamp>,
    customer_reference: Option<String>,
    payment_method: Option<String>,
    currency: String,
    selling_total: Decimal,
    offer_total: Option<Decimal>,
    service_fees: Json<Vec<ServiceFee>>,
    billing: Option<Json<Address>>,
    shipping: Option<Json<Address>>,
    first_seen_at: jiff_sqlx::Timestamp,
    last_seen_at: jiff_sqlx::Timestamp,
    promised: bool,
    account_name: String,
    time_zone: String,
    send_delay_seconds: Option<i32>,
    acceptance: Option<bool>,
    partial_shipment: Option<bool>,
    several_parcels: Option<bool>,
    line_in_several_parcels: Option<bool>,
    ships_cancel_requests: Option<bool>,
    partial_cancellation: Option<bool>,
    gestures: Option<bool>,
    invoices: Option<bool>,
    requests: Vec<Json<Request>>,
}

impl OrderRow {
    fn into_mirrored(self, lines: Vec<Line>, parcels: Vec<Parcel>) -> Mirrored {
        let documented = Rules::documented(&self.channel_id);
        let rules = Rules {
            acceptance: self.acceptance.unwrap_or(documented.acceptance),
            partial_shipment: self.partial_shipment.unwrap_or(documented.partial_shipment),
            several_parcels: self.several_parcels.unwrap_or(documented.several_parcels),
            line_in_several_parcels: self
                .line_in_several_parcels
                .unwrap_or(documented.line_in_several_parcels),
            ships_cancel_requests: self
                .ships_cancel_requests
                .unwrap_or(documented.ships_cancel_requests),
            partial_cancellation: self
                .partial_cancellation
                .unwrap_or(documented.partial_cancellation),
            gestures: self.gestures.or(documented.gestures),
            invoices: self.invoices.unwrap_or(documented.invoices),
        };
        Mirrored {
            channel: Channel {
                id: self.channel_id.clone(),
                name: self.channel_name.clone(),
                rules,
            },
            requests: Requests { all: self.requests.into_iter().map(|Json(it)| it).collect() },
            account_name: self.account_name,
            send_delay_seconds: self.send_delay_seconds,
            time_zone: self.time_zone,
            rank: self.rank,
            promised: self.promised,
            first_seen_at: self.first_seen_at.to_jiff(),
            last_seen_at: self.last_seen_at.to_jiff(),
            order: Order {
                id: self.order_id,
                reference: self.reference,
                channel_id: self.channel_id,
                channel_name: self.channel_name,
                business: self.business,
                status: Status::parse(&self.status),
                customer_reference: self.customer_reference,
                payment_method: self.payment_method,
                created_at: self.created_at.to_jiff(),
                updated_at: self.updated_at.to_jiff(),
                ship_by: self.ship_by.map(jiff_sqlx::Timestamp::to_jiff),
                amounts: Amounts {
                    currency: self.currency,
                    selling_total: self.selling_total,
                    offer_total: self.offer_total,
                    service_fees: self.service_fees.0,
                },
                billing: self.billing.map(|Json(it)| it),
                shipping: self.shipping.map(|Json(it)| it),
                lines,
                parcels,
            },
        }
    }
}
