//! The groups of the list, one per urgency, and how many orders each one has.

use crate::db::order_counts::Bucket;
use crate::db::order_list::Sort;
use crate::domain::deadline::Urgency;
use crate::domain::order::Status;
use crate::web::format;
use crate::web::orders::list::row::RowView;
use crate::web::orders::list::selection::Selection;
use crate::web::text::Lang;

/// Rows that stand together.
#[derive(Debug)]
pub struct Group<'a> {
    /// What they have in common; nothing, when the list is not by deadline.
    pub heading: Option<Heading>,
    /// The rows of this page.
    pub rows: &'a [RowView<'a>],
}

/// The first row of a group.
#[derive(Debug)]
pub struct Heading {
    /// `Overdue`
    pub label: &'static str,
    /// How many orders the group has, on all pages, when that is known without counting.
    pub count: Option<String>,
}

/// What is known of the list beyond the rows of the page.
#[derive(Debug)]
pub struct Whole<'a> {
    /// What the visitor wants to see.
    pub selection: &'a Selection,
    /// How many orders there are of each sort.
    pub buckets: &'a [Bucket],
    /// How many orders of all the visitor's accounts are overdue.
    pub overdue: i64,
    /// Whether rows come before this page.
    pub starts_before: bool,
    /// Whether rows come after this page.
    pub goes_on: bool,
}

/// Splits the rows of a page into groups.
pub fn split<'a>(lang: Lang, rows: &'a [RowView<'a>], whole: &Whole<'_>) -> Vec<Group<'a>> {
    if whole.selection.sort != Sort::Deadline || !whole.selection.search.is_empty() {
        return vec![Group { heading: None, rows }];
    }
    let chunks: Vec<_> = rows.chunk_by(|a, b| a.urgency == b.urgency).collect();
    let last = chunks.len().saturating_sub(1);
    let group = |(index, rows): (usize, &'a [RowView<'a>])| {
        let urgency = rows.first().map_or(Urgency::Closed, |it| it.urgency);
        let cut = (index == 0 && whole.starts_before) || (index == last && whole.goes_on);
        let here = (!cut).then(|| i64::try_from(rows.len()).unwrap_or(i64::MAX));
        let count = here.or_else(|| whole.count(urgency)).map(format::whole);
        Group { heading: Some(Heading { label: lang.urgency(urgency), count }), rows }
    };
    chunks.into_iter().enumerate().map(group).collect()
}

impl Whole<'_> {
    /// How many orders of the list are in that group, if the counters tell: a count that costs a walk
    /// through the queue is not worth it.
    fn count(&self, urgency: Urgency) -> Option<i64> {
        match urgency {
            Urgency::Overdue => self.selection.is_of_everything().then_some(self.overdue),
            Urgency::Closed => self.selection.is_of_buckets().then(|| self.closed()),
            Urgency::Soon | Urgency::Today | Urgency::Tomorrow | Urgency::Later | Urgency::None => {
                None
            }
        }
    }

    fn closed(&self) -> i64 {
        let closed = self.buckets.iter().filter(|it| {
            self.selection.admits(it)
                && self.selection.admits_status(&it.status)
                && Status::parse(&it.status).is_closed()
        });
        closed.map(|it| it.orders).sum()
    }
}
