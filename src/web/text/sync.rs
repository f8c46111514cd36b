//! Texts of the sync page and of the list of promises that need a person.

use crate::domain::trouble::Trouble;
use crate::web::text::Lang;

texts! {
    refresh { "Refresh" "Actualiser" }
    as_of { "As of" "État à" }

    sync_working { "Working" "Fonctionne" }
    sync_never { "Never synced" "Jamais synchronisé" }
    sync_never_next {
        "The first import begins as soon as the worker runs."
        "Le premier import commence dès que le service de synchronisation tourne."
    }
    sync_importing { "First import under way" "Premier import en cours" }
    sync_imported(read, total) {
        "{read} of {total} orders read"
        "{read} commandes lues sur {total}"
    }
    sync_late(age) { "Late ({age})" "En retard ({age})" }
    sync_late_next {
        "You can work; actions are checked again before sending. Check that the worker runs."
        "Vous pouvez travailler\u{a0}: chaque action est revérifiée avant l’envoi. Vérifiez que le service de synchronisation tourne."
    }
    sync_stopped(since) {
        "Stopped: Octopia refuses our credentials since {since}"
        "Arrêtée\u{a0}: identifiants refusés par Octopia depuis {since}"
    }
    sync_paused(since) {
        "Reading paused since {since}"
        "Lecture suspendue depuis {since}"
    }
    sync_paused_next {
        "Orders are not read until an admin resumes it under Seller accounts. What is promised is still sent."
        "Les commandes ne sont pas lues jusqu’à ce qu’un administrateur reprenne, sous Comptes vendeur. Ce qui est promis part quand même."
    }
    sync_failing(since) { "Failing since {since}" "En échec depuis {since}" }
    marketplace_says { "The marketplace’s answer:" "Réponse de la place de marché\u{a0}:" }

    last_success { "Last complete read" "Dernière lecture complète" }
    mirrored_up_to { "Mirrored up to" "À jour jusqu’à" }
    next_read { "Next read" "Prochaine lecture" }
    orders_in_mirror { "Orders in the mirror" "Commandes dans le miroir" }
    carriers_read { "Carriers read" "Transporteurs lus" }
    swept { "Daily check" "Contrôle quotidien" }
    never { "never" "jamais" }
    as_soon_as_possible { "as soon as possible" "dès que possible" }
    now_running { "now" "maintenant" }

    actions_under_way { "Actions under way" "Actions en cours" }
    no_action_under_way { "No action is under way." "Aucune action en cours." }
    account { "Account" "Compte" }
    state { "State" "État" }
    actions { "Actions" "Actions" }
    oldest { "Oldest" "La plus ancienne" }

    unreadable_orders { "Orders that could not be read" "Commandes illisibles" }
    unreadable_orders_next {
        "They are kept as received and read again when they change. All other orders are there."
        "Elles sont conservées telles que reçues et relues à leur prochain changement. Toutes les autres sont là."
    }
    no_unreadable_order { "Every order could be read." "Toutes les commandes ont pu être lues." }
    order { "Order" "Commande" }
    problem_column { "Problem" "Problème" }
    since { "Since" "Depuis" }

    no_accounts {
        "No seller account is set up yet. An admin adds one under Seller accounts."
        "Aucun compte vendeur n’est configuré. Un administrateur en ajoute un sous Comptes vendeur."
    }

    sending { "Sending to Octopia" "Envois vers Octopia" }
    sending_paused_kept {
        "Actions are kept and leave when it is resumed."
        "Les actions sont conservées et partiront à la reprise."
    }
    sending_on { "Actions are sent as they come." "Les actions partent au fur et à mesure." }
    sending_pause { "Pause sending" "Suspendre les envois" }
    sending_pause_note {
        "Nothing leaves for any account until somebody resumes it. Reading goes on, and nothing is lost."
        "Rien ne part, pour aucun compte, jusqu’à la reprise. La lecture continue, et rien n’est perdu."
    }
    sending_resume { "Resume sending" "Reprendre les envois" }
    sending_resume_note {
        "What waits leaves at once, checked once more before it does."
        "Ce qui attend part aussitôt, après une dernière vérification."
    }
    sending_role {
        "Only an admin can pause or resume sending."
        "Seul un administrateur peut suspendre ou reprendre les envois."
    }
    sending_of_account { "Sending" "Envois" }
    sending_works { "on" "actifs" }
    sending_paused_since(since) { "paused since {since}" "suspendus depuis {since}" }

    unsent_title { "Not sent, by cause" "Non envoyées, par cause" }
    unsent_none { "No action is held up." "Aucune action n’est bloquée." }
    unsent_intro {
        "None of these has reached the marketplace. Each is tried again by itself."
        "Aucune n’est arrivée sur la place de marché. Chacune est retentée automatiquement."
    }
    unsent_cause { "Cause, and what to do" "Cause, et que faire" }
    unsent_next_try { "Next try" "Prochain essai" }
    unsent_retry(count) { "Send all {count} again now" "Renvoyer les {count} maintenant" }
    unsent_retry_one { "Send it again now" "Renvoyer maintenant" }
    unsent_retry_role {
        "Your role cannot send these again. Ask a colleague who acts on orders."
        "Votre rôle ne permet pas de les renvoyer. Demandez à un collègue qui traite les commandes."
    }
    unsent_when_resumed { "when sending is resumed" "à la reprise des envois" }

    attention_title { "Waiting for your decision" "En attente de votre décision" }
    attention_intro {
        "Comptoir could not find out whether the marketplace did what was asked. Look at the order there, then decide."
        "Comptoir n’a pas pu établir si la place de marché a fait ce qui était demandé. Regardez la commande chez elle, puis décidez."
    }
    attention_none { "Nothing waits for your decision." "Rien n’attend votre décision." }
    action { "Action" "Action" }
    asked_by { "Asked by" "Demandé par" }
    decide { "Decide" "Décider" }
}

impl Lang {
    /// That nothing is sent: for these accounts only, or for all.
    pub fn sending_paused(self, only: Option<&str>, since: &str, by: Option<&str>) -> String {
        let (only_en, only_fr) = match only {
            Some(names) => (format!(" for {names}"), format!(" pour {names}")),
            None => (String::new(), String::new()),
        };
        let (by_en, by_fr) = match by {
            Some(name) => (format!(" by {name}"), format!(" par {name}")),
            None => (String::new(), String::new()),
        };
        match self {
            Self::En => format!("Sending to Octopia{only_en} is paused since {since}{by_en}."),
            Self::Fr => {
                format!("Les envois vers Octopia{only_fr} sont suspendus depuis {since}{by_fr}.")
            }
        }
    }

    /// What to do about what keeps promises from leaving.
    pub const fn unsent_advice(self, trouble: Option<Trouble>) -> &'static str {
        let (en, fr) = match trouble {
            Some(Trouble::CredentialsRefused) => (
                "Put the account’s new secret into its settings, then send again.",
                "Mettez le nouveau secret dans la configuration du compte, puis renvoyez.",
            ),
            Some(Trouble::Unreachable) => (
                "Wait for the marketplace, or send again once it is back.",
                "Attendez la place de marché, ou renvoyez quand elle est de retour.",
            ),
            Some(Trouble::RateLimited) => (
                "Wait: sending goes on after the pause it asked for. Sending again earlier may prolong it.",
                "Attendez\u{a0}: les envois reprennent après la pause demandée. Renvoyer plus tôt peut la prolonger.",
            ),
            Some(Trouble::UnreadableAnswer) => (
                "The order could not be read before sending. If it lasts, give the details to support.",
                "La commande n’a pas pu être lue avant l’envoi. Si cela dure, transmettez les détails à l’assistance.",
            ),
            Some(Trouble::Refused) => (
                "Check the seller number and what the account may do at Octopia, then send again.",
                "Vérifiez le numéro de vendeur et les droits du compte chez Octopia, puis renvoyez.",
            ),
            Some(Trouble::Internal) | None => (
                "Look at the server’s log, then send again.",
                "Consultez le journal du serveur, puis renvoyez.",
            ),
        };
        self.pick(en, fr)
    }

    /// What keeps promises from leaving.
    pub const fn unsent_trouble(self, trouble: Option<Trouble>) -> &'static str {
        match trouble {
            Some(Trouble::Internal) => self.pick("Comptoir itself failed.", "Comptoir a échoué."),
            None => self.pick("A cause without a name.", "Une cause sans nom."),
            Some(
                Trouble::CredentialsRefused
                | Trouble::Unreachable
                | Trouble::RateLimited
                | Trouble::UnreadableAnswer
                | Trouble::Refused,
            ) => self.trouble(trouble)[0],
        }
    }

    /// Why an account cannot be read, and what to do next.
    pub const fn trouble(self, trouble: Option<Trouble>) -> [&'static str; 2] {
        match self {
            Self::En => english(trouble),
            Self::Fr => french(trouble),
        }
    }
}

const fn english(trouble: Option<Trouble>) -> [&'static str; 2] {
    match trouble {
        Some(Trouble::CredentialsRefused) => [
            "Octopia does not accept the account’s client id and secret.",
            "The secret was probably renewed in the Octopia portal: put the new one into the account’s settings.",
        ],
        Some(Trouble::Unreachable) => [
            "The marketplace does not answer, or answers that it is broken.",
            "Nothing to do: it is asked again by itself. If it lasts, check the server’s network and Octopia’s status page.",
        ],
        Some(Trouble::RateLimited) => [
            "The marketplace asked us to call less often.",
            "Nothing to do: reading goes on after the pause it asked for. If it happens often, lower the account’s request rate.",
        ],
        Some(Trouble::UnreadableAnswer) => [
            "The marketplace answered something that cannot be read.",
            "It is asked again by itself. If it lasts, give the details to support.",
        ],
        Some(Trouble::Refused) => [
            "The marketplace refused the question.",
            "Check the seller number and what the account may do at Octopia.",
        ],
        Some(Trouble::Internal) => [
            "Comptoir itself failed while reading.",
            "It tries again by itself. If it lasts, look at the server’s log.",
        ],
        None => [
            "Reading fails for a cause without a name.",
            "It is tried again by itself. If it lasts, look at the server’s log.",
        ],
    }
}

const fn french(trouble: Option<Trouble>) -> [&'static str; 2] {
    match trouble {
        Some(Trouble::CredentialsRefused) => [
            "Octopia n’accepte pas l’identifiant et le secret du compte.",
            "Le secret a sans doute été renouvelé dans le portail Octopia\u{a0}: mettez le nouveau dans la configuration du compte.",
        ],
        Some(Trouble::Unreachable) => [
            "La place de marché ne répond pas, ou répond qu’elle est en panne.",
            "Rien à faire\u{a0}: elle est interrogée de nouveau automatiquement. Si cela dure, vérifiez le réseau du serveur et l’état des services d’Octopia.",
        ],
        Some(Trouble::RateLimited) => [
            "La place de marché nous demande d’espacer les appels.",
            "Rien à faire\u{a0}: la lecture reprend après la pause demandée. Si c’est fréquent, réduisez la cadence du compte.",
        ],
        Some(Trouble::UnreadableAnswer) => [
            "La réponse de la place de marché est illisible.",
            "Elle est interrogée de nouveau automatiquement. Si cela dure, transmettez les détails à l’assistance.",
        ],
        Some(Trouble::Refused) => [
            "La place de marché a refusé la demande.",
            "Vérifiez le numéro de vendeur et les droits du compte chez Octopia.",
        ],
        Some(Trouble::Internal) => [
            "Comptoir a échoué pendant la lecture.",
            "Une nouvelle tentative est automatique. Si cela dure, consultez le journal du serveur.",
        ],
        None => [
            "La lecture échoue pour une cause sans nom.",
            "Une nouvelle tentative est automatique. Si cela dure, consultez le journal du serveur.",
        ],
    }
}
