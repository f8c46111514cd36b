//! Texts of what is not possible now: which fact is in the way, and what would open it.

use jiff::Timestamp;

use crate::domain::action::ActionKind;
use crate::domain::action::Blocked;
use crate::domain::order::Status;
use crate::web::text::Lang;

impl Lang {
    /// Why an action is not possible, and what would open it. `at` tells an instant as people read it.
    pub fn blocked(
        self,
        kind: ActionKind,
        blocked: &Blocked,
        at: impl Fn(Timestamp) -> String,
    ) -> String {
        match blocked {
            Blocked::Needs(permission) => self.needs(*permission).to_owned(),
            Blocked::InFlight(promise) => {
                let first = self.in_flight(promise, at(promise.since));
                let opens = self.pick(
                    "Possible again once that is settled.",
                    "Possible à nouveau une fois cela réglé.",
                );
                format!("{first} {opens}")
            }
            Blocked::UnknownStatus(word) => {
                let next = self.unknown_status_next();
                match self {
                    Self::En => format!("Comptoir does not know the status “{word}”. {next}"),
                    Self::Fr => {
                        format!("Comptoir ne connaît pas le statut «\u{a0}{word}\u{a0}». {next}")
                    }
                }
            }
            Blocked::WrongStatus { actual, .. } => match kind {
                ActionKind::Accept | ActionKind::Refuse => self.no_decision(actual),
                ActionKind::Ship => self.no_shipping(actual),
                ActionKind::Cancel | ActionKind::CancelLines => self.no_cancelling(actual),
                ActionKind::Gesture => self.no_gesture(actual),
                ActionKind::Invoice => self.no_invoice(actual),
            },
            Blocked::NoAcceptance { channel } => match self {
                Self::En => format!("{channel} accepts orders by itself: nothing to decide."),
                Self::Fr => {
                    format!("{channel} accepte les commandes de lui-même\u{a0}: rien à décider.")
                }
            },
            Blocked::NotOursToShip(mode) => self.not_ours(mode),
            Blocked::PartlyCancelled(_)
            | Blocked::WarehouseFirst(_)
            | Blocked::NoPartialCancellation { .. }
            | Blocked::OneLineOnly
            | Blocked::NothingToCancel
            | Blocked::NoGestures { .. }
            | Blocked::NoInvoices { .. } => self.blocked_later(blocked),
            Blocked::NothingToShip => self
                .pick(
                    "No line is left to ship: yours are shipped, canceled or being canceled.",
                    "Plus aucune ligne à expédier\u{a0}: les vôtres sont expédiées, annulées ou en cours d’annulation.",
                )
                .to_owned(),
        }
    }

    fn no_decision(self, actual: &Status) -> String {
        let (en, fr) = match actual {
            Status::Processing => (
                "Possible once the marketplace has checked the order and asks for your decision.",
                "Possible quand la place de marché aura contrôlé la commande et demandera votre décision.",
            ),
            Status::Accepted | Status::InPreparation | Status::Shipped | Status::Delivered => {
                ("The order is already accepted.", "La commande est déjà acceptée.")
            }
            Status::Refused => ("The order is already refused.", "La commande est déjà refusée."),
            Status::CancelRequest => (
                "A cancellation is being decided by the marketplace.",
                "La place de marché examine une annulation.",
            ),
            Status::Cancelled => ("The order is canceled.", "La commande est annulée."),
            Status::Rejected => (
                "The marketplace has rejected the order.",
                "La place de marché a rejeté la commande.",
            ),
            Status::WaitingAcceptance => ("", ""),
            Status::Other(word) => return word.clone(),
        };
        self.pick(en, fr).to_owned()
    }

    fn no_shipping(self, actual: &Status) -> String {
        let (en, fr) = match actual {
            Status::Processing => (
                "The marketplace is checking the order. Possible once it is in preparation.",
                "La place de marché contrôle la commande. Possible quand elle sera en préparation.",
            ),
            Status::WaitingAcceptance => (
                "Accept the order first. Possible once it is in preparation.",
                "Acceptez d’abord la commande. Possible quand elle sera en préparation.",
            ),
            Status::Accepted => (
                "The marketplace makes its final checks, up to several tens of minutes. Possible once the order is in preparation.",
                "La place de marché fait ses derniers contrôles, jusqu’à plusieurs dizaines de minutes. Possible quand la commande sera en préparation.",
            ),
            Status::Shipped => ("The order is already shipped.", "La commande est déjà expédiée."),
            Status::Delivered => {
                ("The order is already delivered.", "La commande est déjà livrée.")
            }
            Status::CancelRequest => (
                "A cancellation is asked for. Possible again if the marketplace turns it down.",
                "Une annulation est demandée. Possible à nouveau si la place de marché la rejette.",
            ),
            Status::Cancelled => ("The order is canceled.", "La commande est annulée."),
            Status::Refused => ("You refused the order.", "Vous avez refusé la commande."),
            Status::Rejected => (
                "The marketplace has rejected the order.",
                "La place de marché a rejeté la commande.",
            ),
            Status::InPreparation => ("", ""),
            Status::Other(word) => return word.clone(),
        };
        self.pick(en, fr).to_owned()
    }

    /// Why cancelling, giving or uploading is not possible, apart from status and role.
    fn blocked_later(self, blocked: &Blocked) -> String {
        match (self, blocked) {
            (Self::En, Blocked::PartlyCancelled(line)) => format!(
                "Line {line} is already canceled or being canceled. Cancel the remaining lines instead, where the channel allows it."
            ),
            (Self::Fr, Blocked::PartlyCancelled(line)) => format!(
                "La ligne {line} est déjà annulée ou en cours d’annulation. Annulez les lignes restantes, si le canal le permet."
            ),
            (Self::En, Blocked::WarehouseFirst(mode)) => format!(
                "This order is prepared by {}. Possible once it is shipped.",
                self.supply_mode(mode)
            ),
            (Self::Fr, Blocked::WarehouseFirst(mode)) => {
                format!("Préparée par {}. Possible une fois expédiée.", self.supply_mode(mode))
            }
            (Self::En, Blocked::NoPartialCancellation { channel }) => {
                format!("{channel} cancels whole orders only. Cancel the whole order instead.")
            }
            (Self::Fr, Blocked::NoPartialCancellation { channel }) => {
                format!("{channel} n’annule que des commandes entières. Annulez toute la commande.")
            }
            (Self::En, Blocked::OneLineOnly) => {
                "There is only one line. Cancel the whole order instead.".to_owned()
            }
            (Self::Fr, Blocked::OneLineOnly) => {
                "Il n’y a qu’une ligne. Annulez toute la commande.".to_owned()
            }
            (Self::En, Blocked::NothingToCancel) => {
                "No line is left to cancel: they are canceled or being canceled.".to_owned()
            }
            (Self::Fr, Blocked::NothingToCancel) => {
                "Plus aucune ligne à annuler\u{a0}: elles sont annulées ou en cours d’annulation."
                    .to_owned()
            }
            (Self::En, Blocked::NoGestures { channel }) => {
                format!("{channel} does not allow commercial gestures.")
            }
            (Self::Fr, Blocked::NoGestures { channel }) => {
                format!("{channel} n’autorise pas les gestes commerciaux.")
            }
            (Self::En, Blocked::NoInvoices { channel }) => {
                format!("{channel} takes no invoices. Send it to the customer by e-mail.")
            }
            (Self::Fr, Blocked::NoInvoices { channel }) => {
                format!("{channel} n’accepte pas de factures. Envoyez-la au client par e-mail.")
            }
            (Self::En | Self::Fr, other) => other.to_string(),
        }
    }

    fn no_cancelling(self, actual: &Status) -> String {
        let (en, fr) = match actual {
            Status::Processing => (
                "The marketplace is checking the order. Possible once it is accepted.",
                "La place de marché contrôle la commande. Possible quand elle sera acceptée.",
            ),
            Status::WaitingAcceptance => (
                "The order waits for your decision: refuse it instead.",
                "La commande attend votre décision\u{a0}: refusez-la plutôt.",
            ),
            Status::CancelRequest => (
                "A cancellation is being decided by the marketplace. Possible again if it is turned down.",
                "La place de marché examine une annulation. Possible à nouveau si elle la rejette.",
            ),
            Status::Cancelled => ("The order is canceled.", "La commande est annulée."),
            Status::Refused => ("You refused the order.", "Vous avez refusé la commande."),
            Status::Rejected => (
                "The marketplace has rejected the order.",
                "La place de marché a rejeté la commande.",
            ),
            Status::Accepted | Status::InPreparation | Status::Shipped | Status::Delivered => {
                ("", "")
            }
            Status::Other(word) => return word.clone(),
        };
        self.pick(en, fr).to_owned()
    }

    fn no_gesture(self, actual: &Status) -> String {
        let (en, fr) = match actual {
            Status::Processing
            | Status::WaitingAcceptance
            | Status::Accepted
            | Status::InPreparation => {
                ("Possible once the order is shipped.", "Possible après l’expédition.")
            }
            Status::CancelRequest => (
                "A cancellation is being decided by the marketplace. Possible if it is turned down and the order shipped.",
                "La place de marché examine une annulation. Possible si elle la rejette et que la commande est expédiée.",
            ),
            Status::Cancelled => (
                "The order is canceled, and the customer refunded.",
                "La commande est annulée, et le client remboursé.",
            ),
            Status::Refused => ("You refused the order.", "Vous avez refusé la commande."),
            Status::Rejected => (
                "The marketplace has rejected the order.",
                "La place de marché a rejeté la commande.",
            ),
            Status::Shipped | Status::Delivered => ("", ""),
            Status::Other(word) => return word.clone(),
        };
        self.pick(en, fr).to_owned()
    }

    fn no_invoice(self, actual: &Status) -> String {
        let (en, fr) = match actual {
            Status::Processing | Status::WaitingAcceptance => {
                ("Possible once the order is accepted.", "Possible une fois la commande acceptée.")
            }
            Status::CancelRequest => (
                "A cancellation is being decided by the marketplace. Possible again if it is turned down.",
                "La place de marché examine une annulation. Possible à nouveau si elle la rejette.",
            ),
            Status::Cancelled => ("The order is canceled.", "La commande est annulée."),
            Status::Refused => ("You refused the order.", "Vous avez refusé la commande."),
            Status::Rejected => (
                "The marketplace has rejected the order.",
                "La place de marché a rejeté la commande.",
            ),
            Status::Accepted | Status::InPreparation | Status::Shipped | Status::Delivered => {
                ("", "")
            }
            Status::Other(word) => return word.clone(),
        };
        self.pick(en, fr).to_owned()
    }
}
