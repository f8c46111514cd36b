//! What went wrong, or waits for somebody: few rows among many, each kind with an index of its own.

use jiff::Timestamp;
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;

/// The most of each kind that are read: a person looks at a few, and comes back for the rest.
const MOST: i64 = 20;

/// An order whose last promise was refused.
#[derive(Debug, Clone)]
pub struct Refused {
    /// The account.
    pub account_id: String,
    /// The marketplace's identifier.
    pub order_id: String,
    /// Where the order stands, in the marketplace's word.
    pub status: String,
    /// The kind of the promise.
    pub kind: String,
    /// When.
    pub at: Timestamp,
}

/// The orders of these accounts whose last promise was refused since then, newest first.
pub async fn refused(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    since: Timestamp,
) -> Result<Vec<Refused>> {
    let rows = sqlx::query!(
        r#"SELECT account_id, order_id, status, promise_kind AS "kind!", promise_at AS "at!"
           FROM orders
           WHERE account_id = ANY ($1) AND promise_state = 'refused' AND promise_at >= $2
             AND promise_kind IS NOT NULL
           ORDER BY promise_at DESC
           LIMIT $3"#,
        scope.keys(),
        at(since),
        MOST
    )
    .fetch_all(db)
    .await?;
    let refused = rows.into_iter().map(|row| Refused {
        account_id: row.account_id,
        order_id: row.order_id,
        status: row.status,
        kind: row.kind,
        at: row.at.to_jiff(),
    });
    Ok(refused.collect())
}

/// A promise whose outcome nobody knows.
#[derive(Debug, Clone)]
pub struct Unknown {
    /// The account.
    pub account_id: String,
    /// The marketplace's identifier of the order.
    pub order_id: String,
    /// The promise.
    pub promise_id: Uuid,
    /// Its kind.
    pub kind: String,
    /// Whether only a person can settle it.
    pub needs_person: bool,
    /// When it was made.
    pub since: Timestamp,
}

/// The promises of these accounts whose outcome nobody knows, those for a person first, then the oldest.
pub async fn unknown(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Unknown>> {
    let rows = sqlx::query!(
        r#"SELECT account_id, order_id, promise_id, kind, state = 'needs_person' AS "needs_person!",
                  created_at
           FROM promises
           WHERE account_id = ANY ($1) AND settled_at IS NULL
             AND state IN ('in_doubt', 'needs_person')
           ORDER BY state = 'needs_person' DESC, created_at
           LIMIT $2"#,
        scope.keys(),
        MOST
    )
    .fetch_all(db)
    .await?;
    let unknown = rows.into_iter().map(|row| Unknown {
        account_id: row.account_id,
        order_id: row.order_id,
        promise_id: row.promise_id,
        kind: row.kind,
        needs_person: row.needs_person,
        since: row.created_at.to_jiff(),
    });
    Ok(unknown.collect())
}

/// A customer who wants an order cancelled, without an answer yet.
#[derive(Debug, Clone)]
pub struct Wish {
    /// The account.
    pub account_id: String,
    /// The marketplace's identifier of the order.
    pub order_id: String,
    /// When it was first seen.
    pub since: Timestamp,
}

/// The undecided cancellations that customers asked for, oldest first.
pub async fn wishes(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Wish>> {
    let rows = sqlx::query!(
        "SELECT account_id, order_id, first_seen_at FROM requests
         WHERE account_id = ANY ($1) AND open AND kind = 'cancellation'
           AND request ->> 'asked_by' = 'customer'
         ORDER BY first_seen_at
         LIMIT $2",
        scope.keys(),
        MOST
    )
    .fetch_all(db)
    .await?;
    let wishes = rows.into_iter().map(|row| Wish {
        account_id: row.account_id,
        order_id: row.order_id,
        since: row.first_seen_at.to_jiff(),
    });
    Ok(wishes.collect())
}

/// The orders of an account that could not be read.
#[derive(Debug, Clone)]
pub struct Unread {
    /// The account.
    pub account_id: String,
    /// How many.
    pub orders: i64,
    /// Since when the first.
    pub since: Timestamp,
}

/// How many orders of these accounts could not be read.
pub async fn unread(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Unread>> {
    let rows = sqlx::query!(
        r#"SELECT account_id, count(*) AS "orders!", min(first_seen_at) AS "since!"
           FROM order_faults
           WHERE account_id = ANY ($1)
           GROUP BY account_id
           ORDER BY account_id"#,
        scope.keys()
    )
    .fetch_all(db)
    .await?;
    let unread = rows.into_iter().map(|row| Unread {
        account_id: row.account_id,
        orders: row.orders,
        since: row.since.to_jiff(),
    });
    Ok(unread.collect())
}

/// Many orders at once, of which some were not done.
#[derive(Debug, Clone)]
pub struct Unfinished {
    /// The batch.
    pub batch_id: Uuid,
    /// The file that it came from, if it did.
    pub file_name: Option<String>,
    /// How many of its rows were stopped, or refused.
    pub failed: i64,
    /// How many there were.
    pub rows: i64,
    /// When it was confirmed.
    pub at: Timestamp,
}

/// The last batches of a user since then with rows that were not done, and that nobody has taken up again.
pub async fn unfinished(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    user_id: i64,
    since: Timestamp,
) -> Result<Vec<Unfinished>> {
    let rows = sqlx::query!(
        r#"SELECT b.batch_id, b.file_name, b.row_count, b.confirmed_at AS "confirmed_at!",
                  count(*) AS "failed!"
           FROM (SELECT * FROM batches
                 WHERE user_id = $2 AND created_at >= $3 AND confirmed_at IS NOT NULL
                 ORDER BY created_at DESC
                 LIMIT 3) AS b
           JOIN batch_rows AS r
             ON r.account_id = ANY ($1) AND r.account_id = ANY (b.accounts) AND r.batch_id = b.batch_id
           LEFT JOIN promises AS p ON p.account_id = r.account_id AND p.promise_id = r.promise_id
           WHERE (r.state = 'stopped' OR p.state = 'refused')
             AND NOT EXISTS (SELECT FROM batches AS again WHERE again.retry_of = b.batch_id)
           GROUP BY b.batch_id, b.file_name, b.row_count, b.confirmed_at
           ORDER BY b.confirmed_at DESC"#,
        scope.keys(),
        user_id,
        at(since)
    )
    .fetch_all(db)
    .await?;
    let unfinished = rows.into_iter().map(|row| Unfinished {
        batch_id: row.batch_id,
        file_name: row.file_name,
        failed: row.failed,
        rows: row.row_count.into(),
        at: row.confirmed_at.to_jiff(),
    });
    Ok(unfinished.collect())
}
