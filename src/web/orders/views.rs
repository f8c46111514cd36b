//! Saving lists under a name, and choosing how they look.

use axum::Router;
use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::post;
use serde::Deserialize;

use crate::db::list_views::Looks;
use crate::db::list_views::SavedView;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::extract::Path;
use crate::web::orders::list;
use crate::web::orders::list::views::Column;
use crate::web::orders::list::views::Typed;
use crate::web::orders::list::views::list_of;
use crate::web::orders::list::views::query_of;
use crate::web::session::SignedIn;
use crate::workflow::list_views;
use crate::workflow::list_views::ViewError;

/// What is posted about views.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/views", post(save))
        .route("/views/looks", post(look))
        .route("/views/{id}", post(rename))
        .route("/views/{id}/delete", post(delete))
}

/// A list, and the name to save it under.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaveForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    team: String,
    #[serde(default)]
    query: String,
}

/// A view's new name, and the list to go back to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ViewForm {
    #[serde(default)]
    name: String,
    #[serde(default)]
    query: String,
}

/// The columns to show, the room between rows, and the list to go back to.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LooksForm {
    #[serde(default)]
    shown: Vec<String>,
    #[serde(default)]
    dense: String,
    #[serde(default)]
    query: String,
}

/// `POST /views`
async fn save(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(form): Form<SaveForm>,
) -> Result<Response> {
    let team = form.team == "yes";
    let query = query_of(&list_of(&form.query));
    let view = SavedView { id: 0, team, name: form.name.clone(), query };
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let operator = &signed_in.user.operator;
    let saved = list_views::save(tx, operator, &view, state.clock.now()).await;
    let typed = Typed { name: form.name, team, ..Typed::default() };
    answer(&state, &signed_in, saved, &form.query, typed).await
}

/// `POST /views/{id}`
async fn rename(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<i64>,
    Form(form): Form<ViewForm>,
) -> Result<Response> {
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let renamed = list_views::rename(tx, &signed_in.user.operator, id, &form.name).await;
    let typed = Typed { name: form.name, renamed: Some(id), ..Typed::default() };
    answer(&state, &signed_in, renamed, &form.query, typed).await
}

/// `POST /views/{id}/delete`
async fn delete(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path(id): Path<i64>,
    Form(form): Form<ViewForm>,
) -> Result<Response> {
    let tx = state.scoped.begin(&signed_in.scope).await?;
    let deleted = list_views::delete(tx, &signed_in.user.operator, id).await;
    answer(&state, &signed_in, deleted, &form.query, Typed::default()).await
}

/// `POST /views/looks`
async fn look(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Form(form): Form<LooksForm>,
) -> Result<Response> {
    let hidden = Column::ALL.map(Column::as_str).into_iter();
    let hidden = hidden.filter(|it| !form.shown.iter().any(|shown| shown == it));
    let looks = Looks { dense: form.dense == "yes", hidden: hidden.map(str::to_owned).collect() };
    let tx = state.scoped.begin(&signed_in.scope).await?;
    list_views::look(tx, &signed_in.user.operator, &looks).await?;
    Ok(Redirect::to(&list_of(&form.query).href()).into_response())
}

/// Back to the list; with what was typed, if it cannot be taken.
async fn answer(
    state: &AppState,
    signed_in: &SignedIn,
    outcome: Result<(), ViewError>,
    query: &str,
    typed: Typed,
) -> Result<Response> {
    let (lang, list) = (signed_in.lang, list_of(query));
    let field = if typed.renamed.is_some() { "view-rename" } else { "view-name" };
    let text = match outcome {
        // Not found: a colleague was faster, and the list shows that it is gone.
        Ok(()) | Err(ViewError::NotFound) => {
            return Ok(Redirect::to(&list.href()).into_response());
        }
        Err(ViewError::Name) => lang.view_name_wrong(),
        Err(ViewError::Taken) => lang.view_name_taken(),
        Err(ViewError::Db(error)) => return Err(error.into()),
    };
    let typed = Typed { errors: FormErrors::one(field, text), ..typed };
    list::again(state, signed_in, list, typed).await
}
