//! What the staff do among themselves about an order: notes, and who looks after it.

mod assignment;
pub mod claim;
mod notes;

use axum::Router;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::post;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db;
use crate::db::team::Team;
use crate::domain::operator::Permission;
use crate::domain::order::AccountId;
use crate::domain::teamwork;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::format;
use crate::web::orders::Desk;
use crate::web::orders::queue::Queue;
use crate::web::session::SignedIn;
use crate::web::sight::Sight;
use crate::web::text::Lang;
use crate::workflow::TeamworkError;

/// The routes.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/orders/{account}/{order_id}/notes", post(notes::write))
        .route("/orders/{account}/{order_id}/assign", post(assignment::assign))
        .route("/orders/{account}/{order_id}/claim", post(claim::claim))
        .route("/orders/{account}/{order_id}/take-over", post(claim::take_over))
}

/// A note that is being written.
#[derive(Debug)]
pub struct Draft {
    /// Born with the form.
    pub submission: Uuid,
    /// What is typed so far.
    pub text: String,
    /// What is wrong with it.
    errors: FormErrors,
}

impl Draft {
    /// One that nobody has begun.
    pub fn empty() -> Self {
        Self { submission: Uuid::new_v4(), text: String::new(), errors: FormErrors::default() }
    }
}

/// The parts of the order's page that are about the staff.
#[derive(Debug)]
pub struct TeamView {
    /// Who looks after the order.
    pub assigned_to: Option<String>,
    /// Whether the reader may take it: the number to post.
    pub take: Option<i64>,
    /// Whether the reader may put it back.
    pub put_back: bool,
    /// Whom else they may give it to: number, name, and whether it is theirs.
    pub give: Vec<(i64, String, bool)>,
    /// The internal notes, oldest first.
    pub notes: Vec<NoteView>,
    /// Why their words are not shown, if they are not.
    pub hidden: Option<&'static str>,
    /// The form for another one, if the reader may write.
    pub draft: Option<Draft>,
    /// What is wrong with what was sent.
    pub errors: FormErrors,
}

/// A note, ready to print.
#[derive(Debug)]
pub struct NoteView {
    /// Who wrote it.
    pub who: String,
    /// When.
    pub at: Time,
    /// What it says.
    pub text: String,
}

/// Reads what the page shows.
pub async fn read(conn: &mut PgConnection, desk: &Desk, draft: Draft) -> Result<TeamView> {
    let (account, order_id, operator) = (&desk.account, &desk.mirrored.order.id, &desk.operator);
    let team = db::team::of(conn, account, order_id).await?.ok_or(Error::NotFound)?;
    let notes =
        if team.notes > 0 { db::notes::list(conn, account, order_id).await? } else { Vec::new() };
    let others = if operator.role.may(Permission::Assign) {
        db::team::colleagues(conn, account).await?
    } else {
        Vec::new()
    };
    let Team { assigned_to, .. } = team;
    let owner = assigned_to.as_ref().map(|(id, _)| *id);
    let may = |to| owner != to && teamwork::may_assign(operator, owner, to);
    let give = others.into_iter().filter(|it| teamwork::acts(it.role));
    let note = |it: db::notes::Note| NoteView {
        who: it.user_name,
        at: desk.reader.day_time(it.at),
        text: it.text,
    };
    let hidden = match desk.sight {
        Sight::WithoutCustomers if !notes.is_empty() => Some(desk.lang().notes_hidden()),
        Sight::Whole | Sight::WithoutCustomers => None,
    };
    Ok(TeamView {
        assigned_to: assigned_to.map(|(_, name)| name),
        take: may(Some(operator.id)).then_some(operator.id),
        put_back: may(None),
        give: give.map(|it| (it.id, it.name, owner == Some(it.id))).collect(),
        notes: desk.sight.notes(notes).into_iter().map(note).collect(),
        hidden,
        errors: draft.errors.clone(),
        draft: operator.role.may(Permission::Note).then_some(draft),
    })
}

/// The account of that name, if the user works for it.
fn account_of(signed_in: &SignedIn, name: &str) -> Result<AccountId> {
    let account = signed_in.accounts.iter().find(|it| it.id.0 == name);
    Ok(account.ok_or(Error::NotFound)?.id.clone())
}

/// Back to the part of the order's page where it was done.
fn back_to(account: &AccountId, order_id: &str, queue: &Queue, part: &str) -> Response {
    let (href, here) = (format::order_href(account, order_id), queue.here());
    Redirect::to(&format!("{href}{here}#{part}")).into_response()
}

/// What is answered when nothing was changed.
fn refused(lang: Lang, error: TeamworkError) -> Error {
    match error {
        TeamworkError::NotFound => Error::NotFound,
        TeamworkError::Needs(permission) => Error::Forbidden(lang.needs(permission).to_owned()),
        TeamworkError::NoColleague(_) => Error::Conflict(lang.assign_gone().to_owned()),
        TeamworkError::Db(error) => error.into(),
    }
}
