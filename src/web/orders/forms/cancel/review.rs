//! The page to check: what will be sent, and what it means. Nothing is promised yet (WCAG 3.3.4).

use askama::Template;
use rust_decimal::Decimal;

use crate::domain::action::Action;
use crate::domain::action::cancel::Reason;
use crate::domain::order::Line;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::web::components::Badge;
use crate::web::format;
use crate::web::layout::Layout;
use crate::web::orders::Desk;
use crate::web::orders::forms::cancel::Scope;
use crate::web::orders::forms::cancel::entry::Entry;
use crate::web::orders::forms::cancel::estimate;
use crate::web::orders::forms::cancel::estimate::Estimate;
use crate::web::orders::lines;
use crate::web::text::Lang;

#[derive(Template)]
#[template(path = "orders/actions/cancel_review.html")]
pub struct ReviewPage {
    layout: Layout,
    order_id: String,
    href: String,
    slug: &'static str,
    scope: &'static str,
    badge: Badge,
    content_lang: Option<&'static str>,
    lines: Vec<LineView>,
    total: String,
    effects: Vec<String>,
    hidden: Vec<(String, String)>,
    confirm: String,
}

struct LineView {
    id: String,
    title: String,
    quantity: String,
    badge: Badge,
    reason: String,
    shipping: &'static str,
    estimate: String,
}

/// A line that will be cancelled.
struct Planned<'a> {
    line: &'a Line,
    reason: &'a Reason,
    shipping: bool,
}

/// What that action would do. `reviewed` comes back with the button that sends it.
pub fn of(desk: Desk, entry: &Entry, action: &Action, reviewed: String) -> ReviewPage {
    let (lang, order) = (desk.lang(), desk.order());
    let money = |amount: Decimal| format::money(amount, &order.amounts.currency);
    let planned = planned(&desk, action);
    let sum = estimate::of(planned.iter().map(|it| (it.line, it.shipping)));
    let amount = |it: Option<Estimate>| it.map_or_else(|| "–".to_owned(), |it| money(it.total));
    let line = |it: &Planned<'_>| LineView {
        id: it.line.id.clone(),
        title: lines::title(lang, it.line),
        quantity: format::whole(it.line.quantity.into()),
        badge: Badge::new(lang, &it.line.status, &it.line.supply_mode),
        reason: lang.cancellation_reason(it.reason),
        shipping: lang.cancel_yes_no(it.shipping),
        estimate: amount(estimate::of([(it.line, it.shipping)])),
    };
    ReviewPage {
        order_id: order.id.clone(),
        href: desk.href(),
        slug: entry.scope.kind().slug(),
        scope: lang.action_name(entry.scope.kind()),
        badge: desk.reader.badge(order),
        content_lang: lines::content_lang(&order.channel_id),
        lines: planned.iter().map(line).collect(),
        total: amount(sum),
        effects: effects(lang, &planned, sum, money, desk.delay.as_secs()),
        hidden: [entry.hidden(), vec![("reviewed".to_owned(), reviewed)]].concat(),
        confirm: match entry.scope {
            Scope::Whole => lang.action_name(entry.scope.kind()).to_owned(),
            Scope::Lines => lang.cancel_confirm(planned.len()),
        },
        layout: desk.layout,
    }
}

fn planned<'a>(desk: &'a Desk, action: &'a Action) -> Vec<Planned<'a>> {
    let order = desk.order();
    match action {
        Action::Cancel(cancel) => {
            let (reason, shipping) = (&cancel.reason, cancel.shipping_refund);
            order.lines.iter().map(|line| Planned { line, reason, shipping }).collect()
        }
        Action::CancelLines(cancel) => {
            let planned = cancel.lines.iter().filter_map(|it| {
                let line = order.line(&it.line_id)?;
                Some(Planned { line, reason: &it.reason, shipping: it.shipping_refund })
            });
            planned.collect()
        }
        // Other forms have other pages.
        Action::Accept
        | Action::Refuse
        | Action::Ship(_)
        | Action::Gesture(_)
        | Action::Invoice(_) => Vec::new(),
    }
}

fn effects(
    lang: Lang,
    planned: &[Planned<'_>],
    sum: Option<Estimate>,
    money: impl Fn(Decimal) -> String,
    delay: i64,
) -> Vec<String> {
    let mut effects = vec![match sum {
        Some(sum) if sum.shipping.is_zero() => lang.cancel_refunded(money(sum.total)),
        Some(sum) => lang.cancel_refunded_with_shipping(money(sum.total), money(sum.shipping)),
        None => lang.cancel_refunded_unknown().to_owned(),
    }];
    effects.push(lang.cancel_payout().to_owned());
    if planned.iter().any(|it| comes_back_to_us(it.line)) {
        effects.push(lang.cancel_return().to_owned());
    }
    effects.push(lang.cancel_no_undo().to_owned());
    effects.push(if delay > 0 {
        lang.approval_delay(delay)
    } else {
        lang.approval_at_once().to_owned()
    });
    effects
}

fn comes_back_to_us(line: &Line) -> bool {
    line.supply_mode == SupplyMode::Seller
        && matches!(line.status, Status::Shipped | Status::Delivered)
}
