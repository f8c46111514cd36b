//! Writing an internal note.

use axum::extract::State;
use axum::response::Response;
use serde::Deserialize;

use crate::domain::operator::Permission;
use crate::domain::teamwork;
use crate::domain::teamwork::NoteMistake;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::extract::Query;
use crate::web::orders::action::submission_of;
use crate::web::orders::queue::Queue;
use crate::web::orders::queue::QueueQuery;
use crate::web::orders::show;
use crate::web::orders::team::Draft;
use crate::web::orders::team::account_of;
use crate::web::orders::team::back_to;
use crate::web::orders::team::refused;
use crate::web::session::SignedIn;
use crate::workflow::teamwork::write_note;

/// A note, as it is typed.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NoteForm {
    submission: String,
    note: String,
}

/// `POST /orders/{account}/{order id}/notes`
pub async fn write(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path((account, order_id)): Path<(String, String)>,
    Query(queue): Query<QueueQuery>,
    Form(form): Form<NoteForm>,
) -> Result<Response> {
    let (queue, name) = (Queue::read(&queue), account);
    let account = account_of(&signed_in, &name)?;
    let (operator, lang) = (&signed_in.user.operator, signed_in.lang);
    if !operator.role.may(Permission::Note) {
        return Err(Error::Forbidden(lang.needs(Permission::Note).to_owned()));
    }
    let submission = submission_of(&form.submission).ok_or(Error::Invalid("no form of ours"))?;
    let text = match teamwork::note(&form.note) {
        Ok(text) => text,
        Err(mistake) => {
            let words = match mistake {
                NoteMistake::Empty => lang.note_empty().to_owned(),
                NoteMistake::TooLong(over) => lang.note_too_long(over),
            };
            let errors = FormErrors::one("note", words);
            let draft = Draft { submission, text: form.note, errors };
            return show::with_draft(&state, &signed_in, &name, &order_id, (draft, queue)).await;
        }
    };
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let now = state.clock.now();
    let written = write_note(tx, &account, &order_id, operator, (submission, &text), now).await;
    written.map_err(|error| refused(lang, error))?;
    Ok(back_to(&account, &order_id, &queue, "notes"))
}
