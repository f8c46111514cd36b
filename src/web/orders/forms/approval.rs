//! Accepting or refusing: a page that says what it means, and one button.

use askama::Template;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use uuid::Uuid;

use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::action::Blocked;
use crate::domain::action::Live;
use crate::web::AppState;
use crate::web::components::Due;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::orders::Desk;
use crate::web::orders::action;
use crate::web::orders::action::Kept;
use crate::web::orders::action::Outcome;
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "orders/actions/approval.html")]
struct ApprovalPage {
    layout: Layout,
    order_id: String,
    href: String,
    slug: &'static str,
    due: Option<Due>,
    question: &'static str,
    consequence: &'static str,
    delay: String,
    label: &'static str,
    accepts: bool,
    submission: Uuid,
    errors: FormErrors,
}

/// The page that asks.
pub fn show(desk: Desk, kind: ActionKind) -> Result<Response> {
    let page = page(desk, kind, FormErrors::default());
    Ok(html(&page)?.into_response())
}

/// Takes the answer.
pub async fn submit(
    state: &AppState,
    signed_in: &SignedIn,
    desk: Desk,
    kind: ActionKind,
    pairs: &action::Pairs,
) -> Result<Response> {
    if pairs.iter().any(|(name, _)| name != "submission") {
        return Err(Error::Invalid("the form has a field that it does not have"));
    }
    let submission = pairs.iter().find(|(name, _)| name == "submission");
    let Some(submission) = submission.and_then(|(_, text)| action::submission_of(text)) else {
        let needed = kind.spec().permission;
        if !desk.operator.role.may(needed) {
            let blocked = Blocked::Needs(needed);
            return action::not_possible(desk, kind, &blocked, Kept::default());
        }
        let mut errors = FormErrors::default();
        errors.add("send", desk.lang().form_outdated());
        let page = page(desk, kind, errors);
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html(&page)?).into_response());
    };
    let action = if kind == ActionKind::Accept { Action::Accept } else { Action::Refuse };
    match action::submit(state, signed_in, &desk, submission, action, Live::NotAsked, None).await? {
        Outcome::Promised => Ok(action::to_order(&desk)),
        Outcome::Blocked(desk, blocked) => {
            action::not_possible(*desk, kind, &blocked, Kept::default())
        }
        // Accepting and refusing have no input that could be wrong.
        Outcome::Misfit(desk, _) => show(*desk, kind),
    }
}

fn page(desk: Desk, kind: ActionKind, errors: FormErrors) -> ApprovalPage {
    let lang = desk.lang();
    let accepts = kind == ActionKind::Accept;
    let seconds = desk.delay.as_secs();
    ApprovalPage {
        order_id: desk.order().id.clone(),
        href: desk.href(),
        slug: kind.slug(),
        due: desk.reader.due(desk.order()),
        question: if accepts { lang.accept_question() } else { lang.refuse_question() },
        consequence: if accepts { lang.accept_consequence() } else { lang.refuse_consequence() },
        delay: if seconds > 0 {
            lang.approval_delay(seconds)
        } else {
            lang.approval_at_once().to_owned()
        },
        label: if accepts { lang.act_accept() } else { lang.act_refuse() },
        accepts,
        submission: Uuid::new_v4(),
        errors,
        layout: desk.layout,
    }
}
