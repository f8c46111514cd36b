//! The search box: a number is sent to its address; words are kept in the session, so that no address holds them and the
//! way back to what they led to is a page like others.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;
use tower_sessions::Session;

use crate::domain::privacy::Sought;
use crate::web::AppState;
use crate::web::error::Result;
use crate::web::extract::Form;
use crate::web::orders::list::Known;
use crate::web::orders::list::page;
use crate::web::orders::list::row;
use crate::web::orders::list::search;
use crate::web::orders::list::selection::Selection;
use crate::web::orders::list::shown::Shown;
use crate::web::orders::list::views::Typed;
use crate::web::session::SignedIn;

/// The characters of a search that are looked at.
const LONGEST_SEARCH: usize = 200;
/// What the session keeps: the words that were last searched for.
const SOUGHT: &str = "sought";

/// The search, as it is typed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SearchForm {
    #[serde(default)]
    q: String,
}

/// `POST /orders/search`
pub async fn find(
    State(state): State<AppState>,
    signed_in: SignedIn,
    session: Session,
    Form(form): Form<SearchForm>,
) -> Result<Response> {
    let search: String = form.q.trim().chars().take(LONGEST_SEARCH).collect();
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    if let Some(found) = search::by_number(&mut conn, &signed_in.scope, &search).await?
        && let Some((account, order)) = found.only()
    {
        search::note(&mut conn, &signed_in, &search, 1, state.clock.now()).await?;
        return Ok(Redirect::to(&row::order_href(account, order)).into_response());
    }
    drop(conn);
    // A number has an address, and a name does not.
    if search.is_empty() || Sought::of(&search).may_be_told() {
        let list = Selection { search, ..Selection::default() };
        return Ok(Redirect::to(&list.href()).into_response());
    }
    session.insert(SOUGHT, search).await?;
    Ok(Redirect::to("/orders/search").into_response())
}

/// `GET /orders/search`: what the words lead to that were last searched for in this session.
pub async fn show(
    State(state): State<AppState>,
    signed_in: SignedIn,
    session: Session,
) -> Result<Response> {
    let sought: Option<String> = session.get(SOUGHT).await?;
    let Some(search) = sought else {
        return Ok(Redirect::to("/orders").into_response());
    };
    let selection = Selection { search, ..Selection::default() };
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let found = search::by_words(&mut conn, &signed_in, &selection.search).await?;
    let now = state.clock.now();
    search::note(&mut conn, &signed_in, &selection.search, found.orders.len(), now).await?;
    let known = Known::read(&mut conn, &signed_in, Typed::default()).await?;
    let shown = Shown::found(&mut conn, found).await?;
    drop(conn);
    Ok(page(&state, &signed_in, &selection, &[], &known, shown)?.into_response())
}
