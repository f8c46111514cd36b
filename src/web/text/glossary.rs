//! Texts of the glossary: what each word means, and what it is called elsewhere.

use crate::domain::delivery::State;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::vocabulary::Absence;
use crate::domain::vocabulary::Detail;
use crate::domain::vocabulary::LengowAction;
use crate::web::text::Lang;

texts! {
    glossary { "Glossary" "Glossaire" }
    glossary_intro {
        "Every word of the order desk: the marketplace’s, ours, Lengow’s, and those of Cdiscount’s former API."
        "Tous les mots de l’outil\u{a0}: ceux de la place de marché, les nôtres, ceux de Lengow, et ceux de l’ancienne API Cdiscount."
    }
    glossary_parts { "On this page" "Sur cette page" }
    glossary_what_it_means { "What does this status mean?" "Que veut dire ce statut\u{a0}?" }
    glossary_unknown { "A status that Comptoir does not know" "Un statut que Comptoir ne connaît pas" }
    glossary_unknown_meaning {
        "The marketplace used a new word. Comptoir keeps it and shows it as it is; nothing can be done from it here."
        "La place de marché emploie un mot nouveau. Comptoir le garde et l’affiche tel quel\u{a0}; aucune action n’est possible ici."
    }
    glossary_english { "English" "Anglais" }
    glossary_french { "French" "Français" }
    glossary_actions { "What can be done" "Actions possibles" }
    glossary_no_action { "Nothing in Comptoir" "Aucune dans Comptoir" }
    glossary_lengow { "Lengow" "Lengow" }
    glossary_no_lengow { "No word of its own" "Pas de mot propre" }
    glossary_legacy { "Former Cdiscount API" "Ancienne API Cdiscount" }
    glossary_no_legacy { "None" "Aucun" }
    glossary_supply_modes { "Supply modes" "Modes logistiques" }
    glossary_states { "What becomes of an action" "Ce que devient une action" }
    glossary_states_intro {
        "A click asks the marketplace for something; the status of the order changes when the marketplace says so."
        "Un clic demande quelque chose à la place de marché\u{a0}; le statut de la commande change quand elle le confirme."
    }
    glossary_lengow_actions { "Lengow’s actions" "Les actions de Lengow" }
    glossary_legacy_words { "Words of the former Cdiscount API" "Mots de l’ancienne API Cdiscount" }
    glossary_word { "Word" "Mot" }
    glossary_meaning { "Meaning" "Signification" }
    glossary_today { "Today" "Aujourd’hui" }
    glossary_remark { "Remark" "Remarque" }
    glossary_here { "In Comptoir" "Dans Comptoir" }
    glossary_no_equivalent { "No equivalent" "Sans équivalent" }
    glossary_cancellation { "Cancel" "Annuler" }
    glossary_mark { "Shown as" "Affiché" }
}

impl Lang {
    /// What a status means, in a sentence.
    pub const fn status_meaning(self, status: &Status) -> &'static str {
        let (en, fr) = match status {
            Status::Processing => (
                "The marketplace checks the order; it is not ready for you yet.",
                "La place de marché contrôle la commande\u{a0}; elle n’est pas encore prête pour vous.",
            ),
            Status::WaitingAcceptance => (
                "Say yes or no before the deadline, or the order may expire by itself. On Cdiscount only.",
                "Répondez oui ou non avant la date limite, sinon la commande peut expirer d’elle-même. Sur Cdiscount uniquement.",
            ),
            Status::Accepted => (
                "You said yes; the marketplace makes its final checks, which can take several tens of minutes.",
                "Vous avez dit oui\u{a0}; la place de marché fait ses derniers contrôles, ce qui peut prendre plusieurs dizaines de minutes.",
            ),
            Status::InPreparation => (
                "You have to ship the order. In the other supply modes, a warehouse prepares it.",
                "La commande est à expédier par vous. Dans les autres modes logistiques, un entrepôt la prépare.",
            ),
            Status::Shipped => (
                "The shipment was declared, and the order is on its way to the customer.",
                "L’expédition est déclarée, et la commande est en route vers le client.",
            ),
            Status::Delivered => (
                "The customer has it. Not every carrier reports it.",
                "Le client l’a reçue. Tous les transporteurs ne l’indiquent pas.",
            ),
            Status::CancelRequest => (
                "Somebody asked to cancel the order. If the marketplace says no, it goes back to its former status.",
                "Quelqu’un a demandé l’annulation. Si la place de marché refuse, la commande retrouve son statut précédent.",
            ),
            Status::Cancelled => (
                "The order was cancelled or refunded, which can happen at any time.",
                "La commande a été annulée ou remboursée, ce qui peut arriver à tout moment.",
            ),
            Status::Refused => ("You said no to the order.", "Vous avez refusé la commande."),
            Status::Rejected => (
                "The marketplace’s checks failed, for want of stock or of an active offer. It does not count against you.",
                "Les contrôles de la place de marché ont échoué, faute de stock ou d’offre active. Sans effet sur vos indicateurs.",
            ),
            Status::Other(_) => return self.glossary_unknown_meaning(),
        };
        self.pick(en, fr)
    }

    /// What a supply mode means, in a sentence.
    pub const fn supply_mode_meaning(self, supply_mode: &SupplyMode) -> &'static str {
        let (en, fr) = match supply_mode {
            SupplyMode::Seller => (
                "You keep the goods and ship them.",
                "Vous stockez les produits et vous les expédiez.",
            ),
            SupplyMode::Fulfillment => (
                "A warehouse connected to Octopia keeps the goods and ships them. Lengow receives these orders directly as shipped.",
                "Un entrepôt relié à Octopia stocke les produits et les expédie. Lengow reçoit ces commandes directement comme expédiées.",
            ),
            SupplyMode::Xdock => (
                "The goods go through a warehouse of the sales channel, which tells the status.",
                "Les produits passent par un entrepôt du canal de vente, qui indique le statut.",
            ),
            SupplyMode::Other(_) => {
                ("A word that Comptoir does not know.", "Un mot que Comptoir ne connaît pas.")
            }
        };
        self.pick(en, fr)
    }

    /// What the state of a promise means, in a sentence.
    pub const fn state_meaning(self, state: State) -> &'static str {
        let (en, fr) = match state {
            State::Queued => (
                "It is sent when its time comes. Until then it can be taken back.",
                "L’envoi a lieu le moment venu. D’ici là, il peut être annulé.",
            ),
            State::Sending => (
                "It left; the marketplace’s answer is expected within half a minute.",
                "C’est parti\u{a0}; la réponse de la place de marché est attendue sous 30 secondes.",
            ),
            State::InDoubt => (
                "The answer was lost. Comptoir reads the order again to find out; do not do it again in the Octopia portal.",
                "La réponse s’est perdue. Comptoir relit la commande pour savoir\u{a0}; ne le refaites pas dans le portail Octopia.",
            ),
            State::NeedsPerson => (
                "Reading did not settle it. Somebody looks at the order in the Octopia portal and decides.",
                "La lecture n’a pas permis de conclure. Quelqu’un regarde la commande dans le portail Octopia et décide.",
            ),
            State::Confirmed => (
                "The marketplace said so, or the order shows it. Cancellations, gestures and invoices are taken by then; the order’s page tells what was decided later.",
                "La place de marché l’a dit, ou la commande le montre. Annulations, gestes et factures sont alors pris en compte\u{a0}; la page de la commande indique la décision.",
            ),
            State::Refused => (
                "It did not happen and will not. The order can be acted on again.",
                "Cela n’a pas eu lieu et n’aura pas lieu. La commande redevient modifiable.",
            ),
            State::Withdrawn => {
                ("Somebody took it back before it left.", "Quelqu’un l’a annulée avant l’envoi.")
            }
        };
        self.pick(en, fr)
    }

    /// What a former word said beyond the status of today.
    pub const fn legacy_detail(self, detail: Detail) -> &'static str {
        let (en, fr) = match detail {
            Detail::PaymentChecked => (
                "The payment is one of the final checks and has no status of its own.",
                "Le paiement fait partie des derniers contrôles et n’a pas de statut propre.",
            ),
            Detail::PaymentFailed => (
                "The status does not say that it was the payment.",
                "Le statut ne dit pas que c’était le paiement.",
            ),
            Detail::FetchedInStore => (
                "The status does not say where the customer got it.",
                "Le statut ne dit pas où le client l’a reçue.",
            ),
            Detail::NoAnswer => (
                "The status does not say that nobody had answered in time.",
                "Le statut ne dit pas que personne n’avait répondu à temps.",
            ),
            Detail::WhoEndedIt => (
                "The status does not say who ended the order, or why.",
                "Le statut ne dit ni qui a mis fin à la commande, ni pourquoi.",
            ),
        };
        self.pick(en, fr)
    }

    /// Why an order of a former status is never seen.
    pub const fn legacy_absence(self, absence: Absence) -> &'static str {
        let (en, fr) = match absence {
            Absence::BeforePayment => (
                "Octopia shows an order once its checks have passed. This one was over before its payment.",
                "Octopia montre une commande une fois ses contrôles passés. Celle-ci s’est arrêtée avant le paiement.",
            ),
            Absence::BeforeNotification => (
                "Octopia shows an order once its checks have passed. This one was over before you were told of it.",
                "Octopia montre une commande une fois ses contrôles passés. Celle-ci s’est arrêtée avant de vous être annoncée.",
            ),
        };
        self.pick(en, fr)
    }

    /// What to know about an action of Lengow's.
    pub const fn lengow_action(self, action: LengowAction) -> &'static str {
        let (en, fr) = match action {
            LengowAction::Accept | LengowAction::Refuse => (
                "The same. Only while the order waits for acceptance.",
                "La même. Seulement tant que la commande attend l’acceptation.",
            ),
            LengowAction::Ship => (
                "The same. Carrier and tracking number are mandatory.",
                "La même. Transporteur et numéro de suivi obligatoires.",
            ),
            LengowAction::Refund => (
                "Octopia calls it “cancellation”, before shipping as well as after.",
                "Octopia l’appelle «\u{a0}annulation\u{a0}» (cancellation), avant comme après l’expédition.",
            ),
            LengowAction::Cancel => (
                "It was Lengow’s word for a refusal, and is no longer there. While the order waits for acceptance, refuse it; afterwards it is a cancellation.",
                "C’était le mot de Lengow pour un refus, et il n’existe plus. Tant que la commande attend l’acceptation, refusez-la\u{a0}; ensuite, c’est une annulation.",
            ),
        };
        self.pick(en, fr)
    }
}
