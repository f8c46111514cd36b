//! How a promise gets from our database to the marketplace, as a pure state machine.
//!
//! The API has no idempotency key: whatever may have arrived must never simply be sent again
//! (`reliability` 6). So a promise is sent at most once per attempt, an unknown outcome is only ever
//! *read* about, and a new attempt needs two reads without the effect, after the marketplace had
//! [`HORIZON`] to show it.
//!
//! ```text
//! queued ──mark──► sending ──applied──► confirmed
//!   ▲  │              │ ├──refused────► refused
//!   │  └─impossible─► refused
//!   │                 └─unknown, conflict, worker died──► in doubt ──found──► confirmed
//!   └──absent twice, guarded, fewer than 3 attempts──────────┘ └──otherwise──► needs a person
//! ```

mod state;

use jiff::SignedDuration;
use jiff::Timestamp;
use serde::Deserialize;
use serde::Serialize;

pub use state::State;

/// How long a worker owns a promise: longer than the longest call, so that nobody else takes it meanwhile.
pub const LEASE: SignedDuration = SignedDuration::from_secs(45);
/// A promise marked as "sending" that has not been sent after this time is not sent any more: its worker
/// was asleep, and may have lost its lease.
pub const SEND_WITHIN: SignedDuration = SignedDuration::from_secs(2);
/// How long a sent action may take to show in the marketplace's answers: the call's own deadline (30 s),
/// and two minutes of delay.
pub const HORIZON: SignedDuration = SignedDuration::from_secs(2 + 30 + 120);
/// The distance of the two reads that must both miss the effect.
const BETWEEN_READS: SignedDuration = SignedDuration::from_secs(30);
/// How often an action is sent at most, when the outcomes are unknown.
const MAX_UNKNOWN: i32 = 3;
/// The longest pause that an answer can impose on us.
const MAX_RETRY_AFTER: SignedDuration = SignedDuration::from_mins(15);

/// What is remembered of a promise's way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Progress {
    /// Where it stands.
    pub state: State,
    /// How often sending was begun.
    pub attempts: i32,
    /// How many of these may have arrived without our knowing.
    pub unknown_attempts: i32,
    /// Reads after the horizon that did not show the effect.
    pub negative_reads: i32,
    /// When a read without the effect starts to count; set by each attempt.
    pub horizon_at: Option<Timestamp>,
    /// When the next step is due.
    pub next_at: Timestamp,
    /// Why it will not happen, as far as is known: the answer to the last attempt was a no.
    pub refusal: Option<Refusal>,
    /// The requests that the order had before the first attempt that may have arrived: only others can be
    /// the effect.
    pub baseline: Option<Vec<String>>,
    /// The marketplace's own record of the effect.
    pub reference: Option<String>,
}

/// Why a promise was not kept. Stored as JSON: never rename a variant, only add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum Refusal {
    /// The marketplace said no.
    Marketplace {
        /// Its own words.
        words: String,
    },
    /// Before anything was sent, the order had gone to a status that does not allow it.
    NoLongerPossible {
        /// The marketplace's word.
        status: String,
    },
    /// Before anything was sent, the effect was already there: somebody else did it.
    AlreadyDone,
    /// Before anything was sent, the lines or the requests had changed, so that the action no longer fits.
    NoLongerFits,
    /// The marketplace does not know the order.
    UnknownOrder,
    /// Before anything was sent, who asked for it had lost the right, or reached their ceiling.
    NotAllowed,
}

/// What the marketplace made of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Answer {
    /// It said yes.
    Applied {
        /// The record it made, if it told.
        reference: Option<String>,
    },
    /// It surely has not seen it: no connection, too many calls, credentials refused.
    NotSent {
        /// How long it asked us to wait.
        after: Option<SignedDuration>,
    },
    /// It said no, in these words.
    Refused(String),
    /// It said that the order's state forbids it: our own doing, perhaps.
    Conflict(String),
    /// Nobody knows.
    Unknown,
}

/// What a fresh look at the marketplace showed of a promise's effect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reading {
    /// The effect is there.
    Found {
        /// The marketplace's record of it, where it keeps one.
        reference: Option<String>,
    },
    /// The effect is not there, and the order has gone where it cannot happen.
    Superseded,
    /// The effect is not there.
    Absent,
    /// Something is there that may be the effect, or another's doing: no program can tell.
    Unclear,
}

impl Progress {
    /// A promise just made, to be sent at that instant.
    pub const fn promised(due_at: Timestamp) -> Self {
        Self {
            state: State::Queued,
            attempts: 0,
            unknown_attempts: 0,
            negative_reads: 0,
            horizon_at: None,
            next_at: due_at,
            refusal: None,
            baseline: None,
            reference: None,
        }
    }

    /// A worker takes the promise up. One found "sending" belonged to a worker that died or sleeps: it may
    /// have been sent, so it is in doubt, and never simply queued again.
    #[must_use]
    pub fn taken_up(mut self) -> Self {
        if self.state == State::Sending {
            self.unknown_attempts += 1;
            self.state = State::InDoubt;
        }
        self
    }

    /// The look right before sending found that the order no longer allows the action, or that its effect
    /// is already there, although nothing was sent yet.
    #[must_use]
    pub fn no_longer_possible(mut self, reading: Reading, why: Refusal, now: Timestamp) -> Self {
        if self.unknown_attempts == 0 {
            self.state = State::Refused;
            self.refusal = Some(why);
            return self;
        }
        self.state = State::InDoubt;
        self.read_back(reading, false, now)
    }

    /// Sending begins. To be stored before the first byte leaves. `requests` are those that the order has;
    /// they are not looked at again once an attempt may have arrived, because its own could be among them.
    #[must_use]
    pub fn marked(mut self, requests: Vec<String>, now: Timestamp) -> Self {
        if self.unknown_attempts == 0 {
            self.baseline = Some(requests);
        }
        self.state = State::Sending;
        self.attempts += 1;
        self.negative_reads = 0;
        self.refusal = None;
        self.horizon_at = Some(now + HORIZON);
        self
    }

    /// The answer to the attempt is here.
    #[must_use]
    pub fn answered(mut self, answer: Answer, now: Timestamp) -> Self {
        self.next_at = now;
        match answer {
            Answer::Applied { reference } => {
                self.state = State::Confirmed;
                self.reference = reference;
                self.refusal = None;
            }
            Answer::NotSent { after } => {
                self.state = State::Queued;
                self.next_at = now + pause(self.attempts, after);
            }
            Answer::Refused(words) if self.unknown_attempts == 0 => {
                self.state = State::Refused;
                self.refusal = Some(Refusal::Marketplace { words });
            }
            // An earlier attempt may have arrived, and be the reason for this very refusal.
            Answer::Refused(words) | Answer::Conflict(words) => {
                self.state = State::InDoubt;
                self.refusal = Some(Refusal::Marketplace { words });
            }
            Answer::Unknown => {
                self.state = State::InDoubt;
                self.unknown_attempts += 1;
            }
        }
        self
    }

    /// A fresh look at the marketplace, for a promise in doubt.
    #[must_use]
    pub fn read_back(mut self, reading: Reading, may_be_sent_again: bool, now: Timestamp) -> Self {
        if let Reading::Found { reference } = reading {
            self.state = State::Confirmed;
            self.reference = reference;
            self.refusal = None;
            return self;
        }
        if self.unknown_attempts == 0 {
            // Every attempt was answered, the last one with a no: there is nothing to wait for.
            self.state = State::Refused;
            return self;
        }
        let horizon = self.horizon_at.unwrap_or(now);
        if now < horizon {
            let since_sent = now.duration_since(horizon - HORIZON);
            let pause = (since_sent / 2).clamp(SignedDuration::from_secs(2), BETWEEN_READS);
            self.next_at = (now + pause).min(horizon);
            return self;
        }
        self.negative_reads += 1;
        self.next_at = now + BETWEEN_READS;
        if reading == Reading::Superseded {
            self.state = State::NeedsPerson;
        } else if self.negative_reads >= 2 {
            let again = may_be_sent_again
                && reading == Reading::Absent
                && self.refusal.is_none()
                && self.unknown_attempts < MAX_UNKNOWN;
            self.state = if again { State::Queued } else { State::NeedsPerson };
            self.next_at = now;
        }
        self
    }

    /// Whether an operator may still take the promise back. One that is queued again after an attempt that
    /// may have arrived is not theirs to take back: it may be done.
    pub const fn may_be_withdrawn(&self) -> bool {
        matches!(self.state, State::Queued) && self.unknown_attempts == 0
    }

    /// The same with more that cannot be the effect: `proofs` are the records of the order that prove other
    /// promises. Where the marketplace's answers lag, such a record may have been missing from the baseline.
    #[must_use]
    pub fn besides(mut self, proofs: impl IntoIterator<Item = String>) -> Self {
        if let Some(baseline) = &mut self.baseline {
            baseline.extend(proofs);
        }
        self
    }

    /// The marketplace could not be read: look again later.
    #[must_use]
    pub fn unread(mut self, after: Option<SignedDuration>, now: Timestamp) -> Self {
        self.next_at = now + pause(1, after);
        self
    }
}

/// How long to wait before trying again what surely did not arrive: 5, 10, 20, 40 … seconds, at most five
/// minutes, or what the marketplace asked for, at most 15 minutes.
fn pause(attempts: i32, asked: Option<SignedDuration>) -> SignedDuration {
    let doublings = u32::try_from(attempts - 1).unwrap_or(0).min(6);
    let own = SignedDuration::from_secs(5 * 2_i64.pow(doublings)).min(SignedDuration::from_mins(5));
    asked.map_or(own, |it| it.clamp(SignedDuration::from_secs(1), MAX_RETRY_AFTER))
}

#[cfg(test)]
mod tests;
