//! What somebody has given away as gestures.

use jiff::Timestamp;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::Result;
use crate::db::at;
use crate::domain::action::Given;

/// What a user promised customers since then, in every account, unless it surely was not and will not be
/// paid; only promises made before that one, which are numbered by their time.
pub async fn given(
    conn: &mut PgConnection,
    user_id: i64,
    since: Timestamp,
    before: Uuid,
) -> Result<Vec<Given>> {
    let rows = sqlx::query!(
        r#"SELECT g.currency AS "currency!", sum(g.amount) AS "amount!"
           FROM accounts AS a CROSS JOIN LATERAL (
             SELECT p.action ->> 'currency' AS currency, (p.action ->> 'amount')::numeric AS amount
             FROM promises AS p
             WHERE p.account_id = a.account_id AND p.user_id = $1 AND p.kind = 'gesture'
               AND p.created_at >= $2 AND p.promise_id < $3
               AND p.state NOT IN ('refused', 'withdrawn')) AS g
           GROUP BY g.currency"#,
        user_id,
        at(since),
        before
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| Given { currency: row.currency, amount: row.amount }).collect())
}
