//! The table `api_calls`: how often each account calls the marketplace.

use jiff::Timestamp;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;
use crate::domain::order::AccountId;

/// Adds calls to their minute, and forgets those of minutes that began before `forget_before`.
pub async fn add(
    db: impl PgExecutor<'_>,
    account: &AccountId,
    (made, limited): (u32, u32),
    now: Timestamp,
    forget_before: Timestamp,
) -> Result<()> {
    let [made, limited] = [made, limited].map(|it| i32::try_from(it).unwrap_or(i32::MAX));
    sqlx::query!(
        "WITH forgotten AS (DELETE FROM api_calls WHERE account_id = $1 AND minute_at < $5)
         INSERT INTO api_calls AS known (account_id, minute_at, calls, limited)
         VALUES ($1, date_trunc('minute', $2::timestamptz), $3, $4)
         ON CONFLICT (account_id, minute_at)
         DO UPDATE SET calls = known.calls + $3, limited = known.limited + $4",
        account.0,
        at(now),
        made,
        limited,
        at(forget_before)
    )
    .execute(db)
    .await?;
    Ok(())
}

/// The calls of an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Calls {
    /// The account.
    pub account: AccountId,
    /// How many.
    pub made: i64,
    /// How many of them were answered with "too many".
    pub limited: i64,
}

/// The calls of these accounts in minutes that began after `since`. Who made none is not there.
pub async fn since(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    since: Timestamp,
) -> Result<Vec<Calls>> {
    let rows = sqlx::query!(
        r#"SELECT account_id, sum(calls)::bigint AS "made!", sum(limited)::bigint AS "limited!"
           FROM api_calls
           WHERE account_id = ANY ($1) AND minute_at > $2
           GROUP BY account_id"#,
        scope.keys(),
        at(since)
    )
    .fetch_all(db)
    .await?;
    let calls = rows.into_iter().map(|row| Calls {
        account: AccountId(row.account_id),
        made: row.made,
        limited: row.limited,
    });
    Ok(calls.collect())
}
