//! What a status is called elsewhere: in Lengow, and in Cdiscount's former API. For people who come from
//! there and look for their own words.
//!
//! Lengow's words are from its page "Cdiscount (Octopia) - Orders management", the former ones from its
//! page on the channel that this one replaced.

use crate::domain::order::Status;

/// Lengow's word for a status. It names none for `CancelRequest`, nor for what we do not know.
pub const fn lengow(status: &Status) -> Option<&'static str> {
    match status {
        Status::Processing => Some("new"),
        Status::WaitingAcceptance => Some("waiting_acceptance"),
        Status::Accepted => Some("accepted"),
        Status::InPreparation => Some("waiting_shipment"),
        Status::Shipped | Status::Delivered => Some("shipped"),
        Status::Refused | Status::Rejected => Some("canceled"),
        Status::Cancelled => Some("refunded"),
        Status::CancelRequest | Status::Other(_) => None,
    }
}

/// A word of Cdiscount's former API.
#[derive(Debug, PartialEq, Eq)]
pub struct Legacy {
    /// The word.
    pub word: &'static str,
    /// What it is today.
    pub today: Today,
}

/// What became of a former status.
#[derive(Debug, PartialEq, Eq)]
pub enum Today {
    /// The same under another name.
    Same(Status),
    /// The status that such an order has today, which says less.
    Nearest(Status, Detail),
    /// Such an order is never seen.
    Gone(Absence),
}

/// What the former word said beyond the status of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// That the payment was checked.
    PaymentChecked,
    /// That the payment failed.
    PaymentFailed,
    /// That the customer had fetched it in a store.
    FetchedInStore,
    /// That the seller had not answered in time.
    NoAnswer,
    /// Who ended the order, or why.
    WhoEndedIt,
}

/// Why such an order is never seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Absence {
    /// It was over before its payment, and orders are shown after all controls (order-feature, "Order
    /// Lifecycle").
    BeforePayment,
    /// It was over before the seller was told.
    BeforeNotification,
}

/// Every former word, in alphabetical order.
pub static LEGACY: [Legacy; 17] = [
    same("AcceptedBySeller", Status::Accepted),
    nearest("AutomaticCancellation", Status::Cancelled, Detail::NoAnswer),
    same("CancellationRequestPending", Status::CancelRequest),
    gone("CancelledBeforeNotificationByCustomer", Absence::BeforeNotification),
    gone("CancelledBeforePaymentByCustomer", Absence::BeforePayment),
    nearest("CancelledByCustomer", Status::Cancelled, Detail::WhoEndedIt),
    nearest("NonPickedUpByCustomer", Status::Cancelled, Detail::WhoEndedIt),
    nearest("PaymentRefused", Status::Rejected, Detail::PaymentFailed),
    nearest("PickedUp", Status::Delivered, Detail::FetchedInStore),
    same("RefusedBySeller", Status::Refused),
    nearest("RefusedNoShipment", Status::Cancelled, Detail::WhoEndedIt),
    nearest("ShipmentRefusedBySeller", Status::Cancelled, Detail::WhoEndedIt),
    same("Shipped", Status::Shipped),
    same("ShippedBySeller", Status::Shipped),
    nearest("ValidatedFianet", Status::Accepted, Detail::PaymentChecked),
    same("WaitingForSellerAcceptation", Status::WaitingAcceptance),
    same("WaitingForShipmentAcceptation", Status::InPreparation),
];

const fn same(word: &'static str, status: Status) -> Legacy {
    Legacy { word, today: Today::Same(status) }
}

const fn nearest(word: &'static str, status: Status, detail: Detail) -> Legacy {
    Legacy { word, today: Today::Nearest(status, detail) }
}

const fn gone(word: &'static str, absence: Absence) -> Legacy {
    Legacy { word, today: Today::Gone(absence) }
}

impl Legacy {
    /// The status of today, if there is one.
    pub const fn status(&self) -> Option<&Status> {
        match &self.today {
            Today::Same(status) | Today::Nearest(status, _) => Some(status),
            Today::Gone(_) => None,
        }
    }
}

/// The former words that such an order may have had.
pub fn legacy(status: &Status) -> impl Iterator<Item = &'static str> {
    LEGACY.iter().filter(move |it| it.status() == Some(status)).map(|it| it.word)
}

/// An action of Lengow's, and ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LengowAction {
    /// Accept an order.
    Accept,
    /// Say no to an order that waits for acceptance.
    Refuse,
    /// Declare a shipment.
    Ship,
    /// End an order that was accepted, and give the money back: Octopia's "cancellation".
    Refund,
    /// No longer there on this channel.
    Cancel,
}

impl LengowAction {
    /// Every one, in Lengow's order.
    pub const ALL: [Self; 5] = [Self::Accept, Self::Refuse, Self::Ship, Self::Refund, Self::Cancel];

    /// Lengow's word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Accept => "Accept",
            Self::Refuse => "Refuse",
            Self::Ship => "Ship",
            Self::Refund => "Refund",
            Self::Cancel => "Cancel",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The statuses of Lengow's page on Cdiscount (Octopia), each with the marketplace's words beside it.
    const LENGOW_PAGE: [(&str, &[&str]); 7] = [
        ("new", &["Processing"]),
        ("waiting_acceptance", &["WaitingAcceptance"]),
        ("accepted", &["Accepted"]),
        ("waiting_shipment", &["InPreparation"]),
        ("shipped", &["Shipped", "Delivered"]),
        ("canceled", &["Refused", "Rejected"]),
        ("refunded", &["Cancelled"]),
    ];

    /// The statuses of Lengow's page on the former Cdiscount channel, in its order.
    const LEGACY_PAGE: [&str; 17] = [
        "WaitingForSellerAcceptation",
        "AcceptedBySeller",
        "ValidatedFianet",
        "WaitingForShipmentAcceptation",
        "Shipped",
        "ShippedBySeller",
        "PickedUp",
        "PaymentRefused",
        "AutomaticCancellation",
        "ShipmentRefusedBySeller",
        "CancelledByCustomer",
        "RefusedNoShipment",
        "CancelledBeforePaymentByCustomer",
        "CancelledBeforeNotificationByCustomer",
        "CancellationRequestPending",
        "NonPickedUpByCustomer",
        "RefusedBySeller",
    ];

    #[test]
    fn every_word_of_lengow_stands_for_the_statuses_of_its_page() {
        for (word, statuses) in LENGOW_PAGE {
            let ours = Status::KNOWN.into_iter().filter(|it| lengow(it) == Some(word));
            let ours: Vec<_> = ours.map(|it| it.as_str().to_owned()).collect();
            assert_eq!(ours, statuses, "{word}");
        }
        let without: Vec<_> = Status::KNOWN.into_iter().filter(|it| lengow(it).is_none()).collect();
        assert_eq!(without, [Status::CancelRequest]);
    }

    #[test]
    fn every_former_word_has_one_row_and_no_row_is_ours_alone() {
        let mut page = LEGACY_PAGE;
        page.sort_unstable();
        let rows: Vec<_> = LEGACY.iter().map(|it| it.word).collect();
        assert_eq!(rows, page, "in alphabetical order");
    }

    #[test]
    fn former_words_stand_for_statuses_that_are_known() {
        for row in &LEGACY {
            let known = row.status().is_none_or(|it| Status::KNOWN.contains(it));
            assert!(known, "{}", row.word);
        }
        let cancelled: Vec<_> = legacy(&Status::Cancelled).collect();
        assert_eq!(cancelled.len(), 5, "{cancelled:?}");
    }
}
