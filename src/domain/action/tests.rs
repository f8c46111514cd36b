mod documents;

use std::fmt::Write as _;

use rust_decimal::Decimal;

use super::*;
use crate::domain::channel::Rules;
use crate::domain::order::Amounts;
use crate::domain::order::Line;
use crate::domain::order::SupplyMode;

/// Worten lets lines go their own way; here with every freedom.
const FREE: Rules = Rules {
    acceptance: false,
    partial_shipment: true,
    several_parcels: true,
    line_in_several_parcels: true,
    ships_cancel_requests: false,
    partial_cancellation: true,
    gestures: Some(true),
    invoices: true,
};

const CHANNELS: [(&str, Rules); 3] = [
    ("Cdiscount", Rules::CDISCOUNT),
    ("Worten", FREE),
    (
        "Rakuten",
        Rules {
            acceptance: false,
            partial_shipment: false,
            several_parcels: false,
            line_in_several_parcels: false,
            ships_cancel_requests: false,
            partial_cancellation: false,
            gestures: Some(false),
            invoices: false,
        },
    ),
];

static NOTHING_ASKED: Requests = Requests { all: Vec::new() };

fn line(id: &str, status: &Status, supply_mode: &SupplyMode) -> Line {
    Line {
        id: id.to_owned(),
        status: status.clone(),
        supply_mode: supply_mode.clone(),
        quantity: 1,
        offer_id: Some(format!("OFFER-{id}")),
        sku: None,
        title: String::new(),
        gtin: None,
        condition: None,
        offer_unit_price: None,
        selling_unit_price: None,
        shipping_cost: None,
        commission: None,
        commission_rate: None,
        vat_rate: None,
        delivery_mode: None,
        promised_from: None,
        promised_to: None,
    }
}

fn order(status: &Status, supply_mode: &SupplyMode) -> Order {
    Order {
        id: "O-1".to_owned(),
        reference: None,
        channel_id: String::new(),
        channel_name: String::new(),
        business: false,
        status: status.clone(),
        customer_reference: None,
        payment_method: None,
        created_at: Timestamp::UNIX_EPOCH,
        updated_at: Timestamp::UNIX_EPOCH,
        ship_by: None,
        amounts: Amounts {
            currency: "EUR".to_owned(),
            selling_total: Decimal::ZERO,
            offer_total: None,
            service_fees: Vec::new(),
        },
        billing: None,
        shipping: None,
        lines: vec![line("A", status, supply_mode), line("B", status, supply_mode)],
        parcels: Vec::new(),
    }
}

fn channel(rules: Rules) -> Channel {
    let name = if rules.acceptance { "Cdiscount" } else { "Worten" };
    Channel { id: name.to_owned(), name: name.to_owned(), rules }
}

fn facts<'a>(order: &'a Order, channel: &'a Channel, role: Role) -> Facts<'a> {
    let (requests, live) = (&NOTHING_ASKED, Live::NotAsked);
    Facts {
        order,
        channel,
        requests,
        live,
        role,
        given_today: &[],
        in_flight: None,
        now: Timestamp::UNIX_EPOCH,
    }
}

fn parcel(number: &str, lines: &[&str]) -> ship::Parcel {
    ship::Parcel {
        carrier: "Colissimo".to_owned(),
        number: number.to_owned(),
        tracking_url: None,
        line_ids: lines.iter().map(|&line| line.to_owned()).collect(),
    }
}

fn fit(rules: Rules, parcels: Vec<ship::Parcel>) -> Vec<Misfit> {
    let order = order(&Status::InPreparation, &SupplyMode::Seller);
    let channel = channel(rules);
    Action::Ship(Ship { parcels }).fit(&facts(&order, &channel, Role::Warehouse))
}

/// The whole rule table in one place: a reviewer sees every verdict that a change alters. A role that lacks
/// the right is told so before anything else; the others all get the same verdict.
#[test]
fn the_rule_table() {
    let mut table = String::new();
    let statuses = Status::KNOWN.into_iter().chain([Status::Other("Teleported".to_owned())]);
    for status in statuses {
        for supply_mode in SupplyMode::KNOWN {
            for (name, rules) in CHANNELS {
                let order = order(&status, &supply_mode);
                let channel = Channel { id: name.to_owned(), name: name.to_owned(), rules };
                let place =
                    format!("{:<18}{:<12}{name:<10}", status.as_str(), supply_mode.as_str());
                for kind in ActionKind::ALL {
                    let verdict = |role| check(kind, &facts(&order, &channel, role));
                    let allowed = |role: &Role| !matches!(verdict(*role), Err(Blocked::Needs(_)));
                    let roles = Role::ALL.into_iter().filter(allowed).map(Role::as_str);
                    let roles = roles.collect::<Vec<_>>().join(", ");
                    let verdict = verdict(Role::Admin);
                    let verdict =
                        verdict.map_or_else(|why| format!("no: {why}"), |()| "yes".to_owned());
                    let kind = kind.as_str();
                    writeln!(table, "{place}{kind:<13}{roles:<25}{verdict}").unwrap();
                }
            }
        }
    }
    insta::assert_snapshot!(table);
}

#[test]
fn while_a_promise_is_under_way_nothing_else_is_offered() {
    let (order, channel) =
        (order(&Status::InPreparation, &SupplyMode::Seller), channel(Rules::CDISCOUNT));
    let promise = InFlight {
        kind: ActionKind::Ship,
        state: State::InDoubt,
        by: "Ana".to_owned(),
        since: Timestamp::UNIX_EPOCH,
    };
    let facts = Facts { in_flight: Some(&promise), ..facts(&order, &channel, Role::Admin) };
    for offer in offers(&facts) {
        assert_eq!(offer.blocked, Some(Blocked::InFlight(promise.clone())));
    }
}

#[test]
fn on_cdiscount_one_parcel_holds_the_complete_order() {
    assert_eq!(fit(Rules::CDISCOUNT, vec![parcel("1", &["A", "B"])]), []);
    assert_eq!(
        fit(Rules::CDISCOUNT, vec![parcel("1", &["A"])]),
        [Misfit::LineLeftOut("B".to_owned())]
    );
    assert_eq!(
        fit(Rules::CDISCOUNT, vec![parcel("1", &["A"]), parcel("2", &["B"])]),
        [Misfit::OneParcelOnly]
    );
}

#[test]
fn where_the_channel_allows_it_lines_travel_apart_and_in_pieces() {
    assert_eq!(fit(FREE, vec![parcel("1", &["A"])]), []);
    assert_eq!(fit(FREE, vec![parcel("1", &["A", "B"]), parcel("2", &["B"])]), []);
    let once = Rules { line_in_several_parcels: false, ..FREE };
    assert_eq!(
        fit(once, vec![parcel("1", &["A", "B"]), parcel("2", &["B"])]),
        [Misfit::LineInSeveralParcels { parcel: 1, line: "B".to_owned() }]
    );
}

#[test]
fn carrier_number_and_lines_are_mandatory_and_everything_wrong_is_said_at_once() {
    let empty = ship::Parcel { carrier: String::new(), ..parcel("", &[]) };
    assert_eq!(
        fit(FREE, vec![empty]),
        [Misfit::CarrierMissing(0), Misfit::NumberMissing(0), Misfit::EmptyParcel(0)]
    );
    assert_eq!(fit(FREE, vec![]), [Misfit::NoParcel]);
}

#[test]
fn a_line_that_is_shipped_dead_unknown_or_not_the_sellers_is_not_shipped() {
    let mut order = order(&Status::InPreparation, &SupplyMode::Seller);
    order.lines.push(line("C", &Status::Shipped, &SupplyMode::Seller));
    order.lines.push(line("D", &Status::InPreparation, &SupplyMode::Fulfillment));
    let channel = channel(FREE);
    let facts = facts(&order, &channel, Role::Warehouse);
    let action = Action::Ship(Ship { parcels: vec![parcel("1", &["A", "B", "C", "D", "Z"])] });
    let refused =
        ["C", "D", "Z"].map(|line| Misfit::LineNotToShip { parcel: 0, line: line.to_owned() });
    assert_eq!(action.fit(&facts), refused);
}

#[test]
fn the_stored_form_of_each_action_stays_readable() {
    let reason = || cancel::Reason { code: "damaged".to_owned(), label: None };
    let line = cancel_lines::LineCancellation {
        line_id: "A".to_owned(),
        offer_id: "OFFER-A".to_owned(),
        reason: reason(),
        shipping_refund: false,
    };
    let stored = [
        Action::Accept,
        Action::Refuse,
        Action::Ship(Ship { parcels: vec![parcel("6A1", &["A"])] }),
        Action::Cancel(Cancel { reason: reason(), shipping_refund: true }),
        Action::CancelLines(CancelLines { lines: vec![line] }),
        Action::Gesture(documents::gesture("Other", Some("Scratched"), 999)),
        Action::Invoice(Invoice {
            file_name: "invoice.pdf".to_owned(),
            format: invoice::Format::Pdf,
            size: 84_211,
            sha256: "00ff".to_owned(),
        }),
    ];
    let stored = stored.map(|it| serde_json::to_string(&it).unwrap());
    insta::assert_snapshot!(stored.join("\n"));
}

#[test]
fn only_a_shipment_of_all_there_is_may_be_sent_again() {
    let order = order(&Status::InPreparation, &SupplyMode::Seller);
    let ship = |parcels| Action::Ship(Ship { parcels });
    assert!(ship(vec![parcel("1", &["A", "B"])]).may_be_sent_again(&order));
    assert!(!ship(vec![parcel("1", &["A"])]).may_be_sent_again(&order));
    assert!(!ship(vec![parcel("1", &["A"]), parcel("2", &["B"])]).may_be_sent_again(&order));
}

#[test]
fn a_shipment_shows_by_its_number_and_its_lines() {
    let mut order = order(&Status::InPreparation, &SupplyMode::Seller);
    let requests = Requests::default();
    let ship = Action::Ship(Ship { parcels: vec![parcel("6A1", &["B"])] });
    let mut read = |lines: &[&str]| {
        order.parcels = vec![crate::domain::order::Parcel {
            number: "6A1".to_owned(),
            carrier: String::new(),
            tracking_url: None,
            line_ids: lines.iter().map(|&it| it.to_owned()).collect(),
        }];
        let order = &order;
        ship.reading(&Evidence { order, requests: &requests, baseline: None, marker: "" })
    };
    let found = Reading::Found { reference: None };
    assert_eq!(read(&["A", "B"]), found);
    assert_eq!(read(&[]), found, "where the marketplace does not tell the lines");
    assert_eq!(read(&["A"]), Reading::Absent, "the number of an earlier parcel");
}

fn given(cents: i64, currency: &str) -> Given {
    Given { currency: currency.to_owned(), amount: Decimal::new(cents, 2) }
}

/// What speaks against a gesture of that many cents by somebody who gave that much today.
fn over(role: Role, cents: i64, given_today: &[Given]) -> Vec<Misfit> {
    let order = order(&Status::Shipped, &SupplyMode::Seller);
    let channel = channel(FREE);
    let facts = Facts { given_today, ..facts(&order, &channel, role) };
    let (reason, currency) = ("MissingProduct".to_owned(), "EUR".to_owned());
    let amount = Decimal::new(cents, 2);
    Action::Gesture(Gesture { reason, details: None, amount, currency }).fit(&facts)
}

#[test]
fn a_role_gives_up_to_its_ceiling_at_a_time() {
    for (role, euros) in [(Role::CustomerService, 30), (Role::Manager, 100)] {
        assert_eq!(over(role, euros * 100, &[]), []);
        let most = Decimal::from(euros);
        assert_eq!(over(role, euros * 100 + 1, &[]), [Misfit::OverCeiling(most)]);
    }
    assert_eq!(over(Role::Admin, 1_000_000, &[]), []);
}

#[test]
fn a_role_gives_up_to_its_ceiling_a_day_in_each_currency() {
    let service = |cents, given: &[Given]| over(Role::CustomerService, cents, given);
    let most = |left| Misfit::OverDay { per_day: Decimal::from(150), left: Decimal::new(left, 2) };
    assert_eq!(service(1000, &[given(14_000, "EUR"), given(99_900, "RON")]), []);
    assert_eq!(service(1001, &[given(14_000, "EUR")]), [most(1000)]);
    // A ceiling that was lowered leaves nothing, and not less.
    assert_eq!(service(1, &[given(20_000, "EUR")]), [most(0)]);
    assert_eq!(over(Role::Admin, 1001, &[given(20_000, "EUR")]), []);
}

#[test]
fn of_two_limits_the_lower_one_is_named() {
    let order = order(&Status::Shipped, &SupplyMode::Seller);
    let channel = channel(FREE);
    for (remaining, cents, expected) in [
        (2000, 5000, Misfit::AmountOver(Decimal::new(2000, 2))),
        (4000, 5000, Misfit::OverCeiling(Decimal::from(30))),
    ] {
        let facts = facts(&order, &channel, Role::CustomerService);
        let answers = gesture::Answers {
            allowable: Some(Decimal::new(remaining, 2)),
            ..gesture::Answers::default()
        };
        let limits = gesture::limits(&facts, &answers);
        let facts = Facts { live: Live::Gesture(&limits), ..facts };
        let (reason, currency) = ("MissingProduct".to_owned(), "EUR".to_owned());
        let amount = Decimal::new(cents, 2);
        let gesture = Gesture { reason, details: None, amount, currency };
        assert_eq!(Action::Gesture(gesture).fit(&facts), [expected]);
    }
}

#[test]
fn the_day_of_a_ceiling_begins_at_the_midnight_of_the_account() {
    let zone = jiff::tz::TimeZone::get("Europe/Paris").unwrap();
    let began = |now: &str| gesture::day_began(now.parse().unwrap(), &zone).to_string();
    assert_eq!(began("2026-11-19T22:59:59Z"), "2026-11-18T23:00:00Z");
    assert_eq!(began("2026-11-19T23:00:00Z"), "2026-11-19T23:00:00Z");
}
