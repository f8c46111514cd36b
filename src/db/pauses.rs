//! The columns of `accounts` that say whether anything leaves for the marketplace.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;
use crate::domain::order::AccountId;

/// An account whose promises are kept, and not sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pause {
    /// The account.
    pub account: AccountId,
    /// Since when.
    pub since: Timestamp,
    /// The name of who wanted it.
    pub by: Option<String>,
}

/// Pauses these accounts, and names those that were not paused before: a second press of the button must
/// not change who paused, and since when.
pub async fn set(
    conn: &mut PgConnection,
    scope: &SellerScope,
    user: i64,
    now: Timestamp,
) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "UPDATE accounts SET sending_paused_at = $3, sending_paused_by = $2
         WHERE account_id = ANY ($1) AND sending_paused_at IS NULL
         RETURNING account_id",
        scope.keys(),
        user,
        at(now)
    )
    .fetch_all(conn)
    .await?)
}

/// Lets these accounts send again, and names those that were paused.
pub async fn clear(conn: &mut PgConnection, scope: &SellerScope) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "UPDATE accounts SET sending_paused_at = NULL, sending_paused_by = NULL
         WHERE account_id = ANY ($1) AND sending_paused_at IS NOT NULL
         RETURNING account_id",
        scope.keys()
    )
    .fetch_all(conn)
    .await?)
}

/// Locks these accounts, always in the same order, so that two people cannot wait for each other.
pub async fn lock(conn: &mut PgConnection, scope: &SellerScope) -> Result<()> {
    sqlx::query_scalar!(
        "SELECT account_id FROM accounts WHERE account_id = ANY ($1)
         ORDER BY account_id
         FOR NO KEY UPDATE",
        scope.keys()
    )
    .fetch_all(conn)
    .await?;
    Ok(())
}
