//! Texts of the order list.

use crate::domain::action::ActionKind;
use crate::domain::delivery::State;
use crate::web::orders::list::selection::parse::Misread;
use crate::web::orders::list::selection::parse::Parameter;
use crate::web::text::Lang;

texts! {
    all { "All" "Toutes" }
    all_modes { "All" "Tous" }
    filters { "Filters" "Filtres" }
    status_filter { "Status" "Statut" }
    search { "Search" "Recherche" }
    ship_by { "Ship by" "Date limite" }
    who_ships { "Supply mode" "Mode logistique" }
    channel { "Channel" "Canal" }
    created_from { "Created from" "Créées du" }
    created_to { "Created to" "Créées jusqu’au" }
    until { "to" "au" }
    any_time { "Any time" "Toutes les dates" }
    all_channels { "All channels" "Tous les canaux" }
    all_accounts { "All accounts" "Tous les comptes" }
    apply { "Apply" "Appliquer" }
    remove_filter { ", remove filter" ", retirer le filtre" }
    clear_all { "Clear all" "Tout effacer" }
    by_deadline { "By deadline, soonest first." "Par date limite, la plus proche d’abord." }
    by_age { "Newest first." "Les plus récentes d’abord." }
    by_waiting { "Oldest first." "Les plus anciennes d’abord." }
    by_search {
        "Search looks through all orders, whatever the other filters."
        "La recherche porte sur toutes les commandes, sans tenir compte des autres filtres."
    }
    best_found(count) {
        "The {count} best of all orders. Add a word to narrow it down."
        "Les {count} meilleures de toutes les commandes. Ajoutez un mot pour préciser."
    }
    caption_by_deadline {
        "Orders, grouped by deadline, soonest first"
        "Commandes, regroupées par date limite, la plus proche d’abord"
    }
    caption { "Orders" "Commandes" }
    order_column { "Order" "Commande" }
    items_column { "Items" "Articles" }
    customer_column { "Customer" "Client" }
    total_column { "Total" "Total" }
    action_column { "Action" "Action" }
    business_order { "Business order" "Commande professionnelle" }
    no_deadline { "No deadline" "Sans date limite" }
    no_deadline_yet { "No deadline yet" "Pas encore de date limite" }
    not_yours_to_ship { "Not yours to ship" "Pas à vous d’expédier" }
    hidden_for_your_role { "Hidden for your role" "Masqué pour votre rôle" }
    customer_not_yet_given {
        "Hidden by the marketplace for now"
        "Masqué par la place de marché pour l’instant"
    }
    customer_not_given { "Not available" "Non disponible" }
    accept { "Accept" "Accepter" }
    ship { "Ship" "Expédier" }
    correct { "Correct" "Corriger" }
    show_lengow { "Show Lengow words" "Afficher les mots de Lengow" }
    hide_lengow { "Hide Lengow words" "Masquer les mots de Lengow" }
    export_csv { "Export CSV" "Exporter en CSV" }
    export_api_status { "API status" "Statut API" }
    export_lengow_status { "Lengow status" "Statut Lengow" }
    export_pieces { "Pieces" "Pièces" }
    export_currency { "Currency" "Devise" }
    export_last_action { "Last action" "Dernière action" }
    export_time_zone { "Time zone" "Fuseau horaire" }
    export_commas { "CSV with commas" "CSV avec virgules" }
    export_last_state { "State of the last action" "État de la dernière action" }
    previous_page { "Previous" "Précédent" }
    next_page { "Next" "Suivant" }

    nothing_to_do { "Nothing to do here" "Rien à faire ici" }
    nothing_to_do_text {
        "No order waits for you in this view."
        "Aucune commande ne vous attend dans cette vue."
    }
    no_orders_yet { "No orders yet" "Aucune commande pour l’instant" }
    no_orders_yet_text {
        "The marketplace has no orders for your accounts. New ones appear here by themselves."
        "La place de marché n’a aucune commande pour vos comptes. Les nouvelles apparaîtront ici d’elles-mêmes."
    }
    no_match { "No order matches these filters" "Aucune commande ne correspond" }
    no_match_text {
        "Take one of the filters away, or all of them."
        "Retirez un des filtres, ou tous."
    }
    clear_filters { "Clear filters" "Effacer les filtres" }
    see_all_orders { "See all orders" "Voir toutes les commandes" }
    never_synced { "Orders have never been synced" "Aucune synchronisation effectuée" }
    never_synced_text {
        "They appear here as soon as they have been read from the marketplace."
        "Elles apparaîtront ici dès qu’elles auront été lues sur la place de marché."
    }
    not_found(text) {
        "Nothing found for “{text}”"
        "Rien trouvé pour «\u{a0}{text}\u{a0}»"
    }
    not_found_text {
        "The search box takes an order number, channel reference, tracking number, SKU, offer or GTIN, in full; a postcode or telephone number; or words of a customer’s name, company, e-mail address or product."
        "La recherche accepte un numéro de commande, une référence du canal, un numéro de suivi, un SKU, une offre ou un GTIN, en entier\u{a0}; un code postal ou un téléphone\u{a0}; ou des mots du nom du client, de son entreprise, de son e-mail ou du produit."
    }
    named(name, value) { "{name}: {value}" "{name}\u{a0}: {value}" }
    left_out(filter) {
        "The filter “{filter}” was not understood and is left out."
        "Le filtre «\u{a0}{filter}\u{a0}» n’a pas été compris et n’est pas appliqué."
    }
    ends_before_it_begins {
        "The last day lies before the first one, so it is left out."
        "Le dernier jour précède le premier\u{a0}: il n’est pas appliqué."
    }
    due_is_by_deadline {
        "Orders filtered by deadline are also listed by deadline."
        "Les commandes filtrées par date limite sont aussi triées par date limite."
    }
}

impl Lang {
    /// `Filters, 2 active`
    pub fn filters_active(self, active: usize) -> String {
        match (self, active) {
            (_, 0) => self.filters().to_owned(),
            (Self::En, _) => format!("Filters, {active} active"),
            (Self::Fr, 1) => "Filtres, 1 actif".to_owned(),
            (Self::Fr, _) => format!("Filtres, {active} actifs"),
        }
    }

    /// `96 orders`
    pub fn order_count(self, orders: i64) -> String {
        self.count(orders, ["order", "orders"], ["commande", "commandes"])
    }

    /// `50 of 96 orders`
    pub fn orders_shown(self, shown: usize, all: Option<i64>) -> String {
        let shown = i64::try_from(shown).unwrap_or(i64::MAX);
        let Some(all) = all.filter(|it| *it > shown) else { return self.order_count(shown) };
        let (shown, all) = (crate::web::format::whole(shown), self.order_count(all));
        match self {
            Self::En => format!("{shown} of {all}"),
            Self::Fr => format!("{shown} sur {all}"),
        }
    }

    /// `4 more lines`
    pub fn more_lines(self, lines: i64) -> String {
        self.count(lines, ["more line", "more lines"], ["autre ligne", "autres lignes"])
    }

    /// `3 items`
    pub fn pieces(self, pieces: i64) -> String {
        self.count(pieces, ["item", "items"], ["article", "articles"])
    }

    /// What waits elsewhere when there is nothing here.
    pub fn to_accept_elsewhere(self, orders: i64) -> String {
        match self {
            Self::En if orders == 1 => "1 order waits for acceptance.".to_owned(),
            Self::En => format!("{} wait for acceptance.", self.order_count(orders)),
            Self::Fr if orders == 1 => "1 commande attend votre acceptation.".to_owned(),
            Self::Fr => format!("{} attendent votre acceptation.", self.order_count(orders)),
        }
    }

    /// Where a promise stands, in few words: `Shipment confirmed`.
    pub fn promise(self, kind: ActionKind, state: State) -> String {
        let noun = self.action_noun(kind);
        // Acceptation and expédition are feminine, refus is not.
        let masculine = matches!(kind, ActionKind::Refuse | ActionKind::Gesture);
        let e = if masculine { "" } else { "e" };
        match (self, state) {
            (Self::En, State::Queued) => format!("{noun} queued"),
            (Self::En, State::Sending) => format!("{noun} sent"),
            (Self::En, State::InDoubt) => format!("{noun} in doubt"),
            (Self::En, State::NeedsPerson) => format!("{noun}: decide"),
            (Self::En, State::Confirmed) => format!("{noun} confirmed"),
            (Self::En, State::Refused) => format!("{noun} refused"),
            (Self::En, State::Withdrawn) => format!("{noun} withdrawn"),
            (Self::Fr, State::Queued) => format!("{noun} en attente"),
            (Self::Fr, State::Sending) => format!("{noun} envoyé{e}"),
            (Self::Fr, State::InDoubt) => format!("{noun} en doute"),
            (Self::Fr, State::NeedsPerson) => format!("{noun} à décider"),
            (Self::Fr, State::Confirmed) => format!("{noun} confirmé{e}"),
            (Self::Fr, State::Refused) => format!("{noun} refusé{e}"),
            (Self::Fr, State::Withdrawn) => format!("{noun} retiré{e}"),
        }
    }

    /// Why a filter was left out.
    pub fn misread(self, misread: &Misread) -> String {
        match misread {
            Misread::Unknown(parameter, value) => {
                // Enough to recognize it.
                let value: String = value.chars().take(60).collect();
                self.left_out(self.named(self.parameter(*parameter), value))
            }
            Misread::EndsBeforeItBegins => self.ends_before_it_begins().to_owned(),
            Misread::MostIsLessThanLeast => self.most_is_less_than_least().to_owned(),
            Misread::DueIsByDeadline => self.due_is_by_deadline().to_owned(),
        }
    }

    const fn parameter(self, parameter: Parameter) -> &'static str {
        match parameter {
            Parameter::Status => self.status_filter(),
            Parameter::Supply => self.who_ships(),
            Parameter::Channel => self.channel(),
            Parameter::Account => self.account(),
            Parameter::Due => self.ship_by(),
            Parameter::Search => self.search(),
            Parameter::From => self.created_from(),
            Parameter::To => self.created_to(),
            Parameter::Buyer => self.buyer_filter(),
            Parameter::Country => self.country_filter(),
            Parameter::Carrier => self.parcel_carrier(),
            Parameter::Min => self.amount_from(),
            Parameter::Max => self.amount_to(),
            Parameter::Action => self.last_action(),
            Parameter::Assigned => self.assigned_filter(),
            Parameter::Note => self.notes_filter(),
            Parameter::Sort => self.pick("Sort", "Tri"),
            Parameter::Words => self.pick("Words", "Vocabulaire"),
        }
    }
}
