//! The tables `requests` and `request_watches`: what the marketplace was asked for and decides later.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::types::Json;

use crate::db::Result;
use crate::db::at;
use crate::domain::order::AccountId;
use crate::domain::request::Request;
use crate::domain::request::RequestKind;
use crate::domain::request::Requests;

/// The requests of an order, oldest first.
pub async fn of_order(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> Result<Requests> {
    let rows = sqlx::query!(
        r#"SELECT request AS "request: Json<Request>" FROM requests
           WHERE account_id = $1 AND order_id = $2
           ORDER BY first_seen_at, kind, request_id"#,
        account.0,
        order_id
    )
    .fetch_all(conn)
    .await?;
    Ok(Requests { all: rows.into_iter().map(|row| row.request.0).collect() })
}

/// Writes a request as the marketplace describes it now.
pub async fn upsert(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    request: &Request,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO requests
           (account_id, kind, request_id, order_id, request, open, first_seen_at, last_seen_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $7)
         ON CONFLICT (account_id, kind, request_id)
         DO UPDATE SET request = $5, open = $6, last_seen_at = $7",
        account.0,
        request.kind().as_str(),
        request.id(),
        order_id,
        Json(request) as _,
        request.standing().is_open(),
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// An order whose requests of one kind are to be read.
#[derive(Debug, Clone)]
pub struct Watch {
    /// The order.
    pub order_id: String,
    /// Which requests.
    pub kind: RequestKind,
    /// How often they were read without all of them being decided.
    pub reads: i32,
}

/// Sees to it that the requests of these orders are read soon.
pub async fn watch(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
    kind: RequestKind,
    next_at: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO request_watches (account_id, order_id, kind, next_at)
         SELECT $1, order_id, $3, $4 FROM unnest($2::text[]) AS order_id
         ORDER BY order_id
         ON CONFLICT (account_id, order_id, kind)
         DO UPDATE SET next_at = least(request_watches.next_at, $4), reads = 0",
        account.0,
        order_ids,
        kind.as_str(),
        at(next_at)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Takes the watch that is due first, unless the account is not to be read; if it is not settled by `again_at`, it is due again.
pub async fn take_watch(
    conn: &mut PgConnection,
    account: &AccountId,
    now: Timestamp,
    again_at: Timestamp,
) -> Result<Option<Watch>> {
    let row = sqlx::query!(
        "UPDATE request_watches AS w SET next_at = $3
         FROM (
           SELECT order_id, kind FROM request_watches
           WHERE account_id = $1 AND next_at <= $2
             AND NOT EXISTS (SELECT FROM accounts
                             WHERE account_id = $1 AND reading_paused_at IS NOT NULL)
           ORDER BY next_at
           LIMIT 1
           FOR UPDATE SKIP LOCKED) AS due
         WHERE w.account_id = $1 AND w.order_id = due.order_id AND w.kind = due.kind
         RETURNING w.order_id, w.kind, w.reads",
        account.0,
        at(now),
        at(again_at)
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| {
        let kind = RequestKind::ALL.into_iter().find(|it| it.as_str() == row.kind)?;
        Some(Watch { order_id: row.order_id, kind, reads: row.reads })
    }))
}

/// Reads a watched order again at that instant, or no more.
pub async fn set_watch(
    conn: &mut PgConnection,
    account: &AccountId,
    watch: &Watch,
    next_at: Option<Timestamp>,
) -> Result<()> {
    let kind = watch.kind.as_str();
    match next_at {
        Some(next_at) => {
            sqlx::query!(
                "UPDATE request_watches SET next_at = $4, reads = reads + 1
                 WHERE account_id = $1 AND order_id = $2 AND kind = $3",
                account.0,
                watch.order_id,
                kind,
                at(next_at)
            )
            .execute(conn)
            .await?;
        }
        None => {
            sqlx::query!(
                "DELETE FROM request_watches WHERE account_id = $1 AND order_id = $2 AND kind = $3",
                account.0,
                watch.order_id,
                kind
            )
            .execute(conn)
            .await?;
        }
    }
    Ok(())
}

/// Which of these orders the mirror has.
pub async fn mirrored(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "SELECT order_id FROM orders WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?)
}
