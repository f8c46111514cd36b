//! Texts of what people ask of the mirror: a reading now, one order now, a comparison of the numbers.

use crate::domain::comparison::Finding;
use crate::domain::reread::Outcome;
use crate::domain::trouble::Trouble;
use crate::web::format;
use crate::web::text::Lang;

texts! {
    sync_pause_updates { "Pause updates" "Suspendre l’actualisation" }
    sync_resume_updates { "Resume updates" "Reprendre l’actualisation" }
    sync_updates_paused {
        "This page stands still. What it shows may be out of date."
        "Cette page est figée. Ce qu’elle affiche peut être dépassé."
    }
    sync_updates_on {
        "This page updates itself every 5 seconds."
        "Cette page s’actualise toutes les 5 secondes."
    }

    sync_now { "Sync now" "Synchroniser maintenant" }
    sync_asked(at) {
        "Asked for at {at}. The worker begins within seconds."
        "Demandé à {at}. Le service de synchronisation commence dans quelques secondes."
    }
    sync_asked_running(orders) { "Reading now, as asked: {orders} so far." "Lecture en cours, comme demandé\u{a0}: {orders} pour l’instant." }
    sync_asked_done(at, orders) { "Read at {at}, as asked: {orders} came." "Lecture demandée faite à {at}\u{a0}: {orders} reçues." }
    sync_ask_paused {
        "Reading of this account is paused. An admin can resume it under Seller accounts."
        "La lecture de ce compte est suspendue. Un administrateur peut la reprendre, sous Comptes vendeur."
    }
    sync_ask_silence(at) {
        "The marketplace asked us to call less often. Reading goes on by itself at {at}."
        "La place de marché nous demande d’espacer les appels. La lecture reprend d’elle-même à {at}."
    }
    sync_ask_too_many {
        "Many single orders were asked for within a minute. Wait a moment, then ask again."
        "Beaucoup de commandes ont été demandées en une minute. Attendez un instant, puis redemandez."
    }

    sync_last_read { "Orders read last time" "Commandes lues la dernière fois" }
    sync_calls { "API calls in the last hour" "Appels à l’API dans la dernière heure" }
    sync_calls_of(made, limit) { "{made} of {limit} at most" "{made} sur {limit} au plus" }
    sync_calls_unlimited(made) { "{made}, no limit set" "{made}, sans limite fixée" }
    sync_calls_limited(limited) { "{limited} answered “too many calls”" "{limited} avec la réponse «\u{a0}trop d’appels\u{a0}»" }
    sync_time_left(span) { "about {span} left" "encore {span} environ" }

    reread_title { "Read one order again" "Relire une commande" }
    reread_note {
        "The worker asks the marketplace for this order now, also for one that is not in Comptoir yet."
        "Le service demande cette commande à la place de marché tout de suite, même si elle n’est pas encore dans Comptoir."
    }
    reread_number { "Order number" "Numéro de commande" }
    reread_button { "Read this order again" "Relire cette commande" }
    reread_wrong_number {
        "Enter the order number as the marketplace writes it, such as 2611190911QK4D"
        "Saisissez le numéro tel que la place de marché l’écrit, par exemple 2611190911QK4D"
    }
    reread_no_account { "Choose the account of the order" "Choisissez le compte de la commande" }
    reread_latest { "Orders read on request" "Commandes relues sur demande" }
    reread_asked { "Asked for" "Demandée" }
    reread_result { "Result" "Résultat" }
    reread_waiting { "Being read from the marketplace…" "Lecture en cours sur la place de marché…" }
    reread_order { "Refresh this order" "Actualiser cette commande" }

    compare_title { "Compared with the marketplace" "Comparaison avec la place de marché" }
    compare_now { "Compare now" "Comparer maintenant" }
    compare_never { "Not compared yet. It happens after the first import." "Pas encore comparé. La comparaison suit le premier import." }
    compare_at { "Compared" "Comparé" }
    compare_asked { "A comparison is under way." "Une comparaison est en cours." }
    compare_all { "All orders" "Toutes les commandes" }
    compare_theirs { "Marketplace" "Place de marché" }
    compare_ours { "Comptoir" "Comptoir" }
    compare_difference { "Difference" "Écart" }
    compare_fine { "The numbers are the same in every status." "Les nombres sont les mêmes pour chaque statut." }
    compare_differs {
        "The numbers differ. Orders that changed during the count look like this, so it is counted again with the next readings. If it stays: “Sync now”, then give the figures to support."
        "Les nombres diffèrent. Des commandes modifiées pendant le comptage suffisent\u{a0}: il est refait aux prochaines lectures. Si l’écart reste\u{a0}: «\u{a0}Synchroniser maintenant\u{a0}», puis transmettez les chiffres à l’assistance."
    }

    refused_title { "Refused in the last 24 hours, by cause" "Refusées depuis 24 heures, par cause" }
    refused_none { "Nothing was refused in the last 24 hours." "Aucun refus depuis 24 heures." }
    refused_count { "Refused in 24 h" "Refusées en 24 h" }
    refused_see { "See each of them in the activity" "Voir chacune dans l’activité" }
    first_time { "First" "La première" }
    last_time { "Last" "La dernière" }
}

impl Lang {
    /// A number of orders.
    pub fn orders_counted(self, orders: i64) -> String {
        self.count(orders, ["order", "orders"], ["commande", "commandes"])
    }

    /// How far the marketplace's number is from ours.
    pub fn compare_finding(self, finding: Finding) -> String {
        let number = |it| format::whole(it);
        match (self, finding) {
            (Self::En, Finding::NotCounted) => "not counted there".to_owned(),
            (Self::Fr, Finding::NotCounted) => "pas compté là-bas".to_owned(),
            (Self::En, Finding::Same) => "none".to_owned(),
            (Self::Fr, Finding::Same) => "aucun".to_owned(),
            (Self::En, Finding::Missing(n)) => format!("{} missing here", number(n)),
            (Self::Fr, Finding::Missing(n)) => format!("{} en moins ici", number(n)),
            (Self::En, Finding::Extra(n)) => format!("{} more here", number(n)),
            (Self::Fr, Finding::Extra(n)) => format!("{} en plus ici", number(n)),
        }
    }

    /// What came of reading one order; none for a word of a later version.
    pub const fn reread_outcome(self, outcome: Option<Outcome>) -> &'static str {
        let (en, fr) = match outcome {
            Some(Outcome::New) => (
                "It was not in Comptoir, and is now.",
                "Elle n’était pas dans Comptoir\u{a0}; elle y est maintenant.",
            ),
            Some(Outcome::Changed) => (
                "It had changed. This is the new state; the history says what changed.",
                "Elle avait changé. Voici son nouvel état\u{a0}; l’historique dit ce qui a changé.",
            ),
            Some(Outcome::Unchanged) => ("Nothing has changed.", "Rien n’a changé."),
            Some(Outcome::Unknown) => (
                "The marketplace does not know an order of this number in this account.",
                "La place de marché ne connaît pas de commande de ce numéro dans ce compte.",
            ),
            Some(Outcome::LeftOut) => (
                "The marketplace’s warehouse ships it, and this account leaves such orders out.",
                "L’entrepôt de la place de marché l’expédie, et ce compte laisse ces commandes de côté.",
            ),
            Some(Outcome::Unreadable) => (
                "It came, and cannot be understood. It is kept below, with what is wrong.",
                "Elle est arrivée, mais illisible. Elle est conservée ci-dessous, avec le problème.",
            ),
            Some(Outcome::Failed(trouble)) => return self.trouble(Some(trouble))[0],
            None => ("It was read.", "Elle a été lue."),
        };
        self.pick(en, fr)
    }

    /// Why promises were refused, and what to do.
    pub fn refused_cause(self, why: Option<&str>) -> [&'static str; 2] {
        let (en, fr) = match why {
            Some("marketplace") => (
                [
                    "The marketplace said no.",
                    "Its words stand on each order: correct what they name, then ask again.",
                ],
                [
                    "La place de marché a dit non.",
                    "Ses mots figurent sur chaque commande\u{a0}: corrigez, puis redemandez.",
                ],
            ),
            Some("no_longer_possible") => (
                [
                    "The order had moved on before it was sent.",
                    "Nothing to do, unless the order still needs it.",
                ],
                [
                    "La commande avait avancé avant l’envoi.",
                    "Rien à faire, sauf si la commande en a encore besoin.",
                ],
            ),
            Some("already_done") => (
                ["It was already done at the marketplace.", "Nothing to do."],
                ["C’était déjà fait sur la place de marché.", "Rien à faire."],
            ),
            Some("no_longer_fits") => (
                [
                    "The order’s lines or requests had changed.",
                    "Open the order, and ask for what is left.",
                ],
                [
                    "Les lignes ou demandes de la commande avaient changé.",
                    "Ouvrez la commande, et demandez ce qui reste.",
                ],
            ),
            Some("unknown_order") => (
                [
                    "The marketplace does not know the order.",
                    "Check the order number with Octopia.",
                ],
                [
                    "La place de marché ne connaît pas la commande.",
                    "Vérifiez le numéro avec Octopia.",
                ],
            ),
            Some("not_allowed") => (
                [
                    "Who asked had lost the right, or reached their ceiling.",
                    "Have a colleague who may do it ask again.",
                ],
                [
                    "Le demandeur n’avait plus le droit, ou avait atteint son plafond.",
                    "Faites redemander par un collègue habilité.",
                ],
            ),
            None => (
                ["A person said that it was not done.", "Ask again, if it is still wanted."],
                [
                    "Une personne a indiqué que ce n’était pas fait.",
                    "Redemandez, si c’est encore voulu.",
                ],
            ),
            Some(_) => (
                [self.unsent_trouble(None), "Open each order to see more."],
                [self.unsent_trouble(None), "Ouvrez chaque commande pour en savoir plus."],
            ),
        };
        if self == Self::En { en } else { fr }
    }

    /// For whoever waits: that the worker could not read.
    pub const fn reread_icon(outcome: Option<Outcome>) -> &'static str {
        match outcome {
            Some(Outcome::New | Outcome::Changed) => "ok",
            Some(Outcome::Unchanged | Outcome::LeftOut) | None => "info",
            Some(
                Outcome::Unknown | Outcome::Unreadable | Outcome::Failed(Trouble::RateLimited),
            ) => "warn",
            Some(Outcome::Failed(
                Trouble::CredentialsRefused
                | Trouble::Unreachable
                | Trouble::UnreadableAnswer
                | Trouble::Refused
                | Trouble::Internal,
            )) => "fail",
        }
    }
}
