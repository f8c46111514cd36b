//! The life an order has had before the simulation starts.

use jiff::SignedDuration;
use jiff::Timestamp;
use rand::RngExt as _;
use rand_pcg::Pcg64Mcg;

use crate::clock::ticks;
use crate::generate::letters;
use crate::model::Order;
use crate::model::Parcel;
use crate::model::Party;
use crate::model::Status;
use crate::model::SupplyMode;

/// Carriers and the links their customers know; `None` gives no link.
const CARRIERS: [(&str, Option<&str>); 6] = [
    ("Colissimo", Some("https://www.laposte.fr/outils/suivre-vos-envois?code=")),
    ("Chronopost", Some("https://www.chronopost.fr/tracking-no-cms/suivi-page?listeNumerosLT=")),
    ("DPD", Some("https://trace.dpd.fr/fr/trace/")),
    ("GLS", None),
    ("Mondial Relay", Some("https://www.mondialrelay.fr/suivi-de-colis?numeroExpedition=")),
    ("DHL Express", Some("https://www.dhl.com/fr-fr/home/tracking.html?tracking-id=")),
];

/// When an open order was bought: the earlier its stage, the more recently.
pub(crate) fn recent(rng: &mut Pcg64Mcg, now: Timestamp, status: Status) -> Timestamp {
    let minutes = match status {
        Status::Processing | Status::Accepted => rng.random_range(1..18),
        Status::WaitingAcceptance => rng.random_range(2..40 * 60),
        Status::Refused
        | Status::InPreparation
        | Status::Shipped
        | Status::Delivered
        | Status::Cancelled
        | Status::Rejected
        | Status::CancelRequest => rng.random_range(60..4 * 24 * 60),
    };
    now - SignedDuration::from_mins(minutes) - jitter(rng)
}

/// When a closed order was bought: over the past sixty days.
pub(crate) fn past(rng: &mut Pcg64Mcg, now: Timestamp) -> Timestamp {
    now - SignedDuration::from_mins(rng.random_range(30 * 60..60 * 24 * 60)) - jitter(rng)
}

/// Takes an order from `Processing` to where it stands at `now`.
pub(crate) fn live(
    order: &mut Order,
    status: Status,
    now: Timestamp,
    count: usize,
    rng: &mut Pcg64Mcg,
) {
    order.ship_by = deadline(status, order.created_at, now, count, rng);
    for (stage, hours) in path(status, order.channel.approval) {
        let since = order.history.last().map_or(order.created_at, |(_, at)| *at);
        let most = now - SignedDuration::from_secs(1);
        let mut at = since + SignedDuration::from_mins(*hours * 60 - rng.random_range(0..50));
        if at > most {
            at = since + since.duration_until(most) * rng.random_range(20..80) / 100;
        }
        let at = rounded(at, rng).max(since);
        order.history.push((*stage, at));
        order.updated_at = at;
        if *stage == Status::Shipped {
            order.shipped_at = Some(at);
        }
    }
    let asked = status == Status::CancelRequest;
    order.status = if asked { Status::InPreparation } else { status };
    let by_hand = matches!(status, Status::WaitingAcceptance | Status::Refused);
    for line in &mut order.lines {
        if by_hand || asked {
            line.supply_mode = SupplyMode::Seller;
        }
        line.status = status;
        line.cancel_asked_by = asked.then_some(Party::Customer);
    }
    if matches!(status, Status::Shipped | Status::Delivered) {
        pack(order, rng);
    }
}

/// The stages after `Processing` with the hours each took at most.
fn path(status: Status, approval: bool) -> &'static [(Status, i64)] {
    match (status, approval) {
        (Status::Processing, _) => &[],
        (Status::WaitingAcceptance, _) => &[(Status::WaitingAcceptance, 1)],
        (Status::Accepted, _) => &[(Status::WaitingAcceptance, 1), (Status::Accepted, 1)],
        (Status::Refused, _) => &[(Status::WaitingAcceptance, 1), (Status::Refused, 9)],
        (Status::Rejected, _) => &[(Status::Rejected, 1)],
        (Status::InPreparation | Status::CancelRequest, true) => {
            &[(Status::WaitingAcceptance, 1), (Status::Accepted, 2), (Status::InPreparation, 1)]
        }
        (Status::InPreparation | Status::CancelRequest, false) => &[(Status::InPreparation, 1)],
        (Status::Shipped, _) => &[(Status::InPreparation, 2), (Status::Shipped, 20)],
        (Status::Delivered, _) => {
            &[(Status::InPreparation, 2), (Status::Shipped, 20), (Status::Delivered, 50)]
        }
        (Status::Cancelled, _) => &[(Status::InPreparation, 2), (Status::Cancelled, 12)],
    }
}

/// Open orders are overdue, due within four hours, later today, tomorrow, or later.
fn deadline(
    status: Status,
    created_at: Timestamp,
    now: Timestamp,
    count: usize,
    rng: &mut Pcg64Mcg,
) -> Timestamp {
    let open = matches!(status, Status::InPreparation | Status::CancelRequest);
    if !open {
        return on_the_dot(created_at + SignedDuration::from_hours(rng.random_range(48..97)));
    }
    let minutes = match count % 9 {
        0 => rng.random_range(-30 * 60..-10),
        1 | 2 => rng.random_range(10..4 * 60),
        3 | 4 => rng.random_range(4 * 60..10 * 60),
        5 | 6 => rng.random_range(18 * 60..34 * 60),
        _ => rng.random_range(36 * 60..96 * 60),
    };
    // An order bought an hour ago is not overdue yet.
    let due = now + SignedDuration::from_mins(minutes);
    on_the_dot(due.max(created_at + SignedDuration::from_mins(45)))
}

/// Deadlines are whole five minutes.
pub(crate) fn on_the_dot(at: Timestamp) -> Timestamp {
    let seconds = at.as_second().div_euclid(300) * 300;
    Timestamp::from_second(seconds).unwrap_or(at)
}

fn pack(order: &mut Order, rng: &mut Pcg64Mcg) {
    let (carrier, link) = CARRIERS[rng.random_range(0..CARRIERS.len())];
    let number = letters(rng, 3, b"ABCDEFGHJKLMNPQRSTUVWXYZ") + &letters(rng, 10, b"0123456789");
    let url = link.map(|link| format!("{link}{number}"));
    let parcel = Parcel { number, carrier: carrier.to_owned(), url };
    for line in &mut order.lines {
        let own = line.supply_mode == SupplyMode::Seller;
        let number = if own { parcel.number.clone() } else { format!("OFF{}", order.id) };
        line.parcels = vec![Parcel { number, ..parcel.clone() }];
    }
}

/// Some systems keep whole seconds, others seven digits.
pub(crate) fn rounded(at: Timestamp, rng: &mut Pcg64Mcg) -> Timestamp {
    let step = 10_i128.pow([9, 9, 7, 6, 5, 3, 2, 2][rng.random_range(0..8)]);
    let cut = at.as_nanosecond().div_euclid(step) * step;
    Timestamp::from_nanosecond(cut).map_or(at, ticks)
}

fn jitter(rng: &mut Pcg64Mcg) -> SignedDuration {
    SignedDuration::from_nanos(rng.random_range(0..60_000_000_000))
}
