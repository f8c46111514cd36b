//! Many orders at once: a batch is put together, corrected, confirmed, and becomes one promise per row.
//!
//! For whoever puts a batch together (the list of orders, a file):
//!
//! 1. [`create`] with a [`Draft`]. Its `id` is the caller's: the same id of the same user makes no second batch, so
//!    that an id made of what was sent ([`id_of`]) makes a second click, or the same file again, lead to the first.
//! 2. `303` to `/batches/{id}`: the review, with a verdict for each row. Nothing is decided here and no verdict is
//!    stored: each time somebody looks, `domain::batch::decide` is asked, which asks the one gate there is.
//! 3. [`save`] changes what was typed, [`confirm`] ends the draft.
//!
//! [`promise_some`] is the worker's. Each row is a transaction of its own: the promise and the row that says so are
//! there together or not at all, and the promise's submission is made of batch and position, so that each row has one
//! promise at most, whatever dies. The rules, the role and the account of who confirmed are asked again for each, under
//! the order's lock.

mod links;
mod promise;

use jiff::SignedDuration;
use jiff::Timestamp;
use sha2::Digest;
use sha2::Sha256;
use sqlx::postgres::PgTransaction;
use uuid::Uuid;

use crate::db;
use crate::db::batches::Batch;
use crate::domain::batch::Input;
use crate::domain::batch::MOST_ROWS;
use crate::domain::batch::Origin;
use crate::domain::batch::Purpose;
use crate::domain::batch::Stopped;
use crate::domain::order::AccountId;

pub use crate::db::batches::corrections::Renamed;
pub use promise::promise_some;
pub use promise::submission_of;

/// What somebody put together.
#[derive(Debug)]
pub struct Draft<'a> {
    /// The caller's.
    pub id: Uuid,
    /// Whose it is: nobody else finds it.
    pub user_id: i64,
    /// What for.
    pub purpose: Purpose,
    /// From where.
    pub origin: Origin,
    /// The batch whose rows these are, if it is a second try.
    pub retry_of: Option<Uuid>,
    /// At least one, and [`MOST_ROWS`] at most.
    pub rows: &'a [NewRow],
}

/// A row to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewRow {
    /// Its number for people, unique in the batch: in a selection from 1, in a file its line.
    pub position: i32,
    /// The order's account; where no order was found, one of those that were looked through.
    pub account: AccountId,
    /// The order.
    pub order: Wanted,
    /// What was typed.
    pub input: Input,
}

/// What a row is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wanted {
    /// An order of the mirror.
    Order(String),
    /// What was typed, where there is no such order.
    Unknown(String),
}

/// Why a batch was not made.
#[derive(Debug, thiserror::Error)]
pub enum CreateError {
    /// There is nothing in it.
    #[error("no rows")]
    Empty,
    /// There are that many rows.
    #[error("{0} rows are too many")]
    TooMany(usize),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Why a batch was not changed.
#[derive(Debug, thiserror::Error)]
pub enum ChangeError {
    /// It is nobody's who asks.
    #[error("no such batch")]
    NotFound,
    /// It is confirmed: nothing about it changes any more.
    #[error("the batch is confirmed")]
    Confirmed,
    /// Its rows are not those that were looked at.
    #[error("the batch was changed meanwhile")]
    Changed,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

macro_rules! from_sqlx {
    ($($error:ident),+) => {$(
        impl From<sqlx::Error> for $error {
            fn from(error: sqlx::Error) -> Self {
                Self::Db(error.into())
            }
        }
    )+};
}
from_sqlx!(CreateError, ChangeError);

/// An identifier made of what was sent: the same words give the same one.
pub fn id_of<'a>(words: impl IntoIterator<Item = &'a str>) -> Uuid {
    let mut hash = Sha256::new();
    for word in words {
        hash.update(word.len().to_be_bytes());
        hash.update(word);
    }
    let mut bytes = [0; 16];
    for (byte, hashed) in bytes.iter_mut().zip(hash.finalize()) {
        *byte = hashed;
    }
    uuid::Builder::from_custom_bytes(bytes).into_uuid()
}

/// Makes a batch, unless the user has one of that id. Says whether it is new.
pub async fn create(
    mut tx: PgTransaction<'_>,
    draft: &Draft<'_>,
    now: Timestamp,
) -> Result<bool, CreateError> {
    match draft.rows.len() {
        0 => return Err(CreateError::Empty),
        count if count > MOST_ROWS => return Err(CreateError::TooMany(count)),
        _ => {}
    }
    let mut accounts: Vec<String> = draft.rows.iter().map(|it| it.account.0.clone()).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let batch = db::batches::NewBatch {
        id: draft.id,
        user_id: draft.user_id,
        accounts,
        purpose: draft.purpose,
        origin: draft.origin.clone(),
        retry_of: draft.retry_of,
        rows: draft.rows.len(),
    };
    if !db::batches::insert(&mut tx, &batch, now).await? {
        return Ok(false);
    }
    let row = |it: &NewRow| {
        let (order_id, order_text) = match &it.order {
            Wanted::Order(id) => (Some(id.clone()), String::new()),
            Wanted::Unknown(text) => (None, text.clone()),
        };
        db::batches::rows::NewRow {
            account: it.account.0.clone(),
            position: it.position,
            order_id,
            order_text,
            input: it.input.clone(),
        }
    };
    let rows: Vec<_> = draft.rows.iter().map(row).collect();
    db::batches::rows::insert(&mut tx, draft.id, &rows).await?;
    links::fill(&mut tx, &batch.accounts, draft.id).await?;
    tx.commit().await?;
    Ok(true)
}

/// Changes what was typed for some rows of a draft, by their positions, and which orders some of them are about.
pub async fn save(
    mut tx: PgTransaction<'_>,
    user_id: i64,
    batch_id: Uuid,
    inputs: &[(i32, Input)],
    renamed: &[Renamed],
) -> Result<(), ChangeError> {
    let batch = draft(&mut tx, user_id, batch_id).await?;
    let mut changed = db::batches::rows::set_inputs(&mut tx, &batch, inputs).await?;
    changed += db::batches::corrections::rename(&mut tx, &batch, renamed).await?;
    if changed > 0 {
        let batch = draft(&mut tx, user_id, batch_id).await?;
        links::fill(&mut tx, &batch.accounts, batch_id).await?;
        db::batches::touch(&mut tx, batch_id).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Names a carrier for the rows of a draft that have none.
pub async fn fill_carrier(
    mut tx: PgTransaction<'_>,
    user_id: i64,
    batch_id: Uuid,
    carrier: &str,
) -> Result<(), ChangeError> {
    let batch = draft(&mut tx, user_id, batch_id).await?;
    db::batches::rows::fill_carrier(&mut tx, &batch, carrier).await?;
    links::fill(&mut tx, &batch.accounts, batch_id).await?;
    db::batches::touch(&mut tx, batch_id).await?;
    tx.commit().await?;
    Ok(())
}

/// Ends a draft: the rows of `stopped` get no promise, the others one each, soon. `revision` is that of the rows
/// which were judged, and `usual` the delay before promises of accounts without one of their own are sent.
pub async fn confirm(
    mut tx: PgTransaction<'_>,
    user_id: i64,
    batch_id: Uuid,
    revision: i32,
    stopped: &[(i32, Stopped)],
    usual: SignedDuration,
    now: Timestamp,
) -> Result<(), ChangeError> {
    let batch = draft(&mut tx, user_id, batch_id).await?;
    if batch.revision != revision {
        return Err(ChangeError::Changed);
    }
    db::batches::rows::stop(&mut tx, &batch, stopped).await?;
    db::batches::rows::choose(&mut tx, &batch).await?;
    db::batches::confirm(&mut tx, batch_id, usual, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Locks a draft: two clicks take turns.
async fn draft(
    tx: &mut PgTransaction<'_>,
    user_id: i64,
    batch_id: Uuid,
) -> Result<Batch, ChangeError> {
    let batch = db::batches::lock(tx, user_id, batch_id).await?.ok_or(ChangeError::NotFound)?;
    if batch.confirmed_at.is_some() {
        return Err(ChangeError::Confirmed);
    }
    Ok(batch)
}
