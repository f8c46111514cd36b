//! Texts of the ship form (`product` 4.5).

use crate::domain::action::Misfit;
use crate::domain::tracking_link::Problem;
use crate::web::text::Lang;

texts! {
    ship_send_next { "Send and next" "Envoyer et suivante" }
    ship_parcel(number) { "Parcel {number}" "Colis {number}" }
    ship_of_parcel(number, text) { "Parcel {number}: {text}" "Colis {number}\u{a0}: {text}" }
    ship_choose_carrier { "Choose a carrier" "Choisissez un transporteur" }
    ship_other_carrier { "Other carrier" "Autre transporteur" }
    ship_if_not_listed { "if not in the list" "s’il n’est pas dans la liste" }
    ship_carriers_read(at) {
        "Carriers as the marketplace lists them, {at}."
        "Transporteurs selon la liste de la place de marché, {at}."
    }
    ship_carriers_absent {
        "The marketplace’s list of carriers is not here yet: write the name."
        "La liste des transporteurs n’est pas encore disponible\u{a0}: écrivez le nom."
    }
    ship_optional { "optional" "facultatif" }
    ship_link_hint {
        "The carrier’s public page with the tracking number in it."
        "La page publique du transporteur, avec le numéro de suivi."
    }
    ship_lines_in_parcel { "Lines in this parcel" "Lignes de ce colis" }
    ship_cancel_asked {
        "The customer asked to cancel this line: ship it only if it has left already."
        "Le client a demandé l’annulation de cette ligne\u{a0}: expédiez-la seulement si elle est déjà partie."
    }
    ship_recent_carriers { "Your last carriers" "Vos derniers transporteurs" }
    ship_other_carriers { "All others, A to Z" "Tous les autres, de A à Z" }
    ship_add { "Add a parcel" "Ajouter un colis" }
    ship_remove { "Remove" "Retirer" }
    ship_remove_parcel(number) { "parcel {number}" "le colis {number}" }
    ship_anyway { "Send anyway" "Envoyer quand même" }
    ship_declare_first {
        "Declare the shipment before the carrier collects it. The order becomes Shipped when Octopia confirms."
        "Déclarez l’expédition avant l’enlèvement par le transporteur. La commande passe à Expédiée quand Octopia confirme."
    }
    ship_summary { "Order summary" "Résumé de la commande" }
    ship_rules(channel) { "{channel} rules" "Règles de {channel}" }
    ship_not_included { "Not in this shipment" "Hors de cette expédition" }
    ship_late(span) { "This will be declared {span} late." "Déclaration avec {span} de retard." }
    ship_warnings { "Check before sending" "À vérifier avant l’envoi" }
    ship_two_carriers {
        "Choose a carrier from the list, or write another one, not both"
        "Choisissez un transporteur dans la liste ou écrivez-en un autre, pas les deux"
    }
    ship_field_twice { "This field was sent twice. Check it" "Ce champ a été envoyé deux fois. Vérifiez-le" }
    ship_too_many_parcels { "There are too many parcels" "Il y a trop de colis" }
    warning_link_without_number {
        "The link does not contain the tracking number. Customers may not find their parcel."
        "Le lien ne contient pas le numéro de suivi. Le client risque de ne pas retrouver son colis."
    }
    warning_private_host {
        "The link leads to a private address that customers cannot open."
        "Le lien mène à une adresse privée, que le client ne peut pas ouvrir."
    }
    warning_number_used(number) {
        "The tracking number {number} is already used on another order:"
        "Le numéro de suivi {number} est déjà utilisé sur une autre commande\u{a0}:"
    }
    warning_cancel_asked(line) {
        "The customer has asked to cancel line {line}. Ship it only if it has left already."
        "Le client a demandé l’annulation de la ligne {line}. Expédiez-la seulement si elle est déjà partie."
    }
    warning_own_number(number) {
        "{number} is the number of the order, not of the parcel. Scan the carrier’s label."
        "{number} est le numéro de la commande, pas celui du colis. Scannez l’étiquette du transporteur."
    }
    warning_odd_length(number) {
        "The tracking number {number} has an unusual length."
        "Le numéro de suivi {number} a une longueur inhabituelle."
    }
}

impl Lang {
    /// `12 orders to ship in this list`
    pub fn left_in_list(self, orders: i64) -> String {
        self.count(
            orders,
            ["order to ship in this list", "orders to ship in this list"],
            ["commande à expédier dans cette liste", "commandes à expédier dans cette liste"],
        )
    }

    /// The button of the form.
    pub fn ship_send(self, parcels: i64) -> String {
        let parcels = self.count(parcels, ["parcel", "parcels"], ["colis", "colis"]);
        match self {
            Self::En => format!("Ship {parcels}"),
            Self::Fr => format!("Expédier {parcels}"),
        }
    }

    /// The rules of a channel: several parcels, one line in several, some lines now.
    pub const fn ship_rule(self, rule: ShipRule, allowed: bool) -> &'static str {
        let (en, fr) = match (rule, allowed) {
            (ShipRule::SeveralParcels, true) => {
                ("Several parcels per order", "Plusieurs colis par commande")
            }
            (ShipRule::SeveralParcels, false) => {
                ("One parcel per order", "Un seul colis par commande")
            }
            (ShipRule::LineInSeveralParcels, true) => {
                ("One line in several parcels", "Une ligne dans plusieurs colis")
            }
            (ShipRule::LineInSeveralParcels, false) => {
                ("Each line in one parcel", "Chaque ligne dans un seul colis")
            }
            (ShipRule::Partial, true) => (
                "Part of the order now, the rest later",
                "Une partie maintenant, le reste plus tard",
            ),
            (ShipRule::Partial, false) => ("All lines at once", "Toutes les lignes en une fois"),
        };
        self.pick(en, fr)
    }

    /// What does not fit, as the field says it.
    pub fn misfit(self, misfit: &Misfit) -> String {
        let (en, fr) = match misfit {
            Misfit::NoParcel => ("Add a parcel", "Ajoutez un colis"),
            Misfit::OneParcelOnly => (
                "This channel takes one parcel per order",
                "Ce canal accepte un seul colis par commande",
            ),
            Misfit::CarrierMissing(_) => ("Choose a carrier", "Choisissez un transporteur"),
            Misfit::CarrierTooLong(_) => (
                "The carrier’s name must be 50 characters or fewer",
                "Le nom du transporteur doit compter 50 caractères au plus",
            ),
            Misfit::NumberMissing(_) => {
                ("Enter the tracking number", "Saisissez le numéro de suivi")
            }
            Misfit::NumberTooLong(_) => (
                "The tracking number must be 60 characters or fewer",
                "Le numéro de suivi doit compter 60 caractères au plus",
            ),
            Misfit::NumberTwice(_) => (
                "Another parcel has the same tracking number",
                "Un autre colis a le même numéro de suivi",
            ),
            Misfit::Link(_, problem) => return self.link_problem(problem),
            Misfit::EmptyParcel(_) => {
                ("Choose the lines in this parcel", "Choisissez les lignes de ce colis")
            }
            Misfit::LineNotToShip { line, .. } => {
                return match self {
                    Self::En => format!("Line {line} is no longer to be shipped. Check the parcel"),
                    Self::Fr => format!("La ligne {line} n’est plus à expédier. Vérifiez le colis"),
                };
            }
            Misfit::LineInSeveralParcels { line, .. } => {
                return match self {
                    Self::En => format!("Line {line} is already in another parcel"),
                    Self::Fr => format!("La ligne {line} est déjà dans un autre colis"),
                };
            }
            Misfit::LineLeftOut(line) => {
                return match self {
                    Self::En => format!(
                        "Line {line} must be in a parcel: this channel takes all lines at once"
                    ),
                    Self::Fr => format!(
                        "La ligne {line} doit être dans un colis\u{a0}: ce canal prend toutes les lignes en une fois"
                    ),
                };
            }
            Misfit::ReasonMissing(_)
            | Misfit::ReasonGone { .. }
            | Misfit::NoLine
            | Misfit::LineNotToCancel(_)
            | Misfit::DetailsMissing
            | Misfit::DetailsTooLong
            | Misfit::AmountMissing
            | Misfit::AmountTooFine
            | Misfit::AmountOver(_)
            | Misfit::OverCeiling(_)
            | Misfit::OverDay { .. }
            | Misfit::GesturesClosed
            | Misfit::CurrencyChanged(_)
            | Misfit::GestureAlready { .. }
            | Misfit::FileEmpty
            | Misfit::FileTooLarge(_) => return misfit.to_string(),
        };
        self.pick(en, fr).to_owned()
    }

    pub(super) fn link_problem(self, problem: &Problem) -> String {
        let (en, fr) = match problem {
            Problem::Scheme => (
                "Tracking link must start with http:// or https://",
                "Le lien de suivi doit commencer par http:// ou https://",
            ),
            Problem::Character(character) => {
                return match self {
                    Self::En => format!(
                        "Tracking link contains a character Octopia does not accept: {character}"
                    ),
                    Self::Fr => {
                        format!(
                            "Le lien contient un caractère refusé par Octopia\u{a0}: {character}"
                        )
                    }
                };
            }
            Problem::TooLong => ("Tracking link is too long", "Le lien de suivi est trop long"),
            Problem::Incomplete => (
                "Tracking link is not a complete public link",
                "Le lien de suivi n’est pas une adresse publique complète",
            ),
        };
        self.pick(en, fr).to_owned()
    }
}

/// What a channel decides about shipping.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShipRule {
    /// More than one parcel.
    SeveralParcels,
    /// A line in more than one parcel.
    LineInSeveralParcels,
    /// Some lines now, the others later.
    Partial,
}
