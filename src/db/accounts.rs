//! The table `accounts`.

use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::domain::order::AccountId;

/// A seller account, without its credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Its key.
    pub id: AccountId,
    /// As people call it.
    pub name: String,
    /// The marketplace's number for the seller.
    pub seller_id: String,
    /// IANA name.
    pub time_zone: String,
}

/// Every account, in the order of the settings.
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<Account>> {
    let rows = sqlx::query!(
        "SELECT account_id, name, seller_id, time_zone FROM accounts ORDER BY position, account_id"
    )
    .fetch_all(db)
    .await?;
    let account = rows.into_iter().map(|row| Account {
        id: AccountId(row.account_id),
        name: row.name,
        seller_id: row.seller_id,
        time_zone: row.time_zone,
    });
    Ok(account.collect())
}

/// Writes an account as the settings have it.
pub async fn upsert(conn: &mut PgConnection, account: &Account, position: i32) -> Result<()> {
    sqlx::query!(
        "INSERT INTO accounts (account_id, name, seller_id, time_zone, position)
         VALUES ($1, $2, $3, $4, $5)
         ON CONFLICT (account_id)
         DO UPDATE SET name = $2, seller_id = $3, time_zone = $4, position = $5",
        account.id.0,
        account.name,
        account.seller_id,
        account.time_zone,
        position
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO sync_states (account_id) VALUES ($1) ON CONFLICT DO NOTHING",
        account.id.0
    )
    .execute(conn)
    .await?;
    Ok(())
}
