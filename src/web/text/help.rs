//! Texts of the help page: what the marketplace's documents explain, and the keyboard shortcuts.

use crate::web::help::Shortcut;
use crate::web::help::Topic;
use crate::web::text::Lang;

texts! {
    help { "Help" "Aide" }
    help_and_shortcuts { "Help and keyboard shortcuts" "Aide et raccourcis clavier" }
    help_good_to_know { "Good to know" "Bon à savoir" }
    shortcuts_title { "Keyboard shortcuts" "Raccourcis clavier" }
    shortcuts_on {
        "They are on. A key does nothing while you type into a field."
        "Ils sont activés. Une touche n’a aucun effet pendant que vous saisissez dans un champ."
    }
    shortcuts_off {
        "They are off. Where a scanner types, leave them off: it presses keys too."
        "Ils sont désactivés. Sur un poste avec lecteur de codes-barres, laissez-les ainsi\u{a0}: le lecteur tape aussi sur des touches."
    }
    shortcuts_change { "Change it on your profile" "Modifier dans votre profil" }
    shortcuts_close { "Close" "Fermer" }
    shortcut_key { "Key" "Touche" }
    shortcut_effect { "What it does" "Effet" }
    shortcut_then { "then" "puis" }
    shortcut_dashboard { "Go to the dashboard" "Aller au tableau de bord" }
    shortcut_orders { "Go to the orders" "Aller aux commandes" }
    shortcut_shipping { "Go to shipping" "Aller à l’expédition" }
    shortcut_attention { "Go to what needs attention" "Aller à ce qui est à vérifier" }
    shortcut_sync { "Go to the sync page" "Aller à la synchro" }
    shortcut_search { "Search" "Rechercher" }
    shortcut_next_row { "Next order of the list" "Commande suivante de la liste" }
    shortcut_previous_row { "Previous order of the list" "Commande précédente de la liste" }
    shortcut_pick_row { "Tick the order, or untick it" "Cocher ou décocher la commande" }
    shortcut_back { "Back to the list" "Retour à la liste" }
    shortcut_next { "Next order, or next page" "Commande ou page suivante" }
    shortcut_previous { "Previous order, or previous page" "Commande ou page précédente" }
    shortcut_accept { "Go to “Accept”" "Aller à «\u{a0}Accepter\u{a0}»" }
    shortcut_ship { "Go to “Ship”" "Aller à «\u{a0}Expédier\u{a0}»" }
    shortcut_cancel { "Go to “Cancel”" "Aller à «\u{a0}Annuler\u{a0}»" }
    shortcut_sheet { "Show the shortcuts" "Afficher les raccourcis" }
    vat(rate) { "VAT {rate}" "TVA {rate}" }
    profile_shortcuts { "Keyboard shortcuts" "Raccourcis clavier" }
    profile_shortcuts_hint {
        "Single keys, listed under Help. Leave them off where a scanner types."
        "Des touches seules, listées dans l’aide. À laisser désactivés sur un poste avec lecteur de codes-barres."
    }
    profile_shortcuts_as_role { "As usual for the role" "Selon le rôle" }
    profile_on { "On" "Activés" }
    profile_off { "Off" "Désactivés" }
}

impl Lang {
    /// What a shortcut does.
    pub fn shortcut(self, shortcut: &Shortcut) -> &'static str {
        (shortcut.label)(self)
    }

    /// The question that a help text answers.
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub const fn help_title(self, topic: &Topic) -> &'static str {
        let (en, fr) = match topic {
            Topic::Prices => ("Why are there two prices?", "Pourquoi y a-t-il deux prix\u{a0}?"),
            Topic::Vat => ("Why is the VAT 0?", "Pourquoi la TVA est-elle à 0\u{a0}?"),
            Topic::ServiceFees => {
                ("Who pays the service fees?", "Qui paie les frais de service\u{a0}?")
            }
            Topic::Rejected => (
                "What does “Rejected” ask of me?",
                "Que faire d’une commande «\u{a0}Rejetée\u{a0}»\u{a0}?",
            ),
            Topic::Returns => ("Who handles a return?", "Qui gère un retour\u{a0}?"),
        };
        self.pick(en, fr)
    }

    /// The answer, after the marketplace's own documents ("Orders management", questions and answers).
    #[expect(clippy::trivially_copy_pass_by_ref, reason = "templates pass references")]
    pub const fn help_text(self, topic: &Topic) -> &'static str {
        let (en, fr) = match topic {
            Topic::Prices => (
                "The offer price is the one you set. The selling price is what the customer paid after the marketplace’s discounts. A lower selling price is no mistake.",
                "Le prix de l’offre est celui que vous avez fixé. Le prix de vente est celui que le client a payé, remises de la place de marché déduites. Un prix de vente plus bas n’est pas une erreur.",
            ),
            Topic::Vat => (
                "The marketplace tells what the order’s handling needs, not what its invoice needs. Depending on your country, where you ship from and the channel, computing and declaring VAT is up to you; the rate is the one you declared with the offer. The exact amounts are in the marketplace’s financial operations.",
                "La place de marché transmet ce qu’il faut pour traiter la commande, pas pour la facturer. Selon votre pays, le lieu d’expédition et le canal, le calcul et la déclaration de la TVA vous reviennent\u{a0}; le taux est celui déclaré avec l’offre. Les montants exacts figurent dans les opérations financières de la place de marché.",
            ),
            Topic::ServiceFees => (
                "The customer, as a part of the order’s total; they are then deducted from your payout. Compare them in the marketplace’s financial operations and invoices.",
                "Le client, dans le total de la commande\u{a0}; ils sont ensuite déduits de votre versement. Vérifiez-les dans les opérations financières et les factures de la place de marché.",
            ),
            Topic::Rejected => (
                "Nothing. The marketplace’s checks failed, for example because the offer was inactive or out of stock. Look at the offer: many rejections point to the catalog. They do not count against you.",
                "Rien. Les contrôles de la place de marché ont échoué, par exemple parce que l’offre était inactive ou en rupture. Vérifiez l’offre\u{a0}: des rejets fréquents signalent un problème de catalogue. Ils sont sans effet sur vos indicateurs.",
            ),
            Topic::Returns => (
                "You do, because you shipped it: give the customer a return address, refund or replace, and send a return label if you want to. The marketplace neither organizes nor tracks this return.",
                "Vous, puisque vous avez expédié\u{a0}: indiquez une adresse de retour au client, remboursez ou remplacez, et envoyez une étiquette de retour si vous le souhaitez. La place de marché n’organise et ne suit pas ce retour.",
            ),
        };
        self.pick(en, fr)
    }
}
