//! What leaves for people and programs outside: taken under a lease, sent by the worker, and ended.

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

use crate::db;
use crate::db::mails::Addressee;
use crate::db::mails::End;
use crate::db::mails::Item;
use crate::db::webhook_calls::Call;
use crate::domain::notification;

/// Longer than handing a letter over, or a call, takes.
const LEASE: SignedDuration = SignedDuration::from_mins(3);

/// A letter to be written and sent.
#[derive(Debug)]
pub struct Letter {
    /// Its number.
    pub id: Uuid,
    /// To whom.
    pub to: Addressee,
    /// What it says.
    pub items: Vec<Item>,
    /// How often it was tried, this time included.
    pub attempts: i32,
}

/// Takes the next letter, marked as being sent before the first byte leaves. Those that other workers left in that
/// state may have arrived: they are given up, and not sent again.
pub async fn take_letter(pool: &PgPool, now: Timestamp) -> db::Result<Option<Letter>> {
    let mut tx = pool.begin().await?;
    let lost = db::mails::give_up_lost(&mut tx, now).await?;
    if lost > 0 {
        tracing::warn!(
            lost,
            "e-mails were being sent when their worker stopped: they may have arrived"
        );
    }
    let id = Uuid::now_v7();
    let attempts = db::mails::take(&mut tx, id, now, now + LEASE).await?;
    let letter = db::mails::letter(&mut *tx, id).await?;
    let letter = match (attempts, letter) {
        (Some(attempts), Some((to, items))) => Some(Letter { id, to, items, attempts }),
        (Some(_), None) => {
            db::mails::finish(&mut tx, id, Ok(End::Dropped)).await?;
            None
        }
        (None, _) => None,
    };
    tx.commit().await?;
    Ok(letter)
}

/// Ends a letter. One that was surely not taken is tried again, later and later, and not for ever.
pub async fn end_letter(
    pool: &PgPool,
    letter: &Letter,
    end: Option<End>,
    now: Timestamp,
) -> db::Result<()> {
    let again = notification::again(letter.attempts).map(|after| now + after);
    let end = end.map_or_else(|| again.map_or(Ok(End::Dropped), Err), Ok);
    let mut conn = pool.acquire().await?;
    db::mails::finish(&mut conn, letter.id, end).await
}

/// Takes the next call of the webhook.
pub async fn take_call(pool: &PgPool, now: Timestamp) -> db::Result<Option<Call>> {
    let mut conn = pool.acquire().await?;
    db::webhook_calls::take(&mut conn, now, now + LEASE).await
}

/// Ends a call. One that was not taken is made again, later and later, and not for ever.
pub async fn end_call(pool: &PgPool, call: &Call, taken: bool, now: Timestamp) -> db::Result<()> {
    let again = notification::again(call.attempts).filter(|_| !taken).map(|after| now + after);
    let mut conn = pool.acquire().await?;
    let forget_before = now - notification::KEPT;
    db::webhook_calls::finish(&mut conn, call, taken, again, now, forget_before).await
}
