//! The table `order_notes`: what the staff tell each other about an order.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Result;
use crate::db::at;
use crate::domain::order::AccountId;

/// An internal note.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// When it was written.
    pub at: Timestamp,
    /// By whom.
    pub user_name: String,
    /// What it says.
    pub text: String,
}

/// Adds a note, and counts it. Says whether it is new: the same form sent twice is one note.
pub async fn add(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    note_id: Uuid,
    user: i64,
    text: &str,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO order_notes (account_id, order_id, note_id, user_id, at, text)
         VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT DO NOTHING",
        account.0,
        order_id,
        note_id,
        user,
        at(now),
        text
    )
    .execute(&mut *conn)
    .await?;
    if done.rows_affected() == 0 {
        return Ok(false);
    }
    sqlx::query!(
        "UPDATE orders SET note_count = note_count + 1 WHERE account_id = $1 AND order_id = $2",
        account.0,
        order_id
    )
    .execute(conn)
    .await?;
    Ok(true)
}

/// The newest notes on an order, oldest first: a conversation.
pub async fn list(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> Result<Vec<Note>> {
    let rows = sqlx::query!(
        "SELECT n.at, u.name, n.text FROM order_notes AS n JOIN users AS u USING (user_id)
         WHERE n.account_id = $1 AND n.order_id = $2
         ORDER BY n.at DESC, n.note_id
         LIMIT 100",
        account.0,
        order_id
    )
    .fetch_all(conn)
    .await?;
    let note = |row: (jiff_sqlx::Timestamp, String, String)| Note {
        at: row.0.to_jiff(),
        user_name: row.1,
        text: row.2,
    };
    Ok(rows.into_iter().rev().map(|row| note((row.at, row.name, row.text))).collect())
}
