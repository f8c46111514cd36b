//! What the audit says of a search.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::operator::Permission;
use crate::web::session::SignedIn;
use crate::workflow::audit;

/// Notes that somebody searched who may see whom the orders are for. The text stays out, and so does its hash:
/// an order's number is short enough to be guessed from one.
pub async fn note(
    conn: &mut PgConnection,
    signed_in: &SignedIn,
    text: &str,
    found: usize,
    now: Timestamp,
) -> db::Result<()> {
    let operator = &signed_in.user.operator;
    if !operator.role.may(Permission::SeePersonalData) {
        return Ok(());
    }
    let act = Act::Searched { chars: text.chars().count(), found };
    audit::note(conn, &Entry::by(operator.id, act, now)).await
}
