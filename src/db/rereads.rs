//! The table `rereads`: single orders that somebody wants read now.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;
use crate::domain::order::AccountId;
use crate::domain::reread::Outcome;

/// A wish, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reread {
    /// The account.
    pub account: AccountId,
    /// The order.
    pub order_id: String,
    /// Who wants to know.
    pub asked_by: String,
    /// Since when.
    pub asked_at: Timestamp,
    /// When it was read, and what came of it. A word of a later version is none.
    pub done: Option<(Timestamp, Option<Outcome>)>,
}

/// Asks for one, unless the same order was asked for after `unless_since`.
pub async fn ask(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    user: i64,
    unless_since: Timestamp,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO rereads (account_id, order_id, asked_by, asked_at)
         SELECT $1, $2, $3, $5
         WHERE NOT EXISTS (SELECT FROM rereads
                           WHERE account_id = $1 AND order_id = $2 AND asked_at > $4)",
        account.0,
        order_id,
        user,
        at(unless_since),
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// How many were asked for since an instant. The latest are the last ones, so that few rows are read.
pub async fn asked_since(
    conn: &mut PgConnection,
    account: &AccountId,
    since: Timestamp,
    at_most: i64,
) -> Result<i64> {
    Ok(sqlx::query_scalar!(
        r#"SELECT count(*) AS "asked!"
           FROM (SELECT asked_at FROM rereads WHERE account_id = $1
                 ORDER BY reread_id DESC LIMIT $3) AS latest
           WHERE asked_at > $2"#,
        account.0,
        at(since),
        at_most
    )
    .fetch_one(conn)
    .await?)
}

/// Takes the oldest that waits, for one worker.
pub async fn take(
    conn: &mut PgConnection,
    account: &AccountId,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<(i64, String)>> {
    let row = sqlx::query!(
        "UPDATE rereads SET lease_until = $3
         WHERE account_id = $1 AND reread_id = (
           SELECT reread_id FROM rereads
           WHERE account_id = $1 AND done_at IS NULL AND (lease_until IS NULL OR lease_until <= $2)
           ORDER BY reread_id
           LIMIT 1
           FOR UPDATE SKIP LOCKED)
         RETURNING reread_id, order_id",
        account.0,
        at(now),
        at(lease_until)
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| (row.reread_id, row.order_id)))
}

/// Keeps what came of it, and forgets the account's of before `forget_before`.
pub async fn finish(
    conn: &mut PgConnection,
    account: &AccountId,
    reread_id: i64,
    outcome: Outcome,
    now: Timestamp,
    forget_before: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "WITH forgotten AS (DELETE FROM rereads
                            WHERE account_id = $1 AND done_at < $5 AND reread_id < $2)
         UPDATE rereads SET done_at = $4, outcome = $3
         WHERE account_id = $1 AND reread_id = $2 AND done_at IS NULL",
        account.0,
        reread_id,
        outcome.as_str(),
        at(now),
        at(forget_before)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The latest of these accounts.
pub async fn latest(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Reread>> {
    let rows = sqlx::query!(
        "SELECT latest.account_id, latest.order_id, u.name, latest.asked_at, latest.done_at,
                latest.outcome
         FROM unnest($1::text[]) AS own(id)
         CROSS JOIN LATERAL (SELECT * FROM rereads WHERE account_id = own.id
                             ORDER BY reread_id DESC LIMIT 5) AS latest
         JOIN users AS u ON u.user_id = latest.asked_by
         ORDER BY latest.asked_at DESC
         LIMIT 5",
        scope.keys()
    )
    .fetch_all(db)
    .await?;
    let reread = rows.into_iter().map(|row| Reread {
        account: AccountId(row.account_id),
        order_id: row.order_id,
        asked_by: row.name,
        asked_at: row.asked_at.to_jiff(),
        done: done(row.done_at, row.outcome.as_deref()),
    });
    Ok(reread.collect())
}

/// The latest of one order.
pub async fn of_order(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    order_id: &str,
) -> Result<Option<Reread>> {
    let row = sqlx::query!(
        "SELECT u.name, r.asked_at, r.done_at, r.outcome
         FROM rereads AS r JOIN users AS u ON u.user_id = r.asked_by
         WHERE r.account_id = $1 AND r.order_id = $2
         ORDER BY r.reread_id DESC
         LIMIT 1",
        account.0,
        order_id
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|row| Reread {
        account: account.clone(),
        order_id: order_id.to_owned(),
        asked_by: row.name,
        asked_at: row.asked_at.to_jiff(),
        done: done(row.done_at, row.outcome.as_deref()),
    }))
}

fn done(
    at: Option<jiff_sqlx::Timestamp>,
    outcome: Option<&str>,
) -> Option<(Timestamp, Option<Outcome>)> {
    Some((at?.to_jiff(), outcome.and_then(Outcome::parse)))
}
