//! The table `account_credentials`: how an account that the pages set up reaches the marketplace. Secrets are
//! sealed; nothing here can open them.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::maybe_at;
use crate::domain::order::AccountId;

/// The table and the column of the secret, for which it is sealed.
pub const TABLE: &str = "account_credentials";
/// See [`TABLE`].
pub const SECRET: &str = "client_secret";

/// How an account reaches the marketplace.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Credentials {
    /// OAuth client.
    pub client_id: String,
    /// Nonce and ciphertext.
    pub client_secret: Vec<u8>,
    /// The key it is sealed under.
    pub key_id: String,
    /// The secret's last four characters, or nothing.
    pub secret_end: String,
    /// Where the API lives.
    pub base_url: String,
    /// Where tokens are made.
    pub token_url: String,
    /// None for no limit.
    pub requests_per_second: Option<i32>,
    /// The pause between two readings; none follows the deployer's setting.
    pub sync_interval_seconds: Option<i32>,
    /// When the marketplace last took them, before they were saved.
    pub tested_at: Option<Timestamp>,
}

/// An account with its credentials, as a worker needs them.
#[derive(Debug, Clone)]
pub struct Stored {
    /// The account.
    pub account: AccountId,
    /// As people call it.
    pub name: String,
    /// The marketplace's number for the seller.
    pub seller_id: String,
    /// IANA name.
    pub time_zone: String,
    /// How it reaches the marketplace.
    pub credentials: Credentials,
    /// Which change this is.
    pub version: i64,
}

/// A number that is another one after each change of any account's credentials.
pub async fn version(db: impl PgExecutor<'_>) -> Result<i64> {
    // Each row's version only grows, and no row is ever deleted: so does their sum.
    Ok(sqlx::query_scalar!(
        r#"SELECT coalesce(sum(version), 0)::BIGINT AS "version!" FROM account_credentials"#
    )
    .fetch_one(db)
    .await?)
}

/// Every account with credentials, in the order of the settings.
pub async fn list(db: impl PgExecutor<'_>) -> Result<Vec<Stored>> {
    let rows = sqlx::query!(
        "SELECT a.account_id, a.name, a.seller_id, a.time_zone, c.client_id, c.client_secret, c.key_id,
                c.secret_end, c.base_url, c.token_url, c.requests_per_second,
                c.sync_interval_seconds, c.version, c.tested_at
         FROM account_credentials AS c JOIN accounts AS a USING (account_id)
         ORDER BY a.position, a.account_id"
    )
    .fetch_all(db)
    .await?;
    let stored = rows.into_iter().map(|row| Stored {
        account: AccountId(row.account_id),
        name: row.name,
        seller_id: row.seller_id,
        time_zone: row.time_zone,
        credentials: Credentials {
            client_id: row.client_id,
            client_secret: row.client_secret,
            key_id: row.key_id,
            secret_end: row.secret_end,
            base_url: row.base_url,
            token_url: row.token_url,
            requests_per_second: row.requests_per_second,
            sync_interval_seconds: row.sync_interval_seconds,
            tested_at: row.tested_at.map(jiff_sqlx::Timestamp::to_jiff),
        },
        version: row.version,
    });
    Ok(stored.collect())
}

/// Gives an account its first credentials. Says whether it had none.
pub async fn insert(
    conn: &mut PgConnection,
    account: &AccountId,
    new: &Credentials,
    user: i64,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO account_credentials
           (account_id, client_id, client_secret, key_id, secret_end, base_url, token_url,
            requests_per_second, sync_interval_seconds, tested_at, changed_at, changed_by)
         VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
         ON CONFLICT (account_id) DO NOTHING",
        account.0,
        new.client_id,
        new.client_secret,
        new.key_id,
        new.secret_end,
        new.base_url,
        new.token_url,
        new.requests_per_second,
        new.sync_interval_seconds,
        maybe_at(new.tested_at),
        at(now),
        user
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Puts new credentials in the place of those of that version. Says whether they still were.
pub async fn replace(
    conn: &mut PgConnection,
    account: &AccountId,
    version: i64,
    new: &Credentials,
    user: i64,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE account_credentials
         SET client_id = $3, client_secret = $4, key_id = $5, secret_end = $6, base_url = $7,
             token_url = $8, requests_per_second = $9, sync_interval_seconds = $10,
             tested_at = $11, changed_at = $12, changed_by = $13, version = version + 1
         WHERE account_id = $1 AND version = $2",
        account.0,
        version,
        new.client_id,
        new.client_secret,
        new.key_id,
        new.secret_end,
        new.base_url,
        new.token_url,
        new.requests_per_second,
        new.sync_interval_seconds,
        maybe_at(new.tested_at),
        at(now),
        user
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Every sealed secret, locked until the transaction ends: account, key, nonce and ciphertext.
pub async fn lock_secrets(conn: &mut PgConnection) -> Result<Vec<(AccountId, String, Vec<u8>)>> {
    let rows = sqlx::query!(
        "SELECT account_id, key_id, client_secret FROM account_credentials
         ORDER BY account_id
         FOR UPDATE"
    )
    .fetch_all(conn)
    .await?;
    let secret = rows.into_iter().map(|it| (AccountId(it.account_id), it.key_id, it.client_secret));
    Ok(secret.collect())
}

/// Puts the same secret there, sealed under another key. What workers know of it stays the same.
pub async fn reseal(
    conn: &mut PgConnection,
    account: &AccountId,
    key_id: &str,
    client_secret: &[u8],
) -> Result<()> {
    sqlx::query!(
        "UPDATE account_credentials SET key_id = $2, client_secret = $3 WHERE account_id = $1",
        account.0,
        key_id,
        client_secret
    )
    .execute(conn)
    .await?;
    Ok(())
}
