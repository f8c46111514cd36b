//! Personal data goes no further than here for who may not see it: what is read from the database passes
//! through before a page is made of it, so that no page has to remember.

use crate::db::batches;
use crate::db::events::Entry;
use crate::db::notes::Note;
use crate::db::order_list::Row;
use crate::db::orders::Mirrored;
use crate::db::promises::Promise;
use crate::db::sheets::Sheet;
use crate::domain::operator::Permission;
use crate::domain::operator::Role;
use crate::domain::privacy;
use crate::domain::request::Request;

/// How much of the customers somebody sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sight {
    /// All that is there.
    Whole,
    /// The orders, and nobody's name, address or story.
    WithoutCustomers,
}

impl Sight {
    /// That of the role.
    pub const fn of(role: Role) -> Self {
        if role.may(Permission::SeePersonalData) { Self::Whole } else { Self::WithoutCustomers }
    }

    const fn is_whole(self) -> bool {
        matches!(self, Self::Whole)
    }

    /// An order, as far as it may be seen.
    #[must_use]
    pub fn order(self, mut mirrored: Mirrored) -> Mirrored {
        if !self.is_whole() {
            privacy::strip_order(&mut mirrored.order);
            mirrored.requests.all.iter_mut().for_each(privacy::strip_request);
        }
        mirrored
    }

    /// A promise, as far as it may be seen.
    #[must_use]
    pub fn promise(self, mut promise: Promise) -> Promise {
        if !self.is_whole() {
            privacy::strip_action(&mut promise.action);
            promise.progress.refusal.iter_mut().for_each(privacy::strip_refusal);
        }
        promise
    }

    /// A history, as far as it may be seen.
    #[must_use]
    pub fn events(self, mut entries: Vec<Entry>) -> Vec<Entry> {
        if !self.is_whole() {
            for entry in &mut entries {
                privacy::strip_event(&mut entry.event);
            }
        }
        entries
    }

    /// A request, as far as it may be seen.
    #[must_use]
    pub fn request(self, mut request: Request) -> Request {
        if !self.is_whole() {
            privacy::strip_request(&mut request);
        }
        request
    }

    /// Orders laid out to be printed, as far as they may be seen.
    #[must_use]
    pub fn sheets(self, mut sheets: Vec<Sheet>) -> Vec<Sheet> {
        if !self.is_whole() {
            for it in &mut sheets {
                (it.customer_name, it.postal_code, it.city) = (None, None, None);
                it.shipping = None;
            }
        }
        sheets
    }

    /// Internal notes, as far as they may be seen: who wrote, and when.
    #[must_use]
    pub fn notes(self, mut notes: Vec<Note>) -> Vec<Note> {
        if !self.is_whole() {
            for note in &mut notes {
                privacy::LEFT_OUT.clone_into(&mut note.text);
            }
        }
        notes
    }

    /// Rows of a batch, as far as they may be seen: some carriers' links carry the postcode.
    #[must_use]
    pub fn batch_rows(self, mut rows: Vec<batches::rows::Row>) -> Vec<batches::rows::Row> {
        if !self.is_whole() {
            for row in &mut rows {
                row.input.link.clear();
                let refusal = row.promise.as_mut().and_then(|it| it.refusal.as_mut());
                refusal.into_iter().for_each(privacy::strip_refusal);
            }
        }
        rows
    }

    /// Rows of the list, as far as they may be seen.
    #[must_use]
    pub fn rows(self, mut rows: Vec<Row>) -> Vec<Row> {
        if !self.is_whole() {
            for row in &mut rows {
                (row.customer_name, row.postal_code, row.city) = (None, None, None);
            }
        }
        rows
    }
}
