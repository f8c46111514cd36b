//! Until when this team must have acted, and where that puts an order in the queue.

use jiff::Timestamp;
use jiff::ToSpan;
use jiff::tz::TimeZone;

use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;

/// How near a deadline is. The order is that of the list's groups.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Urgency {
    /// The deadline has passed.
    Overdue,
    /// Less than four hours are left.
    Soon,
    /// Later on this day, in the account's time zone.
    Today,
    /// On the next day.
    Tomorrow,
    /// On a day after that.
    Later,
    /// Open, but without a deadline that this team has to meet.
    None,
    /// Shipped, or dead: nothing is to be met any more.
    Closed,
}

impl Urgency {
    /// All of them, most urgent first.
    pub const ALL: [Self; 7] = [
        Self::Overdue,
        Self::Soon,
        Self::Today,
        Self::Tomorrow,
        Self::Later,
        Self::None,
        Self::Closed,
    ];

    /// The word in addresses (`due=soon`) and in the pages' `data-due`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Soon => "soon",
            Self::Today => "today",
            Self::Tomorrow => "tomorrow",
            Self::Later => "later",
            Self::None => "none",
            Self::Closed => "closed",
        }
    }

    /// The inverse of [`Self::as_str`].
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|it| it.as_str() == word)
    }

    /// Which group an order with that place in the queue belongs to.
    pub fn of(rank: Rank, boundaries: &Boundaries) -> Self {
        let second = rank.0;
        if second >= CLOSED {
            Self::Closed
        } else if second >= NO_DEADLINE {
            Self::None
        } else if second < boundaries.now {
            Self::Overdue
        } else if second < boundaries.soon {
            Self::Soon
        } else if second < boundaries.tomorrow {
            Self::Today
        } else if second < boundaries.day_after {
            Self::Tomorrow
        } else {
            Self::Later
        }
    }

    /// The ranks of the group, as a half-open range.
    pub fn ranks(self, boundaries: &Boundaries) -> std::ops::Range<Rank> {
        let Boundaries { now, soon, tomorrow, day_after } = *boundaries;
        let (from, to) = match self {
            Self::Overdue => (i64::MIN, now),
            Self::Soon => (now, soon),
            Self::Today => (soon, tomorrow.max(soon)),
            Self::Tomorrow => (tomorrow.max(soon), day_after),
            Self::Later => (day_after, NO_DEADLINE),
            Self::None => (NO_DEADLINE, CLOSED),
            Self::Closed => (CLOSED, i64::MAX),
        };
        Rank(from)..Rank(to)
    }

    /// The ranks that the group's orders can have if they were made in that period. Where the rank tells
    /// when the order was made, that is exactly those orders: history of another time is never walked.
    /// Where the rank is a deadline, it is the whole group, which is open, and short.
    pub fn ranks_made(self, boundaries: &Boundaries, made: &Period) -> std::ops::Range<Rank> {
        let whole = self.ranks(boundaries);
        let seconds = |at: Timestamp| at.as_second().clamp(0, NO_DEADLINE - 1);
        let (from, to) = (made.from.map(seconds), made.to.map(seconds));
        let (start, end) = match self {
            Self::None => (from.map(|it| NO_DEADLINE + it), to.map(|it| NO_DEADLINE + it)),
            // The newest are first, so the ends change places, and with them which one is included.
            Self::Closed => {
                (to.map(|it| CLOSED_AT_1970 - it + 1), from.map(|it| CLOSED_AT_1970 - it + 1))
            }
            Self::Overdue | Self::Soon | Self::Today | Self::Tomorrow | Self::Later => (None, None),
        };
        start.map_or(whole.start, Rank)..end.map_or(whole.end, Rank)
    }
}

/// From an instant on, and until before another one, both whole seconds; open where there is none.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Period {
    /// The first instant.
    pub from: Option<Timestamp>,
    /// The first instant after it.
    pub to: Option<Timestamp>,
}

impl Period {
    /// The ages of what was made in it.
    pub fn ages(&self) -> std::ops::Range<Age> {
        let start = self.to.map_or(i64::MIN, |it| age(it).0.saturating_add(1));
        let end = self.from.map_or(i64::MAX, |it| age(it).0.saturating_add(1));
        Age(start)..Age(end)
    }
}

/// The instants that separate the groups, in seconds since 1970.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Boundaries {
    now: i64,
    soon: i64,
    tomorrow: i64,
    day_after: i64,
}

impl Boundaries {
    /// The boundaries at that instant, for people who live in that zone: their days begin at their
    /// midnight, also when the clocks change.
    pub fn at(now: Timestamp, zone: &TimeZone) -> Self {
        let today = now.to_zoned(zone.clone()).date();
        let midnight_in = |days: i64| {
            let day = today.saturating_add(days.days());
            day.to_zoned(zone.clone()).map_or(i64::MAX, |it| it.timestamp().as_second())
        };
        let seconds = now.as_second();
        Self {
            now: seconds,
            soon: seconds + 4 * 3600,
            tomorrow: midnight_in(1),
            day_after: midnight_in(2),
        }
    }
}

/// An order's place in the queue: the smaller, the more urgent.
///
/// One number, so that one index serves the whole list: first the deadlines in seconds since 1970, then
/// the open orders without one, oldest first, then the closed ones, newest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rank(pub i64);

/// Deadlines are seconds since 1970, so this is some 300 years away from the nearest one.
const NO_DEADLINE: i64 = 10_000_000_000;
const CLOSED: i64 = 20_000_000_000;
const CLOSED_AT_1970: i64 = 30_000_000_000;

/// Until when this team must have shipped the order; none when the order is closed, or not its to ship.
pub fn due_at(order: &Order) -> Option<Timestamp> {
    let ours = order.supply_mode() == SupplyMode::Seller;
    if ours && !order.status.is_closed() { order.ship_by } else { None }
}

/// The place in the queue of an order with that status, deadline and date of creation.
pub fn rank(status: &Status, due_at: Option<Timestamp>, created_at: Timestamp) -> Rank {
    let created = created_at.as_second().clamp(0, NO_DEADLINE - 1);
    Rank(match due_at {
        Some(due) => due.as_second().clamp(0, NO_DEADLINE - 1),
        None if status.is_closed() => CLOSED_AT_1970 - created,
        None => NO_DEADLINE + created,
    })
}

/// A place in the list of the newest: the smaller, the newer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Age(pub i64);

/// The place of an order made at that instant, to the microsecond, as precise as the database.
pub fn age(created_at: Timestamp) -> Age {
    Age(-created_at.as_microsecond())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urgency(now: &str, due: &str) -> Urgency {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        let boundaries = Boundaries::at(now.parse().unwrap(), &zone);
        let due: Timestamp = due.parse().unwrap();
        Urgency::of(rank(&Status::InPreparation, Some(due), due), &boundaries)
    }

    #[test]
    fn a_deadline_is_overdue_the_second_it_has_passed() {
        assert_eq!(urgency("2026-11-20T16:00:01Z", "2026-11-20T16:00:00Z"), Urgency::Overdue);
        assert_eq!(urgency("2026-11-20T16:00:00Z", "2026-11-20T16:00:00Z"), Urgency::Soon);
    }

    #[test]
    fn today_ends_at_midnight_in_paris_in_winter_and_in_summer() {
        assert_eq!(urgency("2026-11-20T10:00:00Z", "2026-11-20T22:59:59Z"), Urgency::Today);
        assert_eq!(urgency("2026-11-20T10:00:00Z", "2026-11-20T23:00:00Z"), Urgency::Tomorrow);
        assert_eq!(urgency("2026-07-20T10:00:00Z", "2026-07-20T21:59:59Z"), Urgency::Today);
        assert_eq!(urgency("2026-07-20T10:00:00Z", "2026-07-20T22:00:00Z"), Urgency::Tomorrow);
    }

    #[test]
    fn the_days_are_right_when_the_clocks_change() {
        // 25 October 2026 has 25 hours in Paris, 28 March 2027 has 23.
        assert_eq!(urgency("2026-10-24T22:30:00Z", "2026-10-25T22:30:00Z"), Urgency::Today);
        assert_eq!(urgency("2026-10-24T22:30:00Z", "2026-10-25T23:00:00Z"), Urgency::Tomorrow);
        assert_eq!(urgency("2027-03-27T23:30:00Z", "2027-03-28T21:59:00Z"), Urgency::Today);
        assert_eq!(urgency("2027-03-27T23:30:00Z", "2027-03-28T22:00:00Z"), Urgency::Tomorrow);
    }

    #[test]
    fn in_the_last_hours_of_a_day_what_is_soon_is_not_tomorrow() {
        assert_eq!(urgency("2026-11-20T22:00:00Z", "2026-11-21T01:00:00Z"), Urgency::Soon);
    }

    #[test]
    fn every_rank_is_in_exactly_one_group() {
        let zone = TimeZone::get("Europe/Paris").unwrap();
        for now in ["2026-11-20T22:30:00Z", "2026-11-20T08:00:00Z"] {
            let boundaries = Boundaries::at(now.parse().unwrap(), &zone);
            let now: Timestamp = now.parse().unwrap();
            for hours in -100..200 {
                let rank = Rank(now.as_second() + hours * 1800);
                let holders =
                    Urgency::ALL.into_iter().filter(|it| it.ranks(&boundaries).contains(&rank));
                assert_eq!(holders.collect::<Vec<_>>(), [Urgency::of(rank, &boundaries)]);
            }
        }
    }

    #[test]
    fn ranks_and_ages_of_a_period_hold_exactly_what_was_made_in_it() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let boundaries = Boundaries::at(at(5_000), &TimeZone::UTC);
        let made = Period { from: Some(at(1_000)), to: Some(at(2_000)) };
        for millis in [999_999, 1_000_000, 1_000_001, 1_500_000, 1_999_999, 2_000_000, 2_000_001] {
            let created = Timestamp::from_millisecond(millis).unwrap();
            let inside = at(1_000) <= created && created < at(2_000);
            for (status, urgency) in
                [(Status::Shipped, Urgency::Closed), (Status::Processing, Urgency::None)]
            {
                let rank = rank(&status, None, created);
                assert_eq!(urgency.ranks_made(&boundaries, &made).contains(&rank), inside);
                let always = urgency.ranks_made(&boundaries, &Period::default());
                assert_eq!(always, urgency.ranks(&boundaries));
            }
            assert_eq!(made.ages().contains(&age(created)), inside);
            assert!(Period::default().ages().contains(&age(created)));
        }
        assert_eq!(Urgency::Soon.ranks_made(&boundaries, &made), Urgency::Soon.ranks(&boundaries));
    }

    #[test]
    fn deadlines_come_first_then_open_orders_then_the_newest_closed_ones() {
        let (old, new) =
            (Timestamp::from_second(1_000).unwrap(), Timestamp::from_second(2_000).unwrap());
        let ranks = [
            rank(&Status::InPreparation, Some(old), new),
            rank(&Status::InPreparation, Some(new), old),
            rank(&Status::Processing, None, old),
            rank(&Status::Processing, None, new),
            rank(&Status::Shipped, None, new),
            rank(&Status::Shipped, None, old),
        ];
        assert!(ranks.is_sorted());
    }
}
