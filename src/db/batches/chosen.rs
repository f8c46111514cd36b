//! Rows of confirmed batches, in the hands of the worker.

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Error;
use crate::db::Result;
use crate::db::at;
use crate::domain::batch::Input;
use crate::domain::batch::Purpose;
use crate::domain::batch::Stopped;
use crate::domain::batch::Task;
use crate::domain::order::AccountId;

/// A confirmed row, and who confirmed it.
#[derive(Debug, Clone)]
pub struct Chosen {
    /// The batch.
    pub batch_id: Uuid,
    /// The row's number.
    pub position: i32,
    /// The order, if there is one.
    pub order_id: Option<String>,
    /// What was typed.
    pub input: Input,
    /// What is to be done.
    pub task: Task,
    /// Who confirmed it.
    pub user_id: i64,
    /// Their name.
    pub user_name: String,
    /// How long promises of accounts without a delay of their own wait.
    pub usual_delay: SignedDuration,
}

/// Takes some confirmed rows of the account, those of the oldest batch first, so that no other worker does before
/// `lease_until`.
pub async fn take(
    conn: &mut PgConnection,
    account: &AccountId,
    now: Timestamp,
    lease_until: Timestamp,
    limit: i64,
) -> Result<Vec<Chosen>> {
    let rows = sqlx::query!(
        r#"WITH due AS (
             SELECT batch_id, position FROM batch_rows
             WHERE account_id = $1 AND state = 'chosen' AND (lease_until IS NULL OR lease_until <= $2)
             ORDER BY batch_id, position
             LIMIT $4
             FOR UPDATE SKIP LOCKED),
           taken AS (
             UPDATE batch_rows AS r SET lease_until = $3
             FROM due
             WHERE r.account_id = $1 AND r.batch_id = due.batch_id AND r.position = due.position
             RETURNING r.*)
           SELECT t.batch_id, t.position, t.order_id, t.carrier, t.parcel_number, t.tracking_url,
                  b.purpose, b.user_id, coalesce(b.send_delay_seconds, 0) AS "delay!",
                  u.name AS user_name
           FROM taken AS t JOIN batches AS b USING (batch_id) JOIN users AS u USING (user_id)
           ORDER BY t.batch_id, t.position"#,
        account.0,
        at(now),
        at(lease_until),
        limit
    )
    .fetch_all(conn)
    .await?;
    let chosen = rows.into_iter().map(|row| {
        let task = Purpose::parse(&row.purpose).and_then(Purpose::task);
        Ok(Chosen {
            batch_id: row.batch_id,
            position: row.position,
            order_id: row.order_id,
            input: Input {
                carrier: row.carrier,
                number: row.parcel_number,
                link: row.tracking_url,
            },
            task: task.ok_or_else(|| Error::Corrupt {
                table: "batches",
                column: "purpose",
                id: row.batch_id.to_string(),
                value: row.purpose,
            })?,
            user_id: row.user_id,
            user_name: row.user_name,
            usual_delay: SignedDuration::from_secs(row.delay.into()),
        })
    });
    chosen.collect()
}

/// Notes the promise of a confirmed row.
pub async fn set_promise(
    conn: &mut PgConnection,
    account: &AccountId,
    row: &Chosen,
    promise_id: Uuid,
) -> Result<()> {
    sqlx::query!(
        "UPDATE batch_rows SET state = 'promised', promise_id = $4, lease_until = NULL
         WHERE account_id = $1 AND batch_id = $2 AND position = $3 AND state = 'chosen'",
        account.0,
        row.batch_id,
        row.position,
        promise_id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes why a confirmed row gets no promise.
pub async fn stop(
    conn: &mut PgConnection,
    account: &AccountId,
    row: &Chosen,
    why: &Stopped,
) -> Result<()> {
    sqlx::query!(
        "UPDATE batch_rows SET state = 'stopped', stopped = $4, lease_until = NULL
         WHERE account_id = $1 AND batch_id = $2 AND position = $3 AND state = 'chosen'",
        account.0,
        row.batch_id,
        row.position,
        Json(why) as _
    )
    .execute(conn)
    .await?;
    Ok(())
}
