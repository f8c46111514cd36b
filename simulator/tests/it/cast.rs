//! The sample data: repeatable, rich and consistent.

use std::collections::HashSet;
use std::time::Instant;

use jiff::SignedDuration;
use jiff::Timestamp;
use octopia_simulator::Cancellation;
use octopia_simulator::Config;
use octopia_simulator::Gesture;
use octopia_simulator::Line;
use octopia_simulator::Order;
use octopia_simulator::Progress;
use octopia_simulator::Status;
use octopia_simulator::SupplyMode;
use serde_json::Value;

use crate::support::Client;

const ALL: &str = "updatedAtMin=2001-01-01T00:00:00Z&sort=updatedAt&pageSize=100";

fn start() -> Timestamp {
    "2026-11-18T09:30:00Z".parse().unwrap()
}

async fn client(seed: u64, orders: usize) -> Client {
    Client::with(Config { seed, orders, now: Some(start()), ..Config::default() }).await
}

async fn every_order(client: &Client) -> Vec<Value> {
    let mut all = Vec::new();
    for page in 1.. {
        let answer = client.get(&format!("/orders?{ALL}&pageIndex={page}")).await.json();
        let items = answer["items"].as_array().unwrap();
        all.extend(items.iter().cloned());
        if items.len() < 100 {
            return all;
        }
    }
    all
}

#[tokio::test]
async fn the_same_seed_and_start_give_the_same_orders() {
    let (one, two) = (client(7, 120).await, client(7, 120).await);
    assert_eq!(every_order(&one).await, every_order(&two).await);
    let other = client(8, 120).await;
    assert_ne!(every_order(&one).await, every_order(&other).await);
}

#[tokio::test]
async fn every_status_and_channel_occurs() {
    let client = client(1, 300).await;
    let orders = [client.simulator.orders("maison"), client.simulator.orders("atelier")].concat();
    assert_eq!(orders.len(), 300);
    for status in Status::ALL {
        let occurs = orders.iter().any(|order| {
            order.status == status || order.lines.iter().any(|line| line.status == status)
        });
        assert!(occurs, "{status}");
    }
    let channels: HashSet<&str> = orders.iter().map(|order| order.channel.id).collect();
    assert_eq!(channels.len(), 4);
    let elsewhere = orders.iter().filter(|order| !order.channel.approval);
    assert!(elsewhere.clone().all(|order| order.status != Status::WaitingAcceptance));
    let ids: HashSet<&String> = orders.iter().map(|order| &order.id).collect();
    assert!(ids.len() == 300 && ids.iter().all(|id| id.len() == 16));
}

#[tokio::test]
async fn dates_are_in_the_past_and_changes_differ() {
    let client = client(3, 2_000).await;
    let orders = client.simulator.orders("maison");
    let changes: HashSet<Timestamp> = orders.iter().map(|order| order.updated_at).collect();
    assert_eq!(changes.len(), orders.len());
    let oldest = start() - SignedDuration::from_hours(24 * 61);
    for order in &orders {
        assert!(order.created_at > oldest, "{order:?}");
        assert!(order.created_at <= order.updated_at && order.updated_at <= start(), "{order:?}");
    }
}

#[tokio::test]
async fn open_orders_have_deadlines_of_every_urgency() {
    let client = client(1, 600).await;
    let orders = client.simulator.orders("maison");
    let open = orders.iter().filter(|order| order.status == Status::InPreparation);
    let hours: Vec<i64> =
        open.map(|order| start().duration_until(order.ship_by).as_hours()).collect();
    let within =
        |from: i64, to: i64| hours.iter().filter(|left| (from..to).contains(*left)).count();
    for (from, to) in [(-96, 0), (0, 4), (4, 12), (18, 36), (36, 120)] {
        assert!(within(from, to) > 2, "{from}..{to}: {hours:?}");
    }
    let share = orders.iter().filter(|order| order.status < Status::Shipped);
    assert!(share.count() * 100 / orders.len() > 20);
}

#[tokio::test]
async fn the_data_is_as_awkward_as_the_real_thing() {
    let client = client(1, 600).await;
    let orders = every_order(&client).await;
    let text = serde_json::to_string(&orders).unwrap();
    let occurs = |test: &dyn Fn(&Value) -> bool| orders.iter().any(test);
    assert!(occurs(&|order| order["reference"].is_null()), "no reference");
    assert!(occurs(&|order| order["businessOrder"] == true), "a business");
    assert!(occurs(&|order| !order["serviceFees"].as_array().unwrap().is_empty()), "a fee");
    assert!(occurs(&|order| order["totalPrice"]["sellingPrice"].is_string()), "text for a number");
    assert!(occurs(
        &|order| order["totalPrice"]["offerPrice"] != order["totalPrice"]["sellingPrice"]
    ));
    assert!(occurs(&|order| order.get("purchasedAt").is_none()), "no purchase date");
    assert!(occurs(&|order| order["createdAt"].as_str().unwrap().ends_with("+00:00")), "an offset");
    assert!(occurs(&|order| order["createdAt"].as_str().unwrap().len() == 20), "whole seconds");
    assert!(occurs(&|order| order["currencyCode"] == "PLN"), "another currency");
    for piece in ["Fulfillment", "Xdock", "é", "ł", "\"productGtin\":null", "Paiement en 4 fois"]
    {
        assert!(text.contains(piece), "{piece}");
    }
    let digits: HashSet<usize> = orders.iter().map(|order| fraction(&order["updatedAt"])).collect();
    assert!(digits.contains(&0) && digits.contains(&3) && digits.contains(&7), "{digits:?}");
}

fn fraction(date: &Value) -> usize {
    let date = date.as_str().unwrap();
    let after = date.split_once('.').map_or("", |(_, after)| after);
    after.chars().take_while(char::is_ascii_digit).count()
}

#[tokio::test]
async fn commission_is_of_the_whole_line_with_shipping() {
    let client = client(1, 200).await;
    for order in every_order(&client).await {
        for line in order["lines"].as_array().unwrap() {
            let price = &line["sellingPrice"];
            let quantity = line["quantity"].as_f64().unwrap();
            let base = number(&price["unitSalesPrice"]) * quantity + number(&price["shippingCost"]);
            let commission = &line["offerPrice"]["commission"];
            let expected = base * commission["rate"].as_f64().unwrap() / 10_000.0;
            let difference = expected - number(&commission["amountWithoutVat"]);
            assert!((0.0..0.011).contains(&(difference + 0.000_1)), "{line}");
            assert_eq!(price["taxes"][0]["amount"], 0);
        }
    }
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
}

#[tokio::test]
async fn ten_thousand_orders_are_listed_quickly() {
    let client = client(1, 10_000).await;
    let started = Instant::now();
    let orders = every_order(&client).await.len();
    let rate = f64::from(u32::try_from(orders).unwrap()) / started.elapsed().as_secs_f64();
    assert_eq!(orders, client.simulator.orders("maison").len());
    assert!(rate > 300.0, "only {rate:.0} orders/s, reading and parsing in this build");
}

#[tokio::test]
async fn a_demo_finds_lines_to_cancel_and_requests_of_every_outcome() {
    let client = client(1, 300).await;
    let orders = client.simulator.orders("maison");
    let simulator = &client.simulator;
    let several = |order: &&Order, status: &[Status]| {
        let own = |line: &Line| line.supply_mode == SupplyMode::Seller;
        let free = |line: &Line| line.status == order.status;
        order.channel.partial_cancellation
            && status.contains(&order.status)
            && order.lines.len() > 1
            && order.lines.iter().all(|line| own(line) && free(line))
    };
    let gone = [Status::Shipped, Status::Delivered];
    let whole = orders.iter().filter(|order| several(order, &gone));
    assert!(whole.filter(|order| order.lines.len() > 2).count() >= 1);
    assert!(orders.iter().filter(|order| several(order, &gone)).count() >= 3);
    assert!(orders.iter().any(|order| several(&order, &[Status::InPreparation])));
    let cancellations: Vec<Cancellation> =
        orders.iter().flat_map(|order| simulator.cancellations(&order.id)).collect();
    let gestures: Vec<Gesture> =
        orders.iter().flat_map(|order| simulator.gestures(&order.id)).collect();
    for status in [Progress::Done, Progress::Rejected, Progress::InProgress] {
        assert!(cancellations.iter().any(|request| request.status == status), "{status:?}");
        assert!(gestures.iter().any(|gesture| gesture.status == status), "{status:?}");
    }
    let late = cancellations.iter().map(|request| request.updated_at);
    assert!(late.chain(gestures.iter().map(|gesture| gesture.updated_at)).all(|at| at <= start()));
    let done = cancellations.iter().find(|request| request.status == Progress::Done).unwrap();
    assert!(!done.whole);
    assert!(gestures.iter().all(|gesture| gesture.amount > 0), "{gestures:?}");
    let ids = |client: &Client| -> Vec<String> {
        let orders = orders.iter().flat_map(|order| client.simulator.gestures(&order.id));
        orders.map(|gesture| gesture.id).collect()
    };
    assert_eq!(ids(&client), ids(&self::client(1, 300).await));
}
