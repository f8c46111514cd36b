//! What must hold, whatever happens: I1 to I11 of `reliability` 6.6. I11, that the same seed makes the same
//! history, is looked at in `main`.

use crate::clock::at;
use crate::domain::action::Action;
use crate::domain::delivery::HORIZON;
use crate::domain::delivery::SEND_WITHIN;
use crate::domain::delivery::State;
use crate::domain::order::Parcel;
use crate::domain::order::Status;
use crate::domain::request::Asker;
use crate::domain::request::Cancellation;
use crate::domain::request::Request;
use crate::mirror::mirrored;
use crate::world::World;

/// A promise that Comptoir broke.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Fault {
    /// I1: a promise had two effects.
    DoubleEffect,
    /// I2: confirmed, and neither done by us nor by anybody.
    FalseConfirmed,
    /// I3: refused or withdrawn, and done.
    FalseRefused,
    /// I4: sent without a mark of its own, or too long after it.
    WithoutMark,
    /// Of I4: sent again before the marketplace had its time to show what an earlier call did.
    TooSoon,
    /// I5: sent while another promise of the order may be on its way.
    Crowded,
    /// I6: sent although the promise was settled, or somebody else's.
    NotOurs,
    /// I7: neither settled nor with a person, long after everything works again.
    Stuck,
    /// I8: a form made two promises.
    TwicePromised,
    /// I9: one record proves two promises.
    SharedRecord,
    /// I10: the order of the readings changes the mirror.
    OrderOfReadings,
    /// I11: the same seed, another history.
    OtherHistory,
}

impl Fault {
    pub const ALL: [Self; 12] = [
        Self::DoubleEffect,
        Self::FalseConfirmed,
        Self::FalseRefused,
        Self::WithoutMark,
        Self::TooSoon,
        Self::Crowded,
        Self::NotOurs,
        Self::Stuck,
        Self::TwicePromised,
        Self::SharedRecord,
        Self::OrderOfReadings,
        Self::OtherHistory,
    ];
}

#[derive(Debug, Clone)]
pub struct Violation {
    pub fault: Fault,
    pub promise: usize,
    pub why: String,
}

impl World<'_> {
    /// Right before the bytes leave.
    pub fn check_sending(&mut self, index: usize, fence: u64) {
        let promise = &self.database.promises[index];
        let state = promise.progress.state;
        let mark = promise.marks.iter().rev().find(|it| it.1 == fence).map(|it| it.0);
        let fresh = mark.is_some_and(|it| at(self.now).duration_since(at(it)) <= SEND_WITHIN);
        let other = |it: usize| {
            let other = &self.database.promises[it];
            it != index
                && other.order == promise.order
                && matches!(other.progress.state, State::Sending | State::InDoubt)
        };
        let early = self.sent_at[index]
            .is_some_and(|it| at(self.now).duration_since(at(it)) < HORIZON - SEND_WITHIN);
        let crowded = (0..self.database.promises.len()).any(other);
        let ours = state == State::Sending && promise.fence == fence;
        if !fresh || promise.marks.len() <= self.posts[index] {
            self.blame(Fault::WithoutMark, index, format!("marked at {mark:?}"));
        }
        if early {
            self.blame(Fault::TooSoon, index, format!("sent at {:?}", self.sent_at[index]));
        }
        if crowded {
            self.blame(Fault::Crowded, index, "another one of the order is open".to_owned());
        }
        if !ours {
            self.blame(Fault::NotOurs, index, format!("it is {}", state.as_str()));
        }
    }

    /// Right after a call of ours was carried out.
    pub fn check_effect(&mut self, index: usize) {
        let promise = &self.database.promises[index];
        let state = promise.progress.state;
        let count = self.marketplace.effects_of(index).count();
        if state == State::NeedsPerson {
            self.tally.after_person += 1;
        }
        if count < 2 {
            return;
        }
        // A cancellation may be asked for again once it was turned down: then the first no longer stands.
        let cancels = matches!(&*promise.action, Action::Cancel(_) | Action::CancelLines(_));
        if cancels && self.effects_standing(index) < 2 {
            self.tally.repeated += 1;
        } else {
            self.blame(Fault::DoubleEffect, index, format!("{count} effects"));
        }
    }

    fn effects_standing(&self, index: usize) -> usize {
        let sold = &self.marketplace.orders[self.database.promises[index].order];
        let stands = |id: &String| {
            let place = sold.requests.iter().position(|it| it.id() == id);
            place.is_some_and(|it| sold.made[it].rejected_at.is_none())
        };
        let effects = self.marketplace.effects_of(index);
        effects.filter(|it| it.records.iter().any(stands)).count()
    }

    /// Right after "confirmed" was stored.
    pub fn check_confirmed(&mut self, index: usize) {
        if self.marketplace.effects_of(index).next().is_some() {
            return;
        }
        let promise = &self.database.promises[index];
        let sold = &self.marketplace.orders[promise.order];
        let was =
            |wanted: &[Status]| sold.history.iter().any(|it| wanted.contains(&it.order.status));
        let marked_at = promise.marks.first().map_or(self.now, |it| it.0);
        // Turned down before we sent anything, an equal request of somebody's is no proof, unless the answers
        // lagged so far that it could only look like ours.
        let lag = self.environment.lag;
        let asked = |line: &str, reason: &str| {
            sold.requests.iter().zip(&sold.made).any(|(it, made)| {
                let over = made.rejected_at.is_some_and(|it| it < marked_at);
                is_to_cancel(it, line, reason) && !(over && made.at + lag < marked_at)
            })
        };
        let fulfilled = match &*promise.action {
            Action::Accept => was(&[Status::Accepted, Status::InPreparation, Status::Shipped]),
            Action::Refuse => was(&[Status::Refused]),
            Action::Cancel(cancel) => {
                sold.order.lines.iter().all(|it| asked(&it.id, &cancel.reason.code))
            }
            Action::CancelLines(chosen) => {
                chosen.lines.iter().all(|it| asked(&it.line_id, &it.reason.code))
            }
            // Another promise, or somebody, declared the very same parcels.
            Action::Ship(ship) => ship.parcels.iter().all(|ours| {
                let holds = |it: &Parcel| ours.line_ids.iter().all(|id| it.line_ids.contains(id));
                sold.order.parcels.iter().any(|it| it.number == ours.number && holds(it))
            }),
            Action::Gesture(_) | Action::Invoice(_) => false,
        };
        if !fulfilled {
            let why = format!("reference {:?}", promise.progress.reference);
            self.blame(Fault::FalseConfirmed, index, why);
        }
    }

    /// A form was sent again, and answered with that promise.
    pub fn check_submission(&mut self, first: usize, again: Option<usize>) {
        let form = self.database.promises[first].submission;
        let all = self.database.promises.iter().filter(|it| it.submission == form);
        let count = all.count();
        if again != Some(first) || count != 1 {
            self.blame(Fault::TwicePromised, first, format!("{count} promises"));
        }
    }

    /// When everything has worked for long enough.
    pub fn check_that_all_is_settled(&mut self) {
        for index in 0..self.database.promises.len() {
            let progress = &self.database.promises[index].progress;
            let (state, next_at) = (progress.state, progress.next_at);
            if !state.is_final() && state != State::NeedsPerson {
                let why = format!("{} until {next_at}", state.as_str());
                self.blame(Fault::Stuck, index, why);
            }
        }
    }

    /// When nothing can happen any more.
    pub fn check_the_end(&mut self) {
        for order in 0..self.database.mirror.len() {
            let snapshot = self.snapshot(order);
            if self.record(order, &snapshot).is_err() {
                self.blame(
                    Fault::Stuck,
                    order,
                    "the mirror cannot be brought up to date".to_owned(),
                );
            }
            self.check_replay(order);
        }
        for index in 0..self.database.promises.len() {
            let promise = &self.database.promises[index];
            let state = promise.progress.state;
            let done = self.marketplace.effects_of(index).count();
            if matches!(state, State::Refused | State::Withdrawn) && done > 0 {
                self.blame(Fault::FalseRefused, index, format!("{}, but done", state.as_str()));
            }
            self.check_record(index);
            self.tally.count(state, self.posts[index]);
        }
        self.tally.worlds = 1;
    }

    fn check_record(&mut self, index: usize) {
        let promise = &self.database.promises[index];
        let Some(reference) = promise.progress.reference.clone() else { return };
        let kind = promise.action.kind().request();
        let earlier = &self.database.promises[..index];
        let shared = earlier.iter().any(|it| {
            it.action.kind().request() == kind && it.progress.reference.as_ref() == Some(&reference)
        });
        if shared {
            self.blame(Fault::SharedRecord, index, reference);
        }
    }

    /// Reads all that the marketplace ever showed once more, in any order, into an empty mirror.
    fn check_replay(&mut self, order: usize) {
        let mut replay = mirrored(&self.marketplace.orders[order].history[0].order);
        let mut left: Vec<usize> = (0..self.marketplace.orders[order].history.len()).collect();
        while !left.is_empty() {
            let place = self.random.index(left.len());
            let version = &self.marketplace.orders[order].history[left.swap_remove(place)];
            replay.see(&version.order);
            replay.see_requests(&*version.requests);
        }
        let sold = &self.marketplace.orders[order];
        replay.requests.all.sort_by(|a, b| a.id().cmp(b.id()));
        let mut requests = sold.requests.clone();
        requests.sort_by(|a, b| a.id().cmp(b.id()));
        if *replay.order != sold.order || settled(&replay.requests.all) != settled(&requests) {
            self.blame(Fault::OrderOfReadings, order, "the mirrors differ".to_owned());
        }
    }
}

fn settled(requests: &[Request]) -> Vec<(&str, &crate::domain::request::Standing)> {
    requests.iter().map(|it| (it.id(), it.standing())).collect()
}

fn is_to_cancel(request: &Request, line: &str, reason: &str) -> bool {
    let ours = |it: &Cancellation| {
        it.asked_by == Some(Asker::Seller) && it.covers(line) && it.reason_of(line) == Some(reason)
    };
    match request {
        Request::Cancellation(it) => ours(it),
        Request::Gesture(_) | Request::Invoice(_) => false,
    }
}
