//! Giving the customer money.
//!
//! What may be given is asked of the marketplace each time: for the form, for its review, and before it is
//! sent (`decisions`: what a person needs to know now).

mod amount;
mod entry;
mod judge;
mod page;

use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;
use uuid::Uuid;

use crate::db;
use crate::domain::action as rules;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::action::Facts;
use crate::domain::action::Gesture;
use crate::domain::action::Live;
use crate::domain::action::Misfit;
use crate::domain::action::gesture;
use crate::domain::action::gesture::Limits;
use crate::live::Silence;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Result;
use crate::web::format;
use crate::web::html;
use crate::web::orders::Desk;
use crate::web::orders::action;
use crate::web::orders::action::Outcome;
use crate::web::orders::action::Pairs;
use crate::web::orders::forms::gesture::amount::Mistake;
use crate::web::orders::forms::gesture::entry::Entry;
use crate::web::orders::forms::gesture::entry::Step;
use crate::web::session::SignedIn;
use crate::workflow::audit;

/// The page that asks.
pub async fn show(state: &AppState, desk: Desk) -> Result<Response> {
    let limits = match ask(state, &desk).await {
        Ok(limits) => limits,
        Err(silence) => return silent(desk, silence, None),
    };
    if let Some(reason) = none_left(&desk, &limits) {
        let page = page::stopped(desk, reason, limits.allowed.then_some(&limits), None);
        return Ok(html(&page)?.into_response());
    }
    let entry = Entry::new(Uuid::new_v4(), &limits.currency);
    let page = page::form(desk, &limits, &entry, FormErrors::default(), false);
    Ok(html(&page)?.into_response())
}

/// Takes the form: shows what it would do, or hands it over.
pub async fn submit(
    state: &AppState,
    signed_in: &SignedIn,
    desk: Desk,
    pairs: Pairs,
) -> Result<Response> {
    let mut entry = Entry::parse(pairs);
    let submission = action::submission_of(&entry.submission);
    if let (Some(id), Step::Send) = (submission, entry.step) {
        let mut conn = state.scoped.acquire(&signed_in.scope).await?;
        if db::promises::of_submission(&mut conn, &desk.account, id).await?.is_some() {
            return Ok(action::to_order(&desk));
        }
    }
    if let Err(blocked) = rules::check(ActionKind::Gesture, &desk.facts()) {
        let kept = entry.kept(desk.lang());
        return action::not_possible(desk, ActionKind::Gesture, &blocked, kept);
    }
    let limits = match ask(state, &desk).await {
        Ok(limits) => limits,
        Err(silence) => return silent(desk, silence, Some(&entry)),
    };
    if let Some(reason) = none_left(&desk, &limits) {
        let shown = limits.allowed.then_some(&limits);
        let page = page::stopped(desk, reason, shown, Some(&entry));
        return Ok((StatusCode::CONFLICT, html(&page)?).into_response());
    }
    if entry.step == Step::Edit {
        let page = page::form(desk, &limits, &entry, FormErrors::default(), false);
        return Ok(html(&page)?.into_response());
    }
    let (gesture, mistake) = entry.gesture();
    let facts = Facts { live: Live::Gesture(&limits), ..desk.facts() };
    let misfits = Action::Gesture(gesture.clone()).fit(&facts);
    let wrong = (mistake, misfits.as_slice());
    let errors = judge::errors(&desk, &entry, &limits, submission.is_some(), wrong);
    let Some(submission) = submission.filter(|_| errors.is_empty()) else {
        return again(desk, &limits, &entry, errors, &misfits);
    };
    // What was not shown, or is not what was shown, is shown first (ASVS 2.3.1).
    let reviewed = audit::fingerprint(&Action::Gesture(gesture.clone()))?;
    if entry.step == Step::Review || entry.reviewed != reviewed {
        entry.reviewed = reviewed;
        let delay = desk.delay;
        let page = page::review(desk, &limits, &entry, &gesture, delay);
        return Ok(html(&page)?.into_response());
    }
    hand_over(state, signed_in, desk, &limits, &entry, (submission, gesture)).await
}

async fn hand_over(
    state: &AppState,
    signed_in: &SignedIn,
    desk: Desk,
    limits: &Limits,
    entry: &Entry,
    (submission, gesture): (Uuid, Gesture),
) -> Result<Response> {
    let (action, live) = (Action::Gesture(gesture), Live::Gesture(limits));
    match action::submit(state, signed_in, &desk, submission, action, live, None).await? {
        Outcome::Promised => Ok(action::to_order(&desk)),
        Outcome::Blocked(desk, blocked) => {
            let kept = entry.kept(desk.lang());
            action::not_possible(*desk, ActionKind::Gesture, &blocked, kept)
        }
        Outcome::Misfit(desk, misfits) => {
            let wrong = (None::<Mistake>, misfits.as_slice());
            let errors = judge::errors(&desk, entry, limits, true, wrong);
            again(*desk, limits, entry, errors, &misfits)
        }
    }
}

/// What may be given now.
async fn ask(state: &AppState, desk: &Desk) -> Result<Limits, Silence> {
    let order = desk.order();
    let answers = state.live.gesture(&desk.account, &order.channel_id, &order.id).await?;
    Ok(gesture::limits(&desk.facts(), &answers))
}

/// Why nothing can be given, if nothing can.
fn none_left(desk: &Desk, limits: &Limits) -> Option<String> {
    let lang = desk.lang();
    if !limits.allowed {
        Some(lang.gesture_closed().to_owned())
    } else if limits.remaining.is_zero() {
        Some(lang.gesture_nothing_left().to_owned())
    } else if let Some((ceiling, left)) = gesture::allowance(&desk.facts(), &limits.currency)
        && left.is_zero()
    {
        let money = |amount| format::money(amount, &limits.currency);
        Some(format!("{}.", lang.over_day(money(ceiling.per_day), money(left))))
    } else {
        None
    }
}

/// The form once more, with what is to be looked at.
fn again(
    desk: Desk,
    limits: &Limits,
    entry: &Entry,
    errors: FormErrors,
    misfits: &[Misfit],
) -> Result<Response> {
    let made_before = misfits.iter().any(|it| matches!(it, Misfit::GestureAlready { .. }));
    let page = page::form(desk, limits, entry, errors, made_before);
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response())
}

/// The marketplace does not say what may be given.
fn silent(desk: Desk, silence: Silence, entry: Option<&Entry>) -> Result<Response> {
    let text = desk.lang().gesture_silence(silence);
    let page = page::stopped(desk, text.to_owned(), None, entry).try_again();
    let retry = [(header::RETRY_AFTER, "5")];
    Ok((StatusCode::SERVICE_UNAVAILABLE, retry, html(&page)?).into_response())
}
