//! The table `order_events`: only ever added to.

use jiff::Timestamp;
use serde::Serialize;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Error;
use crate::db::Result;
use crate::db::at;
use crate::domain::event::Actor;
use crate::domain::event::Event;
use crate::domain::order::AccountId;

/// One thing that happened to an order.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When.
    pub at: Timestamp,
    /// Who.
    pub actor: Actor,
    /// The person's name, when it was one.
    pub user_name: Option<String>,
    /// The name of whom it was done to: of a colleague, when there is one.
    pub other_name: Option<String>,
    /// The promise it belongs to.
    pub promise_id: Option<Uuid>,
    /// What.
    pub event: Event,
}

/// Adds what a person or this program did.
pub async fn add(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    user: Option<i64>,
    promise_id: Option<Uuid>,
    event: &Event,
    now: Timestamp,
) -> Result<()> {
    let actor = if user.is_some() { Actor::Person } else { Actor::Comptoir };
    sqlx::query!(
        "INSERT INTO order_events (account_id, order_id, at, actor, user_id, promise_id, event)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
        account.0,
        order_id,
        at(now),
        actor.as_str(),
        user,
        promise_id,
        Json(event) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Something the marketplace did, as seen in a reading.
#[derive(Debug, Serialize)]
pub struct Seen {
    /// The order.
    pub order_id: String,
    /// The marketplace's time of the change.
    pub at: Timestamp,
    /// What.
    pub event: Event,
}

/// Adds what the marketplace did to many orders.
pub async fn add_seen(conn: &mut PgConnection, account: &AccountId, seen: &[Seen]) -> Result<()> {
    if seen.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "INSERT INTO order_events (account_id, order_id, at, actor, event)
         SELECT $1, r.order_id, r.at, $3, r.event
         FROM jsonb_to_recordset($2) AS r(order_id TEXT, at TIMESTAMPTZ, event JSONB)",
        account.0,
        Json(seen) as _,
        Actor::Marketplace.as_str()
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The newest things that happened to an order, newest first.
pub async fn list(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> Result<Vec<Entry>> {
    let rows = sqlx::query!(
        r#"SELECT e.event_id, e.at, e.actor, u.name AS "user_name?", o.name AS "other_name?",
                  e.promise_id, e.event AS "event: Json<Event>"
           FROM order_events AS e
           LEFT JOIN users AS u USING (user_id)
           LEFT JOIN users AS o ON o.user_id = (e.event ->> 'user')::bigint
           WHERE e.account_id = $1 AND e.order_id = $2
           ORDER BY e.event_id DESC
           LIMIT 200"#,
        account.0,
        order_id
    )
    .fetch_all(conn)
    .await?;
    let entry = rows.into_iter().map(|row| {
        let actor = Actor::parse(&row.actor).ok_or_else(|| Error::Corrupt {
            table: "order_events",
            column: "actor",
            id: row.event_id.to_string(),
            value: row.actor,
        })?;
        Ok(Entry {
            at: row.at.to_jiff(),
            actor,
            user_name: row.user_name,
            other_name: row.other_name,
            promise_id: row.promise_id,
            event: row.event.0,
        })
    });
    entry.collect()
}
