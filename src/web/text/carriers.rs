//! Texts of the carriers' tracking links.

use crate::domain::tracking_template::Problem;
use crate::web::text::Lang;

texts! {
    carriers_title { "Carriers" "Transporteurs" }
    carriers_intro {
        "Where customers follow the parcels of each carrier. The ship form fills the link in when it is left empty."
        "Où les clients suivent les colis de chaque transporteur. Le formulaire d’expédition remplit le lien s’il est laissé vide."
    }
    carriers_none {
        "No tracking links yet: operators write them by hand."
        "Pas encore de liens de suivi\u{a0}: les opérateurs les écrivent à la main."
    }
    carriers_form { "Set a tracking link" "Définir un lien de suivi" }
    carriers_example { "Example" "Exemple" }
    carriers_example_hint { "A tracking number to try it with." "Un numéro de suivi pour l’essayer." }
    carriers_template { "Tracking link" "Lien de suivi" }
    carriers_own_hint {
        "A link of an account comes before the one of all accounts."
        "Le lien d’un compte passe avant celui de tous les comptes."
    }
    carriers_save { "Save link" "Enregistrer le lien" }
    carriers_preview { "Preview" "Aperçu" }
    carriers_edit { "Change" "Modifier" }
    carriers_remove { "Remove" "Retirer" }
    open_link { "Open link" "Ouvrir le lien" }
    open_link_new { "(new tab)" "(nouvel onglet)" }
    ship_fill_link { "Fill in the link" "Remplir le lien" }
    ship_link_filled {
        "Left empty, it is filled in for carriers with a known tracking link."
        "Laissé vide, il est rempli pour les transporteurs dont le lien de suivi est connu."
    }
    template_no_carrier { "Enter the carrier" "Saisissez le transporteur" }
    template_carrier_long {
        "The carrier’s name must be 50 characters or fewer"
        "Le nom du transporteur doit compter 50 caractères au plus"
    }
    template_no_gap {
        "Tracking link must have {number} where the tracking number goes"
        "Le lien de suivi doit contenir {number} à la place du numéro de suivi"
    }
    template_gap_in_host {
        "{number} must come after the carrier’s address, not in it"
        "{number} doit venir après l’adresse du transporteur, pas dedans"
    }
    template_private {
        "Tracking link leads to a private address that customers cannot open"
        "Le lien de suivi mène à une adresse privée, que le client ne peut pas ouvrir"
    }
}

impl Lang {
    /// Why a template was not taken.
    pub fn template_problem(self, problem: &Problem) -> String {
        match problem {
            Problem::NoGap => self.template_no_gap().to_owned(),
            Problem::GapInHost => self.template_gap_in_host().to_owned(),
            Problem::Link(problem) => self.link_problem(problem),
            Problem::PrivateHost => self.template_private().to_owned(),
        }
    }
}

impl Lang {
    /// What a template looks like.
    pub const fn carriers_template_hint(self) -> &'static str {
        self.pick(
            "With {number} where the tracking number goes, such as https://www.laposte.fr/suivre-vos-envois?code={number}",
            "Avec {number} à la place du numéro de suivi, par exemple https://www.laposte.fr/suivre-vos-envois?code={number}",
        )
    }
}
