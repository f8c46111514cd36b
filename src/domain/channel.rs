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

/// A rule that somebody can state. Gestures are not among them: those the marketplace is asked about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rule {
    /// [`Rules::acceptance`]
    Acceptance,
    /// [`Rules::partial_shipment`]
    PartialShipment,
    /// [`Rules::several_parcels`]
    SeveralParcels,
    /// [`Rules::line_in_several_parcels`]
    LineInSeveralParcels,
    /// [`Rules::ships_cancel_requests`]
    ShipsCancelRequests,
    /// [`Rules::partial_cancellation`]
    PartialCancellation,
    /// [`Rules::invoices`]
    Invoices,
}

/// How something about a channel is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// By the marketplace's documents.
    Documented,
    /// By its answer.
    Observed,
    /// By the deployer's file.
    File,
    /// By an admin.
    Hand,
    /// It is not: then it is forbidden.
    Unknown,
}

impl Rule {
    /// Every rule, in the order of the pages.
    pub const ALL: [Self; 7] = [
        Self::Acceptance,
        Self::PartialShipment,
        Self::SeveralParcels,
        Self::LineInSeveralParcels,
        Self::ShipsCancelRequests,
        Self::PartialCancellation,
        Self::Invoices,
    ];

    /// The word in forms, in the accounts file and in the audit.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Acceptance => "acceptance",
            Self::PartialShipment => "partial_shipment",
            Self::SeveralParcels => "several_parcels",
            Self::LineInSeveralParcels => "line_in_several_parcels",
            Self::ShipsCancelRequests => "ships_cancel_requests",
            Self::PartialCancellation => "partial_cancellation",
            Self::Invoices => "invoices",
        }
    }

    /// What it says there.
    pub const fn of(self, rules: Rules) -> bool {
        match self {
            Self::Acceptance => rules.acceptance,
            Self::PartialShipment => rules.partial_shipment,
            Self::SeveralParcels => rules.several_parcels,
            Self::LineInSeveralParcels => rules.line_in_several_parcels,
            Self::ShipsCancelRequests => rules.ships_cancel_requests,
            Self::PartialCancellation => rules.partial_cancellation,
            Self::Invoices => rules.invoices,
        }
    }

    /// How it is known of that channel. A file that says what the documents say, or that something unknown is
    /// forbidden, adds nothing to them.
    pub fn origin(self, channel: &Channel, set_by_hand: bool) -> Origin {
        if set_by_hand {
            Origin::Hand
        } else if self.of(channel.rules) != self.of(Rules::documented(&channel.id)) {
            Origin::File
        } else if channel.id == CDISCOUNT && self.is_documented() {
            Origin::Documented
        } else {
            Origin::Unknown
        }
    }

    /// Whether the documents speak of it for Cdiscount (see [`Rules::CDISCOUNT`]).
    const fn is_documented(self) -> bool {
        match self {
            Self::Acceptance
            | Self::PartialShipment
            | Self::SeveralParcels
            | Self::LineInSeveralParcels
            | Self::ShipsCancelRequests
            | Self::Invoices => true,
            Self::PartialCancellation => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_rule_tells_how_it_is_known() {
        let channel = |id: &str, rules| Channel { id: id.to_owned(), name: id.to_owned(), rules };
        let cdiscount = channel(CDISCOUNT, Rules::CDISCOUNT);
        assert_eq!(Rule::Acceptance.origin(&cdiscount, false), Origin::Documented);
        // No public page says that lines can be cancelled one by one.
        assert_eq!(Rule::PartialCancellation.origin(&cdiscount, false), Origin::Unknown);
        let rules = Rules { invoices: true, ..Rules::default() };
        let other = channel("WRTES", rules);
        assert_eq!(Rule::Invoices.origin(&other, false), Origin::File);
        assert_eq!(Rule::Acceptance.origin(&other, false), Origin::Unknown);
        assert!(Rule::ALL.into_iter().all(|it| it.origin(&other, true) == Origin::Hand));
    }
}
