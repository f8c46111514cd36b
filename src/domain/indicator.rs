//! The marketplace's own judgement of a seller: a few numbers, each with a limit (`octopia-contract` 7). How they
//! are computed is its affair; they are kept and shown as it gives them.

use jiff::Timestamp;
use rust_decimal::Decimal;

/// One number of a seller account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Indicator {
    /// Its name at the marketplace: `order_acceptation`, `deadline_compliance` …
    pub name: String,
    /// The marketplace's words for it.
    pub description: Option<String>,
    /// Its value over the last 30 days.
    pub value: Option<Decimal>,
    /// What it is measured against.
    pub limit: Option<Limit>,
    /// Whether the limit is kept, as the marketplace says.
    pub compliant: Option<bool>,
    /// When the marketplace computed it.
    pub computed_at: Option<Timestamp>,
}

/// What a number is measured against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// It has to be so high at least.
    AtLeast(Decimal),
    /// It must not be higher.
    AtMost(Decimal),
}

impl Limit {
    /// The number itself.
    pub const fn value(self) -> Decimal {
        match self {
            Self::AtLeast(value) | Self::AtMost(value) => value,
        }
    }

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AtLeast(_) => "at_least",
            Self::AtMost(_) => "at_most",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str, value: Decimal) -> Option<Self> {
        [Self::AtLeast(value), Self::AtMost(value)].into_iter().find(|it| it.as_str() == word)
    }

    /// Whether the value keeps it.
    pub fn admits(self, value: Decimal) -> bool {
        match self {
            Self::AtLeast(limit) => value >= limit,
            Self::AtMost(limit) => value <= limit,
        }
    }
}

/// How a number stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The limit is kept.
    Met,
    /// It is not.
    Missed,
    /// Nobody can tell.
    Unknown,
}

impl Indicator {
    /// The marketplace's verdict, which decides; without one, what its own numbers say.
    pub fn standing(&self) -> Standing {
        let by_numbers = || Some(self.limit?.admits(self.value?));
        match self.compliant.or_else(by_numbers) {
            Some(true) => Standing::Met,
            Some(false) => Standing::Missed,
            None => Standing::Unknown,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn indicator(value: &str, limit: Option<Limit>, compliant: Option<bool>) -> Indicator {
        Indicator {
            name: "order_claims".to_owned(),
            description: None,
            value: value.parse().ok(),
            limit,
            compliant,
            computed_at: None,
        }
    }

    #[test]
    fn the_marketplaces_verdict_goes_before_its_numbers() {
        let (least, most) = (Limit::AtLeast(Decimal::from(95)), Limit::AtMost(Decimal::TWO));
        for (value, limit, compliant, standing) in [
            ("95", Some(least), None, Standing::Met),
            ("94.9", Some(least), None, Standing::Missed),
            ("94.9", Some(least), Some(true), Standing::Met),
            ("2", Some(most), None, Standing::Met),
            ("2.01", Some(most), None, Standing::Missed),
            ("1", Some(most), Some(false), Standing::Missed),
            ("1", None, None, Standing::Unknown),
            ("", Some(most), None, Standing::Unknown),
        ] {
            assert_eq!(indicator(value, limit, compliant).standing(), standing, "{value:?}");
        }
    }

    #[test]
    fn limits_are_stored_by_their_word() {
        for limit in [Limit::AtLeast(Decimal::ONE), Limit::AtMost(Decimal::ONE)] {
            assert_eq!(Limit::parse(limit.as_str(), limit.value()), Some(limit));
        }
        assert_eq!(Limit::parse("TresholdMin", Decimal::ONE), None);
    }
}
