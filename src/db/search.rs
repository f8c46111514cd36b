//! Finding an order by a number that somebody reads out, and by words: who it is for, what was bought.
//!
//! What is found by words is asked of functions of the database (`migrations/*_search_past_the_policy.sql`): a policy would
//! keep the indexes from answering, and pages need not read the words.

use sqlx::PgConnection;
use sqlx::PgExecutor;

use crate::db::Result;
use crate::db::scope::SellerScope;

/// The orders of these accounts with exactly that identifier, reference, or parcel number: pairs of account
/// and order, at most `limit`.
pub async fn exact(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    number: &str,
    limit: i64,
) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        r#"SELECT account_id AS "account_id!", order_id AS "order_id!" FROM (
             SELECT account_id, order_id FROM orders
             WHERE account_id = ANY ($1) AND order_id = $2
             UNION
             SELECT account_id, order_id FROM orders
             WHERE account_id = ANY ($1) AND reference = $2
             UNION
             SELECT account_id, order_id FROM parcels
             WHERE account_id = ANY ($1) AND parcel_number = $2) AS found
           LIMIT $3"#,
        scope.keys(),
        number,
        limit
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.order_id)).collect())
}

/// The orders of these accounts with that SKU, offer or GTIN; if `people`, also with that postcode, customer
/// number, or last nine digits of a telephone number. The newest first, at most `limit`.
pub async fn by_code(
    db: impl PgExecutor<'_>,
    scope: &SellerScope,
    code: &str,
    people: bool,
    limit: i64,
) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        r#"SELECT account_id AS "account_id!", order_id AS "order_id!"
           FROM found_by_code($1, $2, $3, $4)"#,
        scope.keys(),
        code,
        people,
        limit
    )
    .fetch_all(db)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.order_id)).collect())
}

/// How alike two words must be: one letter in six may be wrong, one in four of long ones.
const ALIKE: f32 = 0.45;
/// The orders that are compared with words that no order has: more would take too long.
const MOST_COMPARED: i64 = 1000;

/// The text as it is compared: small letters, no accents. From now on this connection forgives as many mistakes as
/// [`by_similar_words`] does; nothing else asks.
pub async fn prepare(conn: &mut PgConnection, text: &str) -> Result<String> {
    let row = sqlx::query!(
        r#"SELECT search_text($1) AS "text!", word_similarity('', ''),
                  set_config('pg_trgm.word_similarity_threshold', ($2::real)::text, FALSE)"#,
        text,
        ALIKE
    )
    .fetch_one(conn)
    .await?;
    Ok(row.text)
}

/// The orders of these accounts in which each of these words stands, in what was bought; if `people`, also in who it
/// is for. The newest first, at most `limit`. `rarest` is the word by which they are looked up.
pub async fn by_words(
    conn: &mut PgConnection,
    scope: &SellerScope,
    words: &[String],
    rarest: &str,
    people: bool,
    limit: i64,
) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        r#"SELECT account_id AS "account_id!", order_id AS "order_id!"
           FROM found_by_words($1, $2, $3, $4, $5)"#,
        scope.keys(),
        words,
        rarest,
        people,
        limit
    )
    .fetch_all(conn)
    .await?;
    Ok(rows.into_iter().map(|row| (row.account_id, row.order_id)).collect())
}

/// An order that words with mistakes lead to.
#[derive(Debug, Clone, PartialEq)]
pub struct Hit {
    /// The account.
    pub account_id: String,
    /// The marketplace's identifier.
    pub order_id: String,
    /// How well it fits: at most 1 for each word.
    pub fit: f32,
}

/// The orders of these accounts in which each of these words stands with its typing mistakes, in what was bought; if
/// `people`, also in names and towns. Digits are compared as they are. The best first, then the newest, at most
/// `limit`. `rarest` is the word by which they are looked up.
pub async fn by_similar_words(
    conn: &mut PgConnection,
    scope: &SellerScope,
    words: &[String],
    rarest: &str,
    people: bool,
    limit: i64,
) -> Result<Vec<Hit>> {
    Ok(sqlx::query_as!(
        Hit,
        r#"SELECT account_id AS "account_id!", order_id AS "order_id!", fit AS "fit!"
           FROM found_by_similar_words($1, $2, $3, $4, $5, $6, $7)"#,
        scope.keys(),
        words,
        rarest,
        people,
        limit,
        MOST_COMPARED,
        ALIKE
    )
    .fetch_all(conn)
    .await?)
}

/// The channel's references of these orders, given as pairs of account and order, in the order given. The
/// list does not show them, so its rows do without.
pub async fn references(
    db: impl PgExecutor<'_>,
    accounts: &[String],
    orders: &[String],
) -> Result<Vec<Option<String>>> {
    let rows = sqlx::query_scalar!(
        r#"SELECT o.reference AS "reference?"
           FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS k(account_id, order_id, position)
           LEFT JOIN orders AS o ON o.account_id = k.account_id AND o.order_id = k.order_id
           ORDER BY k.position"#,
        accounts,
        orders
    )
    .fetch_all(db)
    .await?;
    Ok(rows)
}
