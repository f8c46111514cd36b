//! Texts of the warehouse's page (`product` 4.5, pain 3).

use crate::domain::audit::act::Printed;
use crate::web::shipping::By;
use crate::web::text::Lang;

texts! {
    shipping { "Shipping" "Expédition" }
    shipping_role {
        "Your role cannot ship. Ask a colleague of the warehouse."
        "Votre rôle ne permet pas d’expédier. Demandez à un collègue de l’entrepôt."
    }
    scan_label { "Scan an order or a parcel" "Scannez une commande ou un colis" }
    scan_hint {
        "An order number, a channel reference or a tracking number. Typing it and Enter works too."
        "Un numéro de commande, une référence du canal ou un numéro de suivi. Vous pouvez aussi le saisir, puis Entrée."
    }
    scan_open { "Open" "Ouvrir" }
    scan_ok { "OK" "OK" }
    scan_order_open { "Open the order" "Ouvrir la commande" }
    scan_nothing { "Scan or enter a number" "Scannez ou saisissez un numéro" }
    scan_nothing_why {
        "The scan was empty: nothing was opened."
        "Le scan était vide\u{a0}: rien n’a été ouvert."
    }
    scan_unknown(number) { "Not found: {number}" "Introuvable\u{a0}: {number}" }
    scan_unknown_why {
        "No order of your accounts has this number, and no parcel. Nothing was opened. Scan again, or put the parcel aside."
        "Aucune commande de vos comptes ne porte ce numéro, et aucun colis. Rien n’a été ouvert. Scannez à nouveau ou mettez le colis de côté."
    }
    scan_not_possible(order) {
        "Do not ship order {order}"
        "N’expédiez pas la commande {order}"
    }
    scan_several(number) {
        "Several orders have the number {number}"
        "Plusieurs commandes portent le numéro {number}"
    }
    scan_several_why { "Open the right one." "Ouvrez la bonne." }
    picking_title { "Picking list" "Liste de prélèvement" }
    picking_made(at, name) { "Made {at} by {name}." "Établie {at} par {name}." }
    picking_due_label { "Due" "À expédier" }
    picking_group { "Group by" "Regrouper par" }
    picking_by_product { "SKU" "SKU" }
    picking_by_order { "Order, by deadline" "Commande, par date limite" }
    picking_show { "Show" "Afficher" }
    picking_print { "Print with Ctrl + P" "Imprimez avec Ctrl + P" }
    picking_all { "All orders to ship" "Toutes les commandes à expédier" }
    picking_pieces { "Pieces" "Pièces" }
    picking_pcs { "pcs" "pcs" }
    picking_picked { "Picked" "Prélevé" }
    picking_nothing { "Nothing to pick" "Rien à prélever" }
    picking_nothing_why {
        "No order of this selection is to be shipped now."
        "Aucune commande de cette sélection n’est à expédier pour l’instant."
    }
    barcode_of(number) { "Barcode {number}" "Code-barres {number}" }
    sheets_left_out { "Not on this list" "Absentes de cette liste" }
    sheets_left_out_which { "Which orders, and why" "Lesquelles, et pourquoi" }
    sheets_promised {
        "Something is under way for it already."
        "Une action est déjà en cours pour elle."
    }
    sheets_no_line {
        "None of its lines is to be picked: they are canceled, or somebody asked to cancel them."
        "Aucune de ses lignes n’est à prélever\u{a0}: elles sont annulées, ou leur annulation est demandée."
    }
    sheets_cut {
        "The list has the 500 most urgent orders. The others come once these are shipped."
        "La liste contient les 500 commandes les plus urgentes. Les autres viendront quand celles-ci seront expédiées."
    }
    slips_title { "Packing slips" "Bons de préparation" }
    shipping_last { "Last shipment" "Dernière expédition" }
    shipping_next { "Next to ship" "À expédier ensuite" }
    shipping_nothing { "Nothing to ship" "Rien à expédier" }
    shipping_nothing_why {
        "Orders appear here once the marketplace has put them in preparation."
        "Les commandes apparaissent ici dès que la place de marché les met en préparation."
    }
    shipping_never_synced {
        "Orders have never been synced, so it is not known what is to be shipped."
        "Aucune synchronisation effectuée\u{a0}: on ne sait pas encore ce qui est à expédier."
    }
    shipping_all_done { "Everything due today is declared." "Tout ce qui est dû aujourd’hui est déclaré." }
    shipping_queue { "All orders to ship" "Toutes les commandes à expédier" }
    shipping_back { "Back to the scan box" "Retour au scan" }
    packed { "Packed" "Emballée" }
    packed_mark { "Mark as packed" "Marquer comme emballée" }
    packed_undo { "Not packed after all" "Finalement pas emballée" }
    packed_not_yet { "Not yet" "Pas encore" }
    packed_by(at, name) { "{at} by {name}" "{at} par {name}" }
    packed_not_possible(why) {
        "The order cannot be marked as packed. {why}"
        "La commande ne peut pas être marquée comme emballée. {why}"
    }
    sound_on { "Error tone: on" "Son d’erreur\u{a0}: activé" }
    sound_off { "Error tone: off" "Son d’erreur\u{a0}: désactivé" }
}

impl Lang {
    /// What somebody did to the parcels, after their name.
    pub(super) const fn happened_packed(self, packed: bool) -> &'static str {
        if packed {
            self.pick("packed the order", "a emballé la commande")
        } else {
            self.pick("took the packed mark off", "a retiré la marque «\u{a0}emballée\u{a0}»")
        }
    }

    /// The same, for the audit.
    pub(super) const fn act_of_packing(self, packed: bool) -> &'static str {
        if packed {
            self.pick("Marked as packed", "Marquée comme emballée")
        } else {
            self.pick("Packed mark taken off", "Marque «\u{a0}emballée\u{a0}» retirée")
        }
    }

    /// Orders that were laid out to be printed.
    pub(super) fn act_of_printing(self, what: Printed, orders: i64) -> String {
        let orders = self.order_count(orders);
        let what = match what {
            Printed::PickingList => self.picking_title(),
            Printed::PackingSlips => self.slips_title(),
        };
        format!("{what}{}{orders}", self.colon())
    }

    /// By when the orders of a picking list are due.
    pub const fn picking_due(self, by: By) -> &'static str {
        let (en, fr) = match by {
            By::Overdue => ("Overdue", "En retard"),
            By::Today => ("Today or overdue", "Aujourd’hui ou en retard"),
            By::All => ("Any time", "Toutes"),
        };
        self.pick(en, fr)
    }

    /// `10 orders, 14 pieces, 6 references.`
    pub fn picking_summary(self, orders: usize, pieces: i64, products: usize) -> String {
        let [orders, products] = [orders, products].map(|it| i64::try_from(it).unwrap_or(i64::MAX));
        let (orders, pieces) = (self.order_count(orders), self.piece_count(pieces));
        let products =
            self.count(products, ["reference", "references"], ["référence", "références"]);
        format!("{orders}, {pieces}, {products}.")
    }

    /// `10 orders, 14 pieces.`
    pub fn slips_summary(self, orders: usize, pieces: i64) -> String {
        let orders = i64::try_from(orders).unwrap_or(i64::MAX);
        format!("{}, {}.", self.order_count(orders), self.piece_count(pieces))
    }

    fn piece_count(self, pieces: i64) -> String {
        self.count(pieces, ["piece", "pieces"], ["pièce", "pièces"])
    }

    /// How far the day's work is: `14 of 37 due today`.
    pub fn shipping_progress(self, done: i64, due: i64) -> String {
        match self {
            Self::En => format!("{done} of {due} due today"),
            Self::Fr => format!("{done} sur {due} à expédier aujourd’hui"),
        }
    }
}
