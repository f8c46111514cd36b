//! The orders that are due next, or why there are none.

use crate::db::due_counts::DueCount;
use crate::db::order_counts::Bucket;
use crate::domain::deadline::Urgency;
use crate::web::dashboard::Desk;
use crate::web::dashboard::counts::Number;
use crate::web::format;

/// The groups with a deadline that this team has to meet.
pub const URGENCIES: [Urgency; 5] =
    [Urgency::Overdue, Urgency::Soon, Urgency::Today, Urgency::Tomorrow, Urgency::Later];

/// What stands around the rows.
#[derive(Debug)]
pub struct Queue {
    /// All of them.
    pub all: Number,
    /// Why there are none.
    pub empty: Option<Empty>,
}

/// What stands in the place of the rows.
#[derive(Debug)]
pub struct Empty {
    /// Why.
    pub text: String,
    /// Words and address of what to look at instead.
    pub link: (&'static str, String),
}

impl Queue {
    /// Nothing to do is good news; a mirror that was never filled is none.
    pub fn new(desk: &Desk<'_>, due: &DueCount, buckets: &[Bucket]) -> Self {
        let (lang, header) = (desk.lang, &desk.signed_in.header);
        let orders = due.overdue + due.soon + due.today + due.tomorrow + due.later;
        let empty = (orders == 0).then(|| match header.synced_at {
            None if buckets.is_empty() => Empty {
                text: format!("{}. {}", lang.never_synced(), lang.never_synced_text()),
                link: (lang.open_sync(), "/sync".to_owned()),
            },
            synced => {
                let zone = desk.signed_in.zone();
                let synced = synced.map(|it| format::clock(lang, it, &zone, desk.now).text);
                Empty {
                    text: lang.no_order_needs_you(synced.as_deref()),
                    link: (lang.see_all_orders(), desk.selection.href()),
                }
            }
        });
        Self { all: Number::new(orders, &desk.queue()), empty }
    }
}
