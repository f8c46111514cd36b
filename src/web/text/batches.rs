//! Texts of what is done to many orders at once.

mod reasons;

use crate::domain::batch::MOST_ROWS;
use crate::domain::batch::Purpose;
use crate::domain::batch::Task;
use crate::domain::delivery::State;
use crate::web::text::Lang;

texts! {
    batches { "Bulk actions" "Actions groupées" }
    batches_about {
        "What you did to many orders at once, newest first. Only you see this list."
        "Ce que vous avez fait sur plusieurs commandes à la fois, du plus récent au plus ancien. Vous seul voyez cette liste."
    }
    batches_none { "No bulk action yet" "Aucune action groupée pour l’instant" }
    batches_how {
        "Tick orders in the list, then choose what to do with all of them."
        "Cochez des commandes dans la liste, puis choisissez ce qu’il faut en faire."
    }
    batch_draft { "Not sent yet" "Pas encore envoyé" }
    batch_sent { "Sent" "Envoyé" }
    batch_from { "From" "Origine" }
    batch_from_list { "The list of orders" "La liste des commandes" }
    batch_from_retry { "A second try" "Une nouvelle tentative" }
    batch_select(order) { "Select {order}" "Sélectionner {order}" }
    batch_selected { "selected" "sélection" }
    batch_selection { "Selected orders" "Commandes sélectionnées" }
    batch_accept { "Accept selected" "Accepter la sélection" }
    batch_ship { "Ship selected" "Expédier la sélection" }
    batch_print { "Print picking list" "Imprimer la liste de prélèvement" }
    batch_export { "Export selected" "Exporter la sélection" }
    batch_nothing_selected {
        "Select at least one order, then choose what to do."
        "Sélectionnez au moins une commande, puis choisissez l’action."
    }
    batch_choose_action {
        "Choose what to do with the orders."
        "Choisissez ce qu’il faut faire des commandes."
    }
    batch_row { "Row" "Ligne" }
    batch_link { "Tracking link" "Lien de suivi" }
    batch_verdict { "Check" "Vérification" }
    batch_result { "Result" "Résultat" }
    batch_why { "Why" "Pourquoi" }
    batch_is_ready { "Ready" "Prête" }
    batch_save { "Save and check again" "Enregistrer et revérifier" }
    batch_fill { "Use it where none is named" "L’utiliser là où il manque" }
    batch_one_carrier { "One carrier for all" "Un transporteur pour toutes" }
    batch_nothing_in_group { "No order in this group." "Aucune commande dans ce groupe." }
    batch_warnings_unread {
        "Every row that can be sent has a warning. Read the warnings, then tick the box below, or correct the rows."
        "Chaque ligne qui peut être envoyée a un avertissement. Lisez les avertissements puis cochez la case ci-dessous, ou corrigez les lignes."
    }
    batch_nothing_ready {
        "No order can be sent yet. Complete the rows, or go back to the list."
        "Aucune commande ne peut encore être envoyée. Complétez les lignes, ou revenez à la liste."
    }
    batch_changed {
        "Something changed since this page was shown, and what you typed is saved. Check the numbers, then confirm."
        "Quelque chose a changé depuis l’affichage de cette page, et votre saisie est enregistrée. Vérifiez les nombres, puis confirmez."
    }
    batch_saved { "Saved, and checked again." "Enregistré et revérifié." }
    batch_too_long {
        "Each text must be 2 000 characters or fewer"
        "Chaque texte doit compter 2 000 caractères au plus"
    }
    batch_one_promise {
        "Each order is checked once more when it is sent. Orders that are not possible are left as they are."
        "Chaque commande est vérifiée une dernière fois à l’envoi. Celles qui ne sont pas possibles restent telles quelles."
    }
    batch_file { "Download as CSV" "Télécharger en CSV" }
    batch_progress { "Progress" "Avancement" }
    batch_leave(place) {
        "You can leave this page. Sending goes on, and the result stays under {place}."
        "Vous pouvez quitter cette page. L’envoi continue, et le résultat reste sous {place}."
    }
    batch_over { "Nothing is under way any more." "Plus rien n’est en cours." }
    batch_retry_hint {
        "A new list with the orders that failed and are possible now. You check it before anything is sent."
        "Une nouvelle liste avec les commandes en échec qui sont possibles maintenant. Vous la vérifiez avant tout envoi."
    }
    batch_retried { "The failed orders were taken up again:" "Les commandes en échec ont été reprises\u{a0}:" }
    batch_retried_link { "open the second try" "ouvrir la nouvelle tentative" }
    batch_no_retry {
        "None of the failed orders is possible now. Their rows say why."
        "Aucune des commandes en échec n’est possible maintenant. Leurs lignes disent pourquoi."
    }
    batch_show_all { "All" "Toutes" }
    batch_show_failed { "Not done" "Non faites" }
    batch_show_waiting { "Under way" "En cours" }
    batch_show_done { "Done" "Faites" }
    batch_preparing { "Being prepared" "En préparation de l’envoi" }
    batch_not_sent { "Not sent" "Non envoyée" }
}

impl Lang {
    /// The heading of a batch: `Ship 45 orders`.
    pub fn batch_heading(self, task: Task, count: usize) -> String {
        let orders = self.batch_orders(count);
        match (self, task) {
            (Self::En, Task::Accept) => format!("Accept {orders}"),
            (Self::Fr, Task::Accept) => format!("Accepter {orders}"),
            (Self::En, Task::Ship) => format!("Ship {orders}"),
            (Self::Fr, Task::Ship) => format!("Expédier {orders}"),
        }
    }

    /// What a batch was put together for, in the list of batches.
    pub fn batch_purpose(self, purpose: Purpose, count: usize) -> String {
        match purpose {
            Purpose::Promise(task) => self.batch_heading(task, count),
            Purpose::Print | Purpose::Export => self.batch_button(purpose).to_owned(),
        }
    }

    /// The button under the list.
    pub const fn batch_button(self, purpose: Purpose) -> &'static str {
        match purpose {
            Purpose::Promise(Task::Accept) => self.batch_accept(),
            Purpose::Promise(Task::Ship) => self.batch_ship(),
            Purpose::Print => self.batch_print(),
            Purpose::Export => self.batch_export(),
        }
    }

    /// `45 orders`
    pub fn batch_orders(self, count: usize) -> String {
        self.count(wide(count), ["order", "orders"], ["commande", "commandes"])
    }

    /// The first group of a review.
    pub fn batch_ready(self, count: usize) -> String {
        format!("{} {count}", self.pick("Ready:", "Prêtes\u{a0}:"))
    }

    /// The second group of a review.
    pub fn batch_with_warning(self, count: usize) -> String {
        format!("{} {count}", self.pick("With a warning:", "Avec un avertissement\u{a0}:"))
    }

    /// The third group of a review.
    pub fn batch_impossible(self, count: usize) -> String {
        format!("{} {count}", self.pick("Not possible:", "Impossibles\u{a0}:"))
    }

    /// The box that takes the orders with a warning along.
    pub fn batch_take_along(self, count: usize) -> String {
        let orders = self.batch_orders(count);
        match self {
            Self::En => format!("I have read the warnings: send the {orders} with one as well"),
            Self::Fr if count < 2 => {
                "J’ai lu l’avertissement\u{a0}: envoyer aussi cette commande".to_owned()
            }
            Self::Fr => format!("J’ai lu les avertissements\u{a0}: envoyer aussi ces {orders}"),
        }
    }

    /// The box that takes all that the list's filters leave.
    pub fn batch_all(self, count: Option<i64>) -> String {
        let all = match count.map(|it| (it, it <= wide(MOST_ROWS))) {
            Some((count, true)) => {
                let orders = self.count(count, ["order", "orders"], ["commande", "commandes"]);
                return match self {
                    Self::En => format!("All {orders} of this list"),
                    Self::Fr => format!("Les {orders} de cette liste"),
                };
            }
            Some((_, false)) => {
                self.pick("The first 5,000 of this list", "Les 5 000 premières de cette liste")
            }
            None => self.pick("All of this list, up to 5,000", "Toute cette liste, jusqu’à 5 000"),
        };
        all.to_owned()
    }

    /// That a selection was cut off.
    pub fn batch_cut(self) -> &'static str {
        self.pick(
            "The list has more than 5,000 orders: these are the first. Come back for the others.",
            "La liste a plus de 5 000 commandes\u{a0}: voici les premières. Revenez pour les autres.",
        )
    }

    /// The button that tries again.
    pub fn batch_retry(self, count: i64) -> String {
        let orders = self.count(
            count,
            ["failed order", "failed orders"],
            ["commande en échec", "commandes en échec"],
        );
        match self {
            Self::En => format!("Retry {orders}"),
            Self::Fr => format!("Réessayer {orders}"),
        }
    }

    /// How far a batch is: `38 of 41 settled`.
    pub fn batch_settled(self, done: i64, all: i64) -> String {
        match self {
            Self::En => format!("{done} of {all} settled"),
            Self::Fr => format!("{done} sur {all} réglées"),
        }
    }

    /// How many rows stand there: `8 confirmed`.
    pub fn batch_count(self, state: Option<State>, count: i64) -> String {
        let (en, fr) = match state {
            None => (["being prepared"; 2], ["en préparation de l’envoi"; 2]),
            Some(State::Queued) => (["queued"; 2], ["en attente"; 2]),
            Some(State::Sending) => (
                ["sent, waiting for Octopia"; 2],
                [
                    "envoyée, sans réponse d’Octopia pour l’instant",
                    "envoyées, sans réponse d’Octopia pour l’instant",
                ],
            ),
            Some(State::InDoubt) => {
                (["in doubt, being looked up"; 2], ["en doute, en cours de vérification"; 2])
            }
            Some(State::NeedsPerson) => (["to decide"; 2], ["à décider"; 2]),
            Some(State::Confirmed) => (["confirmed"; 2], ["confirmée", "confirmées"]),
            Some(State::Refused) => (["refused"; 2], ["refusée", "refusées"]),
            Some(State::Withdrawn) => (["withdrawn"; 2], ["retirée", "retirées"]),
        };
        self.count(count, en, fr)
    }

    /// How many rows were not sent.
    pub fn batch_left_out(self, count: i64) -> String {
        self.count(count, ["not sent"; 2], ["non envoyée", "non envoyées"])
    }
}

fn wide(count: usize) -> i64 {
    i64::try_from(count).unwrap_or(i64::MAX)
}
