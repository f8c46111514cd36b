//! `/help`: what the marketplace's documents explain about an order's figures and states, and the keyboard shortcuts.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;
use rust_decimal::Decimal;

use crate::domain::operator::Role;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::web::AppState;
use crate::web::error::Result;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

/// Something that the documents explain ("Orders management", questions and answers).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Topic {
    /// The offer's price and the selling price.
    Prices,
    /// A VAT of nothing.
    Vat,
    /// Fees beside the price.
    ServiceFees,
    /// Orders that failed the marketplace's checks.
    Rejected,
    /// What the customer sends back of an order that the seller shipped.
    Returns,
}

impl Topic {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Prices, Self::Vat, Self::ServiceFees, Self::Rejected, Self::Returns];

    /// The word in addresses: `/help#vat`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Prices => "prices",
            Self::Vat => "vat",
            Self::ServiceFees => "service-fees",
            Self::Rejected => "rejected",
            Self::Returns => "returns",
        }
    }

    fn concerns(self, order: &Order) -> bool {
        match self {
            Self::Prices => {
                order.lines.iter().any(|it| it.offer_unit_price != it.selling_unit_price)
            }
            Self::Vat => {
                order.lines.iter().any(|it| it.vat_rate.is_some_and(|rate| rate == Decimal::ZERO))
            }
            Self::ServiceFees => !order.amounts.service_fees.is_empty(),
            Self::Rejected => order.status == Status::Rejected,
            Self::Returns => {
                order.supply_mode() == SupplyMode::Seller
                    && matches!(order.status, Status::Shipped | Status::Delivered)
            }
        }
    }
}

/// What somebody who looks at that order may ask.
pub fn of_order(order: &Order) -> Vec<Topic> {
    Topic::ALL.into_iter().filter(|it| it.concerns(order)).collect()
}

/// A key, or two one after the other, and what it does. `static/app.js` reads them from the page.
#[derive(Debug, Clone, Copy)]
pub struct Shortcut {
    /// The keys, in their order.
    pub keys: &'static [&'static str],
    /// The link to follow, or the field or button to focus.
    pub target: &'static str,
    /// Whether the target is a row beside the focused one: `next`, `previous`, or `pick` for its tick box.
    pub row: Option<&'static str>,
    /// What it does, in words.
    pub label: fn(Lang) -> &'static str,
}

impl Shortcut {
    const fn to(
        keys: &'static [&'static str],
        target: &'static str,
        label: fn(Lang) -> &'static str,
    ) -> Self {
        Self { keys, target, row: None, label }
    }

    const fn row(
        key: &'static [&'static str],
        row: &'static str,
        label: fn(Lang) -> &'static str,
    ) -> Self {
        Self { keys: key, target: ".orders tbody tr:has(a)", row: Some(row), label }
    }
}

/// Every shortcut. None of them changes an order: a link is followed, and of a button only the focus goes there.
pub const SHORTCUTS: &[Shortcut] = &[
    Shortcut::to(&["?"], "#shortcut-sheet", Lang::shortcut_sheet),
    Shortcut::to(&["/"], "#find", Lang::shortcut_search),
    Shortcut::to(&["g", "d"], ".app-bar nav a[href='/']", Lang::shortcut_dashboard),
    Shortcut::to(&["g", "o"], ".app-bar nav a[href='/orders']", Lang::shortcut_orders),
    Shortcut::to(&["g", "s"], ".app-bar nav a[href='/shipping']", Lang::shortcut_shipping),
    Shortcut::to(&["g", "a"], ".app-bar nav a[href='/attention']", Lang::shortcut_attention),
    Shortcut::to(&["g", "y"], ".app-bar nav a[href='/sync']", Lang::shortcut_sync),
    Shortcut::row(&["j"], "next", Lang::shortcut_next_row),
    Shortcut::row(&["k"], "previous", Lang::shortcut_previous_row),
    Shortcut::row(&["x"], "pick", Lang::shortcut_pick_row),
    Shortcut::to(&["n"], "main a[rel=next]", Lang::shortcut_next),
    Shortcut::to(&["p"], "main a[rel=prev]", Lang::shortcut_previous),
    Shortcut::to(&["u"], ".page-head hgroup a[href^='/orders']", Lang::shortcut_back),
    Shortcut::to(&["a"], "#act-approve", Lang::shortcut_accept),
    Shortcut::to(&["s"], "#act-ship", Lang::shortcut_ship),
    Shortcut::to(&["c"], "#act-cancel", Lang::shortcut_cancel),
];

/// Whether single keys act for somebody who did not choose. In the warehouse a scanner types (`product` A16).
pub const fn shortcuts_by_role(role: Role) -> bool {
    match role {
        Role::Warehouse => false,
        Role::Viewer | Role::CustomerService | Role::Manager | Role::Admin => true,
    }
}

#[derive(Template)]
#[template(path = "help.html")]
struct HelpPage {
    layout: Layout,
}

/// The routes of this page.
pub fn routes() -> Router<AppState> {
    Router::new().route("/help", get(show))
}

/// `GET /help`
async fn show(State(state): State<AppState>, signed_in: SignedIn) -> Result<Html<String>> {
    html(&HelpPage { layout: Layout::new(&state, &signed_in, Place::Elsewhere) })
}
