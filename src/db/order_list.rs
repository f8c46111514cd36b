//! The order list: one range of one index per account, or per bucket when something is filtered.
//!
//! A bucket is an account's orders of one status, channel and supply mode. The few buckets that exist are
//! known from `order_counts`, so any filter on these three is a handful of short index ranges, each already in
//! order: no sort, no walk through history. They are merged here; only then are the rows of the page read.

mod also;
mod rows;

use std::ops::Range;

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db::Result;
use crate::db::maybe_at;
use crate::db::scope::SellerScope;

pub use also::Also;
pub use also::Choices;
pub use also::Colleague;
pub use also::choices;
pub use rows::Row;
pub use rows::by_ids;

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
    /// What is asked of each order that the ranges hold.
    pub also: Also,
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
    /// The same from its end: who waits longest is first.
    Oldest,
}

impl Sort {
    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Deadline => "deadline",
            Self::Newest => "newest",
            Self::Oldest => "oldest",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        [Self::Deadline, Self::Newest, Self::Oldest].into_iter().find(|it| it.as_str() == word)
    }
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

/// The rows of a page, and whether there are more in the direction of reading.
#[derive(Debug)]
pub struct Page {
    /// In the order of the list, whatever the direction of reading.
    pub rows: Vec<Row>,
    /// Something lies beyond the last row read.
    pub more: bool,
}

/// An order, and its place in the list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The account.
    pub account_id: String,
    /// The marketplace's identifier.
    pub order_id: String,
    /// The rank or the age, depending on the sort.
    pub key: i64,
}

/// The statements of the list. They differ in a column, a direction, and in whether they read whole accounts
/// or buckets: nothing that SQL takes as a parameter, and spelled out they would be eight near-copies.
///
/// `$1` accounts, `$2` statuses, `$3` channels, `$4` supply modes, `$5` and `$6` the ends of the ranges, `$7`
/// and `$8` the neighbor, `$9` and `$10` the dates of creation, `$11` how many, the rest what [`Also`] asks. Identifiers compare by their
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
            Place,
            "SELECT k.account_id, k.order_id, k.key
             FROM (SELECT * FROM " + $from + ") AS b
             CROSS JOIN unnest($5::bigint[], $6::bigint[]) AS r(lower, upper)
             CROSS JOIN LATERAL (
               SELECT o.account_id, o.order_id, o." + $key + " AS key FROM orders AS o
               WHERE o.account_id = b.account_id " + $bucket + "
                 AND o." + $key + " >= r.lower AND o." + $key + " < r.upper
                 AND (o." + $key + ", o.order_id COLLATE \"C\") " + $beyond + " ($7, $8)
                 AND o.created_at >= coalesce($9::timestamptz, '-infinity')
                 AND o.created_at < coalesce($10::timestamptz, 'infinity')
                 AND ($12::boolean IS NULL OR o.business = $12)
                 AND (cardinality($13::text[]) = 0 OR o.country = ANY ($13))
                 AND ($14::text IS NULL OR $14 = ANY (o.carriers))
                 AND ($15::numeric IS NULL OR o.selling_total >= $15)
                 AND ($16::numeric IS NULL OR o.selling_total <= $16)
                 AND (cardinality($17::text[]) = 0
                      OR coalesce(o.promise_state, 'withdrawn') = ANY ($17))
                 AND ($18::bigint IS NULL OR coalesce(o.assigned_to, 0) = $18)
                 AND (NOT $19 OR o.note_count > 0)
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
            limit,
            filter.also.business,
            &filter.also.countries,
            filter.also.carrier.as_deref(),
            filter.also.amount_from,
            filter.also.amount_to,
            &filter.also.promise_states,
            filter.also.assigned_to,
            filter.also.with_notes
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
    let mut places = merged(conn, filter, size + 1).await?;
    let more = places.len() > size;
    cut(filter, &mut places, size);
    Ok(Page { rows: rows(conn, &places).await?, more })
}

/// Reads at most that many orders of the list and nothing of them but their places.
pub async fn places(conn: &mut PgConnection, filter: &Filter, most: usize) -> Result<Vec<Place>> {
    let mut places = merged(conn, filter, most).await?;
    cut(filter, &mut places, most);
    Ok(places)
}

/// Some of each range, in the order of the list.
async fn merged(conn: &mut PgConnection, filter: &Filter, most: usize) -> Result<Vec<Place>> {
    let mut places = keys(conn, filter, most).await?;
    places.sort_unstable_by(|a, b| (a.key, &a.order_id).cmp(&(b.key, &b.order_id)));
    if filter.sort == Sort::Oldest {
        places.reverse();
    }
    Ok(places)
}

/// Keeps those that are nearest to where the list is read from.
fn cut(filter: &Filter, places: &mut Vec<Place>, most: usize) {
    if matches!(filter.from, Some(From::Before(_))) {
        places.drain(..places.len().saturating_sub(most));
    } else {
        places.truncate(most);
    }
}

async fn keys(conn: &mut PgConnection, filter: &Filter, limit: usize) -> Result<Vec<Place>> {
    let oldest = filter.sort == Sort::Oldest;
    let end = if oldest { i64::MAX } else { i64::MIN };
    let (neighbor, downwards) = match &filter.from {
        None => (Position { key: end, order_id: String::new() }, oldest),
        Some(From::After(position)) => (position.clone(), oldest),
        Some(From::Before(position)) => (position.clone(), !oldest),
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
    let keys = match (filter.sort, bucketed, downwards) {
        (Sort::Deadline, false, false) => keys!(accounts, "rank", ">", "", arguments, conn),
        (Sort::Deadline, false, true) => keys!(accounts, "rank", "<", "DESC", arguments, conn),
        (Sort::Deadline, true, false) => keys!(buckets, "rank", ">", "", arguments, conn),
        (Sort::Deadline, true, true) => keys!(buckets, "rank", "<", "DESC", arguments, conn),
        (Sort::Newest | Sort::Oldest, false, false) => {
            keys!(accounts, "age", ">", "", arguments, conn)
        }
        (Sort::Newest | Sort::Oldest, false, true) => {
            keys!(accounts, "age", "<", "DESC", arguments, conn)
        }
        (Sort::Newest | Sort::Oldest, true, false) => {
            keys!(buckets, "age", ">", "", arguments, conn)
        }
        (Sort::Newest | Sort::Oldest, true, true) => {
            keys!(buckets, "age", "<", "DESC", arguments, conn)
        }
    };
    Ok(keys)
}

async fn rows(conn: &mut PgConnection, keys: &[Place]) -> Result<Vec<Row>> {
    let accounts: Vec<String> = keys.iter().map(|key| key.account_id.clone()).collect();
    let orders: Vec<String> = keys.iter().map(|key| key.order_id.clone()).collect();
    by_ids(conn, &accounts, &orders).await
}
