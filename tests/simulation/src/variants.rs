//! Senders that are broken on purpose, to prove that the simulation would notice.
//!
//! The shipped machine has no switch for any of this: each variant changes what goes into it or what comes
//! out of it. `reliability` 6.7 names the first seven.

use jiff::SignedDuration;

use crate::domain::action::Action;
use crate::domain::action::Evidence;
use crate::domain::delivery::Answer;
use crate::domain::delivery::Progress;
use crate::domain::delivery::Reading;
use crate::domain::delivery::State;
use crate::domain::request::GestureRequest;
use crate::domain::sending::Report;
use crate::domain::sending::Sight;
use crate::domain::sending::Store;
use crate::domain::sending::Watch;

/// The sender as it is, or a broken one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Variant {
    /// As it is shipped.
    Shipped,
    /// An answer that does not come counts as "not sent", as job queues do.
    NaiveRetry,
    /// One look without the effect, whenever it happens, and the action is sent again.
    ReadThenResend,
    /// Every action is sent again, also where the marketplace would take it twice.
    ResendAllKinds,
    /// Whoever stores is believed, also a worker that lost the promise.
    NoFence,
    /// A mark may be acted on at any later time.
    NoDeadline,
    /// Gestures are recognised by what they look like.
    NoMarker,
    /// A refusal is final, also when an earlier attempt may have arrived.
    RefusalIsFinal,
    /// What a dead worker was sending is simply queued again.
    DeadIsQueued,
    /// Requests that were there before may be the effect.
    NoBaseline,
    /// The time of a step is counted from after the promise was taken, not from before.
    CountsLate,
}

impl Variant {
    pub const BROKEN: [Self; 10] = [
        Self::NaiveRetry,
        Self::ReadThenResend,
        Self::ResendAllKinds,
        Self::NoFence,
        Self::NoDeadline,
        Self::NoMarker,
        Self::RefusalIsFinal,
        Self::DeadIsQueued,
        Self::NoBaseline,
        Self::CountsLate,
    ];

    pub const fn name(self) -> &'static str {
        match self {
            Self::Shipped => "shipped",
            Self::NaiveRetry => "naive-retry",
            Self::ReadThenResend => "read-then-resend",
            Self::ResendAllKinds => "resend-all-kinds",
            Self::NoFence => "no-fence",
            Self::NoDeadline => "no-deadline",
            Self::NoMarker => "no-marker",
            Self::RefusalIsFinal => "refusal-is-final",
            Self::DeadIsQueued => "dead-is-queued",
            Self::NoBaseline => "no-baseline",
            Self::CountsLate => "counts-late",
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        [Self::Shipped].into_iter().chain(Self::BROKEN).find(|it| it.name() == name)
    }

    /// What the machine is told of a promise just taken.
    pub fn taken(self, mut progress: Progress) -> Progress {
        if self == Self::DeadIsQueued && progress.state == State::Sending {
            progress.state = State::Queued;
        }
        if self == Self::ReadThenResend && progress.state == State::InDoubt {
            progress.horizon_at = None;
            progress.negative_reads = 1;
        }
        if self == Self::NoBaseline && progress.baseline.is_some() {
            progress.baseline = Some(Vec::new());
        }
        progress
    }

    /// Since when a step counts: its worker's clocks before and after it took the promise.
    pub const fn began(self, before: Watch, after: Watch) -> Watch {
        if matches!(self, Self::CountsLate) { after } else { before }
    }

    /// What the machine, and whoever writes to the network, is told of the time.
    pub const fn watch(self, began: Watch, now: Watch) -> Watch {
        if matches!(self, Self::NoDeadline) { began } else { now }
    }

    /// What the machine is told.
    pub fn told(self, mut report: Report, action: &Action, evidence: &Evidence<'_>) -> Report {
        match &mut report {
            Report::Sent { answer, .. } => {
                if self == Self::NaiveRetry
                    && matches!(answer, Answer::Unknown | Answer::Conflict(_))
                {
                    *answer = Answer::NotSent { after: Some(SignedDuration::from_secs(5)) };
                }
            }
            Report::Seen(sight) => self.seen(sight, action, evidence),
            Report::Unread { .. } | Report::Stored { .. } => {}
        }
        report
    }

    fn seen(self, sight: &mut Sight, action: &Action, evidence: &Evidence<'_>) {
        if matches!(self, Self::ReadThenResend | Self::ResendAllKinds) {
            sight.again = true;
        }
        if let Some(reading) = self.reading(action, evidence) {
            sight.reading = reading;
        }
    }

    /// What a variant reads instead.
    pub fn reading(self, action: &Action, evidence: &Evidence<'_>) -> Option<Reading> {
        let Action::Gesture(gesture) = action else { return None };
        let known = evidence.baseline?;
        let alike = |it: &&GestureRequest| {
            it.amount == Some(gesture.amount)
                && it.reason.as_deref() == Some(&*gesture.reason)
                && !known.contains(&it.id)
        };
        let found = (self == Self::NoMarker).then(|| evidence.requests.gestures().find(alike))?;
        Some(found.map_or(Reading::Absent, |it| Reading::Found { reference: Some(it.id.clone()) }))
    }

    /// What is stored of what the machine said, after that answer.
    pub fn stored(self, mut store: Store, answered: Option<&Answer>) -> Store {
        let refused = matches!(answered, Some(Answer::Refused(_)));
        if self == Self::RefusalIsFinal && refused && store.progress.state == State::InDoubt {
            store.progress.state = State::Refused;
        }
        store
    }
}
