//! How well this team works, by its own mirror: rates of the last 30 days, and what they become if nothing more
//! leaves today. The marketplace computes indicators of its own, by rules that it does not publish: these are
//! estimates, and are called so.

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::civil::time;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;

/// The days that rates look at: today, and those before it.
pub const DAYS: usize = 30;

/// A part of a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Rate {
    /// How many are meant.
    pub part: i64,
    /// Of how many.
    pub whole: i64,
}

impl Rate {
    /// In percent, to one decimal, halves upwards; nothing of nothing.
    pub fn percent(self) -> Option<Decimal> {
        if self.whole <= 0 {
            return None;
        }
        // Thousandths, rounded: exact, where a division of decimals has to stop somewhere.
        let thousandths = (self.part * 2000 + self.whole) / (self.whole * 2);
        Some(Decimal::new(thousandths, 1))
    }
}

/// What became of the shipments that were due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Shipments {
    /// Orders shipped in these days, not after their deadline.
    pub on_time: i64,
    /// Orders shipped in these days, after their deadline.
    pub late: i64,
    /// Orders not shipped at all whose deadline has passed.
    pub overdue: i64,
}

/// The orders of these days, by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Made {
    /// All that were made, but for those that the marketplace rejected: nobody's fault, and nobody's order.
    pub orders: i64,
    /// Cancelled, whoever asked for it.
    pub cancelled: i64,
    /// Refused by the seller.
    pub refused: i64,
}

/// A rate of our own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Shipped on time, of all that had a deadline and was shipped, or should have been.
    OnTime,
    /// The others of them: shipped late, or overdue now.
    Late,
    /// Cancelled, of all that were made.
    Cancelled,
    /// Refused by the seller, of all that were made.
    Refused,
}

impl Kind {
    /// Every rate, as they are read.
    pub const ALL: [Self; 4] = [Self::OnTime, Self::Late, Self::Cancelled, Self::Refused];

    /// The rate itself.
    pub const fn of(self, shipments: &Shipments, made: &Made) -> Rate {
        let Shipments { on_time, late, overdue } = *shipments;
        let due = on_time + late + overdue;
        match self {
            Self::OnTime => Rate { part: on_time, whole: due },
            Self::Late => Rate { part: late + overdue, whole: due },
            Self::Cancelled => Rate { part: made.cancelled, whole: made.orders },
            Self::Refused => Rate { part: made.refused, whole: made.orders },
        }
    }
}

/// What the late rate becomes if nothing more is shipped until some time (`product` 3, idea 7).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Forecast {
    /// The orders that become late until then.
    pub becoming_late: i64,
    /// The rate of now.
    pub now: Rate,
    /// The rate of then.
    pub then: Rate,
}

/// The late rate, with these orders overdue as well. They were not counted before: nothing was known of them.
pub const fn forecast(shipments: &Shipments, becoming_late: i64) -> Forecast {
    let made = Made { orders: 0, cancelled: 0, refused: 0 };
    let now = Kind::Late.of(shipments, &made);
    let then = Rate { part: now.part + becoming_late, whole: now.whole + becoming_late };
    Forecast { becoming_late, now, then }
}

/// Until when a forecast looks: the next five in the afternoon where these people live, when carriers have called.
pub fn cutoff(now: Timestamp, zone: &TimeZone) -> Timestamp {
    let today = now.to_zoned(zone.clone()).date();
    let five = |days: i64| {
        let day = today.saturating_add(days.days());
        let at = day.to_datetime(time(17, 0, 0, 0)).to_zoned(zone.clone());
        at.map_or(now, |it| it.timestamp())
    };
    let first = five(0);
    if first > now { first } else { five(1) }
}

/// The midnights where these people live that begin each of that many days up to today, and tomorrow's.
pub fn midnights(now: Timestamp, zone: &TimeZone, days: usize) -> Vec<Timestamp> {
    let today = now.to_zoned(zone.clone()).date();
    let before = i64::try_from(days).unwrap_or(0);
    let midnight = |offset: i64| {
        let day = today.saturating_add(offset.days());
        day.to_zoned(zone.clone()).map_or(now, |it| it.timestamp())
    };
    (1 - before..=1).map(midnight).collect()
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn paris() -> TimeZone {
        TimeZone::get("Europe/Paris").unwrap()
    }

    fn percent(part: i64, whole: i64) -> Option<String> {
        Rate { part, whole }.percent().map(|it| it.to_string())
    }

    #[test]
    fn a_rate_has_one_decimal_and_nothing_of_nothing_is_none() {
        assert_eq!(percent(968, 1000).as_deref(), Some("96.8"));
        assert_eq!(percent(2, 3).as_deref(), Some("66.7"));
        assert_eq!(percent(1, 2000).as_deref(), Some("0.1"));
        assert_eq!(percent(0, 7).as_deref(), Some("0.0"));
        assert_eq!(percent(7, 7).as_deref(), Some("100.0"));
        assert_eq!(percent(0, 0), None);
    }

    #[test]
    fn what_is_overdue_now_counts_against_us_before_it_is_shipped() {
        let shipments = Shipments { on_time: 90, late: 6, overdue: 4 };
        let made = Made { orders: 200, cancelled: 5, refused: 2 };
        let rates = Kind::ALL.map(|it| it.of(&shipments, &made).percent().unwrap().to_string());
        assert_eq!(rates, ["90.0", "10.0", "2.5", "1.0"]);
    }

    #[test]
    fn the_forecast_adds_what_becomes_late_to_both_sides() {
        let shipments = Shipments { on_time: 491, late: 9, overdue: 0 };
        let forecast = forecast(&shipments, 9);
        assert_eq!(forecast.now.percent().unwrap().to_string(), "1.8");
        assert_eq!(forecast.then, Rate { part: 18, whole: 509 });
        let nothing_yet = super::forecast(&Shipments::default(), 3);
        assert_eq!(nothing_yet.now.percent(), None);
        assert_eq!(nothing_yet.then.percent().unwrap().to_string(), "100.0");
    }

    #[test]
    fn the_forecast_ends_at_five_on_the_clock_of_the_wall_also_when_clocks_change() {
        for (now, end) in [
            ("2026-11-19T13:12:00Z", "2026-11-19T16:00:00Z"),
            ("2026-11-19T16:00:00Z", "2026-11-20T16:00:00Z"),
            // The evening before summer time ends, and before it begins.
            ("2026-10-24T18:00:00Z", "2026-10-25T16:00:00Z"),
            ("2026-10-25T00:30:00Z", "2026-10-25T16:00:00Z"),
            ("2027-03-27T20:00:00Z", "2027-03-28T15:00:00Z"),
        ] {
            assert_eq!(cutoff(at(now), &paris()), at(end), "{now}");
        }
    }

    #[test]
    fn days_begin_at_midnight_also_those_of_23_and_25_hours() {
        let lengths = |now: &str| -> Vec<i64> {
            let midnights = midnights(at(now), &paris(), 3);
            midnights.windows(2).map(|it| it[1].duration_since(it[0]).as_hours()).collect()
        };
        assert_eq!(lengths("2026-11-19T13:12:00Z"), [24, 24, 24]);
        assert_eq!(lengths("2026-10-26T13:12:00Z"), [24, 25, 24]);
        assert_eq!(lengths("2027-03-28T22:30:00Z"), [24, 23, 24]);
        let last = midnights(at("2026-11-19T13:12:00Z"), &paris(), 14);
        assert_eq!((last.len(), last[14]), (15, at("2026-11-19T23:00:00Z")));
    }

    proptest! {
        #[test]
        fn now_lies_in_the_last_day_and_before_the_end_of_the_forecast(minutes in 0_i64..1_000_000) {
            let now = at("2026-01-01T00:00:00Z") + SignedDuration::from_mins(minutes);
            let days = midnights(now, &paris(), DAYS);
            prop_assert_eq!(days.len(), DAYS + 1);
            prop_assert!(days.is_sorted() && days[DAYS - 1] <= now && now < days[DAYS]);
            let end = cutoff(now, &paris());
            prop_assert!(now < end && end.duration_since(now) <= SignedDuration::from_hours(25));
        }

        #[test]
        fn a_forecast_never_improves(on_time in 0_i64..500, late in 0_i64..50, overdue in 0_i64..50, more in 0_i64..50) {
            let forecast = forecast(&Shipments { on_time, late, overdue }, more);
            let (now, then) = (forecast.now.percent(), forecast.then.percent());
            prop_assert!(now.is_none() || now <= then);
        }
    }
}
