//! What is wrong with an entry.

use crate::domain::action::Misfit;
use crate::domain::action::gesture::Limits;
use crate::web::components::FormErrors;
use crate::web::orders::Desk;
use crate::web::orders::forms::gesture::amount;
use crate::web::orders::forms::gesture::amount::Mistake;
use crate::web::orders::forms::gesture::entry::Entry;
use crate::web::orders::forms::gesture::entry::Strange;

/// The fields, in the order of the page.
const FIELDS: [&str; 3] = ["reason", "details", "amount"];

/// What is wrong, at the fields, in their order. `mistake` is why the amount could not be read.
pub fn errors(
    desk: &Desk,
    entry: &Entry,
    limits: &Limits,
    known_form: bool,
    (mistake, misfits): (Option<Mistake>, &[Misfit]),
) -> FormErrors {
    let lang = desk.lang();
    let mut found: Vec<(&'static str, String)> = Vec::new();
    let mut general = Vec::new();
    let words = |misfit: &Misfit| {
        lang.misfit_later(misfit, &limits.currency, |at| desk.reader.day_time(at).text)
    };
    if let Some(mistake) = mistake {
        let symbol = amount::symbol(&limits.currency);
        found.push((
            "amount",
            match mistake {
                Mistake::Missing | Mistake::Negative => words(&Misfit::AmountMissing),
                Mistake::TooFine => words(&Misfit::AmountTooFine),
                Mistake::TooLarge => words(&Misfit::AmountOver(limits.remaining)),
                Mistake::Ambiguous => lang.gesture_amount_ambiguous().to_owned(),
                Mistake::Unreadable => lang.gesture_amount_unreadable(symbol),
            },
        ));
    }
    for misfit in misfits {
        match place(misfit) {
            // An amount that could not be read is none: one mistake is enough.
            Some("amount") if mistake.is_some() => {}
            Some(field) => found.push((field, words(misfit))),
            None => general.push(words(misfit)),
        }
    }
    for strange in &entry.strange {
        match strange {
            Strange::Twice(field) if FIELDS.contains(field) => {
                found.push((field, lang.ship_field_twice().to_owned()));
            }
            Strange::Twice(_) => general.push(lang.form_outdated().to_owned()),
            // Only the beginning: nobody needs to read all of a hostile name.
            Strange::Unknown(name) => {
                let name: String = name.chars().take(40).collect();
                general.push(lang.form_unknown_field(name));
            }
        }
    }
    if !known_form {
        general.push(lang.form_outdated().to_owned());
    }
    general.dedup();
    found.sort_by_key(|(field, _)| FIELDS.iter().position(|it| it == field));
    let mut errors = FormErrors::default();
    for (field, text) in found {
        errors.add(field, text);
    }
    for text in general {
        errors.add("send", text);
    }
    errors
}

/// The field that a misfit is about; none, if it is about none.
const fn place(misfit: &Misfit) -> Option<&'static str> {
    match misfit {
        Misfit::ReasonMissing(_) | Misfit::ReasonGone { .. } => Some("reason"),
        Misfit::DetailsMissing | Misfit::DetailsTooLong => Some("details"),
        Misfit::AmountMissing
        | Misfit::AmountTooFine
        | Misfit::AmountOver(_)
        | Misfit::OverCeiling(_)
        | Misfit::OverDay { .. }
        | Misfit::CurrencyChanged(_)
        | Misfit::GestureAlready { .. } => Some("amount"),
        Misfit::GesturesClosed
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
        | Misfit::NoLine
        | Misfit::LineNotToCancel(_)
        | Misfit::FileEmpty
        | Misfit::FileTooLarge(_) => None,
    }
}
