//! Reading one order now, because a person wants to know.

use jiff::SignedDuration;

use crate::domain::trouble::Trouble;

/// The longest order number that is looked for.
const LONGEST: usize = 64;
/// The same order is not read again so soon: the answer is on its way, or just came.
pub const SAME_NOT_SOONER: SignedDuration = SignedDuration::from_secs(10);
/// So many orders of an account, by whomever, within [`WITHIN`]: the others' calls must not wait for curiosity.
pub const AT_MOST: i64 = 20;
/// See [`AT_MOST`].
pub const WITHIN: SignedDuration = SignedDuration::from_mins(1);
/// An account is not hurried again so soon.
pub const HURRY_NOT_SOONER: SignedDuration = SignedDuration::from_secs(10);

/// What came of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// The order was not in the mirror, and is now.
    New,
    /// It was different.
    Changed,
    /// It was as we know it.
    Unchanged,
    /// The marketplace does not know the order.
    Unknown,
    /// The marketplace's warehouse ships it, and the account leaves those out.
    LeftOut,
    /// It came, and cannot be understood.
    Unreadable,
    /// It could not be read.
    Failed(Trouble),
}

impl Outcome {
    const ANSWERS: [Self; 6] =
        [Self::New, Self::Changed, Self::Unchanged, Self::Unknown, Self::LeftOut, Self::Unreadable];

    /// The word in the database. No trouble has the word of an answer.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Changed => "changed",
            Self::Unchanged => "unchanged",
            Self::Unknown => "unknown",
            Self::LeftOut => "left_out",
            Self::Unreadable => "unreadable",
            Self::Failed(trouble) => trouble.as_str(),
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        let answer = Self::ANSWERS.into_iter().find(|it| it.as_str() == word);
        answer.or_else(|| Trouble::parse(word).map(Self::Failed))
    }
}

/// What was typed, if it can be the number of an order: a name or an address of a customer must not be kept here.
pub fn number(typed: &str) -> Option<&str> {
    let typed = typed.trim();
    let part = |c: char| c.is_ascii_alphanumeric() || "-_.~/".contains(c);
    let is_number = !typed.is_empty()
        && typed.len() <= LONGEST
        && typed.chars().all(part)
        && typed.chars().any(|it| it.is_ascii_digit());
    is_number.then_some(typed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_outcome_has_a_word_of_its_own() {
        let failed = Trouble::ALL.into_iter().map(Outcome::Failed);
        for outcome in Outcome::ANSWERS.into_iter().chain(failed) {
            assert_eq!(Outcome::parse(outcome.as_str()), Some(outcome));
        }
        assert_eq!(Outcome::parse("eclipse"), None);
    }

    #[test]
    fn only_what_can_be_an_order_number_is_taken() {
        assert_eq!(number(" SCID01210525142759UT8E "), Some("SCID01210525142759UT8E"));
        assert_eq!(number("RDC-2026_1.8~"), Some("RDC-2026_1.8~"));
        for other in
            ["", "Marie Durand", "marie@example.org", "+33612345678", "Durand", &"1".repeat(65)]
        {
            assert_eq!(number(other), None, "{other}");
        }
    }
}
