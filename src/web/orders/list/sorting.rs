//! How the list is sorted.

use crate::db::order_list::Sort;
use crate::web::orders::list::PAGE_SIZE;
use crate::web::orders::list::selection::Selection;
use crate::web::text::Lang;

/// How the list is sorted, and the links that change it.
#[derive(Debug)]
pub struct Sorting {
    /// That, in words.
    pub words: String,
    /// Whether it is by deadline.
    pub by_deadline: bool,
    /// Which way it is sorted by age, in the words of ARIA.
    pub by_age: Option<&'static str>,
    /// The list by deadline.
    pub deadline_href: String,
    /// The list by age, the other way round if it is by age already.
    pub age_href: String,
}

impl Sorting {
    /// How that list is. `more_found` says that a search found more than it shows.
    pub fn new(lang: Lang, selection: &Selection, more_found: bool) -> Self {
        let searching = !selection.search.is_empty();
        let (ages, to_age) = match selection.sort {
            Sort::Deadline => (None, Sort::Newest),
            Sort::Newest => (Some("descending"), Sort::Oldest),
            Sort::Oldest => (Some("ascending"), Sort::Newest),
        };
        let words = match selection.sort {
            _ if more_found => lang.best_found(PAGE_SIZE),
            _ if searching => lang.by_search().to_owned(),
            Sort::Deadline => lang.by_deadline().to_owned(),
            Sort::Newest => lang.by_age().to_owned(),
            Sort::Oldest => lang.by_waiting().to_owned(),
        };
        Self {
            words,
            by_deadline: !searching && ages.is_none(),
            by_age: ages.filter(|_| !searching),
            deadline_href: selection.with(|it| it.sort = Sort::Deadline),
            age_href: selection.with(|it| {
                it.sort = to_age;
                it.due.clear();
            }),
        }
    }
}
