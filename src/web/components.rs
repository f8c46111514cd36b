//! What the macros in `templates/components/ui.html` draw: plain data, ready to print.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::deadline::Urgency;
use crate::domain::delivery::State;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::web::format;
use crate::web::glossary;
use crate::web::text::Lang;

/// An instant, for `<time>`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Time {
    /// For machines.
    pub iso: String,
    /// For people.
    pub text: String,
}

/// An order's status.
#[derive(Debug, Clone)]
pub struct Badge {
    /// The marketplace's word, for `data-status`.
    pub status: String,
    /// Ours.
    pub label: String,
    /// What it means.
    pub href: String,
    /// What is behind the link.
    pub hint: &'static str,
}

impl Badge {
    /// The badge of an order.
    pub fn new(lang: Lang, status: &Status, supply_mode: &SupplyMode) -> Self {
        Self::named(lang, status, lang.status(status, supply_mode).into_owned())
    }

    /// The badge with words of the caller's.
    pub fn named(lang: Lang, status: &Status, label: String) -> Self {
        Self {
            status: status.as_str().to_owned(),
            label,
            href: glossary::href(status),
            hint: lang.glossary_what_it_means(),
        }
    }
}

/// A deadline: how far it is, and when.
#[derive(Debug, Clone)]
pub struct Due {
    /// For `data-due`.
    pub urgency: &'static str,
    /// `in 1 h 48`.
    pub relative: String,
    /// `Thu 19 Nov, 16:00`.
    pub at: Time,
}

impl Due {
    /// A deadline that is still to be met.
    pub fn new(
        lang: Lang,
        urgency: Urgency,
        deadline: Timestamp,
        zone: &TimeZone,
        now: Timestamp,
    ) -> Self {
        Self {
            urgency: urgency.as_str(),
            relative: format::until(lang, deadline, now),
            at: format::day_time(lang, deadline, zone, now),
        }
    }
}

/// How far a promise is.
#[derive(Debug, Clone)]
pub struct Delivery {
    /// For `data-state`.
    pub state: &'static str,
    /// `Shipment sent 14:09`.
    pub label: String,
}

impl Delivery {
    /// The mark of a promise in that state, with words of the caller's.
    pub const fn new(state: State, label: String) -> Self {
        Self { state: delivery_mark(state), label }
    }
}

/// The `data-state` of a promise, as the stylesheet knows them.
pub const fn delivery_mark(state: State) -> &'static str {
    match state {
        State::Queued => "queued",
        State::Sending | State::InDoubt => "sent",
        State::NeedsPerson => "attention",
        State::Confirmed => "confirmed",
        State::Refused => "refused",
        State::Withdrawn => "withdrawn",
    }
}

/// A mistake in a form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The `id` of the control.
    pub field: String,
    /// The same words at the field and in the summary.
    pub text: String,
}

/// The mistakes of a form, in the order of its fields.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct FormErrors(Vec<FieldError>);

impl FormErrors {
    /// Exactly one.
    pub fn one(field: impl Into<String>, text: impl Into<String>) -> Self {
        let mut errors = Self::default();
        errors.add(field, text);
        errors
    }

    /// Adds one.
    pub fn add(&mut self, field: impl Into<String>, text: impl Into<String>) {
        self.0.push(FieldError { field: field.into(), text: text.into() });
    }

    /// Whether the form is fine.
    pub const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> std::slice::Iter<'_, FieldError> {
        self.0.iter()
    }

    /// The first mistake of a control.
    pub fn of(&self, field: &str) -> Option<&str> {
        self.0.iter().find(|it| it.field == field).map(|it| it.text.as_str())
    }
}

/// The links to the neighboring pages of a list.
#[derive(Debug, Clone)]
pub struct Pager {
    /// What is shown: `30 orders`.
    pub summary: String,
    /// The words and the address of the page before; no address on the first.
    pub previous: (&'static str, Option<String>),
    /// The words and the address of the page after; no address on the last.
    pub next: (&'static str, Option<String>),
}

/// An order number in two parts: the last six characters are what people read out.
pub fn split_number(id: &str) -> (&str, &str) {
    let start = id.char_indices().rev().nth(5).map_or(0, |(index, _)| index);
    id.split_at(start)
}
