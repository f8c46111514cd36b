//! Texts of the forms that cancel (`product` 4.7).

use crate::domain::action::cancel_lines::NotCancellable;
use crate::domain::order::Line;
use crate::web::text::Lang;

texts! {
    cancel_scope { "What do you want to cancel?" "Que voulez-vous annuler\u{a0}?" }
    cancel_scope_whole { "The whole order" "Toute la commande" }
    cancel_scope_whole_note {
        "Every line, for one reason."
        "Toutes les lignes, pour un seul motif."
    }
    cancel_scope_lines { "Some lines" "Certaines lignes" }
    cancel_scope_lines_note {
        "Each line has its own reason. The other lines stay as they are."
        "Chaque ligne a son propre motif. Les autres lignes ne changent pas."
    }
    cancel_reason { "Reason" "Motif" }
    cancel_reason_for(line) { "Reason for {line}" "Motif pour {line}" }
    cancel_choose_reason { "Choose a reason" "Choisissez un motif" }
    cancel_reasons_read(at) {
        "Reasons as Octopia offers them, read at {at}."
        "Motifs proposés par Octopia, lus à {at}."
    }
    cancel_reasons_depend {
        "Reasons depend on the order status."
        "Les motifs dépendent du statut de la commande."
    }
    cancel_no_reasons {
        "Octopia offers no reason for this status now."
        "Octopia ne propose aucun motif pour ce statut actuellement."
    }
    cancel_shipping { "Refund shipping costs" "Rembourser les frais de port" }
    cancel_shipping_of(line) {
        "Refund shipping costs of {line}"
        "Rembourser les frais de port de {line}"
    }
    cancel_shipping_missing {
        "Choose whether shipping is refunded"
        "Indiquez si les frais de port sont remboursés"
    }
    cancel_shipping_missing_for(line) {
        "Choose whether shipping is refunded for {line}"
        "Indiquez si les frais de port sont remboursés pour {line}"
    }
    cancel_yes { "Yes" "Oui" }
    cancel_no { "No" "Non" }
    cancel_lines_title { "Lines to cancel" "Lignes à annuler" }
    cancel_line { "Line" "Ligne" }
    cancel_paid { "Paid" "Payé" }
    cancel_estimate { "Estimated refund" "Remboursement estimé" }
    cancel_with_shipping(amount) { "{amount} with shipping" "{amount} avec le port" }
    cancel_shipping_paid(amount) { "shipping {amount}" "port {amount}" }
    cancel_copy {
        "Copy the first reason to all chosen lines"
        "Copier le premier motif sur toutes les lignes choisies"
    }
    cancel_line_gone(line) {
        "Line {line} can no longer be canceled. It is not chosen any more"
        "La ligne {line} n’est plus annulable. Elle n’est plus choisie"
    }
    cancel_check { "Check cancellation" "Vérifier l’annulation" }
    cancel_check_title { "Check the cancellation" "Vérifiez l’annulation" }
    cancel_change { "Change" "Modifier" }
    cancel_next { "What happens next" "Ce qui va se passer" }
    cancel_refunded(amount) {
        "The customer is refunded {amount} (estimate)."
        "Le client est remboursé de {amount} (estimation)."
    }
    cancel_refunded_with_shipping(amount, shipping) {
        "The customer is refunded {amount}, {shipping} of it for shipping (estimate)."
        "Le client est remboursé de {amount}, dont {shipping} de frais de port (estimation)."
    }
    cancel_refunded_unknown {
        "The customer is refunded. A price is missing, so that Comptoir cannot estimate the amount."
        "Le client est remboursé. Un prix manque\u{a0}: Comptoir ne peut pas estimer le montant."
    }
    cancel_payout {
        "The amount is deducted from your next payout."
        "Le montant est déduit de votre prochain versement."
    }
    cancel_return {
        "You arrange the return yourself: the lines you shipped are with the carrier or the customer."
        "Vous organisez vous-même le retour\u{a0}: les lignes que vous avez expédiées sont chez le transporteur ou le client."
    }
    cancel_no_undo {
        "You cannot undo this here."
        "C’est irréversible."
    }
    cancel_silent {
        "Reasons could not be read from Octopia."
        "Les motifs n’ont pas pu être lus auprès d’Octopia."
    }
    cancel_silent_credentials {
        "Octopia refuses the account’s credentials: tell whoever runs Comptoir."
        "Octopia refuse les identifiants du compte\u{a0}: prévenez la personne qui gère Comptoir."
    }
    cancel_kept { "Your choices are kept." "Votre saisie est conservée." }
    cancel_nothing_sent { "Nothing was sent." "Rien n’a été envoyé." }
    cancel_try_again { "Try again" "Réessayer" }
    cancel_see_request { "See the request" "Voir la demande" }
    cancel_asked(who, standing) {
        "asked by {who}: {standing}"
        "demandée par {who}\u{a0}: {standing}"
    }
    cancel_asked_at(who, at, standing) {
        "asked by {who}, {at}: {standing}"
        "demandée par {who}, {at}\u{a0}: {standing}"
    }
}

impl Lang {
    /// The button that confirms: `Cancel 2 lines`.
    pub fn cancel_confirm(self, lines: usize) -> String {
        let lines = i64::try_from(lines).unwrap_or(i64::MAX);
        let lines = self.count(lines, ["line", "lines"], ["ligne", "lignes"]);
        match self {
            Self::En => format!("Cancel {lines}"),
            Self::Fr => format!("Annuler {lines}"),
        }
    }

    /// Yes or no.
    pub const fn cancel_yes_no(self, yes: bool) -> &'static str {
        if yes { self.cancel_yes() } else { self.cancel_no() }
    }

    /// Why a line cannot be chosen. `request` tells the request that holds it.
    pub fn not_cancellable(
        self,
        why: NotCancellable,
        line: &Line,
        request: Option<&str>,
    ) -> String {
        let (en, fr) = match why {
            NotCancellable::Cancelled => (
                "Already canceled. A second request would be refused.",
                "Déjà annulée. Une seconde demande serait refusée.",
            ),
            NotCancellable::InRequest => (
                "A cancellation of this line exists. A second request would be refused.",
                "Une annulation de cette ligne existe. Une seconde demande serait refusée.",
            ),
            NotCancellable::NoOffer => (
                "The marketplace did not tell its offer, without which a line cannot be canceled.",
                "La place de marché n’a pas indiqué son offre, sans laquelle une ligne ne peut pas être annulée.",
            ),
            NotCancellable::WithWarehouse => {
                let mode = self.supply_mode(&line.supply_mode);
                return match self {
                    Self::En => format!("Prepared by {mode}. Possible once it is shipped."),
                    Self::Fr => format!("Préparée par {mode}. Possible une fois expédiée."),
                };
            }
            NotCancellable::Status => {
                let status = self.status(&line.status, &line.supply_mode);
                return match self {
                    Self::En => format!("Not possible from “{status}”."),
                    Self::Fr => format!("Impossible depuis «\u{a0}{status}\u{a0}»."),
                };
            }
        };
        let sentence = self.pick(en, fr);
        match (self, request) {
            (Self::En, Some(request)) => format!("{sentence} Cancellation {request}."),
            (Self::Fr, Some(request)) => format!("{sentence} Annulation {request}."),
            (Self::En | Self::Fr, None) => sentence.to_owned(),
        }
    }
}
