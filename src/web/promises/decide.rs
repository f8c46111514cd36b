//! Deciding what nobody could find out.

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use serde::Deserialize;
use uuid::Uuid;

use crate::domain::delivery::State as Delivered;
use crate::web::AppState;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::html;
use crate::web::promises::Choice;
use crate::web::promises::answer;
use crate::web::promises::find;
use crate::web::promises::fresh::Fresh;
use crate::web::promises::page;
use crate::web::session::SignedIn;
use crate::workflow::promise;

/// What a person decides. A field that comes twice says nothing.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionForm {
    #[serde(default)]
    done: Vec<String>,
    #[serde(default)]
    looked: Vec<String>,
}

/// `POST /promises/{id}/decide`
pub async fn decide(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    Form(form): Form<DecisionForm>,
) -> Result<Response> {
    let done = match only(&form.done) {
        Some("yes") => true,
        Some("no") => false,
        _ => {
            let mut page = page(&state, &signed_in, id).await?;
            page.errors.add("done", signed_in.lang.promise_choose());
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
        }
    };
    if !done
        && let Some(page) =
            objection(&state, &signed_in, id, only(&form.looked) == Some("yes")).await?
    {
        return Ok(page);
    }
    let (operator, now) = (&signed_in.user.operator, state.clock.now());
    let (tx, account) = find(&state, &signed_in, id).await?;
    let settled = promise::decide(tx, &account, id, operator, done, now).await;
    let wanted = if done { Delivered::Confirmed } else { Delivered::Refused };
    answer(&state, &signed_in, id, wanted, settled).await
}

fn only(values: &[String]) -> Option<&str> {
    let [value] = values else { return None };
    Some(value)
}

/// What speaks against "it was not done": it opens the way to doing it twice, so that the marketplace is
/// looked at once more, and with money at stake the person says that they looked as well.
async fn objection(
    state: &AppState,
    signed_in: &SignedIn,
    id: Uuid,
    looked: bool,
) -> Result<Option<Response>> {
    let mut page = page(state, signed_in, id).await?;
    let Choice::Decide { must_look } = page.choice else { return Ok(None) };
    if page.fresh.as_ref().is_some_and(Fresh::is_found) {
        page.too_late = Some(signed_in.lang.fresh_found_meanwhile().to_owned());
        return Ok(Some((StatusCode::CONFLICT, html(&page)?).into_response()));
    }
    if must_look && !looked {
        page.errors.add("looked", signed_in.lang.looked_missing());
        return Ok(Some((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response()));
    }
    Ok(None)
}
