//! Texts of the users' settings and of invitations.

use crate::domain::operator::Permission;
use crate::domain::operator::Role;
use crate::domain::operator::change::Refused;
use crate::web::text::Lang;

texts! {
    settings { "Settings" "Réglages" }
    users { "Users" "Utilisateurs" }
    user { "User" "Utilisateur" }
    role_column { "Role" "Rôle" }
    permission_column { "Permission" "Droit" }
    user_accounts { "Accounts" "Comptes" }
    user_accounts_hint {
        "Tick the accounts that this person works for. Without a tick, it is all of them, also those added later."
        "Cochez les comptes pour lesquels cette personne travaille. Sans coche, ce sont tous les comptes, y compris les prochains."
    }
    user_all_accounts { "All" "Tous" }
    user_last_seen { "Last sign-in" "Dernière connexion" }
    user_active { "Active" "Actif" }
    user_inactive { "Deactivated" "Désactivé" }
    user_edit { "Edit" "Modifier" }
    user_rights { "Role and accounts" "Rôle et comptes" }
    user_save { "Save" "Enregistrer" }
    user_back { "Back to the users" "Retour aux utilisateurs" }
    user_save_note {
        "Whoever gets another role signs in again."
        "Une personne dont le rôle change se reconnecte."
    }
    user_entry { "Access" "Accès" }
    user_deactivate { "Deactivate" "Désactiver" }
    user_deactivate_note {
        "Deactivated, this person is signed out everywhere and cannot sign in. What they did stays in the history, and what they asked for and has not been sent yet is not sent."
        "Désactivée, cette personne est déconnectée partout et ne peut plus se connecter. Ce qu’elle a fait reste dans l’historique, et ce qu’elle a demandé et qui n’est pas encore parti n’est pas envoyé."
    }
    password_link_make { "Make a link for a new password" "Créer un lien pour un nouveau mot de passe" }
    password_link_note {
        "Password forgotten: make a link and hand it over. With it, this person chooses a new password and is then signed out everywhere. Their second step stays."
        "Mot de passe oublié\u{a0}: créez un lien et transmettez-le. Avec lui, cette personne choisit un nouveau mot de passe, puis est déconnectée partout. Sa seconde étape reste."
    }
    password_link_title { "The link is ready" "Le lien est prêt" }
    password_link_once {
        "Copy the link now and hand it over: it is shown only this once, works once, and replaces an earlier one. Make sure that it is really them who ask."
        "Copiez le lien maintenant et transmettez-le\u{a0}: il ne s’affiche qu’une fois, sert une seule fois et remplace un lien précédent. Assurez-vous que la demande vient bien de cette personne."
    }
    password_choose_title { "Choose a new password" "Choisir un nouveau mot de passe" }
    password_choose_lead {
        "You are signed out everywhere and sign in with it afterwards."
        "Vous serez déconnecté partout et vous reconnecterez avec lui."
    }
    password_choose_button { "Save the password" "Enregistrer le mot de passe" }
    user_reactivate { "Reactivate" "Réactiver" }
    user_reactivate_note {
        "This person cannot sign in. Reactivated, they sign in with the password they had."
        "Cette personne ne peut pas se connecter. Réactivée, elle se connecte avec son ancien mot de passe."
    }

    user_end_sessions { "Sign out everywhere" "Déconnecter partout" }
    user_end_sessions_note {
        "Signs this person out of every browser, such as one on a lost telephone. They can sign in again."
        "Déconnecte cette personne de tous ses navigateurs, par exemple sur un téléphone perdu. Elle peut se reconnecter."
    }
    user_reset_factor { "Remove the second step" "Retirer la deuxième étape" }
    user_reset_factor_note {
        "This person types a code of an app when they sign in. When they have lost the app and the recovery codes, remove the second step: they are signed out everywhere, and sign in with their password alone. Make sure that it is they who ask."
        "Cette personne saisit un code d’une application à la connexion. Si elle a perdu l’application et les codes de secours, retirez la deuxième étape\u{a0}: elle est déconnectée partout et se connecte avec son seul mot de passe. Assurez-vous que la demande vient d’elle."
    }
    user_second_factor { "second step on" "deuxième étape active" }

    user_invite { "Invite a user" "Inviter un utilisateur" }
    user_make_link { "Make the link" "Créer le lien" }
    user_invite_note {
        "You get a link to hand over yourself: it works once, for 7 days. No e-mail is sent. Inviting the same address again makes a new link and ends the old one."
        "Vous recevez un lien à transmettre vous-même\u{a0}: il sert une fois, pendant 7\u{a0}jours. Aucun e-mail n’est envoyé. Inviter de nouveau la même adresse crée un nouveau lien et annule l’ancien."
    }
    user_invited(email) { "{email} is invited" "{email} est invité" }
    user_link { "Link" "Lien" }
    user_link_once {
        "Copy the link now and hand it over: it is shown only this once. It makes a user who may do what you chose, so give it to nobody else."
        "Copiez le lien maintenant et transmettez-le\u{a0}: il ne s’affiche qu’une fois. Il crée un utilisateur avec les droits choisis\u{a0}: ne le donnez à personne d’autre."
    }
    user_link_until { "until" "jusqu’au" }
    user_invited_on(day) { "Invited {day}" "Invité {day}" }
    user_withdraw { "Withdraw" "Retirer" }

    user_email_missing { "Enter an e-mail address" "Saisissez une adresse e-mail" }
    user_email_odd {
        "Enter an e-mail address in the format name@example.com"
        "Saisissez une adresse e-mail au format nom@exemple.fr"
    }
    user_role_missing { "Choose a role" "Choisissez un rôle" }
    user_name_missing { "Enter your name" "Saisissez votre nom" }
    user_name_long(most) {
        "Name must be {most} characters or fewer"
        "Le nom doit compter {most} caractères au plus"
    }
    user_name_odd {
        "Write your name in letters, on one line"
        "Écrivez votre nom en lettres, sur une ligne"
    }

    roles_title { "What each role may do" "Ce que chaque rôle permet" }
    ceiling_row { "Limit of gestures" "Plafond des gestes" }
    user_ceiling(act, day) { "{act} at a time, {day} a day" "{act} à la fois, {day} par jour" }
    no_ceiling { "none" "aucun" }

    accept_title { "Welcome to Comptoir" "Bienvenue dans Comptoir" }
    accept_lead(role) {
        "You are invited as: {role}. Say who you are and choose a password."
        "Vous êtes invité comme\u{a0}: {role}. Présentez-vous et choisissez un mot de passe."
    }
    accept_first {
        "Nobody uses this Comptoir yet. You become its first admin, and invite the others."
        "Personne n’utilise encore ce Comptoir. Vous en devenez le premier administrateur, et invitez les autres."
    }
    accept_name { "Your name" "Votre nom" }
    accept_password_hint {
        "15 characters or more. Several words are easy to remember; a password manager may fill it in."
        "15 caractères ou plus. Plusieurs mots se retiennent bien\u{a0}; un gestionnaire de mots de passe peut le remplir."
    }
    accept_language { "Language" "Langue" }
    accept_button { "Start" "Commencer" }
    accept_over_title { "This link has ended" "Ce lien n’est plus utilisable" }
    accept_over {
        "It was used already, was withdrawn or replaced, or is too old. If you have a password, sign in. If not, ask your administrator for a new link."
        "Il a déjà servi, a été retiré ou remplacé, ou est trop ancien. Si vous avez un mot de passe, connectez-vous. Sinon, demandez un nouveau lien à votre administrateur."
    }
}

impl Lang {
    /// The name of a role.
    pub const fn role(self, role: Role) -> &'static str {
        let (en, fr) = match role {
            Role::Viewer => ("Viewer", "Lecture seule"),
            Role::Warehouse => ("Warehouse", "Entrepôt"),
            Role::CustomerService => ("Customer service", "Service client"),
            Role::Manager => ("Manager", "Responsable"),
            Role::Admin => ("Admin", "Administrateur"),
        };
        self.pick(en, fr)
    }

    /// What a role is for.
    pub const fn role_hint(self, role: Role) -> &'static str {
        let (en, fr) = match role {
            Role::Viewer => (
                "Looks on, without names and addresses of customers.",
                "Consulte, sans les noms et adresses des clients.",
            ),
            Role::Warehouse => ("Accepts, picks and ships.", "Accepte, prépare et expédie."),
            Role::CustomerService => (
                "Cancels, gives commercial gestures, sends invoices.",
                "Annule, accorde des gestes commerciaux, envoie les factures.",
            ),
            Role::Manager => (
                "Follows figures and deadlines, assigns orders, exports, gives larger gestures.",
                "Suit les chiffres et les délais, attribue les commandes, exporte, accorde des gestes plus élevés.",
            ),
            Role::Admin => (
                "May do everything, and decides who may do what.",
                "Peut tout faire, et décide des droits de chacun.",
            ),
        };
        self.pick(en, fr)
    }

    /// The name of a right.
    pub const fn permission(self, permission: Permission) -> &'static str {
        let (en, fr) = match permission {
            Permission::See => ("See orders and history", "Voir les commandes et l’historique"),
            Permission::SeePersonalData => {
                ("See customers’ names and addresses", "Voir les noms et adresses des clients")
            }
            Permission::Accept => ("Accept and refuse", "Accepter et refuser"),
            Permission::Ship => ("Ship", "Expédier"),
            Permission::Cancel => ("Cancel", "Annuler"),
            Permission::Gesture => ("Commercial gestures", "Gestes commerciaux"),
            Permission::Invoice => ("Invoices", "Factures"),
            Permission::Export => ("Export", "Exporter"),
            Permission::Note => ("Notes", "Notes"),
            Permission::Assign => ("Assign orders", "Attribuer des commandes"),
            Permission::Settings => {
                ("Accounts, credentials, settings", "Comptes, identifiants, réglages")
            }
            Permission::Users => ("Users and roles", "Utilisateurs et rôles"),
            Permission::PauseSending => ("Pause and resume sending", "Suspendre les envois"),
        };
        self.pick(en, fr)
    }

    /// Why a user is not changed, or nobody is invited, and what would help.
    pub const fn user_refused(self, refused: Refused) -> &'static str {
        let (en, fr) = match refused {
            Refused::Needs => return self.needs(Permission::Users),
            Refused::OwnRight => (
                "You cannot take away your own admin right. Ask another admin to do it.",
                "Vous ne pouvez pas retirer votre propre droit d’administrateur. Demandez à un autre administrateur.",
            ),
            Refused::LastAdmin => (
                "This is the last active admin. Make somebody else an admin first.",
                "C’est le dernier administrateur actif. Nommez d’abord un autre administrateur.",
            ),
            Refused::OwnSecondFactor => (
                "Your own second step is on your profile, where a last code switches it off.",
                "Votre propre deuxième étape se trouve dans votre profil, où un dernier code la désactive.",
            ),
            Refused::LimitedAdmin => (
                "An admin works for all accounts, and could lift the limit. Remove the ticks, or choose another role.",
                "Un administrateur travaille pour tous les comptes, et pourrait lever la limite. Retirez les coches, ou choisissez un autre rôle.",
            ),
        };
        self.pick(en, fr)
    }

    /// That somebody has the address already.
    pub const fn user_known(self, active: bool) -> &'static str {
        if active {
            self.pick(
                "Somebody has this e-mail address already",
                "Cette adresse e-mail appartient déjà à un utilisateur",
            )
        } else {
            self.pick(
                "A deactivated user has this e-mail address. Reactivate them instead",
                "Cette adresse e-mail est celle d’un utilisateur désactivé. Réactivez-le plutôt",
            )
        }
    }
}
