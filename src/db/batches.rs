//! The tables `batches` and `batch_rows`: many orders at once.

pub mod chosen;
pub mod corrections;
pub mod rows;

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Error;
use crate::db::Result;
use crate::db::at;
use crate::domain::batch::Origin;
use crate::domain::batch::Purpose;
use crate::domain::order::AccountId;

/// A batch without its rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Batch {
    /// Its identifier.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: i64,
    /// The accounts whose orders it is about.
    pub accounts: Vec<String>,
    /// What for.
    pub purpose: Purpose,
    /// From where.
    pub origin: Origin,
    /// The batch that its failed rows were taken up in, if they were.
    pub retried_as: Option<Uuid>,
    /// When it was put together.
    pub created_at: Timestamp,
    /// How many rows it has.
    pub rows: i32,
    /// Grows with each change of a row.
    pub revision: i32,
    /// When it was confirmed; none, while it is a draft.
    pub confirmed_at: Option<Timestamp>,
}

/// A batch to be.
#[derive(Debug, Clone)]
pub struct NewBatch {
    /// Its identifier.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: i64,
    /// The accounts of its rows.
    pub accounts: Vec<String>,
    /// What for.
    pub purpose: Purpose,
    /// From where.
    pub origin: Origin,
    /// The batch whose rows these are, if it is a second try.
    pub retry_of: Option<Uuid>,
    /// How many rows it will have.
    pub rows: usize,
}

/// Text and not a function, because each statement is checked against the database when it is compiled.
macro_rules! batches {
    ($which:literal, $($parameter:expr),+ $(,)?) => {
        sqlx::query_as!(
            BatchRow,
            "SELECT b.batch_id, b.user_id, b.accounts, b.purpose, b.origin, b.file_name, b.created_at,
                    b.row_count, b.revision, b.confirmed_at,
                    (SELECT r.batch_id FROM batches AS r WHERE r.retry_of = b.batch_id) AS retried_as
             FROM batches AS b " + $which,
            $($parameter),+
        )
    };
}

/// Finds a batch of that user.
pub async fn find(conn: &mut PgConnection, user_id: i64, batch_id: Uuid) -> Result<Option<Batch>> {
    let row = batches!("WHERE b.user_id = $1 AND b.batch_id = $2", user_id, batch_id)
        .fetch_optional(conn)
        .await?;
    row.map(Batch::try_from).transpose()
}

/// The same, locked until the end of the transaction.
pub async fn lock(conn: &mut PgConnection, user_id: i64, batch_id: Uuid) -> Result<Option<Batch>> {
    let row =
        batches!("WHERE b.user_id = $1 AND b.batch_id = $2 FOR UPDATE OF b", user_id, batch_id)
            .fetch_optional(conn)
            .await?;
    row.map(Batch::try_from).transpose()
}

/// The user's last batches of promises, newest first.
pub async fn recent(conn: &mut PgConnection, user_id: i64, limit: i64) -> Result<Vec<Batch>> {
    let rows = batches!(
        "WHERE b.user_id = $1 AND b.purpose IN ('accept', 'ship') ORDER BY b.created_at DESC LIMIT $2",
        user_id,
        limit
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(Batch::try_from).collect()
}

/// Notes a batch, unless there is one of that identifier. Says whether it did.
pub async fn insert(conn: &mut PgConnection, batch: &NewBatch, now: Timestamp) -> Result<bool> {
    let file_name = match &batch.origin {
        Origin::File(name) => Some(name.chars().take(200).collect::<String>()),
        Origin::List | Origin::Retry => None,
    };
    let done = sqlx::query!(
        "INSERT INTO batches
           (batch_id, user_id, accounts, purpose, origin, file_name, retry_of, created_at, row_count)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         ON CONFLICT DO NOTHING",
        batch.id,
        batch.user_id,
        &batch.accounts,
        batch.purpose.as_str(),
        batch.origin.as_str(),
        file_name,
        batch.retry_of,
        at(now),
        i32::try_from(batch.rows).unwrap_or(i32::MAX)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() > 0)
}

/// Notes that rows were changed.
pub async fn touch(conn: &mut PgConnection, batch_id: Uuid) -> Result<()> {
    sqlx::query!("UPDATE batches SET revision = revision + 1 WHERE batch_id = $1", batch_id)
        .execute(conn)
        .await?;
    Ok(())
}

/// Notes that a batch was confirmed, and how long promises usually wait.
pub async fn confirm(
    conn: &mut PgConnection,
    batch_id: Uuid,
    usual: SignedDuration,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "UPDATE batches SET confirmed_at = $2, send_delay_seconds = $3 WHERE batch_id = $1",
        batch_id,
        at(now),
        i32::try_from(usual.as_secs()).unwrap_or(0)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Deletes some batches of the account, and of no other that comes before it, that were made before that. What was
/// promised stays with the orders.
pub async fn forget(conn: &mut PgConnection, account: &AccountId, before: Timestamp) -> Result<()> {
    sqlx::query!(
        "DELETE FROM batches WHERE batch_id IN (
           SELECT batch_id FROM batches
           WHERE accounts[1] = $1 AND created_at < $2
           ORDER BY created_at
           LIMIT 10)",
        account.0,
        at(before)
    )
    .execute(conn)
    .await?;
    Ok(())
}

struct BatchRow {
    batch_id: Uuid,
    user_id: i64,
    accounts: Vec<String>,
    purpose: String,
    origin: String,
    file_name: Option<String>,
    created_at: jiff_sqlx::Timestamp,
    row_count: i32,
    revision: i32,
    confirmed_at: Option<jiff_sqlx::Timestamp>,
    retried_as: Option<Uuid>,
}

impl TryFrom<BatchRow> for Batch {
    type Error = Error;

    fn try_from(row: BatchRow) -> Result<Self> {
        let purpose = Purpose::parse(&row.purpose)
            .ok_or_else(|| corrupt("purpose", row.batch_id, &row.purpose))?;
        let origin = match (row.origin.as_str(), row.file_name) {
            ("list", _) => Origin::List,
            ("file", name) => Origin::File(name.unwrap_or_default()),
            ("retry", _) => Origin::Retry,
            (other, _) => return Err(corrupt("origin", row.batch_id, other)),
        };
        Ok(Self {
            id: row.batch_id,
            user_id: row.user_id,
            accounts: row.accounts,
            purpose,
            origin,
            retried_as: row.retried_as,
            created_at: row.created_at.to_jiff(),
            rows: row.row_count,
            revision: row.revision,
            confirmed_at: row.confirmed_at.map(jiff_sqlx::Timestamp::to_jiff),
        })
    }
}

fn corrupt(column: &'static str, id: Uuid, value: &str) -> Error {
    Error::Corrupt { table: "batches", column, id: id.to_string(), value: value.to_owned() }
}
