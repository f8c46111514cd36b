//! The words that lists can be filtered by, beside those that the counters know, and those that orders are found by.

use sqlx::PgConnection;

use crate::db::Result;
use crate::db::upsert::Incoming;
use crate::domain::order::AccountId;
use crate::domain::order::Order;

/// The characters of a country or a carrier that are looked at.
const FACET_LENGTH: usize = 60;
/// The carriers of one order that can be filtered by.
const MOST_CARRIERS: usize = 8;

/// Keeps the words of orders that have just been written.
pub(super) async fn keep(
    conn: &mut PgConnection,
    account: &AccountId,
    incoming: &[Incoming<'_>],
) -> Result<()> {
    let ids: Vec<String> = incoming.iter().map(|it| it.order.id.clone()).collect();
    sqlx::query!(
        "INSERT INTO order_facets (account_id, facet, word)
         SELECT $1, 'country', country FROM orders
         WHERE account_id = $1 AND order_id = ANY ($2) AND country <> ''
         UNION
         SELECT $1, 'carrier', unnest(carriers) FROM orders
         WHERE account_id = $1 AND order_id = ANY ($2)
         -- In one order, so that two workers cannot wait for each other.
         ORDER BY 2, 3
         ON CONFLICT DO NOTHING",
        account.0,
        &ids
    )
    .execute(&mut *conn)
    .await?;
    sqlx::query!(
        "INSERT INTO order_search AS s SELECT * FROM search_words($1, $2)
         ON CONFLICT (account_id, order_id)
         DO UPDATE SET created_at = excluded.created_at, people = excluded.people,
           contacts = excluded.contacts, goods = excluded.goods
         -- Most changes of an order change none of its words, whose indexes are large.
         WHERE (s.created_at, s.people, s.contacts, s.goods) IS DISTINCT FROM
           (excluded.created_at, excluded.people, excluded.contacts, excluded.goods)",
        account.0,
        &ids
    )
    .execute(conn)
    .await?;
    Ok(())
}

/// No longer than an entry of an index has room for.
pub(super) fn short(text: &str) -> &str {
    text.char_indices().nth(FACET_LENGTH).map_or(text, |(end, _)| &text[..end])
}

/// The carriers of its parcels, each once.
pub(super) fn carriers(order: &Order) -> Option<Vec<&str>> {
    let mut carriers: Vec<&str> = order.parcels.iter().map(|it| short(&it.carrier)).collect();
    carriers.sort_unstable();
    carriers.dedup();
    carriers.truncate(MOST_CARRIERS);
    (!carriers.is_empty()).then_some(carriers)
}
