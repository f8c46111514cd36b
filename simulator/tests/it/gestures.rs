//! Commercial gestures.

use jiff::SignedDuration;
use octopia_simulator::Config;
use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use octopia_simulator::Progress;
use octopia_simulator::Readings;
use octopia_simulator::Review;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::Answer;
use crate::support::Client;

const URL: &str = "/order-commercial-gesture-requests";
const REVIEW: SignedDuration = SignedDuration::from_mins(6);

async fn give(client: &Client, id: &str, amount: f64) -> Answer {
    let body = json!({ "orderId": id, "reason": "Delay", "amount": amount });
    client.post(URL, &body).await
}

async fn left(client: &Client, id: &str) -> Value {
    client.get(&format!("/orders/{id}/commercial-gestures-available-amounts")).await.json()
}

async fn items(client: &Client, query: &str) -> Vec<Value> {
    client.get(&format!("{URL}?{query}")).await.json()["items"].as_array().unwrap().clone()
}

fn delivered() -> OrderDraft {
    OrderDraft::new("maison").status("Delivered")
}

fn kinds(client: &Client) -> Vec<(&'static str, Party)> {
    let all = client.simulator.ledger();
    let all = all.iter().filter(|effect| effect.kind != "status");
    all.map(|effect| (effect.kind, effect.by)).collect()
}

#[tokio::test]
async fn channels_say_what_they_allow() {
    let client = Client::new().await;
    let of = async |id: &str| {
        client.get(&format!("/sales-channel-commercial-gesture-configurations/{id}")).await
    };
    let expected = json!({
        "salesChannelId": "EMPPL", "allowsGesture": true, "maxRate": 15, "maxAmount": 100.0,
        "currency": "PLN",
    });
    assert_eq!(of("EMPPL").await.json(), expected);
    let rakuten = of("RAKFR").await.json();
    assert_eq!((&rakuten["allowsGesture"], &rakuten["maxRate"]), (&json!(false), &Value::Null));
    assert_eq!(of("NOWHERE").await.status, 404);
}

#[tokio::test]
async fn money_is_given_after_a_review_and_shrinks_what_is_left() {
    let client = Client::new().await;
    let id = client.simulator.add(delivered());
    let before = left(&client, &id).await;
    let rate = before["orderAmount"].as_f64().unwrap() * 0.2;
    let most = before["allowableAmount"].as_f64().unwrap();
    assert!((rate.min(50.0) - most).abs() < 0.011, "{before}");
    assert_eq!((&before["currency"], &before["alreadyGivenAmount"]), (&json!("EUR"), &json!(0.0)));
    let body =
        json!({ "orderId": id, "reason": "Other", "reasonDetails": "Désolé", "amount": 1.15 });
    let answer = client.post(URL, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.json()["status"], "InProgress");
    assert_eq!(left(&client, &id).await, before);
    client.simulator.advance(REVIEW);
    let one = format!("{URL}/{}", answer.json()["requestId"].as_str().unwrap());
    let one = client.get(&one).await.json();
    assert_eq!(
        (&one["status"], &one["amount"], &one["orderId"], &one["currency"]),
        (&json!("Done"), &json!(1.15), &json!(id), &json!("EUR"))
    );
    assert_eq!((&one["reasonDetails"], &one["errors"]), (&json!("Désolé"), &json!([])));
    assert_eq!(items(&client, &format!("orderId={id}")).await, [one]);
    let after = left(&client, &id).await;
    assert_eq!(after["alreadyGivenAmount"], 1.15);
    assert!((after["allowableAmount"].as_f64().unwrap() - (most - 1.15)).abs() < 0.001);
    assert_eq!(kinds(&client), [("gesture_request", Party::Api), ("gesture", Party::Api)]);
    let effect = client.simulator.ledger().into_iter().find(|effect| effect.kind == "gesture");
    assert_eq!(effect.unwrap().body["amount"], 1.15);
}

#[tokio::test]
async fn the_same_gesture_is_refused_only_once_the_first_is_done() {
    let client = Client::new().await;
    let id = client.simulator.add(delivered());
    for _ in 0..2 {
        assert_eq!(give(&client, &id, 0.5).await.status, 201);
    }
    client.simulator.advance(REVIEW);
    let done = client.simulator.gestures(&id);
    assert!(done.iter().all(|gesture| gesture.status == Progress::Done), "given twice: {done:?}");
    assert_eq!(give(&client, &id, 0.5).await.status, 409);
    assert_eq!(give(&client, &id, 0.51).await.status, 201);
}

#[tokio::test]
async fn a_request_must_be_complete_and_within_the_limits() {
    let client = Client::new().await;
    let id = client.simulator.add(delivered());
    let body =
        |reason: &str, amount: Value| json!({ "orderId": id, "reason": reason, "amount": amount });
    for (body, field) in [
        (json!({}), "orderId"),
        (body("Boredom", json!(1)), "reason"),
        (body("Other", json!(1)), "reasonDetails"),
        (body("Delay", json!(0)), "amount"),
        (body("Delay", json!(-0.5)), "amount"),
        (body("Delay", json!(1.005)), "amount"),
        (body("Delay", json!("1.00")), "amount"),
    ] {
        let answer = client.post(URL, &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["errors"][field].is_array(), "{}", answer.text);
    }
    assert_eq!(give(&client, &id, 50.01).await.status, 422);
    assert_eq!(give(&client, "NOBODY", 1.0).await.status, 404);
    let open = client.simulator.add(OrderDraft::new("maison"));
    assert_eq!(give(&client, &open, 1.0).await.status, 409);
    let rakuten = client.simulator.add(delivered().channel("RAKFR"));
    assert_eq!(give(&client, &rakuten, 1.0).await.status, 403);
    assert_eq!(left(&client, &rakuten).await["allowableAmount"], 0.0);
    assert!(kinds(&client).is_empty());
}

#[tokio::test]
async fn a_gesture_is_rejected_when_the_limit_falls_meanwhile() {
    let client = Client::new().await;
    let [one, two] = [0, 1].map(|_| client.simulator.add(delivered()));
    assert_eq!(give(&client, &one, 1.0).await.status, 201);
    client.simulator.set_gesture_limit("CDISFR", 20, 50);
    client.simulator.advance(REVIEW);
    let item = items(&client, "status=Rejected").await.remove(0);
    assert!(item["errors"][0].as_str().unwrap().contains("0.5"), "{item}");
    let limit = json!({ "channel": "CDISFR", "rate": 20, "max": 49.99 });
    assert_eq!(client.own(Method::POST, "/_sim/gesture-limit", &limit).await.status, 204);
    client.simulator.reject_next(Review::Gesture, "Customer is not entitled.");
    assert_eq!(give(&client, &two, 1.0).await.status, 201);
    client.simulator.advance(REVIEW);
    let item = items(&client, &format!("orderId={two}")).await.remove(0);
    assert_eq!(item["errors"], json!(["Customer is not entitled."]));
    assert_eq!(kinds(&client).pop(), Some(("gesture_rejected", Party::System)));
    // Rejected requests bar nothing.
    assert_eq!(give(&client, &two, 1.0).await.status, 201);
}

#[tokio::test]
async fn cancelled_lines_do_not_count() {
    let client = Client::new().await;
    let id = client.simulator.add(delivered().channel("EMPPL").lines(2));
    let before = left(&client, &id).await;
    let line = client.get(&format!("/orders/{id}")).await.json()["lines"][0].clone();
    let body = json!({ "orderSellerId": id, "lines": [{
        "lineId": line["orderLineId"], "offerId": line["offer"]["id"],
        "reason": "damaged", "shippingCostRefund": true,
    }] });
    assert_eq!(client.post("/order-partial-cancellation-requests", &body).await.status, 201);
    client.simulator.advance(REVIEW);
    let after = left(&client, &id).await;
    assert!(after["orderAmount"].as_f64() < before["orderAmount"].as_f64(), "{after}");
}

#[tokio::test]
async fn the_portal_gives_at_once_and_its_gift_counts() {
    let readings = Readings { gesture_details_not_echoed: true, ..Readings::default() };
    let client = Client::with(Config { readings, ..Config::default() }).await;
    let id = client.simulator.add(delivered());
    client.simulator.give_in_portal(&id, "Delay", 50, Some("Retard")).unwrap();
    let item = items(&client, &format!("orderId={id}")).await.remove(0);
    assert_eq!((&item["status"], item.get("reasonDetails")), (&json!("Done"), None));
    assert_eq!(kinds(&client), [("gesture_request", Party::Portal), ("gesture", Party::Portal)]);
    assert_eq!(give(&client, &id, 0.5).await.status, 409);
    let path = format!("/_sim/orders/{id}/give");
    let body = json!({ "reason": "Other", "amount": 0.25, "details": "Encore" });
    assert_eq!(client.own(Method::POST, &path, &body).await.status, 200);
    assert_eq!(left(&client, &id).await["alreadyGivenAmount"], 0.75);
    client.simulator.give_in_portal(&id, "Delay", 1_000_000, None).unwrap_err();
}

#[tokio::test]
async fn the_list_needs_a_filter_and_goes_on_by_cursor() {
    let client = Client::new().await;
    assert_eq!(client.get(URL).await.status, 400);
    assert_eq!(client.get(&format!("{URL}?status=Maybe")).await.status, 400);
    assert_eq!(client.get(&format!("{URL}?status=Done&limit=1001")).await.status, 400);
    assert_eq!(client.get(&format!("{URL}?status=Done&cursor=x")).await.status, 400);
    let id = client.simulator.add(delivered());
    let foreign = client.simulator.add(OrderDraft::new("atelier").status("Delivered"));
    client.simulator.give_in_portal(&foreign, "Delay", 10, None).unwrap();
    for cents in 1..=5 {
        client.simulator.give_in_portal(&id, "Delay", cents, None).unwrap();
    }
    let since = client.simulator.now() - SignedDuration::from_mins(5);
    let mut path = format!("{URL}?updatedAtMin={since}&limit=2");
    let mut amounts = Vec::new();
    loop {
        let page = client.get(&path).await;
        let found = page.json()["items"].as_array().unwrap().clone();
        amounts.extend(found.iter().map(|item| item["amount"].as_f64().unwrap()));
        let links: Vec<&str> = page.header("link").split(',').collect();
        let Some(next) = links.iter().find(|link| link.ends_with("rel=\"next\"")) else { break };
        path = next[1..next.find('>').unwrap()].to_owned();
    }
    assert_eq!(amounts, [0.01, 0.02, 0.03, 0.04, 0.05]);
    let future = client.simulator.now() + SignedDuration::from_hours(1);
    assert!(items(&client, &format!("createdAtMin={future}")).await.is_empty());
    assert_eq!(client.get(&format!("{URL}/nothing")).await.status, 404);
}
