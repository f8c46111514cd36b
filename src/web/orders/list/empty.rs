//! What stands in the place of a list without orders: good news, filters that leave nothing, a number that
//! nothing has, or a mirror that was never filled.

use crate::db::order_counts::Bucket;
use crate::domain::deadline::Urgency;
use crate::domain::order::Status;
use crate::web::orders::list::selection::Selection;
use crate::web::text::Lang;

/// Why there is no row, and where to go.
#[derive(Debug)]
pub struct Empty {
    /// What is missing.
    pub title: String,
    /// Why, or what to do.
    pub text: &'static str,
    /// Words and addresses.
    pub links: Vec<(String, String)>,
}

impl Empty {
    /// What to say about a list without orders. `synced` tells whether every account was read to the end.
    pub fn new(lang: Lang, selection: &Selection, buckets: &[Bucket], synced: bool) -> Self {
        let all = || (lang.see_all_orders().to_owned(), selection.cleared().href());
        if !selection.search.is_empty() {
            let title = lang.not_found(&selection.search);
            return Self { title, text: lang.not_found_text(), links: vec![all()] };
        }
        if buckets.is_empty() && !synced {
            let links = vec![(lang.open_sync().to_owned(), "/sync".to_owned())];
            let title = lang.never_synced().to_owned();
            return Self { title, text: lang.never_synced_text(), links };
        }
        if buckets.is_empty() {
            let title = lang.no_orders_yet().to_owned();
            return Self { title, text: lang.no_orders_yet_text(), links: Vec::new() };
        }
        if is_queue(selection) {
            let title = lang.nothing_to_do().to_owned();
            let mut links = vec![all()];
            links.splice(0..0, to_accept(lang, selection, buckets));
            return Self { title, text: lang.nothing_to_do_text(), links };
        }
        let links = vec![(lang.clear_filters().to_owned(), selection.cleared().href())];
        Self { title: lang.no_match().to_owned(), text: lang.no_match_text(), links }
    }
}

/// Whether the list is one of work to do: its emptiness is good news, not a filter set wrongly.
fn is_queue(selection: &Selection) -> bool {
    let statuses = &selection.statuses;
    let open = statuses.iter().all(|it| !Status::parse(it).is_closed())
        && !selection.due.contains(&Urgency::Closed);
    let rest = Selection { statuses: Vec::new(), due: Vec::new(), ..selection.clone() };
    let narrowed = !statuses.is_empty() || !selection.due.is_empty();
    open && narrowed && rest.is_of_everything()
}

/// The work that waits where this list does not look.
fn to_accept(lang: Lang, selection: &Selection, buckets: &[Bucket]) -> Option<(String, String)> {
    let word = Status::WaitingAcceptance;
    let waiting = buckets.iter().filter(|it| it.status == word.as_str());
    let waiting: i64 = waiting.map(|it| it.orders).sum();
    let elsewhere = !selection.statuses.is_empty() && !selection.admits_status(word.as_str());
    (waiting > 0 && elsewhere).then(|| {
        let statuses = vec![word.as_str().to_owned()];
        let href = Selection { statuses, ..selection.cleared() }.href();
        (lang.to_accept_elsewhere(waiting), href)
    })
}
