//! Why rows are not sent, by their numbers: for whoever gives them back in the form they came in.

use std::collections::BTreeMap;

use sqlx::PgConnection;
use uuid::Uuid;

use crate::db;
use crate::web::AppState;
use crate::web::batches;
use crate::web::batches::result;
use crate::web::batches::result::ResultRow;
use crate::web::batches::review;
use crate::web::batches::verdict::Verdict;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::orders::Reader;
use crate::web::session::SignedIn;
use crate::web::sight::Sight;

/// Of a draft, what would not be sent now.
pub async fn not_sent(
    conn: &mut PgConnection,
    state: &AppState,
    signed_in: &SignedIn,
    id: Uuid,
) -> Result<BTreeMap<usize, String>> {
    let lang = signed_in.lang;
    let batch = batches::find(conn, signed_in, id).await?;
    let task = batch.purpose.task().ok_or(Error::NotFound)?;
    let reader = Reader { lang, zone: signed_in.zone(), now: state.clock.now() };
    let mut why = BTreeMap::new();
    let mut tell = |position: i32, words: String| {
        why.insert(usize::try_from(position).unwrap_or_default(), words);
    };
    if batch.confirmed_at.is_none() {
        for it in review::judged(conn, state, signed_in, &batch, task).await? {
            if let Verdict::Stopped(stopped) = &it.verdict {
                let words = lang.stopped(task, stopped, |at| reader.clock(at).text);
                tell(it.row.position, words.join(" "));
            }
        }
        return Ok(why);
    }
    let rows = db::batches::rows::list(conn, &signed_in.scope, id).await?;
    for row in Sight::of(signed_in.user.operator.role).batch_rows(rows) {
        if result::has_failed(&row) {
            let row = ResultRow::new(row, task, &reader);
            let words = if row.why.is_empty() { row.delivery.label } else { row.why };
            tell(row.position, words);
        }
    }
    Ok(why)
}
