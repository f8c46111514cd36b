//! Texts of the order's history.

use crate::domain::action::Action;
use crate::domain::delivery::State;
use crate::domain::event::Actor;
use crate::domain::event::Event;
use crate::domain::order::Status;
use crate::web::format;
use crate::web::orders::history::Show;
use crate::web::text::Lang;

texts! {
    history { "History" "Historique" }
    history_hops { "Delivery of this action" "Envoi de cette action" }
    history_details { "Details" "Détails" }
    history_first_seen {
        "read the order for the first time"
        "a lu la commande pour la première fois"
    }
    history_created(at, channel) { "Created {at} on {channel}" "Créée {at} sur {channel}" }
    history_show { "Show" "Afficher" }
    wrote_a_note { "wrote an internal note" "a écrit une note interne" }
    assigned_to_nobody { "assigned the order to nobody" "a retiré l’attribution de la commande" }
    assigned_to(who) { "assigned the order to {who}" "a attribué la commande à {who}" }
    took_over_from(who) { "took the order over from {who}" "a repris la commande à {who}" }
    history_skipped(steps) { "{steps} more steps" "{steps} autres étapes" }
}

impl Lang {
    /// Whose doings the history shows, and the `id` of the link to it.
    pub const fn history_choice(self, show: Show) -> (&'static str, &'static str) {
        match show {
            Show::Everything => (self.pick("All", "Tout"), "history-all"),
            Show::Of(Actor::Person) => (self.pick("People", "Équipe"), "history-people"),
            Show::Of(Actor::Marketplace) => {
                (self.pick("Marketplace", "Place de marché"), "history-marketplace")
            }
            Show::Of(Actor::Comptoir) => ("Comptoir", "history-comptoir"),
        }
    }

    /// That there is nothing of it.
    pub const fn history_none(self, show: Show) -> &'static str {
        let (en, fr) = match show {
            Show::Everything => ("Nothing has happened yet.", "Rien ne s’est encore passé."),
            Show::Of(Actor::Person) => (
                "Nobody has done anything on this order yet.",
                "Personne n’a encore rien fait sur cette commande.",
            ),
            Show::Of(Actor::Marketplace) => (
                "The marketplace has changed nothing since Comptoir first read the order.",
                "La place de marché n’a rien changé depuis la première lecture de la commande.",
            ),
            Show::Of(Actor::Comptoir) => {
                ("Comptoir has noted nothing itself.", "Comptoir n’a rien noté lui-même.")
            }
        };
        self.pick(en, fr)
    }

    /// What a person promised, after their name: "asked to accept the order". It is not done
    /// before the marketplace confirms it.
    pub fn promised(self, action: &Action) -> String {
        match action {
            Action::Accept => self
                .pick("asked to accept the order", "a demandé d’accepter la commande")
                .to_owned(),
            Action::Refuse => self
                .pick("asked to refuse the order", "a demandé de refuser la commande")
                .to_owned(),
            Action::Ship(ship) => {
                let parcels = ship.parcels.len();
                let count = i64::try_from(parcels).unwrap_or(i64::MAX);
                let noun = self.count(count, ["parcel", "parcels"], ["colis", "colis"]);
                match self {
                    Self::En => format!("declared {noun}"),
                    Self::Fr => format!("a déclaré {noun}"),
                }
            }
            Action::Cancel(_) => self
                .pick("asked to cancel the whole order", "a demandé d’annuler toute la commande")
                .to_owned(),
            Action::CancelLines(chosen) => {
                let count = i64::try_from(chosen.lines.len()).unwrap_or(i64::MAX);
                let noun = self.count(count, ["line", "lines"], ["ligne", "lignes"]);
                match self {
                    Self::En => format!("asked to cancel {noun}"),
                    Self::Fr => format!("a demandé d’annuler {noun}"),
                }
            }
            Action::Gesture(gesture) => {
                let amount = format::money(gesture.amount, &gesture.currency);
                match self {
                    Self::En => format!("asked to give a gesture of {amount}"),
                    Self::Fr => format!("a demandé un geste commercial de {amount}"),
                }
            }
            Action::Invoice(invoice) => match self {
                Self::En => format!("uploaded the invoice {}", invoice.file_name),
                Self::Fr => format!("a déposé la facture {}", invoice.file_name),
            },
        }
    }

    /// What happened, after the name of who did it; `other` is to whom, and `at` tells an instant as people read it.
    pub fn happened(
        self,
        event: &Event,
        other: Option<&str>,
        at: impl Fn(jiff::Timestamp) -> String,
    ) -> String {
        match event {
            Event::StatusChanged { from, to } => {
                let (from, to) = (Status::parse(from), Status::parse(to));
                let (from, to) = (self.status_name(&from), self.status_name(&to));
                match self {
                    Self::En => format!("moved the order from {from} to {to}"),
                    Self::Fr => format!("a fait passer la commande de {from} à {to}"),
                }
            }
            Event::LineChanged { line, to, .. } => {
                let to = Status::parse(to);
                let to = self.status_name(&to);
                match self {
                    Self::En => format!("set line {line} to {to}"),
                    Self::Fr => format!("a fait passer la ligne {line} à {to}"),
                }
            }
            Event::DeadlineMoved { from, to } => self.deadline_moved(from.map(&at), to.map(&at)),
            Event::ParcelSeen { number, carrier } => match self {
                Self::En => format!("shows parcel {number}, {carrier}"),
                Self::Fr => format!("indique le colis {number}, {carrier}"),
            },
            Event::Promised { action } => self.promised(action),
            Event::RequestSeen { request } => self.request_seen(request),
            Event::RequestDecided { request } => self.request_decided(request),
            Event::Delivery { state, .. } => match self {
                Self::En => format!("noted: {}", self.delivery_state(*state)),
                Self::Fr => format!("a noté\u{a0}: {}", self.delivery_state(*state)),
            },
            Event::NoteWritten => self.wrote_a_note().to_owned(),
            Event::Assigned { user: None } => self.assigned_to_nobody().to_owned(),
            Event::Assigned { user: Some(_) } => self.assigned_to(other.unwrap_or("?")),
            Event::TakenOver { .. } => self.took_over_from(other.unwrap_or("?")),
            Event::Decided { done: true } => {
                self.pick("decided: it was done", "a décidé\u{a0}: c’est fait").to_owned()
            }
            Event::Decided { done: false } => self
                .pick("decided: it was not done", "a décidé\u{a0}: ce n’est pas fait")
                .to_owned(),
            Event::Packed { packed } => self.happened_packed(*packed).to_owned(),
        }
    }

    fn deadline_moved(self, from: Option<String>, to: Option<String>) -> String {
        match (self, from, to) {
            (Self::En, None, Some(to)) => format!("set the deadline to {to}"),
            (Self::En, Some(from), Some(to)) => format!("moved the deadline from {from} to {to}"),
            (Self::En, _, None) => "removed the deadline".to_owned(),
            (Self::Fr, None, Some(to)) => format!("a fixé la date limite au {to}"),
            (Self::Fr, Some(from), Some(to)) => {
                format!("a déplacé la date limite du {from} au {to}")
            }
            (Self::Fr, _, None) => "a retiré la date limite".to_owned(),
        }
    }

    /// One step of a promise: `Sent 14:09`.
    pub fn hop(self, state: State, at: &str, by: Option<&str>) -> String {
        let (en, fr) = match state {
            State::Queued => ("Queued", "En attente"),
            State::Sending => ("Sent", "Envoyé"),
            State::InDoubt => (
                "No answer, checking with the marketplace",
                "Sans réponse, vérification auprès de la place de marché",
            ),
            State::NeedsPerson => ("Needs your decision", "Décision à prendre"),
            State::Confirmed => ("Confirmed", "Confirmé"),
            State::Refused => ("Refused", "Refusé"),
            State::Withdrawn => ("Sending canceled", "Envoi annulé"),
        };
        let word = self.pick(en, fr);
        by.map_or_else(|| format!("{word} {at}"), |by| format!("{word} {at}, {by}"))
    }
}
