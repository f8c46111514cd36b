//! Taking customers out of orders that have ended, and finding everything about one of them.

mod find;
pub mod texts;

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db::Result;
use crate::db::at;
use crate::domain::order::AccountId;
use crate::domain::privacy::LEFT_OUT;

pub use find::Found;
pub use find::Wanted;
pub use find::be_patient;
pub use find::everything;
pub use find::matching;

/// When the customer was taken out of an order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Removal {
    /// When.
    pub at: Timestamp,
    /// How many days after the order's end; none when the customer asked.
    pub after_days: Option<i32>,
}

/// When the customer was taken out of that order, if ever.
pub async fn removal(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> Result<Option<Removal>> {
    let row = sqlx::query!(
        r#"SELECT people_removed_at AS "at!", people_removed_after_days FROM orders
           WHERE account_id = $1 AND order_id = $2 AND people_removed_at IS NOT NULL"#,
        account.0,
        order_id
    )
    .fetch_optional(conn)
    .await?;
    let removal = |at: jiff_sqlx::Timestamp, after_days| Removal { at: at.to_jiff(), after_days };
    Ok(row.map(|row| removal(row.at, row.people_removed_after_days)))
}

/// Which of these orders are without their customer, and whether something was promised since.
pub async fn removed_of(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<Vec<(String, bool)>> {
    let rows = sqlx::query!(
        r#"SELECT order_id, people_again_at IS NOT NULL AS "again!" FROM orders
           WHERE account_id = $1 AND order_id = ANY ($2) AND people_removed_at IS NOT NULL"#,
        account.0,
        order_ids
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.order_id, row.again)).collect())
}

/// Notes that something was promised for an order that is without its customer, if it is.
pub async fn mark_again(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "UPDATE orders SET people_again_at = $3
         WHERE account_id = $1 AND order_id = $2 AND people_removed_at IS NOT NULL",
        account.0,
        order_id,
        at(now)
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Locks orders whose customers are to go: in one of these statuses, and without a change at the marketplace or
/// a promise since `before`. What another worker has locked is left to it.
pub async fn due(
    conn: &mut PgConnection,
    account: &AccountId,
    statuses: &[String],
    before: Timestamp,
    limit: i64,
) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "SELECT o.order_id FROM orders AS o
         WHERE o.account_id = $1 AND o.people_removed_at IS NULL AND o.updated_at <= $3
           AND o.status = ANY ($2)
           AND NOT EXISTS (
             SELECT FROM promises AS p
             WHERE p.account_id = o.account_id AND p.order_id = o.order_id
               AND (p.settled_at IS NULL OR p.settled_at > $3))
         ORDER BY o.updated_at
         LIMIT $4
         FOR UPDATE OF o SKIP LOCKED",
        account.0,
        statuses,
        at(before),
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// Locks orders that are without their customer, and for which the last promise was made before that.
pub async fn due_again(
    conn: &mut PgConnection,
    account: &AccountId,
    before: Timestamp,
    limit: i64,
) -> Result<Vec<String>> {
    Ok(sqlx::query_scalar!(
        "SELECT o.order_id FROM orders AS o
         WHERE o.account_id = $1 AND o.people_again_at <= $2
           AND NOT EXISTS (
             SELECT FROM promises AS p
             WHERE p.account_id = o.account_id AND p.order_id = o.order_id AND p.settled_at IS NULL)
         ORDER BY o.people_again_at
         LIMIT $3
         FOR UPDATE OF o SKIP LOCKED",
        account.0,
        at(before),
        limit
    )
    .fetch_all(conn)
    .await?)
}

/// Takes the customers out of the mirror of these orders, which are locked; what was written about them is the
/// caller's, with [`texts`]. The marketplace's own JSON goes as a whole.
pub async fn remove(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
    after_days: Option<i32>,
    now: Timestamp,
) -> Result<()> {
    sqlx::query!(
        "UPDATE orders
         SET customer_reference = NULL, customer_name = NULL, postal_code = NULL, city = NULL,
             billing = NULL, shipping = NULL, people_again_at = NULL,
             people_removed_at = coalesce(people_removed_at, $4),
             people_removed_after_days = CASE WHEN people_removed_at IS NULL THEN $3
                                         ELSE people_removed_after_days END
         WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        order_ids,
        after_days,
        at(now)
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE order_search SET people = '', contacts = ''
         WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        order_ids
    )
    .execute(&mut *conn)
    .await?;
    remove_links(conn, account, order_ids).await?;
    sqlx::query!(
        "UPDATE order_notes SET text = $3 WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        order_ids,
        LEFT_OUT
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM order_raw WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        order_ids
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE order_faults SET raw = '' WHERE account_id = $1 AND order_id = ANY ($2)",
        account.0,
        order_ids
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "DELETE FROM promise_files WHERE account_id = $1 AND promise_id IN (
           SELECT promise_id FROM promises WHERE account_id = $1 AND order_id = ANY ($2))",
        account.0,
        order_ids
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Some carriers make the links to their parcels of the postcode.
async fn remove_links(
    conn: &mut PgConnection,
    account: &AccountId,
    order_ids: &[String],
) -> Result<()> {
    sqlx::query!(
        "UPDATE parcels SET tracking_url = NULL
         WHERE account_id = $1 AND order_id = ANY ($2) AND tracking_url IS NOT NULL",
        account.0,
        order_ids
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "UPDATE batch_rows SET tracking_url = ''
         WHERE account_id = $1 AND order_id = ANY ($2) AND tracking_url <> ''",
        account.0,
        order_ids
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Empties what is kept of orders that could not be understood, and that the marketplace has not shown since
/// `before`.
pub async fn empty_faults(
    conn: &mut PgConnection,
    account: &AccountId,
    before: Timestamp,
) -> Result<u64> {
    let done = sqlx::query!(
        "UPDATE order_faults SET raw = ''
         WHERE account_id = $1 AND last_seen_at <= $2 AND raw <> ''",
        account.0,
        at(before)
    )
    .execute(conn)
    .await?;
    Ok(done.rows_affected())
}
