//! What changes of the rows of a draft beside what was typed for their parcels.

use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Result;
use crate::db::batches::Batch;
use crate::domain::order::AccountId;

/// A row whose order was looked for again.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Renamed {
    /// The row.
    pub position: i32,
    /// What was typed.
    pub order_text: String,
    /// The order that is called so, and its account, if there is one.
    pub order: Option<(AccountId, String)>,
}

/// Writes what these rows of a draft are about, as far as their orders were not known. Says how many it changed.
pub async fn rename(conn: &mut PgConnection, batch: &Batch, renamed: &[Renamed]) -> Result<u64> {
    let positions: Vec<i32> = renamed.iter().map(|it| it.position).collect();
    let texts: Vec<String> = renamed.iter().map(|it| it.order_text.clone()).collect();
    let order = |it: &Renamed| it.order.clone().map(|(account, order)| (account.0, order)).unzip();
    let (accounts, orders): (Vec<Option<String>>, Vec<Option<String>>) =
        renamed.iter().map(order).unzip();
    let done = sqlx::query!(
        "UPDATE batch_rows AS r
         SET account_id = coalesce(t.account_id, r.account_id), order_id = t.order_id, order_text = t.order_text
         FROM unnest($3::int[], $4::text[], $5::text[], $6::text[])
           AS t(position, order_text, account_id, order_id)
         WHERE r.account_id = ANY ($1) AND r.batch_id = $2 AND r.position = t.position
           AND r.order_id IS NULL AND (t.order_id IS NOT NULL OR r.order_text <> t.order_text)",
        &batch.accounts,
        batch.id,
        &positions,
        &texts,
        &accounts as &[Option<String>],
        &orders as &[Option<String>]
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE batches SET accounts = ARRAY(
           SELECT DISTINCT it FROM unnest(accounts || $2::text[]) AS it WHERE it IS NOT NULL ORDER BY it)
         WHERE batch_id = $1",
        batch.id,
        &accounts as &[Option<String>]
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}

/// A row with a parcel's number and no link.
#[derive(Debug)]
pub struct Unlinked {
    /// The row.
    pub position: i32,
    /// The carrier.
    pub carrier: String,
    /// The parcel's number.
    pub parcel_number: String,
}

/// The rows of an account in a draft that have a parcel's number and no link.
pub async fn unlinked(
    conn: &mut PgConnection,
    account: &AccountId,
    batch_id: Uuid,
) -> Result<Vec<Unlinked>> {
    Ok(sqlx::query_as!(
        Unlinked,
        "SELECT position, carrier, parcel_number FROM batch_rows
         WHERE account_id = $1 AND batch_id = $2 AND tracking_url = '' AND parcel_number <> ''",
        account.0,
        batch_id
    )
    .fetch_all(conn)
    .await?)
}

/// Writes the links of some rows of an account in a draft.
pub async fn link(
    conn: &mut PgConnection,
    account: &AccountId,
    batch_id: Uuid,
    links: &[(i32, String)],
) -> Result<()> {
    let positions: Vec<i32> = links.iter().map(|it| it.0).collect();
    let urls: Vec<String> = links.iter().map(|it| it.1.clone()).collect();
    sqlx::query!(
        "UPDATE batch_rows AS r SET tracking_url = t.url
         FROM unnest($3::int[], $4::text[]) AS t(position, url)
         WHERE r.account_id = $1 AND r.batch_id = $2 AND r.position = t.position",
        account.0,
        batch_id,
        &positions,
        &urls
    )
    .execute(conn)
    .await?;
    Ok(())
}
