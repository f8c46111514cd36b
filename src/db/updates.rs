//! What changed while somebody looked at a page: that something did, from whichever process, and how much.

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgConnection;
use sqlx::postgres::PgListener;

use crate::db;
use crate::db::Result;
use crate::db::at;
use crate::db::scope::ScopedPool;
use crate::db::scope::SellerScope;
use crate::domain::deadline;
use crate::domain::order::AccountId;

/// The channel of `migrations/*_tell_of_changes.sql`.
const CHANNEL: &str = "comptoir_orders";
/// An order that the mirror sees for the first time although it is older than that is history that is being read,
/// and no news.
const NEWS: SignedDuration = SignedDuration::from_hours(2 * 24);
/// More is not counted.
pub const MOST: i64 = 1_000;

/// Hears of changes, on a connection of its own.
#[derive(Debug)]
pub struct Listener(PgListener);

impl Listener {
    /// Begins to listen. The connection is none of the pool's, which are for queries.
    pub async fn open(pool: &ScopedPool) -> Result<Self> {
        let one = db::pool_options(1).max_lifetime(None).idle_timeout(None);
        let pool = one.connect_lazy_with(pool.connect_options());
        let mut listener = PgListener::connect_with(&pool).await?;
        listener.listen(CHANNEL).await?;
        Ok(Self(listener))
    }

    /// The account in which something changed next; none after the connection was lost and made again, when
    /// nobody knows.
    pub async fn next(&mut self) -> Result<Option<AccountId>> {
        let told = self.0.try_recv().await?;
        Ok(told.map(|it| AccountId(it.payload().to_owned())))
    }
}

/// How much is new.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct News {
    /// Orders that were not there.
    pub new: i64,
    /// Orders that were, and to which something happened.
    pub changed: i64,
}

/// What happened in these accounts after that instant and that event, up to [`MOST`]. An event that was being written
/// when the page was made may be missed; the next one is not.
pub async fn since(
    conn: &mut PgConnection,
    scope: &SellerScope,
    instant: Timestamp,
    event: i64,
) -> Result<News> {
    let row = sqlx::query!(
        r#"WITH new AS MATERIALIZED (
             SELECT o.account_id, o.order_id
             FROM unnest($1::text[]) AS mine(account_id)
             CROSS JOIN LATERAL (
               SELECT account_id, order_id FROM orders
               WHERE account_id = mine.account_id AND age < $2 AND first_seen_at > $3
               ORDER BY age
               LIMIT $5) AS o)
           SELECT (SELECT count(*) FROM new) AS "new!",
             (SELECT count(DISTINCT (e.account_id, e.order_id))
              FROM unnest($1::text[]) AS mine(account_id)
              CROSS JOIN LATERAL (
                SELECT account_id, order_id FROM order_events
                WHERE account_id = mine.account_id AND event_id > $4
                ORDER BY event_id
                LIMIT $5) AS e
              WHERE NOT EXISTS (SELECT FROM new AS n
                                WHERE n.account_id = e.account_id AND n.order_id = e.order_id))
               AS "changed!""#,
        scope.keys(),
        deadline::age(instant - NEWS).0,
        at(instant),
        event,
        MOST
    )
    .fetch_one(conn)
    .await?;
    Ok(News { new: row.new, changed: row.changed })
}
