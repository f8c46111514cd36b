//! What a look at the marketplace says about a promise.

use crate::domain::action;
use crate::domain::action::Action;
use crate::domain::action::Blocked;
use crate::domain::action::Evidence;
use crate::domain::action::Facts;
use crate::domain::action::Misfit;
use crate::domain::delivery::Progress;
use crate::domain::delivery::Reading;
use crate::domain::delivery::Refusal;

/// A look at the marketplace, judged by the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sight {
    /// What speaks against sending now.
    pub obstacle: Option<Refusal>,
    /// Whether the effect shows.
    pub reading: Reading,
    /// Whether the action may be sent again after an unknown outcome.
    pub again: bool,
    /// The requests that the order has, of the kind that the action makes.
    pub requests: Vec<String>,
}

impl Sight {
    /// The marketplace has no such order.
    pub const fn of_unknown_order() -> Self {
        Self {
            obstacle: Some(Refusal::UnknownOrder),
            reading: Reading::Superseded,
            again: false,
            requests: Vec::new(),
        }
    }

    /// Judges what was just read by the same rules that the pages asked.
    pub fn of(action: &Action, progress: &Progress, marker: &str, facts: &Facts<'_>) -> Self {
        let Facts { order, requests, .. } = *facts;
        let baseline = progress.baseline.as_deref();
        let reading = action.reading(&Evidence { order, requests, baseline, marker });
        let kind = action.kind();
        let own = requests.all.iter().filter(|it| Some(it.kind()) == kind.request());
        Self {
            obstacle: obstacle(action, &reading, facts),
            again: action.may_be_sent_again(order),
            requests: own.map(|it| it.id().to_owned()).collect(),
            reading,
        }
    }
}

fn obstacle(action: &Action, reading: &Reading, facts: &Facts<'_>) -> Option<Refusal> {
    if matches!(reading, Reading::Found { .. }) {
        return Some(Refusal::AlreadyDone);
    }
    // Rights may have changed since the promise was made (`reliability` S-13).
    if !facts.role.may(action.kind().spec().permission) {
        return Some(Refusal::NotAllowed);
    }
    match action::still_possible(action.kind(), facts) {
        Err(Blocked::WrongStatus { .. } | Blocked::UnknownStatus(_)) => {
            let status = facts.order.status.as_str().to_owned();
            return Some(Refusal::NoLongerPossible { status });
        }
        // The status would allow it; its lines, its requests or its channel do not.
        Err(_) => return Some(Refusal::NoLongerFits),
        Ok(()) => {}
    }
    let misfits = action.fit(facts);
    if misfits.iter().any(|it| matches!(it, Misfit::GestureAlready { .. })) {
        return Some(Refusal::AlreadyDone);
    }
    let over = |it: &Misfit| matches!(it, Misfit::OverCeiling(_) | Misfit::OverDay { .. });
    if misfits.iter().any(over) {
        return Some(Refusal::NotAllowed);
    }
    (!misfits.is_empty()).then_some(Refusal::NoLongerFits)
}
