//! The rows of a draft: written, corrected, and read with what has become of them.

use sqlx::PgConnection;
use sqlx::types::Json;
use uuid::Uuid;

use crate::db::Error;
use crate::db::Result;
use crate::db::batches::Batch;
use crate::db::scope::SellerScope;
use crate::domain::batch::Input;
use crate::domain::batch::RowState;
use crate::domain::batch::Stopped;
use crate::domain::delivery::Refusal;
use crate::domain::delivery::State;
use crate::domain::trouble::Trouble;

/// A row to be.
#[derive(Debug, Clone)]
pub struct NewRow {
    /// The account.
    pub account: String,
    /// Its number for people.
    pub position: i32,
    /// The order, if it was found.
    pub order_id: Option<String>,
    /// What was typed, if it was not.
    pub order_text: String,
    /// What was typed.
    pub input: Input,
}

/// A row.
#[derive(Debug, Clone)]
pub struct Row {
    /// The account.
    pub account: String,
    /// Its number for people.
    pub position: i32,
    /// The order, if it was found.
    pub order_id: Option<String>,
    /// What was typed, if it was not.
    pub order_text: String,
    /// What was typed.
    pub input: Input,
    /// Where it stands.
    pub state: RowState,
    /// Why it gets no promise, if it was stopped.
    pub stopped: Option<Stopped>,
    /// Its promise, if it has one.
    pub promise: Option<Sent>,
}

/// Where the promise of a row stands.
#[derive(Debug, Clone)]
pub struct Sent {
    /// The promise.
    pub id: Uuid,
    /// Where it stands.
    pub state: State,
    /// Why it was refused, if it was.
    pub refusal: Option<Refusal>,
    /// Why it waits, if it does.
    pub trouble: Option<Trouble>,
}

/// How many rows stand there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// The row.
    pub row: RowState,
    /// Its promise.
    pub promise: Option<State>,
    /// How many.
    pub rows: i64,
}

/// Writes the rows of a batch.
pub async fn insert(conn: &mut PgConnection, batch_id: Uuid, rows: &[NewRow]) -> Result<()> {
    let texts = |text: fn(&NewRow) -> &str| -> Vec<String> {
        rows.iter().map(|it| text(it).to_owned()).collect()
    };
    let positions: Vec<i32> = rows.iter().map(|it| it.position).collect();
    let orders: Vec<Option<String>> = rows.iter().map(|it| it.order_id.clone()).collect();
    sqlx::query!(
        "INSERT INTO batch_rows
           (account_id, batch_id, position, order_id, order_text, carrier, parcel_number, tracking_url)
         SELECT r.account_id, $1, r.position, r.order_id, r.order_text, r.carrier, r.parcel_number,
                r.tracking_url
         FROM unnest($2::text[], $3::int[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
           AS r(account_id, position, order_id, order_text, carrier, parcel_number, tracking_url)",
        batch_id,
        &texts(|it| &it.account),
        &positions,
        &orders as &[Option<String>],
        &texts(|it| &it.order_text),
        &texts(|it| &it.input.carrier),
        &texts(|it| &it.input.number),
        &texts(|it| &it.input.link)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Writes what was typed for these rows of a draft. Says how many it changed.
pub async fn set_inputs(
    conn: &mut PgConnection,
    batch: &Batch,
    inputs: &[(i32, Input)],
) -> Result<u64> {
    let texts = |text: fn(&Input) -> &str| -> Vec<String> {
        inputs.iter().map(|(_, it)| text(it).to_owned()).collect()
    };
    let positions: Vec<i32> = inputs.iter().map(|(position, _)| *position).collect();
    let done = sqlx::query!(
        "UPDATE batch_rows AS r
         SET carrier = t.carrier, parcel_number = t.parcel_number, tracking_url = t.tracking_url
         FROM unnest($3::int[], $4::text[], $5::text[], $6::text[])
           AS t(position, carrier, parcel_number, tracking_url)
         WHERE r.account_id = ANY ($1) AND r.batch_id = $2 AND r.position = t.position
           AND (r.carrier, r.parcel_number, r.tracking_url)
               IS DISTINCT FROM (t.carrier, t.parcel_number, t.tracking_url)",
        &batch.accounts,
        batch.id,
        &positions,
        &texts(|it| &it.carrier),
        &texts(|it| &it.number),
        &texts(|it| &it.link)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// Names a carrier for the rows of a draft that have none.
pub async fn fill_carrier(conn: &mut PgConnection, batch: &Batch, carrier: &str) -> Result<()> {
    sqlx::query!(
        "UPDATE batch_rows SET carrier = $3
         WHERE account_id = ANY ($1) AND batch_id = $2 AND carrier = ''",
        &batch.accounts,
        batch.id,
        carrier
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Notes why these rows of a draft get no promise.
pub async fn stop(
    conn: &mut PgConnection,
    batch: &Batch,
    stopped: &[(i32, Stopped)],
) -> Result<()> {
    let positions: Vec<i32> = stopped.iter().map(|(position, _)| *position).collect();
    let reasons: Vec<Json<&Stopped>> = stopped.iter().map(|(_, it)| Json(it)).collect();
    sqlx::query!(
        "UPDATE batch_rows AS r SET state = 'stopped', stopped = t.stopped
         FROM unnest($3::int[], $4::jsonb[]) AS t(position, stopped)
         WHERE r.account_id = ANY ($1) AND r.batch_id = $2 AND r.position = t.position
           AND r.state = 'draft'",
        &batch.accounts,
        batch.id,
        &positions,
        reasons as _
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Hands the other rows of a draft to the worker.
pub async fn choose(conn: &mut PgConnection, batch: &Batch) -> Result<()> {
    sqlx::query!(
        "UPDATE batch_rows SET state = 'chosen'
         WHERE account_id = ANY ($1) AND batch_id = $2 AND state = 'draft'",
        &batch.accounts,
        batch.id
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// The rows of a batch in these accounts, in their order, with their promises.
pub async fn list(
    conn: &mut PgConnection,
    scope: &SellerScope,
    batch_id: Uuid,
) -> Result<Vec<Row>> {
    let rows = sqlx::query_as!(
        Listed,
        r#"SELECT r.account_id, r.position, r.order_id, r.order_text, r.carrier, r.parcel_number,
                  r.tracking_url, r.state, r.stopped AS "stopped: Json<Stopped>", r.promise_id,
                  p.state AS "promise_state?", p.refusal AS "refusal: Json<Refusal>", p.trouble
           FROM batch_rows AS r
           LEFT JOIN promises AS p ON p.account_id = r.account_id AND p.promise_id = r.promise_id
           WHERE r.account_id = ANY ($1) AND r.batch_id = $2
           ORDER BY r.position"#,
        scope.keys(),
        batch_id
    )
    .fetch_all(conn)
    .await?;
    rows.into_iter().map(|it| it.into_row(batch_id)).collect()
}

/// How many rows of a batch stand where.
pub async fn tally(
    conn: &mut PgConnection,
    scope: &SellerScope,
    batch_id: Uuid,
) -> Result<Vec<Tally>> {
    let rows = sqlx::query!(
        r#"SELECT r.state, p.state AS "promise?", count(*) AS "rows!"
           FROM batch_rows AS r
           LEFT JOIN promises AS p ON p.account_id = r.account_id AND p.promise_id = r.promise_id
           WHERE r.account_id = ANY ($1) AND r.batch_id = $2
           GROUP BY 1, 2"#,
        scope.keys(),
        batch_id
    )
    .fetch_all(conn)
    .await?;
    let tally = rows.into_iter().map(|row| {
        Ok(Tally {
            row: row_state(batch_id, &row.state)?,
            promise: row.promise.as_deref().map(|it| promise_state(batch_id, it)).transpose()?,
            rows: row.rows,
        })
    });
    tally.collect()
}

struct Listed {
    account_id: String,
    position: i32,
    order_id: Option<String>,
    order_text: String,
    carrier: String,
    parcel_number: String,
    tracking_url: String,
    state: String,
    stopped: Option<Json<Stopped>>,
    promise_id: Option<Uuid>,
    promise_state: Option<String>,
    refusal: Option<Json<Refusal>>,
    trouble: Option<String>,
}

impl Listed {
    fn into_row(self, batch_id: Uuid) -> Result<Row> {
        let promise = match self.promise_id.zip(self.promise_state) {
            None => None,
            Some((id, state)) => Some(Sent {
                id,
                state: promise_state(batch_id, &state)?,
                refusal: self.refusal.map(|Json(it)| it),
                trouble: self.trouble.as_deref().and_then(Trouble::parse),
            }),
        };
        Ok(Row {
            account: self.account_id,
            position: self.position,
            order_id: self.order_id,
            order_text: self.order_text,
            input: Input {
                carrier: self.carrier,
                number: self.parcel_number,
                link: self.tracking_url,
            },
            state: row_state(batch_id, &self.state)?,
            stopped: self.stopped.map(|Json(it)| it),
            promise,
        })
    }
}

fn row_state(batch_id: Uuid, word: &str) -> Result<RowState> {
    RowState::parse(word).ok_or_else(|| corrupt("batch_rows", batch_id, word))
}

fn promise_state(batch_id: Uuid, word: &str) -> Result<State> {
    State::parse(word).ok_or_else(|| corrupt("promises", batch_id, word))
}

fn corrupt(table: &'static str, batch_id: Uuid, value: &str) -> Error {
    Error::Corrupt { table, column: "state", id: batch_id.to_string(), value: value.to_owned() }
}
