//! Changing what a user may do, and whether they can come in.

use jiff::Timestamp;
use sqlx::PgPool;

use crate::db;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act;
use crate::domain::operator::Operator;
use crate::domain::operator::Role;
use crate::domain::operator::change as rules;
use crate::domain::operator::change::Change;
use crate::domain::operator::change::Subject;
use crate::workflow::audit;
use crate::workflow::sessions;
use crate::workflow::users::UserError;
use crate::workflow::users::lock;

/// Changes a user. Whoever may do less, more or nothing from now on signs in again (`reliability` S-4).
pub async fn change(
    pool: &PgPool,
    operator: &Operator,
    user_id: i64,
    change: Change,
    accounts: &[String],
    now: Timestamp,
) -> Result<(), UserError> {
    let mut tx = pool.begin().await?;
    let (operator, users) = lock(&mut tx, operator, user_id).await?;
    let subject = users.iter().find(|it| it.id == user_id).ok_or(UserError::NotFound)?;
    let is_other_admin = |it: &&Subject| it.id != user_id && it.active && it.role == Role::Admin;
    let others = users.iter().filter(is_other_admin).count();
    rules::check(change, &operator, subject, others)?;
    let acts = match change {
        Change::Rights { role, .. } => {
            let before = db::users::find(&mut *tx, user_id).await?.ok_or(UserError::NotFound)?;
            db::users::set_role(&mut tx, user_id, role).await?;
            db::users::limit_to(&mut tx, user_id, accounts).await?;
            rights(subject, role, before.accounts, accounts)
        }
        Change::Deactivate => {
            db::users::set_active(&mut tx, user_id, false).await?;
            db::password_links::withdraw(&mut tx, user_id).await?;
            vec![Act::UserDeactivated { user: user_id }]
        }
        Change::Reactivate => {
            db::users::set_active(&mut tx, user_id, true).await?;
            vec![Act::UserReactivated { user: user_id }]
        }
    };
    for act in &acts {
        audit::note(&mut tx, &Entry::by(operator.id, act.clone(), now)).await?;
    }
    let is_end = |it: &Act| matches!(it, Act::RoleChanged { .. } | Act::UserDeactivated { .. });
    let ends = acts.iter().any(is_end);
    let ended = if ends { db::users::end_sessions(&mut tx, user_id).await? } else { 0 };
    sessions::ended(&mut tx, operator.id, user_id, ended, now).await?;
    tx.commit().await?;
    tracing::info!(user = user_id, ?change, ended, by = operator.id, "a user is changed");
    Ok(())
}

/// What another role and other accounts are, each an act of its own, if they are others.
fn rights(subject: &Subject, role: Role, mut before: Vec<String>, after: &[String]) -> Vec<Act> {
    let user = subject.id;
    let mut acts = Vec::new();
    if role != subject.role {
        let (from, to) = (subject.role.as_str().to_owned(), role.as_str().to_owned());
        acts.push(Act::RoleChanged { user, from, to });
    }
    let mut after = after.to_vec();
    before.sort();
    after.sort();
    if before != after {
        // Nothing stands for all of them.
        let words = |it: Vec<String>| (!it.is_empty()).then(|| it.join(", "));
        let (field, from, to) = ("accounts".to_owned(), words(before), words(after));
        acts.push(Act::RightsChanged { user, changes: vec![act::Change { field, from, to }] });
    }
    acts
}

/// An admin signs a user out everywhere.
pub async fn end_sessions(
    pool: &PgPool,
    operator: &Operator,
    user_id: i64,
    now: Timestamp,
) -> Result<(), UserError> {
    let mut tx = pool.begin().await?;
    let (operator, users) = lock(&mut tx, operator, user_id).await?;
    rules::may_change(&operator)?;
    users.iter().find(|it| it.id == user_id).ok_or(UserError::NotFound)?;
    let ended = db::users::end_sessions(&mut tx, user_id).await?;
    sessions::ended(&mut tx, operator.id, user_id, ended, now).await?;
    tx.commit().await?;
    tracing::info!(user = user_id, ended, by = operator.id, "a user is signed out");
    Ok(())
}

/// An admin takes the second factor of somebody away who lost the telephone and the recovery codes. Their
/// sessions end: whoever has one now may be who has the telephone.
pub async fn reset_second_factor(
    pool: &PgPool,
    operator: &Operator,
    user_id: i64,
    now: Timestamp,
) -> Result<(), UserError> {
    let mut tx = pool.begin().await?;
    let (operator, users) = lock(&mut tx, operator, user_id).await?;
    rules::check_reset(&operator, user_id)?;
    users.iter().find(|it| it.id == user_id).ok_or(UserError::NotFound)?;
    if db::second_factors::delete(&mut *tx, user_id).await? {
        let act = Act::SecondFactorChanged { user: user_id, change: act::SecondFactor::Reset };
        audit::note(&mut tx, &Entry::by(operator.id, act, now)).await?;
        let ended = db::users::end_sessions(&mut tx, user_id).await?;
        sessions::ended(&mut tx, operator.id, user_id, ended, now).await?;
    }
    tx.commit().await?;
    tracing::warn!(user = user_id, by = operator.id, "second factor reset");
    Ok(())
}
