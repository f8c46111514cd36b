//! The form, ready to print.

use askama::Template;
use rust_decimal::Decimal;

use crate::domain::action as rules;
use crate::domain::action::cancel::Reason;
use crate::domain::action::cancel::Reasons;
use crate::domain::action::cancel_lines;
use crate::domain::action::cancel_lines::NotCancellable;
use crate::domain::order::Line;
use crate::web::components::Badge;
use crate::web::components::FormErrors;
use crate::web::format;
use crate::web::layout::Layout;
use crate::web::orders::Desk;
use crate::web::orders::amounts;
use crate::web::orders::forms::cancel::Scope;
use crate::web::orders::forms::cancel::entry;
use crate::web::orders::forms::cancel::entry::Entry;
use crate::web::orders::forms::cancel::entry::Field;
use crate::web::orders::forms::cancel::estimate;
use crate::web::orders::forms::cancel::judge;
use crate::web::orders::lines;
use crate::web::text::Lang;

#[derive(Template)]
#[template(path = "orders/actions/cancel.html")]
pub struct CancelPage {
    layout: Layout,
    order_id: String,
    href: String,
    slug: &'static str,
    heading: &'static str,
    badge: Badge,
    channel: String,
    paid: String,
    scopes: [ScopeView; 2],
    submission: String,
    errors: FormErrors,
    read_at: String,
    content_lang: Option<&'static str>,
    /// What is asked about the whole order; none, if it is asked about each line.
    whole: Option<Questions>,
    lines: Vec<LineView>,
    /// Whether there is more than one line to choose from.
    several: bool,
}

struct ScopeView {
    label: &'static str,
    /// What it does, or why it is not possible.
    note: String,
    href: String,
    possible: bool,
    current: bool,
}

struct LineView {
    number: usize,
    id: String,
    title: String,
    quantity: String,
    sku: Option<String>,
    badge: Badge,
    paid: String,
    shipping: Option<String>,
    /// What is asked about the line, or why it cannot be chosen.
    choice: Result<Choice, WhyNot>,
}

/// Why a line cannot be chosen.
struct WhyNot {
    words: String,
    /// Whether a request holds it, which the order's page shows.
    request: bool,
}

struct Choice {
    chosen: bool,
    name: String,
    questions: Questions,
    estimate: String,
    with_shipping: Option<String>,
}

/// Why, and what becomes of shipping.
struct Questions {
    reason_id: String,
    reason_name: String,
    /// What the list of a line is called; that of the whole order has a label of its own.
    reason_label: Option<String>,
    /// Code, name, and whether it is chosen.
    reasons: Vec<(String, String, bool)>,
    shipping_id: String,
    shipping_name: String,
    shipping_legend: String,
    shipping: Option<bool>,
    shipping_paid: Option<String>,
}

/// The form with that entry.
pub fn of(desk: Desk, entry: &Entry, reasons: &Reasons, errors: FormErrors) -> CancelPage {
    let (lang, order) = (desk.lang(), desk.order());
    let kind = entry.scope.kind();
    let money = |amount| format::money(amount, &order.amounts.currency);
    let shipping = amounts::sums(order).shipping.filter(|it| !it.is_zero());
    let whole = match entry.scope {
        Scope::Whole => {
            let offered = reasons.of(&order.status);
            Some(questions(lang, entry, None, offered, shipping.map(money)))
        }
        Scope::Lines => None,
    };
    let lines = order.lines.iter().enumerate();
    CancelPage {
        order_id: order.id.clone(),
        href: desk.href(),
        slug: kind.slug(),
        heading: lang.action_name(kind),
        badge: desk.reader.badge(order),
        channel: desk.mirrored.channel.name.clone(),
        paid: money(order.amounts.selling_total),
        scopes: [Scope::Whole, Scope::Lines].map(|scope| scope_view(&desk, entry, scope)),
        submission: entry.submission.to_string(),
        errors,
        read_at: desk.reader.clock(desk.reader.now).text,
        content_lang: lines::content_lang(&order.channel_id),
        whole,
        lines: lines.map(|(index, it)| line_view(&desk, entry, reasons, index + 1, it)).collect(),
        several: entry::free_lines(&desk).count() > 1,
        layout: desk.layout,
    }
}

fn scope_view(desk: &Desk, entry: &Entry, scope: Scope) -> ScopeView {
    let (lang, kind) = (desk.lang(), scope.kind());
    let (label, note) = match scope {
        Scope::Whole => (lang.cancel_scope_whole(), lang.cancel_scope_whole_note()),
        Scope::Lines => (lang.cancel_scope_lines(), lang.cancel_scope_lines_note()),
    };
    let blocked = rules::check(kind, &desk.facts()).err();
    let why = blocked.as_ref().map(|it| lang.blocked(kind, it, |at| desk.reader.clock(at).text));
    ScopeView {
        label,
        possible: why.is_none(),
        note: why.unwrap_or_else(|| note.to_owned()),
        href: format!("{}/{}", desk.href(), kind.slug()),
        current: scope == entry.scope,
    }
}

fn questions(
    lang: Lang,
    entry: &Entry,
    line: Option<(usize, &str)>,
    offered: &[Reason],
    shipping_paid: Option<String>,
) -> Questions {
    let (number, id) = (line.map(|it| it.0), line.map(|it| it.1));
    let chosen = entry.reason(id);
    let option = |it: &Reason| (it.code.clone(), lang.cancellation_reason(it), it.code == chosen);
    Questions {
        reason_id: judge::control(number, Field::Reason),
        reason_name: entry::name(id, Field::Reason),
        reason_label: id.map(|it| lang.cancel_reason_for(it)),
        reasons: offered.iter().map(option).collect(),
        shipping_id: judge::control(number, Field::Shipping),
        shipping_name: entry::name(id, Field::Shipping),
        shipping_legend: match id {
            Some(line) => lang.cancel_shipping_of(line),
            None => lang.cancel_shipping().to_owned(),
        },
        shipping: entry.shipping(id),
        shipping_paid,
    }
}

fn line_view(
    desk: &Desk,
    entry: &Entry,
    reasons: &Reasons,
    number: usize,
    line: &Line,
) -> LineView {
    let lang = desk.lang();
    let money = |amount: Decimal| format::money(amount, &desk.order().amounts.currency);
    let unknown = || "–".to_owned();
    let paid = amounts::of_pieces(line, line.selling_unit_price);
    let shipping = line.shipping_cost.filter(|it| !it.is_zero()).map(money);
    let choice = cancel_lines::verdict(&desk.facts(), line);
    let choice = choice.map_err(|why| why_not(desk, line, why)).map(|()| {
        let offered = reasons.of(&line.status);
        let place = Some((number, line.id.as_str()));
        let with_shipping = estimate::of([(line, true)]).filter(|it| !it.shipping.is_zero());
        Choice {
            chosen: entry.chooses(&line.id),
            name: entry::name(Some(&line.id), Field::Chosen),
            questions: questions(lang, entry, place, offered, shipping.clone()),
            estimate: paid.map_or_else(unknown, money),
            with_shipping: with_shipping.map(|it| lang.cancel_with_shipping(money(it.total))),
        }
    });
    LineView {
        number,
        id: line.id.clone(),
        title: lines::title(lang, line),
        quantity: format::whole(line.quantity.into()),
        sku: line.sku.clone(),
        badge: Badge::new(lang, &line.status, &line.supply_mode),
        paid: paid.map_or_else(unknown, money),
        shipping: shipping.map(|it| lang.cancel_shipping_paid(it)),
        choice,
    }
}

/// Why a line cannot be chosen, and who asked for the cancellation that holds it.
fn why_not(desk: &Desk, line: &Line, why: NotCancellable) -> WhyNot {
    let lang = desk.lang();
    let request = desk.facts().requests.cancellation_of(&line.id).map(|request| {
        let who = lang.asker(request.asked_by.as_ref());
        let standing = lang.standing(request.standing_of(&line.id));
        match request.created_at {
            Some(at) => lang.cancel_asked_at(who, desk.reader.day_time(at).text, standing),
            None => lang.cancel_asked(who, standing),
        }
    });
    let words = lang.not_cancellable(why, line, request.as_deref());
    WhyNot { words, request: request.is_some() }
}
