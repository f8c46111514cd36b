//! What of an order speaks of its customer. One list, for who may not see it and for when its time is over, so
//! that the two cannot differ; spelled out field by field, so that a new field has to be decided upon.

use serde::Deserialize;
use serde::Serialize;

use crate::domain::action::Action;
use crate::domain::action::Gesture;
use crate::domain::action::Invoice;
use crate::domain::delivery::Refusal;
use crate::domain::event::Event;
use crate::domain::order::Order;
use crate::domain::order::Parcel;
use crate::domain::order::Status;
use crate::domain::request::Cancellation;
use crate::domain::request::GestureRequest;
use crate::domain::request::InvoiceImport;
use crate::domain::request::Request;

/// What kind of text somebody searched for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sought {
    /// A number, as orders, references and parcels have them.
    Number,
    /// An e-mail address.
    Email,
    /// A telephone number, as far as it is written like one.
    Phone,
    /// Words: somebody's name, a street.
    Words,
}

impl Sought {
    /// The kind of that text.
    pub fn of(text: &str) -> Self {
        let is_word = |it: &str| {
            it.chars().any(char::is_alphabetic) && !it.chars().any(|it| it.is_ascii_digit())
        };
        if text.contains('@') {
            Self::Email
        } else if is_phone(text) {
            Self::Phone
        } else if text.split_whitespace().any(is_word)
            || !text.contains(|it: char| it.is_ascii_digit())
        {
            Self::Words
        } else {
            Self::Number
        }
    }

    /// Whether it may stand in an address, where logs and histories keep it. What cannot be a number finds
    /// nothing anyway.
    pub const fn may_be_told(self) -> bool {
        match self {
            Self::Number => true,
            Self::Email | Self::Phone | Self::Words => false,
        }
    }
}

/// `+33612345678`, `06.12.34.56.78`, or `0612345678`, which may be a parcel's number too: it is looked for as one
/// first.
fn is_phone(text: &str) -> bool {
    let pairs: Vec<&str> = text.split([' ', '.', '-']).collect();
    let is_pair = |it: &&str| it.len() == 2 && it.bytes().all(|it| it.is_ascii_digit());
    let in_a_row = text.len() == 10 && text.bytes().all(|it| it.is_ascii_digit());
    text.starts_with('+')
        || (in_a_row && text.starts_with('0'))
        || (pairs.len() == 5 && text.starts_with('0') && pairs.iter().all(is_pair))
}

/// What stands for words that are left out.
pub const LEFT_OUT: &str = "…";

/// Whether an order of that status has ended, so that nobody needs the address any more. Not every carrier
/// reports a delivery, which is why a shipped order counts too.
pub const fn has_ended(status: &Status) -> bool {
    status.is_closed()
}

/// Leaves the customer out of an order.
pub fn strip_order(order: &mut Order) {
    let Order {
        id: _,
        reference: _,
        channel_id: _,
        channel_name: _,
        business: _,
        status: _,
        customer_reference,
        payment_method: _,
        created_at: _,
        updated_at: _,
        ship_by: _,
        amounts: _,
        billing,
        shipping,
        lines: _,
        parcels,
    } = order;
    *customer_reference = None;
    *billing = None;
    *shipping = None;
    parcels.iter_mut().for_each(strip_parcel);
}

/// The number stays, as the proof of the shipment; some carriers' links carry the postcode.
fn strip_parcel(parcel: &mut Parcel) {
    let Parcel { number: _, carrier: _, tracking_url, line_ids: _ } = parcel;
    *tracking_url = None;
}

/// Leaves out of an action what an operator may have written about the customer.
pub fn strip_action(action: &mut Action) {
    match action {
        // Reasons are words of the marketplace's own list.
        Action::Accept | Action::Refuse | Action::Cancel(_) | Action::CancelLines(_) => {}
        Action::Ship(ship) => ship.parcels.iter_mut().for_each(|it| it.tracking_url = None),
        Action::Gesture(gesture) => {
            let Gesture { reason: _, details, amount: _, currency: _ } = gesture;
            strip_text(details);
        }
        Action::Invoice(invoice) => {
            // What an operator calls the file is often the customer's name.
            let Invoice { file_name, format: _, size: _, sha256: _ } = invoice;
            LEFT_OUT.clone_into(file_name);
        }
    }
}

/// Leaves out of a request what was written about the customer, by whomever.
pub fn strip_request(request: &mut Request) {
    match request {
        Request::Cancellation(it) => {
            let Cancellation {
                id: _,
                standing: _,
                asked_by: _,
                reason: _,
                shipping_refund: _,
                lines: _,
                words,
                created_at: _,
            } = it;
            strip_words(words);
        }
        Request::Gesture(it) => {
            let GestureRequest {
                id: _,
                standing: _,
                reason: _,
                details,
                amount: _,
                currency: _,
                words,
                created_at: _,
            } = it;
            strip_text(details);
            strip_words(words);
        }
        Request::Invoice(it) => {
            let InvoiceImport { id: _, standing: _, file_name, replaced: _, words, created_at: _ } =
                it;
            strip_text(file_name);
            strip_words(words);
        }
    }
}

/// Leaves out what the marketplace said: it may repeat the customer's own words.
pub fn strip_refusal(refusal: &mut Refusal) {
    match refusal {
        Refusal::Marketplace { words } => LEFT_OUT.clone_into(words),
        Refusal::NoLongerPossible { status: _ }
        | Refusal::AlreadyDone
        | Refusal::NoLongerFits
        | Refusal::UnknownOrder
        | Refusal::NotAllowed => {}
    }
}

/// Leaves the customer out of what happened.
pub fn strip_event(event: &mut Event) {
    match event {
        Event::StatusChanged { .. }
        | Event::LineChanged { .. }
        | Event::DeadlineMoved { .. }
        | Event::ParcelSeen { .. }
        | Event::Decided { .. }
        | Event::Packed { .. }
        | Event::NoteWritten
        | Event::Assigned { .. }
        | Event::TakenOver { .. } => {}
        Event::Promised { action } => strip_action(action),
        Event::Delivery { state: _, refusal } => {
            if let Some(refusal) = refusal {
                strip_refusal(refusal);
            }
        }
        Event::RequestSeen { request } | Event::RequestDecided { request } => {
            strip_request(request);
        }
    }
}

fn strip_text(text: &mut Option<String>) {
    if let Some(text) = text {
        LEFT_OUT.clone_into(text);
    }
}

fn strip_words(words: &mut Vec<String>) {
    if !words.is_empty() {
        *words = vec![LEFT_OUT.to_owned()];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_numbers_may_be_told() {
        for (text, sought) in [
            ("2611190911QK4D", Sought::Number),
            ("6A 2193 8475 603", Sought::Number),
            ("CHANNEL-8", Sought::Number),
            ("A/1 ?", Sought::Number),
            ("0612345678", Sought::Phone),
            ("2612345678", Sought::Number),
            ("+33612345678", Sought::Phone),
            ("06 12 34 56 78", Sought::Phone),
            ("06.12.34.56.78", Sought::Phone),
            ("Quincampoix", Sought::Words),
            ("Sint-Jacobsnieuwstraat 142", Sought::Words),
            ("33000 Bordeaux", Sought::Words),
            ("?", Sought::Words),
            ("zelie75@example.test", Sought::Email),
        ] {
            assert_eq!(Sought::of(text), sought, "{text}");
            assert_eq!(sought.may_be_told(), sought == Sought::Number);
        }
    }

    #[test]
    fn what_is_stripped_twice_is_stripped_once() {
        let mut request = Request::Gesture(GestureRequest {
            id: "G-1".to_owned(),
            standing: crate::domain::request::Standing::Rejected,
            reason: Some("Other".to_owned()),
            details: Some("Mme Dupont called #ABC234".to_owned()),
            amount: None,
            currency: None,
            words: vec!["Dupont is unknown".to_owned(), "twice".to_owned()],
            created_at: None,
        });
        strip_request(&mut request);
        assert!(!format!("{request:?}").contains("Dupont"));
        assert_eq!(request.words(), [LEFT_OUT]);
        let once = request.clone();
        strip_request(&mut request);
        assert_eq!(request, once);
    }

    #[test]
    fn what_was_never_written_is_not_marked_as_left_out() {
        let mut request = Request::Invoice(InvoiceImport {
            id: "I-1".to_owned(),
            standing: crate::domain::request::Standing::Done,
            file_name: None,
            replaced: false,
            words: Vec::new(),
            created_at: None,
        });
        let before = request.clone();
        strip_request(&mut request);
        assert_eq!(request, before);
    }
}
