//! What is read goes into the mirror, and promises whose effect shows are confirmed: `workflow::record` and
//! `workflow::requests`, in memory.

use std::rc::Rc;

use crate::clock::at;
use crate::database::Mirrored;
use crate::database::Stored;
use crate::domain::action::ActionKind;
use crate::domain::action::Evidence;
use crate::domain::action::Facts;
use crate::domain::action::InFlight;
use crate::domain::action::Live;
use crate::domain::delivery::Progress;
use crate::domain::delivery::Reading;
use crate::domain::delivery::State;
use crate::domain::operator::Role;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::reconcile;
use crate::domain::reconcile::Known;
use crate::domain::request::Request;
use crate::domain::request::RequestKind;
use crate::domain::request::Requests;
use crate::domain::sending::Store;
use crate::world::World;

/// What a few calls that read an order brought.
#[derive(Debug, Clone)]
pub struct Snapshot {
    pub order: Rc<Order>,
    pub requests: Rc<Vec<Request>>,
    /// Which of the requests were asked for.
    pub kinds: &'static [RequestKind],
}

/// A database error: the transaction is rolled back.
#[derive(Debug)]
pub struct RolledBack;

impl Mirrored {
    /// Takes in an order, unless something newer is known.
    pub fn see(&mut self, order: &Rc<Order>) {
        let known = Known { updated_at: self.order.updated_at, ..Known::default() };
        if !reconcile::is_stale(&known, order) {
            self.order = Rc::clone(order);
        }
    }

    /// Takes in requests: what is decided stays decided, and nothing is forgotten.
    pub fn see_requests<'a>(&mut self, read: impl IntoIterator<Item = &'a Request>) {
        for request in read {
            let same = |it: &&mut Request| it.id() == request.id();
            match self.requests.all.iter_mut().find(same) {
                None => self.requests.all.push(request.clone()),
                Some(known) if !known.standing().is_open() && request.standing().is_open() => {}
                Some(known) if known == request => {}
                Some(known) => *known = request.clone(),
            }
        }
    }
}

impl World<'_> {
    /// A look at the marketplace that is as old as its answers may be.
    pub fn snapshot(&mut self, order: usize) -> Snapshot {
        let lag = if self.is_quiet() { 0 } else { self.environment.lag };
        // The order and its requests come from different calls.
        let (one, two) = (self.random.between(0, lag), self.random.between(0, lag));
        let sold = &self.marketplace.orders[order];
        Snapshot {
            order: Rc::clone(&sold.version(self.now - one).order),
            requests: Rc::clone(&sold.version(self.now - two).requests),
            kinds: &RequestKind::ALL,
        }
    }

    /// What the sender reads about an action: `sync::deliver`, `requests_to_read`.
    pub fn look_for(&mut self, order: usize, action: ActionKind) -> Snapshot {
        let snapshot = self.snapshot(order);
        let asked = snapshot.order.lines.iter().any(|it| it.status == Status::CancelRequest);
        let kinds: &[RequestKind] = match action {
            ActionKind::Ship if !asked => return Snapshot { kinds: &[], ..snapshot },
            ActionKind::Accept | ActionKind::Refuse => &[],
            ActionKind::Ship | ActionKind::Cancel | ActionKind::CancelLines => {
                &[RequestKind::Cancellation]
            }
            ActionKind::Gesture => &[RequestKind::Gesture],
            ActionKind::Invoice => &[RequestKind::Invoice],
        };
        Snapshot { kinds, ..snapshot }
    }

    /// Stores what was read of an order, in one transaction.
    pub fn record(&mut self, order: usize, snapshot: &Snapshot) -> Result<(), RolledBack> {
        let mirrored = self.database.mirror[order].clone();
        let promises = self.database.promises.clone();
        self.write(order, snapshot).inspect_err(|_| {
            self.database.mirror[order] = mirrored;
            self.database.promises = promises;
        })
    }

    fn write(&mut self, order: usize, snapshot: &Snapshot) -> Result<(), RolledBack> {
        self.database.mirror[order].see(&snapshot.order);
        self.confirm_what_shows(order)?;
        if snapshot.kinds.is_empty() {
            return Ok(());
        }
        let read = snapshot.requests.iter().filter(|it| snapshot.kinds.contains(&it.kind()));
        self.database.mirror[order].see_requests(read);
        self.learn_references(order);
        self.confirm_what_shows(order)
    }

    fn confirm_what_shows(&mut self, order: usize) -> Result<(), RolledBack> {
        let Some(index) = self.database.under_way(order) else { return Ok(()) };
        let promise = &self.database.promises[index];
        if !matches!(promise.progress.state, State::InDoubt | State::NeedsPerson) {
            return Ok(());
        }
        let found = self.reading(index, &promise.progress);
        if !matches!(found, Reading::Found { .. }) {
            return Ok(());
        }
        let (fence, now) = (promise.fence, at(self.now));
        let progress = promise.progress.clone().read_back(found, false, now);
        let store = Store { progress, trouble: None, keep: false, now };
        match self.store(index, fence, &store) {
            Stored::Failed => Err(RolledBack),
            Stored::Held | Stored::NotHeld => Ok(()),
        }
    }

    /// An answer without the record's identifier: the record is found like a lost answer's.
    fn learn_references(&mut self, order: usize) {
        for index in 0..self.database.promises.len() {
            let promise = &self.database.promises[index];
            let progress = &promise.progress;
            let without = progress.state == State::Confirmed && progress.reference.is_none();
            if promise.order != order || !without || promise.action.kind().request().is_none() {
                continue;
            }
            if let Reading::Found { reference } = self.reading(index, progress)
                && !self.database.is_bound(index, reference.as_deref())
            {
                self.database.promises[index].progress.reference = reference;
            }
        }
    }

    /// What the mirror shows of a promise's effect.
    fn reading(&self, index: usize, progress: &Progress) -> Reading {
        let promise = &self.database.promises[index];
        let progress = self.variant.taken(progress.clone());
        self.with_evidence(index, &progress, |evidence| {
            let other = self.variant.reading(&promise.action, evidence);
            other.unwrap_or_else(|| promise.action.reading(evidence))
        })
    }

    pub fn with_evidence<T>(
        &self,
        index: usize,
        progress: &Progress,
        judge: impl FnOnce(&Evidence<'_>) -> T,
    ) -> T {
        let promise = &self.database.promises[index];
        let mirrored = &self.database.mirror[promise.order];
        let progress = progress.clone().besides(self.database.proofs(index));
        let baseline = progress.baseline.as_deref();
        let (order, requests) = (&*mirrored.order, &mirrored.requests);
        judge(&Evidence { order, requests, baseline, marker: &promise.marker })
    }

    /// What the rules may look at: the mirror.
    pub fn with_facts<T>(
        &self,
        order: usize,
        in_flight: Option<&InFlight>,
        judge: impl FnOnce(&Facts<'_>) -> T,
    ) -> T {
        let Mirrored { order: known, requests } = &self.database.mirror[order];
        judge(&Facts {
            order: known,
            channel: &self.channels[order],
            requests,
            live: Live::NotAsked,
            role: Role::Admin,
            given_today: &[],
            in_flight,
            now: at(self.now),
        })
    }
}

/// An empty mirror's order.
pub fn mirrored(order: &Order) -> Mirrored {
    Mirrored { order: Rc::new(order.clone()), requests: Requests::default() }
}
