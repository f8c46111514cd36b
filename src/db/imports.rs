//! The table `imports`: files with tracking numbers, and what came of them. Each is its user's own.

mod named;

use jiff::Timestamp;
use sqlx::PgExecutor;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;
use crate::domain::import::column::Columns;
use crate::domain::order::AccountId;

pub use named::Named;
pub use named::orders_named;

/// A file that has just come in.
#[derive(Debug)]
pub struct NewImport<'a> {
    /// The caller's.
    pub id: Uuid,
    /// Whose it is.
    pub user_id: i64,
    /// What it is called; none for a text that was pasted.
    pub file_name: Option<&'a str>,
    /// Of its bytes.
    pub sha256: &'a [u8],
    /// How its characters were written.
    pub encoding: &'a str,
    /// Its rows.
    pub rows: usize,
    /// Of the names of its columns.
    pub fingerprint: Option<&'a str>,
    /// Its text.
    pub content: &'a str,
}

/// Keeps a file, unless it is there. Its orders are looked for in the accounts of the scope.
pub async fn insert(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    import: &NewImport<'_>,
    now: Timestamp,
) -> Result<()> {
    let rows = i32::try_from(import.rows).unwrap_or(i32::MAX);
    sqlx::query!(
        "INSERT INTO imports
           (import_id, user_id, accounts, file_name, sha256, encoding, row_count, fingerprint, content,
            created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
         ON CONFLICT (import_id) DO NOTHING",
        import.id,
        import.user_id,
        scope.keys(),
        import.file_name,
        import.sha256,
        import.encoding,
        rows,
        import.fingerprint,
        import.content,
        at(now)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// A file.
#[derive(Debug, Clone)]
pub struct Import {
    /// Its identifier.
    pub id: Uuid,
    /// What it is called; none for a text that was pasted.
    pub file_name: Option<String>,
    /// Of its bytes.
    pub sha256: Vec<u8>,
    /// How its characters were written.
    pub encoding: String,
    /// Its rows.
    pub rows: i32,
    /// Of the names of its columns.
    pub fingerprint: Option<String>,
    /// Its text, as long as it is kept.
    pub content: Option<String>,
    /// When it came.
    pub created_at: Timestamp,
    /// Which columns were chosen.
    pub columns: Option<Columns>,
    /// The carrier of the rows that name none.
    pub carrier: String,
    /// What came of it last.
    pub batch: Option<Uuid>,
}

/// A file of the user's.
pub async fn find(db: impl PgExecutor<'_>, user_id: i64, id: Uuid) -> Result<Option<Import>> {
    let row = sqlx::query!(
        r#"SELECT import_id, file_name, sha256, encoding, row_count, fingerprint, content, created_at,
                  columns AS "columns: Json<Columns>", carrier, batch_id
           FROM imports WHERE import_id = $1 AND user_id = $2"#,
        id,
        user_id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Import {
        id: row.import_id,
        file_name: row.file_name,
        sha256: row.sha256,
        encoding: row.encoding,
        rows: row.row_count,
        fingerprint: row.fingerprint,
        content: row.content,
        created_at: row.created_at.to_jiff(),
        columns: row.columns.map(|Json(it)| it),
        carrier: row.carrier,
        batch: row.batch_id,
    }))
}

/// A line of the list of files.
#[derive(Debug, Clone)]
pub struct Recent {
    /// Its identifier.
    pub id: Uuid,
    /// What it is called; none for a text that was pasted.
    pub file_name: Option<String>,
    /// Its rows.
    pub rows: i32,
    /// When it came.
    pub created_at: Timestamp,
    /// What came of it last.
    pub batch: Option<Uuid>,
    /// When that was confirmed.
    pub confirmed_at: Option<Timestamp>,
}

/// The user's last files, newest first.
pub async fn recent(db: impl PgExecutor<'_>, user_id: i64, limit: i64) -> Result<Vec<Recent>> {
    let rows = sqlx::query!(
        r#"SELECT i.import_id, i.file_name, i.row_count, i.created_at, i.batch_id,
                  b.confirmed_at AS "confirmed_at?"
           FROM imports AS i LEFT JOIN batches AS b ON b.batch_id = i.batch_id
           WHERE i.user_id = $1
           ORDER BY i.created_at DESC LIMIT $2"#,
        user_id,
        limit
    )
    .fetch_all(db)
    .await?;
    let recent = rows.into_iter().map(|row| Recent {
        id: row.import_id,
        file_name: row.file_name,
        rows: row.row_count,
        created_at: row.created_at.to_jiff(),
        batch: row.batch_id,
        confirmed_at: row.confirmed_at.map(jiff_sqlx::Timestamp::to_jiff),
    });
    Ok(recent.collect())
}

/// The first of the user's files with exactly the same bytes from which something was sent, and when it was sent.
pub async fn twin(
    db: impl PgExecutor<'_>,
    user_id: i64,
    sha256: &[u8],
    except: Uuid,
) -> Result<Option<(Uuid, Timestamp)>> {
    let row = sqlx::query!(
        r#"SELECT b.batch_id, b.confirmed_at AS "confirmed_at!"
           FROM imports AS i JOIN batches AS b ON b.batch_id = i.batch_id
           WHERE i.user_id = $1 AND i.sha256 = $2 AND i.import_id <> $3 AND b.confirmed_at IS NOT NULL
           ORDER BY b.confirmed_at LIMIT 1"#,
        user_id,
        sha256,
        except
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.batch_id, row.confirmed_at.to_jiff())))
}

/// Which columns the user chose last for a file whose columns have the same names, and the carrier of the rows
/// that named none.
pub async fn remembered(
    db: impl PgExecutor<'_>,
    user_id: i64,
    fingerprint: &str,
) -> Result<Option<(Columns, String)>> {
    let row = sqlx::query!(
        r#"SELECT columns AS "columns!: Json<Columns>", carrier FROM imports
           WHERE user_id = $1 AND fingerprint = $2 AND columns IS NOT NULL
           ORDER BY created_at DESC LIMIT 1"#,
        user_id,
        fingerprint
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| (row.columns.0, row.carrier)))
}

/// Writes down which columns were chosen, and what came of it.
pub async fn set_matched(
    db: impl PgExecutor<'_>,
    user_id: i64,
    id: Uuid,
    columns: &Columns,
    carrier: &str,
    batch: Uuid,
) -> Result<()> {
    sqlx::query!(
        "UPDATE imports SET columns = $3, carrier = $4, batch_id = $5
         WHERE import_id = $1 AND user_id = $2",
        id,
        user_id,
        Json(columns) as _,
        carrier,
        batch
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The file that a batch was made from, as long as it is kept.
pub async fn of_batch(db: impl PgExecutor<'_>, user_id: i64, batch: Uuid) -> Result<Option<Uuid>> {
    let found = sqlx::query_scalar!(
        "SELECT import_id FROM imports
         WHERE batch_id = $1 AND user_id = $2 AND content IS NOT NULL
         ORDER BY created_at DESC LIMIT 1",
        batch,
        user_id
    )
    .fetch_optional(db)
    .await?;
    Ok(found)
}

/// Forgets what stood in the files of the account that came before that instant.
pub async fn forget(db: impl PgExecutor<'_>, account: &AccountId, before: Timestamp) -> Result<()> {
    sqlx::query!(
        "UPDATE imports SET content = NULL
         WHERE content IS NOT NULL AND created_at < $2 AND $1 = ANY (accounts)",
        account.0,
        at(before)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// Forgets what stood in the files that name one of these orders.
pub async fn forget_orders(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    orders: &[String],
) -> Result<()> {
    sqlx::query!(
        "UPDATE imports AS i SET content = NULL
         WHERE i.content IS NOT NULL AND $1 = ANY (i.accounts) AND EXISTS (
           SELECT FROM batch_rows AS r
           WHERE r.account_id = $1 AND r.batch_id = i.batch_id AND r.order_id = ANY ($2))",
        account.0,
        orders
    )
    .execute(db)
    .await?;
    Ok(())
}
