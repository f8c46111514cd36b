//! Cancelling an order, or some of its lines: the form, a page to check it, and only then the promise.
//!
//! The reasons are the marketplace's of this moment. They are read for the form, and again for each of the
//! two steps, because the list may have changed meanwhile.

mod entry;
mod estimate;
mod judge;
mod page;
mod review;
mod silent;

use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::db;
use crate::domain::action as rules;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::action::Facts;
use crate::domain::action::Live;
use crate::domain::action::cancel::Reasons;
use crate::domain::order::Status;
use crate::live::Silence;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Result;
use crate::web::html;
use crate::web::orders::Desk;
use crate::web::orders::action;
use crate::web::orders::action::Outcome;
use crate::web::orders::action::Pairs;
use crate::web::orders::forms::cancel::entry::Entry;
use crate::web::orders::forms::cancel::entry::Step;
use crate::web::session::SignedIn;
use crate::workflow::audit;

/// What is cancelled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole order.
    Whole,
    /// Some lines.
    Lines,
}

impl Scope {
    fn of(kind: ActionKind) -> Self {
        if kind == ActionKind::CancelLines { Self::Lines } else { Self::Whole }
    }

    /// The action.
    pub const fn kind(self) -> ActionKind {
        match self {
            Self::Whole => ActionKind::Cancel,
            Self::Lines => ActionKind::CancelLines,
        }
    }
}

/// The page that asks: nothing is chosen yet.
pub async fn show(state: &AppState, desk: Desk, kind: ActionKind) -> Result<Response> {
    let entry = Entry::new(Scope::of(kind));
    match ask(state, &desk, entry.scope).await {
        Ok(reasons) => form(desk, &entry, &reasons, FormErrors::default()),
        Err(silence) => silent::page(desk, &entry, silence),
    }
}

/// Takes the answer: copies a reason, shows what would be sent, or hands it over.
pub async fn submit(
    state: &AppState,
    signed_in: &SignedIn,
    desk: Desk,
    kind: ActionKind,
    pairs: Pairs,
) -> Result<Response> {
    let mut entry = Entry::parse(Scope::of(kind), pairs);
    if entry.step == Step::Send && entry.known {
        let mut conn = state.scoped.acquire(&signed_in.scope).await?;
        let first = db::promises::of_submission(&mut conn, &desk.account, entry.submission).await?;
        if first.is_some() {
            return Ok(action::to_order(&desk));
        }
    }
    if let Err(blocked) = rules::check(kind, &desk.facts()) {
        let kept = entry.kept(&desk);
        return action::not_possible(desk, kind, &blocked, kept);
    }
    let reasons = match ask(state, &desk, entry.scope).await {
        Ok(reasons) => reasons,
        Err(silence) => return silent::page(desk, &entry, silence),
    };
    let step = entry.step;
    if step == Step::Edit || (step == Step::Copy && entry.copy_first(&desk, &reasons)) {
        return form(desk, &entry, &reasons, FormErrors::default());
    }
    let action = entry.action(&desk, &reasons);
    let facts = Facts { live: Live::Reasons(&reasons), ..desk.facts() };
    let errors = judge::errors(&desk, &entry, &action.fit(&facts));
    if !errors.is_empty() || step == Step::Copy {
        return form(desk, &entry, &reasons, errors);
    }
    // What was not shown, or is not what was shown, is shown first (ASVS 2.3.1).
    let reviewed = audit::fingerprint(&action)?;
    if step == Step::Send && entry.reviewed == reviewed {
        return hand_over(state, signed_in, desk, &entry, (action, reasons)).await;
    }
    Ok(html(&review::of(desk, &entry, &action, reviewed))?.into_response())
}

async fn hand_over(
    state: &AppState,
    signed_in: &SignedIn,
    desk: Desk,
    entry: &Entry,
    (action, reasons): (Action, Reasons),
) -> Result<Response> {
    let live = Live::Reasons(&reasons);
    match action::submit(state, signed_in, &desk, entry.submission, action, live, None).await? {
        Outcome::Promised => Ok(action::to_order(&desk)),
        Outcome::Blocked(desk, blocked) => {
            let kept = entry.kept(&desk);
            action::not_possible(*desk, entry.scope.kind(), &blocked, kept)
        }
        Outcome::Misfit(desk, misfits) => {
            // The order has moved on, and other reasons may hold where it is now.
            let errors = judge::errors(&desk, entry, &misfits);
            match ask(state, &desk, entry.scope).await {
                Ok(reasons) => form(*desk, entry, &reasons, errors),
                Err(silence) => silent::page(*desk, entry, silence),
            }
        }
    }
}

/// The reasons that are offered now, for whatever can be chosen.
async fn ask(state: &AppState, desk: &Desk, scope: Scope) -> Result<Reasons, Silence> {
    let order = desk.order();
    let mut statuses: Vec<Status> = Vec::new();
    match scope {
        Scope::Whole => statuses.push(order.status.clone()),
        Scope::Lines => {
            for line in entry::free_lines(desk) {
                if !statuses.contains(&line.status) {
                    statuses.push(line.status.clone());
                }
            }
        }
    }
    state.live.reasons(&desk.account, &order.channel_id, &statuses).await
}

/// The form with that entry, and what is wrong with it.
fn form(desk: Desk, entry: &Entry, reasons: &Reasons, errors: FormErrors) -> Result<Response> {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    Ok((status, html(&page::of(desk, entry, reasons, errors))?).into_response())
}
