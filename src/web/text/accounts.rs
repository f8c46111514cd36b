//! Texts of the seller accounts' settings.

use crate::domain::address_rule::Refusal;
use crate::live::Check;
use crate::live::Found;
use crate::live::Outcome;
use crate::web::format;
use crate::web::text::Lang;

texts! {
    accounts_title { "Seller accounts" "Comptes vendeur" }
    accounts_new { "Add a seller account" "Ajouter un compte vendeur" }
    accounts_add { "Add account" "Ajouter un compte" }
    accounts_role {
        "Only an admin sets up seller accounts. Ask your administrator."
        "Seul un administrateur configure les comptes vendeur. Adressez-vous au vôtre."
    }
    accounts_set_by_file {
        "Set by the file of the server, read-only. Whoever runs the server changes it there; without it in the file, it can be set up here."
        "Défini par le fichier du serveur, en lecture seule. La personne qui gère le serveur le modifie là-bas\u{a0}; retiré du fichier, il se configure ici."
    }
    accounts_in_file { "set by the file, read-only" "défini par le fichier, lecture seule" }
    accounts_not_set_up { "no credentials" "sans identifiants" }
    accounts_credentials { "Credentials" "Identifiants" }
    accounts_connection { "Connection" "Connexion" }
    accounts_read { "Orders read" "Commandes lues" }
    accounts_action { "Action" "Action" }
    accounts_edit { "Edit" "Modifier" }
    accounts_see { "See" "Voir" }
    accounts_test { "Test" "Tester" }
    accounts_pause { "Pause reading" "Suspendre la lecture" }
    accounts_resume { "Resume reading" "Reprendre la lecture" }
    accounts_secret { "secret" "secret" }
    accounts_secret_hidden { "hidden, ends with" "masqué, se termine par" }
    accounts_saved_untested { "saved untested" "enregistré sans test" }
    accounts_pause_note {
        "While reading is paused, no order is read, and what is promised is still sent. Sending is paused on the Sync page."
        "Pendant la suspension, aucune commande n’est lue, et ce qui est promis part quand même. Les envois se suspendent sur la page Synchro."
    }
    accounts_none { "There is no seller account yet." "Il n’y a pas encore de compte vendeur." }

    accounts_id { "Short name" "Nom court" }
    accounts_id_hint {
        "Part of the pages’ addresses, and never changed: small letters, digits and hyphens, up to 30."
        "Fait partie des adresses des pages et ne change jamais\u{a0}: lettres minuscules, chiffres et tirets, 30 au plus."
    }
    accounts_name { "Name" "Nom" }
    accounts_seller_id { "Seller ID" "Identifiant vendeur" }
    accounts_client_id { "Client ID" "Identifiant client" }
    accounts_new_secret { "Client secret" "Secret client" }
    accounts_base_url { "Address of the API" "Adresse de l’API" }
    accounts_token_url { "Address of the token service" "Adresse du service de jetons" }
    accounts_address_hint {
        "As Octopia’s documents say, unless Octopia told you another one."
        "Celle de la documentation d’Octopia, sauf indication contraire de sa part."
    }
    accounts_rate { "Calls per second" "Appels par seconde" }
    accounts_zone { "Time zone" "Fuseau horaire" }
    accounts_zone_hint { "Such as Europe/Paris" "Par exemple Europe/Paris" }
    accounts_interval { "Seconds between two reads" "Secondes entre deux lectures" }
    accounts_interval_hint { "Empty: as on this server" "Vide\u{a0}: comme sur ce serveur" }
    accounts_untested { "Save untested" "Enregistrer sans test" }
    accounts_untested_hint {
        "For when Octopia is down. Otherwise a change is saved only if Octopia accepts it."
        "Pour le cas où Octopia est en panne. Sinon, une modification n’est enregistrée que si Octopia l’accepte."
    }
    accounts_save { "Test and save" "Tester et enregistrer" }
    accounts_only_test { "Test connection" "Tester la connexion" }
    accounts_back { "Back to the accounts" "Retour aux comptes" }
    accounts_delay { "Seconds before an action is sent" "Secondes avant l’envoi d’une action" }
    accounts_delay_hint(seconds) {
        "Until then it can be withdrawn. From 0 to 120; empty: {seconds}, as on this server"
        "D’ici là, on peut l’annuler. De 0 à 120\u{a0}; vide\u{a0}: {seconds}, comme sur ce serveur"
    }
    accounts_delay_usual(seconds) { "{seconds}, as on this server" "{seconds}, comme sur ce serveur" }
    accounts_fulfilled { "Orders shipped by Octopia’s warehouse" "Commandes expédiées par l’entrepôt d’Octopia" }
    accounts_fulfilled_import { "Import them" "Les importer" }
    accounts_fulfilled_skip { "Leave them out" "Ne pas les importer" }
    accounts_fulfilled_hint {
        "Left out: new ones are not imported. Those that are here stay, and are kept up to date."
        "Sans import\u{a0}: les nouvelles n’arrivent plus. Celles qui sont ici restent et sont tenues à jour."
    }
    accounts_fulfilled_wrong { "Choose whether to import these orders" "Choisissez d’importer ou non ces commandes" }
    accounts_test_title { "Test of the connection" "Test de la connexion" }
    accounts_test_check { "Check" "Vérification" }
    accounts_test_answer { "Answer" "Réponse" }
    accounts_test_time { "Time" "Durée" }
    accounts_test_note {
        "Nothing was saved. For safety, the secret is not kept in the page: type it again to save."
        "Rien n’a été enregistré. Par sécurité, le secret n’est pas gardé dans la page\u{a0}: saisissez-le de nouveau pour enregistrer."
    }
    accounts_not_at_work {
        "The account is not at work on this server. Look at its settings, and at the server’s log."
        "Le compte n’est pas en service sur ce serveur. Regardez sa configuration et le journal du serveur."
    }
    accounts_enter_secret { "Enter the new secret" "Saisir le nouveau secret" }

    accounts_id_wrong {
        "Enter a short name of small letters, digits and hyphens, other than “new”"
        "Saisissez un nom court en lettres minuscules, chiffres et tirets, autre que «\u{a0}new\u{a0}»"
    }
    accounts_id_taken {
        "Another account has this short name: choose another one"
        "Un autre compte porte ce nom court\u{a0}: choisissez-en un autre"
    }
    accounts_name_wrong(most) {
        "Enter a name of up to {most} characters"
        "Saisissez un nom de {most} caractères au plus"
    }
    accounts_seller_wrong {
        "Enter the seller ID as the Octopia portal shows it"
        "Saisissez l’identifiant vendeur tel que l’affiche le portail Octopia"
    }
    accounts_client_wrong {
        "Enter the client ID as the Octopia portal shows it"
        "Saisissez l’identifiant client tel que l’affiche le portail Octopia"
    }
    accounts_secret_missing { "Enter the client secret" "Saisissez le secret client" }
    accounts_secret_moved {
        "Enter the secret again: it is not sent to another address unless you know it"
        "Saisissez de nouveau le secret\u{a0}: il ne part vers une autre adresse que si vous le connaissez"
    }
    accounts_secret_long(most) {
        "The secret must have {most} characters or fewer"
        "Le secret doit compter {most} caractères au plus"
    }
    accounts_secret_closed {
        "Enter the secret again: the stored one cannot be opened with this server’s key"
        "Saisissez de nouveau le secret\u{a0}: celui qui est enregistré ne s’ouvre pas avec la clé de ce serveur"
    }
    accounts_rate_wrong(most) {
        "Enter a whole number of calls per second, from 1 to {most}"
        "Saisissez un nombre entier d’appels par seconde, de 1 à {most}"
    }
    accounts_seconds_wrong(least, most) {
        "Enter a whole number of seconds from {least} to {most}, or nothing"
        "Saisissez un nombre entier de secondes de {least} à {most}, ou rien"
    }
    accounts_zone_wrong {
        "Enter a time zone by its name, such as Europe/Paris"
        "Saisissez un fuseau horaire par son nom, par exemple Europe/Paris"
    }
    accounts_test_failed {
        "Octopia did not accept this, and nothing was saved. Correct it and type the secret again, or tick to save it untested"
        "Octopia n’a pas accepté, et rien n’a été enregistré. Corrigez et saisissez de nouveau le secret, ou cochez pour enregistrer sans test"
    }
    accounts_changed_meanwhile {
        "Somebody else changed this account while you were at it. Open it again and look at what it says now."
        "Quelqu’un d’autre a modifié ce compte entre-temps. Rouvrez-le et regardez ce qu’il contient maintenant."
    }
    accounts_seller(id) { "seller {id}" "vendeur {id}" }
}

impl Lang {
    /// Why no account can be set up here.
    pub const fn accounts_no_key(self) -> &'static str {
        self.pick(
            "Accounts cannot be set up here yet: the server has no key to encrypt their secrets with. Whoever runs the server sets COMPTOIR_SECRET_KEY (32 bytes in base64). Accounts of the server’s file work all the same.",
            "Les comptes ne peuvent pas encore être configurés ici\u{a0}: le serveur n’a pas de clé pour chiffrer leurs secrets. La personne qui gère le serveur définit COMPTOIR_SECRET_KEY (32 octets en base64). Les comptes du fichier du serveur fonctionnent quand même.",
        )
    }

    /// When it was changed, and by whom.
    pub fn accounts_changed(self, at: &str, by: Option<&str>) -> String {
        match (self, by) {
            (Self::En, Some(by)) => format!("changed {at} by {by}"),
            (Self::En, None) => format!("changed {at}"),
            (Self::Fr, Some(by)) => format!("modifié {at} par {by}"),
            (Self::Fr, None) => format!("modifié {at}"),
        }
    }

    /// What to know about the field of the secret: how the stored one ends, if there is one.
    pub fn accounts_secret_hint(self, end: Option<&str>) -> String {
        let stored = self.pick(
            "It is stored encrypted and cannot be shown again.",
            "Il est chiffré et ne pourra plus être affiché.",
        );
        let keep = match (self, end) {
            (_, None) => return stored.to_owned(),
            (Self::En, Some("")) => "Empty keeps the current one.".to_owned(),
            (Self::Fr, Some("")) => "Vide, il garde l’actuel.".to_owned(),
            (Self::En, Some(end)) => format!("Empty keeps the current one, which ends with {end}."),
            (Self::Fr, Some(end)) => format!("Vide, il garde l’actuel, qui se termine par {end}."),
        };
        format!("{keep} {stored}")
    }

    /// What is wrong with an address.
    pub const fn accounts_address(self, refusal: Refusal) -> &'static str {
        match refusal {
            Refusal::Unreadable => self.pick(
                "Enter a complete address that begins with https://",
                "Saisissez une adresse complète qui commence par https://",
            ),
            Refusal::Scheme => self.pick(
                "The address must begin with https://",
                "L’adresse doit commencer par https://",
            ),
            Refusal::UserInfo => self.pick(
                "The address must not hold a user name or a password",
                "L’adresse ne doit contenir ni nom d’utilisateur ni mot de passe",
            ),
            Refusal::Port => self.pick(
                "The address must not name a port",
                "L’adresse ne doit pas indiquer de port",
            ),
            Refusal::Host => self.pick(
                "The address must name a host on the public internet, not a number and not one of your own network",
                "L’adresse doit nommer un hôte public sur Internet, ni un numéro ni un hôte de votre réseau",
            ),
            Refusal::Query => self.pick(
                "The address must not hold a question mark or a hash",
                "L’adresse ne doit contenir ni point d’interrogation ni dièse",
            ),
        }
    }

    /// A question of the connection test.
    pub const fn check(self, check: Check) -> &'static str {
        match check {
            Check::Token => self
                .pick("Sign in with client ID and secret", "Connexion avec identifiant et secret"),
            Check::Order => self.pick("Read one order", "Lire une commande"),
            Check::Carriers => self.pick("Read the carriers", "Lire les transporteurs"),
            Check::Gestures => self.pick(
                "Read a channel’s rules for gestures",
                "Lire les règles des gestes d’un canal",
            ),
        }
    }

    /// What came of it.
    pub fn check_answer(self, outcome: &Outcome) -> String {
        let words = match outcome {
            Outcome::Fine(Found::Token) => self.pick("Accepted", "Accepté"),
            Outcome::Fine(Found::Orders(true)) => self.pick("Read", "Lue"),
            Outcome::Fine(Found::Orders(false)) => self.pick(
                "Allowed; there is no order yet",
                "Autorisé\u{a0}; il n’y a pas encore de commande",
            ),
            Outcome::Fine(Found::Carriers(count)) => {
                let count = i64::try_from(*count).unwrap_or(i64::MAX);
                return match self {
                    Self::En if count == 1 => "1 carrier".to_owned(),
                    Self::En => format!("{} carriers", format::whole(count)),
                    Self::Fr if count < 2 => format!("{count} transporteur"),
                    Self::Fr => format!("{} transporteurs", format::whole(count)),
                };
            }
            Outcome::Fine(Found::Gestures(Some(true))) => {
                self.pick("Read: gestures are allowed", "Lues\u{a0}: les gestes sont autorisés")
            }
            Outcome::Fine(Found::Gestures(Some(false))) => self.pick(
                "Read: gestures are not allowed",
                "Lues\u{a0}: les gestes ne sont pas autorisés",
            ),
            Outcome::Fine(Found::Gestures(None)) => self.pick("Read", "Lues"),
            Outcome::Failed(trouble, _) => self.trouble(Some(*trouble))[0],
            Outcome::TooSlow => {
                self.pick("No answer within three seconds", "Pas de réponse en trois secondes")
            }
            Outcome::NotAsked => {
                self.pick("Not asked: there is no sign-in", "Non vérifié\u{a0}: pas de connexion")
            }
        };
        words.to_owned()
    }
}
