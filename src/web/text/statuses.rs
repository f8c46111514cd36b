//! Texts of where an order, a deadline and a promise stand (`product` 4.0).

use std::borrow::Cow;

use crate::domain::action::ActionKind;
use crate::domain::deadline::Urgency;
use crate::domain::delivery::State;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::web::text::Lang;

impl Lang {
    /// A status, short: for tabs and filters, where nobody knows who ships.
    pub fn status_name(self, status: &Status) -> Cow<'static, str> {
        let (en, fr) = match status {
            Status::Processing => ("Being checked", "En contrôle"),
            Status::WaitingAcceptance => ("To accept", "À accepter"),
            Status::Accepted => ("Accepted", "Acceptée"),
            Status::InPreparation => ("In preparation", "En préparation"),
            Status::Shipped => ("Shipped", "Expédiée"),
            Status::Delivered => ("Delivered", "Livrée"),
            Status::CancelRequest => ("Cancellation requested", "Annulation demandée"),
            Status::Cancelled => ("Cancelled", "Annulée"),
            Status::Refused => ("Refused by you", "Refusée par vous"),
            Status::Rejected => ("Rejected", "Rejetée"),
            Status::Other(word) => return Cow::Owned(word.clone()),
        };
        Cow::Borrowed(self.pick(en, fr))
    }

    /// A status, as the badge of an order has it.
    pub fn status(self, status: &Status, supply_mode: &SupplyMode) -> Cow<'static, str> {
        let (en, fr) = match status {
            Status::Processing => ("Being checked by the marketplace", "En cours de contrôle"),
            Status::WaitingAcceptance => ("To accept", "En attente d’acceptation"),
            Status::Accepted => ("Accepted, final checks", "Acceptée, contrôles en cours"),
            Status::InPreparation if *supply_mode == SupplyMode::Seller => {
                ("To ship", "À expédier")
            }
            Status::InPreparation => return Cow::Owned(self.prepared_by(supply_mode)),
            Status::Rejected => ("Rejected by the marketplace", "Rejetée par la place de marché"),
            Status::Shipped
            | Status::Delivered
            | Status::CancelRequest
            | Status::Cancelled
            | Status::Refused
            | Status::Other(_) => return self.status_name(status),
        };
        Cow::Borrowed(self.pick(en, fr))
    }

    fn prepared_by(self, supply_mode: &SupplyMode) -> String {
        let centre = self.supply_mode(supply_mode);
        match self {
            Self::En => format!("Prepared by {centre}"),
            Self::Fr => format!("En préparation chez {centre}"),
        }
    }

    /// The line under a status's badge; `ship_by` is the deadline as people read it.
    pub fn status_note(
        self,
        status: &Status,
        supply_mode: &SupplyMode,
        ship_by: Option<&str>,
    ) -> Option<String> {
        let (en, fr) = match status {
            Status::Processing => ("Nothing to do yet.", "Aucune action pour l’instant."),
            Status::WaitingAcceptance => (
                "Accept or refuse before the deadline.",
                "À accepter ou refuser avant la date limite.",
            ),
            Status::Accepted => {
                ("Can take several tens of minutes.", "Peut prendre plusieurs dizaines de minutes.")
            }
            Status::InPreparation if *supply_mode == SupplyMode::Seller => {
                let ship_by = ship_by?;
                return Some(match self {
                    Self::En => format!("Ship by {ship_by}."),
                    Self::Fr => format!("À expédier avant le {ship_by}."),
                });
            }
            Status::InPreparation => {
                ("You do not ship this order.", "Vous n’expédiez pas cette commande.")
            }
            Status::Delivered => {
                ("Not reported by every carrier.", "Tous les transporteurs ne l’indiquent pas.")
            }
            Status::CancelRequest => {
                ("Waiting for the marketplace.", "En attente de la place de marché.")
            }
            Status::Rejected => (
                "Check the offer and stock. Does not count against you.",
                "Vérifiez l’offre et le stock. Sans effet sur vos indicateurs.",
            ),
            Status::Other(_) => {
                ("New status, not known to this tool.", "Statut inconnu de l’outil.")
            }
            Status::Shipped | Status::Cancelled | Status::Refused => return None,
        };
        Some(self.pick(en, fr).to_owned())
    }

    /// Who keeps and ships the goods.
    pub fn supply_mode(self, supply_mode: &SupplyMode) -> Cow<'static, str> {
        match supply_mode {
            SupplyMode::Seller => Cow::Borrowed(self.pick("Seller", "Vendeur")),
            SupplyMode::Fulfillment => Cow::Borrowed("Octopia Fulfillment"),
            SupplyMode::Xdock => Cow::Borrowed("Xdock"),
            SupplyMode::Other(word) => Cow::Owned(word.clone()),
        }
    }

    /// A group of the list.
    pub const fn urgency(self, urgency: Urgency) -> &'static str {
        let (en, fr) = match urgency {
            Urgency::Overdue => ("Overdue", "En retard"),
            Urgency::Soon => ("Due in under 4 h", "Dans moins de 4 h"),
            Urgency::Today => ("Later today", "Plus tard aujourd’hui"),
            Urgency::Tomorrow => ("Tomorrow", "Demain"),
            Urgency::Later => ("Later", "Plus tard"),
            Urgency::None => ("No deadline to meet", "Sans date limite à tenir"),
            Urgency::Closed => ("Done", "Terminées"),
        };
        self.pick(en, fr)
    }

    /// An action as a thing: what was promised.
    pub const fn action_noun(self, kind: ActionKind) -> &'static str {
        let (en, fr) = match kind {
            ActionKind::Accept => ("Acceptance", "Acceptation"),
            ActionKind::Refuse => ("Refusal", "Refus"),
            ActionKind::Ship => ("Shipment", "Expédition"),
            ActionKind::Cancel => ("Cancellation", "Annulation"),
            ActionKind::CancelLines => ("Cancellation of lines", "Annulation de lignes"),
            ActionKind::Gesture => ("Commercial gesture", "Geste commercial"),
            ActionKind::Invoice => ("Invoice", "Facture"),
        };
        self.pick(en, fr)
    }

    /// Where a promise stands, on its own: "Confirmed".
    pub const fn delivery_state(self, state: State) -> &'static str {
        let (en, fr) = match state {
            State::Queued => ("Waiting to be sent", "En attente d’envoi"),
            State::Sending => ("Sent, waiting", "Envoi en cours"),
            State::InDoubt => ("No answer, checking", "Sans réponse, vérification"),
            State::NeedsPerson => ("Needs your decision", "Décision à prendre"),
            State::Confirmed => ("Confirmed", "Confirmé"),
            State::Refused => ("Refused", "Refusé"),
            State::Withdrawn => ("Withdrawn", "Retiré"),
        };
        self.pick(en, fr)
    }
}
