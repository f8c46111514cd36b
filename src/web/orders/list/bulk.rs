//! The bar under the list: what can be done to all orders that are ticked.

use uuid::Uuid;

use crate::domain::batch::Purpose;
use crate::domain::operator::Permission;
use crate::domain::operator::Role;
use crate::domain::order::Status;
use crate::web::orders::list::selection::Selection;
use crate::web::text::Lang;

/// What the bar offers. Who may do nothing of it gets no bar, and nothing to tick.
#[derive(Debug)]
pub struct Bulk {
    /// Born with the page: the same ticks sent twice make one batch.
    pub form: Uuid,
    /// The word of each button, and its label.
    pub buttons: Vec<(&'static str, &'static str)>,
    /// The word of the button that is most likely meant.
    pub likely: &'static str,
    /// The filters of the list.
    pub filter: String,
    /// The label of the box that means all pages; none, where this page is all.
    pub all: Option<String>,
}

/// Whether the role may do anything to many orders.
pub fn may_anything(role: Role) -> bool {
    Purpose::ALL.into_iter().filter_map(Purpose::permission).any(|it| role.may(it))
}

impl Bulk {
    /// The bar of a list of so many orders, if that is known, of which a part is shown.
    pub fn new(
        lang: Lang,
        role: Role,
        selection: &Selection,
        count: Option<i64>,
        is_part: bool,
    ) -> Option<Self> {
        let offers = |it: &Purpose| role.may(it.permission().unwrap_or(Permission::Ship));
        let button = |it: Purpose| (it.as_str(), lang.batch_button(it));
        let buttons: Vec<_> = Purpose::ALL.into_iter().filter(offers).map(button).collect();
        let href = selection.with(|_| {});
        let filter = href.split_once('?').map_or("", |(_, query)| query).to_owned();
        // A search shows all that it finds, and what was searched for may be somebody's name.
        let whole = is_part && selection.search.is_empty();
        let all = whole.then(|| lang.batch_all(count));
        let to_accept = selection.statuses == [Status::WaitingAcceptance.as_str()];
        let likely = if to_accept { "accept" } else { "ship" };
        (!buttons.is_empty()).then(|| Self { form: Uuid::new_v4(), buttons, likely, filter, all })
    }
}
