//! Texts of the pages that take tracking numbers out of a file.

use crate::domain::import::Unreadable;
use crate::domain::import::column::Field;
use crate::domain::import::table::Delimiter;
use crate::web::format;
use crate::web::text::Lang;

texts! {
    imports { "Imports" "Imports" }
    imports_heading { "Import tracking numbers" "Importer des numéros de suivi" }
    imports_consequence {
        "A row of the file is a parcel: the order, its carrier, its tracking number. You check each row before anything is sent."
        "Une ligne du fichier est un colis\u{a0}: la commande, son transporteur, son numéro de suivi. Vous contrôlez chaque ligne avant tout envoi."
    }
    import_file { "CSV file" "Fichier CSV" }
    import_file_hint {
        "2 MB and 5\u{202f}000 rows at most. Columns are found whatever they are called."
        "2\u{a0}Mo et 5\u{202f}000 lignes au plus. Les colonnes sont reconnues quel que soit leur nom."
    }
    import_text { "Or paste the rows" "Ou collez les lignes" }
    import_text_hint {
        "Copied from a spreadsheet, with the names of the columns."
        "Copiées d’un tableur, avec les noms des colonnes."
    }
    import_check { "Match the columns" "Associer les colonnes" }
    import_template { "Download an empty template" "Télécharger un modèle vide" }
    import_template_name { "tracking.csv" "suivi.csv" }
    import_delimiter { "," ";" }
    import_pasted { "Pasted text" "Texte collé" }
    import_select { "Select a file or paste the rows" "Sélectionnez un fichier ou collez les lignes" }
    import_one_of_both {
        "Select a file or paste the rows, not both"
        "Sélectionnez un fichier ou collez les lignes, pas les deux"
    }
    import_one_file { "Select only one file" "Ne sélectionnez qu’un fichier" }
    import_recent { "Your imports" "Vos imports" }
    import_none {
        "No file imported so far. What you import is listed here."
        "Aucun fichier importé pour l’instant. Vos imports seront listés ici."
    }
    import_uploaded { "Uploaded" "Déposé" }
    import_state { "State" "État" }
    import_rows_head { "Rows" "Lignes" }
    import_not_matched { "Columns not matched yet" "Colonnes à associer" }
    import_not_sent { "Checked, not sent yet" "Contrôlé, pas encore envoyé" }
    import_sent { "Sent" "Envoyé" }
    import_steps { "Steps" "Étapes" }
    import_step_upload { "Upload" "Dépôt" }
    import_step_match { "Columns" "Colonnes" }
    import_step_check { "Check" "Contrôle" }
    import_step_send { "Send" "Envoi" }
    import_step_done { ", done" ", terminé" }
    import_which_columns { "Which column holds what" "À quoi correspond chaque colonne" }
    import_first_rows { "First rows" "Premières lignes" }
    import_row { "Row" "Ligne" }
    import_more_rows(count) { "and {count} more" "et {count} de plus" }
    import_column(number) { "Column {number}" "Colonne {number}" }
    import_column_with(name, sample) { "{name} ({sample})" "{name} ({sample})" }
    import_same_carrier { "Carrier of the rows that name none" "Transporteur des lignes qui n’en nomment pas" }
    import_same_carrier_hint {
        "For files of one carrier. Leave it empty if each row names its own."
        "Pour les fichiers d’un seul transporteur. Laissez vide si chaque ligne nomme le sien."
    }
    import_account { "Account" "Compte" }
    import_all_accounts { "All my accounts" "Tous mes comptes" }
    import_check_rows { "Check the rows" "Contrôler les lignes" }
    import_nothing_sent { "Nothing is sent yet." "Rien n’est encore envoyé." }
    import_choose_order {
        "Choose the column with the order number"
        "Choisissez la colonne du numéro de commande"
    }
    import_choose_number {
        "Choose the column with the tracking number"
        "Choisissez la colonne du numéro de suivi"
    }
    import_column_twice {
        "Choose a column that is not chosen above"
        "Choisissez une colonne qui n’est pas déjà choisie plus haut"
    }
    import_choose_account { "Choose one of your accounts" "Choisissez un de vos comptes" }
    import_several_accounts(row, order) {
        "Row {row}: several orders are called {order}. Choose the account they belong to, or use the marketplace’s order number"
        "Ligne {row}\u{a0}: plusieurs commandes portent le numéro {order}. Choisissez le compte concerné, ou utilisez le numéro de commande de la place de marché"
    }
    import_forgotten {
        "The contents of imported files are kept for 7 days, and these are gone. What was sent is still in its batch. Upload the file again to check it anew."
        "Le contenu des fichiers importés est conservé 7 jours, et celui-ci est effacé. Ce qui a été envoyé reste dans son lot. Déposez à nouveau le fichier pour le contrôler."
    }
    import_sent_before(at) {
        "You already sent exactly this file on {at}. Rows that are shipped with the same number are skipped, so that nothing is sent twice."
        "Vous avez déjà envoyé exactement ce fichier le {at}. Les lignes déjà expédiées avec le même numéro sont ignorées\u{a0}: rien n’est envoyé deux fois."
    }
    import_see_before { "See what became of it" "Voir ce qu’il en est advenu" }
    import_order_mangled {
        "A spreadsheet has spoilt the order number. Copy it again, as text, and upload the file again."
        "Un tableur a abîmé le numéro de commande. Recopiez-le, en texte, et déposez à nouveau le fichier."
    }
    import_did_you_mean(order) { "Did you mean {order}?" "Vouliez-vous dire {order}\u{a0}?" }
    import_rest {
        "Download what is not sent, in your file’s columns"
        "Télécharger ce qui n’est pas envoyé, avec les colonnes de votre fichier"
    }
    import_reason_column { "Reason" "Motif" }
    import_rest_name { "not-sent.csv" "non-envoyees.csv" }
}

impl Lang {
    /// That many rows.
    pub fn import_rows(self, count: i64) -> String {
        self.count(count, ["row", "rows"], ["ligne", "lignes"])
    }

    /// What a column can hold: also its name in the template.
    pub const fn import_field(self, field: Field) -> &'static str {
        match field {
            Field::Order => self.pick("Order number", "N° de commande"),
            Field::Carrier => self.pick("Carrier", "Transporteur"),
            Field::Number => self.pick("Tracking number", "Numéro de suivi"),
            Field::Link => self.pick("Tracking link", "Lien de suivi"),
        }
    }

    /// More of what a column holds.
    pub const fn import_field_hint(self, field: Field) -> &'static str {
        match field {
            Field::Order => self.pick(
                "The marketplace’s number, or the channel’s reference.",
                "Le numéro de la place de marché, ou la référence du canal.",
            ),
            Field::Carrier | Field::Number | Field::Link => "",
        }
    }

    /// That no column holds it.
    pub const fn import_no_column(self, field: Field) -> &'static str {
        match field {
            Field::Order | Field::Number => self.pick("Choose a column", "Choisissez une colonne"),
            Field::Carrier | Field::Link => {
                self.pick("No column of this file", "Aucune colonne de ce fichier")
            }
        }
    }

    /// What was read: `15 rows, semicolon, UTF-8, names of columns in row 1`.
    pub fn import_summary(
        self,
        rows: i64,
        delimiter: Delimiter,
        encoding: &str,
        header: Option<usize>,
    ) -> String {
        let delimiter = match delimiter {
            Delimiter::Semicolon => self.pick("semicolon", "point-virgule"),
            Delimiter::Tab => self.pick("tab", "tabulation"),
            Delimiter::Comma => self.pick("comma", "virgule"),
        };
        let header = match (self, header) {
            (Self::En, Some(row)) => format!("names of columns in row {row}"),
            (Self::Fr, Some(row)) => format!("noms des colonnes à la ligne {row}"),
            (Self::En, None) => "no names of columns".to_owned(),
            (Self::Fr, None) => "sans noms de colonnes".to_owned(),
        };
        format!("{}, {delimiter}, {encoding}, {header}", self.import_rows(rows))
    }

    /// Why a file or a text that was pasted is no table.
    pub fn import_unreadable(self, reason: Unreadable, pasted: bool) -> String {
        let subject = if pasted {
            self.pick("The pasted text", "Le texte collé")
        } else {
            self.pick("The selected file", "Le fichier choisi")
        };
        let rows =
            format::whole(i64::try_from(crate::domain::import::MAX_ROWS).unwrap_or(i64::MAX));
        let (en, fr) = match reason {
            Unreadable::Empty => ("is empty".to_owned(), "est vide".to_owned()),
            Unreadable::TooLarge => {
                ("must be 2 MB or smaller".to_owned(), "doit faire 2\u{a0}Mo au plus".to_owned())
            }
            Unreadable::Workbook => (
                "must be a CSV. This one is a workbook: save it as CSV, or copy its cells and paste them here".to_owned(),
                "doit être au format CSV. Celui-ci est un classeur\u{a0}: enregistrez-le au format CSV, ou copiez ses cellules et collez-les ici".to_owned(),
            ),
            Unreadable::NotText => ("must be a CSV".to_owned(), "doit être au format CSV".to_owned()),
            Unreadable::NoColumns => (
                "must be a CSV with two columns or more, such as the order number and the tracking number".to_owned(),
                "doit être au format CSV, avec au moins deux colonnes, par exemple le numéro de commande et le numéro de suivi".to_owned(),
            ),
            Unreadable::NoRows => (
                "has names of columns, and no row below them".to_owned(),
                "contient des noms de colonnes, mais aucune ligne en dessous".to_owned(),
            ),
            Unreadable::TooManyRows => {
                (format!("must have {rows} rows or fewer"), format!("doit compter {rows} lignes au plus"))
            }
        };
        match self {
            Self::En => format!("{subject} {en}"),
            Self::Fr => format!("{subject} {fr}"),
        }
    }
}
