//! The marketplace's memory: orders, their indexes, what happened and who called.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::collections::HashSet;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::PoisonError;

use jiff::SignedDuration;
use jiff::Timestamp;
use rand_pcg::Pcg64Mcg;
use serde_json::Value;

use crate::agenda::Agenda;
use crate::auth::Tokens;
use crate::calls::Call;
use crate::cancellations::Cancellation;
use crate::channels::GestureLimit;
use crate::clock::Clock;
use crate::config::Config;
use crate::config::Seller;
use crate::faults::Faults;
use crate::generate;
use crate::gestures::Gesture;
use crate::hold::Holds;
use crate::invoices::Import;
use crate::model::Effect;
use crate::model::Order;
use crate::model::Party;
use crate::model::Status;
use crate::readings::Readings;
use crate::review::Rejection;

/// The market behind its lock, which is never held across an await.
pub(crate) type Shared = Arc<Mutex<Market>>;

/// Locks the market; a panic elsewhere does not make it unreadable.
pub(crate) fn lock(shared: &Mutex<Market>) -> MutexGuard<'_, Market> {
    shared.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Orders of one seller by a date, then by id.
pub(crate) type ByDate = BTreeMap<(Timestamp, String), usize>;

/// One seller's view of the market.
#[derive(Debug)]
pub(crate) struct Account {
    pub(crate) seller: Seller,
    pub(crate) by_update: ByDate,
    pub(crate) by_creation: ByDate,
    /// Which order used a parcel number.
    pub(crate) parcels: HashMap<String, usize>,
}

#[derive(Debug)]
pub(crate) struct Market {
    pub(crate) clock: Clock,
    pub(crate) rng: Pcg64Mcg,
    pub(crate) seed: u64,
    pub(crate) drip: bool,
    pub(crate) rate_limit: Option<u32>,
    pub(crate) readings: Readings,
    pub(crate) accounts: Vec<Account>,
    pub(crate) orders: Vec<Order>,
    pub(crate) by_id: HashMap<String, usize>,
    /// Changed orders as they were before their last change, for stale reads.
    pub(crate) before: HashMap<usize, Order>,
    pub(crate) cancellations: Vec<Cancellation>,
    pub(crate) gestures: Vec<Gesture>,
    pub(crate) imports: Vec<Import>,
    /// Limits that were changed, by the channel's id.
    pub(crate) gesture_limits: HashMap<&'static str, GestureLimit>,
    /// Reasons that nobody may give any more.
    pub(crate) withdrawn: HashSet<String>,
    pub(crate) rejections: Vec<Rejection>,
    /// Earlier versions of orders with the moment each ended, while reads lag.
    pub(crate) versions: HashMap<usize, VecDeque<(Timestamp, Order)>>,
    pub(crate) agenda: Agenda,
    pub(crate) tokens: Tokens,
    pub(crate) ledger: Vec<Effect>,
    pub(crate) calls: VecDeque<Call>,
    /// How many calls there ever were.
    pub(crate) called: usize,
    pub(crate) faults: Faults,
    pub(crate) holds: Holds,
}

impl Market {
    pub(crate) fn new(config: Config) -> Self {
        let clock = Clock::new(config.now, config.speed);
        let now = config.now.unwrap_or_else(|| clock.now());
        let account = |seller| Account {
            seller,
            by_update: BTreeMap::new(),
            by_creation: BTreeMap::new(),
            parcels: HashMap::new(),
        };
        let mut market = Self {
            clock,
            rng: generate::stream(config.seed, u64::MAX),
            seed: config.seed,
            drip: config.drip,
            rate_limit: config.rate_limit,
            readings: config.readings,
            accounts: config.sellers.into_iter().map(account).collect(),
            orders: Vec::with_capacity(config.orders),
            by_id: HashMap::with_capacity(config.orders),
            before: HashMap::new(),
            cancellations: Vec::new(),
            gestures: Vec::new(),
            imports: Vec::new(),
            gesture_limits: HashMap::new(),
            withdrawn: HashSet::new(),
            rejections: Vec::new(),
            versions: HashMap::new(),
            agenda: Agenda::default(),
            tokens: Tokens::new(config.token_quota),
            ledger: Vec::new(),
            calls: VecDeque::new(),
            called: 0,
            faults: Faults::default(),
            holds: Holds::default(),
        };
        generate::populate(&mut market, config.orders, config.open_percent, now);
        market.schedule_drip(now);
        market
    }

    /// The time now, after everything that is due has happened.
    pub(crate) fn now(&mut self) -> Timestamp {
        let now = self.clock.now();
        self.run_due(now);
        now
    }

    pub(crate) fn advance(&mut self, by: SignedDuration) {
        self.clock.advance(by);
        self.now();
    }

    /// Takes an order in; its id and its last change become unique for its seller.
    pub(crate) fn insert(&mut self, mut order: Order) -> usize {
        while self.by_id.contains_key(&order.id) {
            order.id = generate::order_id(&mut self.rng, order.created_at);
        }
        let slot = self.orders.len();
        let account = &mut self.accounts[order.seller_index];
        while is_taken(&account.by_update, order.updated_at) {
            order.updated_at = next_tick(order.updated_at);
        }
        account.by_update.insert((order.updated_at, order.id.clone()), slot);
        account.by_creation.insert((order.created_at, order.id.clone()), slot);
        for parcel in order.parcels() {
            account.parcels.insert(parcel.number.clone(), slot);
        }
        self.by_id.insert(order.id.clone(), slot);
        self.orders.push(order);
        slot
    }

    /// Changes an order at a moment: stamps it, keeps the index and the history right.
    pub(crate) fn change(&mut self, slot: usize, at: Timestamp, edit: impl FnOnce(&mut Order)) {
        self.keep_version(slot, at);
        let order = &mut self.orders[slot];
        self.before.insert(slot, order.clone());
        let account = &mut self.accounts[order.seller_index];
        account.by_update.remove(&(order.updated_at, order.id.clone()));
        let before = order.status;
        edit(order);
        let mut stamp = at.max(next_tick(order.updated_at));
        while is_taken(&account.by_update, stamp) {
            stamp = next_tick(stamp);
        }
        order.updated_at = stamp;
        if order.status != before {
            order.history.push((order.status, stamp));
            if order.status == Status::Shipped {
                order.shipped_at = Some(stamp);
            }
        }
        for parcel in order.parcels() {
            account.parcels.entry(parcel.number.clone()).or_insert(slot);
        }
        account.by_update.insert((stamp, order.id.clone()), slot);
    }

    pub(crate) fn record(
        &mut self,
        slot: usize,
        kind: &'static str,
        by: Party,
        body: Value,
        at: Timestamp,
    ) {
        let order_id = self.orders[slot].id.clone();
        self.ledger.push(Effect { order_id, kind, by, body, at });
    }

    /// The order with this id if it belongs to the seller.
    pub(crate) fn find(&self, seller_index: usize, id: &str) -> Option<usize> {
        let slot = *self.by_id.get(id)?;
        (self.orders[slot].seller_index == seller_index).then_some(slot)
    }

    pub(crate) fn seller_index(&self, name: &str) -> Option<usize> {
        self.accounts.iter().position(|account| account.seller.name == name)
    }
}

fn is_taken(index: &ByDate, at: Timestamp) -> bool {
    index.range((at, String::new())..).next().is_some_and(|((stamp, _), _)| *stamp == at)
}

fn next_tick(at: Timestamp) -> Timestamp {
    at.saturating_add(SignedDuration::from_nanos(100)).unwrap_or(at)
}
