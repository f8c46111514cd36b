//! What is wrong with an entry, at its fields, in their order.

use crate::domain::action::Misfit;
use crate::domain::action::cancel_lines;
use crate::web::components::FormErrors;
use crate::web::orders::Desk;
use crate::web::orders::forms::cancel::Scope;
use crate::web::orders::forms::cancel::entry::Entry;
use crate::web::orders::forms::cancel::entry::Field;
use crate::web::orders::forms::cancel::entry::SHOWN;
use crate::web::orders::forms::cancel::entry::Strange;

/// The `id` of the control of a field. Lines are counted from 1: anything may be in their identifiers.
pub fn control(line: Option<usize>, field: Field) -> String {
    let word = match field {
        Field::Chosen => "line",
        Field::Reason => "reason",
        Field::Shipping => "shipping",
    };
    line.map_or_else(|| word.to_owned(), |number| format!("{word}-{number}"))
}

/// What the rules and the form find wrong.
pub fn errors(desk: &Desk, entry: &Entry, misfits: &[Misfit]) -> FormErrors {
    let lang = desk.lang();
    let mut found = Found { desk, at_fields: Vec::new(), general: Vec::new() };
    for misfit in misfits {
        match misfit {
            Misfit::LineNotToCancel(line) => {
                let text = lang.cancel_line_gone(short(line));
                found.add(Some(line), Field::Chosen, text);
            }
            Misfit::ReasonMissing(line) => {
                found.add(line.as_deref(), Field::Reason, found.words(misfit));
            }
            Misfit::ReasonGone { line, reason } => {
                let mut reason = reason.clone();
                reason.code = short(&reason.code);
                let told = Misfit::ReasonGone { line: line.clone(), reason };
                found.add(line.as_deref(), Field::Reason, found.words(&told));
            }
            Misfit::NoLine
            // The rest is of other forms.
            | Misfit::NoParcel
            | Misfit::OneParcelOnly
            | Misfit::CarrierMissing(_)
            | Misfit::CarrierTooLong(_)
            | Misfit::NumberMissing(_)
            | Misfit::NumberTooLong(_)
            | Misfit::NumberTwice(_)
            | Misfit::Link(..)
            | Misfit::EmptyParcel(_)
            | Misfit::LineNotToShip { .. }
            | Misfit::LineInSeveralParcels { .. }
            | Misfit::LineLeftOut(_)
            | Misfit::DetailsMissing
            | Misfit::DetailsTooLong
            | Misfit::AmountMissing
            | Misfit::AmountTooFine
            | Misfit::AmountOver(_)
        | Misfit::OverCeiling(_)
        | Misfit::OverDay { .. }
            | Misfit::GesturesClosed
            | Misfit::CurrencyChanged(_)
            | Misfit::GestureAlready { .. }
            | Misfit::FileEmpty
            | Misfit::FileTooLarge(_) => {
                found.add(None, Field::Chosen, found.words(misfit));
            }
        }
    }
    shipping(&mut found, desk, entry);
    for strange in &entry.strange {
        match strange {
            Strange::Twice((line, field)) => {
                found.add(line.as_deref(), *field, lang.ship_field_twice().to_owned());
            }
            Strange::Unknown(name) => found.general.push(lang.form_unknown_field(short(name))),
        }
    }
    if !entry.known {
        found.general.push(lang.form_outdated().to_owned());
    }
    found.sorted()
}

/// Whether shipping is refunded is a yes or a no to the rules: only the form knows that nobody chose.
fn shipping(found: &mut Found<'_>, desk: &Desk, entry: &Entry) {
    let lang = desk.lang();
    match entry.scope {
        Scope::Whole if entry.shipping(None).is_none() => {
            found.add(None, Field::Shipping, lang.cancel_shipping_missing().to_owned());
        }
        Scope::Whole => {}
        Scope::Lines => {
            for line in &desk.order().lines {
                let free = cancel_lines::verdict(&desk.facts(), line).is_ok();
                let (id, chosen) = (line.id.as_str(), entry.chooses(&line.id));
                if free && chosen && entry.shipping(Some(id)).is_none() {
                    found.add(Some(id), Field::Shipping, lang.cancel_shipping_missing_for(id));
                }
            }
        }
    }
}

struct Found<'a> {
    desk: &'a Desk,
    at_fields: Vec<(usize, Field, String, String)>,
    general: Vec<String>,
}

impl Found<'_> {
    fn words(&self, misfit: &Misfit) -> String {
        let order = self.desk.order();
        let at = |at| self.desk.reader.clock(at).text;
        self.desk.lang().misfit_later(misfit, &order.amounts.currency, at)
    }

    fn add(&mut self, line: Option<&str>, field: Field, text: String) {
        let place = |id| self.desk.order().lines.iter().position(|it| it.id == id);
        let (number, control) = match (line.map(place), field) {
            (Some(Some(index)), _) => (index + 1, control(Some(index + 1), field)),
            // Lines that the order does not have, and what is about all of them.
            (Some(None), _) | (None, Field::Chosen) => (0, "lines".to_owned()),
            (None, Field::Reason | Field::Shipping) => (0, control(None, field)),
        };
        self.at_fields.push((number, field, control, text));
    }

    fn sorted(mut self) -> FormErrors {
        self.at_fields.sort_by_key(|(number, field, ..)| (*number, *field));
        let mut errors = FormErrors::default();
        for (_, _, control, text) in self.at_fields {
            errors.add(control, text);
        }
        for text in self.general {
            errors.add("send", text);
        }
        errors
    }
}

fn short(text: &str) -> String {
    text.chars().take(SHOWN).collect()
}
