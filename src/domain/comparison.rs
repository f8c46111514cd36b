//! When the marketplace's numbers are compared with ours, and what a difference says.

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::civil::Time;
use jiff::tz::TimeZone;

/// Once a night, when the least changes meanwhile.
const NIGHTLY: Time = Time::constant(3, 0, 0, 0);
/// Comparisons in a row, until a difference is taken for one: what changes between two counts looks the same.
const TRIES: i32 = 3;
/// Somebody who asks again sooner gets the answer that is there. A comparison is ten calls.
pub const NOT_SOONER: SignedDuration = SignedDuration::from_mins(1);

/// What was compared before.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Before {
    /// When.
    pub compared_at: Option<Timestamp>,
    /// When somebody asked for another one.
    pub asked_at: Option<Timestamp>,
    /// How often in a row the numbers differed.
    pub differed: i32,
}

/// Whether it is time, in the account's zone. A night whose three o'clock does not exist has one an hour later.
pub fn is_due(before: Before, now: Timestamp, zone: &TimeZone) -> bool {
    let Some(last) = before.compared_at else { return true };
    let asked = before.asked_at.is_some_and(|it| it > last);
    let again = (1..TRIES).contains(&before.differed);
    asked || again || latest_night(now, zone).is_some_and(|night| last < night)
}

/// The last three o'clock that is over.
fn latest_night(now: Timestamp, zone: &TimeZone) -> Option<Timestamp> {
    let today = now.to_zoned(zone.clone()).date();
    let night = |date: jiff::civil::Date| {
        date.to_datetime(NIGHTLY).to_zoned(zone.clone()).ok().map(|it| it.timestamp())
    };
    night(today).filter(|it| *it <= now).or_else(|| night(today.yesterday().ok()?))
}

/// What two numbers of the same orders say.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Finding {
    /// The marketplace does not count these.
    NotCounted,
    /// They are equal.
    Same,
    /// So many of the marketplace's are not here.
    Missing(i64),
    /// So many are here that the marketplace does not have.
    Extra(i64),
}

impl Finding {
    /// Of its number and ours.
    pub const fn of(theirs: Option<i64>, ours: i64) -> Self {
        match theirs {
            None => Self::NotCounted,
            Some(theirs) if theirs > ours => Self::Missing(theirs - ours),
            Some(theirs) if theirs < ours => Self::Extra(ours - theirs),
            Some(_) => Self::Same,
        }
    }

    /// Whether the mirror is not what it should be.
    pub const fn differs(self) -> bool {
        matches!(self, Self::Missing(_) | Self::Extra(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn due(last: &str, now: &str) -> bool {
        let before = Before { compared_at: Some(at(last)), ..Before::default() };
        is_due(before, at(now), &TimeZone::get("Europe/Paris").unwrap())
    }

    #[test]
    fn it_is_compared_once_a_night_of_the_account() {
        assert!(!due("2026-11-19T02:00:00Z", "2026-11-20T01:59:59Z"));
        assert!(due("2026-11-19T02:00:00Z", "2026-11-20T02:00:00Z"));
        assert!(due("2026-11-19T01:59:59Z", "2026-11-19T13:12:00Z"), "the night was slept through");
        assert!(!due("2026-11-19T02:00:01Z", "2026-11-19T23:30:00Z"), "a new day is no night");
    }

    #[test]
    fn nights_with_a_change_of_the_clock_have_one_comparison_too() {
        // 29 March 2026, 2:00 to 3:00: three o'clock is the first moment of summer time.
        assert!(!due("2026-03-28T02:30:00Z", "2026-03-29T00:59:59Z"));
        assert!(due("2026-03-28T02:30:00Z", "2026-03-29T01:00:00Z"));
        // 25 October 2026, 3:00 back to 2:00: three o'clock comes once.
        assert!(!due("2026-10-24T01:30:00Z", "2026-10-25T01:59:59Z"));
        assert!(due("2026-10-24T01:30:00Z", "2026-10-25T02:00:00Z"));
    }

    #[test]
    fn it_is_compared_at_once_if_it_never_was_or_somebody_asks_or_a_difference_may_pass() {
        let (zone, now) = (TimeZone::UTC, at("2026-11-19T13:12:00Z"));
        assert!(is_due(Before::default(), now, &zone));
        let compared_at = Some(at("2026-11-19T13:00:00Z"));
        let before = Before { compared_at, ..Before::default() };
        assert!(!is_due(before, now, &zone));
        assert!(is_due(Before { asked_at: Some(now), ..before }, now, &zone));
        assert!(!is_due(Before { asked_at: compared_at, ..before }, now, &zone), "answered");
        for (differed, again) in [(0, false), (1, true), (2, true), (3, false), (9, false)] {
            assert_eq!(is_due(Before { differed, ..before }, now, &zone), again, "{differed}");
        }
    }

    #[test]
    fn a_difference_says_which_way() {
        assert_eq!(Finding::of(Some(5), 5), Finding::Same);
        assert_eq!(Finding::of(Some(5), 3), Finding::Missing(2));
        assert_eq!(Finding::of(Some(3), 5), Finding::Extra(2));
        assert_eq!(Finding::of(None, 5), Finding::NotCounted);
        assert!(!Finding::NotCounted.differs() && Finding::Extra(1).differs());
    }
}
