//! What was written about orders, to be read and written back without their customers.

use serde::Serialize;
use serde::de::DeserializeOwned;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Result;
use crate::domain::action::Action;
use crate::domain::delivery::Refusal;
use crate::domain::event::Event;
use crate::domain::order::AccountId;
use crate::domain::request::Request;

/// A text of an order.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Text<K, T> {
    /// The order.
    pub order_id: String,
    /// Which of its texts.
    pub key: K,
    /// What it says.
    pub text: T,
}

fn text<K, T: DeserializeOwned>(order_id: String, key: K, Json(text): Json<T>) -> Text<K, T> {
    Text { order_id, key, text }
}

/// What happened to these orders.
pub async fn events(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<Vec<Text<i64, Event>>> {
    let rows = sqlx::query!(
        r#"SELECT order_id, event_id, event AS "event: Json<Event>" FROM order_events
           WHERE account_id = $1 AND order_id = ANY ($2)"#,
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| text(row.order_id, row.event_id, row.event)).collect())
}

/// Writes back what [`events`] read.
pub async fn write_events(
    conn: &mut PgConnection,
    account: &AccountId,
    texts: &[Text<i64, Event>],
) -> Result<()> {
    sqlx::query!(
        "UPDATE order_events AS e SET event = r.text
         FROM jsonb_to_recordset($2) AS r(order_id TEXT, key BIGINT, text JSONB)
         WHERE e.account_id = $1 AND e.order_id = r.order_id AND e.event_id = r.key",
        account.0,
        Json(texts) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What was promised for these orders, and why it was refused.
pub async fn promises(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<Vec<Text<Uuid, (Action, Option<Refusal>)>>> {
    let rows = sqlx::query!(
        r#"SELECT order_id, promise_id, action AS "action: Json<Action>",
                  refusal AS "refusal: Json<Refusal>"
           FROM promises
           WHERE account_id = $1 AND order_id = ANY ($2)"#,
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?;
    let promise = rows.into_iter().map(|row| Text {
        order_id: row.order_id,
        key: row.promise_id,
        text: (row.action.0, row.refusal.map(|Json(it)| it)),
    });
    Ok(promise.collect())
}

/// Writes back what [`promises`] read.
pub async fn write_promises(
    conn: &mut PgConnection,
    account: &AccountId,
    texts: &[Text<Uuid, (Action, Option<Refusal>)>],
) -> Result<()> {
    sqlx::query!(
        "UPDATE promises AS p
         SET action = r.text -> 0, refusal = nullif(r.text -> 1, 'null')
         FROM jsonb_to_recordset($2) AS r(key UUID, text JSONB)
         WHERE p.account_id = $1 AND p.promise_id = r.key",
        account.0,
        Json(texts) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The requests of these orders.
pub async fn requests(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<Vec<Text<(String, String), Request>>> {
    let rows = sqlx::query!(
        r#"SELECT order_id, kind, request_id, request AS "request: Json<Request>" FROM requests
           WHERE account_id = $1 AND order_id = ANY ($2)"#,
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?;
    let request = |row: (String, String, String, Json<Request>)| text(row.0, (row.1, row.2), row.3);
    Ok(rows
        .into_iter()
        .map(|row| request((row.order_id, row.kind, row.request_id, row.request)))
        .collect())
}

/// Writes back what [`requests`] read.
pub async fn write_requests(
    conn: &mut PgConnection,
    account: &AccountId,
    texts: &[Text<(String, String), Request>],
) -> Result<()> {
    sqlx::query!(
        "UPDATE requests AS q SET request = r.text
         FROM jsonb_to_recordset($2) AS r(key JSONB, text JSONB)
         WHERE q.account_id = $1 AND q.kind = r.key ->> 0 AND q.request_id = r.key ->> 1",
        account.0,
        Json(texts) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}
