//! What can stand between us and the marketplace, in words that pages can explain.

/// Why the marketplace cannot be read, or why a promise waits.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Trouble {
    /// It does not accept the account's credentials.
    CredentialsRefused,
    /// It does not answer, or answers that it is broken.
    Unreachable,
    /// It asked us to call less often.
    RateLimited,
    /// It answered something that cannot be read.
    UnreadableAnswer,
    /// It refused the question.
    Refused,
    /// Our side failed.
    Internal,
}

impl Trouble {
    /// All of them.
    pub const ALL: [Self; 6] = [
        Self::CredentialsRefused,
        Self::Unreachable,
        Self::RateLimited,
        Self::UnreadableAnswer,
        Self::Refused,
        Self::Internal,
    ];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CredentialsRefused => "credentials_refused",
            Self::Unreachable => "unreachable",
            Self::RateLimited => "rate_limited",
            Self::UnreadableAnswer => "unreadable_answer",
            Self::Refused => "refused",
            Self::Internal => "internal",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }
}
