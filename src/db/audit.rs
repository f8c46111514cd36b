//! The tables `audit`, `audit_head` and `audit_inbox`: only ever added to.

mod page;

use serde_json::Value;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Error;
use crate::db::Result;
use crate::db::at;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::chain::Head;
use crate::domain::audit::chain::Row;

pub use page::Filter;
pub use page::Found;
pub use page::Position;
pub use page::page;

/// What stands for "no seller account".
pub const NO_ACCOUNT: &str = "";

/// Writes an entry, which joins the chain when the transaction commits.
pub async fn add(
    conn: &mut PgConnection,
    entry: &Entry,
    request_id: Option<&str>,
    peer: Option<&str>,
) -> Result<()> {
    let (kind, details) = stored(&entry.act)?;
    sqlx::query!(
        "INSERT INTO audit_inbox (at, actor, user_id, account_id, order_id, topic, outcome, kind, details,
           request_id, peer)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        at(entry.at),
        entry.actor.as_str(),
        entry.user,
        entry.account.as_ref().map_or(NO_ACCOUNT, |it| &it.0),
        entry.order_id,
        entry.act.topic().as_str(),
        entry.act.outcome().as_str(),
        kind,
        details,
        request_id,
        peer
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The two columns of an act.
fn stored(act: &Act) -> Result<(String, Value)> {
    let value = serde_json::to_value(act).map_err(|error| sqlx::Error::Encode(error.into()))?;
    let kind = value["kind"].as_str().unwrap_or_default().to_owned();
    let details = value.get("details").cloned();
    Ok((kind, details.unwrap_or_else(|| Value::Object(serde_json::Map::new()))))
}

/// The inverse of [`stored`]; none for what a later version wrote.
fn read_act(kind: &str, details: Value) -> Option<Act> {
    let mut value = serde_json::json!({ "kind": kind });
    // What has no details is stored with an empty object.
    if details.as_object().is_some_and(|it| !it.is_empty()) {
        value["details"] = details;
    }
    serde_json::from_value(value).ok()
}

/// Where the chain ends.
pub async fn head(db: impl PgExecutor<'_>) -> Result<Head> {
    let row = sqlx::query!("SELECT seq, hash FROM audit_head").fetch_optional(db).await?;
    let row = row.ok_or_else(|| Error::Corrupt {
        table: "audit_head",
        column: "seq",
        id: "the only row".to_owned(),
        value: "nothing".to_owned(),
    })?;
    Ok(Head { seq: row.seq, hash: row.hash })
}

/// The next rows of the chain after that number, at most `limit`, for whoever checks it.
pub async fn chain(db: impl PgExecutor<'_>, after: i64, limit: i64) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Row,
        r#"SELECT seq, (extract(epoch FROM at) * 1000000)::bigint AS "at!", actor, user_id AS user,
                  account_id AS account, order_id, topic, outcome, kind, details::text AS "details!",
                  request_id, peer, previous, hash
           FROM audit WHERE seq > $1 ORDER BY seq LIMIT $2"#,
        after,
        limit
    )
    .fetch_all(db)
    .await?;
    Ok(rows)
}

/// Everybody who can stand in it: keys and names, by name.
pub async fn people(db: impl PgExecutor<'_>) -> Result<Vec<(i64, String)>> {
    let rows = sqlx::query!("SELECT user_id, name FROM users ORDER BY name, user_id")
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(|row| (row.user_id, row.name)).collect())
}
