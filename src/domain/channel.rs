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
}

impl Rules {
    /// Cdiscount: approval, and "one parcel per complete order" (orders-management, "Ship").
    pub const CDISCOUNT: Self = Self {
        acceptance: true,
        partial_shipment: false,
        several_parcels: false,
        line_in_several_parcels: false,
    };

    /// What is known of a channel that nobody described.
    pub fn documented(channel_id: &str) -> Self {
        if channel_id == CDISCOUNT { Self::CDISCOUNT } else { Self::default() }
    }
}
