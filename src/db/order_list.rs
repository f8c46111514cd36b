//! The order list: one range of one index per account, or per bucket when something is filtered.
//!
//! A bucket is an account's orders of one status, channel and supply mode. The few buckets that exist are
//! known from `order_counts`, so any filter on these three is a handful of short index ranges, each already in
//! order: no sort, no walk through history. They are merged here; only then are the rows of the page read.

use std::ops::Range;

use jiff::Timestamp;
use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::db::Result;
use crate::db::maybe_at;
use crate::db::scope::SellerScope;

/// Which orders, in which order, and from where.
#[derive(Debug, Clone)]
pub struct Filter {
    /// The accounts to read.
    pub scope: SellerScope,
    /// Only these statuses; empty for all.
    pub statuses: Vec<String>,
    /// Only these channels; empty for all.
    pub channels: Vec<String>,
    /// Only these supply modes; empty for all.
    pub supply_modes: Vec<String>,
    /// Only keys in these ranges: ranks, or ages, depending on the sort. Never empty.
    pub ranges: Vec<Range<i64>>,
    /// Only orders made at or after this instant.
    pub created_from: Option<Timestamp>,
    /// Only orders made before this instant.
    pub created_to: Option<Timestamp>,
    /// The order.
    pub sort: Sort,
    /// Where the page starts, if not at the top.
    pub from: Option<From>,
}

/// The orders of the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sort {
    /// By [`crate::domain::deadline::Rank`]: the closest deadline first.
    Deadline,
    /// By [`crate::domain::deadline::Age`]: the newest first.
    Newest,
}

/// A page's neighbor, exclusive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum From {
    /// The page after this row.
    After(Position),
    /// The page before this row.
    Before(Position),
}

/// A row's place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Position {
    /// The rank or the age, depending on the sort.
    pub key: i64,
    /// Breaks ties.
    pub order_id: String,
}

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
}

/// The rows of a page, and whether there are more in the direction of reading.
#[derive(Debug)]
pub struct Page {
    /// In the order of the list, whatever the direction of reading.
    pub rows: Vec<Row>,
    /// Something lies beyond the last row read.
    pub more: bool,
}

struct Key {
    account_id: String,
    order_id: String,
    place: i64,
}

/// The statements of the list. They differ in a column, a direction, and in whether they read whole accounts
/// or buckets: nothing that SQL takes as a parameter, and spelled out they would be eight near-copies.
///
/// `$1` accounts, `$2` statuses, `$3` channels, `$4` supply modes, `$5` and `$6` the ends of the ranges, `$7`
/// and `$8` the neighbor, `$9` and `$10` the dates of creation, `$11` how many. Identifiers compare by their
/// bytes, because that is how the ranges are merged.
macro_rules! keys {
    (accounts, $key:tt, $beyond:tt, $order:tt, $arguments:expr, $conn:expr) => {
        keys!(@ ("unnest($1::text[]) AS b(account_id)
               WHERE cardinality($2::text[]) + cardinality($3::text[]) + cardinality($4::text[]) = 0")
            ("") $key, $beyond, $order, $arguments, $conn)
    };
    (buckets, $key:tt, $beyond:tt, $order:tt, $arguments:expr, $conn:expr) => {
        keys!(@ ("order_counts AS b
               WHERE b.account_id = ANY ($1) AND b.orders > 0
                 AND (cardinality($2::text[]) = 0 OR b.status = ANY ($2))
                 AND (cardinality($3::text[]) = 0 OR b.channel_id = ANY ($3))
                 AND (cardinality($4::text[]) = 0 OR b.supply_mode = ANY ($4))")
            ("AND o.status = b.status AND o.channel_id = b.channel_id
                 AND o.supply_mode = b.supply_mode")
            $key, $beyond, $order, $arguments, $conn)
    };
    (@ ($from:tt) ($bucket:tt) $key:tt, $beyond:tt, $order:tt, $arguments:expr, $conn:expr) => {{
        let Arguments { filter, lower, upper, neighbor, limit } = $arguments;
        sqlx::query_as!(
            Key,
            "SELECT k.account_id, k.order_id, k.place
             FROM (SELECT * FROM " + $from + ") AS b
             CROSS JOIN unnest($5::bigint[], $6::bigint[]) AS r(lower, upper)
             CROSS JOIN LATERAL (
               SELECT o.account_id, o.order_id, o." + $key + " AS place FROM orders AS o
               WHERE o.account_id = b.account_id " + $bucket + "
                 AND o." + $key + " >= r.lower AND o." + $key + " < r.upper
                 AND (o." + $key + ", o.order_id COLLATE \"C\") " + $beyond + " ($7, $8)
                 AND o.created_at >= coalesce($9::timestamptz, '-infinity')
                 AND o.created_at < coalesce($10::timestamptz, 'infinity')
               ORDER BY o." + $key + " " + $order + ", o.order_id COLLATE \"C\" " + $order + "
               LIMIT $11) AS k",
            filter.scope.keys(),
            &filter.statuses,
            &filter.channels,
            &filter.supply_modes,
            &lower,
            &upper,
            neighbor.key,
            neighbor.order_id,
            maybe_at(filter.created_from),
            maybe_at(filter.created_to),
            limit
        )
        .fetch_all($conn)
        .await?
    }};
}

struct Arguments<'a> {
    filter: &'a Filter,
    lower: Vec<i64>,
    upper: Vec<i64>,
    neighbor: Position,
    limit: i64,
}

/// Reads a page of the list.
pub async fn page(conn: &mut PgConnection, filter: &Filter, size: usize) -> Result<Page> {
    let mut keys = keys(conn, filter, size + 1).await?;
    let backwards = matches!(filter.from, Some(From::Before(_)));
    keys.sort_unstable_by(|a, b| (a.place, &a.order_id).cmp(&(b.place, &b.order_id)));
    let more = keys.len() > size;
    if backwards {
        keys.drain(..keys.len().saturating_sub(size));
    } else {
        keys.truncate(size);
    }
    Ok(Page { rows: rows(conn, &keys).await?, more })
}

async fn keys(conn: &mut PgConnection, filter: &Filter, limit: usize) -> Result<Vec<Key>> {
    let (neighbor, backwards) = match &filter.from {
        None => (Position { key: i64::MIN, order_id: String::new() }, false),
        Some(From::After(position)) => (position.clone(), false),
        Some(From::Before(position)) => (position.clone(), true),
    };
    let arguments = Arguments {
        filter,
        lower: filter.ranges.iter().map(|it| it.start).collect(),
        upper: filter.ranges.iter().map(|it| it.end).collect(),
        neighbor,
        limit: i64::try_from(limit).unwrap_or(i64::MAX),
    };
    let bucketed = [&filter.statuses, &filter.channels, &filter.supply_modes];
    let bucketed = bucketed.into_iter().any(|it| !it.is_empty());
    let keys = match (filter.sort, bucketed, backwards) {
        (Sort::Deadline, false, false) => keys!(accounts, "rank", ">", "", arguments, conn),
        (Sort::Deadline, false, true) => keys!(accounts, "rank", "<", "DESC", arguments, conn),
        (Sort::Deadline, true, false) => keys!(buckets, "rank", ">", "", arguments, conn),
        (Sort::Deadline, true, true) => keys!(buckets, "rank", "<", "DESC", arguments, conn),
        (Sort::Newest, false, false) => keys!(accounts, "age", ">", "", arguments, conn),
        (Sort::Newest, false, true) => keys!(accounts, "age", "<", "DESC", arguments, conn),
        (Sort::Newest, true, false) => keys!(buckets, "age", ">", "", arguments, conn),
        (Sort::Newest, true, true) => keys!(buckets, "age", "<", "DESC", arguments, conn),
    };
    Ok(keys)
}

async fn rows(conn: &mut PgConnection, keys: &[Key]) -> Result<Vec<Row>> {
    let accounts: Vec<String> = keys.iter().map(|key| key.account_id.clone()).collect();
    let orders: Vec<String> = keys.iter().map(|key| key.order_id.clone()).collect();
    by_ids(conn, &accounts, &orders).await
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
                  o.promise_state, o.promise_at
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
            };
            (row.position, found)
        })
        .collect();
    rows.sort_unstable_by_key(|(position, _)| *position);
    Ok(rows.into_iter().map(|(_, row)| row).collect())
}
