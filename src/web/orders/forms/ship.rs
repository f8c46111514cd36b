//! Declaring parcels.

mod carriers;
mod entry;
pub mod judge;
mod page;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use sqlx::PgConnection;
use uuid::Uuid;

use crate::db;
use crate::domain::action as rules;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::action::Live;
use crate::domain::action::Ship;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Result;
use crate::web::html;
use crate::web::orders::Desk;
use crate::web::orders::action;
use crate::web::orders::action::Outcome;
use crate::web::orders::action::Pairs;
use crate::web::orders::forms::ship::carriers::Carriers;
use crate::web::orders::forms::ship::entry::Entry;
use crate::web::orders::forms::ship::entry::Step;
use crate::web::orders::forms::ship::judge::Warning;
use crate::web::session::SignedIn;

/// A new form: one parcel with everything in it.
pub async fn show(conn: &mut PgConnection, desk: Desk) -> Result<Response> {
    let carriers = Carriers::read(conn, &desk).await?;
    let entry = Entry::new(&desk, Uuid::new_v4());
    let page = page::of(desk, &carriers, &entry, FormErrors::default(), Vec::new());
    Ok(html(&page)?.into_response())
}

/// Takes the form: adds or removes a parcel, or judges it and hands it over.
pub async fn submit(
    state: &AppState,
    signed_in: &SignedIn,
    desk: Desk,
    pairs: Pairs,
) -> Result<Response> {
    let mut entry = Entry::parse(pairs);
    let submission = action::submission_of(&entry.submission);
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    if let (Some(id), Step::Send) = (submission, &entry.step)
        && db::promises::of_submission(&mut conn, &desk.account, id).await?.is_some()
    {
        return Ok(action::to_order(&desk));
    }
    if let Err(blocked) = rules::check(ActionKind::Ship, &desk.facts()) {
        let kept = entry.kept(desk.lang());
        return action::not_possible(desk, ActionKind::Ship, &blocked, kept);
    }
    let carriers = Carriers::read(&mut conn, &desk).await?;
    if entry.take_step(&desk) {
        let page = page::of(desk, &carriers, &entry, FormErrors::default(), Vec::new());
        return Ok(html(&page)?.into_response());
    }
    let ship = entry.ship(&desk);
    let misfits = Action::Ship(ship.clone()).fit(&desk.facts());
    let errors = judge::errors(desk.lang(), &entry, submission.is_some(), &misfits);
    if !errors.is_empty() {
        return again(desk, &carriers, &entry, errors, Vec::new());
    }
    let warnings = judge::warnings(&mut conn, &desk, &ship).await?;
    if !warnings.iter().all(|it| entry.confirmed.contains(&it.key())) {
        return again(desk, &carriers, &entry, errors, warnings);
    }
    drop(conn);
    let submission = submission.unwrap_or_else(Uuid::new_v4);
    hand_over(state, signed_in, desk, &carriers, &entry, (submission, ship)).await
}

async fn hand_over(
    state: &AppState,
    signed_in: &SignedIn,
    desk: Desk,
    carriers: &Carriers,
    entry: &Entry,
    (submission, ship): (Uuid, Ship),
) -> Result<Response> {
    let action = Action::Ship(ship);
    match action::submit(state, signed_in, &desk, submission, action, Live::NotAsked, None).await? {
        Outcome::Promised => Ok(action::to_order(&desk)),
        Outcome::Blocked(desk, blocked) => {
            let kept = entry.kept(desk.lang());
            action::not_possible(*desk, ActionKind::Ship, &blocked, kept)
        }
        Outcome::Misfit(desk, misfits) => {
            let errors = judge::errors(desk.lang(), entry, true, &misfits);
            again(*desk, carriers, entry, errors, Vec::new())
        }
    }
}

/// The form once more, with what is to be looked at.
fn again(
    desk: Desk,
    carriers: &Carriers,
    entry: &Entry,
    errors: FormErrors,
    warnings: Vec<Warning>,
) -> Result<Response> {
    let page = page::of(desk, carriers, entry, errors, warnings);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}
