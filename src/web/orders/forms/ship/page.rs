//! The ship form, ready to print.

mod doubt;

use askama::Template;
use jiff::SignedDuration;

use crate::domain::action::ship;
use crate::domain::action::ship::Limits;
use crate::domain::order::Line;
use crate::domain::order::Status;
use crate::domain::tracking_link;
use crate::web::components::Badge;
use crate::web::components::Due;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::format;
use crate::web::layout::Layout;
use crate::web::orders::Desk;
use crate::web::orders::forms::ship::carriers::Carriers;
use crate::web::orders::forms::ship::entry;
use crate::web::orders::forms::ship::entry::Entry;
use crate::web::orders::forms::ship::entry::OTHER;
use crate::web::orders::forms::ship::entry::Typed;
use crate::web::orders::forms::ship::judge;
use crate::web::orders::forms::ship::judge::Warning;
use crate::web::orders::forms::ship::page::doubt::WarningView;
use crate::web::orders::lines;
use crate::web::orders::notice::Notice;
use crate::web::orders::people;
use crate::web::orders::people::Customer;
use crate::web::text::Lang;
use crate::web::text::ship::ShipRule;

#[derive(Template)]
#[template(path = "orders/actions/ship.html")]
pub struct ShipPage {
    layout: Layout,
    order_id: String,
    href: String,
    /// The list that the order was opened from, for the addresses of this page.
    query: String,
    list_href: String,
    sent: Option<Notice>,
    /// How many orders of that list are left.
    left_in_list: Option<String>,
    heading: String,
    due: Option<Due>,
    late: Option<String>,
    submission: String,
    errors: FormErrors,
    warnings: Vec<WarningView>,
    recent_carriers: Vec<String>,
    carriers: Vec<String>,
    carriers_read_at: Option<Time>,
    parcels: Vec<ParcelForm>,
    may_add: bool,
    send: String,
    customer: Customer,
    channel: String,
    content_lang: Option<&'static str>,
    rules: Vec<(bool, &'static str)>,
    left: Vec<LeftView>,
    /// That the wishes to cancel on this page were read.
    read: Vec<String>,
    /// Whether the form was opened from the scan box.
    from_scan: bool,
    /// The carriers whose links are known, in small letters.
    linked: Vec<String>,
}

impl ShipPage {
    fn is_linked(&self, carrier: &str) -> bool {
        self.linked.contains(&carrier.to_lowercase())
    }
}

impl ShipPage {
    /// The page, after the order before it.
    pub fn after(self, sent: Option<Notice>) -> Self {
        Self { sent, ..self }
    }
}

struct ParcelForm {
    number: usize,
    /// The carrier of the list that is chosen, or [`OTHER`].
    carrier: String,
    other: String,
    tracking: String,
    url: String,
    /// The same, once it is a link that customers can follow.
    open: Option<String>,
    lines: Vec<Choice>,
    removable: bool,
    autofocus: bool,
    /// Whether the number is what is to be filled in first.
    number_first: bool,
}

impl ParcelForm {
    fn id(&self, field: &str) -> String {
        format!("p{}-{field}", self.number)
    }

    fn name(&self, field: &str) -> String {
        format!("parcels[{}].{field}", self.number)
    }
}

struct Choice {
    id: String,
    title: String,
    quantity: i32,
    sku: Option<String>,
    checked: bool,
    /// Whether there is anything to choose.
    choose: bool,
    /// Whether the customer has asked to cancel it.
    cancel_asked: bool,
}

struct LeftView {
    id: String,
    title: String,
    quantity: i32,
    badge: Badge,
}

/// The form with that entry.
pub fn of(
    desk: Desk,
    carriers: &Carriers,
    entry: &Entry,
    errors: FormErrors,
    warnings: Vec<Warning>,
) -> ShipPage {
    let (lang, reader, order) = (desk.lang(), &desk.reader, desk.order());
    let facts = desk.facts();
    let limits = ship::limits(&facts);
    let late = order.ship_by.map(|at| reader.now.duration_since(at));
    let late = late.filter(|it| *it > SignedDuration::ZERO);
    let calm = errors.is_empty() && warnings.is_empty();
    let parcels = parcel_forms(lang, carriers, entry, &limits, calm);
    let left = order.lines.iter().filter(|it| !limits.lines.iter().any(|line| line.id == it.id));
    let to_leave = entry::to_leave(&limits).count();
    let count = i64::try_from(entry.parcels.len()).unwrap_or(i64::MAX);
    ShipPage {
        order_id: order.id.clone(),
        href: desk.href(),
        query: desk.queue.here(),
        list_href: desk.queue.list_href(),
        sent: None,
        left_in_list: desk.queue.left.map(|it| lang.left_in_list(it)),
        heading: lang.act_ship(if to_leave == 0 { limits.lines.len() } else { to_leave }),
        due: reader.due(order),
        late: late.map(|it| lang.ship_late(format::span(lang, it))),
        submission: submission(entry),
        send: if warnings.is_empty() {
            lang.ship_send(count)
        } else {
            lang.ship_anyway().to_owned()
        },
        warnings: warnings.into_iter().map(|it| doubt::view(&desk, entry, it)).collect(),
        errors,
        recent_carriers: carriers.recent.clone(),
        carriers: carriers.others(),
        carriers_read_at: carriers.read_at.clone(),
        parcels,
        may_add: limits.several_parcels,
        customer: people::customer(&desk),
        channel: desk.mirrored.channel.name.clone(),
        content_lang: lines::content_lang(&order.channel_id),
        rules: rules(lang, &limits),
        left: left.map(|it| left_view(lang, it)).collect(),
        read: read(entry, &limits),
        from_scan: entry.from_scan,
        linked: carriers.links.iter().map(|(carrier, _)| carrier.clone()).collect(),
        layout: desk.layout,
    }
}

/// The wishes to cancel that whoever sends this page has read. Where the line is in a parcel already the form
/// is older than the wish, and is asked about.
fn read(entry: &Entry, limits: &Limits<'_>) -> Vec<String> {
    let placed = |id| entry.parcels.iter().any(|it| it.lines.contains(id));
    let asked = limits.lines.iter().filter(|it| it.status == Status::CancelRequest);
    let keys = asked.map(|it| (judge::cancel_asked(&it.id), placed(&it.id)));
    let read = keys.filter(|(key, placed)| !placed || entry.confirmed.contains(key));
    read.map(|(key, _)| key).collect()
}

/// The form's own identifier; a new one, if what came is none.
fn submission(entry: &Entry) -> String {
    let own = crate::web::orders::action::submission_of(&entry.submission);
    own.unwrap_or_else(uuid::Uuid::new_v4).to_string()
}

fn parcel_forms(
    lang: Lang,
    carriers: &Carriers,
    entry: &Entry,
    limits: &Limits<'_>,
    calm: bool,
) -> Vec<ParcelForm> {
    let several = entry.parcels.len() > 1;
    let choose = limits.partial || limits.several_parcels;
    let last = entry.parcels.len();
    // The label is in the scanner's hand.
    let number_first = entry.from_scan;
    let form = |(number, typed): (usize, &Typed)| {
        let listed = carriers.labels.contains(&typed.carrier);
        let free = !listed && typed.carrier != OTHER && !typed.carrier.trim().is_empty();
        // A name that is not in the list, or no longer, is kept as another carrier.
        let unlisted = free && !carriers.labels.is_empty();
        let empty_other = typed.other.trim().is_empty();
        ParcelForm {
            number,
            carrier: if unlisted { OTHER.to_owned() } else { typed.carrier.clone() },
            other: if unlisted && empty_other { &typed.carrier } else { &typed.other }.clone(),
            tracking: typed.number.clone(),
            url: typed.url.clone(),
            open: Some(typed.url.trim().to_owned()).filter(|it| tracking_link::check(it).is_ok()),
            lines: limits.lines.iter().map(|line| choice(lang, line, typed, choose)).collect(),
            removable: several,
            autofocus: calm && number == last && !number_first,
            number_first: calm && number == last && number_first,
        }
    };
    (1..).zip(&entry.parcels).map(form).collect()
}

fn choice(lang: Lang, line: &Line, typed: &Typed, choose: bool) -> Choice {
    let cancel_asked = line.status == Status::CancelRequest;
    Choice {
        id: line.id.clone(),
        title: lines::title(lang, line),
        quantity: line.quantity,
        sku: line.sku.clone(),
        checked: typed.lines.contains(&line.id),
        choose: choose || cancel_asked,
        cancel_asked,
    }
}

fn left_view(lang: Lang, line: &Line) -> LeftView {
    LeftView {
        id: line.id.clone(),
        title: lines::title(lang, line),
        quantity: line.quantity,
        badge: Badge::new(lang, &line.status, &line.supply_mode),
    }
}

fn rules(lang: Lang, limits: &Limits<'_>) -> Vec<(bool, &'static str)> {
    [
        (ShipRule::SeveralParcels, limits.several_parcels),
        (ShipRule::LineInSeveralParcels, limits.line_in_several_parcels),
        (ShipRule::Partial, limits.partial),
    ]
    .map(|(rule, allowed)| (allowed, lang.ship_rule(rule, allowed)))
    .to_vec()
}
