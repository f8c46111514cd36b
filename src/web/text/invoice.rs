//! Texts of the forms that send invoices: for one order, and for many at once.

use crate::domain::action::invoice::Flaw;
use crate::domain::action::invoice::Format;
use crate::web::text::Lang;

texts! {
    invoice_heading { "Upload an invoice" "Déposer une facture" }
    invoice_file { "Invoice" "Facture" }
    invoice_hint {
        "PDF, XML (UBL 2.1) or a ZIP of those, 5 MB or smaller."
        "PDF, XML (UBL 2.1) ou ZIP de ces fichiers, 5 Mo au plus."
    }
    invoice_consequence {
        "The file is sent to the marketplace, which checks it later and then gives it to the customer."
        "Le fichier est envoyé à la place de marché, qui le contrôle plus tard puis le remet au client."
    }
    invoice_replaces {
        "A new upload replaces the previous invoice."
        "Un nouvel envoi remplace la facture précédente."
    }
    invoice_send { "Upload the invoice" "Déposer la facture" }
    invoice_several { "Several invoices at once" "Plusieurs factures à la fois" }
    invoice_before { "Invoices of this order" "Factures de cette commande" }
    invoice_none { "No invoice so far." "Aucune facture pour l’instant." }
    invoice_sent_at { "Uploaded" "Déposée" }
    invoice_select { "Select a file" "Sélectionnez un fichier" }
    invoice_select_one { "Select only one file" "Ne sélectionnez qu’un fichier" }
    invoice_taken_before {
        "The customer already has exactly this file. Nothing was sent. To send it all the same, select it again."
        "Le client a déjà exactement ce fichier. Rien n’a été envoyé. Pour l’envoyer quand même, sélectionnez-le à nouveau."
    }
    invoices_heading { "Upload several invoices" "Déposer plusieurs factures" }
    invoices_files { "Invoices" "Factures" }
    invoices_hint {
        "Name each file after its order, such as 25041207351CDIS.pdf. PDF or XML of 5 MB or smaller, or ZIP files of those. Up to 200 files and 50 MB in total."
        "Donnez à chaque fichier le nom de sa commande, par exemple 25041207351CDIS.pdf. PDF ou XML de 5 Mo au plus, ou ZIP de ces fichiers. Jusqu’à 200 fichiers et 50 Mo au total."
    }
    invoices_consequence {
        "Each file is sent to the marketplace for its order, and replaces that order’s previous invoice. Then you see what became of each file."
        "Chaque fichier est envoyé à la place de marché pour sa commande et remplace la facture précédente de celle-ci. Vous voyez ensuite le sort de chaque fichier."
    }
    invoices_send { "Upload the invoices" "Déposer les factures" }
    invoices_more { "Upload more invoices" "Déposer d’autres factures" }
    invoices_too_large {
        "The selected files must be 50 MB or smaller in total"
        "Les fichiers choisis doivent faire 50 Mo au plus au total"
    }
    invoices_too_many { "Select 200 files or fewer" "Sélectionnez 200 fichiers au plus" }
    invoices_result(taken, all) {
        "Invoices uploaded: {taken} of {all}"
        "Factures déposées\u{a0}: {taken} sur {all}"
    }
    invoices_taken { "Uploaded" "Déposées" }
    invoices_not_possible { "Not possible" "Impossible" }
    invoices_nothing_sent {
        "Nothing was sent for these files."
        "Rien n’a été envoyé pour ces fichiers."
    }
    invoices_file { "File" "Fichier" }
    invoices_in(archive) { "in {archive}" "dans {archive}" }
    invoices_reason { "Why" "Pourquoi" }
    invoices_promise { "Delivery" "Envoi" }
    invoices_same_file(name) { "same file as {name}" "même fichier que {name}" }
    invoices_unknown_order {
        "No order of yours has this number. Name the file after its order."
        "Aucune de vos commandes ne porte ce numéro. Donnez au fichier le nom de sa commande."
    }
    invoices_several_accounts {
        "Several accounts have an order of this number. Upload the file from the order’s page."
        "Plusieurs comptes ont une commande de ce numéro. Déposez le fichier depuis la page de la commande."
    }
    invoices_several_files {
        "Several different files are for this order. Select one of them, or upload a ZIP of them from the order’s page."
        "Plusieurs fichiers différents concernent cette commande. N’en choisissez qu’un, ou déposez leur ZIP depuis la page de la commande."
    }
    invoices_customer_has_it {
        "The customer already has exactly this file."
        "Le client a déjà exactement ce fichier."
    }
    invoices_nested {
        "This is an archive inside of another. Take the invoices out of it."
        "C’est une archive dans une autre. Sortez-en les factures."
    }
    invoices_unreadable {
        "This archive or this file in it cannot be opened. Make the ZIP again, without a password."
        "Cette archive, ou ce fichier qu’elle contient, ne s’ouvre pas. Recréez le ZIP, sans mot de passe."
    }
    invoices_empty_archive { "There is no file in this archive." "Cette archive ne contient aucun fichier." }
    invoices_over_count {
        "This is over 200 files in one go. Upload the rest afterwards."
        "Cela dépasse 200 fichiers en une fois. Déposez le reste ensuite."
    }
    invoices_over_total {
        "This is over 50 MB in one go, unpacked. Upload the rest afterwards."
        "Cela dépasse 50 Mo en une fois, une fois décompressé. Déposez le reste ensuite."
    }
}

impl Lang {
    /// What is wrong with a file, as its field says it.
    pub fn invoice_flaw(self, flaw: &Flaw) -> String {
        let (en, fr) = match flaw {
            Flaw::Empty => ("The selected file is empty", "Le fichier choisi est vide"),
            Flaw::TooLarge(_) => (
                "The selected file must be 5 MB or smaller",
                "Le fichier choisi doit faire 5 Mo au plus",
            ),
            Flaw::OtherKind => (
                "The selected file must be a PDF, XML or ZIP",
                "Le fichier choisi doit être un PDF, un XML ou un ZIP",
            ),
            Flaw::Misnamed { extension, format } => {
                let kind = match format {
                    Format::Pdf => "PDF",
                    Format::Xml => "XML",
                    Format::Zip => "ZIP",
                };
                return match self {
                    Self::En => format!(
                        "The selected file is named .{extension} but what is in it is {kind}. Select a PDF, XML or ZIP that is named as one"
                    ),
                    Self::Fr => format!(
                        "Le fichier choisi se nomme .{extension}, mais son contenu est du {kind}. Choisissez un PDF, un XML ou un ZIP nommé comme tel"
                    ),
                };
            }
        };
        self.pick(en, fr).to_owned()
    }
}
