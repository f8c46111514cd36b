//! One step of the sender, as a machine without hands.
//!
//! It says what to do next ([`Command`]) and is told what came of it ([`Report`]); who carries the commands
//! out is not its business. The worker does with PostgreSQL and HTTP, and the simulation test with two worlds
//! made of memory, so that the code that is simulated is the code that is shipped (`reliability` 6).
//!
//! Between any two commands, and in the middle of each, the worker may die: what is stored by then is enough
//! for the next one to go on without sending anything twice.
//!
//! *Invariant:* [`Command::Send`] is only ever said after "sending" was stored under our number, at most once
//! for each such mark, and within [`SEND_WITHIN`] of it.

mod sight;

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::domain::delivery::Answer;
use crate::domain::delivery::LEASE;
use crate::domain::delivery::Progress;
use crate::domain::delivery::SEND_WITHIN;
use crate::domain::delivery::State;
use crate::domain::trouble::Trouble;

pub use sight::Sight;

/// What the sender has to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Command {
    /// Read the order and its requests from the marketplace. Answer with [`Report::Seen`] or
    /// [`Report::Unread`].
    Look,
    /// Store that, if we still hold the promise. Answer with [`Report::Stored`].
    Store(Store),
    /// Send the action, once, and not after that much of the step. Answer with [`Report::Sent`].
    Send {
        /// Counted from the beginning of the step.
        not_after: SignedDuration,
    },
    /// Nothing more: the step is over.
    Rest,
}

/// What is to be stored of a promise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Store {
    /// How far it is.
    pub progress: Progress,
    /// Why it waits.
    pub trouble: Option<Trouble>,
    /// Whether we keep it; otherwise anybody may take it up when it is due.
    pub keep: bool,
    /// The present, by the database's clock.
    pub now: Timestamp,
}

/// What came of a command.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Report {
    /// The marketplace shows this.
    Seen(Sight),
    /// The marketplace could not be read.
    Unread {
        /// Why.
        trouble: Trouble,
        /// How long it asked us to wait.
        after: Option<SignedDuration>,
    },
    /// It is stored; or it is not, because the promise is no longer ours.
    Stored {
        /// Whether we still hold it.
        held: bool,
    },
    /// The action was sent, or could not be.
    Sent {
        /// What the marketplace made of it.
        answer: Answer,
        /// What stood in the way.
        trouble: Option<Trouble>,
    },
}

/// The worker's own clocks. Neither is trusted alone: a wall clock can be set, and a monotonic one may stand
/// still while the machine is suspended.
#[derive(Debug, Clone, Copy)]
pub struct Watch {
    /// Monotonic, from any beginning.
    pub ticks: SignedDuration,
    /// The wall clock.
    pub wall: Timestamp,
}

impl Watch {
    /// What has passed since then: the more pessimistic of the two clocks.
    pub fn since(&self, then: &Self) -> SignedDuration {
        let by_wall = self.wall.duration_since(then.wall);
        (self.ticks - then.ticks).max(by_wall).max(SignedDuration::ZERO)
    }
}

/// A worker's step with a promise that it has taken.
#[derive(Debug, Clone)]
pub struct Step {
    progress: Progress,
    /// The database's clock when the promise was taken: every worker counts by that one.
    taken_at: Timestamp,
    began: Watch,
    stage: Stage,
    command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    /// The state of a worker that died is being put right.
    TakingUp,
    /// Looking before sending, or for the effect.
    Looking,
    /// "Sending" is being stored; since that much of the step.
    Marking(SignedDuration),
    /// The call is out.
    Sending,
    /// The outcome is being stored.
    Closing,
    /// The effect is being brought into the mirror.
    Showing,
    Over,
}

impl Step {
    /// Begins with a promise just taken, at that instant of the database's clock.
    pub fn begin(progress: Progress, taken_at: Timestamp, began: Watch) -> Self {
        let mut step =
            Self { progress, taken_at, began, stage: Stage::Over, command: Command::Rest };
        match step.progress.state {
            State::Queued | State::InDoubt => step.go(Stage::Looking, Command::Look),
            State::Sending => {
                step.progress = step.progress.clone().taken_up();
                step.store(Stage::TakingUp, None, true, SignedDuration::ZERO);
            }
            State::NeedsPerson | State::Confirmed | State::Refused | State::Withdrawn => {}
        }
        step
    }

    /// What to do now.
    pub const fn command(&self) -> &Command {
        &self.command
    }

    /// How far the promise is, once the last command is carried out.
    pub const fn progress(&self) -> &Progress {
        &self.progress
    }

    /// Tells what came of the command, and when. A report that does not answer it ends the step: the lease
    /// then decides.
    pub fn report(&mut self, report: Report, watch: Watch) {
        let elapsed = watch.since(&self.began);
        match (self.stage, report) {
            (Stage::TakingUp, Report::Stored { held: true }) => {
                self.go(Stage::Looking, Command::Look);
            }
            // The promise may be another's by now; or the clock was set, and what is stored would wait for
            // hours. The lease gives it back, unchanged.
            (Stage::Looking, Report::Seen(_) | Report::Unread { .. }) if elapsed > LEASE => {
                self.go(Stage::Over, Command::Rest);
            }
            (Stage::Looking, Report::Seen(sight)) => self.seen(sight, elapsed),
            (Stage::Looking, Report::Unread { trouble, after }) => {
                self.progress = self.progress.clone().unread(after, self.taken_at + elapsed);
                self.store(Stage::Closing, Some(trouble), false, elapsed);
            }
            (Stage::Marking(since), Report::Stored { held: true }) => {
                let not_after = since + SEND_WITHIN;
                if elapsed > not_after {
                    // Asleep meanwhile: nothing was sent, and nothing may be any more.
                    let answer = Answer::NotSent { after: None };
                    self.sent(answer, Some(Trouble::Internal), elapsed);
                } else {
                    self.go(Stage::Sending, Command::Send { not_after });
                }
            }
            (Stage::Sending, Report::Sent { answer, trouble }) => {
                self.sent(answer, trouble, elapsed);
            }
            (Stage::Closing, Report::Stored { held: true })
                if self.progress.state == State::Confirmed =>
            {
                self.go(Stage::Showing, Command::Look);
            }
            _ => self.go(Stage::Over, Command::Rest),
        }
    }

    fn seen(&mut self, sight: Sight, elapsed: SignedDuration) {
        let now = self.taken_at + elapsed;
        let progress = self.progress.clone();
        if progress.state == State::InDoubt {
            self.progress = progress.read_back(sight.reading, sight.again, now);
        } else if let Some(why) = sight.obstacle {
            self.progress = progress.no_longer_possible(sight.reading, why, now);
        } else {
            self.progress = progress.marked(sight.requests, now);
            self.store(Stage::Marking(elapsed), None, true, elapsed);
            return;
        }
        self.store(Stage::Closing, None, false, elapsed);
    }

    fn sent(&mut self, answer: Answer, trouble: Option<Trouble>, elapsed: SignedDuration) {
        // An answer is worth storing however late it is, but no clock that was set may delay what follows.
        let elapsed = elapsed.min(LEASE);
        self.progress = self.progress.clone().answered(answer, self.taken_at + elapsed);
        self.store(Stage::Closing, trouble, false, elapsed);
    }

    fn store(
        &mut self,
        stage: Stage,
        trouble: Option<Trouble>,
        keep: bool,
        elapsed: SignedDuration,
    ) {
        let (progress, now) = (self.progress.clone(), self.taken_at + elapsed);
        self.go(stage, Command::Store(Store { progress, trouble, keep, now }));
    }

    fn go(&mut self, stage: Stage, command: Command) {
        (self.stage, self.command) = (stage, command);
    }
}

/// What only this promise writes, so that its effect can be told from another that looks the same: six
/// letters and digits of its identifier (`reliability` 6.5). They are looked for among the requests of one
/// order, so that thirty random bits are plenty.
pub fn marker(promise_id: u128) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHJKLMNPQRSTUVWXYZ23456789";
    let letter = |place: u32| {
        let index = usize::try_from((promise_id >> (5 * place)) & 31).unwrap_or_default();
        char::from(LETTERS[index])
    };
    (0..6).map(letter).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::delivery::Reading;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn watch(ticks: i64, wall: i64) -> Watch {
        let ticks = SignedDuration::from_secs(ticks);
        Watch { ticks, wall: NOW + SignedDuration::from_secs(wall) }
    }

    fn clear() -> Report {
        Report::Seen(Sight {
            obstacle: None,
            reading: Reading::Absent,
            again: false,
            requests: vec!["old".to_owned()],
        })
    }

    fn marking() -> Step {
        let mut step = Step::begin(Progress::promised(NOW), NOW, watch(0, 0));
        assert_eq!(*step.command(), Command::Look);
        step.report(clear(), watch(1, 1));
        step
    }

    #[test]
    fn the_mark_is_stored_before_anything_is_sent() {
        let mut step = marking();
        let Command::Store(store) = step.command() else { panic!("{step:?}") };
        assert_eq!((store.progress.state, store.keep), (State::Sending, true));
        assert_eq!(store.progress.baseline, Some(vec!["old".to_owned()]));
        step.report(Report::Stored { held: true }, watch(2, 2));
        assert!(matches!(step.command(), Command::Send { .. }));
    }

    #[test]
    fn a_promise_that_somebody_else_holds_is_let_go_of() {
        let mut step = marking();
        step.report(Report::Stored { held: false }, watch(2, 2));
        assert_eq!(*step.command(), Command::Rest);
    }

    #[test]
    fn a_worker_that_slept_after_its_mark_does_not_send_whichever_clock_noticed() {
        for late in [watch(9, 1), watch(1, 9), watch(9, -9000)] {
            let mut step = marking();
            step.report(Report::Stored { held: true }, late);
            let Command::Store(store) = step.command() else { panic!("{step:?}") };
            assert_eq!(store.progress.state, State::Queued);
        }
    }

    #[test]
    fn a_clock_that_is_set_during_a_step_does_not_make_the_promise_wait_for_hours() {
        let mut step = Step::begin(Progress::promised(NOW), NOW, watch(0, 0));
        step.report(clear(), watch(1, 7200));
        assert_eq!(*step.command(), Command::Rest, "another worker takes it up after the lease");

        let mut step = marking();
        step.report(Report::Stored { held: true }, watch(2, 2));
        let answer = Answer::NotSent { after: None };
        step.report(Report::Sent { answer, trouble: None }, watch(3, 7200));
        let Command::Store(store) = step.command() else { panic!("{step:?}") };
        assert!(store.progress.next_at <= NOW + LEASE + SignedDuration::from_secs(5));
        assert!(store.now <= NOW + LEASE);
    }

    #[test]
    fn what_a_dead_worker_was_sending_is_first_stored_as_doubtful() {
        let sending = Progress::promised(NOW).marked(Vec::new(), NOW);
        let mut step = Step::begin(sending, NOW, watch(0, 0));
        let Command::Store(store) = step.command() else { panic!("{step:?}") };
        assert_eq!(store.progress.state, State::InDoubt);
        step.report(Report::Stored { held: true }, watch(1, 1));
        assert_eq!(*step.command(), Command::Look);
        step.report(clear(), watch(1, 1));
        assert!(matches!(step.command(), Command::Store(_)), "it is read, not sent");
    }

    #[test]
    fn markers_differ_and_are_read_easily() {
        assert_eq!(marker(0), "AAAAAA");
        assert_eq!(marker(1), "BAAAAA");
        assert_eq!(marker(u128::MAX), "999999");
    }
}
