//! Declaring parcels.

mod carriers;
pub mod entry;
pub mod judge;
mod page;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
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
use crate::web::orders::notice::Notice;
use crate::web::orders::queue;
use crate::web::session::SignedIn;
use crate::web::shipping;

/// A new form: one parcel with everything in it. Who comes from the scan box goes on with the carrier that they
/// named last, and comes back to the box. `sent` is what became of the order before, if this is the next one of a queue.
pub async fn show(
    conn: &mut PgConnection,
    desk: Desk,
    from_scan: bool,
    sent: Option<Notice>,
) -> Result<Response> {
    let carriers = Carriers::read(conn, &desk).await?;
    let mut entry = Entry::new(&desk, Uuid::new_v4());
    if from_scan {
        entry.from_scan = true;
        let last = carriers.recent.first();
        for parcel in &mut entry.parcels {
            parcel.carrier = last.cloned().unwrap_or_default();
        }
    }
    let page = page::of(desk, &carriers, &entry, FormErrors::default(), Vec::new()).after(sent);
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
        return done(state, signed_in, &desk, &entry).await;
    }
    if let Err(blocked) = rules::check(ActionKind::Ship, &desk.facts()) {
        let kept = entry.kept(desk.lang());
        return action::not_possible(desk, ActionKind::Ship, &blocked, kept);
    }
    let carriers = Carriers::read(&mut conn, &desk).await?;
    if matches!(entry.step, Step::Send | Step::Fill) {
        entry.fill_links(&carriers);
    }
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
        Outcome::Promised => done(state, signed_in, &desk, entry).await,
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

/// To the order, where the promise shows; to the next one, as the button said; or back to the scan box.
async fn done(
    state: &AppState,
    signed_in: &SignedIn,
    desk: &Desk,
    entry: &Entry,
) -> Result<Response> {
    if entry.from_scan {
        let href = shipping::sent_href(&desk.account, &desk.order().id);
        return Ok(Redirect::to(&href).into_response());
    }
    if entry.and_next {
        return queue::onward(state, signed_in, desk).await;
    }
    Ok(action::to_order(desk))
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
