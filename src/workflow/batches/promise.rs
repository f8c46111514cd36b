//! Confirmed rows become promises.

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::PgPool;
use uuid::Uuid;

use crate::db;
use crate::db::batches::chosen::Chosen;
use crate::db::promises::Promise;
use crate::domain::account::send_delay;
use crate::domain::action::Facts;
use crate::domain::action::Live;
use crate::domain::batch;
use crate::domain::batch::Stopped;
use crate::domain::operator::Operator;
use crate::domain::order::AccountId;
use crate::workflow::batches::id_of;
use crate::workflow::promise::PerformError;
use crate::workflow::promise::Submission;
use crate::workflow::promise::perform_within;

/// How many rows a worker takes up at a time: another one, or the next, is not kept waiting for long.
const ROWS: i64 = 20;
/// How long they are its own. Each takes some milliseconds, unless somebody else holds its order.
const LEASE: SignedDuration = SignedDuration::from_secs(60);

/// What becomes of a row.
enum End {
    Promised(Uuid),
    Stopped(Stopped),
}

/// The submission of a row: the same row gives the same one.
pub fn submission_of(batch_id: Uuid, position: i32) -> Uuid {
    id_of(["batch row", &batch_id.to_string(), &position.to_string()])
}

/// Makes the promises of some confirmed rows of the account. Says how many rows were taken up; zero, when none was
/// left. A row that fails on our side is left for later, and does not keep the others waiting.
pub async fn promise_some(pool: &PgPool, account: &AccountId, now: Timestamp) -> db::Result<usize> {
    let mut conn = pool.acquire().await?;
    let rows = db::batches::chosen::take(&mut conn, account, now, now + LEASE, ROWS).await?;
    drop(conn);
    let mut failed = None;
    for row in &rows {
        if let Err(error) = promise(pool, account, row, now).await {
            tracing::warn!(%account, batch = %row.batch_id, row = row.position, %error,
                "a row of a batch is tried again later");
            failed = Some(error);
        }
    }
    failed.map_or(Ok(rows.len()), Err)
}

async fn promise(
    pool: &PgPool,
    account: &AccountId,
    row: &Chosen,
    now: Timestamp,
) -> db::Result<()> {
    let mut tx = pool.begin().await?;
    match decide(&mut tx, account, row, now).await? {
        End::Promised(id) => db::batches::chosen::set_promise(&mut tx, account, row, id).await?,
        End::Stopped(why) => db::batches::chosen::stop(&mut tx, account, row, &why).await?,
    }
    tx.commit().await?;
    Ok(())
}

/// Decides under the order's lock, which the transaction keeps.
async fn decide(
    conn: &mut PgConnection,
    account: &AccountId,
    row: &Chosen,
    now: Timestamp,
) -> db::Result<End> {
    let Some(order_id) = &row.order_id else { return Ok(End::Stopped(Stopped::NotFound)) };
    if !db::orders::lock(conn, account, order_id).await? {
        return Ok(End::Stopped(Stopped::NotFound));
    }
    let id = submission_of(row.batch_id, row.position);
    if let Some(promise_id) = db::promises::of_submission(conn, account, id).await? {
        return Ok(End::Promised(promise_id));
    }
    let Some(mirrored) = db::orders::find(conn, account, order_id).await? else {
        return Ok(End::Stopped(Stopped::NotFound));
    };
    // They may have lost the account or the right since they confirmed.
    let Some(role) = db::users::role_now(&mut *conn, row.user_id, account).await? else {
        return Ok(End::Stopped(Stopped::NotAllowed));
    };
    let under_way = db::promises::under_way(&mut *conn, account, order_id).await?;
    let in_flight = under_way.as_ref().map(Promise::in_flight);
    let facts = Facts {
        order: &mirrored.order,
        channel: &mirrored.channel,
        requests: &mirrored.requests,
        live: Live::NotAsked,
        role,
        given_today: &[],
        in_flight: in_flight.as_ref(),
        now,
    };
    let action = match batch::decide(row.task, &row.input, &facts) {
        Ok(action) => action,
        Err(why) => return Ok(End::Stopped(why)),
    };
    let operator = Operator { id: row.user_id, name: row.user_name.clone(), role };
    let delay = send_delay(mirrored.send_delay_seconds, row.usual_delay);
    let (operator, live, file) = (&operator, Live::NotAsked, None);
    let submission = Submission { id, account, order_id, action, operator, live, file };
    match perform_within(conn, &submission, now, delay).await {
        Ok(promise_id) => Ok(End::Promised(promise_id)),
        Err(PerformError::NotFound) => Ok(End::Stopped(Stopped::NotFound)),
        Err(PerformError::Blocked(blocked)) => Ok(End::Stopped(Stopped::Blocked { blocked })),
        Err(PerformError::Misfit(misfits)) => Ok(End::Stopped(Stopped::Misfit { misfits })),
        Err(PerformError::Db(error)) => Err(error),
    }
}
