//! Texts of promises: how far one is, why it failed, and what to do next.

use crate::domain::action::ActionKind;
use crate::domain::delivery::Refusal;
use crate::domain::delivery::State;
use crate::domain::order::Status;
use crate::web::text::Lang;

texts! {
    sending_in(span) { "Sending in {span}" "Envoi dans {span}" }
    sending_now { "Sending now" "Envoi en cours" }
    next_try_in(span) { "Not sent yet; next try in {span}" "Pas encore envoyé\u{a0}; nouvel essai dans {span}" }
    next_try_now { "Not sent yet; trying again" "Pas encore envoyé\u{a0}; nouvel essai" }
    waiting_paused { "Waiting: sending is paused" "En attente\u{a0}: les envois sont suspendus" }
    cancel_sending { "Cancel sending" "Annuler l’envoi" }
    see_details { "Details" "Détails" }
    sent_waiting {
        "Sent, waiting for the marketplace’s answer"
        "Envoyé, en attente de la réponse de la place de marché"
    }
    no_answer_checking {
        "No answer, checking with the marketplace"
        "Sans réponse, vérification auprès de la place de marché"
    }
    do_not_redo {
        "Do not do it again in the Octopia portal."
        "Ne le refaites pas dans le portail Octopia."
    }
    nobody_knows(action) {
        "{action}: nobody knows whether it arrived."
        "{action}\u{a0}: nul ne sait si c’est arrivé."
    }
    decide_now { "Look and decide" "Vérifier et décider" }
    was_refused(action) { "{action} refused." "{action} refusé." }
    was_confirmed(action) { "{action} confirmed by Octopia." "{action}\u{a0}: confirmé par Octopia." }
    was_withdrawn(action) {
        "{action}: sending canceled, nothing was sent."
        "{action}\u{a0}: envoi annulé, rien n’a été envoyé."
    }
    correct_shipment { "Correct the shipment" "Corriger l’expédition" }

    promise_title(action, order) { "{action} of order {order}" "{action}, commande {order}" }
    promise_what { "What was asked" "Ce qui a été demandé" }
    promise_by { "By" "Par" }
    promise_at { "At" "Le" }
    promise_state { "State" "État" }
    promise_order_status { "The order’s status" "Statut de la commande" }
    promise_attempts { "Sent" "Envois" }
    promise_reads { "Read since, without finding it" "Lectures depuis, sans le trouver" }
    promise_next { "What happens next" "La suite" }
    promise_link { "Tracking link" "Lien de suivi" }
    promise_lines { "Lines" "Lignes" }
    promise_decide_title { "Your decision" "Votre décision" }
    promise_decide_hint {
        "Look at the order in the Octopia portal first."
        "Regardez d’abord la commande dans le portail Octopia."
    }
    promise_decide_role {
        "Your role cannot decide this. Ask a colleague who may do it."
        "Votre rôle ne permet pas d’en décider. Demandez à un collègue qui peut le faire."
    }
    promise_done { "It was done" "C’est fait" }
    promise_done_note {
        "The promise counts as confirmed. Nothing is sent again. The status follows what the marketplace says."
        "L’action compte comme confirmée. Rien n’est renvoyé. Le statut suit ce que dit la place de marché."
    }
    promise_not_done { "It was not done: start a new one" "Ce n’est pas fait\u{a0}: recommencer" }
    promise_not_done_note {
        "The promise counts as refused, and its form opens again: if the first attempt did arrive after all, it would be done twice."
        "L’action compte comme refusée, et son formulaire s’ouvre à nouveau\u{a0}: si le premier envoi était malgré tout arrivé, ce serait fait deux fois."
    }
    promise_choose { "Choose what happened" "Indiquez ce qui s’est passé" }
    promise_too_late { "Too late" "Trop tard" }
}

impl Lang {
    /// A colon before what follows on the same line.
    pub const fn colon(self) -> &'static str {
        self.pick(": ", "\u{a0}: ")
    }

    /// Why a promise was not kept.
    pub fn refusal(self, refusal: &Refusal) -> String {
        match refusal {
            Refusal::Marketplace { words } => match self {
                Self::En => format!("Octopia says: {words}"),
                Self::Fr => format!("Réponse d’Octopia\u{a0}: {words}"),
            },
            Refusal::NoLongerPossible { status } => {
                let status = Status::parse(status);
                let status = self.status_name(&status);
                match self {
                    Self::En => format!(
                        "Nothing was sent: the order had gone to “{status}”, where this is not possible."
                    ),
                    Self::Fr => format!(
                        "Rien n’a été envoyé\u{a0}: la commande était passée à «\u{a0}{status}\u{a0}», où c’est impossible."
                    ),
                }
            }
            Refusal::AlreadyDone => self
                .pick(
                    "Nothing was sent: it was already done, in the portal or by another program.",
                    "Rien n’a été envoyé\u{a0}: c’était déjà fait, dans le portail ou par un autre logiciel.",
                )
                .to_owned(),
            Refusal::NoLongerFits => self
                .pick(
                    "Nothing was sent: the order, its lines or its requests had changed meanwhile.",
                    "Rien n’a été envoyé\u{a0}: la commande, ses lignes ou ses demandes avaient changé entre-temps.",
                )
                .to_owned(),
            Refusal::NotAllowed => self
                .pick(
                    "Nothing was sent: the role of the person who asked for it does not include it any more, or gives no more gestures today.",
                    "Rien n’a été envoyé\u{a0}: le rôle de la personne qui l’a demandé ne le permet plus, ou n’accorde plus de geste aujourd’hui.",
                )
                .to_owned(),
            Refusal::UnknownOrder => self
                .pick(
                    "Nothing was sent: the marketplace does not know the order.",
                    "Rien n’a été envoyé\u{a0}: la place de marché ne connaît pas la commande.",
                )
                .to_owned(),
        }
    }

    /// Where a promise stands, after its action: `Shipment sent 14:09`.
    pub fn last_promise(self, kind: ActionKind, state: State, at: &str) -> String {
        let noun = self.action_noun(kind);
        let (en, fr) = match state {
            State::Queued => ("queued", "en attente"),
            State::Sending => ("sent", "envoyée"),
            State::InDoubt => ("in doubt", "sans réponse"),
            State::NeedsPerson => ("needs your decision", "à décider"),
            State::Confirmed => ("confirmed", "confirmée"),
            State::Refused => ("refused", "refusée"),
            State::Withdrawn => ("withdrawn", "retirée"),
        };
        // « Refus » and « Geste » are masculine.
        let word = match (self, kind) {
            (Self::Fr, ActionKind::Refuse | ActionKind::Gesture) => {
                fr.strip_suffix("ée").map(|it| format!("{it}é"))
            }
            (Self::En | Self::Fr, _) => None,
        };
        let word = word.unwrap_or_else(|| self.pick(en, fr).to_owned());
        format!("{noun} {word} {at}")
    }

    /// What happens next to a promise in that state.
    pub const fn promise_next_step(self, state: State) -> &'static str {
        let (en, fr) = match state {
            State::Queued => (
                "It is sent when its time comes. Until then it can be taken back.",
                "L’envoi a lieu le moment venu. D’ici là, il peut être annulé.",
            ),
            State::Sending => (
                "The marketplace’s answer is expected within half a minute.",
                "La réponse de la place de marché est attendue sous 30 secondes.",
            ),
            State::InDoubt => (
                "Comptoir reads the order again until it finds the effect, or is sure that there is none. Do not do it again in the Octopia portal.",
                "Comptoir relit la commande jusqu’à trouver l’effet, ou être sûr de son absence. Ne le refaites pas dans le portail Octopia.",
            ),
            State::NeedsPerson => (
                "Reading did not settle it. Look at the order in the Octopia portal, then decide below. If the effect shows later, Comptoir notes it by itself.",
                "La lecture n’a pas permis de conclure. Regardez la commande dans le portail Octopia, puis décidez ci-dessous. Si l’effet apparaît plus tard, Comptoir le notera de lui-même.",
            ),
            State::Confirmed => ("Nothing more: it is done.", "Plus rien\u{a0}: c’est fait."),
            State::Refused => (
                "Nothing more: it will not happen. The order can be acted on again.",
                "Plus rien\u{a0}: cela n’aura pas lieu. La commande redevient modifiable.",
            ),
            State::Withdrawn => (
                "Nothing more: it was taken back before it left.",
                "Plus rien\u{a0}: l’envoi a été annulé à temps.",
            ),
        };
        self.pick(en, fr)
    }

    /// Why a promise can no longer be taken back or decided.
    pub fn too_late(self, state: State) -> String {
        let state = self.delivery_state(state);
        match self {
            Self::En => format!("It cannot be changed any more. It is now: {state}."),
            Self::Fr => format!("Ce n’est plus modifiable. État actuel\u{a0}: {state}."),
        }
    }

    /// How often something was done.
    pub fn times(self, count: i32) -> String {
        self.count(count.into(), ["time", "times"], ["fois", "fois"])
    }
}
