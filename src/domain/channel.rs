//! What a sales channel allows.

/// Cdiscount's identifier (`octopia-contract` 9.7).
pub const CDISCOUNT: &str = "CDISFR";

/// A sales channel of the network, and what is known of its rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Channel {
    /// The marketplace's identifier.
    pub id: String,
    /// The marketplace's words.
    pub name: String,
    /// What it allows.
    pub rules: Rules,
}

/// What a channel allows. No public source names the API's fields for these (`octopia-contract` 7), so
/// Cdiscount's come from the documents and the others' from the deployer's settings; what nobody stated
/// is forbidden, because a wrong "yes" is refused by the marketplace after the carrier has left.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[expect(clippy::struct_excessive_bools, reason = "independent facts about a channel")]
pub struct Rules {
    /// Orders wait for the seller's yes or no.
    pub acceptance: bool,
    /// Some lines now, the others later.
    pub partial_shipment: bool,
    /// An order may travel in several parcels.
    pub several_parcels: bool,
    /// One line may travel in several parcels.
    pub line_in_several_parcels: bool,
    /// A line may be shipped although its customer has asked to cancel it.
    pub ships_cancel_requests: bool,
    /// Some lines may be cancelled, and the others stay.
    pub partial_cancellation: bool,
    /// Customers can be given money; none if it has to be asked of the marketplace each time.
    pub gestures: Option<bool>,
    /// Customers can be given invoices.
    pub invoices: bool,
}

impl Rules {
    /// Cdiscount: approval, "one parcel per complete order" (orders-management, "Ship"), lines whose customer
    /// asked for a cancellation may be shipped (changelog "Cdiscount now supports shipping `CancelRequest`
    /// lines"), invoices since May 2026. No public page says that lines can be cancelled one by one.
    pub const CDISCOUNT: Self = Self {
        acceptance: true,
        partial_shipment: false,
        several_parcels: false,
        line_in_several_parcels: false,
        ships_cancel_requests: true,
        partial_cancellation: false,
        gestures: None,
        invoices: true,
    };

    /// What is known of a channel that nobody described.
    pub fn documented(channel_id: &str) -> Self {
        if channel_id == CDISCOUNT { Self::CDISCOUNT } else { Self::default() }
    }
}
