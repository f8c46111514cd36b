//! Numbers that are links, and how many orders each status has.

use std::collections::BTreeMap;

use crate::db::order_counts::Bucket;
use crate::domain::order::Status;
use crate::web::dashboard::Desk;
use crate::web::format;
use crate::web::orders::list::selection::Selection;

/// How many orders a list has.
#[derive(Debug, Clone)]
pub struct Number {
    /// For programs.
    pub value: i64,
    /// For people.
    pub text: String,
    /// The list.
    pub href: String,
}

impl Number {
    /// So many orders in that list.
    pub fn new(value: i64, list: &Selection) -> Self {
        Self { value, text: format::whole(value), href: list.href() }
    }
}

/// How many orders each status has, and all of them.
#[derive(Debug)]
pub struct Statuses {
    /// In the order of an order's life, then what nobody knows.
    pub lines: Vec<StatusLine>,
    /// Their sum.
    pub total: Number,
}

/// The orders of one status.
#[derive(Debug)]
pub struct StatusLine {
    /// The marketplace's word, for `data-status`.
    pub status: String,
    /// Ours.
    pub label: String,
    /// Whose move it is, in few words.
    pub note: &'static str,
    /// How many.
    pub orders: Number,
}

impl Statuses {
    /// Those of the buckets.
    pub fn new(desk: &Desk<'_>, buckets: &[Bucket]) -> Self {
        let mut counts = BTreeMap::<&str, i64>::new();
        for bucket in buckets {
            *counts.entry(&bucket.status).or_default() += bucket.orders;
        }
        let known = Status::KNOWN.iter().map(Status::as_str).filter(|it| counts.contains_key(it));
        let unknown = counts.keys().filter(|it| matches!(Status::parse(it), Status::Other(_)));
        let line = |word: &str| {
            let status = Status::parse(word);
            let statuses = vec![word.to_owned()];
            let list = Selection { statuses, ..desk.selection.clone() };
            StatusLine {
                status: word.to_owned(),
                label: desk.lang.status_name(&status).into_owned(),
                note: desk.lang.whose_move(&status),
                orders: Number::new(counts.get(word).copied().unwrap_or_default(), &list),
            }
        };
        Self {
            lines: known.chain(unknown.copied()).map(line).collect(),
            total: Number::new(counts.values().sum(), &desk.selection),
        }
    }
}
