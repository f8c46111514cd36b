//! SQL, and nothing but SQL: free functions that take a connection first.
//!
//! Invariant: no function here opens or commits a transaction, reads the clock, or decides anything. No
//! query on a table of a seller account goes without its `account_id`.

pub mod account_credentials;
pub mod accounts;
pub mod api_calls;
pub mod attention;
pub mod audit;
pub mod batches;
pub mod claims;
pub mod comparisons;
pub mod credentials;
pub mod due_counts;
pub mod events;
pub mod faults;
pub mod identities;
pub mod imports;
pub mod indicators;
pub mod invitations;
pub mod known;
pub mod list_views;
pub mod mails;
pub mod notes;
pub mod notifications;
pub mod order_counts;
pub mod order_list;
pub mod orders;
pub mod packing;
pub mod password_links;
pub mod pauses;
pub mod privacy;
pub mod promises;
pub mod provider_visits;
pub mod reference;
pub mod requests;
pub mod rereads;
pub mod schema;
pub mod scope;
pub mod search;
pub mod second_factors;
pub mod sessions;
pub mod sheets;
pub mod shipping;
pub mod sync_states;
pub mod team;
pub mod throttle;
pub mod throughput;
pub mod tracking_templates;
pub mod unsent;
pub mod updates;
pub mod upsert;
pub mod users;
pub mod webhook_calls;

use std::str::FromStr;
use std::time::Duration;

use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
use sqlx::Connection as _;
use sqlx::PgPool;
use sqlx::postgres::PgConnectOptions;
use sqlx::postgres::PgPoolOptions;

/// What can go wrong between us and the rows.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error(transparent)]
    Sqlx(#[from] sqlx::Error),
    /// A row holds what no version of this program writes.
    #[error("{table}.{column} of row {id} holds {value:?}")]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The column.
        column: &'static str,
        /// The row.
        id: String,
        /// What it holds.
        value: String,
    },
}

/// The result of a query.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A connection that has rested for longer is asked whether it still lives before it is used.
const RESTED: Duration = Duration::from_secs(1);

/// Opens the pool. Every wait has an end (`reliability` R-10): for a connection, for a statement, for a
/// lock, and for a transaction that does nothing.
///
/// Statements are planned once per connection: their plans are index ranges whatever the parameters, which
/// `tests/pages/plans.rs` proves, and planning each anew costs more than running it.
pub async fn connect(url: &str, connections: u32) -> Result<PgPool> {
    let options = PgConnectOptions::from_str(url)?.application_name("comptoir").options([
        ("statement_timeout", "5s"),
        ("lock_timeout", "2s"),
        ("idle_in_transaction_session_timeout", "10s"),
        ("plan_cache_mode", "force_generic_plan"),
    ]);
    Ok(pool_options(connections).connect_with(options).await?)
}

fn pool_options(connections: u32) -> PgPoolOptions {
    PgPoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(Duration::from_secs(3))
        .test_before_acquire(false)
        .before_acquire(|connection, meta| {
            Box::pin(async move {
                if meta.idle_for > RESTED {
                    connection.ping().await?;
                }
                Ok(true)
            })
        })
}

/// The database's own clock, which all that share it agree on.
pub async fn now(pool: &PgPool) -> Result<Timestamp> {
    let now = sqlx::query_scalar!(r#"SELECT clock_timestamp() AS "now!: jiff_sqlx::Timestamp""#)
        .fetch_one(pool)
        .await?;
    Ok(now.to_jiff())
}

fn at(instant: Timestamp) -> jiff_sqlx::Timestamp {
    instant.to_sqlx()
}

fn maybe_at(instant: Option<Timestamp>) -> Option<jiff_sqlx::Timestamp> {
    instant.map(ToSqlx::to_sqlx)
}
