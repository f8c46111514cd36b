//! What the marketplace made of a promise that it decides about later.

use crate::db::promises::Promise;
use crate::domain::delivery::State;
use crate::domain::request::Request;
use crate::domain::request::Standing;
use crate::web::components::Delivery;
use crate::web::orders::Desk;

/// The marketplace's decision, as far as the mirror knows.
#[derive(Debug)]
pub struct Outcome {
    /// For `data-icon`.
    pub icon: &'static str,
    /// What became of it, in a sentence.
    pub title: String,
    /// Why it was turned down, and what that means.
    pub note: Option<String>,
    /// Where it stands: the marketplace's word, or ours for it. None, while its record is not known.
    pub standing: Option<String>,
    /// The marketplace's identifier of it.
    pub id: Option<String>,
    /// What became of each line, where the marketplace tells them apart.
    pub lines: Vec<(String, String)>,
    /// Whether it will not happen after all.
    pub rejected: bool,
}

impl Outcome {
    /// The promise's mark: a promise that was taken and turned down later is refused for people.
    pub fn delivery(&self, of_promise: Delivery) -> Delivery {
        match &self.standing {
            Some(label) if self.rejected => Delivery::new(State::Refused, label.clone()),
            Some(_) | None => of_promise,
        }
    }
}

/// The outcome of a promise; none, if it is not taken, or takes effect with the answer.
pub fn of(desk: &Desk, promise: &Promise) -> Option<Outcome> {
    let (lang, kind) = (desk.lang(), promise.action.kind());
    let wanted = kind.request()?;
    if promise.progress.state != State::Confirmed {
        return None;
    }
    let noun = lang.action_noun(kind);
    let reference = promise.progress.reference.as_deref();
    let request = reference.and_then(|id| desk.mirrored.requests.find(wanted, id));
    let words = request.map(|it| it.words().join(" ")).unwrap_or_default();
    let (icon, title, note) = match request.map(Request::standing) {
        None | Some(Standing::InProgress | Standing::Other(_)) => {
            ("info", lang.under_review(noun), None)
        }
        Some(Standing::Done) => ("ok", lang.was_done(noun), None),
        Some(Standing::Rejected) => {
            let note = lang.turned_down_because(&words);
            ("fail", lang.was_turned_down(noun), Some(note))
        }
    };
    Some(Outcome {
        icon,
        title,
        note,
        standing: request.map(|it| lang.standing(it.standing())),
        id: reference.map(str::to_owned),
        lines: lines(desk, request),
        rejected: request.is_some_and(|it| *it.standing() == Standing::Rejected),
    })
}

fn lines(desk: &Desk, request: Option<&Request>) -> Vec<(String, String)> {
    match request {
        Some(Request::Cancellation(it)) if it.lines.iter().any(|it| it.standing.is_some()) => {
            let line = |id: &String| (id.clone(), desk.lang().standing(it.standing_of(id)));
            it.lines.iter().map(|it| line(&it.line_id)).collect()
        }
        Some(Request::Cancellation(_) | Request::Gesture(_) | Request::Invoice(_)) | None => {
            Vec::new()
        }
    }
}
