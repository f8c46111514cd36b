//! The other side: it takes calls, and keeps a ledger of what each really did. Nothing here asks the product's
//! rules.

use std::rc::Rc;

use crate::clock::Ms;
use crate::domain::action::Action;
use crate::domain::order::Status;
use crate::domain::request::Asker;
use crate::sold::Made;
use crate::sold::Sold;

/// Who wanted something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wanted {
    /// The promise of that number.
    ByPromise(usize),
    /// A colleague in the seller's portal.
    InPortal,
    ByCustomer,
}

/// What it did for a promise.
#[derive(Debug, Clone)]
pub struct Effect {
    pub promise: usize,
    /// The records it made.
    pub records: Vec<String>,
}

/// What a call led to.
#[derive(Debug, PartialEq, Eq)]
pub enum Verdict {
    Applied(Option<String>),
    Conflict,
    Refused,
}

/// A call as it arrives.
#[derive(Debug, Clone)]
pub struct Call {
    pub order: usize,
    pub action: Rc<Action>,
    /// What is written beside a gesture, or the name of an invoice's file.
    pub words: String,
    pub wanted: Wanted,
}

#[derive(Debug, Default)]
pub struct Marketplace {
    pub orders: Vec<Sold>,
    pub effects: Vec<Effect>,
    records: usize,
}

impl Marketplace {
    pub fn receive(&mut self, now: Ms, call: &Call) -> Verdict {
        let before = self.records;
        let sold = &mut self.orders[call.order];
        let verdict = match &*call.action {
            Action::Accept => sold.decide(Status::Accepted),
            Action::Refuse => sold.decide(Status::Refused),
            Action::Ship(ship) => sold.ship(ship, call.wanted),
            Action::Cancel(cancel) => {
                let reason = Some(cancel.reason.code.as_str());
                let asker = asker(call.wanted);
                sold.cancel(now, reason, &asker, Vec::new(), &mut self.records)
            }
            Action::CancelLines(lines) => {
                sold.cancel_lines(now, lines, &asker(call.wanted), &mut self.records)
            }
            Action::Gesture(gesture) => sold.give(now, gesture, &call.words, &mut self.records),
            Action::Invoice(_) => sold.file(now, &call.words, &mut self.records),
        };
        if matches!(verdict, Verdict::Applied(_)) {
            let made = self.records - before;
            let of = Made { at: now, rejected_at: None };
            self.orders[call.order].made.extend((0..made).map(|_| of));
            if let Wanted::ByPromise(promise) = call.wanted {
                let records = (before..self.records).map(record_id).collect();
                self.effects.push(Effect { promise, records });
            }
            self.orders[call.order].changed(now);
        }
        verdict
    }

    pub fn effects_of(&self, promise: usize) -> impl Iterator<Item = &Effect> {
        self.effects.iter().filter(move |it| it.promise == promise)
    }
}

fn asker(wanted: Wanted) -> Asker {
    match wanted {
        Wanted::ByPromise(_) | Wanted::InPortal => Asker::Seller,
        Wanted::ByCustomer => Asker::Customer,
    }
}

pub fn record_id(number: usize) -> String {
    format!("R{number}")
}

pub fn next_record(records: &mut usize) -> String {
    *records += 1;
    record_id(*records - 1)
}
