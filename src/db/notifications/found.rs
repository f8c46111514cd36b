//! What there is to tell of an account.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Result;
use crate::db::at;
use crate::domain::action::ActionKind;
use crate::domain::delivery::State;
use crate::domain::notification::Digest;
use crate::domain::order::AccountId;

/// A promise that ended where somebody has to look.
#[derive(Debug, Clone)]
pub struct Told {
    /// Who asked for it.
    pub user_id: i64,
    /// The promise.
    pub promise: Uuid,
    /// Its order.
    pub order_id: String,
    /// What was promised; none for a word of a later version.
    pub action: Option<ActionKind>,
    /// `Refused` or `NeedsPerson`.
    pub state: State,
}

/// The promises that were refused since an instant, or need a person, and that were not told before. They count as
/// told with the transaction. What its own author said was not done is no news.
pub async fn newly_ended(
    conn: &mut PgConnection,
    account: &AccountId,
    since: Timestamp,
    now: Timestamp,
) -> Result<Vec<Told>> {
    let rows = sqlx::query!(
        r#"WITH ended AS (
             SELECT account_id, promise_id, state FROM promises
             WHERE account_id = $1 AND state = 'refused' AND settled_at > $2 AND refusal IS NOT NULL
             UNION ALL
             SELECT account_id, promise_id, state FROM promises
             WHERE account_id = $1 AND state = 'needs_person'
           ), told AS (
             INSERT INTO told_promises (account_id, promise_id, state, told_at)
             SELECT account_id, promise_id, state, $3 FROM ended
             ON CONFLICT DO NOTHING
             RETURNING promise_id
           )
           SELECT p.user_id, p.promise_id, p.order_id, p.kind, p.state
           FROM promises AS p
           WHERE p.account_id = $1 AND p.promise_id IN (SELECT promise_id FROM told)
           ORDER BY p.created_at, p.promise_id"#,
        account.0,
        at(since),
        at(now)
    )
    .fetch_all(conn)
    .await?;
    let told = rows.into_iter().filter_map(|row| {
        Some(Told {
            user_id: row.user_id,
            promise: row.promise_id,
            order_id: row.order_id,
            action: ActionKind::ALL.into_iter().find(|it| it.as_str() == row.kind),
            state: State::parse(&row.state)?,
        })
    });
    Ok(told.collect())
}

/// Forgets which promises were told, where they are too old to be told again.
pub async fn forget_told(
    conn: &mut PgConnection,
    account: &AccountId,
    before: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "DELETE FROM told_promises WHERE account_id = $1 AND told_at < $2 AND state = 'refused'",
        account.0,
        at(before)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The orders whose deadline lies between two instants: how many, and the first. Nothing, if no deadline among them
/// is news, or if some were told after `unless_since`. Whoever gets an answer has told it.
pub async fn due_soon(
    conn: &mut PgConnection,
    account: &AccountId,
    (now, until): (Timestamp, Timestamp),
    unless_since: Timestamp,
) -> Result<Option<(i64, Timestamp)>> {
    let row = sqlx::query!(
        r#"WITH near AS (
             SELECT count(*) AS orders, min(rank) AS first, max(rank) AS last FROM orders
             WHERE account_id = $1 AND rank >= $2 AND rank < $3
           )
           UPDATE sync_states AS s SET due_told_rank = near.last, due_told_at = $4
           FROM near
           WHERE s.account_id = $1 AND near.last > s.due_told_rank
             AND (s.due_told_at IS NULL OR s.due_told_at <= $5)
           RETURNING near.orders AS "orders!", near.first AS "first!""#,
        account.0,
        now.as_second(),
        until.as_second(),
        at(now),
        at(unless_since)
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.and_then(|row| Some((row.orders, Timestamp::from_second(row.first).ok()?))))
}

/// An account's day in numbers: from the queue's index, the counters and the open promises.
pub async fn day_of(
    conn: &mut PgConnection,
    account: &AccountId,
    (now, end_of_day): (Timestamp, Timestamp),
    refused_since: Timestamp,
) -> Result<Digest> {
    let row = sqlx::query!(
        r#"SELECT
             (SELECT count(*) FROM orders WHERE account_id = $1 AND rank < $2) AS "overdue!",
             (SELECT count(*) FROM orders WHERE account_id = $1 AND rank >= $2 AND rank < $3)
               AS "due_today!",
             (SELECT coalesce(sum(orders), 0)::bigint FROM order_counts
              WHERE account_id = $1 AND status = 'WaitingAcceptance') AS "to_accept!",
             (SELECT count(*) FROM promises WHERE account_id = $1 AND state = 'needs_person')
               AS "to_decide!",
             (SELECT count(*) FROM promises
              WHERE account_id = $1 AND state = 'refused' AND settled_at > $4) AS "refused!""#,
        account.0,
        now.as_second(),
        end_of_day.as_second(),
        at(refused_since)
    )
    .fetch_one(conn)
    .await?;
    Ok(Digest {
        overdue: row.overdue,
        due_today: row.due_today,
        to_accept: row.to_accept,
        to_decide: row.to_decide,
        refused: row.refused,
    })
}
