//! Parking a call in mid-flight, so that a test can do something meanwhile.

use tokio::sync::watch;

use crate::matcher::Matcher;
use crate::matcher::Seen;

/// Before or after the effect of a call.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum When {
    /// The marketplace has read the call and done nothing yet.
    #[default]
    Before,
    /// The effect is there, the answer is not sent.
    After,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Wait,
    Go,
    Cut,
}

/// A trap for the next matching call. The call continues even when its client has gone, as at a
/// real server: what is held before the effect has its effect on [`release`](Hold::release).
#[derive(Debug)]
pub struct Hold {
    reached: watch::Receiver<bool>,
    verdict: watch::Sender<Verdict>,
}

impl Hold {
    /// Waits until a matching call is parked.
    pub async fn reached(&self) {
        let mut reached = self.reached.clone();
        // An error means that the simulator has stopped: nothing more will arrive.
        let _ = reached.wait_for(|reached| *reached).await;
    }

    /// Whether a call is or was parked.
    pub fn is_reached(&self) -> bool {
        *self.reached.borrow()
    }

    /// Lets the call go on; dropping the hold does the same.
    pub fn release(self) {
        self.verdict.send_replace(Verdict::Go);
    }

    /// Cuts the connection; a call held before its effect never has it.
    pub fn cut(self) {
        self.verdict.send_replace(Verdict::Cut);
    }
}

/// The call's side of a hold.
#[derive(Debug)]
pub(crate) struct Trap {
    matcher: Matcher,
    pub(crate) when: When,
    reached: watch::Sender<bool>,
    verdict: watch::Receiver<Verdict>,
}

impl Trap {
    pub(crate) async fn park(&mut self) -> Verdict {
        self.reached.send_replace(true);
        let verdict = self.verdict.wait_for(|verdict| *verdict != Verdict::Wait).await;
        verdict.map_or(Verdict::Go, |verdict| *verdict)
    }
}

/// Every trap that no call has reached yet.
#[derive(Debug, Default)]
pub(crate) struct Holds(Vec<Trap>);

impl Holds {
    pub(crate) fn set(&mut self, matcher: Matcher, when: When) -> Hold {
        let (reached_by_call, reached) = watch::channel(false);
        let (verdict, awaited) = watch::channel(Verdict::Wait);
        self.0.push(Trap { matcher, when, reached: reached_by_call, verdict: awaited });
        Hold { reached, verdict }
    }

    pub(crate) fn take(&mut self, seen: &Seen) -> Option<Trap> {
        // A dropped hold waits for nobody.
        self.0.retain(|trap| trap.verdict.has_changed().is_ok());
        let index = self.0.iter().position(|trap| trap.matcher.matches(seen))?;
        Some(self.0.remove(index))
    }
}
