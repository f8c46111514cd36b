//! A second try for what failed of a batch, as far as the rules allow it now.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use uuid::Uuid;

use crate::db;
use crate::db::batches::rows::Row;
use crate::domain::batch::Origin;
use crate::domain::batch::Stopped;
use crate::domain::order::AccountId;
use crate::web::AppState;
use crate::web::batches;
use crate::web::batches::result;
use crate::web::batches::verdict;
use crate::web::batches::verdict::Judged;
use crate::web::batches::verdict::Verdict;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Path;
use crate::web::session::SignedIn;
use crate::workflow::batches::CreateError;
use crate::workflow::batches::Draft;
use crate::workflow::batches::NewRow;
use crate::workflow::batches::Wanted;
use crate::workflow::batches::create as make;
use crate::workflow::batches::id_of;

/// `POST /batches/{id}/retry`
pub async fn create(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let batch = batches::find(&mut conn, &signed_in, id).await?;
    let task = batch.purpose.task().ok_or(Error::NotFound)?;
    batches::permitted(&signed_in, batch.purpose)?;
    if let Some(again) = batch.retried_as {
        return Ok(Redirect::to(&batches::href(again)).into_response());
    }
    if batch.confirmed_at.is_none() {
        return Ok(Redirect::to(&batches::href(id)).into_response());
    }
    let mut rows = db::batches::rows::list(&mut conn, &signed_in.scope, id).await?;
    rows.retain(result::has_failed);
    let (role, now) = (signed_in.user.operator.role, state.clock.now());
    let judged = verdict::judge(&mut conn, task, role, rows, now).await?;
    drop(conn);
    let rows: Vec<NewRow> =
        judged.into_iter().filter(is_worth_a_try).filter_map(|it| again(it.row)).collect();
    let draft = Draft {
        id: id_of(["retry", &id.to_string()]),
        user_id: signed_in.user.operator.id,
        purpose: batch.purpose,
        origin: Origin::Retry,
        retry_of: Some(id),
        rows: &rows,
    };
    let tx = state.scoped.begin(&signed_in.scope).await?;
    match make(tx, &draft, now).await {
        Ok(_new) => Ok(Redirect::to(&batches::href(draft.id)).into_response()),
        Err(CreateError::Empty) => {
            let href = format!("{}?told=no-retry", batches::href(id));
            Ok(Redirect::to(&href).into_response())
        }
        Err(CreateError::TooMany(_)) => Err(Error::TooLarge),
        Err(CreateError::Db(error)) => Err(error.into()),
    }
}

/// Whether the action is possible now, if perhaps with another input.
fn is_worth_a_try(judged: &Judged) -> bool {
    match &judged.verdict {
        Verdict::Ready | Verdict::Doubted(_) => true,
        Verdict::Stopped(stopped) => match stopped {
            Stopped::Mangled { .. } | Stopped::Misfit { .. } | Stopped::Doubted => true,
            Stopped::NotFound
            | Stopped::Repeated { .. }
            | Stopped::AlreadyShipped
            | Stopped::Blocked { .. }
            | Stopped::NotAllowed => false,
        },
    }
}

fn again(row: Row) -> Option<NewRow> {
    let (account, order) = (AccountId(row.account), Wanted::Order(row.order_id?));
    Some(NewRow { position: row.position, account, order, input: row.input })
}
