//! Who works on an order.

use sqlx::PgConnection;

use crate::db::Result;
use crate::db::users::parse_role;
use crate::domain::operator::Role;
use crate::domain::order::AccountId;

/// What the staff know of an order among themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Team {
    /// Who looks after it: the row and the name.
    pub assigned_to: Option<(i64, String)>,
    /// How many internal notes it has.
    pub notes: i32,
}

/// Reads it, if there is such an order.
pub async fn of(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
) -> Result<Option<Team>> {
    let row = sqlx::query!(
        r#"SELECT o.note_count, o.assigned_to, u.name AS "name?"
           FROM orders AS o LEFT JOIN users AS u ON u.user_id = o.assigned_to
           WHERE o.account_id = $1 AND o.order_id = $2"#,
        account.0,
        order_id
    )
    .fetch_optional(conn)
    .await?;
    Ok(row.map(|row| Team { assigned_to: row.assigned_to.zip(row.name), notes: row.note_count }))
}

/// Gives the order, which is locked, to a user or to nobody.
pub async fn assign(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    to: Option<i64>,
) -> Result<()> {
    sqlx::query!(
        "UPDATE orders SET assigned_to = $3 WHERE account_id = $1 AND order_id = $2",
        account.0,
        order_id,
        to
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// Somebody who works for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The row in `users`.
    pub id: i64,
    /// As shown in the history.
    pub name: String,
    /// What they may do.
    pub role: Role,
}

/// The active users who work for the account, by name. A connection that may not see the account sees nobody.
pub async fn colleagues(conn: &mut PgConnection, account: &AccountId) -> Result<Vec<Colleague>> {
    let rows = sqlx::query!(
        r#"SELECT user_id AS "id!", name AS "name!", role AS "role!" FROM colleagues($1)"#,
        account.0
    )
    .fetch_all(conn)
    .await?;
    let colleague = rows.into_iter().map(|row| {
        Ok(Colleague { id: row.id, name: row.name, role: parse_role(row.id, &row.role)? })
    });
    colleague.collect()
}
