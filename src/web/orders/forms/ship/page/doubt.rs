//! What to think about before a shipment is sent, ready to print.

use crate::web::format;
use crate::web::orders::Desk;
use crate::web::orders::forms::ship::entry::Entry;
use crate::web::orders::forms::ship::judge::Warning;

/// A warning at its field.
pub struct WarningView {
    /// What confirms exactly this warning.
    pub key: String,
    /// The sentence.
    pub text: String,
    /// Where to look.
    pub field: String,
    /// Orders that it speaks of: address and number.
    pub orders: Vec<(String, String)>,
}

/// The view of a warning.
pub fn view(desk: &Desk, entry: &Entry, warning: Warning) -> WarningView {
    let lang = desk.lang();
    let key = warning.key();
    let (index, field, text, orders) = match warning {
        Warning::LinkWithoutNumber(index, _) => {
            (index, "url", lang.warning_link_without_number().to_owned(), Vec::new())
        }
        Warning::PrivateHost(index, _) => {
            (index, "url", lang.warning_private_host().to_owned(), Vec::new())
        }
        Warning::NumberUsed(index, number, orders) => {
            (index, "number", lang.warning_number_used(number), orders)
        }
        Warning::OwnNumber(index, number) => {
            (index, "number", lang.warning_own_number(number), Vec::new())
        }
        Warning::OddLength(index, number) => {
            (index, "number", lang.warning_odd_length(number), Vec::new())
        }
        Warning::CancelAsked(index, line) => {
            (index, "lines", lang.warning_cancel_asked(line), Vec::new())
        }
    };
    let several = entry.parcels.len() > 1;
    let text = if several { lang.ship_of_parcel(index + 1, text) } else { text };
    let link = |id: String| (format::order_href(&desk.account, &id), id);
    WarningView {
        key,
        text,
        field: format!("p{}-{field}", index + 1),
        orders: orders.into_iter().map(link).collect(),
    }
}
