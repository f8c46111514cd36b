//! Texts of signing in and of a user's own page.

use jiff::SignedDuration;

use crate::web::passwords::Hint;
use crate::web::passwords::LONGEST;
use crate::web::passwords::SHORTEST;
use crate::web::passwords::Weakness;
use crate::web::profile::Done;
use crate::web::text::Lang;

texts! {
    kept_lead {
        "Your session has ended. Sign in, and you can send what you typed."
        "Votre session a pris fin. Connectez-vous, et vous pourrez envoyer votre saisie."
    }
    kept_title { "You are signed in again" "Vous êtes reconnecté" }
    kept_text {
        "What you typed is still here and has not been sent. Send it now: it is checked as usual, against what has changed meanwhile."
        "Votre saisie est toujours là et n’a pas été envoyée. Envoyez-la maintenant\u{a0}: elle est vérifiée comme d’habitude, avec ce qui a changé entre-temps."
    }
    kept_send { "Send it again" "Renvoyer" }
    kept_leave { "Go on without it" "Continuer sans l’envoyer" }

    kept_secret { "Type the secret again: it was not carried along" "Saisissez de nouveau le secret\u{a0}: il n’a pas été conservé" }

    confirm_title { "Confirm that it is you" "Confirmez que c’est bien vous" }
    confirm_lead {
        "What you are about to do needs your password once more, unless you typed it in the last 15 minutes. Nothing has been done yet."
        "Ce que vous allez faire demande votre mot de passe une nouvelle fois, sauf si vous l’avez saisi dans les 15 dernières minutes. Rien n’a encore été fait."
    }
    confirm_button { "Confirm" "Confirmer" }
    confirm_leave { "Back to the start" "Retour à l’accueil" }
    confirmed_title { "Confirmed: it is you" "C’est confirmé\u{a0}: c’est bien vous" }
    confirmed_file { "Download the file" "Télécharger le fichier" }
    confirmed_back { "Back to the list" "Retour à la liste" }

    code_title { "Second step" "Deuxième étape" }
    code_label { "Code from your app" "Code de votre application" }
    code_hint {
        "Six digits. Without your telephone, one of your recovery codes."
        "Six chiffres. Sans votre téléphone, l’un de vos codes de secours."
    }
    code_wrong {
        "This code is wrong, or was used before. Wait for the next one"
        "Ce code est faux ou a déjà servi. Attendez le suivant"
    }

    profile_title { "Your profile" "Votre profil" }
    profile_link { "Profile and security" "Profil et sécurité" }
    profile_name { "Name" "Nom" }
    profile_preferences { "Language and display" "Langue et affichage" }
    profile_language { "Language" "Langue" }
    profile_theme { "Colors" "Couleurs" }
    profile_follow_browser { "As the browser" "Comme le navigateur" }
    profile_theme_light { "Light" "Clair" }
    profile_theme_dark { "Dark" "Sombre" }
    profile_zone { "Time zone" "Fuseau horaire" }
    profile_zone_hint {
        "Such as Europe/Paris. Empty: the one of your first account. Orders keep the zone of their account, so that everybody means the same day by today."
        "Par exemple Europe/Paris. Vide\u{a0}: celui de votre premier compte. Les commandes gardent le fuseau de leur compte, pour que «\u{a0}aujourd’hui\u{a0}» soit le même jour pour tous."
    }
    profile_save { "Save" "Enregistrer" }
    profile_password { "Password" "Mot de passe" }
    profile_password_present { "Present password" "Mot de passe actuel" }
    profile_password_new { "New password" "Nouveau mot de passe" }
    profile_password_hint {
        "15 characters or more: a few words that do not belong together are good. Your other sessions end."
        "15 caractères ou plus\u{a0}: quelques mots sans rapport entre eux conviennent bien. Vos autres sessions prennent fin."
    }
    profile_password_change { "Change password" "Changer le mot de passe" }
    profile_password_wrong {
        "This is not your present password"
        "Ce n’est pas votre mot de passe actuel"
    }

    second_factor { "Second step at sign-in" "Deuxième étape à la connexion" }
    second_factor_on {
        "An app on your telephone shows a code that is asked for after your password."
        "Une application de votre téléphone affiche un code, demandé après votre mot de passe."
    }
    second_factor_off {
        "Only your password protects your access. An app on your telephone can show a code that is asked for as well."
        "Seul votre mot de passe protège votre accès. Une application de votre téléphone peut afficher un code, demandé en plus."
    }
    second_factor_demanded {
        "Your role needs a second step at sign-in."
        "Votre rôle demande une deuxième étape à la connexion."
    }
    second_factor_owed {
        "Your role needs a second step at sign-in. Set it up to go on."
        "Votre rôle demande une deuxième étape à la connexion. Configurez-la pour continuer."
    }
    second_factor_start { "Set up the second step" "Configurer la deuxième étape" }
    second_factor_scan {
        "Open your authenticator app and add an account with this key, or follow the link on your telephone. Then type the code it shows."
        "Ouvrez votre application d’authentification et ajoutez un compte avec cette clé, ou suivez le lien sur votre téléphone. Saisissez ensuite le code affiché."
    }
    second_factor_key { "Key" "Clé" }
    second_factor_open { "Open in an app on this device" "Ouvrir dans une application de cet appareil" }
    second_factor_six { "Six digits" "Six chiffres" }
    second_factor_confirm { "Switch on" "Activer" }
    second_factor_remove { "Switch off the second step" "Désactiver la deuxième étape" }
    recovery_title { "Your recovery codes" "Vos codes de secours" }
    recovery_text {
        "Each one opens the door once when your telephone is not there. Keep them where your password is not. They are not shown again."
        "Chacun sert une fois quand votre téléphone n’est pas là. Gardez-les ailleurs que votre mot de passe. Ils ne seront plus affichés."
    }
    recovery_kept { "I have kept them" "Je les ai conservés" }
    recovery_renew { "Make new recovery codes" "Créer de nouveaux codes de secours" }

    profile_sessions { "Where you are signed in" "Où vous êtes connecté" }
    profile_browser { "Browser" "Navigateur" }
    profile_began { "Signed in" "Connexion" }
    profile_seen { "Last seen" "Dernière activité" }
    profile_this_one { "this one" "celui-ci" }
    profile_unknown_browser { "Unknown browser" "Navigateur inconnu" }
    profile_end { "Sign out" "Déconnecter" }
    profile_end_others { "Sign out everywhere else" "Déconnecter partout ailleurs" }
}

impl Lang {
    /// That somebody tried too often, and when the next try is possible.
    pub fn too_many_tries(self, wait: SignedDuration) -> String {
        let seconds = seconds_up(wait);
        let wait = if seconds < 60 {
            self.count(seconds, ["second", "seconds"], ["seconde", "secondes"])
        } else {
            let minutes = (seconds + 59) / 60;
            self.count(minutes, ["minute", "minutes"], ["minute", "minutes"])
        };
        match self {
            Self::En => format!("Too many attempts. Try again in {wait}"),
            Self::Fr => format!("Trop de tentatives. Réessayez dans {wait}"),
        }
    }

    /// Why no second factor can be set up here.
    pub const fn second_factor_no_key(self) -> &'static str {
        self.pick(
            "A second step can be set up once the server has a key to seal its secret with: COMPTOIR_SECRET_KEY. Ask whoever runs it.",
            "La deuxième étape pourra être configurée quand le serveur aura une clé pour en chiffrer le secret\u{a0}: COMPTOIR_SECRET_KEY. Demandez à la personne qui l’exploite.",
        )
    }

    /// How many recovery codes are left.
    pub fn codes_left(self, count: i64) -> String {
        self.count(
            count,
            ["recovery code is left.", "recovery codes are left."],
            ["code de secours reste.", "codes de secours restent."],
        )
    }

    /// What was done on the page.
    pub const fn profile_done(self, done: Done) -> &'static str {
        match done {
            Done::Preferences => self.pick("Saved.", "Enregistré."),
            Done::Notifications => self.choice_saved(),
            Done::Password => self.pick(
                "Your password is changed. Your other sessions have ended.",
                "Votre mot de passe est changé. Vos autres sessions ont pris fin.",
            ),
            Done::Sessions => self.pick("Signed out there.", "Déconnexion effectuée."),
            Done::SecondFactorOff => {
                self.pick("The second step is switched off.", "La deuxième étape est désactivée.")
            }
        }
    }

    /// Why a password is not taken.
    pub fn password_weakness(self, weakness: Weakness) -> String {
        match weakness {
            Weakness::TooShort => match self {
                Self::En => format!("A password has at least {SHORTEST} characters"),
                Self::Fr => format!("Un mot de passe a au moins {SHORTEST} caractères"),
            },
            Weakness::TooLong => match self {
                Self::En => format!("A password has at most {LONGEST} characters"),
                Self::Fr => format!("Un mot de passe a au plus {LONGEST} caractères"),
            },
            Weakness::Guessable(hint) => match self {
                Self::En => {
                    format!("This is easy to guess: {}. Add unrelated words", hint_en(hint))
                }
                Self::Fr => {
                    format!(
                        "C’est facile à deviner\u{a0}: {}. Ajoutez des mots sans rapport",
                        hint_fr(hint)
                    )
                }
            },
        }
    }
}

const fn hint_en(hint: Hint) -> &'static str {
    match hint {
        Hint::Common => "many people use it, or nearly",
        Hint::Keys => "its letters lie side by side on the keyboard",
        Hint::Repeats => "it repeats itself",
        Hint::Sequences => "it counts or goes through the alphabet",
        Hint::Dates => "dates are tried early",
        Hint::Words => "it is a word, or a name, or something about you",
    }
}

const fn hint_fr(hint: Hint) -> &'static str {
    match hint {
        Hint::Common => "beaucoup de gens l’utilisent, ou presque",
        Hint::Keys => "ses lettres se suivent sur le clavier",
        Hint::Repeats => "il se répète",
        Hint::Sequences => "il compte ou suit l’alphabet",
        Hint::Dates => "les dates sont essayées tôt",
        Hint::Words => "c’est un mot, un nom, ou quelque chose qui vous concerne",
    }
}

/// Whole seconds, never too few.
pub fn seconds_up(wait: SignedDuration) -> i64 {
    wait.as_secs() + i64::from(wait.subsec_nanos() > 0)
}
