//! The form, ready to print, with the order's invoices so far.

use askama::Template;
use uuid::Uuid;

use crate::domain::request::InvoiceImport;
use crate::domain::request::Standing;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::layout::Layout;
use crate::web::orders::Desk;

#[derive(Template)]
#[template(path = "orders/actions/invoice.html")]
pub struct InvoicePage {
    layout: Layout,
    order_id: String,
    href: String,
    delay: String,
    submission: Uuid,
    errors: FormErrors,
    note: Option<Note>,
    before: Vec<Before>,
}

/// The file that the customer has already.
pub struct Note {
    /// As it was named this time.
    pub file_name: String,
    /// Sent along, so that the same file is not asked about twice.
    pub sha256: String,
}

struct Before {
    name: String,
    at: Option<Time>,
    standing: String,
    words: Vec<String>,
    replaced: bool,
}

/// The form with what is to be said about it.
pub fn of(desk: Desk, submission: Uuid, errors: FormErrors, note: Option<Note>) -> InvoicePage {
    let (lang, reader) = (desk.lang(), &desk.reader);
    let seconds = desk.delay.as_secs();
    let before = |it: &InvoiceImport| Before {
        name: it.file_name.clone().unwrap_or_else(|| it.id.clone()),
        at: it.created_at.map(|at| reader.day_time(at)),
        standing: lang.standing(&it.standing),
        words: it.words.clone(),
        // One that is still being checked, or was turned down, is not the customer's either.
        replaced: it.replaced && it.standing == Standing::Done,
    };
    let mut imports: Vec<_> = desk.mirrored.requests.invoices().map(before).collect();
    imports.reverse();
    InvoicePage {
        order_id: desk.order().id.clone(),
        href: desk.href(),
        delay: if seconds > 0 {
            lang.approval_delay(seconds)
        } else {
            lang.approval_at_once().to_owned()
        },
        submission,
        errors,
        note,
        before: imports,
        layout: desk.layout,
    }
}
