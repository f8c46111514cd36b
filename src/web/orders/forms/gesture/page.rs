//! The pages of a gesture, ready to print: the form, what it would do, and why there is none.

use askama::Template;
use jiff::SignedDuration;
use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;

use crate::domain::action::Gesture;
use crate::domain::action::gesture::DETAILS_LENGTH;
use crate::domain::action::gesture::Limits;
use crate::domain::action::gesture::REASONS;
use crate::domain::action::gesture::allowance;
use crate::web::components::Badge;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::format;
use crate::web::layout::Layout;
use crate::web::orders::Desk;
use crate::web::orders::action::Kept;
use crate::web::orders::forms::gesture::amount;
use crate::web::orders::forms::gesture::entry::Entry;
use crate::web::text::Lang;

/// More of an order than this, in percent, is rarely meant.
const LARGE_SHARE: Decimal = Decimal::from_parts(50, 0, 0, false, 0);

/// What may be given, and why not more.
pub struct LimitsView {
    read_at: Time,
    order_amount: String,
    /// The channel's rate and fixed maximum: words, amount, and whether it is the lower one.
    of_channel: Vec<(String, String, bool)>,
    given: String,
    remaining: String,
}

#[derive(Template)]
#[template(path = "orders/actions/gesture.html")]
pub struct FormPage {
    layout: Layout,
    order_id: String,
    href: String,
    badge: Badge,
    limits: LimitsView,
    errors: FormErrors,
    /// What to know about a gesture that was made before.
    again: bool,
    submission: String,
    currency: String,
    symbol: String,
    /// Code, name, and whether it is chosen.
    reasons: Vec<(&'static str, String, bool)>,
    details: String,
    details_hint: String,
    amount: String,
    hint: String,
}

#[derive(Template)]
#[template(path = "orders/actions/gesture_review.html")]
pub struct ReviewPage {
    layout: Layout,
    order_id: String,
    href: String,
    badge: Badge,
    hidden: Vec<(&'static str, String)>,
    amount: String,
    share: Option<String>,
    large: bool,
    reason: String,
    details: Option<String>,
    left: String,
    read_at: Time,
    delay: String,
    send: String,
}

#[derive(Template)]
#[template(path = "orders/actions/gesture_stopped.html")]
pub struct StoppedPage {
    layout: Layout,
    order_id: String,
    href: String,
    badge: Badge,
    icon: &'static str,
    text: String,
    limits: Option<LimitsView>,
    /// Whether asking again may help.
    again: bool,
    /// What the button of the form said that was stopped.
    step: &'static str,
    kept: Kept,
}

/// The form with that entry. `again` tells that the same gesture was made before.
pub fn form(
    desk: Desk,
    limits: &Limits,
    entry: &Entry,
    errors: FormErrors,
    again: bool,
) -> FormPage {
    let lang = desk.lang();
    let reason = |code| (code, lang.gesture_reason(code), code == entry.reason);
    let own = allowance(&desk.facts(), &limits.currency).map(|(it, left)| it.per_act.min(left));
    let most = own.map_or(limits.remaining, |it| it.min(limits.remaining));
    let used = entry.details.trim().chars().count();
    FormPage {
        order_id: desk.order().id.clone(),
        href: desk.href(),
        badge: desk.reader.badge(desk.order()),
        limits: limits_view(&desk, limits),
        errors,
        again,
        submission: submission(entry),
        currency: limits.currency.clone(),
        symbol: amount::symbol(&limits.currency),
        reasons: REASONS.into_iter().map(reason).collect(),
        details: entry.details.clone(),
        details_hint: if used == 0 {
            lang.gesture_details_hint(DETAILS_LENGTH)
        } else {
            lang.gesture_details_used(used, DETAILS_LENGTH)
        },
        amount: entry.amount.clone(),
        hint: lang.gesture_up_to(format::money(most, &limits.currency)),
        layout: desk.layout,
    }
}

/// What the form would do. The entry says what is shown here, for when it is sent.
pub fn review(
    desk: Desk,
    limits: &Limits,
    entry: &Entry,
    gesture: &Gesture,
    delay: SignedDuration,
) -> ReviewPage {
    let lang = desk.lang();
    let money = |amount| format::money(amount, &limits.currency);
    let share = share(gesture.amount, limits.order_amount);
    let seconds = delay.as_secs();
    ReviewPage {
        order_id: desk.order().id.clone(),
        href: desk.href(),
        badge: desk.reader.badge(desk.order()),
        hidden: entry.hidden(),
        amount: money(gesture.amount),
        share: share.map(|it| lang.gesture_share(percent(lang, it))),
        large: share.is_some_and(|it| it > LARGE_SHARE),
        reason: lang.gesture_reason(&gesture.reason),
        details: gesture.details.clone(),
        left: money(limits.remaining - gesture.amount),
        read_at: desk.reader.clock(desk.reader.now),
        delay: if seconds > 0 {
            lang.approval_delay(seconds)
        } else {
            lang.approval_at_once().to_owned()
        },
        send: lang.gesture_offer(money(gesture.amount)),
        layout: desk.layout,
    }
}

/// Why there is no form. With the limits, if they are the reason.
pub fn stopped(
    desk: Desk,
    text: String,
    limits: Option<&Limits>,
    entry: Option<&Entry>,
) -> StoppedPage {
    let lang = desk.lang();
    // Somebody who comes back to change the entry has not sent anything yet either.
    let step = entry.map_or("review", |it| it.step.as_str());
    StoppedPage {
        order_id: desk.order().id.clone(),
        href: desk.href(),
        badge: desk.reader.badge(desk.order()),
        icon: "info",
        text,
        limits: limits.map(|it| limits_view(&desk, it)),
        again: false,
        step,
        kept: entry.map(|it| it.kept(lang)).unwrap_or_default(),
        layout: desk.layout,
    }
}

impl StoppedPage {
    /// The marketplace may answer the next time.
    pub fn try_again(mut self) -> Self {
        self.icon = "warn";
        self.again = true;
        self
    }
}

/// The form's own identifier; a new one, if what came is none.
fn submission(entry: &Entry) -> String {
    let own = crate::web::orders::action::submission_of(&entry.submission);
    own.unwrap_or_else(uuid::Uuid::new_v4).to_string()
}

fn limits_view(desk: &Desk, limits: &Limits) -> LimitsView {
    let lang = desk.lang();
    let money = |amount| format::money(amount, &limits.currency);
    // As `gesture::limits` counts it: what is over a cent is not given.
    let by_rate = limits.rate.map(|rate| {
        let share = limits.order_amount * rate / Decimal::ONE_HUNDRED;
        share.round_dp_with_strategy(2, RoundingStrategy::ToZero)
    });
    let lower = [by_rate, limits.most].into_iter().flatten().min();
    let mut of_channel = Vec::new();
    if let (Some(rate), Some(share)) = (limits.rate, by_rate) {
        let words = lang.gesture_limit_rate(decimal(lang, rate));
        of_channel.push((words, money(share), lower == Some(share)));
    }
    if let Some(most) = limits.most {
        let is_lower = lower == Some(most) && by_rate != lower;
        of_channel.push((lang.gesture_limit_fixed().to_owned(), money(most), is_lower));
    }
    LimitsView {
        read_at: desk.reader.clock(desk.reader.now),
        order_amount: money(limits.order_amount),
        of_channel,
        given: money(limits.given),
        remaining: money(limits.remaining),
    }
}

/// How much of the order that is, in percent; none of an order that is worth nothing.
fn share(amount: Decimal, order_amount: Decimal) -> Option<Decimal> {
    (amount * Decimal::ONE_HUNDRED).checked_div(order_amount)
}

/// A share in whole percent: `83 %`.
fn percent(lang: Lang, share: Decimal) -> String {
    let whole = share.round_dp_with_strategy(0, RoundingStrategy::MidpointAwayFromZero);
    if whole.is_zero() {
        lang.gesture_share_tiny().to_owned()
    } else {
        format!("{}\u{a0}%", whole.normalize())
    }
}

/// A rate as people read it: `12,5`.
fn decimal(lang: Lang, number: Decimal) -> String {
    let text = number.normalize().to_string();
    match lang {
        Lang::En => text,
        Lang::Fr => text.replace('.', ","),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_in_whole_percent() {
        let percent = |cents, of| {
            share(Decimal::new(cents, 2), Decimal::new(of, 2)).map(|it| percent(Lang::En, it))
        };
        assert_eq!(percent(999, 1_204).unwrap(), "83\u{a0}%");
        assert_eq!(percent(1, 100_000).unwrap(), "under 1\u{a0}%");
        assert_eq!(percent(1_000, 1_000).unwrap(), "100\u{a0}%");
        assert_eq!(percent(50, 10_000).unwrap(), "1\u{a0}%");
        assert_eq!(percent(1, 0), None);
        assert_eq!(decimal(Lang::Fr, "12.50".parse().unwrap()), "12,5");
    }
}
