//! PostgreSQL, as far as promises go: `migrations`, `db::promises`, `workflow::promise`, in memory.

use std::rc::Rc;

use jiff::Timestamp;

use crate::clock::Ms;
use crate::clock::at;
use crate::domain::action::Action;
use crate::domain::delivery::LEASE;
use crate::domain::delivery::Progress;
use crate::domain::delivery::State;
use crate::domain::order::Order;
use crate::domain::request::Requests;
use crate::domain::sending::Store;
use crate::domain::sending::marker;

/// A row of the table.
#[derive(Debug, Clone)]
pub struct Promise {
    pub order: usize,
    pub action: Rc<Action>,
    pub submission: u64,
    pub marker: String,
    pub progress: Progress,
    pub fence: u64,
    pub lease_until: Option<Timestamp>,
    /// When each mark was stored, and by whom.
    pub marks: Vec<(Ms, u64)>,
    pub settled_at: Option<Ms>,
    pub needs_person_at: Option<Ms>,
}

/// What the mirror holds of an order.
#[derive(Debug, Clone)]
pub struct Mirrored {
    pub order: Rc<Order>,
    pub requests: Requests,
}

/// What came of an update.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stored {
    Held,
    /// Somebody else holds the promise, or it is settled.
    NotHeld,
    /// A trigger or an index said no: the caller sees an error.
    Failed,
}

#[derive(Debug)]
pub struct Database {
    pub promises: Vec<Promise>,
    pub mirror: Vec<Mirrored>,
    /// Off in the variant that has none.
    pub fenced: bool,
}

impl Database {
    /// `db::promises::take`: the promise that has been due for longest and that nobody holds.
    pub fn take(&mut self, now: Ms) -> Option<usize> {
        let present = at(now);
        let due = |it: &&(usize, &Promise)| is_open(it.1) && due_at(it.1) <= present;
        let rows = self.promises.iter().enumerate();
        let (index, _) = rows.filter(|it| due(&it)).min_by_key(|it| it.1.progress.next_at)?;
        let promise = &mut self.promises[index];
        promise.fence += 1;
        promise.lease_until = Some(present + LEASE);
        Some(index)
    }

    /// When the next promise will be due, if there is one.
    pub fn next_due(&self) -> Option<Timestamp> {
        self.promises.iter().filter(|it| is_open(it)).map(due_at).min()
    }

    /// `db::promises::advance`, with the trigger and the index of the migrations.
    pub fn advance(&mut self, now: Ms, index: usize, fence: u64, store: &Store) -> Stored {
        let promise = &self.promises[index];
        if promise.settled_at.is_some() || (self.fenced && promise.fence != fence) {
            return Stored::NotHeld;
        }
        let (was, will) = (&promise.progress, &store.progress);
        let begins = will.state == State::Sending && was.state != State::Sending;
        if begins && (was.state != State::Queued || will.attempts != was.attempts + 1) {
            return Stored::Failed;
        }
        if will.reference.is_some() && self.is_bound(index, will.reference.as_deref()) {
            return Stored::Failed;
        }
        let promise = &mut self.promises[index];
        if will.state == State::Sending {
            promise.marks.push((now, fence));
        }
        if will.state == State::NeedsPerson {
            promise.needs_person_at.get_or_insert(now);
        }
        promise.settled_at = will.state.is_final().then_some(now);
        promise.lease_until = store.keep.then(|| store.now + LEASE);
        promise.progress = will.clone();
        Stored::Held
    }

    /// `promises_one_reference`: whether that record proves another promise of the kind.
    pub fn is_bound(&self, index: usize, reference: Option<&str>) -> bool {
        let kind = self.promises[index].action.kind();
        let others = self.promises.iter().enumerate().filter(|(other, _)| *other != index);
        let mut same = others.filter(|(_, it)| it.action.kind() == kind);
        same.any(|(_, it)| it.progress.reference.as_deref() == reference)
    }

    /// The records of the order that prove other promises.
    pub fn proofs(&self, index: usize) -> Vec<String> {
        let (order, kind) = (self.promises[index].order, self.promises[index].action.kind());
        let others = self.promises.iter().enumerate().filter(|(other, _)| *other != index);
        let same = others
            .filter(|(_, it)| it.order == order && it.action.kind().request() == kind.request());
        same.filter_map(|(_, it)| it.progress.reference.clone()).collect()
    }

    /// `db::promises::insert`; the caller has asked the rules.
    pub fn insert(&mut self, promise: Promise) -> usize {
        self.promises.push(promise);
        self.promises.len() - 1
    }

    /// The promise of an order that is not settled.
    pub fn under_way(&self, order: usize) -> Option<usize> {
        let open = |it: &Promise| it.order == order && it.settled_at.is_none();
        self.promises.iter().position(open)
    }

    /// `workflow::promise::withdraw`.
    pub fn withdraw(&mut self, now: Ms, index: usize) -> bool {
        let promise = &mut self.promises[index];
        if !promise.progress.may_be_withdrawn() {
            return false;
        }
        promise.progress.state = State::Withdrawn;
        promise.settled_at = Some(now);
        true
    }
}

impl Promise {
    pub fn new(order: usize, action: Action, submission: u64, id: u128, due_at: Timestamp) -> Self {
        Self {
            order,
            action: Rc::new(action),
            submission,
            marker: marker(id),
            progress: Progress::promised(due_at),
            fence: 0,
            lease_until: None,
            marks: Vec::new(),
            settled_at: None,
            needs_person_at: None,
        }
    }
}

const fn is_open(promise: &Promise) -> bool {
    matches!(promise.progress.state, State::Queued | State::Sending | State::InDoubt)
}

fn due_at(promise: &Promise) -> Timestamp {
    let next_at = promise.progress.next_at;
    promise.lease_until.map_or(next_at, |it| it.max(next_at))
}
