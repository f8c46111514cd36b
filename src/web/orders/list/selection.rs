//! The list's address. Every filter is a parameter of it, so that a list can be bookmarked, shared and gone
//! back to (`product` 2, pain 2); nothing else knows what the visitor looks at.

pub mod more;
pub mod parse;

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::form_urlencoded::Serializer;

use crate::db::order_counts::Bucket;
use crate::db::order_list;
use crate::db::order_list::Filter;
use crate::db::order_list::Position;
use crate::db::order_list::Sort;
use crate::db::scope::SellerScope;
use crate::domain::deadline::Boundaries;
use crate::domain::deadline::Period;
use crate::domain::deadline::Urgency;
use crate::domain::privacy::Sought;
use crate::web::orders::list::selection::more::More;

/// What the visitor wants to see.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selection {
    /// The marketplace's words; none for all.
    pub statuses: Vec<String>,
    /// The marketplace's words; none for all.
    pub supply_modes: Vec<String>,
    /// Identifiers; none for all.
    pub channels: Vec<String>,
    /// Keys; none for all.
    pub accounts: Vec<String>,
    /// How near the deadline is; none for all.
    pub due: Vec<Urgency>,
    /// A number that somebody read out, or nothing.
    pub search: String,
    /// The first day on which the orders were made.
    pub from: Option<Date>,
    /// The last one.
    pub to: Option<Date>,
    /// The filters that are used less.
    pub more: More,
    /// The order.
    pub sort: Sort,
    /// Whether Lengow's word stands beside each status.
    pub lengow: bool,
    /// Where the page starts, if not at the top.
    pub place: Option<order_list::From>,
}

impl Default for Selection {
    fn default() -> Self {
        Self {
            statuses: Vec::new(),
            supply_modes: Vec::new(),
            channels: Vec::new(),
            accounts: Vec::new(),
            due: Vec::new(),
            search: String::new(),
            from: None,
            to: None,
            more: More::default(),
            sort: Sort::Deadline,
            lengow: false,
            place: None,
        }
    }
}

impl Selection {
    /// The address of this list.
    pub fn href(&self) -> String {
        self.address("/orders")
    }

    /// The address of a file of all these orders, whatever page is shown.
    pub fn export_href(&self) -> String {
        Self { place: None, ..self.clone() }.address("/orders/export")
    }

    /// The list of everything, in the same words.
    #[must_use]
    pub fn cleared(&self) -> Self {
        Self { lengow: self.lengow, ..Self::default() }
    }

    /// The address of this page with Lengow's words, or without.
    pub fn in_other_words(&self) -> String {
        Self { lengow: !self.lengow, ..self.clone() }.href()
    }

    /// The address after the question mark.
    pub fn query(&self) -> String {
        self.href().split_once('?').map(|(_, query)| query.to_owned()).unwrap_or_default()
    }

    fn address(&self, path: &str) -> String {
        let mut query = Serializer::new(String::new());
        let several = [
            ("status", &self.statuses),
            ("supply", &self.supply_modes),
            ("channel", &self.channels),
            ("account", &self.accounts),
        ];
        for (name, words) in several {
            query.extend_pairs(words.iter().map(|it| (name, it)));
        }
        query.extend_pairs(self.due.iter().map(|it| ("due", it.as_str())));
        // What may be somebody's name is not carried on from page to page.
        if !self.search.is_empty() && Sought::of(&self.search).may_be_told() {
            query.append_pair("q", &self.search);
        }
        for (name, date) in [("from", self.from), ("to", self.to)] {
            query.extend_pairs(date.map(|it| (name, it.to_string())));
        }
        query.extend_pairs(self.more.pairs());
        if self.sort != Sort::Deadline {
            query.append_pair("sort", self.sort.as_str());
        }
        if self.lengow {
            query.append_pair("words", "lengow");
        }
        match &self.place {
            None => {}
            Some(order_list::From::After(it)) => {
                query.append_pair("after", &cursor(it));
            }
            Some(order_list::From::Before(it)) => {
                query.append_pair("before", &cursor(it));
            }
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }

    /// The address of this list, changed, from its top.
    pub fn with(&self, change: impl FnOnce(&mut Self)) -> String {
        let mut changed = Self { place: None, ..self.clone() };
        change(&mut changed);
        changed.href()
    }

    /// The address of another page of this list.
    pub fn at(&self, place: order_list::From) -> String {
        Self { place: Some(place), ..self.clone() }.href()
    }

    /// Whether the counters per bucket can tell how many orders these are.
    pub fn is_countable(&self) -> bool {
        self.due.is_empty() && self.is_of_buckets() && self.search.is_empty()
    }

    /// Whether nothing but status, channel, supply mode, account and deadline plays a part.
    pub fn is_of_buckets(&self) -> bool {
        self.from.is_none() && self.to.is_none() && self.more.is_empty()
    }

    /// Whether the orders are those of whole accounts, all that the visitor works for.
    pub fn is_of_everything(&self) -> bool {
        let words = [&self.statuses, &self.supply_modes, &self.channels, &self.accounts];
        words.into_iter().all(Vec::is_empty) && self.is_of_buckets()
    }

    /// Whether these orders can be among those that are wanted, going by all but their status.
    pub fn admits(&self, bucket: &Bucket) -> bool {
        let any =
            |words: &[String], word: &str| words.is_empty() || words.iter().any(|it| it == word);
        any(&self.accounts, &bucket.account_id)
            && any(&self.channels, &bucket.channel_id)
            && any(&self.supply_modes, &bucket.supply_mode)
    }

    /// How many orders there are at most: days, deadlines and the rest are not counted.
    pub fn at_most(&self, buckets: &[Bucket]) -> i64 {
        let admitted = |it: &&Bucket| self.admits(it) && self.admits_status(&it.status);
        buckets.iter().filter(admitted).map(|it| it.orders).sum()
    }

    /// Whether that status is among those that are wanted.
    pub fn admits_status(&self, status: &str) -> bool {
        self.statuses.is_empty() || self.statuses.iter().any(|it| it == status)
    }

    /// The question to the database. `all` are the accounts that the visitor works for, `me` is who that is.
    pub fn filter(
        &self,
        all: &SellerScope,
        me: i64,
        boundaries: &Boundaries,
        zone: &TimeZone,
    ) -> Filter {
        let made = self.made(zone);
        let ranges = match self.sort {
            Sort::Deadline => {
                let wanted = |it: &Urgency| self.due.is_empty() || self.due.contains(it);
                let groups = Urgency::ALL.into_iter().filter(wanted);
                merge(
                    groups
                        .map(|it| it.ranks_made(boundaries, &made))
                        .map(|it| it.start.0..it.end.0),
                )
            }
            Sort::Newest | Sort::Oldest => {
                let ages = made.ages();
                merge(std::iter::once(ages.start.0..ages.end.0))
            }
        };
        Filter {
            scope: all.narrowed_to(&self.accounts),
            statuses: self.statuses.clone(),
            channels: self.channels.clone(),
            supply_modes: self.supply_modes.clone(),
            ranges,
            created_from: made.from,
            created_to: made.to,
            also: self.more.also(me),
            sort: self.sort,
            from: self.place.clone(),
        }
    }

    /// From the first day's midnight to the one after the last day, where these people live: their days
    /// have 23 or 25 hours when the clocks change.
    fn made(&self, zone: &TimeZone) -> Period {
        let midnight = |date: Date| -> Option<Timestamp> {
            date.to_zoned(zone.clone()).ok().map(|it| it.timestamp())
        };
        Period {
            from: self.from.and_then(midnight),
            to: self.to.and_then(|it| it.tomorrow().ok()).and_then(midnight),
        }
    }
}

fn cursor(position: &Position) -> String {
    format!("{}.{}", position.key, position.order_id)
}

/// Joins ranges that touch: each one costs a descent of the index per bucket.
fn merge(ranges: impl Iterator<Item = Range<i64>>) -> Vec<Range<i64>> {
    let mut merged: Vec<Range<i64>> = Vec::new();
    for range in ranges.filter(|it| !it.is_empty()) {
        match merged.last_mut() {
            Some(last) if last.end == range.start => last.end = range.end,
            _ => merged.push(range),
        }
    }
    merged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_that_touch_are_one_range() {
        let zone = TimeZone::UTC;
        let now = "2026-11-19T13:12:00Z".parse().unwrap();
        let boundaries = Boundaries::at(now, &zone);
        let ranges = |query: &str| {
            {
                let pairs: Vec<_> =
                    url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
                Selection::parse(&pairs).0
            }
            .filter(&SellerScope::default(), 1, &boundaries, &zone)
            .ranges
        };
        let all = merge(std::iter::once(i64::MIN..i64::MAX));
        assert_eq!(ranges(""), all);
        assert_eq!(ranges("sort=newest"), all);
        assert_eq!(ranges("sort=oldest"), all);
        assert_eq!(ranges("due=overdue,soon,today").len(), 1);
        assert_eq!(ranges("due=overdue,today").len(), 2);
        assert_eq!(ranges("from=2026-11-01").len(), 2);
        assert_eq!(ranges("from=2026-11-01&to=2026-11-02").len(), 3);
    }
}
