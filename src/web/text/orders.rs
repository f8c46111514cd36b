//! Texts of the order page.

use crate::domain::delivery::State;
use crate::domain::order::Status;
use crate::web::text::Lang;

texts! {
    order_heading { "Order" "Commande" }
    order_title(number) { "Order {number}" "Commande {number}" }
    order_neighbors { "Neighboring orders" "Commandes voisines" }
    back_to_list { "Back to the list" "Retour à la liste" }
    order_previous { "Previous" "Précédente" }
    order_next { "Next" "Suivante" }
    order_facts { "Key facts" "L’essentiel" }
    fact_status { "Status" "Statut" }
    fact_ship_by { "Ship by" "Date limite d’expédition" }
    fact_promised { "Promised to the customer" "Promis au client" }
    fact_channel { "Channel" "Canal" }
    fact_account { "Account" "Compte" }
    fact_created { "Created" "Créée" }
    fact_customer { "Customer" "Client" }
    fact_business { "Business order" "Commande professionnelle" }
    fact_reference { "Reference" "Référence" }
    fact_payment { "Payment" "Paiement" }
    fact_who_ships { "Who ships" "Mode logistique" }
    day_range(from, to) { "{from} to {to}" "{from} au {to}" }

    lines { "Lines" "Lignes" }
    line_and_offer { "Line, offer" "Ligne, offre" }
    line_product { "Product" "Produit" }
    line_quantity { "Qty" "Qté" }
    line_offer_price { "Offer price" "Prix de l’offre" }
    line_selling_price { "Selling price" "Prix de vente" }
    line_total { "Total" "Total" }
    line_status_and_supply { "Status, supply" "Statut, logistique" }
    line_untitled { "Product without a name" "Produit sans nom" }

    parcels { "Parcels" "Colis" }
    parcel_carrier { "Carrier" "Transporteur" }
    parcel_number { "Tracking number" "Numéro de suivi" }
    parcel_declared { "Declared" "Déclaré" }
    parcel_marketplace { "Marketplace" "Place de marché" }
    parcel_tracking { "Tracking" "Suivi" }
    parcel_track { "Track" "Suivre" }
    parcel_new_window { "opens a new window" "nouvelle fenêtre" }
    parcel_elsewhere { "outside of Comptoir" "hors de Comptoir" }

    customer { "Customer" "Client" }
    customer_ship_to { "Ship to" "Livraison" }
    customer_bill_to { "Bill to" "Facturation" }
    customer_phone { "Phone" "Téléphone" }
    customer_email { "Email" "E-mail" }
    customer_vat(number) { "VAT {number}" "TVA {number}" }
    customer_reference { "Customer number" "Numéro de client" }
    customer_hidden {
        "Names and addresses are hidden: your role does not include personal data. Ask a warehouse or customer-service colleague."
        "Les noms et adresses sont masqués\u{a0}: votre rôle ne donne pas accès aux données personnelles. Demandez à l’entrepôt ou au service client."
    }
    address_before_preparation {
        "The marketplace gives the address when the order is in preparation."
        "La place de marché donne l’adresse quand la commande est en préparation."
    }
    address_after_shipping {
        "Hidden by the marketplace until its warehouse has shipped the order."
        "Masquée par la place de marché jusqu’à l’expédition par son entrepôt."
    }
    address_absent {
        "The marketplace gave no address."
        "La place de marché n’a pas donné d’adresse."
    }

    amounts { "Amounts" "Montants" }
    amounts_note(currency) { "{currency}, VAT included" "{currency}, TTC" }
    amount_offer { "Products at offer price" "Produits au prix de l’offre" }
    amount_discounts { "Discounts" "Remises" }
    amount_products { "Products" "Produits" }
    amount_shipping { "Shipping" "Frais de port" }
    amount_fee { "Service fee" "Frais de service" }
    amount_paid { "Paid by the customer" "Payé par le client" }
    amount_fee_kept { "Service fee, kept by the channel" "Frais de service, gardés par le canal" }
    amount_commission { "Commission, without VAT" "Commission HT" }
    amount_mismatch(difference) {
        "The lines do not add up to the marketplace’s total: the difference is {difference}."
        "La somme des lignes diffère du total de la place de marché de {difference}."
    }
    amount_unknown {
        "Some prices are missing, so the lines cannot be added up."
        "Des prix manquent\u{a0}: la somme des lignes est impossible."
    }

    check_again { "Check again" "Vérifier à nouveau" }
}

impl Lang {
    /// `5 lines, 8 pieces, 2 lines to ship`.
    pub fn lines_summary(self, lines: i64, pieces: i64, to_ship: i64) -> String {
        let lines = self.count(lines, ["line", "lines"], ["ligne", "lignes"]);
        let pieces = self.count(pieces, ["piece", "pieces"], ["pièce", "pièces"]);
        if to_ship == 0 {
            return format!("{lines}, {pieces}");
        }
        let to_ship = self.count(
            to_ship,
            ["line to ship", "lines to ship"],
            ["ligne à expédier", "lignes à expédier"],
        );
        format!("{lines}, {pieces}, {to_ship}")
    }

    /// Why there is no customer any more.
    pub fn customer_removed(self, at: &str, after_days: Option<i32>) -> String {
        match (self, after_days) {
            (Self::En, Some(days)) => format!(
                "Names and contact data were removed on {at} ({days} days after the order ended)."
            ),
            (Self::En, None) => {
                format!("Names and contact data were removed on {at}, because the customer asked.")
            }
            (Self::Fr, Some(days)) => format!(
                "Les noms et coordonnées ont été effacés le {at} ({days} jours après la fin de la commande)."
            ),
            (Self::Fr, None) => {
                format!("Les noms et coordonnées ont été effacés le {at}, à la demande du client.")
            }
        }
    }

    /// Where the last promise stands, for the announcement after a change.
    pub fn announcement(self, action: &str, state: State, status: &str) -> String {
        let state = self.delivery_state(state);
        match self {
            Self::En => format!("{action}: {state}. Status: {status}."),
            Self::Fr => format!("{action}\u{a0}: {state}. Statut\u{a0}: {status}."),
        }
    }

    /// Why the marketplace gives no address now, and when it will.
    pub const fn no_address(self, status: &Status, ours: bool) -> &'static str {
        match status {
            Status::Processing | Status::WaitingAcceptance | Status::Accepted => {
                self.address_before_preparation()
            }
            Status::InPreparation | Status::CancelRequest if !ours => self.address_after_shipping(),
            Status::InPreparation
            | Status::Shipped
            | Status::Delivered
            | Status::CancelRequest
            | Status::Cancelled
            | Status::Refused
            | Status::Rejected
            | Status::Other(_) => self.address_absent(),
        }
    }
}
