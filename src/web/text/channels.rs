//! Texts of the sales channels' rules.

use crate::domain::channel::Origin;
use crate::domain::channel::Rule;
use crate::web::text::Lang;

texts! {
    channels_title { "Sales channels" "Canaux de vente" }
    channels_channel { "Channel" "Canal" }
    channels_gestures { "Gestures" "Gestes" }
    channels_none {
        "No channel is known yet. Each one appears with its first order."
        "Aucun canal n’est encore connu. Chacun apparaît avec sa première commande."
    }
    channels_note {
        "What is not known is not allowed: Octopia would refuse a wrong yes after the carrier has left. Whether gestures are allowed is asked of Octopia."
        "Ce qui n’est pas connu n’est pas permis\u{a0}: Octopia refuserait un oui erroné après le départ du transporteur. Les gestes permis sont demandés à Octopia."
    }
    channels_file_note {
        "Whoever runs the server sets these rules in the server’s file."
        "La personne qui gère le serveur définit ces règles dans le fichier du serveur."
    }
    channels_change { "Set the rules of" "Définir les règles de" }
    channels_change_hint {
        "Tick what this channel allows, as Octopia or the channel told you. It counts at once, for every order of the channel."
        "Cochez ce que ce canal permet, selon Octopia ou le canal. C’est pris en compte aussitôt, pour toutes ses commandes."
    }
    channels_save { "Save rules" "Enregistrer les règles" }
}

impl Lang {
    /// A rule, as the head of its column.
    pub const fn channel_rule(self, rule: Rule) -> &'static str {
        match rule {
            Rule::Acceptance => self.pick("Orders are accepted first", "Acceptation préalable"),
            Rule::PartialShipment => self.pick("Partial shipment", "Expédition partielle"),
            Rule::SeveralParcels => self.pick("Several parcels", "Plusieurs colis"),
            Rule::LineInSeveralParcels => {
                self.pick("A line in several parcels", "Une ligne dans plusieurs colis")
            }
            Rule::ShipsCancelRequests => self.pick(
                "Shipping despite a wish to cancel",
                "Expédition malgré une demande d’annulation",
            ),
            Rule::PartialCancellation => self.pick("Partial cancellation", "Annulation partielle"),
            Rule::Invoices => self.pick("Invoices", "Factures"),
        }
    }

    /// How a rule is known.
    pub const fn rule_origin(self, origin: Origin) -> &'static str {
        match origin {
            Origin::Documented => self.pick("documented", "documenté"),
            Origin::Observed => self.pick("said by Octopia", "indiqué par Octopia"),
            Origin::File => self.pick("set by the file", "défini par le fichier"),
            Origin::Hand => self.pick("set by hand", "défini à la main"),
            Origin::Unknown => self.pick("not known, so not allowed", "inconnu, donc pas permis"),
        }
    }
}
