//! What can be done that is worth writing down for good.

use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use crate::domain::action::ActionKind;
use crate::domain::audit::Outcome;
use crate::domain::audit::Topic;
use crate::domain::delivery::Refusal;
use crate::domain::delivery::State;
use crate::domain::privacy::Sought;

/// What was done. No field may hold personal data or a secret: people are `users.user_id`.
///
/// The JSON of this type is stored for good: never rename a variant or a field, only add.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "details", rename_all = "snake_case")]
pub enum Act {
    /// An action was promised to the marketplace.
    Promised {
        /// Which one.
        action: ActionKind,
        /// The promise.
        promise: Uuid,
        /// The beginning of the SHA-256 of its input: whether the input was changed later can be told,
        /// although the input itself, which may speak of the customer, is not here.
        input: String,
        /// The money that is given.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        gift: Option<Money>,
    },
    /// A promise was taken back before it left.
    Withdrawn {
        /// What had been promised.
        action: ActionKind,
        /// The promise.
        promise: Uuid,
    },
    /// A promise came to an end, or to where only a person can decide.
    Settled {
        /// What had been promised.
        action: ActionKind,
        /// The promise.
        promise: Uuid,
        /// Where it stands.
        state: State,
        /// Why it will not happen; the marketplace's words shortened ([`super::shortened`]).
        #[serde(default, skip_serializing_if = "Option::is_none")]
        refusal: Option<Refusal>,
    },
    /// A person decided what nobody could find out.
    Decided {
        /// What had been promised.
        action: ActionKind,
        /// The promise.
        promise: Uuid,
        /// "It was done", or "it was not".
        done: bool,
    },
    /// Nothing is sent for the account any more.
    SendingPaused,
    /// The account sends again.
    SendingResumed,
    /// What waited for the same reason is tried again at once.
    Retried {
        /// The reason (`domain::trouble`).
        trouble: String,
        /// How many promises.
        promises: u64,
    },
    /// Somebody who may see personal data searched. What for is not kept.
    Searched {
        /// How long the text was.
        chars: usize,
        /// How many orders were found.
        found: usize,
        /// What kind of text it was.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        what: Option<Sought>,
        /// The seller accounts whose orders were looked through.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        accounts: Vec<String>,
    },
    /// A file was asked for.
    Exported {
        /// Of what.
        what: Exported,
        /// What was left in, as in the page's address, without any text that was searched for.
        filter: String,
    },
    /// The last row of that file was written.
    ExportEnded {
        /// Of what.
        what: Exported,
        /// How many rows it has.
        rows: u64,
    },
    /// Everything about one customer was handed out.
    PersonalDataExported {
        /// In how many orders.
        orders: i64,
    },
    /// Names and contact data were blanked.
    PersonalDataErased {
        /// In how many orders.
        orders: i64,
        /// Why.
        reason: Erasure,
    },
    /// A user signed in.
    SignedIn {
        /// How.
        method: Method,
    },
    /// A sign-in was refused.
    SignInFailed {
        /// Why.
        reason: SignInFailure,
    },
    /// A user signed out.
    SignedOut,
    /// A user chose a new password.
    PasswordChanged,
    /// A second factor was changed.
    SecondFactorChanged {
        /// Whose.
        user: i64,
        /// How.
        change: SecondFactor,
    },
    /// Sessions were ended before their time.
    SessionsEnded {
        /// Whose.
        user: i64,
        /// How many.
        sessions: i64,
    },
    /// A user was invited, or made on the command line.
    UserInvited {
        /// Whom.
        user: i64,
        /// As what.
        role: String,
    },
    /// An invited user chose a password: the first admin too.
    InvitationAccepted,
    /// A link to choose a new password was made.
    PasswordReset {
        /// For whom.
        user: i64,
    },
    /// A user got another role.
    RoleChanged {
        /// Who.
        user: i64,
        /// Before.
        from: String,
        /// After.
        to: String,
    },
    /// A user's rights changed in other ways: accounts, ceilings.
    RightsChanged {
        /// Whose.
        user: i64,
        /// What.
        changes: Vec<Change>,
    },
    /// A user may not come in any more.
    UserDeactivated {
        /// Who.
        user: i64,
    },
    /// A user may come in again.
    UserReactivated {
        /// Who.
        user: i64,
    },
    /// A seller account was added.
    AccountAdded,
    /// A seller account's settings were changed.
    AccountChanged {
        /// What; of credentials, only that they are others.
        changes: Vec<Change>,
    },
    /// A seller account's secret was replaced.
    SecretReplaced {
        /// Whether the new one had been tried.
        tested: bool,
    },
    /// A seller account's connection was tried.
    ConnectionTested {
        /// Whether all was well.
        passed: bool,
    },
    /// The marketplace refuses a seller account's credentials.
    CredentialsRefused,
    /// The stored secrets were encrypted anew under another key.
    KeyRotated {
        /// How many.
        secrets: i64,
    },
    /// Settings of the whole place were changed.
    SettingsChanged {
        /// What.
        changes: Vec<Change>,
    },
}

/// An amount with its currency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Money {
    /// How much.
    pub amount: Decimal,
    /// ISO 4217.
    pub currency: String,
}

/// A setting before and after.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The setting's word.
    pub field: String,
    /// Before; none for what must not be told, and for what was not there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// After.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<String>,
}

/// What a file holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Exported {
    /// The order list.
    Orders,
    /// The activity.
    Activity,
}

/// Why personal data was erased.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Erasure {
    /// Its time had come.
    Retention,
    /// The customer wanted it.
    Request,
}

/// How somebody proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// A password.
    Password,
    /// A password and a code of the moment.
    Code,
    /// A password and one of the codes for emergencies.
    RecoveryCode,
    /// The company's own sign-in.
    SingleSignOn,
}

/// Why a sign-in was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInFailure {
    /// Nobody has that address.
    UnknownUser,
    /// The password is wrong.
    Password,
    /// The code is wrong, or was used before.
    Code,
    /// Too many tries.
    Throttled,
    /// The user is deactivated.
    Deactivated,
    /// The company's own sign-in said no, or knows nobody of ours.
    SingleSignOn,
}

/// What became of a second factor.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecondFactor {
    /// It is asked for from now on.
    TurnedOn,
    /// It is not asked for any more.
    TurnedOff,
    /// An admin took it away, so that a new one can be set up.
    Reset,
    /// The codes for emergencies were replaced.
    NewRecoveryCodes,
}

impl Act {
    /// What it is about.
    pub const fn topic(&self) -> Topic {
        match self {
            Self::Promised { action, .. }
            | Self::Withdrawn { action, .. }
            | Self::Settled { action, .. }
            | Self::Decided { action, .. } => Topic::Order(*action),
            Self::SendingPaused | Self::SendingResumed | Self::Retried { .. } => Topic::Sending,
            Self::Searched { .. }
            | Self::Exported { .. }
            | Self::ExportEnded { .. }
            | Self::PersonalDataExported { .. }
            | Self::PersonalDataErased { .. } => Topic::Data,
            Self::SignedIn { .. }
            | Self::SignInFailed { .. }
            | Self::SignedOut
            | Self::PasswordChanged
            | Self::SecondFactorChanged { .. }
            | Self::SessionsEnded { .. } => Topic::SignIn,
            Self::UserInvited { .. }
            | Self::InvitationAccepted
            | Self::PasswordReset { .. }
            | Self::RoleChanged { .. }
            | Self::RightsChanged { .. }
            | Self::UserDeactivated { .. }
            | Self::UserReactivated { .. } => Topic::People,
            Self::AccountAdded
            | Self::AccountChanged { .. }
            | Self::SecretReplaced { .. }
            | Self::ConnectionTested { .. }
            | Self::CredentialsRefused
            | Self::KeyRotated { .. }
            | Self::SettingsChanged { .. } => Topic::Settings,
        }
    }

    /// How it ended.
    pub const fn outcome(&self) -> Outcome {
        match self {
            Self::Promised { .. } | Self::Exported { .. } => Outcome::Pending,
            Self::Settled { state, .. } => match state {
                State::Queued | State::Sending => Outcome::Pending,
                State::InDoubt | State::NeedsPerson => Outcome::Unknown,
                State::Refused => Outcome::Refused,
                State::Confirmed | State::Withdrawn => Outcome::Done,
            },
            Self::Decided { done: false, .. }
            | Self::SignInFailed { .. }
            | Self::CredentialsRefused
            | Self::ConnectionTested { passed: false } => Outcome::Refused,
            Self::Decided { done: true, .. }
            | Self::ConnectionTested { passed: true }
            | Self::Withdrawn { .. }
            | Self::SendingPaused
            | Self::SendingResumed
            | Self::Retried { .. }
            | Self::Searched { .. }
            | Self::ExportEnded { .. }
            | Self::PersonalDataExported { .. }
            | Self::PersonalDataErased { .. }
            | Self::SignedIn { .. }
            | Self::SignedOut
            | Self::PasswordChanged
            | Self::SecondFactorChanged { .. }
            | Self::SessionsEnded { .. }
            | Self::UserInvited { .. }
            | Self::InvitationAccepted
            | Self::PasswordReset { .. }
            | Self::RoleChanged { .. }
            | Self::RightsChanged { .. }
            | Self::UserDeactivated { .. }
            | Self::UserReactivated { .. }
            | Self::AccountAdded
            | Self::AccountChanged { .. }
            | Self::SecretReplaced { .. }
            | Self::KeyRotated { .. }
            | Self::SettingsChanged { .. } => Outcome::Done,
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_is_stored_reads_back() {
        for (act, stored) in [
            (Act::SignedOut, json!({"kind": "signed_out"})),
            (
                Act::Retried { trouble: "unreachable".to_owned(), promises: 3 },
                json!({"kind": "retried", "details": {"trouble": "unreachable", "promises": 3}}),
            ),
            (
                Act::RoleChanged { user: 7, from: "viewer".to_owned(), to: "admin".to_owned() },
                json!({"kind": "role_changed", "details": {"user": 7, "from": "viewer", "to": "admin"}}),
            ),
        ] {
            assert_eq!(serde_json::to_value(&act).unwrap(), stored);
            assert_eq!(serde_json::from_value::<Act>(stored).unwrap(), act);
        }
    }
}
