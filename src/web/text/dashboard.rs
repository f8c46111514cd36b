//! Texts of the dashboard.

use crate::domain::indicator::Standing;
use crate::domain::order::Status;
use crate::domain::rates::Kind;
use crate::web::text::Lang;

texts! {
    dashboard { "Dashboard" "Tableau de bord" }
    show_account { "Show" "Afficher" }
    sync_and_sending { "Synchronisation" "Synchronisation" }
    no_action_waits { "none waiting" "aucune en attente" }
    read_ago(ago) { "read {ago}" "lu {ago}" }
    to_do_by_deadline { "To do, by deadline" "À faire, par date limite" }
    oldest_is(late) { "oldest {late}" "la plus ancienne\u{a0}: {late}" }
    first_is(until) { "first {until}" "la première {until}" }
    first_is_at(clock) { "first at {clock}" "la première à {clock}" }
    oldest_waits(span) { "oldest waits for {span}" "la plus ancienne attend depuis {span}" }
    next_deadlines { "Next deadlines" "Prochaines échéances" }
    needs_attention { "Needs attention" "À surveiller" }
    nothing_needs_attention {
        "Nothing failed, and nothing waits for a decision."
        "Aucun échec, et aucune décision en attente."
    }
    failed { "Failed:" "Échec\u{a0}:" }
    warning { "Warning:" "Attention\u{a0}:" }
    fix { "Fix" "Corriger" }
    look { "See" "Voir" }
    sent_by_you(clock) { "sent by you, {clock}" "envoyées par vous, {clock}" }
    not_read_since(clock) { "last read to the end {clock}" "dernière lecture complète {clock}" }
    customer_wants_to_cancel {
        "Cancellation asked by the customer, not decided yet"
        "Annulation demandée par le client, sans décision"
    }
    orders_by_status { "Orders by status" "Commandes par statut" }
    all_in_the_mirror { "all orders mirrored" "toutes les commandes du miroir" }
    note_column { "Note" "Note" }
    by_channel { "By channel" "Par canal" }
    by_account { "By account" "Par compte" }
    column_overdue { "Overdue" "En retard" }
    column_soon { "Under 4 h" "Moins de 4 h" }
    column_today { "Later today" "Plus tard auj." }
    column_tomorrow { "Tomorrow" "Demain" }
    column_to_accept { "To accept" "À accepter" }
    column_to_ship { "To ship" "À expédier" }
    column_all { "All orders" "Toutes" }
    column_on_time { "On time, 30 days" "À l’heure, 30 j" }
    created_and_shipped { "Created and shipped, 14 days" "Créées et expédiées, 14 jours" }
    created_and_shipped_of { "orders that you ship" "commandes que vous expédiez" }
    created { "Created" "Créées" }
    shipped { "Shipped" "Expédiées" }
    day_column { "Day" "Jour" }
    values_as_table { "Values as a table" "Valeurs en tableau" }
    today_until(clock) { "Today until {clock}" "Aujourd’hui jusqu’à {clock}" }
    so_far { "so far" "à cette heure" }
    chart_title(first, last) {
        "Orders created and shipped per day, {first} to {last}"
        "Commandes créées et expédiées par jour, du {first} au {last}"
    }
    chart_describes(made, shipped) {
        "Created: {made}. Shipped: {shipped}. The table below the chart has every value."
        "Créées\u{a0}: {made}. Expédiées\u{a0}: {shipped}. Le tableau sous le graphique donne chaque valeur."
    }
    shipped_is_known_from_then {
        "Orders that had been delivered when they were first read count as created, not as shipped: their day is unknown."
        "Les commandes déjà livrées à leur première lecture comptent comme créées, pas comme expédiées\u{a0}: leur jour est inconnu."
    }
    our_rates { "Your rates, 30 days" "Vos taux, 30 jours" }
    our_estimate { "our estimate" "notre estimation" }
    rates_are_ours {
        "Computed by Comptoir from the orders that you ship. Octopia’s own indicators follow its own rules."
        "Calculés par Comptoir sur les commandes que vous expédiez. Les indicateurs d’Octopia suivent leurs propres règles."
    }
    seller_indicators { "Seller indicators" "Indicateurs vendeur" }
    indicators_by { "Octopia, 30 days" "Octopia, 30 jours" }
    indicators_read(clock) { "Read {clock}." "Lus {clock}." }
    indicators_not_read {
        "Not read yet. Octopia is asked once a day."
        "Pas encore lus. Octopia est interrogé une fois par jour."
    }
    indicators_failed(at, why) {
        "The last try, {at}, failed: {why}"
        "Le dernier essai, {at}, a échoué\u{a0}: {why}"
    }
    indicators_none {
        "Octopia gives no indicator for this account."
        "Octopia ne donne aucun indicateur pour ce compte."
    }
    indicator_column { "Indicator" "Indicateur" }
    gauge_column { "Gauge" "Jauge" }
    value_column { "Value" "Valeur" }
    target_at_least(value) { "target ≥ {value}" "objectif ≥ {value}" }
    target_at_most(value) { "target ≤ {value}" "objectif ≤ {value}" }
    computed(at) { "Computed {at}." "Calculés {at}." }
}

impl Lang {
    /// `116 orders to ship by tomorrow evening.`
    pub fn to_ship_by_tomorrow(self, orders: i64) -> String {
        let count = self.order_count(orders);
        match (self, orders) {
            (Self::En, 0) => "No deadline until tomorrow evening.".to_owned(),
            (Self::Fr, 0) => "Aucune échéance d’ici demain soir.".to_owned(),
            (Self::En, _) => format!("{count} due by tomorrow evening."),
            (Self::Fr, _) => format!("{count} à traiter d’ici demain soir."),
        }
    }

    /// `All 116 by deadline`
    pub fn all_by_deadline(self, orders: &str) -> String {
        match self {
            Self::En => format!("All {orders} by deadline"),
            Self::Fr => format!("Les {orders} par date limite"),
        }
    }

    /// `15 later`
    pub fn due_later(self, orders: i64) -> String {
        self.count(orders, ["later", "later"], ["plus tard", "plus tard"])
    }

    /// `12 more`
    pub fn more_items(self, items: usize) -> String {
        let items = i64::try_from(items).unwrap_or(i64::MAX);
        self.count(items, ["more", "more"], ["autre", "autres"])
    }

    /// `3 under way, oldest 40 s`
    pub fn actions_waiting(self, promises: i64, oldest: &str) -> String {
        let count = self.count(promises, ["under way", "under way"], ["en cours", "en cours"]);
        match self {
            Self::En => format!("{count}, oldest {oldest}"),
            Self::Fr => format!("{count}, la plus ancienne {oldest}"),
        }
    }

    /// That there is nothing to do (`product` 4.2).
    pub fn no_order_needs_you(self, synced: Option<&str>) -> String {
        match (self, synced) {
            (Self::En, Some(at)) => format!("No order needs you now. Last sync {at}."),
            (Self::En, None) => "No order needs you now.".to_owned(),
            (Self::Fr, Some(at)) => {
                format!("Aucune commande à traiter. Dernière synchro\u{a0}: {at}.")
            }
            (Self::Fr, None) => "Aucune commande à traiter.".to_owned(),
        }
    }

    /// `2 orders could not be read`
    pub fn orders_unreadable(self, orders: i64) -> String {
        self.count(
            orders,
            ["order could not be read", "orders could not be read"],
            ["commande illisible", "commandes illisibles"],
        )
    }

    /// `3 of 41 orders of “suivi.csv” not done`
    pub fn batch_unfinished(self, failed: i64, rows: i64, file: Option<&str>) -> String {
        let (failed, rows) = (crate::web::format::whole(failed), self.order_count(rows));
        match (self, file) {
            (Self::En, Some(file)) => format!("{failed} of {rows} of “{file}” not done"),
            (Self::En, None) => format!("{failed} of {rows} of a selection not done"),
            (Self::Fr, Some(file)) => {
                format!("{failed} sur {rows} de «\u{a0}{file}\u{a0}» non traitées")
            }
            (Self::Fr, None) => format!("{failed} sur {rows} d’une sélection non traitées"),
        }
    }

    /// Whose move it is while orders have that status.
    pub const fn whose_move(self, status: &Status) -> &'static str {
        let (en, fr) = match status {
            Status::Processing => ("the marketplace checks", "contrôle en cours"),
            Status::WaitingAcceptance => ("your decision", "votre décision"),
            Status::Accepted => ("final checks", "derniers contrôles"),
            Status::InPreparation => ("to ship, or at a warehouse", "à expédier, ou en entrepôt"),
            Status::Shipped => ("on the way", "en route"),
            Status::CancelRequest => ("the marketplace decides", "décision en attente"),
            Status::Refused => ("by you", "par vous"),
            Status::Rejected => ("see offer and stock", "voir offre et stock"),
            Status::Delivered | Status::Cancelled => ("", ""),
            Status::Other(_) => ("not known to this tool", "inconnu de l’outil"),
        };
        self.pick(en, fr)
    }

    /// What is left over of what came.
    pub fn chart_balance(self, more: i64) -> String {
        let count = crate::web::format::whole(more.abs());
        match (self, more) {
            (Self::En, 0) => "as many created as shipped".to_owned(),
            (Self::Fr, 0) => "autant de créées que d’expédiées".to_owned(),
            (Self::En, 1..) => format!("{count} more created than shipped"),
            (Self::Fr, 1..) => format!("{count} de plus créées qu’expédiées"),
            (Self::En, _) => format!("{count} more shipped than created"),
            (Self::Fr, _) => format!("{count} de plus expédiées que créées"),
        }
    }

    /// `484 of 500`
    pub fn part_of(self, part: &str, whole: &str) -> String {
        match self {
            Self::En => format!("{part} of {whole}"),
            Self::Fr => format!("{part} sur {whole}"),
        }
    }

    /// The name of a rate, and what it means (`domain::rates`).
    pub const fn rate(self, kind: Kind) -> [&'static str; 2] {
        match (self, kind) {
            (Self::En, Kind::OnTime) => [
                "Shipped on time",
                "Shipped by the deadline, of all that were shipped, or are overdue now.",
            ],
            (Self::En, Kind::Late) => {
                ["Late", "Shipped after the deadline, or overdue now, of the same orders."]
            }
            (Self::En, Kind::Cancelled) => [
                "Cancelled",
                "Of the orders created, whoever asked for it. Those that the marketplace rejected do not count.",
            ],
            (Self::En, Kind::Refused) => {
                ["Refused by you", "Of the orders created, without those rejected."]
            }
            (Self::Fr, Kind::OnTime) => [
                "Expédiées à l’heure",
                "Expédiées avant la date limite, parmi celles expédiées ou en retard à présent.",
            ],
            (Self::Fr, Kind::Late) => [
                "En retard",
                "Expédiées après la date limite, ou en retard à présent, parmi les mêmes.",
            ],
            (Self::Fr, Kind::Cancelled) => [
                "Annulées",
                "Parmi les commandes créées, qui que ce soit qui l’ait demandé. Celles rejetées par la place de marché ne comptent pas.",
            ],
            (Self::Fr, Kind::Refused) => {
                ["Refusées par vous", "Parmi les commandes créées, hors commandes rejetées."]
            }
        }
    }

    /// What becomes of the late rate (`product` 3, idea 7).
    pub fn forecast(self, by: &str, orders: i64, now: &str, then: &str) -> String {
        let count = self.order_count(orders);
        match (self, orders) {
            (Self::En, 0) => format!("If nothing more ships by {by}, no order becomes late."),
            (Self::Fr, 0) => {
                format!("Si rien d’autre ne part avant {by}, aucune commande ne passe en retard.")
            }
            (Self::En, _) => {
                let verb = if orders == 1 { "becomes" } else { "become" };
                format!(
                    "If nothing more ships by {by}, {count} {verb} late; 30-day late rate {now} → {then}."
                )
            }
            (Self::Fr, _) => {
                let verb = if orders == 1 { "passe" } else { "passent" };
                format!(
                    "Si rien d’autre ne part avant {by}, {count} {verb} en retard\u{a0}; taux de retard sur 30 jours {now} → {then}."
                )
            }
        }
    }

    /// An indicator of the marketplace that is documented.
    pub fn indicator(self, name: &str) -> Option<&'static str> {
        let (en, fr) = match name {
            "order_acceptation" => ("Acceptance rate", "Taux d’acceptation"),
            "product_shipping" => ("Shipping rate", "Taux d’expédition"),
            "deadline_compliance" => ("Deadlines met", "Respect des délais"),
            "order_claims" => ("Claims", "Réclamations"),
            "order_refunds" => ("Refunds", "Remboursements"),
            _ => return None,
        };
        Some(self.pick(en, fr))
    }

    /// Whether an indicator is as it should be.
    pub const fn indicator_standing(self, standing: Standing) -> &'static str {
        match standing {
            Standing::Met => self.pick("Met", "Atteint"),
            Standing::Missed => self.pick("Missed", "Manqué"),
            Standing::Unknown => self.pick("No target", "Sans objectif"),
        }
    }
}
