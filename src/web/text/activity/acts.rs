//! What was done, where it takes more than one sentence per language.

use crate::domain::action::ActionKind;
use crate::domain::audit::act::Change;
use crate::domain::audit::act::Erasure;
use crate::domain::audit::act::Exported;
use crate::domain::audit::act::Method;
use crate::domain::audit::act::Money;
use crate::domain::audit::act::SecondFactor;
use crate::domain::audit::act::SignInFailure;
use crate::domain::delivery::State;
use crate::domain::operator::Role;
use crate::web::format;
use crate::web::text::Lang;

impl Lang {
    /// What was asked for, with the money that it gives.
    pub(super) fn act_of_promising(self, action: ActionKind, gift: Option<&Money>) -> String {
        let action = self.action_noun(action);
        gift.map_or_else(
            || self.act_promised(action),
            |it| self.act_promised_gift(action, format::money(it.amount, &it.currency)),
        )
    }

    /// What became of it.
    pub(super) fn act_of_settling(self, action: ActionKind, state: State) -> String {
        let action = self.action_noun(action);
        match state {
            State::Confirmed => self.act_confirmed(action),
            State::Refused => self.act_refused(action),
            State::NeedsPerson => self.act_undecided(action),
            State::Withdrawn => self.act_withdrawn(action),
            State::Queued | State::Sending | State::InDoubt => self.act_promised(action),
        }
    }

    /// `Tried again now: 3 actions`
    pub(super) fn act_retried(self, promises: i64) -> String {
        let count = self.count(promises, ["action", "actions"], ["action", "actions"]);
        match self {
            Self::En => format!("Tried again now: {count}"),
            Self::Fr => format!("Nouvel essai immédiat\u{a0}: {count}"),
        }
    }

    /// `Searched: 1 order found`
    pub(super) fn act_searched(self, found: i64) -> String {
        let found = self.order_count(found);
        match self {
            Self::En => format!("Searched: {found} found"),
            Self::Fr => format!("Recherche\u{a0}: {found}"),
        }
    }

    /// A file that was asked for.
    pub(super) const fn act_of_exporting(self, what: Exported) -> &'static str {
        match what {
            Exported::Orders => self.act_export_orders(),
            Exported::Activity => self.act_export_activity(),
        }
    }

    /// A file that is complete.
    pub(super) fn act_of_export_end(self, what: Exported, rows: i64) -> String {
        let rows = self.count(rows, ["row", "rows"], ["ligne", "lignes"]);
        match what {
            Exported::Orders => self.act_export_orders_end(rows),
            Exported::Activity => self.act_export_activity_end(rows),
        }
    }

    /// One customer's data that was handed out.
    pub(super) fn act_data_exported(self, orders: i64) -> String {
        let orders = self.order_count(orders);
        match self {
            Self::En => format!("A customer’s data handed out: {orders}"),
            Self::Fr => format!("Données d’un client remises\u{a0}: {orders}"),
        }
    }

    /// Personal data that was erased.
    pub(super) fn act_data_erased(self, orders: i64, reason: Erasure) -> String {
        let orders = self.order_count(orders);
        match (self, reason) {
            (Self::En, Erasure::Retention) => format!("Old personal data erased: {orders}"),
            (Self::En, Erasure::Request) => format!("A customer’s data erased: {orders}"),
            (Self::Fr, Erasure::Retention) => {
                format!("Anciennes données personnelles effacées\u{a0}: {orders}")
            }
            (Self::Fr, Erasure::Request) => format!("Données d’un client effacées\u{a0}: {orders}"),
        }
    }

    /// A sign-in.
    pub(super) const fn act_signed_in(self, method: Method) -> &'static str {
        let (en, fr) = match method {
            Method::Password => ("Signed in with a password", "Connexion par mot de passe"),
            Method::Code => {
                ("Signed in with password and code", "Connexion par mot de passe et code")
            }
            Method::RecoveryCode => {
                ("Signed in with a recovery code", "Connexion par code de secours")
            }
            Method::SingleSignOn => {
                ("Signed in with single sign-on", "Connexion par authentification unique")
            }
        };
        self.pick(en, fr)
    }

    /// A proof that was asked for again.
    pub(super) fn act_signed_in_again(self, method: Method) -> String {
        let how = match method {
            Method::Password => self.pick("password", "mot de passe"),
            Method::Code => self.pick("password and code", "mot de passe et code"),
            Method::RecoveryCode => {
                self.pick("password and recovery code", "mot de passe et code de secours")
            }
            Method::SingleSignOn => self.pick("single sign-on", "authentification unique"),
        };
        match self {
            Self::En => format!("Confirmed with {how}"),
            Self::Fr => format!("Identité confirmée par {how}"),
        }
    }

    /// A sign-in that was refused.
    pub(super) const fn act_sign_in_failed(self, reason: SignInFailure) -> &'static str {
        let (en, fr) = match reason {
            SignInFailure::UnknownUser => {
                ("Sign-in refused: unknown e-mail", "Connexion refusée\u{a0}: e-mail inconnu")
            }
            SignInFailure::Password => {
                ("Sign-in refused: wrong password", "Connexion refusée\u{a0}: mauvais mot de passe")
            }
            SignInFailure::Code => {
                ("Sign-in refused: wrong code", "Connexion refusée\u{a0}: mauvais code")
            }
            SignInFailure::Throttled => {
                ("Sign-in refused: too many tries", "Connexion refusée\u{a0}: trop d’essais")
            }
            SignInFailure::Deactivated => (
                "Sign-in refused: the user is deactivated",
                "Connexion refusée\u{a0}: utilisateur désactivé",
            ),
            SignInFailure::SingleSignOn => (
                "Sign-in refused by single sign-on",
                "Connexion refusée par l’authentification unique",
            ),
        };
        self.pick(en, fr)
    }

    /// What became of a second factor.
    pub(super) fn act_factor(self, change: SecondFactor, who: &str) -> String {
        match change {
            SecondFactor::TurnedOn => self.act_factor_on(who),
            SecondFactor::TurnedOff => self.act_factor_off(who),
            SecondFactor::Reset => self.act_factor_reset(who),
            SecondFactor::NewRecoveryCodes => self.act_factor_codes(who),
        }
    }

    /// Sessions that were ended.
    pub(super) fn act_sessions_ended(self, sessions: i64, who: &str) -> String {
        let sessions = self.count(sessions, ["session", "sessions"], ["session", "sessions"]);
        match self {
            Self::En => format!("Signed out everywhere: {who}, {sessions}"),
            Self::Fr => format!("Déconnexion partout\u{a0}: {who}, {sessions}"),
        }
    }

    /// A new key.
    pub(super) fn act_key_rotated(self, secrets: i64) -> String {
        let secrets = self.count(secrets, ["secret", "secrets"], ["secret", "secrets"]);
        match self {
            Self::En => format!("Encryption key replaced: {secrets}"),
            Self::Fr => format!("Clé de chiffrement remplacée\u{a0}: {secrets}"),
        }
    }

    /// A role as it was stored; one of a later version as it is.
    pub(super) fn role_word(self, word: &str) -> String {
        let (en, fr) = match Role::parse(word) {
            Some(Role::Viewer) => ("Viewer", "Lecture seule"),
            Some(Role::Warehouse) => ("Warehouse", "Entrepôt"),
            Some(Role::CustomerService) => ("Customer service", "Service client"),
            Some(Role::Manager) => ("Manager", "Responsable"),
            Some(Role::Admin) => ("Administrator", "Administrateur"),
            None => return word.to_owned(),
        };
        self.pick(en, fr).to_owned()
    }

    /// A setting before and after: `name: old → new`.
    pub(super) fn change(self, change: &Change) -> String {
        let Change { field, from, to } = change;
        let value =
            |it: &Option<String>| it.clone().unwrap_or_else(|| self.act_nothing().to_owned());
        if from.is_none() && to.is_none() {
            return field.clone();
        }
        format!("{field}{}{} → {}", self.colon(), value(from), value(to))
    }
}
