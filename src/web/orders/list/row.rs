//! One order of the list, ready to print.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use url::form_urlencoded::byte_serialize;

use crate::db::accounts::Account;
use crate::db::order_list::Colleague;
use crate::db::order_list::Row;
use crate::db::order_list::Sort;
use crate::domain::action::ActionKind;
use crate::domain::deadline::Boundaries;
use crate::domain::deadline::Rank;
use crate::domain::deadline::Urgency;
use crate::domain::delivery::State;
use crate::domain::operator::Permission;
use crate::domain::operator::Role;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::vocabulary;
use crate::web::components::Badge;
use crate::web::components::Delivery;
use crate::web::components::Due;
use crate::web::components::Time;
use crate::web::format;
use crate::web::orders::list::bulk;
use crate::web::orders::list::position;
use crate::web::orders::queue::Queue;
use crate::web::text::Lang;

/// For whom, where and when rows are shown.
#[derive(Debug)]
pub struct Viewer<'a> {
    /// What they read.
    pub lang: Lang,
    /// What they may do and see.
    pub role: Role,
    /// The names of the accounts.
    pub accounts: &'a [Account],
    /// Whose midnight ends a day.
    pub zone: &'a TimeZone,
    /// The present.
    pub now: Timestamp,
    /// The same, for deadlines.
    pub boundaries: Boundaries,
    /// Whether Lengow's word stands beside each status.
    pub lengow: bool,
    /// The list, for the orders' links to lead back to it.
    pub queue: &'a Queue,
    /// Its order.
    pub sort: Sort,
    /// Who looks after orders.
    pub colleagues: &'a [Colleague],
}

/// One order of the list.
#[derive(Debug)]
pub struct RowView<'a> {
    /// For `data-due`.
    pub urgency: Urgency,
    /// The order's page.
    pub href: String,
    /// Account and order, for the box to tick; none for who may do nothing to many.
    pub tick: Option<String>,
    /// The marketplace's identifier.
    pub order_id: &'a str,
    /// When the marketplace made it.
    pub created: Time,
    /// The deadline.
    pub due: DueView,
    /// Where it stands.
    pub badge: Badge,
    /// Lengow's word for that.
    pub lengow: Option<&'static str>,
    /// Where the last promise stands.
    pub delivery: Option<Delivery>,
    /// Who looks after it, and how many notes it has.
    pub desk: String,
    /// `2 × Title`
    pub first_line: String,
    /// `SKU, 4 more lines`
    pub details: Cow<'a, str>,
    /// Whom it goes to.
    pub customer: Customer<'a>,
    /// A business order.
    pub business: bool,
    /// Whether its parcels are closed.
    pub packed: bool,
    /// The channel's name.
    pub channel: &'a str,
    /// `Maison Lemoine, Seller`
    pub origin: String,
    /// What the customer paid.
    pub total: String,
    /// `3 items`
    pub pieces: String,
    /// The one most likely thing to do.
    pub action: Option<Action>,
}

/// A deadline, or why there is none.
#[derive(Debug)]
pub enum DueView {
    /// One that this team has to meet.
    Met(Due),
    /// None; with the date that somebody else has to meet.
    None(&'static str, Option<Time>),
}

/// Whom an order goes to, or why that is not shown.
#[derive(Debug)]
pub enum Customer<'a> {
    /// Name, and postcode with town.
    Shown(&'a str, String),
    /// The reason.
    Hidden(&'static str),
}

/// A link to what is most likely to be done.
#[derive(Debug)]
pub struct Action {
    /// A verb.
    pub label: &'static str,
    /// The form, or the order's page.
    pub href: String,
}

impl<'a> RowView<'a> {
    /// The view of an order.
    pub fn new(row: &'a Row, viewer: &Viewer<'_>) -> Self {
        let lang = viewer.lang;
        let urgency = Urgency::of(Rank(row.rank), &viewer.boundaries);
        let (status, supply_mode) =
            (Status::parse(&row.status), SupplyMode::parse(&row.supply_mode));
        let promise = promise(row);
        let href = order_href(&row.account_id, &row.order_id);
        let query = viewer.queue.query(Some(position(viewer.sort, row).key));
        Self {
            urgency,
            tick: bulk::may_anything(viewer.role)
                .then(|| format!("{}/{}", row.account_id, row.order_id)),
            order_id: &row.order_id,
            created: format::day_time(lang, row.created_at, viewer.zone, viewer.now),
            due: due(row, urgency, &supply_mode, viewer),
            badge: badge(lang, &status, &supply_mode),
            lengow: vocabulary::lengow(&status).filter(|_| viewer.lengow),
            delivery: promise
                .filter(|(_, state)| *state != State::Withdrawn)
                .map(|(kind, state)| Delivery::new(state, lang.promise(kind, state))),
            desk: desk(row, viewer),
            first_line: format!(
                "{} × {}",
                format::whole(row.first_quantity.into()),
                row.first_title
            ),
            details: details(row, lang),
            customer: customer(row, &status, viewer),
            business: row.business,
            packed: row.packed,
            channel: &row.channel_name,
            origin: origin(row, &supply_mode, viewer),
            total: format::money(row.selling_total, &row.currency),
            pieces: lang.pieces(row.piece_count.into()),
            action: action(&href, &status, &supply_mode, promise, viewer)
                .map(|it| Action { href: format!("{}{query}", it.href), ..it }),
            href: format!("{href}{query}"),
        }
    }
}

/// The address of an order's page.
pub fn order_href(account_id: &str, order_id: &str) -> String {
    let encoded: String = byte_serialize(order_id.as_bytes()).collect();
    // In a path a plus is a plus.
    format!("/orders/{account_id}/{}", encoded.replace('+', "%20"))
}

fn promise(row: &Row) -> Option<(ActionKind, State)> {
    let kind = ActionKind::parse(row.promise_kind.as_deref()?)?;
    Some((kind, State::parse(row.promise_state.as_deref()?)?))
}

/// The badge with the short words, for a narrow column that has who ships beside it.
fn badge(lang: Lang, status: &Status, supply_mode: &SupplyMode) -> Badge {
    if *status == Status::InPreparation && *supply_mode == SupplyMode::Seller {
        return Badge::new(lang, status, supply_mode);
    }
    Badge::named(lang, status, lang.status_name(status).into_owned())
}

fn due(row: &Row, urgency: Urgency, supply_mode: &SupplyMode, viewer: &Viewer<'_>) -> DueView {
    let lang = viewer.lang;
    match urgency {
        Urgency::Closed => DueView::None(lang.no_deadline(), None),
        Urgency::None if *supply_mode == SupplyMode::Seller => {
            DueView::None(lang.no_deadline_yet(), None)
        }
        Urgency::None => {
            let at = row.ship_by.map(|it| format::day_time(lang, it, viewer.zone, viewer.now));
            DueView::None(lang.not_yours_to_ship(), at)
        }
        Urgency::Overdue | Urgency::Soon | Urgency::Today | Urgency::Tomorrow | Urgency::Later => {
            // The rank is the deadline in seconds, whatever else the row says.
            let deadline = Timestamp::from_second(row.rank).unwrap_or(viewer.now);
            DueView::Met(Due::new(lang, urgency, deadline, viewer.zone, viewer.now))
        }
    }
}

fn desk(row: &Row, viewer: &Viewer<'_>) -> String {
    let name = |id| viewer.colleagues.iter().find(|it| it.id == id).map(|it| it.name.clone());
    let notes = (row.note_count > 0).then(|| viewer.lang.note_count(row.note_count.into()));
    let parts = [row.assigned_to.and_then(name), notes];
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn details(row: &Row, lang: Lang) -> Cow<'_, str> {
    let more = i64::from(row.line_count) - 1;
    match (row.first_sku.as_deref(), more > 0) {
        (Some(sku), false) => Cow::Borrowed(sku),
        (Some(sku), true) => Cow::Owned(format!("{sku}, {}", lang.more_lines(more))),
        (None, true) => Cow::Owned(lang.more_lines(more)),
        (None, false) => Cow::Borrowed(""),
    }
}

fn customer<'a>(row: &'a Row, status: &Status, viewer: &Viewer<'_>) -> Customer<'a> {
    if !viewer.role.may(Permission::SeePersonalData) {
        return Customer::Hidden(viewer.lang.hidden_for_your_role());
    }
    let place = [row.postal_code.as_deref(), row.city.as_deref()];
    let place = place.into_iter().flatten().collect::<Vec<_>>().join(" ");
    match row.customer_name.as_deref() {
        None if place.is_empty() && status.is_closed() => {
            Customer::Hidden(viewer.lang.customer_not_given())
        }
        None if place.is_empty() => Customer::Hidden(viewer.lang.customer_not_yet_given()),
        name => Customer::Shown(name.unwrap_or_default(), place),
    }
}

fn origin(row: &Row, supply_mode: &SupplyMode, viewer: &Viewer<'_>) -> String {
    let account = viewer.accounts.iter().find(|it| it.id.0 == row.account_id);
    let account = account.map_or(&row.account_id, |it| &it.name);
    format!("{account}, {}", viewer.lang.supply_mode(supply_mode))
}

/// What is most likely to be done. A guess from the little that a row tells: whether it is possible is for
/// the order's page to say, which asks [`crate::domain::action::check`].
fn action(
    href: &str,
    status: &Status,
    supply_mode: &SupplyMode,
    promise: Option<(ActionKind, State)>,
    viewer: &Viewer<'_>,
) -> Option<Action> {
    let (lang, role) = (viewer.lang, viewer.role);
    if let Some((kind, state)) = promise.filter(|(_, state)| !state.is_final()) {
        let decide = state == State::NeedsPerson && role.may(kind.spec().permission);
        return decide.then(|| Action { label: lang.decide(), href: href.to_owned() });
    }
    let likely = |kind: ActionKind| {
        let spec = kind.spec();
        role.may(spec.permission) && spec.allowed_from.contains(status)
    };
    let refused = promise == Some((ActionKind::Ship, State::Refused));
    let (kind, label) = if likely(ActionKind::Accept) {
        (ActionKind::Accept, lang.accept())
    } else if likely(ActionKind::Ship) && *supply_mode == SupplyMode::Seller {
        (ActionKind::Ship, if refused { lang.correct() } else { lang.ship() })
    } else {
        return None;
    };
    Some(Action { label, href: format!("{href}/{}", kind.slug()) })
}
