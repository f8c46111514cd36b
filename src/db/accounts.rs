//! The table `accounts`.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::account_credentials::Credentials;
use crate::db::at;
use crate::domain::account::Options;
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

/// An account as the settings show it.
#[derive(Debug, Clone)]
pub struct Setting {
    /// What everybody knows of it.
    pub account: Account,
    /// Whether the deployer's file says what it is.
    pub in_file: bool,
    /// Since when it is not read, and by whose wish.
    pub paused: Option<(Timestamp, Option<String>)>,
    /// What is decided for it alone.
    pub options: Options,
    /// What the pages were told of it.
    pub set_up: Option<SetUp>,
}

/// What the pages were told of an account.
#[derive(Debug, Clone)]
pub struct SetUp {
    /// How it reaches the marketplace.
    pub credentials: Credentials,
    /// Which change this is.
    pub version: i64,
    /// When it was made.
    pub changed_at: Timestamp,
    /// By whom.
    pub changed_by: Option<String>,
}

/// Every account for the settings; or one.
pub async fn settings(db: impl PgExecutor<'_>, only: Option<&AccountId>) -> Result<Vec<Setting>> {
    let rows = sqlx::query!(
        r#"SELECT a.account_id, a.name, a.seller_id, a.time_zone, a.in_file, a.reading_paused_at,
                  a.send_delay_seconds, a.skips_fulfilled,
                  p.name AS "paused_by?", c.client_id AS "client_id?",
                  c.client_secret AS "client_secret?", c.key_id AS "key_id?",
                  c.secret_end AS "secret_end?", c.base_url AS "base_url?",
                  c.token_url AS "token_url?", c.requests_per_second, c.sync_interval_seconds,
                  c.version AS "version?", c.changed_at AS "changed_at?: jiff_sqlx::Timestamp", c.tested_at,
                  u.name AS "changed_by?"
           FROM accounts AS a
           LEFT JOIN account_credentials AS c USING (account_id)
           LEFT JOIN users AS p ON p.user_id = a.reading_paused_by
           LEFT JOIN users AS u ON u.user_id = c.changed_by
           WHERE $1::TEXT IS NULL OR a.account_id = $1
           ORDER BY a.position, a.account_id"#,
        only.map(|it| it.0.as_str())
    )
    .fetch_all(db)
    .await?;
    let setting = rows.into_iter().map(|row| {
        let set_up = || {
            let credentials = Credentials {
                client_id: row.client_id?,
                client_secret: row.client_secret?,
                key_id: row.key_id?,
                secret_end: row.secret_end?,
                base_url: row.base_url?,
                token_url: row.token_url?,
                requests_per_second: row.requests_per_second,
                sync_interval_seconds: row.sync_interval_seconds,
                tested_at: row.tested_at.map(jiff_sqlx::Timestamp::to_jiff),
            };
            let changed_at = row.changed_at?.to_jiff();
            Some(SetUp {
                credentials,
                version: row.version?,
                changed_at,
                changed_by: row.changed_by,
            })
        };
        Setting {
            set_up: set_up(),
            paused: row.reading_paused_at.map(|at| (at.to_jiff(), row.paused_by)),
            in_file: row.in_file,
            options: Options {
                send_delay_seconds: row.send_delay_seconds,
                skips_fulfilled: row.skips_fulfilled,
            },
            account: Account {
                id: AccountId(row.account_id),
                name: row.name,
                seller_id: row.seller_id,
                time_zone: row.time_zone,
            },
        }
    });
    Ok(setting.collect())
}

/// Notes which accounts the deployer's file names.
pub async fn set_in_file(conn: &mut PgConnection, accounts: &[String]) -> Result<()> {
    sqlx::query!(
        "UPDATE accounts SET in_file = account_id = ANY ($1)
         WHERE in_file <> (account_id = ANY ($1))",
        accounts
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Adds an account behind the others. Says whether there was none of that key.
pub async fn insert(conn: &mut PgConnection, account: &Account) -> Result<bool> {
    let done = sqlx::query!(
        "INSERT INTO accounts (account_id, name, seller_id, time_zone, position)
         SELECT $1, $2, $3, $4, coalesce(max(position) + 1, 0) FROM accounts
         ON CONFLICT (account_id) DO NOTHING",
        account.id.0,
        account.name,
        account.seller_id,
        account.time_zone
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO sync_states (account_id) VALUES ($1) ON CONFLICT DO NOTHING",
        account.id.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Locks an account, so that two changes of it take turns.
pub async fn lock(conn: &mut PgConnection, account: &AccountId) -> Result<()> {
    sqlx::query_scalar!(
        "SELECT account_id FROM accounts WHERE account_id = $1 FOR NO KEY UPDATE",
        account.0
    )
    .fetch_optional(conn)
    .await?;
    Ok(())
}

/// Changes what everybody knows of an account.
pub async fn update(conn: &mut PgConnection, account: &Account) -> Result<()> {
    sqlx::query!(
        "UPDATE accounts SET name = $2, seller_id = $3, time_zone = $4 WHERE account_id = $1",
        account.id.0,
        account.name,
        account.seller_id,
        account.time_zone
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what is decided for an account alone.
pub async fn set_options(
    conn: &mut PgConnection,
    account: &AccountId,
    options: Options,
) -> Result<()> {
    sqlx::query!(
        "UPDATE accounts SET send_delay_seconds = $2, skips_fulfilled = $3 WHERE account_id = $1",
        account.0,
        options.send_delay_seconds,
        options.skips_fulfilled
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// What is decided for each account that the connection sees.
pub async fn options(db: impl PgExecutor<'_>) -> Result<Vec<Options>> {
    let options =
        sqlx::query_as!(Options, "SELECT send_delay_seconds, skips_fulfilled FROM accounts");
    Ok(options.fetch_all(db).await?)
}

/// What is decided for one account.
pub async fn options_of(db: impl PgExecutor<'_>, account: &AccountId) -> Result<Options> {
    let options = sqlx::query_as!(
        Options,
        "SELECT send_delay_seconds, skips_fulfilled FROM accounts WHERE account_id = $1",
        account.0
    );
    Ok(options.fetch_one(db).await?)
}

/// Stops reading an account. Says whether it was read until now.
pub async fn pause_reading(
    conn: &mut PgConnection,
    account: &AccountId,
    user: i64,
    now: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE accounts SET reading_paused_at = $3, reading_paused_by = $2
         WHERE account_id = $1 AND reading_paused_at IS NULL",
        account.0,
        user,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Reads an account again. Says whether it was not read until now.
pub async fn resume_reading(conn: &mut PgConnection, account: &AccountId) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE accounts SET reading_paused_at = NULL, reading_paused_by = NULL
         WHERE account_id = $1 AND reading_paused_at IS NOT NULL",
        account.0
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}
