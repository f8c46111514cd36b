//! Texts of saved views, and of how lists look.

use crate::web::orders::list::views::BuiltIn;
use crate::web::orders::list::views::Column;
use crate::web::text::Lang;

texts! {
    views { "Views" "Vues" }
    save_view { "Save this view" "Enregistrer cette vue" }
    view_name { "Name of the view" "Nom de la vue" }
    view_name_hint {
        "It keeps these filters and their order. Up to 40 characters, no names of customers."
        "Elle garde ces filtres et leur ordre. 40 caractères au plus, pas de noms de clients."
    }
    view_for_team { "For the whole team" "Pour toute l’équipe" }
    view_save { "Save view" "Enregistrer la vue" }
    view_change(name) { "Change “{name}”" "Modifier «\u{a0}{name}\u{a0}»" }
    view_rename { "Rename view" "Renommer la vue" }
    view_delete { "Delete view" "Supprimer la vue" }
    view_name_wrong {
        "Enter a name of up to 40 characters"
        "Saisissez un nom de 40 caractères au plus"
    }
    view_name_taken {
        "Choose another name: this one is taken, or there are 20 views already"
        "Choisissez un autre nom\u{a0}: celui-ci est pris, ou il y a déjà 20 vues"
    }
    columns { "Columns" "Colonnes" }
    columns_shown { "Columns to show" "Colonnes à afficher" }
    dense_rows { "Less space between rows" "Moins d’espace entre les lignes" }
    save_columns { "Save columns" "Enregistrer les colonnes" }
}

impl Lang {
    /// A view that is there from the start.
    pub const fn built_in_view(self, view: BuiltIn) -> &'static str {
        match view {
            BuiltIn::ToAccept => self.pick("To accept", "À accepter"),
            BuiltIn::ToShipToday => self.pick("To ship today", "À expédier aujourd’hui"),
            BuiltIn::Late => self.pick("Late", "En retard"),
            BuiltIn::Failed => self.pick("Failed", "Échecs"),
            BuiltIn::InDoubt => self.pick("In doubt", "En doute"),
            BuiltIn::Mine => self.pick("Mine", "Les miennes"),
        }
    }

    /// A column of the list.
    pub const fn column(self, column: Column) -> &'static str {
        match column {
            Column::Items => self.items_column(),
            Column::Customer => self.customer_column(),
            Column::Channel => self.channel(),
            Column::Total => self.total_column(),
        }
    }
}
