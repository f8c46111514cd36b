//! Where a promise stands.

use serde::Deserialize;
use serde::Serialize;

/// Where a promise stands. Events store it as JSON: never rename a variant, only add.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum State {
    /// Waits for its time; may be withdrawn.
    Queued,
    /// Marked, then sent; the answer is not known yet.
    Sending,
    /// May have arrived: only reading is allowed.
    InDoubt,
    /// Reading did not settle it. Still watched: a late effect settles it.
    NeedsPerson,
    /// The marketplace has it.
    Confirmed,
    /// It did not happen and will not.
    Refused,
    /// Taken back by an operator before it left.
    Withdrawn,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 7] = [
        Self::Queued,
        Self::Sending,
        Self::InDoubt,
        Self::NeedsPerson,
        Self::Confirmed,
        Self::Refused,
        Self::Withdrawn,
    ];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Queued => "queued",
            Self::Sending => "sending",
            Self::InDoubt => "in_doubt",
            Self::NeedsPerson => "needs_person",
            Self::Confirmed => "confirmed",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Whether nothing will change it any more.
    pub const fn is_final(self) -> bool {
        match self {
            Self::Confirmed | Self::Refused | Self::Withdrawn => true,
            Self::Queued | Self::Sending | Self::InDoubt | Self::NeedsPerson => false,
        }
    }
}
