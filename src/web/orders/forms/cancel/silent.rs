//! The page that is shown while the marketplace does not tell its reasons. A list of yesterday would let
//! people choose what is refused (`product` 4.7).

use askama::Template;
use axum::http::StatusCode;
use axum::http::header;
use axum::response::IntoResponse;
use axum::response::Response;

use crate::live::Silence;
use crate::web::error::Result;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::orders::Desk;
use crate::web::orders::action::Kept;
use crate::web::orders::forms::cancel::entry::Entry;
use crate::web::orders::forms::cancel::entry::Step;

#[derive(Template)]
#[template(path = "orders/actions/cancel_silent.html")]
struct SilentPage {
    layout: Layout,
    order_id: String,
    href: String,
    slug: &'static str,
    heading: &'static str,
    credentials: bool,
    step: &'static str,
    kept: Kept,
}

/// Says so, keeps what was chosen, and offers to ask again.
pub fn page(desk: Desk, entry: &Entry, silence: Silence) -> Result<Response> {
    let page = SilentPage {
        order_id: desk.order().id.clone(),
        href: desk.href(),
        slug: entry.scope.kind().slug(),
        heading: desk.lang().action_name(entry.scope.kind()),
        credentials: match silence {
            Silence::CredentialsRefused => true,
            Silence::TooSlow | Silence::Broken => false,
        },
        // What was confirmed is shown once more before it is sent: time has passed.
        step: match entry.step {
            Step::Review | Step::Send => "review",
            Step::Copy => "copy",
            Step::Edit => "edit",
        },
        kept: entry.kept(&desk),
        layout: desk.layout,
    };
    let soon = [(header::RETRY_AFTER, "5")];
    Ok((StatusCode::SERVICE_UNAVAILABLE, soon, html(&page)?).into_response())
}
