//! What the marketplace's documents say about actions, one sentence a test.
//!
//! "Orders Management" (`reference/octopia-orders-management.txt`) unless another document is named.

use super::*;
use crate::domain::action::cancel::Reason;
use crate::domain::action::cancel::Reasons;
use crate::domain::action::cancel_lines::LineCancellation;
use crate::domain::action::cancel_lines::NotCancellable;
use crate::domain::action::gesture::Answers;
use crate::domain::request::Asker;
use crate::domain::request::CancelledLine;
use crate::domain::request::Request;
use crate::domain::request::Standing;
use crate::domain::tracking_link;

const ALIVE: [Status; 4] =
    [Status::Accepted, Status::InPreparation, Status::Shipped, Status::Delivered];

fn is_possible(kind: ActionKind, order: &Order, rules: Rules) -> bool {
    check(kind, &facts(order, &channel(rules), Role::Admin)).is_ok()
}

fn of_seller(status: &Status) -> Order {
    order(status, &SupplyMode::Seller)
}

fn cancellation(lines: &[&str], asked_by: Asker, standing: Standing) -> Request {
    let line = |it: &&str| CancelledLine {
        line_id: (*it).to_owned(),
        reason: Some("damaged".to_owned()),
        standing: None,
    };
    Request::Cancellation(Cancellation {
        id: "C-1".to_owned(),
        standing,
        asked_by: Some(asked_by),
        reason: None,
        shipping_refund: Some(false),
        lines: lines.iter().map(line).collect(),
        words: Vec::new(),
        created_at: None,
    })
}

fn reason(code: &str) -> Reason {
    Reason { code: code.to_owned(), label: None }
}

fn line_cancellation(line: &str, code: &str) -> LineCancellation {
    LineCancellation {
        line_id: line.to_owned(),
        offer_id: format!("OFFER-{line}"),
        reason: reason(code),
        shipping_refund: false,
    }
}

pub fn gesture(reason: &str, details: Option<&str>, cents: i64) -> Gesture {
    Gesture {
        reason: reason.to_owned(),
        details: details.map(str::to_owned),
        amount: Decimal::new(cents, 2),
        currency: "EUR".to_owned(),
    }
}

fn limits(remaining: i64) -> gesture::Limits {
    gesture::Limits {
        allowed: true,
        rate: None,
        most: None,
        order_amount: Decimal::ONE_HUNDRED,
        given: Decimal::ZERO,
        remaining: Decimal::new(remaining, 2),
        currency: "EUR".to_owned(),
    }
}

#[test]
fn validating_or_refusing_an_order_is_only_on_cdiscount() {
    let order = of_seller(&Status::WaitingAcceptance);
    for kind in [ActionKind::Accept, ActionKind::Refuse] {
        assert!(is_possible(kind, &order, Rules::CDISCOUNT));
        assert!(!is_possible(kind, &order, FREE));
    }
}

#[test]
fn an_order_is_accepted_or_refused_only_while_it_waits_for_acceptance() {
    for status in Status::KNOWN {
        let waits = status == Status::WaitingAcceptance;
        for kind in [ActionKind::Accept, ActionKind::Refuse] {
            assert_eq!(is_possible(kind, &of_seller(&status), Rules::CDISCOUNT), waits);
        }
    }
}

#[test]
fn only_an_order_in_preparation_is_shipped() {
    for status in Status::KNOWN {
        let ready = status == Status::InPreparation;
        // Lines may stand elsewhere than their order: the order's own status counts first.
        let ahead = Order { status, ..of_seller(&Status::InPreparation) };
        assert_eq!(is_possible(ActionKind::Ship, &ahead, FREE), ready, "{:?}", ahead.status);
    }
}

#[test]
fn for_fulfillment_and_xdock_the_warehouse_declares_the_parcel() {
    for mode in [SupplyMode::Fulfillment, SupplyMode::Xdock] {
        let (order, channel) = (order(&Status::InPreparation, &mode), channel(FREE));
        let verdict = check(ActionKind::Ship, &facts(&order, &channel, Role::Admin));
        assert_eq!(verdict, Err(Blocked::NotOursToShip(mode)));
    }
}

#[test]
fn not_all_sales_channels_allow_partial_shipment() {
    let partial = |rules| fit(rules, vec![parcel("1", &["A"])]);
    assert_eq!(partial(FREE), []);
    let strict = Rules { partial_shipment: false, ..FREE };
    assert_eq!(partial(strict), [Misfit::LineLeftOut("B".to_owned())]);
}

#[test]
fn cdiscount_only_enables_one_parcel_per_complete_order() {
    let two = vec![parcel("1", &["A"]), parcel("2", &["B"])];
    assert_eq!(fit(Rules::CDISCOUNT, two), [Misfit::OneParcelOnly]);
}

#[test]
fn multiple_parcels_for_a_single_line_are_not_available_on_cdiscount() {
    let misfits = fit(Rules::CDISCOUNT, vec![parcel("1", &["A", "B"]), parcel("2", &["B"])]);
    let again = Misfit::LineInSeveralParcels { parcel: 1, line: "B".to_owned() };
    assert!(misfits.contains(&again), "{misfits:?}");
}

#[test]
fn carrier_and_tracking_number_are_mandatory() {
    let nameless = ship::Parcel { carrier: String::new(), ..parcel("1", &["A", "B"]) };
    assert_eq!(fit(FREE, vec![nameless]), [Misfit::CarrierMissing(0)]);
    assert_eq!(fit(FREE, vec![parcel("", &["A", "B"])]), [Misfit::NumberMissing(0)]);
}

#[test]
fn the_tracking_link_is_optional_and_begins_with_http_or_https() {
    for url in [
        "https://www.laposte.fr/suivre-vos-envois?code=3Y00523771050",
        "https://www.ups.com/track?tracknum=1Z12345E0205271688",
    ] {
        assert!(tracking_link::check(url).is_ok(), "{url}");
    }
    assert_eq!(tracking_link::check("ftp://track.com/123"), Err(tracking_link::Problem::Scheme));
    assert_eq!(fit(FREE, vec![parcel("1", &["A", "B"])]), []);
}

/// Changelog, "Cdiscount now supports shipping `CancelRequest` lines".
#[test]
fn a_line_whose_customer_asked_to_cancel_may_be_shipped_on_cdiscount() {
    let mut order = of_seller(&Status::InPreparation);
    order.lines[1].status = Status::CancelRequest;
    let shippable = |rules, asked_by| {
        let requests = Requests { all: vec![cancellation(&["B"], asked_by, Standing::InProgress)] };
        let channel = channel(rules);
        let facts = Facts { requests: &requests, ..facts(&order, &channel, Role::Admin) };
        ship::limits(&facts).lines.iter().any(|it| it.id == "B")
    };
    assert!(shippable(Rules::CDISCOUNT, Asker::Customer));
    assert!(!shippable(FREE, Asker::Customer));
}

/// The same page: "rejected if seller or sales channel asked".
#[test]
fn a_line_whose_cancellation_the_seller_or_the_channel_asked_for_is_not_shipped() {
    let mut order = of_seller(&Status::InPreparation);
    order.lines[1].status = Status::CancelRequest;
    for asked_by in [Asker::Seller, Asker::Other("GrcOperator".to_owned())] {
        let requests = Requests { all: vec![cancellation(&["B"], asked_by, Standing::InProgress)] };
        let channel = channel(Rules::CDISCOUNT);
        let facts = Facts { requests: &requests, ..facts(&order, &channel, Role::Admin) };
        assert!(!ship::limits(&facts).lines.iter().any(|it| it.id == "B"));
    }
}

/// Order-feature V2, "Order cancellation reasons".
#[test]
fn orders_are_cancelled_while_accepted_in_preparation_shipped_or_delivered() {
    for status in Status::KNOWN {
        let alive = ALIVE.contains(&status);
        assert_eq!(is_possible(ActionKind::Cancel, &of_seller(&status), FREE), alive);
        assert_eq!(is_possible(ActionKind::CancelLines, &of_seller(&status), FREE), alive);
    }
}

#[test]
fn a_reason_must_be_one_that_the_marketplace_offers_for_the_status() {
    let order = of_seller(&Status::Shipped);
    let channel = channel(FREE);
    let offered = Reasons(vec![(Status::Shipped, vec![reason("damaged")])]);
    let facts = Facts { live: Live::Reasons(&offered), ..facts(&order, &channel, Role::Admin) };
    let cancel = |code: &str| {
        Action::Cancel(Cancel { reason: reason(code), shipping_refund: true }).fit(&facts)
    };
    assert_eq!(cancel("damaged"), []);
    assert_eq!(cancel(""), [Misfit::ReasonMissing(None)]);
    let gone = reason("seller-refusal");
    assert_eq!(cancel("seller-refusal"), [Misfit::ReasonGone { line: None, reason: gone }]);
}

#[test]
fn a_whole_order_is_not_cancelled_once_a_line_was() {
    let mut one_gone = of_seller(&Status::Shipped);
    one_gone.lines[0].status = Status::Cancelled;
    assert!(!is_possible(ActionKind::Cancel, &one_gone, FREE));
    assert!(is_possible(ActionKind::CancelLines, &one_gone, FREE));

    let order = of_seller(&Status::Shipped);
    let asked = |standing| {
        let requests = Requests { all: vec![cancellation(&["A"], Asker::Seller, standing)] };
        let channel = channel(FREE);
        let facts = Facts { requests: &requests, ..facts(&order, &channel, Role::Admin) };
        check(ActionKind::Cancel, &facts)
    };
    assert_eq!(asked(Standing::InProgress), Err(Blocked::PartlyCancelled("A".to_owned())));
    assert_eq!(asked(Standing::Rejected), Ok(()));
}

#[test]
fn an_order_of_a_warehouse_is_cancelled_only_once_it_is_shipped_or_delivered() {
    for status in ALIVE {
        let shipped = matches!(status, Status::Shipped | Status::Delivered);
        for mode in [SupplyMode::Fulfillment, SupplyMode::Xdock] {
            assert_eq!(is_possible(ActionKind::Cancel, &order(&status, &mode), FREE), shipped);
        }
    }
}

#[test]
fn not_all_sales_channels_allow_partial_cancellation() {
    let order = of_seller(&Status::Shipped);
    assert!(is_possible(ActionKind::CancelLines, &order, FREE));
    let strict = Rules { partial_cancellation: false, ..FREE };
    assert!(!is_possible(ActionKind::CancelLines, &order, strict));
}

#[test]
fn each_line_to_cancel_needs_its_offer_and_a_reason_of_its_own() {
    let mut order = of_seller(&Status::Shipped);
    let channel = channel(FREE);
    let fit = |order: &Order, lines| {
        Action::CancelLines(CancelLines { lines }).fit(&facts(order, &channel, Role::Admin))
    };
    let both = vec![line_cancellation("A", "damaged"), line_cancellation("B", "missing-product")];
    assert_eq!(fit(&order, both), []);
    assert_eq!(fit(&order, Vec::new()), [Misfit::NoLine]);
    let nameless = Misfit::ReasonMissing(Some("A".to_owned()));
    assert_eq!(fit(&order, vec![line_cancellation("A", "")]), [nameless]);
    let wrong_offer =
        LineCancellation { offer_id: "OFFER-B".to_owned(), ..line_cancellation("A", "damaged") };
    let refused = Misfit::LineNotToCancel("A".to_owned());
    assert_eq!(fit(&order, vec![wrong_offer]), [refused]);
    order.lines[0].offer_id = None;
    let facts = facts(&order, &channel, Role::Admin);
    assert_eq!(cancel_lines::verdict(&facts, &order.lines[0]), Err(NotCancellable::NoOffer));
}

#[test]
fn cancelling_the_same_line_again_is_a_conflict() {
    let order = of_seller(&Status::Shipped);
    let channel = channel(FREE);
    let requests =
        Requests { all: vec![cancellation(&["A"], Asker::Seller, Standing::InProgress)] };
    let facts = Facts { requests: &requests, ..facts(&order, &channel, Role::Admin) };
    let verdict = |index: usize| cancel_lines::verdict(&facts, &order.lines[index]);
    assert_eq!(verdict(0), Err(NotCancellable::InRequest));
    assert_eq!(verdict(1), Ok(()));
    let twice = vec![line_cancellation("B", "damaged"), line_cancellation("B", "damaged")];
    let misfits = Action::CancelLines(CancelLines { lines: twice }).fit(&facts);
    assert_eq!(misfits, [Misfit::LineNotToCancel("B".to_owned())]);
}

#[test]
fn a_gesture_needs_a_shipped_or_delivered_order() {
    for status in Status::KNOWN {
        let shipped = matches!(status, Status::Shipped | Status::Delivered);
        assert_eq!(is_possible(ActionKind::Gesture, &of_seller(&status), FREE), shipped);
    }
}

#[test]
fn some_channels_explicitly_forbid_gestures() {
    let order = of_seller(&Status::Shipped);
    for (gestures, possible) in [(Some(true), true), (None, true), (Some(false), false)] {
        let rules = Rules { gestures, ..FREE };
        assert_eq!(is_possible(ActionKind::Gesture, &order, rules), possible);
    }
}

fn gesture_fit(gesture: Gesture, limits: &gesture::Limits, requests: &Requests) -> Vec<Misfit> {
    let order = of_seller(&Status::Shipped);
    let channel = channel(FREE);
    let live = Live::Gesture(limits);
    let facts = Facts { requests, live, ..facts(&order, &channel, Role::Admin) };
    Action::Gesture(gesture).fit(&facts)
}

#[test]
fn a_gesture_stays_below_what_the_channel_allows() {
    let fit =
        |cents| gesture_fit(gesture("MissingProduct", None, cents), &limits(1240), &NOTHING_ASKED);
    assert_eq!(fit(1240), []);
    assert_eq!(fit(1241), [Misfit::AmountOver(Decimal::new(1240, 2))]);
    assert_eq!(fit(0), [Misfit::AmountMissing]);
    assert_eq!(fit(-5), [Misfit::AmountMissing]);
}

#[test]
fn gesture_limits_are_applied_on_the_order_amount_without_cancelled_lines() {
    let mut order = of_seller(&Status::Shipped);
    order.amounts.selling_total = Decimal::from(300);
    for line in &mut order.lines {
        line.selling_unit_price = Some(Decimal::from(140));
        line.shipping_cost = Some(Decimal::from(10));
    }
    order.lines[0].status = Status::Cancelled;
    let channel = channel(FREE);
    let answers = Answers { rate: Some(Decimal::from(20)), ..Answers::default() };
    let limits = gesture::limits(&facts(&order, &channel, Role::Admin), &answers);
    assert_eq!(limits.order_amount, Decimal::from(150));
    assert_eq!(limits.remaining, Decimal::from(30));
}

#[test]
fn the_lowest_of_rate_amount_and_what_the_order_has_left_counts() {
    let order = of_seller(&Status::Shipped);
    let channel = channel(FREE);
    let remaining = |most: i64, allowable: i64| {
        let answers = Answers {
            rate: Some(Decimal::from(20)),
            most: Some(Decimal::from(most)),
            allowable: Some(Decimal::from(allowable)),
            order_amount: Some(Decimal::from(100)),
            given: Some(Decimal::from(5)),
            ..Answers::default()
        };
        gesture::limits(&facts(&order, &channel, Role::Admin), &answers).remaining
    };
    assert_eq!(remaining(50, 50), Decimal::from(15));
    assert_eq!(remaining(12, 50), Decimal::from(7));
    assert_eq!(remaining(50, 3), Decimal::from(3));
    assert_eq!(remaining(1, 50), Decimal::ZERO);
}

#[test]
fn the_currency_of_a_gesture_must_match_the_sales_channel() {
    let zloty = gesture::Limits { currency: "PLN".to_owned(), ..limits(5000) };
    let misfits = gesture_fit(gesture("MissingProduct", None, 999), &zloty, &NOTHING_ASKED);
    assert_eq!(misfits, [Misfit::CurrencyChanged("PLN".to_owned())]);
}

#[test]
fn reason_details_are_mandatory_if_the_reason_is_other() {
    let fit = |details| gesture_fit(gesture("Other", details, 999), &limits(5000), &NOTHING_ASKED);
    assert_eq!(fit(None), [Misfit::DetailsMissing]);
    assert_eq!(fit(Some("A scratch on the left side")), []);
}

#[test]
fn the_same_gesture_cannot_be_submitted_again() {
    let made = |standing: Standing| Requests {
        all: vec![Request::Gesture(GestureRequest {
            id: "G-1".to_owned(),
            standing,
            reason: Some("MissingProduct".to_owned()),
            details: None,
            amount: Some(Decimal::new(9990, 3)),
            currency: None,
            words: Vec::new(),
            created_at: None,
        })],
    };
    let fit = |standing| {
        gesture_fit(gesture("MissingProduct", None, 999), &limits(5000), &made(standing))
    };
    assert!(matches!(fit(Standing::Done)[..], [Misfit::GestureAlready { .. }]));
    assert!(matches!(fit(Standing::InProgress)[..], [Misfit::GestureAlready { .. }]));
    assert_eq!(fit(Standing::Rejected), []);
}

/// Order-feature V2, "Order invoices": "enabled on a per sales channel basis".
#[test]
fn invoices_are_enabled_per_sales_channel() {
    let order = of_seller(&Status::Shipped);
    assert!(is_possible(ActionKind::Invoice, &order, Rules::CDISCOUNT));
    assert!(!is_possible(ActionKind::Invoice, &order, Rules { invoices: false, ..FREE }));
}

#[test]
fn an_invoice_is_a_pdf_an_xml_document_or_a_zip_by_its_first_bytes() {
    use crate::domain::action::invoice::Format;
    for (bytes, format) in [
        (&b"%PDF-1.7\n"[..], Some(Format::Pdf)),
        (b"PK\x03\x04rest", Some(Format::Zip)),
        (b"\xef\xbb\xbf<?xml version=\"1.0\"?>", Some(Format::Xml)),
        (b"PK\x05\x06", None),
        (b"<html>", None),
        (b"MZ\x90", None),
        (b"", None),
    ] {
        assert_eq!(Format::of(bytes), format);
    }
}

#[test]
fn no_action_is_possible_on_a_rejected_refused_or_cancelled_order() {
    for status in [Status::Rejected, Status::Refused, Status::Cancelled] {
        let order = of_seller(&status);
        for kind in ActionKind::ALL {
            for rules in [Rules::CDISCOUNT, FREE] {
                assert!(!is_possible(kind, &order, rules), "{kind:?} {:?}", order.status);
            }
        }
    }
}
