//! What the staff do among themselves about an order: notes, who looks after it, and who has it open. None of it goes
//! to the marketplace.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::postgres::PgTransaction;
use uuid::Uuid;

use crate::db;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::event::Event;
use crate::domain::operator::Operator;
use crate::domain::operator::Permission;
use crate::domain::order::AccountId;
use crate::domain::teamwork;
use crate::workflow::audit;

/// Why nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum TeamworkError {
    /// There is no such order.
    #[error("no such order")]
    NotFound,
    /// The operator's role does not include it.
    #[error("the role lacks {0:?}")]
    Needs(Permission),
    /// Nobody of that number works for the account and acts on orders.
    #[error("user {0} cannot look after the order")]
    NoColleague(i64),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for TeamworkError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Writes a note on an order. `id` is born in the form: the same form sent twice is one note. `text` is as
/// [`teamwork::note`] gives it.
pub async fn write_note(
    mut tx: PgTransaction<'_>,
    account: &AccountId,
    order_id: &str,
    operator: &Operator,
    (id, text): (Uuid, &str),
    now: Timestamp,
) -> Result<(), TeamworkError> {
    if !operator.role.may(Permission::Note) {
        return Err(TeamworkError::Needs(Permission::Note));
    }
    if !db::orders::lock(&mut tx, account, order_id).await? {
        return Err(TeamworkError::NotFound);
    }
    if !db::notes::add(&mut tx, account, order_id, id, operator.id, text, now).await? {
        return Ok(());
    }
    // Of an order that is without its customer already, in its turn.
    db::privacy::mark_again(&mut tx, account, order_id, now).await?;
    let (user, event) = (Some(operator.id), Event::NoteWritten);
    db::events::add(&mut tx, account, order_id, user, None, &event, now).await?;
    let entry = Entry::by(operator.id, Act::NoteWritten, now).of_order(account, order_id);
    audit::note(&mut tx, &entry).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives an order to a user to look after, or to nobody. Whose it is already changes nothing.
pub async fn assign(
    mut tx: PgTransaction<'_>,
    account: &AccountId,
    order_id: &str,
    operator: &Operator,
    to: Option<i64>,
    now: Timestamp,
) -> Result<(), TeamworkError> {
    if !db::orders::lock(&mut tx, account, order_id).await? {
        return Err(TeamworkError::NotFound);
    }
    let team = db::team::of(&mut tx, account, order_id).await?.ok_or(TeamworkError::NotFound)?;
    let from = team.assigned_to.map(|(id, _)| id);
    if !teamwork::may_assign(operator, from, to) {
        return Err(TeamworkError::Needs(Permission::Assign));
    }
    if from == to {
        return Ok(());
    }
    if let Some(user) = to {
        let colleagues = db::team::colleagues(&mut tx, account).await?;
        if !colleagues.iter().any(|it| it.id == user && teamwork::acts(it.role)) {
            return Err(TeamworkError::NoColleague(user));
        }
    }
    db::team::assign(&mut tx, account, order_id, to).await?;
    let (user, event) = (Some(operator.id), Event::Assigned { user: to });
    db::events::add(&mut tx, account, order_id, user, None, &event, now).await?;
    let entry = Entry::by(operator.id, Act::Assigned { user: to }, now).of_order(account, order_id);
    audit::note(&mut tx, &entry).await?;
    tx.commit().await?;
    Ok(())
}

/// Notes that the operator has the order open, for as long as [`teamwork::CLAIM`]; not if a colleague has, who keeps
/// it. Says whether there is such an order. Single statements, because it is a courtesy: nothing depends on it.
pub async fn claim(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    operator: &Operator,
    now: Timestamp,
) -> db::Result<bool> {
    db::claims::sweep(conn, account, now).await?;
    let until = now + teamwork::CLAIM;
    db::claims::claim(conn, account, order_id, operator.id, now, until).await
}

/// Takes an order over that a colleague has open. What they do next is judged as ever: by the order's version.
pub async fn take_over(
    mut tx: PgTransaction<'_>,
    account: &AccountId,
    order_id: &str,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), TeamworkError> {
    if !teamwork::acts(operator.role) {
        return Err(TeamworkError::Needs(Permission::Note));
    }
    if !db::orders::lock(&mut tx, account, order_id).await? {
        return Err(TeamworkError::NotFound);
    }
    let held = db::claims::live(&mut tx, account, order_id, now).await?;
    let until = now + teamwork::CLAIM;
    db::claims::take(&mut tx, account, order_id, operator.id, now, until).await?;
    if let Some(claim) = held.filter(|it| it.user_id != operator.id) {
        let from = claim.user_id;
        let (user, event) = (Some(operator.id), Event::TakenOver { user: from });
        db::events::add(&mut tx, account, order_id, user, None, &event, now).await?;
        let act = Act::TakenOver { user: from };
        let entry = Entry::by(operator.id, act, now).of_order(account, order_id);
        audit::note(&mut tx, &entry).await?;
    }
    tx.commit().await?;
    Ok(())
}
