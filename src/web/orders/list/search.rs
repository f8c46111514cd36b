//! Finding an order by its number, and what the audit says of it.

use jiff::Timestamp;
use sqlx::PgConnection;

use crate::db;
use crate::db::scope::SellerScope;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::operator::Permission;
use crate::domain::privacy::Sought;
use crate::web::error::Result;
use crate::web::orders::list::PAGE_SIZE;
use crate::web::session::SignedIn;
use crate::workflow::audit;

/// The orders that have that number: as it was typed, else in capitals. Nothing, if nothing was typed.
pub async fn find(
    conn: &mut PgConnection,
    scope: &SellerScope,
    number: &str,
) -> Result<Option<Vec<(String, String)>>> {
    if number.is_empty() {
        return Ok(None);
    }
    let limit = i64::try_from(PAGE_SIZE).unwrap_or(i64::MAX);
    let found = db::search::exact(&mut *conn, scope, number, limit).await?;
    let capitals = number.to_uppercase();
    if found.is_empty() && capitals != number {
        return Ok(Some(db::search::exact(conn, scope, &capitals, limit).await?));
    }
    Ok(Some(found))
}

/// Notes that somebody searched who may see whom the orders are for: what kind of text, in which accounts, and
/// how much was found. The text stays out, and so does its hash: an order's number is short enough to be
/// guessed from one.
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
    let act = Act::Searched {
        chars: text.chars().count(),
        found,
        what: Some(Sought::of(text)),
        accounts: signed_in.accounts.iter().map(|it| it.id.0.clone()).collect(),
    };
    audit::note(conn, &Entry::by(operator.id, act, now)).await
}
