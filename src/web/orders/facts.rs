//! What is to be known of an order at a glance.

use jiff::Timestamp;

use crate::domain::delivery::State as Delivered;
use crate::web::components::Badge;
use crate::web::components::Delivery;
use crate::web::components::Due;
use crate::web::components::Time;
use crate::web::orders::Desk;
use crate::web::orders::lines;
use crate::web::orders::requests;

/// What is to be known at a glance.
#[derive(Debug)]
pub struct FactsView {
    /// Where it stands.
    pub badge: Badge,
    /// What that means here.
    pub note: Option<String>,
    /// Where the last promise stands.
    pub last: Option<Delivery>,
    /// The deadline that this team has to meet.
    pub due: Option<Due>,
    /// The deadline, whoever has to meet it.
    pub ship_by: Option<Time>,
    /// The days promised to the customer.
    pub promised: Option<String>,
    /// The channel’s name.
    pub channel: String,
    /// The channel’s identifier.
    pub channel_id: String,
    /// Who ships.
    pub supply: String,
    /// The seller account’s name.
    pub account: String,
    /// When the marketplace made it.
    pub created: Time,
    /// A business order.
    pub business: bool,
    /// The channel’s reference.
    pub reference: Option<String>,
    /// How it was paid.
    pub payment: Option<String>,
}

/// The facts of an order; `settled_at` is when its last promise ended.
pub fn view(desk: &Desk, settled_at: Option<Timestamp>) -> FactsView {
    let (reader, order, lang) = (&desk.reader, desk.order(), desk.lang());
    let ship_by = order.ship_by.map(|at| reader.day_time(at));
    let ship_by_text = ship_by.as_ref().map(|it| it.text.as_str());
    let supply = order.supply_mode();
    FactsView {
        badge: reader.badge(order),
        note: lang.status_note(&order.status, &supply, ship_by_text),
        last: desk.last.as_ref().map(|it| {
            let at = reader.clock(settled_at.unwrap_or(it.created_at)).text;
            let kind = it.action.kind();
            match desk.outcome() {
                Some(request) if it.progress.state == Delivered::Confirmed => Delivery {
                    state: requests::mark_of_promise(request.standing()),
                    label: lang.last_outcome(kind, request.standing(), &at),
                },
                _ => {
                    let state = it.progress.state;
                    Delivery::new(state, lang.last_promise(kind, state, &at))
                }
            }
        }),
        due: reader.due(order),
        ship_by,
        promised: lines::promised(desk),
        channel: order.channel_name.clone(),
        channel_id: order.channel_id.clone(),
        supply: lang.supply_mode(&supply).into_owned(),
        account: desk.mirrored.account_name.clone(),
        created: reader.day_time(order.created_at),
        business: order.business,
        reference: order.reference.clone(),
        payment: order.payment_method.clone(),
    }
}
