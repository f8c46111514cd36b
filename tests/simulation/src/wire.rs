//! What lies between a worker and the marketplace: calls are lost, late, or answered by a broken gateway.

use std::rc::Rc;

use jiff::SignedDuration;

use crate::clock::Ms;
use crate::clock::SECOND;
use crate::domain::action::Action;
use crate::domain::delivery::Answer;
use crate::domain::trouble::Trouble;
use crate::marketplace::Call;
use crate::marketplace::Verdict;
use crate::marketplace::Wanted;
use crate::random::ALL;
use crate::worker::Heard;
use crate::worker::Who;
use crate::world::Event;
use crate::world::World;

/// The caller's own deadline.
const DEADLINE: Ms = 30 * SECOND;

/// Who waits for the answer, and whether it is garbled on the way.
#[derive(Debug, Clone, Copy)]
pub struct Reply {
    to: Who,
    garbled: bool,
}

/// What becomes of a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Answered,
    Garbled,
    NoConnection,
    TooManyCalls,
    Unauthorized,
    Invalid,
    Busy,
    LostBefore,
    LostAfter,
    Late,
    BrokenBefore,
    BrokenAfter,
    Redirected,
}

/// After these nobody knows.
const AMBIGUOUS: [Fate; 6] = [
    Fate::LostBefore,
    Fate::LostAfter,
    Fate::Late,
    Fate::BrokenBefore,
    Fate::BrokenAfter,
    Fate::Redirected,
];
const CLEAR: [Fate; 6] = [
    Fate::Garbled,
    Fate::NoConnection,
    Fate::TooManyCalls,
    Fate::Unauthorized,
    Fate::Invalid,
    Fate::Busy,
];

impl World<'_> {
    fn fate(&mut self) -> Fate {
        let drawn = self.random.below(ALL);
        if self.is_quiet() || drawn >= self.environment.faulty {
            Fate::Answered
        } else if drawn < self.environment.ambiguous {
            *self.random.pick(&AMBIGUOUS)
        } else {
            *self.random.pick(&CLEAR)
        }
    }

    /// The bytes leave.
    pub fn send(&mut self, who: Who, promise: usize, fence: u64) {
        self.check_sending(promise, fence);
        self.posts[promise] += 1;
        let fate = self.fate();
        self.note("SENDS", promise, || format!("worker {}: {fate:?}", who.0));
        let travel = self.random.between(20, 800);
        let arrival = match fate {
            Fate::Answered => Some((travel, Some(Reply { to: who, garbled: false }))),
            Fate::Garbled => Some((travel, Some(Reply { to: who, garbled: true }))),
            Fate::LostAfter | Fate::BrokenAfter => Some((travel, None)),
            Fate::Late => Some((self.random.between(SECOND, self.environment.late), None)),
            Fate::NoConnection
            | Fate::TooManyCalls
            | Fate::Unauthorized
            | Fate::Invalid
            | Fate::Busy
            | Fate::LostBefore
            | Fate::BrokenBefore
            | Fate::Redirected => None,
        };
        if arrival.is_some() || AMBIGUOUS.contains(&fate) {
            self.sent_at[promise] = Some(self.now);
        }
        if let Some((after, reply)) = arrival {
            let call = Box::new(self.call(promise));
            self.soon(after, after, Event::Arrive(call, reply));
        }
        if let Some((answer, trouble, until)) = self.told(fate) {
            let heard = Heard::Sent(answer, Some(trouble));
            self.soon(travel + 20, until, Event::Hear(who, heard, false));
        }
    }

    /// What the caller hears when not the marketplace itself answers, and how long that takes at most.
    fn told(&mut self, fate: Fate) -> Option<(Answer, Trouble, Ms)> {
        let words = "a gateway's words".to_owned();
        match fate {
            Fate::Answered | Fate::Garbled => None,
            Fate::NoConnection => {
                Some((Answer::NotSent { after: None }, Trouble::Unreachable, 5 * SECOND))
            }
            Fate::TooManyCalls => {
                let pause = self.random.between(-600, 1_200);
                let after = (pause >= 0).then(|| SignedDuration::from_secs(pause));
                Some((Answer::NotSent { after }, Trouble::RateLimited, 2 * SECOND))
            }
            Fate::Unauthorized => {
                Some((Answer::NotSent { after: None }, Trouble::CredentialsRefused, 2 * SECOND))
            }
            Fate::Invalid => Some((Answer::Refused(words), Trouble::Refused, 2 * SECOND)),
            Fate::Busy => Some((Answer::Conflict(words), Trouble::Refused, 2 * SECOND)),
            Fate::LostBefore | Fate::LostAfter | Fate::Late => {
                Some((Answer::Unknown, Trouble::Unreachable, DEADLINE))
            }
            Fate::BrokenBefore | Fate::BrokenAfter | Fate::Redirected => {
                Some((Answer::Unknown, Trouble::Unreachable, 5 * SECOND))
            }
        }
    }

    fn call(&self, index: usize) -> Call {
        let promise = &self.database.promises[index];
        let words = match &*promise.action {
            Action::Gesture(gesture) => gesture.marked_details(&promise.marker),
            Action::Invoice(invoice) => {
                let order = &self.database.mirror[promise.order].order.id;
                invoice.marked_name(order, &promise.marker)
            }
            Action::Accept
            | Action::Refuse
            | Action::Ship(_)
            | Action::Cancel(_)
            | Action::CancelLines(_) => String::new(),
        };
        let (order, action) = (promise.order, Rc::clone(&promise.action));
        Call { order, action, words, wanted: Wanted::ByPromise(index) }
    }

    /// The bytes are there.
    pub fn arrive(&mut self, call: &Call, reply: Option<Reply>) {
        let verdict = self.receive(call);
        if let Wanted::ByPromise(promise) = call.wanted {
            self.note("arrives", promise, || format!("{verdict:?}"));
            if matches!(verdict, Verdict::Applied(_)) {
                self.check_effect(promise);
            }
        }
        let Some(Reply { to, garbled }) = reply else { return };
        let words = "the marketplace's words".to_owned();
        let (answer, trouble) = match verdict {
            Verdict::Applied(record) => {
                // Some answers name the record that was made.
                let named = !garbled && self.random.chance(70_000);
                (Answer::Applied { reference: record.filter(|_| named) }, None)
            }
            Verdict::Conflict => (Answer::Conflict(words), Some(Trouble::Refused)),
            Verdict::Refused => (Answer::Refused(words), Some(Trouble::Refused)),
        };
        self.soon(20, 800, Event::Hear(to, Heard::Sent(answer, trouble), false));
    }
}
