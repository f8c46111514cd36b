//! What was chosen in the form, exactly as it came, and what it means.
//!
//! The form names lines and reasons only. A line's offer is the mirror's, so that nobody can send another.

use std::collections::BTreeMap;

use uuid::Uuid;

use crate::domain::action::Action;
use crate::domain::action::Cancel;
use crate::domain::action::CancelLines;
use crate::domain::action::cancel::Reason;
use crate::domain::action::cancel::Reasons;
use crate::domain::action::cancel_lines;
use crate::domain::action::cancel_lines::LineCancellation;
use crate::domain::order::Line;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::web::orders::Desk;
use crate::web::orders::action;
use crate::web::orders::action::Kept;
use crate::web::orders::action::Pairs;
use crate::web::orders::forms::cancel::Scope;

/// What was chosen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The whole order, or lines.
    pub scope: Scope,
    /// Born with the form; a new one, if what came is none.
    pub submission: Uuid,
    /// Whether the submission is the form's own.
    pub known: bool,
    /// What the button says.
    pub step: Step,
    /// What the page to check showed, if the form comes from there.
    pub reviewed: String,
    /// What cannot be understood.
    pub strange: Vec<Strange>,
    fields: BTreeMap<Key, String>,
}

/// A field of a line, or of the whole order.
pub type Key = (Option<String>, Field);

/// What is asked about a line, or about the whole order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Field {
    /// Whether the line is cancelled.
    Chosen,
    /// Why.
    Reason,
    /// Whether shipping is refunded.
    Shipping,
}

/// What to do with the form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Show what would be sent.
    Review,
    /// Send it.
    Send,
    /// The first reason for all lines.
    Copy,
    /// Back to the form.
    Edit,
}

/// Something that no form of ours sends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Strange {
    /// A field that does not exist.
    Unknown(String),
    /// A field that came twice, with different values.
    Twice(Key),
}

impl Field {
    const ALL: [Self; 3] = [Self::Chosen, Self::Reason, Self::Shipping];

    const fn as_str(self) -> &'static str {
        match self {
            Self::Chosen => "cancel",
            Self::Reason => "reason",
            Self::Shipping => "shipping",
        }
    }
}

/// The name of a field in the form: `reason`, `lines[HT01].reason`.
pub fn name(line: Option<&str>, field: Field) -> String {
    let field = field.as_str();
    line.map_or_else(|| field.to_owned(), |line| format!("lines[{line}].{field}"))
}

/// The inverse of [`name`]. Identifiers are the marketplace's, so anything may be in them.
fn key(scope: Scope, name: &str) -> Option<Key> {
    let field = |word: &str| Field::ALL.into_iter().find(|it| it.as_str() == word);
    match scope {
        Scope::Whole => field(name).filter(|it| *it != Field::Chosen).map(|it| (None, it)),
        Scope::Lines => {
            let (line, word) = name.strip_prefix("lines[")?.rsplit_once("].")?;
            field(word).map(|it| (Some(line.to_owned()), it))
        }
    }
}

impl Entry {
    /// An empty form.
    pub fn new(scope: Scope) -> Self {
        Self {
            scope,
            submission: Uuid::new_v4(),
            known: true,
            step: Step::Edit,
            reviewed: String::new(),
            strange: Vec::new(),
            fields: BTreeMap::new(),
        }
    }

    /// Reads a posted form. Whatever is strange about it is a mistake to show, never a reason to lose the
    /// rest.
    pub fn parse(scope: Scope, pairs: Pairs) -> Self {
        let mut entry = Self { known: false, step: Step::Review, ..Self::new(scope) };
        for (name, value) in pairs {
            match (name.as_str(), key(scope, &name)) {
                (_, Some(key)) => {
                    let first = entry.fields.entry(key.clone()).or_insert_with(|| value.clone());
                    if *first != value {
                        entry.strange.push(Strange::Twice(key));
                    }
                }
                ("submission", _) => {
                    let own = action::submission_of(&value);
                    entry.known = own.is_some();
                    entry.submission = own.unwrap_or(entry.submission);
                }
                ("step", _) => {
                    entry.step = match value.as_str() {
                        "send" => Step::Send,
                        "copy" => Step::Copy,
                        "edit" => Step::Edit,
                        _ => Step::Review,
                    }
                }
                ("reviewed", _) => entry.reviewed = value,
                // What was shown beside a kept entry.
                ("kept", _) => {}
                _ => entry.strange.push(Strange::Unknown(name)),
            }
        }
        entry
    }

    fn text(&self, line: Option<&str>, field: Field) -> &str {
        self.fields.get(&(line.map(str::to_owned), field)).map_or("", String::as_str)
    }

    /// The reason's code that was chosen, or nothing.
    pub fn reason(&self, line: Option<&str>) -> &str {
        self.text(line, Field::Reason).trim()
    }

    /// Whether shipping is refunded, once that is chosen.
    pub fn shipping(&self, line: Option<&str>) -> Option<bool> {
        match self.text(line, Field::Shipping) {
            "yes" => Some(true),
            "no" => Some(false),
            _ => None,
        }
    }

    /// Whether the line is to be cancelled.
    pub fn chooses(&self, line: &str) -> bool {
        self.fields.contains_key(&(Some(line.to_owned()), Field::Chosen))
    }

    /// The lines to cancel, in the order's sequence; behind them those that the order does not have.
    pub fn chosen<'a>(&'a self, order: &'a Order) -> Vec<&'a str> {
        let own = order.lines.iter().map(|it| it.id.as_str()).filter(|it| self.chooses(it));
        let chosen = self.fields.keys().filter(|(_, field)| *field == Field::Chosen);
        let others = chosen.filter_map(|(line, _)| line.as_deref());
        own.chain(others.filter(|it| order.line(it).is_none())).collect()
    }

    /// Gives the reason of the first chosen line that has one to the others, where it is offered. Says
    /// whether there was one.
    pub fn copy_first(&mut self, desk: &Desk, reasons: &Reasons) -> bool {
        let order = desk.order();
        let chosen: Vec<&Line> = order.lines.iter().filter(|it| self.chooses(&it.id)).collect();
        let first = chosen.iter().map(|it| self.reason(Some(&it.id))).find(|it| !it.is_empty());
        let Some(first) = first.map(str::to_owned) else { return false };
        for line in chosen {
            if reasons.of(&line.status).iter().any(|it| it.code == first) {
                self.fields.insert((Some(line.id.clone()), Field::Reason), first.clone());
            }
        }
        true
    }

    /// What the form asks for. What is not chosen yet is left empty, and found by the rules or the form.
    pub fn action(&self, desk: &Desk, reasons: &Reasons) -> Action {
        let order = desk.order();
        let reason = |line: Option<&str>, status: &Status| {
            let code = self.reason(line);
            let offered = reasons.of(status).iter().find(|it| it.code == code);
            let unknown = || Reason { code: code.to_owned(), label: None };
            offered.cloned().unwrap_or_else(unknown)
        };
        match self.scope {
            Scope::Whole => Action::Cancel(Cancel {
                reason: reason(None, &order.status),
                shipping_refund: self.shipping(None).unwrap_or_default(),
            }),
            Scope::Lines => {
                let line = |id: &str| {
                    let line = order.line(id);
                    LineCancellation {
                        line_id: id.to_owned(),
                        offer_id: line.and_then(|it| it.offer_id.clone()).unwrap_or_default(),
                        reason: reason(Some(id), line.map_or(&order.status, |it| &it.status)),
                        shipping_refund: self.shipping(Some(id)).unwrap_or_default(),
                    }
                };
                let lines = self.chosen(order).into_iter().map(line).collect();
                Action::CancelLines(CancelLines { lines })
            }
        }
    }

    /// Every choice, to be carried by a page that does not show it as a form.
    pub fn hidden(&self) -> Vec<(String, String)> {
        let fields = self.fields.iter();
        let fields =
            fields.map(|((line, field), text)| (name(line.as_deref(), *field), text.clone()));
        let submission = ("submission".to_owned(), self.submission.to_string());
        std::iter::once(submission).chain(fields).collect()
    }

    /// All of it, to be shown where it cannot be taken up. Nothing, if nothing was chosen.
    pub fn kept(&self, desk: &Desk) -> Kept {
        let lang = desk.lang();
        let said = |line: Option<&str>| {
            let code = self.reason(line);
            let reason = Reason { code: code.chars().take(SHOWN).collect(), label: None };
            let reason = (!code.is_empty()).then(|| lang.cancellation_reason(&reason));
            (reason, self.shipping(line))
        };
        let mut fields = Vec::new();
        let mut keep = |label: String, text: String| fields.push((label, "kept".to_owned(), text));
        match self.scope {
            Scope::Whole => {
                let (reason, shipping) = said(None);
                if let Some(reason) = reason {
                    keep(lang.cancel_reason().to_owned(), reason);
                }
                if let Some(yes) = shipping {
                    let label = lang.cancel_shipping().to_owned();
                    keep(label, lang.cancel_yes_no(yes).to_owned());
                }
            }
            Scope::Lines => {
                for id in self.chosen(desk.order()) {
                    let (reason, shipping) = said(Some(id));
                    let shipping = shipping.map(|yes| {
                        let yes = lang.cancel_yes_no(yes);
                        format!("{}{}{yes}", lang.cancel_shipping(), lang.colon())
                    });
                    let said: Vec<String> = reason.into_iter().chain(shipping).collect();
                    keep(id.chars().take(SHOWN).collect(), said.join(", "));
                }
            }
        }
        let hidden = if fields.is_empty() { Vec::new() } else { self.hidden() };
        Kept { fields, hidden }
    }
}

/// So much of a text from outside is shown: nobody needs to read all of a hostile one.
pub const SHOWN: usize = 60;

/// The lines that can be cancelled now.
pub fn free_lines(desk: &Desk) -> impl Iterator<Item = &Line> {
    let free = |line: &&Line| cancel_lines::verdict(&desk.facts(), line).is_ok();
    desk.order().lines.iter().filter(free)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(scope: Scope, pairs: &[(&str, &str)]) -> Entry {
        let pairs = pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Entry::parse(scope, pairs.collect())
    }

    #[test]
    fn a_form_is_read_whatever_is_in_a_lines_identifier() {
        let id = "a].reason[b";
        let field = |field| name(Some(id), field);
        let entry = parse(
            Scope::Lines,
            &[
                (&field(Field::Chosen), "1"),
                (&field(Field::Reason), " damaged "),
                (&field(Field::Shipping), "no"),
                ("step", "send"),
            ],
        );
        assert!(entry.chooses(id));
        assert_eq!((entry.reason(Some(id)), entry.shipping(Some(id))), ("damaged", Some(false)));
        assert_eq!((entry.step, entry.strange), (Step::Send, Vec::new()));
    }

    #[test]
    fn what_is_strange_is_noted_and_the_rest_is_kept() {
        let entry = parse(
            Scope::Whole,
            &[
                ("reason", "damaged"),
                ("reason", "damaged"),
                ("shipping", "yes"),
                ("shipping", "no"),
                ("cancel", "1"),
                ("lines[A].reason", "damaged"),
                ("step", "dance"),
            ],
        );
        assert_eq!((entry.reason(None), entry.shipping(None)), ("damaged", Some(true)));
        assert_eq!(entry.step, Step::Review);
        assert!(!entry.known);
        assert_eq!(
            entry.strange,
            [
                Strange::Twice((None, Field::Shipping)),
                Strange::Unknown("cancel".to_owned()),
                Strange::Unknown("lines[A].reason".to_owned()),
            ]
        );
    }

    proptest::proptest! {
        #[test]
        fn what_was_read_is_carried_whole(fields in proptest::collection::vec(
            ("(lines\\[.{0,6}\\]\\.)?(cancel|reason|shipping|step|x)", ".{0,9}"), 0..30)) {
            for scope in [Scope::Whole, Scope::Lines] {
                let first = Entry::parse(scope, fields.clone());
                let second = Entry::parse(scope, first.hidden());
                proptest::prop_assert_eq!(first.fields, second.fields);
                proptest::prop_assert!(second.known && second.strange.is_empty());
            }
        }
    }
}
