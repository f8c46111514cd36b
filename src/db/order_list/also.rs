//! What is asked of each order beside its place in a range, and the words that there are to ask for.

use rust_decimal::Decimal;
use sqlx::PgConnection;

use crate::db::Result;
use crate::db::scope::SellerScope;

/// Conditions that no range answers. They are asked of the entries of the index, which hold what they need.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Also {
    /// Only business orders, or only others.
    pub business: Option<bool>,
    /// Only orders that go to these countries; empty for all.
    pub countries: Vec<String>,
    /// Only orders with a parcel of that carrier.
    pub carrier: Option<String>,
    /// Only orders of that amount at least, in whatever currency.
    pub amount_from: Option<Decimal>,
    /// Only orders of that amount at most.
    pub amount_to: Option<Decimal>,
    /// Only orders whose last promise is in one of these states; empty for all. An order without one counts as
    /// withdrawn: nothing is on its way, and nothing was done.
    pub promise_states: Vec<String>,
    /// Only orders that this user looks after; [`Self::NOBODY`] for those of nobody.
    pub assigned_to: Option<i64>,
    /// Only orders with internal notes.
    pub with_notes: bool,
}

impl Also {
    /// Stands for no user: their numbers begin at 1.
    pub const NOBODY: i64 = 0;
}

/// What there is to choose from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Choices {
    /// Where orders went.
    pub countries: Vec<String>,
    /// Whose parcels they were.
    pub carriers: Vec<String>,
    /// Who looks after an order.
    pub colleagues: Vec<Colleague>,
}

/// Somebody who looks after orders.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colleague {
    /// The row in `users`.
    pub id: i64,
    /// As shown in the history.
    pub name: String,
}

/// Reads what there is to choose from in these accounts.
pub async fn choices(conn: &mut PgConnection, scope: &SellerScope) -> Result<Choices> {
    let rows = sqlx::query!(
        r#"SELECT DISTINCT facet AS "facet!", word AS "word!", NULL::bigint AS user_id
           FROM order_facets WHERE account_id = ANY ($1)
           UNION ALL
           SELECT 'colleague', u.name, u.user_id FROM users AS u
           WHERE EXISTS (SELECT FROM orders AS o
                         WHERE o.account_id = ANY ($1) AND o.assigned_to = u.user_id)
           ORDER BY 1, 2, 3"#,
        scope.keys()
    )
    .fetch_all(conn)
    .await?;
    let mut choices = Choices::default();
    for row in rows {
        match (row.facet.as_str(), row.user_id) {
            (_, Some(id)) => choices.colleagues.push(Colleague { id, name: row.word }),
            ("country", None) => choices.countries.push(row.word),
            (_, None) => choices.carriers.push(row.word),
        }
    }
    Ok(choices)
}
