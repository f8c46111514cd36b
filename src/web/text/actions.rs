//! Texts of the actions: what each one does, who may, and who is first.

use crate::domain::action::ActionKind;
use crate::domain::action::InFlight;
use crate::domain::delivery::State;
use crate::domain::operator::Permission;
use crate::domain::order::SupplyMode;
use crate::web::text::Lang;

texts! {
    actions_title { "Actions" "Actions" }
    actions_none { "Nothing to do here now." "Rien à faire ici pour l’instant." }
    actions_unavailable { "Not available now" "Impossible pour l’instant" }
    act_accept_or_refuse { "Accept or refuse" "Accepter ou refuser" }
    act_accept { "Accept the order" "Accepter la commande" }
    act_accept_note {
        "Tells the marketplace that you will ship it. Final checks follow, then it is to ship."
        "Indique à la place de marché que vous l’expédierez. Après ses contrôles, elle sera à expédier."
    }
    act_refuse { "Refuse the order" "Refuser la commande" }
    act_refuse_note {
        "The customer’s order ends. You confirm on the next page."
        "La commande du client prend fin. Confirmation à la page suivante."
    }
    act_back { "Back to the order" "Retour à la commande" }

    accept_question { "Accept this order?" "Accepter cette commande\u{a0}?" }
    accept_consequence {
        "The marketplace makes its final checks, up to several tens of minutes. Then the order is to ship, and the customer counts on it."
        "La place de marché fait ses derniers contrôles, jusqu’à plusieurs dizaines de minutes. La commande sera ensuite à expédier, et le client y compte."
    }
    refuse_question { "Refuse this order?" "Refuser cette commande\u{a0}?" }
    refuse_consequence {
        "The customer’s order ends and the customer is refunded. This counts against your acceptance rate. It cannot be undone here."
        "La commande du client prend fin et le client est remboursé. Cela pèse sur votre taux d’acceptation. C’est irréversible."
    }
    approval_delay(seconds) {
        "Sent to the marketplace after {seconds} s; until then you can cancel the sending."
        "Envoyé à la place de marché après {seconds} s\u{a0}; d’ici là, vous pouvez annuler l’envoi."
    }
    invoices_delays(least, most) {
        "Sent to the marketplace after {least} to {most} s, as each account has it; until then you can cancel the sending."
        "Envoyé à la place de marché après {least} à {most} s, selon le compte\u{a0}; d’ici là, vous pouvez annuler l’envoi."
    }
    approval_at_once { "Sent to the marketplace at once." "Envoyé immédiatement à la place de marché." }
    form_outdated {
        "This form is out of date. Check it and send it again"
        "Ce formulaire n’est plus à jour. Vérifiez-le et renvoyez-le"
    }
    form_unknown_field(name) {
        "Comptoir does not know the field “{name}”. Check the form and send it again"
        "Comptoir ne connaît pas le champ «\u{a0}{name}\u{a0}». Vérifiez le formulaire et renvoyez-le"
    }

    blocked_title { "Not possible now" "Impossible pour l’instant" }
    blocked_nothing_sent {
        "Nothing was recorded, and nothing was sent to the marketplace."
        "Rien n’a été enregistré, et rien n’a été envoyé à la place de marché."
    }
    blocked_kept { "Your entry is kept below." "Votre saisie est conservée ci-dessous." }
    blocked_your_entry { "Your entry" "Votre saisie" }
    blocked_try_again { "Check again and send" "Vérifier à nouveau et envoyer" }
    unknown_status_next {
        "Act in the Octopia portal, and tell whoever runs Comptoir."
        "Agissez dans le portail Octopia, et prévenez la personne qui gère Comptoir."
    }
}

impl Lang {
    /// An action as a thing to do, in the list of what is not possible.
    pub const fn action_name(self, kind: ActionKind) -> &'static str {
        let (en, fr) = match kind {
            ActionKind::Accept => ("Accept", "Accepter"),
            ActionKind::Refuse => ("Refuse", "Refuser"),
            ActionKind::Ship => ("Ship", "Expédier"),
            ActionKind::Cancel => ("Cancel the whole order", "Annuler toute la commande"),
            ActionKind::CancelLines => ("Cancel some lines", "Annuler des lignes"),
            ActionKind::Gesture => ("Commercial gesture", "Geste commercial"),
            ActionKind::Invoice => ("Invoice", "Facture"),
        };
        self.pick(en, fr)
    }

    /// The role lacks a permission, and who has it.
    pub const fn needs(self, permission: Permission) -> &'static str {
        let (en, fr) = match permission {
            Permission::Accept => (
                "Your role cannot accept or refuse orders. Ask a warehouse colleague.",
                "Votre rôle ne permet pas d’accepter ou de refuser. Demandez à l’entrepôt.",
            ),
            Permission::Ship => (
                "Your role cannot ship. Ask a warehouse colleague.",
                "Votre rôle ne permet pas d’expédier. Demandez à l’entrepôt.",
            ),
            Permission::Cancel => (
                "Your role cannot cancel. Ask a customer-service colleague.",
                "Votre rôle ne permet pas d’annuler. Demandez au service client.",
            ),
            Permission::Gesture => (
                "Your role cannot give commercial gestures. Ask a customer-service colleague.",
                "Votre rôle ne permet pas d’accorder un geste commercial. Demandez au service client.",
            ),
            Permission::Invoice => (
                "Your role cannot upload invoices. Ask a customer-service colleague.",
                "Votre rôle ne permet pas de déposer des factures. Demandez au service client.",
            ),
            Permission::See => (
                "Your role cannot see orders. Ask an admin.",
                "Votre rôle ne permet pas de voir les commandes. Demandez à un administrateur.",
            ),
            Permission::Export => (
                "Your role cannot export. Ask a manager.",
                "Votre rôle ne permet pas d’exporter. Demandez à un responsable.",
            ),
            Permission::Note => (
                "Your role cannot write notes. Ask a warehouse or customer-service colleague.",
                "Votre rôle ne permet pas d’écrire des notes. Demandez à l’entrepôt ou au service client.",
            ),
            Permission::Assign => (
                "Your role cannot assign orders to others. Ask a manager.",
                "Votre rôle ne permet pas d’attribuer des commandes à d’autres. Demandez à un responsable.",
            ),
            Permission::Settings => (
                "Your role cannot change settings. Ask an admin.",
                "Votre rôle ne permet pas de modifier les réglages. Demandez à un administrateur.",
            ),
            Permission::Users => (
                "Your role cannot see or change users. Ask an admin.",
                "Votre rôle ne permet pas de voir ni de modifier les utilisateurs. Demandez à un administrateur.",
            ),
            Permission::PauseSending => (
                "Your role cannot pause sending. Ask an admin.",
                "Votre rôle ne permet pas de suspendre les envois. Demandez à un administrateur.",
            ),
            Permission::SeePersonalData => (
                "Your role does not include personal data. Ask a customer-service colleague.",
                "Votre rôle ne donne pas accès aux données personnelles. Demandez au service client.",
            ),
        };
        self.pick(en, fr)
    }

    /// Who was first, with what, and how far that is.
    pub fn in_flight(self, promise: &InFlight, since: impl std::fmt::Display) -> String {
        let InFlight { kind, state, by, .. } = promise;
        let (noun, state) = (self.action_noun(*kind), self.in_flight_state(*state));
        match self {
            Self::En => format!("{noun} by {by} at {since}: {state}."),
            Self::Fr => format!("{noun} par {by} à {since}\u{a0}: {state}."),
        }
    }

    const fn in_flight_state(self, state: State) -> &'static str {
        let (en, fr) = match state {
            State::Queued => ("waiting to be sent", "en attente d’envoi"),
            State::Sending => ("sent, waiting for the answer", "envoyé, en attente de réponse"),
            State::InDoubt => (
                "no answer, checking with the marketplace",
                "sans réponse, vérification auprès de la place de marché",
            ),
            State::NeedsPerson => ("somebody must decide", "quelqu’un doit décider"),
            State::Confirmed => ("confirmed", "confirmé"),
            State::Refused => ("refused", "refusé"),
            State::Withdrawn => ("sending canceled", "envoi annulé"),
        };
        self.pick(en, fr)
    }

    pub(super) fn not_ours(self, mode: &SupplyMode) -> String {
        let centre = self.supply_mode(mode);
        match self {
            Self::En => format!(
                "This order is prepared by {centre}. You can follow it here; the warehouse declares the parcel."
            ),
            Self::Fr => format!("Préparée par {centre}. Le colis sera déclaré par l’entrepôt."),
        }
    }

    /// What happened to an order while somebody filled in a form.
    pub fn changed_meanwhile(self, status: &str, at: &str) -> String {
        match self {
            Self::En => format!("The order changed while you were working: “{status}” since {at}."),
            Self::Fr => {
                format!(
                    "La commande a changé entre-temps\u{a0}: «\u{a0}{status}\u{a0}» depuis {at}."
                )
            }
        }
    }

    /// The button that leads to the form: `Ship 2 lines`.
    pub fn act_ship(self, lines: usize) -> String {
        let lines = i64::try_from(lines).unwrap_or(i64::MAX);
        let noun = self.count(lines, ["line", "lines"], ["ligne", "lignes"]);
        match self {
            Self::En => format!("Ship {noun}"),
            Self::Fr => format!("Expédier {noun}"),
        }
    }

    /// What is there to ship: `AY01 and AY02 are in preparation.`
    pub fn act_ship_note(self, lines: &[&str]) -> String {
        let and = self.pick(" and ", " et ");
        let names = match lines {
            [one] => (*one).to_owned(),
            [first @ .., last] if lines.len() <= 4 => format!("{}{and}{last}", first.join(", ")),
            _ => return String::new(),
        };
        match (self, lines.len()) {
            (Self::En, 1) => format!("{names} is in preparation."),
            (Self::En, _) => format!("{names} are in preparation."),
            (Self::Fr, _) => format!("En préparation\u{a0}: {names}."),
        }
    }
}
