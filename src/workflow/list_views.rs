//! Saving lists under a name, and how they look. Nothing of an order changes.

use jiff::Timestamp;
use sqlx::postgres::PgTransaction;

use crate::db;
use crate::db::list_views;
use crate::db::list_views::Looks;
use crate::db::list_views::SavedView;
use crate::db::list_views::Whose;
use crate::domain::operator::Operator;

/// The longest name of a view, in characters.
pub const LONGEST_NAME: usize = 40;
/// The views that somebody has at most, and the team: more are not found again.
const MOST: i64 = 20;

/// Why a view was not saved.
#[derive(Debug, thiserror::Error)]
pub enum ViewError {
    /// It has no name, or one that is too long.
    #[error("no name")]
    Name,
    /// Another view is called the same, or there are too many.
    #[error("taken")]
    Taken,
    /// There is no such view, or it is not theirs to change.
    #[error("not found")]
    NotFound,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for ViewError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Saves a list: for its maker, or for the team, if they may.
pub async fn save(
    mut tx: PgTransaction<'static>,
    operator: &Operator,
    view: &SavedView,
    now: Timestamp,
) -> Result<(), ViewError> {
    let name = name(&view.name)?;
    let team = view.team && operator.role.shares_views();
    let view = SavedView { team, name, ..view.clone() };
    if !list_views::insert(&mut tx, &view, operator.id, MOST, now).await? {
        return Err(ViewError::Taken);
    }
    Ok(tx.commit().await?)
}

/// Gives a view another name.
pub async fn rename(
    mut tx: PgTransaction<'static>,
    operator: &Operator,
    view_id: i64,
    to: &str,
) -> Result<(), ViewError> {
    let to = name(to)?;
    match list_views::rename(&mut tx, view_id, whose(operator), &to).await? {
        None => Err(ViewError::NotFound),
        Some(false) => Err(ViewError::Taken),
        Some(true) => Ok(tx.commit().await?),
    }
}

/// Takes a view away.
pub async fn delete(
    mut tx: PgTransaction<'static>,
    operator: &Operator,
    view_id: i64,
) -> Result<(), ViewError> {
    if !list_views::delete(&mut tx, view_id, whose(operator)).await? {
        return Err(ViewError::NotFound);
    }
    Ok(tx.commit().await?)
}

/// Notes how lists are to look.
pub async fn look(
    mut tx: PgTransaction<'static>,
    operator: &Operator,
    looks: &Looks,
) -> db::Result<()> {
    list_views::set_looks(&mut tx, operator.id, looks).await?;
    Ok(tx.commit().await?)
}

const fn whose(operator: &Operator) -> Whose {
    Whose { user_id: operator.id, team: operator.role.shares_views() }
}

fn name(typed: &str) -> Result<String, ViewError> {
    let name = typed.trim();
    let fits = (1..=LONGEST_NAME).contains(&name.chars().count());
    fits.then(|| name.to_owned()).ok_or(ViewError::Name)
}
