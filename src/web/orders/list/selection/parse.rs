//! Reading the list's address: whatever stands there, there is a list.

use jiff::civil::Date;

use crate::db::accounts::Account;
use crate::db::order_counts::Bucket;
use crate::db::order_list;
use crate::db::order_list::Position;
use crate::db::order_list::Sort;
use crate::domain::deadline::Urgency;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::web::orders::list::selection::Selection;
use crate::web::orders::list::selection::more::More;

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
    /// `buyer`
    Buyer,
    /// `country`
    Country,
    /// `carrier`
    Carrier,
    /// `min`
    Min,
    /// `max`
    Max,
    /// `action`
    Action,
    /// `assigned`
    Assigned,
    /// `note`
    Note,
    /// `sort`
    Sort,
    /// `words`
    Words,
}

/// A filter that was left out, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Misread {
    /// Nothing has that name.
    Unknown(Parameter, String),
    /// `to` lies before `from`.
    EndsBeforeItBegins,
    /// `max` is less than `min`.
    MostIsLessThanLeast,
    /// The groups of deadlines exist only in the order of the deadlines.
    DueIsByDeadline,
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
        let More { amount_from, amount_to, .. } = selection.more;
        if amount_from.zip(amount_to).is_some_and(|(from, to)| to < from) {
            selection.more.amount_to = None;
            misread.push(Misread::MostIsLessThanLeast);
        }
        if !selection.due.is_empty() && selection.sort != Sort::Deadline {
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
            Some(
                parameter @ (Parameter::Buyer
                | Parameter::Country
                | Parameter::Carrier
                | Parameter::Min
                | Parameter::Max
                | Parameter::Action
                | Parameter::Assigned
                | Parameter::Note),
            ) => self.more.set(parameter, value, &words(value).collect::<Vec<_>>())?,
            Some(Parameter::Sort) => self.sort = Sort::parse(value)?,
            Some(Parameter::Words) => self.lengow = (value == "lengow").then_some(true)?,
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
            "buyer" => Self::Buyer,
            "country" => Self::Country,
            "carrier" => Self::Carrier,
            "min" => Self::Min,
            "max" => Self::Max,
            "action" => Self::Action,
            "assigned" => Self::Assigned,
            "note" => Self::Note,
            "sort" => Self::Sort,
            "words" => Self::Words,
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
/// the database and jiff disagree on what can be said.
fn date(value: &str) -> Option<Date> {
    let date: Date = value.parse().ok()?;
    (value.len() == 10 && (1990..=2200).contains(&date.year())).then_some(date)
}

fn position(value: &str) -> Option<Position> {
    let (key, order_id) = value.split_once('.')?;
    Some(Position { key: key.parse().ok()?, order_id: order_id.to_owned() })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::privacy::Sought;

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
        let (selection, misread) =
            parse("min=12,50&max=9.99&max=1e3&assigned=-1&note=no&action=gone");
        assert_eq!(selection.href(), "/orders?min=12.50");
        assert_eq!(
            misread,
            [
                unknown(Parameter::Max, "1e3"),
                unknown(Parameter::Assigned, "-1"),
                unknown(Parameter::Note, "no"),
                unknown(Parameter::Action, "gone"),
                Misread::MostIsLessThanLeast,
            ]
        );
        let (selection, misread) = parse("due=soon&sort=newest&after=1.A");
        assert_eq!(selection.href(), "/orders?due=soon");
        assert_eq!(misread, [Misread::DueIsByDeadline]);
    }

    #[test]
    fn every_filter_comes_back_from_its_own_address() {
        let query = "buyer=business&country=FR&country=BE&carrier=DPD%2C+Relais&min=5&max=12.50\
                     &action=refused&action=none&assigned=me&note=yes&sort=newest";
        let (selection, misread) = parse(query);
        assert_eq!((selection.href(), misread), (format!("/orders?{query}"), Vec::new()));
        assert!(!selection.is_countable() && !selection.is_of_everything());
    }

    #[test]
    fn the_words_of_lengow_outlive_the_filters() {
        let (selection, misread) = parse("status=Shipped&words=lengow&after=1.A");
        assert_eq!(selection.cleared().href(), "/orders?words=lengow");
        assert_eq!(selection.export_href(), "/orders/export?status=Shipped&words=lengow");
        assert_eq!(misread, []);
        let (selection, misread) = parse("words=klingon");
        assert_eq!(selection.href(), "/orders");
        assert_eq!(misread, [Misread::Unknown(Parameter::Words, "klingon".to_owned())]);
    }

    #[test]
    fn a_place_that_cannot_be_read_is_the_start_of_the_list() {
        for query in ["after=x", "after=1", "before=.A", "after=99999999999999999999.A"] {
            assert_eq!(parse(query), (Selection::default(), Vec::new()), "{query}");
        }
    }

    proptest! {
        #[test]
        fn any_address_is_read_and_written_the_same(query in "[ -~é]{0,200}") {
            let (mut selection, _) = parse(&query);
            let href = selection.href();
            let (again, misread) = parse(href.strip_prefix("/orders").unwrap().trim_start_matches('?'));
            if !Sought::of(&selection.search).may_be_told() {
                selection.search.clear();
            }
            prop_assert_eq!(again, selection);
            prop_assert_eq!(misread, []);
        }
    }
}
