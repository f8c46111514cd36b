//! The review: a verdict for each order, what is typed for it, and the button that sends what can be sent.

mod page;

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db::batches::Batch;
use crate::domain::batch::Stopped;
use crate::domain::batch::Task;
use crate::web::AppState;
use crate::web::batches;
use crate::web::batches::View;
use crate::web::batches::entry::Entry;
use crate::web::batches::entry::Step;
use crate::web::batches::review::page::Said;
use crate::web::batches::review::page::page;
use crate::web::batches::verdict::Counts;
use crate::web::batches::verdict::Judged;
use crate::web::batches::verdict::Verdict;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::imports::lookup;
use crate::web::orders::action::Pairs;
use crate::web::session::SignedIn;
use crate::workflow::batches as workflow;
use crate::workflow::batches::ChangeError;

pub use page::judged;

/// The review of a draft.
pub async fn show(
    conn: &mut PgConnection,
    state: &AppState,
    signed_in: &SignedIn,
    batch: (&Batch, Task),
    view: &View,
) -> Result<Response> {
    let lang = signed_in.lang;
    let notice = match view.told.as_str() {
        "saved" => Some(lang.batch_saved()),
        "cut" => Some(lang.batch_cut()),
        _ => None,
    };
    let said = Said { notice, ..Said::default() };
    page(conn, state, signed_in, batch, view, said).await
}

/// `POST /batches/{id}`
pub async fn submit(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<Uuid>,
    Form(pairs): Form<Pairs>,
) -> Result<Response> {
    let lang = signed_in.lang;
    let entry = Entry::parse(pairs);
    let entry = entry.ok_or(Error::Invalid("the form has a field that it does not have"))?;
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let batch = batches::find(&mut conn, &signed_in, id).await?;
    let Some(task) = batch.purpose.task() else { return Err(Error::NotFound) };
    batches::permitted(&signed_in, batch.purpose)?;
    if batch.confirmed_at.is_some() {
        // Clicked twice, or gone back to: what was sent is sent.
        return Ok(Redirect::to(&batches::href(id)).into_response());
    }
    let view = View { show: entry.show.clone(), page: entry.page, told: String::new() };
    let (renamed, ambiguous) = lookup::renamed(&mut conn, &signed_in.scope, entry.orders()).await?;
    let mut errors = FormErrors::default();
    for (position, field) in entry.too_long() {
        errors.add(format!("r{position}-{field}"), lang.batch_too_long());
    }
    for (position, order) in ambiguous {
        let row = usize::try_from(position).unwrap_or_default();
        let words = lang.import_several_accounts(row, &order);
        errors.add(format!("r{position}-order"), words);
    }
    if !errors.is_empty() {
        let said = Said { errors, entry, notice: None };
        return page(&mut conn, &state, &signed_in, (&batch, task), &view, said).await;
    }
    drop(conn);
    let user_id = signed_in.user.operator.id;
    let inputs = entry.inputs();
    if !inputs.is_empty() {
        let tx = state.scoped.begin(&signed_in.scope).await?;
        match workflow::save(tx, user_id, id, &inputs, &renamed).await {
            Ok(()) => {}
            Err(error) => return changed(id, error),
        }
    }
    match entry.step {
        Step::Save => Ok(saved(id, &view)),
        Step::Fill => {
            let carrier = entry.carrier.split_whitespace().collect::<Vec<_>>().join(" ");
            if !carrier.is_empty() {
                let tx = state.scoped.begin(&signed_in.scope).await?;
                if let Err(error) = workflow::fill_carrier(tx, user_id, id, &carrier).await {
                    return changed(id, error);
                }
            }
            Ok(saved(id, &view))
        }
        Step::Confirm => confirm(&state, &signed_in, id, task, &view, entry).await,
    }
}

fn saved(id: Uuid, view: &View) -> Response {
    let href = View::href(id, &view.show, view.page);
    let and = if href.contains('?') { '&' } else { '?' };
    Redirect::to(&format!("{href}{and}told=saved")).into_response()
}

/// What to do when the draft is not what it was.
fn changed(id: Uuid, error: ChangeError) -> Result<Response> {
    match error {
        ChangeError::NotFound => Err(Error::NotFound),
        ChangeError::Confirmed | ChangeError::Changed => {
            Ok(Redirect::to(&batches::href(id)).into_response())
        }
        ChangeError::Db(error) => Err(error.into()),
    }
}

/// Sends what can be sent, unless that is more than the page said.
async fn confirm(
    state: &AppState,
    signed_in: &SignedIn,
    id: Uuid,
    task: Task,
    view: &View,
    entry: Entry,
) -> Result<Response> {
    let (lang, now) = (signed_in.lang, state.clock.now());
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let batch = batches::find(&mut conn, signed_in, id).await?;
    let judged = judged(&mut conn, state, signed_in, &batch, task).await?;
    let counts = Counts::of(&judged);
    let sent = counts.ready + if entry.take_along { counts.doubted } else { 0 };
    if sent == 0 {
        let errors = if counts.doubted > 0 {
            FormErrors::one("take_along", lang.batch_warnings_unread())
        } else {
            FormErrors::one("rows", lang.batch_nothing_ready())
        };
        let said = Said { errors, entry, notice: None };
        return page(&mut conn, state, signed_in, (&batch, task), view, said).await;
    }
    // Fewer than were shown is what the rules are for. More would be what nobody has seen.
    if counts.ready > entry.ready || (entry.take_along && counts.doubted > entry.doubted) {
        let errors = FormErrors::one("send", lang.batch_changed());
        let said = Said { errors, entry: Entry { take_along: false, ..entry }, notice: None };
        return page(&mut conn, state, signed_in, (&batch, task), view, said).await;
    }
    drop(conn);
    let stopped: Vec<(i32, Stopped)> =
        judged.into_iter().filter_map(|it| why_not(it, entry.take_along)).collect();
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let (user_id, usual) = (signed_in.user.operator.id, state.settings.send_delay);
    let done = workflow::confirm(tx, user_id, id, batch.revision, &stopped, usual, now).await;
    match done {
        Ok(()) | Err(ChangeError::Confirmed | ChangeError::Changed) => {
            Ok(Redirect::to(&batches::href(id)).into_response())
        }
        Err(error @ (ChangeError::NotFound | ChangeError::Db(_))) => changed(id, error),
    }
}

/// Why a row is not sent, if it is not.
fn why_not(judged: Judged, take_along: bool) -> Option<(i32, Stopped)> {
    let position = judged.row.position;
    match judged.verdict {
        Verdict::Ready => None,
        Verdict::Doubted(_) => (!take_along).then_some((position, Stopped::Doubted)),
        Verdict::Stopped(stopped) => Some((position, stopped)),
    }
}
