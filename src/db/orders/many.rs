//! Reading many orders of an account at once, as the rules look at them: without their customers, and in a number
//! of queries that does not depend on how many they are.

use std::collections::HashMap;

use sqlx::PgConnection;
use sqlx::types::Json;

use crate::db::Result;
use crate::db::orders::Mirrored;
use crate::db::orders::OrderRow;
use crate::domain::action::ActionKind;
use crate::domain::action::InFlight;
use crate::domain::address::Address;
use crate::domain::delivery::State;
use crate::domain::order::AccountId;
use crate::domain::order::Line;
use crate::domain::order::Parcel;
use crate::domain::order::ServiceFee;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::request::Request;

/// Reads these orders, by their identifiers. Whom they go to is left out.
pub async fn without_customers(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<HashMap<String, Mirrored>> {
    let rows = sqlx::query_as!(
        OrderRow,
        r#"SELECT o.order_id, o.reference, o.channel_id, o.channel_name, o.business, o.status, o.rank,
                  o.created_at, o.updated_at, o.ship_by, NULL::text AS customer_reference,
                  o.payment_method, o.currency, o.selling_total, o.offer_total,
                  o.service_fees AS "service_fees: Json<Vec<ServiceFee>>",
                  NULL::jsonb AS "billing: Json<Address>", NULL::jsonb AS "shipping: Json<Address>",
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
           WHERE o.account_id = $1 AND o.order_id = ANY ($2)"#,
        account.0,
        order_ids
    )
    .fetch_all(&mut *conn)
    .await?;
    let mut lines = lines(conn, account, order_ids).await?;
    let mut parcels = parcels(conn, account, order_ids).await?;
    let mirrored = rows.into_iter().map(|row| {
        let id = row.order_id.clone();
        let lines = lines.remove(&id).unwrap_or_default();
        let parcels = parcels.remove(&id).unwrap_or_default();
        (id, row.into_mirrored(lines, parcels))
    });
    Ok(mirrored.collect())
}

async fn lines(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<HashMap<String, Vec<Line>>> {
    let rows = sqlx::query!(
        "SELECT order_id, line_id, status, supply_mode, quantity, offer_id, sku, title
         FROM order_lines
         WHERE account_id = $1 AND order_id = ANY ($2)
         ORDER BY order_id, position",
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?;
    let mut lines: HashMap<String, Vec<Line>> = HashMap::new();
    for row in rows {
        lines.entry(row.order_id).or_default().push(Line {
            id: row.line_id,
            status: Status::parse(&row.status),
            supply_mode: SupplyMode::parse(&row.supply_mode),
            quantity: row.quantity,
            offer_id: row.offer_id,
            sku: row.sku,
            title: row.title,
            // No rule about many looks at these.
            gtin: None,
            condition: None,
            offer_unit_price: None,
            selling_unit_price: None,
            shipping_cost: None,
            commission: None,
            commission_rate: None,
            vat_rate: None,
            delivery_mode: None,
            promised_from: None,
            promised_to: None,
        });
    }
    Ok(lines)
}

async fn parcels(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<HashMap<String, Vec<Parcel>>> {
    let rows = sqlx::query!(
        "SELECT order_id, parcel_number, carrier, line_ids FROM parcels
         WHERE account_id = $1 AND order_id = ANY ($2)
         ORDER BY order_id, parcel_number",
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?;
    let mut parcels: HashMap<String, Vec<Parcel>> = HashMap::new();
    for row in rows {
        parcels.entry(row.order_id).or_default().push(Parcel {
            number: row.parcel_number,
            carrier: row.carrier,
            tracking_url: None,
            line_ids: row.line_ids,
        });
    }
    Ok(parcels)
}

/// What is under way for these orders.
pub async fn in_flight(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<HashMap<String, InFlight>> {
    let rows = sqlx::query!(
        "SELECT p.order_id, p.kind, p.state, p.created_at, u.name AS user_name
         FROM promises AS p JOIN users AS u USING (user_id)
         WHERE p.account_id = $1 AND p.order_id = ANY ($2) AND p.settled_at IS NULL",
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?;
    let in_flight = rows.into_iter().filter_map(|row| {
        let (kind, state) = (ActionKind::parse(&row.kind)?, State::parse(&row.state)?);
        let since = row.created_at.to_jiff();
        Some((row.order_id, InFlight { kind, state, by: row.user_name, since }))
    });
    Ok(in_flight.collect())
}

/// Which orders of the account, other than this one, carry a parcel of that number.
pub async fn with_parcel(
    conn: &mut PgConnection,
    account: &AccountId,
    parcel_number: &str,
    except: &str,
) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "SELECT order_id FROM parcels
         WHERE account_id = $1 AND parcel_number = $2 AND order_id <> $3
         ORDER BY order_id
         LIMIT 3",
        account.0,
        parcel_number,
        except
    )
    .fetch_all(conn)
    .await?)
}

/// Which orders of the account have a parcel of one of these numbers: number and order.
pub async fn with_parcels(
    conn: &mut PgConnection,
    account: &AccountId,
    numbers: &[String],
) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        "SELECT parcel_number, order_id FROM parcels
         WHERE account_id = $1 AND parcel_number = ANY ($2)
         ORDER BY parcel_number, order_id",
        account.0,
        numbers
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.parcel_number, row.order_id)).collect())
}

/// Which of these orders there are.
pub async fn that_exist(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<Vec<(AccountId, String)>> {
    let found = sqlx::query_scalar!(
        "SELECT order_id FROM orders WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?;
    Ok(found.into_iter().map(|it| (account.clone(), it)).collect())
}
