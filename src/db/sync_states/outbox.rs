//! What is promised and has not ended well, counted.

use jiff::Timestamp;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::scope::SellerScope;
use crate::domain::order::AccountId;

/// How many promises of each account wait, are in doubt, or need a person, and since when the oldest.
#[derive(Debug, Clone)]
pub struct Outbox {
    /// The account.
    pub account: AccountId,
    /// The state's word.
    pub state: String,
    /// How many.
    pub promises: i64,
    /// When the oldest was made.
    pub oldest_at: Timestamp,
}

/// The promises of these accounts that are under way, per state.
pub async fn outbox(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Outbox>> {
    let rows = sqlx::query!(
        r#"SELECT account_id, state, count(*) AS "promises!", min(created_at) AS "oldest_at!"
           FROM promises
           WHERE account_id = ANY ($1) AND settled_at IS NULL
           GROUP BY account_id, state
           ORDER BY account_id, state"#,
        scope.keys()
    )
    .fetch_all(db)
    .await?;
    let outbox = rows.into_iter().map(|row| Outbox {
        account: AccountId(row.account_id),
        state: row.state,
        promises: row.promises,
        oldest_at: row.oldest_at.to_jiff(),
    });
    Ok(outbox.collect())
}

/// The promises of one account that were refused for the same reason.
#[derive(Debug, Clone)]
pub struct Refused {
    /// The account.
    pub account: AccountId,
    /// The word of `domain::delivery::Refusal`; none for a promise that a person said was not kept.
    pub why: Option<String>,
    /// How many.
    pub promises: i64,
    /// When the first was.
    pub first_at: Timestamp,
    /// When the last was.
    pub last_at: Timestamp,
}

/// The promises of these accounts that were refused since an instant, by reason.
pub async fn refused(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    since: Timestamp,
) -> Result<Vec<Refused>> {
    let rows = sqlx::query!(
        r#"SELECT account_id, refusal ->> 'why' AS why, count(*) AS "promises!",
                  min(settled_at) AS "first_at!: jiff_sqlx::Timestamp",
                  max(settled_at) AS "last_at!: jiff_sqlx::Timestamp"
           FROM promises
           WHERE account_id = ANY ($1) AND state = 'refused' AND settled_at > $2
           GROUP BY account_id, refusal ->> 'why'
           ORDER BY account_id, refusal ->> 'why'"#,
        scope.keys(),
        at(since)
    )
    .fetch_all(db)
    .await?;
    let refused = rows.into_iter().map(|row| Refused {
        account: AccountId(row.account_id),
        why: row.why,
        promises: row.promises,
        first_at: row.first_at.to_jiff(),
        last_at: row.last_at.to_jiff(),
    });
    Ok(refused.collect())
}
