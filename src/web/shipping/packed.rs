//! The mark of a closed parcel, and the button that sets it or takes it off.

use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;
use sqlx::PgConnection;

use crate::db;
use crate::domain::action;
use crate::domain::action::ActionKind;
use crate::domain::operator::Permission;
use crate::domain::order::AccountId;
use crate::web::AppState;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::format;
use crate::web::orders::Desk;
use crate::web::session::SignedIn;
use crate::web::session::safe_next;
use crate::workflow::PerformError;
use crate::workflow::packing;

/// Whether the parcels of an order are closed, ready to print.
#[derive(Debug)]
pub struct PackedView {
    /// Where to post.
    pub action: String,
    /// Where to come back to: the order, in the list that it was opened from.
    pub next: String,
    /// When, and by whom; nothing, if they are not.
    pub since: Option<(Time, String)>,
    /// Whether the reader may change it.
    pub may: bool,
}

impl PackedView {
    /// The mark of an order; nothing where it is neither set nor could be.
    pub async fn read(conn: &mut PgConnection, desk: &Desk) -> Result<Option<Self>> {
        let found = db::packing::find(conn, &desk.account, &desk.order().id).await?;
        let may = if found.is_some() {
            desk.operator.role.may(Permission::Ship)
        } else {
            action::check(ActionKind::Ship, &desk.facts()).is_ok()
        };
        let since = found.map(|it| (desk.reader.clock(it.at), it.by));
        let shown = since.is_some() || may;
        Ok(shown.then(|| Self {
            action: format!("{}/packed", desk.href()),
            next: format!("{}{}", desk.href(), desk.queue.here()),
            since,
            may,
        }))
    }
}

/// Which way, and where to go then.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackedForm {
    packed: String,
    #[serde(default)]
    next: String,
}

/// `POST /orders/{account}/{order id}/packed`
pub async fn mark(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path((account, order_id)): Path<(String, String)>,
    Form(form): Form<PackedForm>,
) -> Result<Redirect> {
    let account = signed_in.accounts.iter().find(|it| it.id.0 == account);
    let account: &AccountId = &account.ok_or(Error::NotFound)?.id;
    let packed = match form.packed.as_str() {
        "yes" => true,
        "no" => false,
        _ => return Err(Error::Invalid("packed is yes or no")),
    };
    let (now, operator) = (state.clock.now(), &signed_in.user.operator);
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let marked = packing::mark(tx, account, &order_id, packed, operator, now).await;
    marked.map_err(|error| refused(&signed_in, account, error, &state))?;
    let order = format::order_href(account, &order_id);
    let next = if form.next.is_empty() { order.as_str() } else { safe_next(&form.next) };
    Ok(Redirect::to(next))
}

fn refused(
    signed_in: &SignedIn,
    account: &AccountId,
    error: PerformError,
    state: &AppState,
) -> Error {
    let lang = signed_in.lang;
    let zone = signed_in.accounts.iter().find(|it| it.id == *account);
    let zone = zone.map_or_else(|| signed_in.account_zone(), |it| format::zone(&it.time_zone));
    let now = state.clock.now();
    match error {
        PerformError::NotFound => Error::NotFound,
        PerformError::Blocked(action::Blocked::Needs(_)) => {
            Error::Forbidden(lang.shipping_role().to_owned())
        }
        PerformError::Blocked(blocked) => {
            let at = |at| format::clock(lang, at, &zone, now).text;
            Error::Conflict(lang.packed_not_possible(lang.blocked(ActionKind::Ship, &blocked, at)))
        }
        // Packing has no input that could not fit.
        PerformError::Misfit(_) => Error::Invalid("nothing to fit"),
        PerformError::Db(error) => error.into(),
    }
}
