//! The table `mails`: notifications that go to people by e-mail.

use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgExecutor;
use uuid::Uuid;

use crate::db::Result;
use crate::db::at;
use crate::domain::notification::Fact;
use crate::domain::notification::Kind;
use crate::domain::order::AccountId;

/// Queues what these users were just told, for those of them who want that kind by e-mail.
pub async fn queue(
    conn: &mut PgConnection,
    account: &AccountId,
    (users, subject): (&[i64], &str),
    kind: Kind,
    next_at: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "INSERT INTO mails (account_id, notification_id, user_id, next_at)
         SELECT n.account_id, n.notification_id, n.user_id, $5
         FROM notifications AS n JOIN notification_choices AS c USING (user_id)
         WHERE n.account_id = $1 AND n.user_id = ANY ($2) AND n.subject = $3 AND $4 = ANY (c.mailed)",
        account.0,
        users,
        subject,
        kind.as_str(),
        at(next_at)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Letters that were being sent when their worker died: they may have arrived. Says how many.
pub async fn give_up_lost(conn: &mut PgConnection, now: Timestamp) -> Result<u64> {
    let done = sqlx::query!(
        "UPDATE mails SET state = 'in_doubt', lease_until = NULL
         WHERE state = 'sending' AND lease_until <= $1",
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Takes all that is due for one person into a letter, which counts as being sent from then on. Says how often the
/// most tried part of it was tried, this time included.
pub async fn take(
    conn: &mut PgConnection,
    letter: Uuid,
    now: Timestamp,
    lease_until: Timestamp,
) -> Result<Option<i32>> {
    Ok(sqlx::query_scalar!(
        "WITH taken AS (
           UPDATE mails SET state = 'sending', letter_id = $1, lease_until = $3, attempts = attempts + 1
           WHERE (account_id, notification_id) IN (
             SELECT account_id, notification_id FROM mails
             WHERE state = 'queued' AND next_at <= $2
               AND user_id = (SELECT user_id FROM mails WHERE state = 'queued' AND next_at <= $2
                              ORDER BY next_at LIMIT 1)
             ORDER BY notification_id
             LIMIT 50
             FOR UPDATE SKIP LOCKED)
           RETURNING attempts
         )
         SELECT max(attempts) FROM taken",
        letter,
        at(now),
        at(lease_until)
    )
    .fetch_one(conn)
    .await?)
}

/// To whom a letter goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Addressee {
    /// Their address.
    pub email: String,
    /// `en` or `fr`, if they chose.
    pub language: Option<String>,
    /// Their zone (IANA), else that of the letter's first account.
    pub time_zone: String,
}

/// A part of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The account.
    pub account: AccountId,
    /// Its name.
    pub account_name: String,
    /// What there is to tell.
    pub fact: Fact,
}

/// What a letter says, and to whom. None, if who should get it may not know of it any more.
pub async fn letter(
    db: impl PgExecutor<'_>,
    letter: Uuid,
) -> Result<Option<(Addressee, Vec<Item>)>> {
    let rows = sqlx::query!(
        "SELECT u.email, u.language, coalesce(u.time_zone, a.time_zone) AS \"time_zone!\",
                a.account_id, a.name, n.fact
         FROM mails AS m
         JOIN notifications AS n USING (account_id, notification_id)
         JOIN users AS u ON u.user_id = m.user_id AND u.active
         JOIN workplaces AS w ON w.user_id = m.user_id AND w.account_id = m.account_id
         JOIN accounts AS a ON a.account_id = m.account_id
         WHERE m.letter_id = $1
         ORDER BY a.position, a.account_id, n.notification_id",
        letter
    )
    .fetch_all(db)
    .await?;
    let Some(first) = rows.first() else { return Ok(None) };
    let addressee = Addressee {
        email: first.email.clone(),
        language: first.language.clone(),
        time_zone: first.time_zone.clone(),
    };
    let item = rows.into_iter().filter_map(|row| {
        Some(Item {
            account: AccountId(row.account_id),
            account_name: row.name,
            fact: serde_json::from_value(row.fact).ok()?,
        })
    });
    let items: Vec<Item> = item.collect();
    Ok((!items.is_empty()).then_some((addressee, items)))
}

/// What becomes of a letter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// The server has taken it.
    Sent,
    /// It may have, and is not sent again.
    InDoubt,
    /// The server never takes it.
    Refused,
    /// Nobody may read it any more, or it was tried too often.
    Dropped,
}

impl End {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::InDoubt => "in_doubt",
            Self::Refused => "refused",
            Self::Dropped => "dropped",
        }
    }
}

/// Ends a letter, or puts its parts back until `again_at`. One whose lease is over stays as it is.
pub async fn finish(
    conn: &mut PgConnection,
    letter: Uuid,
    end: std::result::Result<End, Timestamp>,
) -> Result<()> {
    let (state, again_at) = match end {
        Ok(end) => (end.as_str(), None),
        Err(again_at) => ("queued", Some(at(again_at))),
    };
    sqlx::query!(
        "UPDATE mails SET state = $2, lease_until = NULL, next_at = coalesce($3, next_at)
         WHERE letter_id = $1 AND state = 'sending'",
        letter,
        state,
        again_at as Option<jiff_sqlx::Timestamp>
    )
    .execute(conn)
    .await?;
    Ok(())
}
