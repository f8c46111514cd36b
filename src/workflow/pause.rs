//! The switches of everything that is sent: stop, go on, and try again now.
//!
//! None of them touches an order, so that none needs an order's lock.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::postgres::PgTransaction;

use crate::db;
use crate::db::scope::SellerScope;
use crate::domain::action::Blocked;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::operator::Operator;
use crate::domain::operator::Permission;
use crate::domain::operator::Role;
use crate::domain::order::AccountId;
use crate::workflow::audit;

/// Why a switch was not turned.
#[derive(Debug, thiserror::Error)]
pub enum PauseError {
    /// The operator's role does not include it.
    #[error(transparent)]
    Blocked(#[from] Blocked),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for PauseError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Keeps everything that is promised for these accounts from leaving, and ends the transaction. What left before is read about on.
pub async fn pause(
    mut tx: PgTransaction<'_>,
    scope: &SellerScope,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), PauseError> {
    check(operator)?;
    db::pauses::lock(&mut tx, scope).await?;
    let changed = db::pauses::set(&mut tx, scope, operator.id, now).await?;
    note(&mut tx, &changed, operator, &Act::SendingPaused, now).await?;
    tx.commit().await?;
    for account in changed {
        tracing::warn!(account, user = operator.id, "sending is paused");
    }
    Ok(())
}

/// Lets everything leave again that is promised for these accounts: what became due meanwhile, at once.
pub async fn resume(
    mut tx: PgTransaction<'_>,
    scope: &SellerScope,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), PauseError> {
    check(operator)?;
    db::pauses::lock(&mut tx, scope).await?;
    let changed = db::pauses::clear(&mut tx, scope).await?;
    note(&mut tx, &changed, operator, &Act::SendingResumed, now).await?;
    tx.commit().await?;
    for account in changed {
        tracing::warn!(account, user = operator.id, "sending is resumed");
    }
    Ok(())
}

/// Writes down which accounts were switched.
async fn note(
    conn: &mut PgConnection,
    accounts: &[String],
    operator: &Operator,
    act: &Act,
    now: Timestamp,
) -> db::Result<()> {
    for account in accounts {
        let account = AccountId(account.clone());
        let entry = Entry::by(operator.id, act.clone(), now).in_account(&account);
        audit::note(conn, &entry).await?;
    }
    Ok(())
}

fn check(operator: &Operator) -> Result<(), Blocked> {
    let needed = Permission::PauseSending;
    if operator.role.may(needed) { Ok(()) } else { Err(Blocked::Needs(needed)) }
}

/// Whether the role may have promises tried again. Nothing new is decided by it, so that whoever may do one
/// of the actions may hurry all of them.
pub fn may_retry(role: Role) -> bool {
    let actions = [Permission::Accept, Permission::Ship, Permission::Cancel, Permission::Gesture];
    actions.into_iter().any(|it| role.may(it))
}

/// Tries again now what the same trouble kept from leaving.
pub async fn retry(
    mut tx: PgTransaction<'_>,
    account: &AccountId,
    trouble: &str,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), PauseError> {
    if !may_retry(operator.role) {
        return Err(Blocked::Needs(Permission::Ship).into());
    }
    let promises = db::unsent::hurry(&mut tx, account, trouble, now).await?;
    let act = Act::Retried { trouble: trouble.to_owned(), promises };
    audit::note(&mut tx, &Entry::by(operator.id, act, now).in_account(account)).await?;
    tx.commit().await?;
    tracing::info!(%account, trouble, promises, user = operator.id, "promises are tried again now");
    Ok(())
}
