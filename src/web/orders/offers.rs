//! The box of actions: what can be done now, and why the rest cannot.

use uuid::Uuid;

use crate::domain::action;
use crate::domain::action::ActionKind;
use crate::domain::action::ship;
use crate::web::help;
use crate::web::help::Topic;
use crate::web::orders::Desk;

/// What can be done, most likely first, and what cannot.
#[derive(Debug)]
pub struct OffersView {
    /// What can be done.
    pub can: Vec<Can>,
    /// What cannot, with the reason.
    pub cannot: Vec<Cannot>,
    /// What whoever looks at the order may ask.
    pub help: Vec<Topic>,
}

/// An action that is on offer.
#[derive(Debug)]
pub struct Can {
    /// Its address.
    pub href: String,
    /// The word in its address, unique on the page.
    pub slug: &'static str,
    /// The submission, if it can be posted right from here.
    pub submission: Option<Uuid>,
    /// Its words.
    pub label: String,
    /// What it does.
    pub note: String,
    /// For `data-icon`.
    pub icon: &'static str,
    /// The most likely one.
    pub primary: bool,
}

/// An action that is not on offer.
#[derive(Debug)]
pub struct Cannot {
    /// Its name, or those of several.
    pub name: String,
    /// Why not, and what would open it.
    pub reason: String,
}

/// The actions on an order. `submission` is for the action that needs no page of its own.
pub fn view(desk: &Desk, submission: Uuid) -> OffersView {
    let lang = desk.lang();
    let (mut can, mut cannot) = (Vec::new(), Vec::<Cannot>::new());
    for offer in action::offers(&desk.facts()) {
        let Some(blocked) = offer.blocked else {
            let primary = can.is_empty() && is_the_days_work(offer.kind);
            can.push(offered(desk, offer.kind, submission, primary));
            continue;
        };
        let reason = lang.blocked(offer.kind, &blocked, |at| desk.reader.clock(at).text);
        // What blocks several is said once.
        match (offer.kind, cannot.last_mut().filter(|it| it.reason == reason)) {
            (ActionKind::Refuse, Some(accept)) => {
                lang.act_accept_or_refuse().clone_into(&mut accept.name);
            }
            (kind, Some(others)) => {
                others.name = format!("{}, {}", others.name, lang.action_name(kind));
            }
            (kind, None) => {
                cannot.push(Cannot { name: lang.action_name(kind).to_owned(), reason });
            }
        }
    }
    OffersView { can, cannot, help: help::of_order(desk.order()) }
}

fn offered(desk: &Desk, kind: ActionKind, submission: Uuid, primary: bool) -> Can {
    let lang = desk.lang();
    let slug = kind.slug();
    let href = format!("{}/{slug}{}", desk.href(), desk.queue.here());
    let (label, note, icon, submission) = match kind {
        ActionKind::Accept => {
            let (label, note) = (lang.act_accept(), lang.act_accept_note());
            (label.to_owned(), note.to_owned(), "tick", Some(submission))
        }
        ActionKind::Refuse => {
            let (label, note) = (lang.act_refuse(), lang.act_refuse_note());
            (label.to_owned(), note.to_owned(), "close", None)
        }
        ActionKind::Ship => {
            let facts = desk.facts();
            let lines = ship::limits(&facts).lines;
            let ids: Vec<&str> = lines.iter().map(|it| it.id.as_str()).collect();
            (lang.act_ship(ids.len()), lang.act_ship_note(&ids), "truck", None)
        }
        ActionKind::Cancel
        | ActionKind::CancelLines
        | ActionKind::Gesture
        | ActionKind::Invoice => {
            let label = lang.action_name(kind).to_owned();
            (label, lang.act_later_note(kind).to_owned(), icon(kind), None)
        }
    };
    Can { href, slug, submission, label, note, icon, primary }
}

/// What orders are there for. Nothing that takes something back is ever the most likely button.
const fn is_the_days_work(kind: ActionKind) -> bool {
    match kind {
        ActionKind::Accept | ActionKind::Ship => true,
        ActionKind::Refuse
        | ActionKind::Cancel
        | ActionKind::CancelLines
        | ActionKind::Gesture
        | ActionKind::Invoice => false,
    }
}

const fn icon(kind: ActionKind) -> &'static str {
    match kind {
        ActionKind::Accept => "tick",
        ActionKind::Refuse | ActionKind::Cancel | ActionKind::CancelLines => "close",
        ActionKind::Ship => "truck",
        ActionKind::Gesture => "gift",
        ActionKind::Invoice => "upload",
    }
}
