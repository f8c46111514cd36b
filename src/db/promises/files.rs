//! The table `promise_files`: what was uploaded, until the marketplace has confirmed it.

use sqlx::PgConnection;
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::db::Result;
use crate::domain::order::AccountId;

/// Keeps the bytes of a file that was promised.
pub async fn keep_file(
    conn: &mut PgConnection,
    account: &AccountId,
    promise_id: Uuid,
    bytes: &[u8],
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO promise_files (account_id, promise_id, bytes) VALUES ($1, $2, $3)",
        account.0,
        promise_id,
        bytes
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The bytes of a file that was promised.
pub async fn file(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    promise_id: Uuid,
) -> Result<Option<Vec<u8>>> {
    Ok(sqlx::query_scalar!(
        "SELECT bytes FROM promise_files WHERE account_id = $1 AND promise_id = $2",
        account.0,
        promise_id
    )
    .fetch_optional(db)
    .await?)
}

/// Forgets the bytes of the file that the marketplace has confirmed as this record.
pub async fn forget_file(
    conn: &mut PgConnection,
    account: &AccountId,
    reference: &str,
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM promise_files AS f USING promises AS p
         WHERE f.account_id = $1 AND p.account_id = $1 AND p.promise_id = f.promise_id
           AND p.kind = 'invoice' AND p.reference = $2",
        account.0,
        reference
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Forgets the bytes of a promise that will not be kept.
pub async fn drop_file(
    conn: &mut PgConnection,
    account: &AccountId,
    promise_id: Uuid,
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM promise_files WHERE account_id = $1 AND promise_id = $2",
        account.0,
        promise_id
    )
    .execute(conn)
    .await?;
    Ok(())
}
