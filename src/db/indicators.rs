//! The table `seller_indicators`: how the marketplace judges each account, as it said last.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::at;
use crate::db::maybe_at;
use crate::db::scope::SellerScope;
use crate::domain::indicator::Indicator;
use crate::domain::indicator::Limit;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;

/// How far the reading of an account's indicators is.
#[derive(Debug, Clone)]
pub struct Reading {
    /// The account.
    pub account: AccountId,
    /// When they were last read.
    pub read_at: Option<Timestamp>,
    /// When they were last asked for.
    pub tried_at: Option<Timestamp>,
    /// Why that failed, if it did.
    pub failure: Option<Trouble>,
}

/// How far the readings of these accounts are, in the order of the settings.
pub async fn readings(db: impl PgExecutor<'_>, scope: &SellerScope) -> Result<Vec<Reading>> {
    let rows = sqlx::query!(
        "SELECT s.account_id, s.indicators_read_at, s.indicators_tried_at, s.indicators_failure
         FROM sync_states AS s JOIN accounts AS a USING (account_id)
         WHERE s.account_id = ANY ($1)
         ORDER BY a.position, a.account_id",
        scope.keys()
    )
    .fetch_all(db)
    .await?;
    let reading = rows.into_iter().map(|row| Reading {
        account: AccountId(row.account_id),
        read_at: row.indicators_read_at.map(jiff_sqlx::Timestamp::to_jiff),
        tried_at: row.indicators_tried_at.map(jiff_sqlx::Timestamp::to_jiff),
        failure: row.indicators_failure.as_deref().and_then(Trouble::parse),
    });
    Ok(reading.collect())
}

/// When the account's indicators were last asked for, and whether they were read then.
pub async fn tried(
    db: impl PgExecutor<'_>,
    account: &AccountId,
) -> Result<Option<(Timestamp, bool)>> {
    let row = sqlx::query!(
        r#"SELECT indicators_tried_at, indicators_failure IS NULL AS "well!" FROM sync_states
           WHERE account_id = $1"#,
        account.0
    )
    .fetch_optional(db)
    .await?;
    Ok(row.and_then(|row| Some((row.indicators_tried_at?.to_jiff(), row.well))))
}

/// The indicators of these accounts, in the marketplace's order.
pub async fn list(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
) -> Result<Vec<(AccountId, Indicator)>> {
    let rows = sqlx::query!(
        "SELECT account_id, name, description, value, limit_kind, limit_value, compliant, computed_at
         FROM seller_indicators
         WHERE account_id = ANY ($1)
         ORDER BY account_id, position",
        scope.keys()
    )
    .fetch_all(db)
    .await?;
    let indicator = rows.into_iter().map(|row| {
        let limit = row.limit_kind.zip(row.limit_value);
        let indicator = Indicator {
            name: row.name,
            description: row.description,
            value: row.value,
            limit: limit.and_then(|(kind, value)| Limit::parse(&kind, value)),
            compliant: row.compliant,
            computed_at: row.computed_at.map(jiff_sqlx::Timestamp::to_jiff),
        };
        (AccountId(row.account_id), indicator)
    });
    Ok(indicator.collect())
}

/// Puts what was just read in the place of what was known.
pub async fn replace(
    conn: &mut PgConnection,
    account: &AccountId,
    indicators: &[Indicator],
    now: Timestamp,
) -> Result<()> {
    sqlx::query!("DELETE FROM seller_indicators WHERE account_id = $1", account.0)
        .execute(&mut *conn)
        .await?;
    for (position, it) in (0_i32..).zip(indicators) {
        sqlx::query!(
            "INSERT INTO seller_indicators (account_id, name, position, description, value, limit_kind,
               limit_value, compliant, computed_at)
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
             ON CONFLICT (account_id, name) DO NOTHING",
            account.0,
            it.name,
            position,
            it.description,
            it.value,
            it.limit.map(Limit::as_str),
            it.limit.map(Limit::value),
            it.compliant,
            maybe_at(it.computed_at) as _
        )
        .execute(&mut *conn)
        .await?;
    }
    sqlx::query!(
        "UPDATE sync_states
         SET indicators_read_at = $2, indicators_tried_at = $2, indicators_failure = NULL
         WHERE account_id = $1",
        account.0,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes that they could not be read; what was known stays.
pub async fn fail(
    conn: &mut PgConnection,
    account: &AccountId,
    failure: Trouble,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "UPDATE sync_states SET indicators_tried_at = $2, indicators_failure = $3
         WHERE account_id = $1",
        account.0,
        at(now),
        failure.as_str()
    )
    .execute(conn)
    .await?;
    Ok(())
}
