//! A new password for who forgot theirs, through a link that an admin hands over.

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgPool;

use crate::db;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::operator::Operator;
use crate::domain::operator::change;
use crate::workflow::UserError;
use crate::workflow::audit;
use crate::workflow::sessions;
use crate::workflow::users;

/// How long a link can be used: a day, because whoever gets it waits for it.
pub const LASTS: SignedDuration = SignedDuration::from_hours(24);

/// Makes a link for that user, and says until when it can be used. Their password, their sessions and their
/// second factor stay as they are until then: an admin cannot lock anybody out with it, nor come in.
///
/// # Errors
///
/// [`UserError::NotFound`] also for a user who is deactivated.
pub async fn make(
    pool: &PgPool,
    operator: &Operator,
    user_id: i64,
    token_hash: &[u8],
    now: Timestamp,
) -> Result<Timestamp, UserError> {
    let mut tx = pool.begin().await?;
    let (operator, users) = users::lock(&mut tx, operator, user_id).await?;
    change::may_change(&operator)?;
    let known = users.iter().any(|it| it.id == user_id && it.active);
    if !known {
        return Err(UserError::NotFound);
    }
    let until = now + LASTS;
    db::password_links::put(&mut tx, user_id, token_hash, until).await?;
    let act = Act::PasswordReset { user: user_id };
    audit::note(&mut tx, &Entry::by(operator.id, act, now)).await?;
    tx.commit().await?;
    Ok(until)
}

/// Sets the password that somebody chose through their link, and ends their sessions. False, if the link
/// could not be used any more.
pub async fn choose(
    pool: &PgPool,
    token_hash: &[u8],
    password_hash: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let mut tx = pool.begin().await?;
    let user = db::password_links::take(&mut tx, token_hash, password_hash, now).await?;
    let Some(user) = user else { return Ok(false) };
    let ended = db::users::end_sessions(&mut tx, user).await?;
    audit::note(&mut tx, &Entry::by(user, Act::PasswordChanged, now)).await?;
    sessions::ended(&mut tx, user, user, ended, now).await?;
    tx.commit().await?;
    Ok(true)
}
