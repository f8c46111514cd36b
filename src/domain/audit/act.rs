//! What can be done that is worth writing down for good.

mod filed;
mod parts;

use serde::Deserialize;
use serde::Serialize;
use uuid::Uuid;

use crate::domain::action::ActionKind;
use crate::domain::delivery::Refusal;
use crate::domain::delivery::State;
use crate::domain::privacy::Sought;

pub use parts::Change;
pub use parts::Erasure;
pub use parts::Exported;
pub use parts::Method;
pub use parts::Money;
pub use parts::Printed;
pub use parts::SecondFactor;
pub use parts::SignInFailure;

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
    /// An order's parcels were closed, or opened again.
    Packed {
        /// Closed, not opened.
        packed: bool,
    },
    /// Orders were laid out to be printed, with their customers.
    Printed {
        /// As what.
        what: Printed,
        /// How many.
        orders: usize,
    },
    /// Somebody wrote an internal note on an order. What it says is not here.
    NoteWritten,
    /// An order was given to somebody to look after, or to nobody.
    Assigned {
        /// To whom.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<i64>,
    },
    /// Somebody took over an order that a colleague had open.
    TakenOver {
        /// From whom.
        user: i64,
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
    /// A sign-in was refused, or somebody at a signed-in browser could not prove who they are.
    SignInFailed {
        /// Why.
        reason: SignInFailure,
        /// Whose it would have been, where that is known. What was typed for an address that nobody has is not
        /// kept: people type passwords there.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        user: Option<i64>,
    },
    /// A user proved once more who they are, for something that takes a recent sign-in.
    SignedInAgain {
        /// How.
        method: Method,
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
    /// A user was made, or changed, on the command line.
    UserInvited {
        /// Who.
        user: i64,
        /// As what.
        role: String,
    },
    /// A link was made that makes a user.
    Invited {
        /// The invitation.
        invitation: i64,
        /// As what.
        role: String,
        /// The accounts that they will be limited to.
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        accounts: Vec<String>,
    },
    /// A link that makes a user was made worth nothing.
    InvitationWithdrawn {
        /// The invitation.
        invitation: i64,
    },
    /// An invited user chose a password: the first admin too.
    InvitationAccepted,
    /// A link to choose a new password was made.
    PasswordReset {
        /// For whom.
        user: i64,
    },
    /// Who a user is at the single sign-on was noted, or forgotten.
    SingleSignOnBound {
        /// Who.
        user: i64,
        /// Noted, not forgotten.
        bound: bool,
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
    /// Nothing is read of the account any more.
    ReadingPaused,
    /// The account is read again.
    ReadingResumed,
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
    /// Somebody asked for what their role does not include.
    AccessRefused {
        /// `POST`
        method: String,
        /// The route, as the program has it: `/settings/users/{id}`.
        route: String,
    },
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
