//! Under what an act is filed: what it is about, and how it ended.

use crate::domain::action::ActionKind;
use crate::domain::audit::Act;
use crate::domain::audit::Outcome;
use crate::domain::audit::Topic;
use crate::domain::delivery::State;

impl Act {
    /// What it is about.
    pub const fn topic(&self) -> Topic {
        match self {
            Self::Promised { action, .. }
            | Self::Withdrawn { action, .. }
            | Self::Settled { action, .. }
            | Self::Decided { action, .. } => Topic::Order(*action),
            Self::Packed { .. } => Topic::Order(ActionKind::Ship),
            Self::NoteWritten | Self::Assigned { .. } | Self::TakenOver { .. } => Topic::Teamwork,
            Self::SendingPaused | Self::SendingResumed | Self::Retried { .. } => Topic::Sending,
            Self::Searched { .. }
            | Self::Exported { .. }
            | Self::ExportEnded { .. }
            | Self::Printed { .. }
            | Self::PersonalDataExported { .. }
            | Self::PersonalDataErased { .. } => Topic::Data,
            Self::SignedIn { .. }
            | Self::SignInFailed { .. }
            | Self::SignedInAgain { .. }
            | Self::SignedOut
            | Self::PasswordChanged
            | Self::SecondFactorChanged { .. }
            | Self::SessionsEnded { .. } => Topic::SignIn,
            Self::UserInvited { .. }
            | Self::Invited { .. }
            | Self::InvitationWithdrawn { .. }
            | Self::InvitationAccepted
            | Self::PasswordReset { .. }
            | Self::SingleSignOnBound { .. }
            | Self::RoleChanged { .. }
            | Self::RightsChanged { .. }
            | Self::UserDeactivated { .. }
            | Self::UserReactivated { .. }
            | Self::AccessRefused { .. } => Topic::People,
            Self::AccountAdded
            | Self::AccountChanged { .. }
            | Self::SecretReplaced { .. }
            | Self::ConnectionTested { .. }
            | Self::ReadingPaused
            | Self::ReadingResumed
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
            | Self::AccessRefused { .. }
            | Self::CredentialsRefused
            | Self::ConnectionTested { passed: false } => Outcome::Refused,
            Self::Decided { done: true, .. }
            | Self::ConnectionTested { passed: true }
            | Self::Withdrawn { .. }
            | Self::Packed { .. }
            | Self::Printed { .. }
            | Self::NoteWritten
            | Self::Assigned { .. }
            | Self::TakenOver { .. }
            | Self::SendingPaused
            | Self::SendingResumed
            | Self::Retried { .. }
            | Self::Searched { .. }
            | Self::ExportEnded { .. }
            | Self::PersonalDataExported { .. }
            | Self::PersonalDataErased { .. }
            | Self::SignedIn { .. }
            | Self::SignedInAgain { .. }
            | Self::SignedOut
            | Self::PasswordChanged
            | Self::SecondFactorChanged { .. }
            | Self::SessionsEnded { .. }
            | Self::UserInvited { .. }
            | Self::Invited { .. }
            | Self::InvitationWithdrawn { .. }
            | Self::InvitationAccepted
            | Self::PasswordReset { .. }
            | Self::SingleSignOnBound { .. }
            | Self::RoleChanged { .. }
            | Self::RightsChanged { .. }
            | Self::UserDeactivated { .. }
            | Self::UserReactivated { .. }
            | Self::ReadingPaused
            | Self::ReadingResumed
            | Self::AccountAdded
            | Self::AccountChanged { .. }
            | Self::SecretReplaced { .. }
            | Self::KeyRotated { .. }
            | Self::SettingsChanged { .. } => Outcome::Done,
        }
    }
}
