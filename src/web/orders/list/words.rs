//! The search box: a number is sent to its address, words are answered at once, so that no address holds them.

use axum::extract::State;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use serde::Deserialize;

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
    Form(form): Form<SearchForm>,
) -> Result<Response> {
    let search: String = form.q.trim().chars().take(LONGEST_SEARCH).collect();
    let selection = Selection { search, ..Selection::default() };
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let found = search::by_number(&mut conn, &signed_in.scope, &selection.search).await?;
    // A number has an address, and a name does not.
    if found.is_none() && Sought::of(&selection.search).may_be_told() || selection.search.is_empty()
    {
        return Ok(Redirect::to(&selection.href()).into_response());
    }
    let found = match found {
        Some(found) => found,
        None => search::by_words(&mut conn, &signed_in, &selection.search).await?,
    };
    let now = state.clock.now();
    search::note(&mut conn, &signed_in, &selection.search, found.orders.len(), now).await?;
    if let Some((account, order)) = found.only() {
        return Ok(Redirect::to(&row::order_href(account, order)).into_response());
    }
    let known = Known::read(&mut conn, &signed_in, Typed::default()).await?;
    let shown = Shown::found(&mut conn, found).await?;
    drop(conn);
    Ok(page(&state, &signed_in, &selection, &[], known, shown)?.into_response())
}
