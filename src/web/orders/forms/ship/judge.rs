//! What is wrong with an entry, and what is merely odd.

use sqlx::PgConnection;

use crate::db;
use crate::domain::action::Misfit;
use crate::domain::action::Ship;
use crate::domain::order::Line;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::tracking_link;
use crate::domain::tracking_link::Doubt;
use crate::web::components::FormErrors;
use crate::web::error::Result;
use crate::web::orders::Desk;
use crate::web::orders::forms::ship::entry::Entry;
use crate::web::orders::forms::ship::entry::OTHER;
use crate::web::orders::forms::ship::entry::Strange;
use crate::web::text::Lang;

/// Tracking numbers of real carriers are within these lengths.
const PLAUSIBLE_LENGTH: std::ops::RangeInclusive<usize> = 6..=40;

/// Something to think about before sending. Parcels are counted from 0.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Warning {
    /// The customer may not find the parcel.
    LinkWithoutNumber(usize, String),
    /// The customer cannot open the link.
    PrivateHost(usize, String),
    /// Other orders of the account have a parcel of that number.
    NumberUsed(usize, String, Vec<String>),
    /// It is the number of the order itself: the wrong label was scanned.
    OwnNumber(usize, String),
    /// The number is shorter or longer than any carrier's.
    OddLength(usize, String),
    /// The customer has asked to cancel that line.
    CancelAsked(usize, String),
}

impl Warning {
    /// What a confirmation of exactly this warning says: another number or link is another warning.
    pub fn key(&self) -> String {
        match self {
            Self::LinkWithoutNumber(_, value) => format!("link-without-number {value}"),
            Self::PrivateHost(_, url) => format!("private-host {url}"),
            Self::NumberUsed(_, number, orders) => {
                format!("number-used {number} {}", orders.join(" "))
            }
            Self::OwnNumber(_, number) => format!("own-number {number}"),
            Self::OddLength(_, number) => format!("odd-length {number}"),
            Self::CancelAsked(_, line) => cancel_asked(line),
        }
    }
}

/// What says that the customer's wish to cancel the line was read: the form that shows it says so itself,
/// one that was drawn before the wish does not.
pub fn cancel_asked(line: &str) -> String {
    format!("cancel-asked {line}")
}

/// What to ask about before these parcels are declared.
pub async fn warnings(conn: &mut PgConnection, desk: &Desk, ship: &Ship) -> Result<Vec<Warning>> {
    let mut used = Vec::with_capacity(ship.parcels.len());
    for parcel in &ship.parcels {
        let (number, order_id) = (&parcel.number, &desk.order().id);
        used.push(db::orders::with_parcel(conn, &desk.account, number, order_id).await?);
    }
    Ok(doubts(desk.order(), ship, &used))
}

/// The same, where it is known which other orders have a parcel of the same number as each of these.
pub fn doubts(order: &Order, ship: &Ship, used: &[Vec<String>]) -> Vec<Warning> {
    let mut warnings = Vec::new();
    let wishes = |line: &&Line| line.status == Status::CancelRequest;
    let wishes: Vec<&Line> = order.lines.iter().filter(wishes).collect();
    for (index, parcel) in ship.parcels.iter().enumerate() {
        let number = parcel.number.clone();
        let orders = used.get(index).cloned().unwrap_or_default();
        if !orders.is_empty() {
            warnings.push(Warning::NumberUsed(index, number.clone(), orders));
        }
        let own = [Some(&order.id), order.reference.as_ref()];
        if own.into_iter().flatten().any(|it| it.eq_ignore_ascii_case(&number)) {
            warnings.push(Warning::OwnNumber(index, number.clone()));
        }
        if !PLAUSIBLE_LENGTH.contains(&number.chars().count()) {
            warnings.push(Warning::OddLength(index, number.clone()));
        }
        let asked = wishes.iter().filter(|line| parcel.line_ids.contains(&line.id));
        warnings.extend(asked.map(|line| Warning::CancelAsked(index, line.id.clone())));
        let Some(url) = &parcel.tracking_url else { continue };
        let Ok(link) = tracking_link::check(url) else { continue };
        for doubt in tracking_link::doubts(&link, &number) {
            warnings.push(match doubt {
                Doubt::NumberMissing => {
                    Warning::LinkWithoutNumber(index, format!("{url} {number}"))
                }
                Doubt::PrivateHost => Warning::PrivateHost(index, url.clone()),
            });
        }
    }
    warnings
}

/// What is wrong, at the fields, in their order.
pub fn errors(lang: Lang, entry: &Entry, known_form: bool, misfits: &[Misfit]) -> FormErrors {
    let several = entry.parcels.len() > 1;
    let mut found: Vec<(usize, usize, String, String)> = Vec::new();
    let mut add = |parcel: usize, field: &str, text: String| {
        let order = ["carrier", "other", "number", "url", "lines"];
        let place = order.iter().position(|it| *it == field).unwrap_or(order.len());
        let text = if several { lang.ship_of_parcel(parcel + 1, &text) } else { text };
        found.push((parcel, place, format!("p{}-{field}", parcel + 1), text));
    };
    for misfit in misfits {
        let (parcel, field) = place(entry, misfit);
        add(parcel, field, lang.misfit(misfit));
    }
    for (index, typed) in entry.parcels.iter().enumerate() {
        let listed = !typed.carrier.trim().is_empty() && typed.carrier != OTHER;
        if listed && !typed.other.trim().is_empty() {
            add(index, "other", lang.ship_two_carriers().to_owned());
        }
    }
    let mut general = Vec::new();
    for strange in &entry.strange {
        match strange {
            Strange::Twice(index, field) => add(*index, field, lang.ship_field_twice().to_owned()),
            Strange::TooMany => general.push(lang.ship_too_many_parcels().to_owned()),
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
    found.sort_by_key(|(parcel, place, ..)| (*parcel, *place));
    let mut errors = FormErrors::default();
    for (_, _, field, text) in found {
        errors.add(field, text);
    }
    for text in general {
        errors.add("send", text);
    }
    errors
}

/// The parcel and the field that a misfit is about.
fn place(entry: &Entry, misfit: &Misfit) -> (usize, &'static str) {
    match misfit {
        Misfit::OneParcelOnly => (1, "carrier"),
        Misfit::CarrierMissing(index) | Misfit::CarrierTooLong(index) => {
            let other = entry.parcels.get(*index).is_some_and(super::entry::Typed::names_other);
            (*index, if other { "other" } else { "carrier" })
        }
        Misfit::NumberMissing(index)
        | Misfit::NumberTooLong(index)
        | Misfit::NumberTwice(index) => (*index, "number"),
        Misfit::Link(index, _) => (*index, "url"),
        Misfit::EmptyParcel(index) => (*index, "lines"),
        Misfit::LineNotToShip { parcel, .. } | Misfit::LineInSeveralParcels { parcel, .. } => {
            (*parcel, "lines")
        }
        // What is not about shipping never comes here.
        Misfit::NoParcel
        | Misfit::LineLeftOut(_)
        | Misfit::ReasonMissing(_)
        | Misfit::ReasonGone { .. }
        | Misfit::NoLine
        | Misfit::LineNotToCancel(_)
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
        | Misfit::FileTooLarge(_) => (0, "lines"),
    }
}
