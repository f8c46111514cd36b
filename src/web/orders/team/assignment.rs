//! Giving an order to somebody to look after.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::web::AppState;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::extract::Query;
use crate::web::orders::queue::Queue;
use crate::web::orders::queue::QueueQuery;
use crate::web::orders::team::account_of;
use crate::web::orders::team::back_to;
use crate::web::orders::team::refused;
use crate::web::session::SignedIn;
use crate::workflow::teamwork;

/// To whom.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AssignForm {
    /// The user's number; nothing for nobody.
    to: String,
}

/// `POST /orders/{account}/{order id}/assign`
pub async fn assign(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path((account, order_id)): Path<(String, String)>,
    Query(queue): Query<QueueQuery>,
    Form(form): Form<AssignForm>,
) -> Result<Response> {
    let to = match form.to.trim() {
        "" => None,
        number => Some(number.parse().map_err(|_| Error::Invalid("no user has that number"))?),
    };
    let account = account_of(&signed_in, &account)?;
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let (operator, now) = (&signed_in.user.operator, state.clock.now());
    let assigned = teamwork::assign(tx, &account, &order_id, operator, to, now).await;
    assigned.map_err(|error| refused(signed_in.lang, error))?;
    Ok(back_to(&account, &order_id, &Queue::read(&queue), "assignment"))
}
