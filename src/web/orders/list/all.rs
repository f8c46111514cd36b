//! All orders that the filters leave, and not just a page of them.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db;
use crate::domain::order::AccountId;
use crate::web::error::Result;
use crate::web::orders::list;
use crate::web::orders::list::selection::Selection;
use crate::web::session::SignedIn;

/// The first of the orders that a list with these parameters shows, in its order, and whether there are more. What
/// has no meaning there makes the list empty: nobody wants more than they saw.
pub async fn matching(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    parameters: &[(String, String)],
    most: usize,
    now: Timestamp,
) -> Result<(Vec<(AccountId, String)>, bool)> {
    let (mut selection, mut misread) = Selection::parse(parameters);
    selection.place = None;
    let buckets = db::order_counts::buckets(&mut *conn, &signed_in.scope).await?;
    selection.keep_known(&signed_in.accounts, &buckets, &mut misread);
    if !misread.is_empty() {
        return Ok((Vec::new(), false));
    }
    let filter = list::filter(signed_in, &selection, now);
    let mut places = db::order_list::places(conn, &filter, most + 1).await?;
    let more = places.len() > most;
    places.truncate(most);
    let orders = places.into_iter().map(|it| (AccountId(it.account_id), it.order_id));
    Ok((orders.collect(), more))
}
