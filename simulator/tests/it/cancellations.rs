//! Cancelling orders and lines.

use jiff::SignedDuration;
use octopia_simulator::Config;
use octopia_simulator::Fault;
use octopia_simulator::FaultKind;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use octopia_simulator::Progress;
use octopia_simulator::Readings;
use octopia_simulator::Review;
use octopia_simulator::Status;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::Answer;
use crate::support::Client;
use crate::support::parcel;

const REASONS: &str = "/cancellation-reasons?salesChannel=WRTES&userType=Seller";
const REVIEW: SignedDuration = SignedDuration::from_mins(6);

async fn cancel(client: &Client, id: &str, reason: &str) -> Answer {
    let body = json!({ "orderSellerId": id, "reason": reason, "shippingCostRefund": true });
    client.post("/order-cancellation-requests", &body).await
}

/// The lines at these places, with their own offers.
async fn cancel_lines(client: &Client, id: &str, places: &[usize], reason: &str) -> Answer {
    let order = client.get(&format!("/orders/{id}")).await.json();
    let lines: Vec<Value> = places
        .iter()
        .map(|place| {
            let line = &order["lines"][place];
            json!({
                "lineId": line["orderLineId"], "offerId": line["offer"]["id"],
                "reason": reason, "shippingCostRefund": false,
            })
        })
        .collect();
    let body = json!({ "orderSellerId": id, "lines": lines });
    client.post("/order-partial-cancellation-requests", &body).await
}

async fn requests(client: &Client, id: &str) -> Vec<Value> {
    let page = client.get(&format!("/order-cancellation-requests?orderSellerId={id}")).await;
    page.json()["items"].as_array().unwrap().clone()
}

fn statuses(client: &Client, id: &str) -> (Status, Vec<Status>) {
    let order = client.simulator.order(id).unwrap();
    (order.status, order.lines.iter().map(|line| line.status).collect())
}

fn kinds(client: &Client) -> Vec<(&'static str, Party)> {
    client.simulator.ledger().iter().map(|effect| (effect.kind, effect.by)).collect()
}

fn worten(status: &str, lines: usize) -> OrderDraft {
    OrderDraft::new("maison").channel("WRTES").status(status).lines(lines)
}

#[tokio::test]
async fn reasons_depend_on_the_status() {
    let client = Client::new().await;
    let count = async |query: &str| {
        let reasons = client.get(&format!("{REASONS}{query}")).await.json();
        reasons.as_array().unwrap().len()
    };
    assert_eq!(count("").await, 15);
    assert_eq!(count("&orderStatus=InPreparation").await, 2);
    assert_eq!(count("&orderStatus=Delivered").await, 14);
    assert_eq!(count("&orderStatus=Refused").await, 0);
    let first = client.get(REASONS).await.json()[0].clone();
    assert_eq!(
        (&first["code"], &first["orderStatuses"]),
        (&json!("seller-refusal"), &json!(["Accepted", "InPreparation"]))
    );
    for query in [
        "salesChannel=WRTES",
        "userType=Seller",
        "salesChannel=NOWHERE&userType=Seller",
        "salesChannel=WRTES&userType=Ghost",
        "salesChannel=WRTES&userType=Seller&orderStatus=Lost",
    ] {
        assert_eq!(client.get(&format!("/cancellation-reasons?{query}")).await.status, 400);
    }
}

#[tokio::test]
async fn a_withdrawn_reason_is_neither_listed_nor_taken() {
    let client = Client::new().await;
    let id = client.simulator.add(worten("InPreparation", 1));
    client.simulator.withdraw_reason("seller-refusal");
    let url = "/_sim/reasons/customer-claim/withdraw";
    assert_eq!(client.own(Method::POST, url, &Value::Null).await.status, 204);
    let unknown = "/_sim/reasons/boredom/withdraw";
    assert_eq!(client.own(Method::POST, unknown, &Value::Null).await.status, 404);
    let left = client.get(&format!("{REASONS}&orderStatus=InPreparation")).await.json();
    assert_eq!(left, json!([]));
    assert_eq!(cancel(&client, &id, "seller-refusal").await.status, 400);
}

#[tokio::test]
async fn a_whole_order_is_cancelled_after_a_review() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").lines(2));
    let answer = cancel(&client, &id, "seller-refusal").await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let waiting = (Status::InPreparation, vec![Status::CancelRequest; 2]);
    assert_eq!(statuses(&client, &id), waiting);
    let request = requests(&client, &id).await.remove(0);
    assert_eq!(request["cancellationRequestId"], answer.json()["cancellationRequestId"]);
    assert_eq!(
        (&request["status"], &request["reason"], &request["user"]),
        (&json!("InProgress"), &json!("seller-refusal"), &json!({"type": "Seller", "id": "98979"}))
    );
    assert_eq!(
        (&request["orderSellerId"], &request["salesChannel"], &request["shippingCostRefund"]),
        (&json!(id), &json!("CDISFR"), &json!(true))
    );
    assert_eq!(kinds(&client), [("cancellation_request", Party::Api)]);
    client.simulator.advance(REVIEW);
    assert_eq!(statuses(&client, &id), (Status::Cancelled, vec![Status::Cancelled; 2]));
    let request = requests(&client, &id).await.remove(0);
    assert_eq!(
        (&request["status"], &request["lines"][1]["status"]),
        (&json!("Done"), &json!("Done"))
    );
    assert!(request["updatedAt"].as_str() > request["createdAt"].as_str());
    assert_eq!(kinds(&client)[1..], [("cancellation", Party::Api)]);
}

#[tokio::test]
async fn single_lines_are_cancelled_where_the_channel_allows() {
    let client = Client::new().await;
    let id = client.simulator.add(worten("Shipped", 3));
    let answer = cancel_lines(&client, &id, &[0, 2], "damaged").await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    client.simulator.advance(REVIEW);
    let gone = Status::Cancelled;
    assert_eq!(statuses(&client, &id), (Status::Shipped, vec![gone, Status::Shipped, gone]));
    let request = requests(&client, &id).await.remove(0);
    assert_eq!(
        (&request["reason"], &request["lines"][1]["reason"]),
        (&Value::Null, &json!("damaged"))
    );
    assert_eq!(request["lines"][1]["shippingCostRefund"], false);
    // Again for a line, or for the whole afterwards.
    assert_eq!(cancel_lines(&client, &id, &[2], "damaged").await.status, 409);
    assert_eq!(cancel(&client, &id, "damaged").await.status, 409);
    assert_eq!(cancel_lines(&client, &id, &[1], "damaged").await.status, 201);
    client.simulator.advance(REVIEW);
    assert_eq!(statuses(&client, &id).0, Status::Cancelled);
    let cdiscount = client.simulator.add(OrderDraft::new("maison").status("Shipped").lines(2));
    assert_eq!(cancel_lines(&client, &cdiscount, &[0], "damaged").await.status, 422);
}

#[tokio::test]
async fn the_last_line_to_prepare_decides_that_an_order_is_shipped() {
    let client = Client::new().await;
    let id = client.simulator.add(worten("InPreparation", 2));
    let line = client.simulator.order(&id).unwrap().lines[0].id.clone();
    let body = json!([parcel("6A1", &[&line])]);
    assert_eq!(client.post(&format!("/orders/{id}/shipments"), &body).await.status, 201);
    assert_eq!(cancel_lines(&client, &id, &[1], "seller-refusal").await.status, 201);
    client.simulator.advance(REVIEW);
    let expected = (Status::Shipped, vec![Status::Shipped, Status::Cancelled]);
    assert_eq!(statuses(&client, &id), expected);
}

#[tokio::test]
async fn a_delivered_order_stays_delivered_and_speed_shortens_the_review() {
    let client = Client::with(Config { speed: 60.0, ..Config::default() }).await;
    let id = client.simulator.add(worten("Delivered", 2));
    assert_eq!(cancel_lines(&client, &id, &[0], "damaged").await.status, 201);
    client.simulator.advance(SignedDuration::from_secs(6));
    let expected = (Status::Delivered, vec![Status::Cancelled, Status::Delivered]);
    assert_eq!(statuses(&client, &id), expected);
}

#[tokio::test]
async fn a_request_must_be_complete_and_true() {
    let client = Client::new().await;
    let id = client.simulator.add(worten("InPreparation", 2));
    let url = "/order-cancellation-requests";
    let empty = client.post(url, &json!({})).await;
    assert_eq!(empty.status, 400);
    for field in ["orderSellerId", "reason", "shippingCostRefund"] {
        assert!(empty.json()["errors"][field].is_array(), "{}", empty.text);
    }
    assert_eq!(cancel(&client, "NOBODY", "seller-refusal").await.status, 404);
    assert_eq!(cancel(&client, &id, "boredom").await.status, 400);
    assert_eq!(cancel(&client, &id, "damaged").await.status, 409);
    assert_eq!(cancel_lines(&client, &id, &[0], "boredom").await.status, 400);
    assert_eq!(cancel_lines(&client, &id, &[0, 0], "seller-refusal").await.status, 409);
    assert_eq!(cancel_lines(&client, &id, &[7], "seller-refusal").await.status, 400);
    let order = client.get(&format!("/orders/{id}")).await.json();
    let with = |line: &Value, offer: &Value| {
        json!({ "orderSellerId": id, "lines": [{
            "lineId": line, "offerId": offer, "reason": "seller-refusal", "shippingCostRefund": true,
        }] })
    };
    let partial = "/order-partial-cancellation-requests";
    let line = &order["lines"][0]["orderLineId"];
    assert_eq!(client.post(partial, &with(line, &json!("OF-ELSE"))).await.status, 422);
    assert_eq!(client.post(partial, &with(&json!("0000"), &json!("OF-ELSE"))).await.status, 422);
    assert_eq!(client.post(partial, &json!({ "orderSellerId": id })).await.status, 400);
    assert!(kinds(&client).is_empty());
}

#[tokio::test]
async fn warehouses_cancel_only_what_has_left() {
    for (reading, expected) in [(false, 201), (true, 409)] {
        let readings = Readings { warehouse_lines_stay: reading, ..Readings::default() };
        let client = Client::with(Config { readings, ..Config::default() }).await;
        let draft = |status: &str| worten(status, 2).supply_mode("Seller,Fulfillment");
        let open = client.simulator.add(draft("InPreparation"));
        assert_eq!(cancel(&client, &open, "seller-refusal").await.status, 409);
        assert_eq!(cancel_lines(&client, &open, &[0], "seller-refusal").await.status, 201);
        let gone = client.simulator.add(draft("Delivered"));
        assert_eq!(cancel(&client, &gone, "damaged").await.status, expected);
    }
}

#[tokio::test]
async fn a_rejection_says_why_and_gives_the_lines_back() {
    let client = Client::new().await;
    let [one, two] = [0, 1].map(|_| client.simulator.add(worten("Shipped", 2)));
    client.simulator.reject_next_of(Review::Cancellation, &two, "Parcel is under inquiry.");
    for id in [&one, &two] {
        assert_eq!(cancel(&client, id, "damaged").await.status, 201);
    }
    client.simulator.advance(REVIEW);
    assert_eq!(statuses(&client, &one).0, Status::Cancelled);
    assert_eq!(statuses(&client, &two), (Status::Shipped, vec![Status::Shipped; 2]));
    let request = requests(&client, &two).await.remove(0);
    assert_eq!(
        (&request["status"], &request["errors"]),
        (&json!("Rejected"), &json!(["Parcel is under inquiry."]))
    );
    assert_eq!(kinds(&client).pop(), Some(("cancellation_rejected", Party::System)));
    // A rejected request bars nothing; the next rejection can be ordered over HTTP.
    let words = json!({ "kind": "cancellation", "words": "Not today." });
    assert_eq!(client.own(Method::POST, "/_sim/reject", &words).await.status, 204);
    assert_eq!(cancel(&client, &two, "damaged").await.status, 201);
    client.simulator.advance(REVIEW);
    assert_eq!(requests(&client, &two).await[1]["errors"], json!(["Not today."]));
}

#[tokio::test]
async fn everybodys_requests_are_in_one_list() {
    let client = Client::new().await;
    let simulator = &client.simulator;
    let portal = simulator.add(OrderDraft::new("maison"));
    simulator.cancel_in_portal(&portal).unwrap();
    let customer = simulator.add(OrderDraft::new("maison"));
    simulator.customer_asks_cancellation(&customer).unwrap();
    let operator = simulator.add(OrderDraft::new("maison").status("Delivered"));
    simulator.operator_asks_cancellation(&operator).unwrap();
    for (id, user, status) in [
        (&portal, "Seller", "Done"),
        (&customer, "Customer", "InProgress"),
        (&operator, "GrcOperator", "InProgress"),
    ] {
        let request = requests(&client, id).await.remove(0);
        assert_eq!((&request["user"]["type"], &request["status"]), (&json!(user), &json!(status)));
    }
    // A request of somebody else bars ours, and nobody else hears of it.
    assert_eq!(cancel(&client, &customer, "customer-claim").await.status, 409);
    simulator.decide_cancellation(&customer, false).unwrap();
    assert_eq!(requests(&client, &customer).await[0]["status"], "Rejected");
    simulator.advance(REVIEW);
    assert_eq!(simulator.cancellations(&operator)[0].status, Progress::Done);
    assert_eq!(statuses(&client, &operator).0, Status::Cancelled);
    let wish = simulator.add(OrderDraft::new("maison").status("CancelRequest"));
    assert_eq!(requests(&client, &wish).await[0]["user"]["type"], "Customer");
    let foreign = simulator.add(OrderDraft::new("atelier").status("CancelRequest"));
    assert!(requests(&client, &foreign).await.is_empty());
}

#[tokio::test]
async fn the_portal_cancels_lines_at_once() {
    let client = Client::new().await;
    let simulator = &client.simulator;
    let id = simulator.add(worten("InPreparation", 3));
    let lines: Vec<String> =
        simulator.order(&id).unwrap().lines.into_iter().map(|line| line.id).collect();
    simulator.cancel_lines_in_portal(&id, &[&lines[0]]).unwrap();
    let path = format!("/_sim/orders/{id}/cancel");
    let second = json!({ "lines": [lines[1]] });
    assert_eq!(client.own(Method::POST, &path, &second).await.status, 200);
    let gone = Status::Cancelled;
    let left = Status::InPreparation;
    assert_eq!(statuses(&client, &id), (left, vec![gone, gone, left]));
    let request = requests(&client, &id).await.remove(1);
    assert_eq!((&request["status"], &request["user"]["type"]), (&json!("Done"), &json!("Seller")));
    let why = simulator.cancel_lines_in_portal(&id, &[&lines[0]]).unwrap_err();
    assert!(why.0.contains("requested already"), "{why}");
}

#[tokio::test]
async fn answers_about_requests_can_be_spoiled() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").status("CancelRequest"));
    let list = format!("/order-cancellation-requests?orderSellerId={id}");
    let before = client.get(&list).await.json()["items"][0].clone();
    for kind in [
        FaultKind::MalformedOrder,
        FaultKind::UnknownEnum,
        FaultKind::MissingFields,
        FaultKind::ExtraFields,
    ] {
        client.simulator.fault(Fault::new(kind.clone()).on(Matcher::any().order(&id)).times(1));
        let spoiled = client.get(&list).await.json()["items"][0].clone();
        assert_ne!(spoiled, before, "{kind:?}");
        assert_eq!(spoiled["orderSellerId"], id);
    }
    client.simulator.fault(Fault::new(FaultKind::BrokenJson).times(1));
    let text = client.get(&list).await.text;
    assert!(serde_json::from_str::<Value>(&text).is_err(), "{text}");
    client.simulator.fault(Fault::new(FaultKind::TooMany { retry_after: None }).times(1));
    assert_eq!(client.get(&list).await.status, 429);
    assert_eq!(client.get(&list).await.json()["items"][0], before);
}

#[tokio::test]
async fn a_wish_ends_when_its_order_is_shipped() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").status("CancelRequest"));
    client.simulator.ship_in_portal(&id, "UPS", "1Z1").unwrap_err();
    let line = client.simulator.order(&id).unwrap().lines[0].id.clone();
    let body = json!([parcel("6A1", &[&line])]);
    assert_eq!(client.post(&format!("/orders/{id}/shipments"), &body).await.status, 201);
    assert_eq!(requests(&client, &id).await[0]["status"], "Rejected");
    assert_eq!(statuses(&client, &id), (Status::Shipped, vec![Status::Shipped]));
}

#[tokio::test]
async fn the_list_needs_a_filter_and_has_pages() {
    let client = Client::new().await;
    let list = "/order-cancellation-requests";
    assert_eq!(client.get(list).await.status, 400);
    let id = client.simulator.add(worten("Shipped", 3));
    for place in 0..3 {
        assert_eq!(cancel_lines(&client, &id, &[place], "damaged").await.status, 201);
    }
    let page = client.get(&format!("{list}?orderSellerId={id}&pageSize=2&pageIndex=1")).await;
    assert_eq!(page.json()["itemsPerPage"], 2);
    assert!(page.header("link").contains("pageIndex=2>; rel=\"next\""), "{page:?}");
    let first = page.json()["items"][0].clone();
    let by_id = format!("{list}?cancellationRequestId={}", first["cancellationRequestId"]);
    let one = client.get(&by_id.replace('"', "")).await.json();
    assert_eq!(one["items"], json!([first]));
    let line = first["lines"][0]["lineId"].as_str().unwrap();
    let of_line = client.get(&format!("{list}?orderSellerId={id}&lineId={line}")).await.json();
    assert_eq!(of_line["itemsPerPage"], 1);
    let elsewhere = client.get(&format!("{list}?orderSellerId={id}&salesChannel=CDISFR")).await;
    assert_eq!(elsewhere.json()["items"], json!([]));
}
