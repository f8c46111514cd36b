//! Texts of the dashboard.

use crate::domain::order::Status;
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
}
