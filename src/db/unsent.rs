//! Promises that surely were not sent, and wait for another try, by what stood in the way.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;
use crate::domain::order::AccountId;

/// The promises of one account that the same cause holds up.
#[derive(Debug, Clone)]
pub struct Group {
    /// The account.
    pub account: AccountId,
    /// The word of `domain::trouble`; kept as it is, for it may be a later version's.
    pub trouble: String,
    /// How many.
    pub promises: i64,
    /// When the oldest was made.
    pub oldest_at: Timestamp,
    /// When the newest was.
    pub newest_at: Timestamp,
    /// When the first of them is tried again.
    pub next_at: Timestamp,
}

/// The groups of these accounts. One that may have arrived is not among them: it is only read about.
pub async fn groups(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Group>> {
    let rows = sqlx::query!(
        r#"SELECT account_id, trouble AS "trouble!", count(*) AS "promises!",
                  min(created_at) AS "oldest_at!", max(created_at) AS "newest_at!",
                  min(next_at) AS "next_at!"
           FROM promises
           WHERE account_id = ANY ($1) AND state = 'queued' AND trouble IS NOT NULL
           GROUP BY account_id, trouble
           ORDER BY account_id, trouble"#,
        scope.keys()
    )
    .fetch_all(db)
    .await?;
    let group = rows.into_iter().map(|row| Group {
        account: AccountId(row.account_id),
        trouble: row.trouble,
        promises: row.promises,
        oldest_at: row.oldest_at.to_jiff(),
        newest_at: row.newest_at.to_jiff(),
        next_at: row.next_at.to_jiff(),
    });
    Ok(group.collect())
}

/// Makes a group due now, and says how many that were. What a worker has in its hands is left to it: it may
/// be on its way already.
pub async fn hurry(
    conn: &mut PgConnection,
    account: &AccountId,
    trouble: &str,
    now: Timestamp,
) -> Result<u64> {
    let done = sqlx::query!(
        "UPDATE promises SET next_at = $3
         WHERE account_id = $1 AND promise_id IN (
           SELECT promise_id FROM promises
           WHERE account_id = $1 AND state = 'queued' AND trouble = $2
             AND (lease_until IS NULL OR lease_until <= $3)
           FOR UPDATE SKIP LOCKED)",
        account.0,
        trouble,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
