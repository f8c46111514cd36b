//! Texts of what the staff do among themselves about an order.

use crate::domain::teamwork::NOTE_MAX;
use crate::web::text::Lang;

texts! {
    notes { "Internal notes" "Notes internes" }
    notes_ours { "never sent to the marketplace" "jamais envoyées à la place de marché" }
    notes_none { "No note yet." "Aucune note pour l’instant." }
    notes_hidden {
        "What notes say is hidden: they may speak of the customer, and your role does not include personal data."
        "Le texte des notes est masqué\u{a0}: il peut parler du client, et votre rôle ne donne pas accès aux données personnelles."
    }
    note_label { "Add a note" "Ajouter une note" }
    note_add { "Add note" "Ajouter la note" }
    note_empty { "Enter a note" "Saisissez une note" }
    also_open(name, since) { "Also open: {name}, since {since}." "Ouverte aussi par {name} depuis {since}." }
    take_over { "Take over" "Reprendre" }
    assignment { "Assigned to" "Attribuée à" }
    assigned_nobody { "Nobody" "Personne" }
    assign_take { "Assign to me" "M’attribuer la commande" }
    assign_put_back { "Remove the assignment" "Retirer l’attribution" }
    assign_to { "Colleague" "Collègue" }
    assign { "Assign" "Attribuer" }
    assign_gone {
        "This colleague no longer works on this account’s orders. Choose somebody else."
        "Ce collègue ne travaille plus sur les commandes de ce compte. Choisissez quelqu’un d’autre."
    }
}

impl Lang {
    /// How long a note may be.
    pub fn note_hint(self) -> String {
        match self {
            Self::En => format!(
                "Up to {NOTE_MAX} characters. Your colleagues read it, the customer and the marketplace do not."
            ),
            Self::Fr => format!(
                "{NOTE_MAX} caractères au plus. Vos collègues la lisent, ni le client ni la place de marché."
            ),
        }
    }

    /// That a note is too long, and by how much.
    pub fn note_too_long(self, over: usize) -> String {
        let over = i64::try_from(over).unwrap_or(i64::MAX);
        let over = self.count(over, ["character", "characters"], ["caractère", "caractères"]);
        match self {
            Self::En => {
                format!("The note must be {NOTE_MAX} characters or fewer: it is {over} too long")
            }
            Self::Fr => format!(
                "La note doit compter {NOTE_MAX} caractères au plus\u{a0}: elle en compte {over} de trop"
            ),
        }
    }
}
