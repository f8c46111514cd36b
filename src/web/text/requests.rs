//! Texts of what the marketplace decides later: cancellations, gestures, invoices, ours and others'.

use crate::domain::action::ActionKind;
use crate::domain::action::cancel::Reason;
use crate::domain::request::Asker;
use crate::domain::request::Request;
use crate::domain::request::Standing;
use crate::web::format;
use crate::web::text::Lang;

texts! {
    requests_title { "Cancellations, gestures, invoices" "Annulations, gestes, factures" }
    requests_what { "What" "Quoi" }
    requests_asked_by { "Asked by" "Demandé par" }
    requests_asked_at { "Asked" "Demandé le" }
    requests_standing { "At the marketplace" "Sur la place de marché" }
    requests_replaced { "replaced by a later file" "remplacée par un fichier plus récent" }
    asker_seller { "Seller" "Vendeur" }
    asker_customer { "Customer" "Client" }
    asker_unknown { "Unknown" "Inconnu" }
    under_review(action) {
        "{action} taken by Octopia, which decides about it later."
        "{action}\u{a0}: demande prise en compte par Octopia, qui décidera plus tard."
    }
    was_done(action) { "{action} carried out by Octopia." "{action}\u{a0}: effectué par Octopia." }
    was_turned_down(action) {
        "{action} turned down by Octopia."
        "{action}\u{a0}: rejeté par Octopia."
    }
}

impl Lang {
    /// What an action of the box does, in a few words.
    pub const fn act_later_note(self, kind: ActionKind) -> &'static str {
        let (en, fr) = match kind {
            ActionKind::Cancel => ("The customer is refunded.", "Le client est remboursé."),
            ActionKind::CancelLines => (
                "Each line for its own reason; the others stay.",
                "Chaque ligne avec son motif\u{a0}; les autres restent.",
            ),
            ActionKind::Gesture => (
                "Some money back, within the channel’s limits.",
                "Un remboursement partiel, dans les limites du canal.",
            ),
            ActionKind::Invoice => ("PDF, XML or ZIP.", "PDF, XML ou ZIP."),
            ActionKind::Accept | ActionKind::Refuse | ActionKind::Ship => ("", ""),
        };
        self.pick(en, fr)
    }

    /// Why the marketplace turned something down, and what that means.
    pub fn turned_down_because(self, words: &str) -> String {
        match (self, words.is_empty()) {
            (Self::En, true) => "It gave no reason. It can be asked for again.".to_owned(),
            (Self::En, false) => format!("Octopia says: {words} It can be asked for again."),
            (Self::Fr, true) => "Sans explication. Une nouvelle demande est possible.".to_owned(),
            (Self::Fr, false) => {
                format!("Réponse d’Octopia\u{a0}: {words} Une nouvelle demande est possible.")
            }
        }
    }

    /// What the marketplace made of the last promise: `Commercial gesture, done, 14:09`.
    pub fn last_outcome(self, kind: ActionKind, standing: &Standing, at: &str) -> String {
        let noun = self.action_noun(kind);
        let (en, fr) = match standing {
            Standing::InProgress | Standing::Other(_) => ("under review", "en cours de validation"),
            Standing::Done => ("carried out", "effectué"),
            Standing::Rejected => ("turned down", "rejeté"),
        };
        format!("{noun}, {}, {at}", self.pick(en, fr))
    }

    /// Where a request stands.
    pub fn standing(self, standing: &Standing) -> String {
        let (en, fr) = match standing {
            Standing::InProgress => ("Under review by the marketplace", "En cours de validation"),
            Standing::Done => ("Done", "Fait"),
            Standing::Rejected => ("Rejected", "Rejeté"),
            Standing::Other(word) => return word.clone(),
        };
        self.pick(en, fr).to_owned()
    }

    /// Who asked.
    pub fn asker(self, asker: Option<&Asker>) -> String {
        match asker {
            Some(Asker::Seller) => self.asker_seller().to_owned(),
            Some(Asker::Customer) => self.asker_customer().to_owned(),
            Some(Asker::Other(word)) if word == "GrcOperator" => self
                .pick("Marketplace’s customer service", "Service client de la place de marché")
                .to_owned(),
            Some(Asker::Other(word)) => word.clone(),
            None => self.asker_unknown().to_owned(),
        }
    }

    /// What a request is about: `Cancellation of AY01, AY02`.
    pub fn request(self, request: &Request) -> String {
        match request {
            Request::Cancellation(it) if it.lines.is_empty() => self
                .pick("Cancellation of the whole order", "Annulation de toute la commande")
                .to_owned(),
            Request::Cancellation(it) => {
                let lines: Vec<&str> = it.lines.iter().map(|line| line.line_id.as_str()).collect();
                let lines = lines.join(", ");
                match self {
                    Self::En => format!("Cancellation of {lines}"),
                    Self::Fr => format!("Annulation de {lines}"),
                }
            }
            Request::Gesture(it) => {
                let amount = it
                    .amount
                    .map(|amount| format::money(amount, it.currency.as_deref().unwrap_or("EUR")));
                let amount = amount.unwrap_or_default();
                match self {
                    Self::En => format!("Gesture {amount}"),
                    Self::Fr => format!("Geste {amount}"),
                }
            }
            Request::Invoice(it) => {
                let name = it.file_name.as_deref().unwrap_or(&it.id);
                match self {
                    Self::En => format!("Invoice {name}"),
                    Self::Fr => format!("Facture {name}"),
                }
            }
        }
    }

    /// A request that appeared, after the name of who tells it.
    pub fn request_seen(self, request: &Request) -> String {
        let what = self.request(request);
        let by = match request {
            Request::Cancellation(it) => it.asked_by.as_ref().map(|it| self.asker(Some(it))),
            Request::Gesture(_) | Request::Invoice(_) => None,
        };
        match (self, by) {
            (Self::En, Some(by)) => format!("shows: {what}, asked by {by}"),
            (Self::En, None) => format!("shows: {what}"),
            (Self::Fr, Some(by)) => format!("indique\u{a0}: {what}, demandée par {by}"),
            (Self::Fr, None) => format!("indique\u{a0}: {what}"),
        }
    }

    /// A request that was decided, after the name of who tells it.
    pub fn request_decided(self, request: &Request) -> String {
        let (what, standing) = (self.request(request), self.standing(request.standing()));
        let words = request.words().join(" ");
        let words = if words.is_empty() { words } else { format!(". {words}") };
        match self {
            Self::En => format!("decided: {what}, {standing}{words}"),
            Self::Fr => format!("a décidé\u{a0}: {what}, {standing}{words}"),
        }
    }

    /// A reason to cancel, by its documented name where it has one (order-feature V2, "Order cancellation
    /// reasons"), else in the marketplace's words.
    pub fn cancellation_reason(self, reason: &Reason) -> String {
        let (en, fr) = match reason.code.as_str() {
            "seller-refusal" => ("Refused by the seller", "Refus du vendeur"),
            "customer-cancellation" => ("Customer cancellation", "Annulation par le client"),
            "customer-claim" => ("Customer complaint", "Réclamation client"),
            "refund-from-seller" => {
                ("Refund at the seller’s initiative", "Remboursement à l’initiative du vendeur")
            }
            "customer-withdrawal" => ("Customer withdrawal", "Rétractation du client"),
            "no-customer-withdrawal-in-store" => {
                ("Not collected in the store", "Non retirée en magasin")
            }
            "reference-mistake" => ("Wrong reference", "Erreur de référence"),
            "damaged" => ("Damaged", "Produit abîmé"),
            "multiple-shipping" => ("Delivered twice", "Livrée plusieurs fois"),
            "missing-product" => ("Missing element", "Élément manquant"),
            "breakdown-during-unpacking" => ("Breakdown on unpacking", "Panne au déballage"),
            "delivery-impossible" => {
                ("Delivery impossible (carrier)", "Livraison impossible (transporteur)")
            }
            "customer-refusal" => {
                ("Refused by the customer (carrier)", "Refusée par le client (transporteur)")
            }
            "transport-damage" => ("Transport damage (carrier)", "Avarie de transport"),
            "not-collected-at-the-collection-point" => {
                ("Not collected at the pick-up point", "Non retirée au point relais")
            }
            code => return reason.label.clone().unwrap_or_else(|| code.to_owned()),
        };
        self.pick(en, fr).to_owned()
    }

    /// A reason to give money, by its documented name where it has one.
    pub fn gesture_reason(self, code: &str) -> String {
        let (en, fr) = match code {
            "MissingProduct" => ("Missing product", "Produit manquant"),
            "ShippingFees" => ("Shipping fees", "Frais de port"),
            "Other" => ("Other", "Autre"),
            "Delay" => ("Delay", "Retard"),
            "ReturnFees" => ("Return fees", "Frais de retour"),
            _ => return code.to_owned(),
        };
        self.pick(en, fr).to_owned()
    }

    /// A reason with what becomes of shipping: `Damaged, shipping refunded`.
    pub fn cancellation_of(self, reason: &Reason, shipping_refund: bool) -> String {
        let reason = self.cancellation_reason(reason);
        let shipping = if shipping_refund {
            self.pick("shipping refunded", "frais de port remboursés")
        } else {
            self.pick("shipping not refunded", "frais de port non remboursés")
        };
        format!("{reason}, {shipping}")
    }
}
