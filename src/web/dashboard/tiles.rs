//! The five numbers at the top.

use jiff::Timestamp;

use crate::db::due_counts::DueCount;
use crate::db::order_counts::Bucket;
use crate::db::order_list::Sort;
use crate::domain::deadline::Urgency;
use crate::domain::order::Status;
use crate::web::dashboard::Desk;
use crate::web::dashboard::counts::Number;
use crate::web::format;
use crate::web::orders::list::selection::Selection;

/// A number that is a link.
#[derive(Debug)]
pub struct Tile {
    /// What is counted.
    pub mark: Mark,
    /// In words.
    pub label: String,
    /// How many.
    pub orders: Number,
    /// What to know about them.
    pub note: String,
}

/// How it is marked.
#[derive(Debug)]
pub enum Mark {
    /// As a deadline, `data-due`.
    Due(&'static str),
    /// As a status, `data-status`.
    Status(&'static str),
}

/// Overdue, soon, today, tomorrow, to accept.
pub fn of(
    desk: &Desk<'_>,
    due: &DueCount,
    buckets: &[Bucket],
    oldest: Option<Timestamp>,
) -> [Tile; 5] {
    let lang = desk.lang;
    let first = |second: Option<i64>| second.and_then(|it| Timestamp::from_second(it).ok());
    let tile = |urgency: Urgency, orders: i64, note: Option<String>| Tile {
        mark: Mark::Due(urgency.as_str()),
        label: lang.urgency(urgency).to_owned(),
        orders: Number::new(orders, &Selection { due: vec![urgency], ..desk.selection.clone() }),
        note: note.unwrap_or_default(),
    };
    let until = |it: Timestamp| format::until(lang, it, desk.now);
    let clock = |it: Timestamp| lang.first_is_at(format::clock(lang, it, &desk.zone, it).text);
    let late = first(due.first_overdue).map(|it| lang.oldest_is(until(it)));
    let soon = first(due.first_soon).map(|it| lang.first_is(until(it)));
    let today = first(due.first_today).map(clock);
    let later = (due.later > 0).then(|| lang.due_later(due.later));
    let tomorrow = [first(due.first_tomorrow).map(clock), later];
    let tomorrow = tomorrow.into_iter().flatten().collect::<Vec<_>>().join(", ");
    [
        tile(Urgency::Overdue, due.overdue, late),
        tile(Urgency::Soon, due.soon, soon),
        tile(Urgency::Today, due.today, today),
        tile(Urgency::Tomorrow, due.tomorrow, Some(tomorrow)),
        to_accept(desk, buckets, oldest),
    ]
}

fn to_accept(desk: &Desk<'_>, buckets: &[Bucket], oldest: Option<Timestamp>) -> Tile {
    let (lang, word) = (desk.lang, Status::WaitingAcceptance);
    let orders = buckets.iter().filter(|it| it.status == word.as_str()).map(|it| it.orders).sum();
    let statuses = vec![word.as_str().to_owned()];
    let list = Selection { statuses, sort: Sort::Oldest, ..desk.selection.clone() };
    let waits = oldest.map(|it| lang.oldest_waits(format::span(lang, desk.now.duration_since(it))));
    Tile {
        mark: Mark::Status("WaitingAcceptance"),
        label: lang.status_name(&word).into_owned(),
        orders: Number::new(orders, &list),
        note: waits.unwrap_or_default(),
    }
}
