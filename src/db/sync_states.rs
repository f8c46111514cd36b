//! The table `sync_states`: how far each account's mirror is.

mod aside;
mod asked;
mod outbox;

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::db::Result;
use crate::db::at;
use crate::db::maybe_at;
use crate::db::scope::SellerScope;
use crate::domain::comparison::Before;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;

pub use aside::channels_read_at;
pub use aside::gestures_cursor;
pub use aside::read_channels;
pub use aside::read_gestures;
pub use asked::ask_to_compare;
pub use asked::ask_to_read;
pub use asked::set_limit;
pub use outbox::Outbox;
pub use outbox::Refused;
pub use outbox::outbox;
pub use outbox::refused;

/// How far an account's mirror is.
#[derive(Debug, Clone)]
pub struct SyncState {
    /// The account.
    pub account: AccountId,
    /// The account's name.
    pub account_name: String,
    /// The account's IANA time zone.
    pub time_zone: String,
    /// Everything the marketplace changed up to here is mirrored.
    pub cursor_at: Option<Timestamp>,
    /// Where the first read began.
    pub backfill_from: Option<Timestamp>,
    /// How many orders the first read had to bring.
    pub backfill_total: Option<i64>,
    /// How many it has brought.
    pub backfill_read: i64,
    /// When the first read was complete.
    pub backfilled_at: Option<Timestamp>,
    /// When the marketplace was last asked.
    pub last_attempt_at: Option<Timestamp>,
    /// When it last answered all that was asked.
    pub last_success_at: Option<Timestamp>,
    /// The cause of the current failure.
    pub failure: Option<Trouble>,
    /// The marketplace's words about it.
    pub failure_words: Option<String>,
    /// Since when.
    pub failing_since: Option<Timestamp>,
    /// How many attempts in a row have failed.
    pub failures: i32,
    /// When it will be asked again.
    pub next_pull_at: Timestamp,
    /// When the daily sweep last ran to its end.
    pub swept_at: Option<Timestamp>,
    /// When the carriers were last read.
    pub carriers_read_at: Option<Timestamp>,
    /// Since when it is not read, by somebody's wish.
    pub reading_paused_at: Option<Timestamp>,
    /// How many orders the reading under way, or the last one, has brought; unchanged ones too.
    pub reading_read: i64,
    /// How many the last complete one brought.
    pub last_read: Option<i64>,
    /// When somebody last asked for a reading.
    pub hurried_at: Option<Timestamp>,
    /// The limit that the worker keeps to.
    pub calls_per_second: Option<i32>,
    /// What is known of the comparison with the marketplace's numbers.
    pub comparison: Before,
}

/// Takes the account's reading for one worker until `lease_until`, if it is due, not paused, and nobody has it.
pub async fn take(
    conn: &mut PgConnection,
    account: &AccountId,
    owner: Uuid,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE sync_states SET lease_owner = $2, lease_until = $4, last_attempt_at = $3, reading_read = 0
         WHERE account_id = $1 AND next_pull_at <= $3
           AND (lease_until IS NULL OR lease_until <= $3 OR lease_owner = $2)
           AND NOT EXISTS (SELECT FROM accounts
                           WHERE account_id = $1 AND reading_paused_at IS NOT NULL)",
        account.0,
        owner,
        at(now),
        at(lease_until)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Keeps the reading for longer, which has brought more orders. Says whether the worker still has it.
pub async fn extend(
    conn: &mut PgConnection,
    account: &AccountId,
    owner: Uuid,
    lease_until: Timestamp,
    read: i64,
) -> Result<bool> {
    let done = sqlx::query!(
        "UPDATE sync_states SET lease_until = $3, reading_read = reading_read + $4
         WHERE account_id = $1 AND lease_owner = $2",
        account.0,
        owner,
        at(lease_until),
        read
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Makes the next reading due now.
pub async fn hurry(conn: &mut PgConnection, account: &AccountId, now: Timestamp) -> Result<()> {
    sqlx::query!(
        "UPDATE sync_states SET next_pull_at = least(next_pull_at, $2) WHERE account_id = $1",
        account.0,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes where the first read begins and how much it has to bring.
pub async fn start_backfill(
    conn: &mut PgConnection,
    account: &AccountId,
    from: Timestamp,
    total: i64,
) -> Result<()> {
    sqlx::query!(
        "UPDATE sync_states
         SET backfill_from = $2, backfill_total = $3, backfill_read = 0, cursor_at = $2
         WHERE account_id = $1",
        account.0,
        at(from),
        total
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Moves the cursor, which never goes back, and counts what the first read has brought.
pub async fn move_cursor(
    conn: &mut PgConnection,
    account: &AccountId,
    cursor_at: Timestamp,
    read: i64,
) -> Result<()> {
    sqlx::query!(
        "UPDATE sync_states
         SET cursor_at = greatest(cursor_at, $2),
             backfill_read = CASE WHEN backfilled_at IS NULL THEN backfill_read + $3
                                  ELSE backfill_read END
         WHERE account_id = $1",
        account.0,
        at(cursor_at),
        read
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A reading that went well: lets go of the account until the next one.
pub async fn succeed(
    conn: &mut PgConnection,
    account: &AccountId,
    swept_at: Option<Timestamp>,
    next_pull_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "UPDATE sync_states
         SET last_success_at = $2, backfilled_at = coalesce(backfilled_at, $2),
             swept_at = coalesce($3, swept_at), next_pull_at = $4, last_read = reading_read, lease_owner = NULL,
             lease_until = NULL, failure = NULL, failure_words = NULL, failing_since = NULL,
             failures = 0
         WHERE account_id = $1",
        account.0,
        at(now),
        maybe_at(swept_at),
        at(next_pull_at)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// A reading that failed: says why, and lets go of the account until the next attempt.
pub async fn fail(
    conn: &mut PgConnection,
    account: &AccountId,
    failure: Trouble,
    words: &str,
    next_pull_at: Timestamp,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "UPDATE sync_states
         SET failure = $2, failure_words = $3, failing_since = coalesce(failing_since, $5),
             failures = failures + 1, next_pull_at = $4, lease_owner = NULL, lease_until = NULL
         WHERE account_id = $1",
        account.0,
        failure.as_str(),
        words,
        at(next_pull_at),
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How far the mirrors of these accounts are, in the order of the settings.
pub async fn list(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<SyncState>> {
    states(db, Some(scope.keys())).await
}

/// How far every mirror is, in the order of the settings.
pub async fn all(db: impl PgExecutor<'_>) -> Result<Vec<SyncState>> {
    states(db, None).await
}

/// How far the mirror of one account is.
pub async fn find(db: impl PgExecutor<'_>, account: &AccountId) -> Result<Option<SyncState>> {
    let states = states(db, Some(std::slice::from_ref(&account.0))).await?;
    Ok(states.into_iter().next())
}

async fn states(db: impl PgExecutor<'_>, accounts: Option<&[String]>) -> Result<Vec<SyncState>> {
    let rows = sqlx::query!(
        "SELECT s.account_id, a.name, a.time_zone, s.cursor_at, s.backfill_from, s.backfill_total,
                s.backfill_read,
                s.backfilled_at, s.last_attempt_at, s.last_success_at, s.failure, s.failure_words,
                s.failing_since, s.failures, s.next_pull_at, s.swept_at, s.carriers_read_at,
                a.reading_paused_at, s.reading_read, s.last_read, s.hurried_at, s.calls_per_second,
                s.compared_at, s.compare_asked_at, s.differed
         FROM sync_states AS s JOIN accounts AS a USING (account_id)
         WHERE $1::text[] IS NULL OR s.account_id = ANY ($1)
         ORDER BY a.position, a.account_id",
        accounts
    )
    .fetch_all(db)
    .await?;
    let instant = |it: Option<jiff_sqlx::Timestamp>| it.map(jiff_sqlx::Timestamp::to_jiff);
    let state = rows.into_iter().map(|row| SyncState {
        account: AccountId(row.account_id),
        account_name: row.name,
        time_zone: row.time_zone,
        cursor_at: instant(row.cursor_at),
        backfill_from: instant(row.backfill_from),
        backfill_total: row.backfill_total,
        backfill_read: row.backfill_read,
        backfilled_at: instant(row.backfilled_at),
        last_attempt_at: instant(row.last_attempt_at),
        last_success_at: instant(row.last_success_at),
        failure: row.failure.as_deref().and_then(Trouble::parse),
        failure_words: row.failure_words,
        failing_since: instant(row.failing_since),
        failures: row.failures,
        next_pull_at: row.next_pull_at.to_jiff(),
        swept_at: instant(row.swept_at),
        carriers_read_at: instant(row.carriers_read_at),
        reading_paused_at: instant(row.reading_paused_at),
        reading_read: row.reading_read,
        last_read: row.last_read,
        hurried_at: instant(row.hurried_at),
        calls_per_second: row.calls_per_second,
        comparison: Before {
            compared_at: instant(row.compared_at),
            asked_at: instant(row.compare_asked_at),
            differed: row.differed,
        },
    });
    Ok(state.collect())
}
