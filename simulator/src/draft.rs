//! Orders to measure, for tests.

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::channels::CDISCOUNT;
use crate::channels::Channel;
use crate::channels::channel;
use crate::generate;
use crate::life;
use crate::model::Order;
use crate::model::Parcel;
use crate::model::Party;
use crate::model::Status;
use crate::model::SupplyMode;
use crate::state::Market;

/// An order to be added with [`Simulator::add`](crate::Simulator::add); what is not said is made
/// up like any other order: one line, supply mode `Seller`, Cdiscount, bought two hours ago.
#[derive(Clone, Debug)]
pub struct OrderDraft {
    seller: String,
    status: Status,
    channel: &'static Channel,
    lines: usize,
    modes: Vec<SupplyMode>,
    created_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    ship_by: Option<Timestamp>,
    #[expect(clippy::option_option, reason = "not said, or said to be absent")]
    reference: Option<Option<String>>,
    id: Option<String>,
    parcel: Option<Parcel>,
    asked_by: Option<Party>,
}

impl OrderDraft {
    /// An order in preparation for the seller with this short name.
    pub fn new(seller: &str) -> Self {
        Self {
            seller: seller.to_owned(),
            status: Status::InPreparation,
            channel: &CDISCOUNT,
            lines: 1,
            modes: vec![SupplyMode::Seller],
            created_at: None,
            updated_at: None,
            ship_by: None,
            reference: None,
            id: None,
            parcel: None,
            asked_by: None,
        }
    }

    /// The status in the documents' words. `CancelRequest` gives an order in preparation whose
    /// lines wait for a decision on the customer's wish.
    ///
    /// # Panics
    /// When there is no such status.
    #[must_use]
    pub fn status(mut self, status: &str) -> Self {
        self.status = status.parse().expect("a status of the documents");
        self
    }

    /// The sales channel's id.
    ///
    /// # Panics
    /// When there is no such channel.
    #[must_use]
    pub fn channel(mut self, id: &str) -> Self {
        self.channel = channel(id).expect("a channel of the simulated network");
        self
    }

    /// How many lines.
    #[must_use]
    pub fn lines(mut self, lines: usize) -> Self {
        self.lines = lines.max(1);
        self
    }

    /// The supply mode of every line, or of the first, second, … with commas: `Seller,Xdock`.
    ///
    /// # Panics
    /// When there is no such mode.
    #[must_use]
    pub fn supply_mode(mut self, modes: &str) -> Self {
        let read = |mode: &str| mode.trim().parse().expect("a supply mode of the documents");
        self.modes = modes.split(',').map(read).collect();
        self
    }

    /// The latest shipping date.
    #[must_use]
    pub fn ship_by(mut self, at: Timestamp) -> Self {
        self.ship_by = Some(at);
        self
    }

    /// When it was bought.
    #[must_use]
    pub fn created_at(mut self, at: Timestamp) -> Self {
        self.created_at = Some(at);
        self
    }

    /// The last change; just now if not said.
    #[must_use]
    pub fn updated_at(mut self, at: Timestamp) -> Self {
        self.updated_at = Some(at);
        self
    }

    /// The sales channel's own reference, or none.
    #[must_use]
    pub fn reference(mut self, reference: Option<&str>) -> Self {
        self.reference = Some(reference.map(str::to_owned));
        self
    }

    /// The order's id; another is made up if it is taken.
    #[must_use]
    pub fn id(mut self, id: &str) -> Self {
        self.id = Some(id.to_owned());
        self
    }

    /// The one parcel of an order that is shipped.
    #[must_use]
    pub fn parcel(mut self, carrier: &str, number: &str) -> Self {
        let (carrier, number) = (carrier.to_owned(), number.to_owned());
        self.parcel = Some(Parcel { number, carrier, url: None });
        self
    }

    /// Who asked for the cancellation, with the status `CancelRequest`; the customer if not said.
    #[must_use]
    pub fn asked_by(mut self, party: Party) -> Self {
        self.asked_by = Some(party);
        self
    }
}

impl Market {
    /// Takes in a drafted order; `None` when there is no such seller.
    pub(crate) fn add(&mut self, draft: &OrderDraft) -> Option<String> {
        let now = self.now();
        let seller_index = self.seller_index(&draft.seller)?;
        let mut rng = generate::stream(self.seed, self.orders.len() as u64 | 1 << 40);
        let created_at = draft.created_at.unwrap_or(now - SignedDuration::from_hours(2));
        let mut order = generate::build(self, seller_index, draft.channel, created_at, &mut rng);
        order.lines.truncate(draft.lines);
        while order.lines.len() < draft.lines {
            generate::add_line(&mut order, &mut rng);
        }
        life::live(&mut order, draft.status, now, 8, &mut rng);
        dress(&mut order, draft);
        // It has just appeared, so that a client that looks for changes finds it.
        order.updated_at = draft.updated_at.unwrap_or(now);
        let slot = self.insert(order);
        self.note_wish(slot, now);
        self.plan_next(slot, now);
        Some(self.orders[slot].id.clone())
    }
}

fn dress(order: &mut Order, draft: &OrderDraft) {
    for (index, line) in order.lines.iter_mut().enumerate() {
        line.supply_mode = draft.modes[index.min(draft.modes.len() - 1)];
        if let (Some(party), Some(_)) = (draft.asked_by, line.cancel_asked_by) {
            line.cancel_asked_by = Some(party);
        }
        if let (Some(parcel), false) = (&draft.parcel, line.parcels.is_empty()) {
            line.parcels = vec![parcel.clone()];
        }
    }
    order.ship_by = draft.ship_by.unwrap_or(order.ship_by);
    if let Some(reference) = &draft.reference {
        order.reference.clone_from(reference);
    }
    if let Some(id) = &draft.id {
        order.id.clone_from(id);
    }
}
