//! Texts of the activity page: what everybody did, in words.

mod acts;

use crate::domain::audit::Act;
use crate::domain::audit::Actor;
use crate::domain::audit::Outcome;
use crate::domain::audit::Topic;
use crate::domain::trouble::Trouble;
use crate::web::text::Lang;

texts! {
    activity { "Activity" "Activité" }
    activity_own {
        "What you did, and what came of it. Managers and administrators see everybody’s."
        "Ce que vous avez fait, et ce qui en est résulté. Les responsables et les administrateurs voient l’activité de tous."
    }
    activity_all {
        "What everybody did, what came of it, and what Comptoir and the marketplace did. Nothing here can be changed."
        "Ce que chacun a fait, ce qui en est résulté, et ce qu’ont fait Comptoir et la place de marché. Rien ne peut y être modifié."
    }
    activity_none { "No activity for these filters." "Aucune activité pour ces filtres." }
    activity_time { "Time" "Heure" }
    activity_who { "Who" "Qui" }
    activity_what { "Action" "Action" }
    activity_result { "Result" "Résultat" }
    activity_origin { "From" "Depuis" }
    activity_number { "Number" "Numéro" }
    activity_everybody { "Everybody" "Tout le monde" }
    activity_everything { "Everything" "Tout" }
    activity_any_result { "Any" "Tous" }
    activity_from { "From day" "Du" }
    activity_newest { "Newest" "Plus récent" }
    activity_older { "Older" "Plus ancien" }
    activity_somebody { "Not signed in" "Non connecté" }
    activity_imported(name) { "{name}, by import" "{name}, par import" }
    activity_user(number) { "user {number}" "utilisateur {number}" }
    activity_unknown(word) { "Something of a later version: {word}" "Élément d’une version ultérieure\u{a0}: {word}" }

    act_promised(action) { "{action}: asked for" "{action}\u{a0}: demande" }
    act_promised_gift(action, money) { "{action}: asked for, {money}" "{action}\u{a0}: demande, {money}" }
    act_withdrawn(action) { "{action}: sending canceled" "{action}\u{a0}: envoi annulé" }
    act_confirmed(action) { "{action}: confirmed" "{action}\u{a0}: confirmation" }
    act_refused(action) { "{action}: refused" "{action}\u{a0}: refus" }
    act_undecided(action) { "{action}: a person has to decide" "{action}\u{a0}: décision à prendre" }
    act_decided_done(action) { "{action}: decided, it was done" "{action}\u{a0}: décision, c’est fait" }
    act_decided_not_done(action) { "{action}: decided, it was not done" "{action}\u{a0}: décision, ce n’est pas fait" }

    act_note_written { "Internal note written" "Note interne écrite" }
    act_assigned(who) { "Order assigned to {who}" "Commande attribuée à {who}" }
    act_unassigned { "Order assigned to nobody" "Attribution de la commande retirée" }
    act_taken_over(who) { "Order taken over from {who}" "Commande reprise à {who}" }

    act_sending_paused { "Sending paused" "Envois suspendus" }
    act_sending_resumed { "Sending resumed" "Envois repris" }

    act_export_orders { "Order list exported" "Liste des commandes exportée" }
    act_export_activity { "Activity exported" "Activité exportée" }
    act_export_orders_end(rows) { "Order list exported: complete, {rows}" "Liste des commandes exportée\u{a0}: complète, {rows}" }
    act_export_activity_end(rows) { "Activity exported: complete, {rows}" "Activité exportée\u{a0}: complète, {rows}" }

    act_signed_out { "Signed out" "Déconnexion" }
    act_password_changed { "Password changed" "Mot de passe modifié" }
    act_factor_on(who) { "Second factor turned on: {who}" "Double authentification activée\u{a0}: {who}" }
    act_factor_off(who) { "Second factor turned off: {who}" "Double authentification désactivée\u{a0}: {who}" }
    act_factor_reset(who) { "Second factor reset: {who}" "Double authentification réinitialisée\u{a0}: {who}" }
    act_factor_codes(who) { "New recovery codes: {who}" "Nouveaux codes de secours\u{a0}: {who}" }

    act_invited(who, role) { "Set up on the command line: {who}, {role}" "Créé en ligne de commande\u{a0}: {who}, {role}" }
    act_link_made(invitation, role) { "Invitation {invitation}: {role}" "Invitation {invitation}\u{a0}: {role}" }
    act_link_withdrawn(invitation) { "Invitation {invitation} withdrawn" "Invitation {invitation} retirée" }
    act_invitation_accepted { "Invitation accepted" "Invitation acceptée" }
    act_password_reset(who) { "Link for a new password: {who}" "Lien pour un nouveau mot de passe\u{a0}: {who}" }
    act_sso_bound(who) { "Bound to the single sign-on: {who}" "Rattachement à l’authentification unique\u{a0}: {who}" }
    act_sso_unbound(who) { "No longer bound to the single sign-on: {who}" "Fin du rattachement à l’authentification unique\u{a0}: {who}" }
    act_role_changed(who, from, to) { "Role of {who}: {from} → {to}" "Rôle de {who}\u{a0}: {from} → {to}" }
    act_rights_changed(who) { "Rights changed: {who}" "Droits modifiés\u{a0}: {who}" }
    act_deactivated(who) { "Deactivated: {who}" "Désactivation\u{a0}: {who}" }
    act_reactivated(who) { "Reactivated: {who}" "Réactivation\u{a0}: {who}" }

    act_account_added { "Seller account added" "Compte vendeur ajouté" }
    act_account_changed { "Seller account changed" "Compte vendeur modifié" }
    act_secret_tested { "Secret replaced, after a test" "Secret remplacé, après un test" }
    act_secret_untested { "Secret replaced, without a test" "Secret remplacé, sans test" }
    act_connection_passed { "Connection test passed" "Test de connexion réussi" }
    act_connection_failed { "Connection test failed" "Test de connexion échoué" }
    act_reading_paused { "Reading paused" "Lecture suspendue" }
    act_reading_resumed { "Reading resumed" "Lecture reprise" }
    act_access_refused(asked) { "Not allowed: {asked}" "Accès refusé\u{a0}: {asked}" }
    act_credentials_refused { "The marketplace refuses the credentials" "La place de marché refuse les identifiants" }
    act_settings_changed { "Settings changed" "Paramètres modifiés" }
    act_nothing { "nothing" "rien" }
}

impl Lang {
    /// Who did it, if it was nobody with a name.
    pub const fn actor(self, actor: Actor) -> &'static str {
        match actor {
            Actor::Person => self.activity_somebody(),
            Actor::Comptoir => "Comptoir",
            Actor::Marketplace => "Octopia",
            Actor::Import => self.pick("Import", "Import"),
            Actor::CommandLine => self.pick("Command line", "Ligne de commande"),
        }
    }

    /// What entries are about, for the filter.
    pub const fn topic(self, topic: Topic) -> &'static str {
        let (en, fr) = match topic {
            Topic::Order(action) => return self.action_noun(action),
            Topic::Teamwork => ("Notes and assignment", "Notes et attributions"),
            Topic::Sending => ("Sending as a whole", "Envois dans leur ensemble"),
            Topic::Data => ("Searches and exports", "Recherches et exports"),
            Topic::SignIn => ("Sign-ins", "Connexions"),
            Topic::People => ("Users and rights", "Utilisateurs et droits"),
            Topic::Settings => ("Accounts and settings", "Comptes et paramètres"),
        };
        self.pick(en, fr)
    }

    /// How it ended.
    pub const fn outcome(self, outcome: Outcome) -> &'static str {
        let (en, fr) = match outcome {
            Outcome::Done => ("Done", "Fait"),
            Outcome::Pending => ("Under way", "En cours"),
            Outcome::Refused => ("Refused", "Refusé"),
            Outcome::Unknown => ("To decide", "À décider"),
        };
        self.pick(en, fr)
    }

    /// `50 entries`
    pub fn activity_shown(self, entries: usize) -> String {
        self.count(signed(entries), ["entry", "entries"], ["entrée", "entrées"])
    }

    /// What was done; `name` tells how a user is called.
    pub fn act(self, act: &Act, name: impl Fn(i64) -> String) -> String {
        match act {
            Act::Promised { action, gift, .. } => self.act_of_promising(*action, gift.as_ref()),
            Act::Withdrawn { action, .. } => self.act_withdrawn(self.action_noun(*action)),
            Act::Settled { action, state, .. } => self.act_of_settling(*action, *state),
            Act::Decided { action, done: true, .. } => {
                self.act_decided_done(self.action_noun(*action))
            }
            Act::Decided { action, done: false, .. } => {
                self.act_decided_not_done(self.action_noun(*action))
            }
            Act::Packed { packed } => self.act_of_packing(*packed).to_owned(),
            Act::Printed { what, orders } => self.act_of_printing(*what, signed(*orders)),
            Act::NoteWritten => self.act_note_written().to_owned(),
            Act::Assigned { user: Some(user) } => self.act_assigned(name(*user)),
            Act::Assigned { user: None } => self.act_unassigned().to_owned(),
            Act::TakenOver { user } => self.act_taken_over(name(*user)),
            Act::SendingPaused => self.act_sending_paused().to_owned(),
            Act::SendingResumed => self.act_sending_resumed().to_owned(),
            Act::Retried { promises, .. } => self.act_retried(signed(*promises)),
            Act::Searched { found, .. } => self.act_searched(signed(*found)),
            Act::Exported { what, .. } => self.act_of_exporting(*what).to_owned(),
            Act::ExportEnded { what, rows } => self.act_of_export_end(*what, signed(*rows)),
            Act::PersonalDataExported { orders } => self.act_data_exported(*orders),
            Act::PersonalDataErased { orders, reason } => self.act_data_erased(*orders, *reason),
            Act::SignedIn { method } => self.act_signed_in(*method).to_owned(),
            Act::SignInFailed { reason, user } => {
                let reason = self.act_sign_in_failed(*reason);
                user.map_or_else(|| reason.to_owned(), |user| format!("{reason}, {}", name(user)))
            }
            Act::SignedInAgain { method } => self.act_signed_in_again(*method),
            Act::SignedOut => self.act_signed_out().to_owned(),
            Act::PasswordChanged => self.act_password_changed().to_owned(),
            Act::SecondFactorChanged { user, change } => self.act_factor(*change, &name(*user)),
            Act::SessionsEnded { user, sessions } => {
                self.act_sessions_ended(*sessions, &name(*user))
            }
            Act::UserInvited { user, role } => self.act_invited(name(*user), self.role_word(role)),
            Act::Invited { invitation, role, .. } => {
                self.act_link_made(*invitation, self.role_word(role))
            }
            Act::InvitationWithdrawn { invitation } => self.act_link_withdrawn(*invitation),
            Act::InvitationAccepted => self.act_invitation_accepted().to_owned(),
            Act::PasswordReset { user } => self.act_password_reset(name(*user)),
            Act::SingleSignOnBound { user, bound: true } => self.act_sso_bound(name(*user)),
            Act::SingleSignOnBound { user, bound: false } => self.act_sso_unbound(name(*user)),
            Act::RoleChanged { user, from, to } => {
                self.act_role_changed(name(*user), self.role_word(from), self.role_word(to))
            }
            Act::RightsChanged { user, .. } => self.act_rights_changed(name(*user)),
            Act::UserDeactivated { user } => self.act_deactivated(name(*user)),
            Act::UserReactivated { user } => self.act_reactivated(name(*user)),
            Act::AccountAdded => self.act_account_added().to_owned(),
            Act::AccountChanged { .. } => self.act_account_changed().to_owned(),
            Act::SecretReplaced { tested: true } => self.act_secret_tested().to_owned(),
            Act::SecretReplaced { tested: false } => self.act_secret_untested().to_owned(),
            Act::ConnectionTested { passed: true } => self.act_connection_passed().to_owned(),
            Act::ConnectionTested { passed: false } => self.act_connection_failed().to_owned(),
            Act::ReadingPaused => self.act_reading_paused().to_owned(),
            Act::ReadingResumed => self.act_reading_resumed().to_owned(),
            Act::AccessRefused { method, route } => {
                self.act_access_refused(format!("{method} {route}"))
            }
            Act::CredentialsRefused => self.act_credentials_refused().to_owned(),
            Act::KeyRotated { secrets } => self.act_key_rotated(*secrets),
            Act::SettingsChanged { .. } => self.act_settings_changed().to_owned(),
        }
    }

    /// More about it, one paragraph each.
    pub fn act_details(self, act: &Act) -> Vec<String> {
        match act {
            Act::Settled { refusal: Some(refusal), .. } => vec![self.refusal(refusal)],
            Act::Retried { trouble, .. } => {
                vec![self.unsent_trouble(Trouble::parse(trouble)).to_owned()]
            }
            Act::Exported { filter, .. } => vec![filter.clone()],
            Act::Invited { accounts, .. } => accounts.clone(),
            Act::RightsChanged { changes, .. }
            | Act::AccountChanged { changes }
            | Act::SettingsChanged { changes } => {
                changes.iter().map(|it| self.change(it)).collect()
            }
            Act::Settled { refusal: None, .. }
            | Act::Promised { .. }
            | Act::Withdrawn { .. }
            | Act::Decided { .. }
            | Act::Packed { .. }
            | Act::Printed { .. }
            | Act::NoteWritten
            | Act::Assigned { .. }
            | Act::TakenOver { .. }
            | Act::SendingPaused
            | Act::SendingResumed
            | Act::Searched { .. }
            | Act::ExportEnded { .. }
            | Act::PersonalDataExported { .. }
            | Act::PersonalDataErased { .. }
            | Act::SignedIn { .. }
            | Act::SignInFailed { .. }
            | Act::SignedInAgain { .. }
            | Act::SignedOut
            | Act::PasswordChanged
            | Act::SecondFactorChanged { .. }
            | Act::SessionsEnded { .. }
            | Act::UserInvited { .. }
            | Act::InvitationWithdrawn { .. }
            | Act::InvitationAccepted
            | Act::PasswordReset { .. }
            | Act::SingleSignOnBound { .. }
            | Act::RoleChanged { .. }
            | Act::UserDeactivated { .. }
            | Act::UserReactivated { .. }
            | Act::AccountAdded
            | Act::SecretReplaced { .. }
            | Act::ConnectionTested { .. }
            | Act::ReadingPaused
            | Act::ReadingResumed
            | Act::AccessRefused { .. }
            | Act::CredentialsRefused
            | Act::KeyRotated { .. } => Vec::new(),
        }
    }
}

fn signed(count: impl TryInto<i64>) -> i64 {
    count.try_into().unwrap_or(i64::MAX)
}
