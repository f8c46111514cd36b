//! The list's address. Every filter is a parameter of it, so that a list can be bookmarked, shared and gone
//! back to (`product` 2, pain 2); nothing else knows what the visitor looks at.

use std::ops::Range;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use url::form_urlencoded::Serializer;

use crate::db::accounts::Account;
use crate::db::order_counts::Bucket;
use crate::db::order_list;
use crate::db::order_list::Filter;
use crate::db::order_list::Position;
use crate::db::order_list::Sort;
use crate::domain::deadline::Boundaries;
use crate::domain::deadline::Period;
use crate::domain::deadline::Urgency;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;

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
    /// The order.
    pub sort: Sort,
    /// Where the page starts, if not at the top.
    pub place: Option<order_list::From>,
}

/// A filter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parameter {
    /// `status`
    Status,
    /// `supply`
    Supply,
    /// `channel`
    Channel,
    /// `account`
    Account,
    /// `due`
    Due,
    /// `q`
    Search,
    /// `from`
    From,
    /// `to`
    To,
    /// `sort`
    Sort,
}

/// A filter that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misread {
    /// Nothing has that name.
    Unknown(Parameter, String),
    /// `to` lies before `from`.
    EndsBeforeItBegins,
    /// The groups of deadlines exist only in the order of the deadlines.
    DueIsByDeadline,
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
            sort: Sort::Deadline,
            place: None,
        }
    }
}

impl Selection {
    /// Reads the address. What has no meaning is left out and told; a place that cannot be read is the start
    /// of the list; parameters of other names are none of ours.
    pub fn parse(pairs: &[(String, String)]) -> (Self, Vec<Misread>) {
        let (mut selection, mut misread) = (Self::default(), Vec::new());
        for (name, value) in pairs {
            let value = value.trim();
            if !value.is_empty() && selection.set(name, value).is_none() {
                misread
                    .extend(Parameter::of(name).map(|it| Misread::Unknown(it, value.to_owned())));
            }
        }
        if selection.from.zip(selection.to).is_some_and(|(from, to)| to < from) {
            selection.to = None;
            misread.push(Misread::EndsBeforeItBegins);
        }
        if !selection.due.is_empty() && selection.sort == Sort::Newest {
            selection.sort = Sort::Deadline;
            selection.place = None;
            misread.push(Misread::DueIsByDeadline);
        }
        (selection, misread)
    }

    /// Takes a parameter in; nothing, if it has no meaning.
    fn set(&mut self, name: &str, value: &str) -> Option<()> {
        match Parameter::of(name) {
            Some(Parameter::Status) => add_all(&mut self.statuses, value),
            Some(Parameter::Supply) => add_all(&mut self.supply_modes, value),
            Some(Parameter::Channel) => add_all(&mut self.channels, value),
            Some(Parameter::Account) => add_all(&mut self.accounts, value),
            Some(Parameter::Due) => {
                let words: Option<Vec<_>> = words(value).map(Urgency::parse).collect();
                self.due.extend(words?);
                self.due.sort_unstable();
                self.due.dedup();
            }
            Some(Parameter::Search) => value.clone_into(&mut self.search),
            Some(Parameter::From) => self.from = Some(date(value)?),
            Some(Parameter::To) => self.to = Some(date(value)?),
            Some(Parameter::Sort) => self.sort = sort(value)?,
            None if name == "after" => self.place = position(value).map(order_list::From::After),
            None if name == "before" => self.place = position(value).map(order_list::From::Before),
            None => {}
        }
        Some(())
    }

    /// Leaves out what names nothing that there is.
    pub fn keep_known(
        &mut self,
        accounts: &[Account],
        buckets: &[Bucket],
        told: &mut Vec<Misread>,
    ) {
        let mut keep = |parameter, words: &mut Vec<String>, known: &dyn Fn(&str) -> bool| {
            words.retain(|word| {
                let known = known(word);
                if !known {
                    told.push(Misread::Unknown(parameter, word.clone()));
                }
                known
            });
        };
        keep(Parameter::Status, &mut self.statuses, &|word| {
            !matches!(Status::parse(word), Status::Other(_))
                || buckets.iter().any(|it| it.status == word)
        });
        keep(Parameter::Supply, &mut self.supply_modes, &|word| {
            !matches!(SupplyMode::parse(word), SupplyMode::Other(_))
                || buckets.iter().any(|it| it.supply_mode == word)
        });
        keep(Parameter::Channel, &mut self.channels, &|word| {
            buckets.iter().any(|it| it.channel_id == word)
        });
        keep(Parameter::Account, &mut self.accounts, &|word| {
            accounts.iter().any(|it| it.id.0 == word)
        });
    }

    /// The address of this list.
    pub fn href(&self) -> String {
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
        if !self.search.is_empty() {
            query.append_pair("q", &self.search);
        }
        for (name, date) in [("from", self.from), ("to", self.to)] {
            query.extend_pairs(date.map(|it| (name, it.to_string())));
        }
        if self.sort == Sort::Newest {
            query.append_pair("sort", "newest");
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
        if query.is_empty() { "/orders".to_owned() } else { format!("/orders?{query}") }
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
        self.due.is_empty() && self.is_undated() && self.search.is_empty()
    }

    /// Whether the day on which orders were made plays no part.
    pub const fn is_undated(&self) -> bool {
        self.from.is_none() && self.to.is_none()
    }

    /// Whether the orders are those of whole accounts, all that the visitor works for.
    pub fn is_of_everything(&self) -> bool {
        let words = [&self.statuses, &self.supply_modes, &self.channels, &self.accounts];
        words.into_iter().all(Vec::is_empty) && self.is_undated()
    }

    /// Whether these orders can be among those that are wanted, going by all but their status.
    pub fn admits(&self, bucket: &Bucket) -> bool {
        let any =
            |words: &[String], word: &str| words.is_empty() || words.iter().any(|it| it == word);
        any(&self.accounts, &bucket.account_id)
            && any(&self.channels, &bucket.channel_id)
            && any(&self.supply_modes, &bucket.supply_mode)
    }

    /// Whether that status is among those that are wanted.
    pub fn admits_status(&self, status: &str) -> bool {
        self.statuses.is_empty() || self.statuses.iter().any(|it| it == status)
    }

    /// The question to the database. `all` are the accounts that the visitor works for.
    pub fn filter(&self, all: &[Account], boundaries: &Boundaries, zone: &TimeZone) -> Filter {
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
            Sort::Newest => {
                let ages = made.ages();
                vec![ages.start.0..ages.end.0]
            }
        };
        let all = || all.iter().map(|it| it.id.0.clone()).collect();
        Filter {
            accounts: if self.accounts.is_empty() { all() } else { self.accounts.clone() },
            statuses: self.statuses.clone(),
            channels: self.channels.clone(),
            supply_modes: self.supply_modes.clone(),
            ranges,
            created_from: made.from,
            created_to: made.to,
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

impl Parameter {
    fn of(name: &str) -> Option<Self> {
        Some(match name {
            "status" => Self::Status,
            "supply" => Self::Supply,
            "channel" => Self::Channel,
            "account" => Self::Account,
            "due" => Self::Due,
            "q" => Self::Search,
            "from" => Self::From,
            "to" => Self::To,
            "sort" => Self::Sort,
            _ => return None,
        })
    }
}

/// The words of a list with commas.
fn words(value: &str) -> impl Iterator<Item = &str> {
    value.split(',').map(str::trim).filter(|it| !it.is_empty())
}

fn add_all(list: &mut Vec<String>, value: &str) {
    for word in words(value) {
        if !list.iter().any(|it| it == word) {
            list.push(word.to_owned());
        }
    }
}

/// A day as `<input type="date">` sends it. The years are those in which marketplaces exist; far from them,
/// PostgreSQL and jiff disagree on what can be said.
fn date(value: &str) -> Option<Date> {
    let date: Date = value.parse().ok()?;
    (value.len() == 10 && (1990..=2200).contains(&date.year())).then_some(date)
}

fn sort(value: &str) -> Option<Sort> {
    match value {
        "deadline" => Some(Sort::Deadline),
        "newest" => Some(Sort::Newest),
        _ => None,
    }
}

fn position(value: &str) -> Option<Position> {
    let (key, order_id) = value.split_once('.')?;
    Some(Position { key: key.parse().ok()?, order_id: order_id.to_owned() })
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
    use proptest::prelude::*;

    use super::*;

    fn parse(query: &str) -> (Selection, Vec<Misread>) {
        let pairs: Vec<_> = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Selection::parse(&pairs)
    }

    #[test]
    fn words_may_repeat_or_stand_in_a_list_with_commas() {
        let (selection, misread) =
            parse("status=Shipped,Delivered&status=Shipped&due=soon,overdue");
        assert_eq!(selection.statuses, ["Shipped", "Delivered"]);
        assert_eq!(selection.due, [Urgency::Overdue, Urgency::Soon]);
        assert_eq!(misread, []);
    }

    #[test]
    fn what_has_no_meaning_is_told_and_the_rest_is_kept() {
        let (selection, misread) =
            parse("due=never&from=tomorrow&to=2026-02-30&sort=price&channel=CDISFR&x=y&status=");
        assert_eq!(selection.href(), "/orders?channel=CDISFR");
        let unknown = |parameter, value: &str| Misread::Unknown(parameter, value.to_owned());
        assert_eq!(
            misread,
            [
                unknown(Parameter::Due, "never"),
                unknown(Parameter::From, "tomorrow"),
                unknown(Parameter::To, "2026-02-30"),
                unknown(Parameter::Sort, "price"),
            ]
        );
        let (selection, misread) = parse("from=2026-11-20&to=2026-11-19");
        assert_eq!(selection.href(), "/orders?from=2026-11-20");
        assert_eq!(misread, [Misread::EndsBeforeItBegins]);
        let (selection, misread) = parse("due=soon&sort=newest&after=1.A");
        assert_eq!(selection.href(), "/orders?due=soon");
        assert_eq!(misread, [Misread::DueIsByDeadline]);
    }

    #[test]
    fn a_place_that_cannot_be_read_is_the_start_of_the_list() {
        for query in ["after=x", "after=1", "before=.A", "after=99999999999999999999.A"] {
            assert_eq!(parse(query), (Selection::default(), Vec::new()), "{query}");
        }
    }

    #[test]
    fn groups_that_touch_are_one_range() {
        let zone = TimeZone::UTC;
        let now = "2026-11-19T13:12:00Z".parse().unwrap();
        let boundaries = Boundaries::at(now, &zone);
        let ranges = |query: &str| parse(query).0.filter(&[], &boundaries, &zone).ranges;
        assert_eq!(ranges(""), [i64::MIN..i64::MAX]);
        assert_eq!(ranges("sort=newest"), [i64::MIN..i64::MAX]);
        assert_eq!(ranges("due=overdue,soon,today").len(), 1);
        assert_eq!(ranges("due=overdue,today").len(), 2);
        assert_eq!(ranges("from=2026-11-01").len(), 2);
        assert_eq!(ranges("from=2026-11-01&to=2026-11-02").len(), 3);
    }

    proptest! {
        #[test]
        fn any_address_is_read_and_written_the_same(query in "[ -~é]{0,200}") {
            let (selection, _) = parse(&query);
            let href = selection.href();
            let (again, misread) = parse(href.strip_prefix("/orders").unwrap().trim_start_matches('?'));
            prop_assert_eq!(again, selection);
            prop_assert_eq!(misread, []);
        }
    }
}
