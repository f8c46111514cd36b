//! What people ask of the mirror: a reading now, one order now, a comparison of the numbers. The worker does it;
//! nothing here changes an order. So everybody may ask, and is kept to a measure: calls are for everybody's orders.

use jiff::Timestamp;
use sqlx::postgres::PgTransaction;

use crate::db;
use crate::domain::comparison;
use crate::domain::operator::Operator;
use crate::domain::order::AccountId;
use crate::domain::reread;
use crate::domain::trouble::Trouble;

/// Why a wish was not taken up.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// There is no such account.
    #[error("no such account")]
    NotFound,
    /// Reading is paused by an admin.
    #[error("reading is paused")]
    Paused,
    /// The marketplace asked for silence until then.
    #[error("the marketplace asked for silence until {0}")]
    Silence(Timestamp),
    /// So many were asked for that the rest has to wait.
    #[error("too many were asked for")]
    TooMany,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for AskError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Has the account read now. Who asks again within seconds gets the reading that is under way.
pub async fn read_now(
    mut tx: PgTransaction<'_>,
    account: &AccountId,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), AskError> {
    check(&mut tx, account, now).await?;
    let unless_since = now - reread::HURRY_NOT_SOONER;
    let asked = db::sync_states::ask_to_read(&mut tx, account, unless_since, now).await?;
    tx.commit().await?;
    if asked {
        tracing::info!(%account, user = operator.id, "a reading is asked for");
    }
    Ok(())
}

/// Has one order read now, whether it is in the mirror or not.
pub async fn read_order(
    mut tx: PgTransaction<'_>,
    account: &AccountId,
    order_id: &str,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), AskError> {
    check(&mut tx, account, now).await?;
    let since = now - reread::WITHIN;
    if db::rereads::asked_since(&mut tx, account, since, reread::AT_MOST).await? >= reread::AT_MOST
    {
        return Err(AskError::TooMany);
    }
    let unless_since = now - reread::SAME_NOT_SOONER;
    db::rereads::ask(&mut tx, account, order_id, operator.id, unless_since, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Has the numbers compared with the next reading, which is now.
pub async fn compare(
    mut tx: PgTransaction<'_>,
    account: &AccountId,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), AskError> {
    check(&mut tx, account, now).await?;
    let unless_since = now - comparison::NOT_SOONER;
    let asked = db::sync_states::ask_to_compare(&mut tx, account, unless_since, now).await?;
    tx.commit().await?;
    if asked {
        tracing::info!(%account, user = operator.id, "a comparison is asked for");
    }
    Ok(())
}

async fn check(
    tx: &mut PgTransaction<'_>,
    account: &AccountId,
    now: Timestamp,
) -> Result<(), AskError> {
    let state = db::sync_states::find(&mut **tx, account).await?.ok_or(AskError::NotFound)?;
    if state.reading_paused_at.is_some() {
        return Err(AskError::Paused);
    }
    if state.failure == Some(Trouble::RateLimited) && state.next_pull_at > now {
        return Err(AskError::Silence(state.next_pull_at));
    }
    Ok(())
}
