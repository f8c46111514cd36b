//! Each kind of fault, with its schedule.

use std::time::Duration;

use octopia_simulator::Fault;
use octopia_simulator::FaultBody;
use octopia_simulator::FaultKind;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Status;
use octopia_simulator::When;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::Client;

async fn waiting() -> (Client, String, String) {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    let path = format!("/orders/{id}/approval-status");
    (client, id, path)
}

fn accepted() -> Value {
    json!({ "approval_status": "Accepted" })
}

fn writes() -> Matcher {
    Matcher::new("POST", "/approval-status")
}

#[tokio::test]
async fn a_proxy_error_hides_whether_the_effect_happened() {
    for (when, effects) in [(When::Before, 0), (When::After, 1)] {
        for (body, kind) in [
            (FaultBody::Html, "text/html"),
            (FaultBody::Empty, ""),
            (FaultBody::Problem, "application/problem+json"),
        ] {
            let (client, _, path) = waiting().await;
            let fault = Fault::new(FaultKind::Status { status: 502, body, when });
            client.simulator.fault(fault.on(writes()).times(1));
            let answer = client.post(&path, &accepted()).await;
            assert_eq!(answer.status, 502);
            assert!(answer.header("content-type").starts_with(kind), "{answer:?}");
            assert_eq!(answer.text.is_empty(), body == FaultBody::Empty);
            assert_eq!(client.simulator.ledger().len(), effects);
        }
    }
}

#[tokio::test]
async fn too_many_calls_with_and_without_a_time() {
    let (client, _, path) = waiting().await;
    for retry_after in [None, Some("7"), Some("Wed, 18 Nov 2026 10:00:00 GMT")] {
        let retry_after = retry_after.map(str::to_owned);
        let kind = FaultKind::TooMany { retry_after: retry_after.clone() };
        client.simulator.fault(Fault::new(kind).times(1));
        let answer = client.post(&path, &accepted()).await;
        assert_eq!(answer.status, 429);
        assert_eq!(answer.header("retry-after"), retry_after.unwrap_or_default());
    }
    assert!(client.simulator.ledger().is_empty());
    assert_eq!(client.post(&path, &accepted()).await.status, 201);
}

#[tokio::test]
async fn a_reset_before_or_after_the_effect_looks_the_same() {
    for (when, effects) in [(When::Before, 0), (When::After, 1)] {
        let (client, _, path) = waiting().await;
        client.simulator.fault(Fault::reset(when).on(writes()));
        let error = client.request(Method::POST, &path).json(&accepted()).send().await.unwrap_err();
        assert!(error.is_request() && !error.is_connect() && !error.is_timeout(), "{error:?}");
        assert_eq!(client.simulator.ledger().len(), effects);
        let call = client.simulator.calls().into_iter().find(|call| call.path.ends_with(&path));
        assert_eq!(call.unwrap().status, 0);
    }
}

#[tokio::test]
async fn a_call_that_hangs_ends_with_the_clients_patience() {
    for (when, effects) in [(When::Before, 0), (When::After, 1)] {
        let (client, _, path) = waiting().await;
        client.simulator.fault(Fault::new(FaultKind::Hang { when }).on(writes()));
        let call = client.request(Method::POST, &path).json(&accepted());
        let error = call.timeout(Duration::from_millis(300)).send().await.unwrap_err();
        assert!(error.is_timeout(), "{error:?}");
        while client.simulator.ledger().len() < effects {
            tokio::task::yield_now().await;
        }
        assert_eq!(client.simulator.ledger().len(), effects);
    }
}

#[tokio::test]
async fn an_effect_can_come_after_the_client_has_gone() {
    let (client, id, path) = waiting().await;
    client.simulator.fault(Fault::new(FaultKind::Late { ms: 1_500 }).on(writes()).times(1));
    let call = client.request(Method::POST, &path).json(&accepted());
    let error = call.timeout(Duration::from_millis(100)).send().await.unwrap_err();
    assert!(error.is_timeout(), "{error:?}");
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::WaitingAcceptance);
    while client.simulator.ledger().is_empty() {
        assert_eq!(client.get("/orders/count").await.status, 200);
    }
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::Accepted);
}

#[tokio::test]
async fn a_delayed_answer_is_right() {
    let (client, _, path) = waiting().await;
    let kind = FaultKind::Delay { ms: 50, when: When::After };
    client.simulator.fault(Fault::new(kind).on(writes()));
    assert_eq!(client.post(&path, &accepted()).await.status, 201);
}

#[tokio::test]
async fn a_slow_drip_outlasts_a_deadline_but_says_the_truth() {
    let (client, _, _) = waiting().await;
    client.simulator.fault(Fault::new(FaultKind::SlowDrip { byte_ms: 2 }).times(1));
    let answer = client.get("/orders/count").await;
    assert_eq!((answer.status, answer.text.as_str()), (200, "1"));
    client.simulator.fault(Fault::new(FaultKind::SlowDrip { byte_ms: 100 }));
    let call = client.request(Method::GET, "/orders").timeout(Duration::from_millis(400));
    assert!(call.send().await.unwrap_err().is_timeout());
}

#[tokio::test]
async fn a_truncated_answer_has_its_status_and_half_its_body() {
    let (client, id, path) = waiting().await;
    client.simulator.fault(Fault::new(FaultKind::Truncated));
    let answer = client.request(Method::POST, &path).json(&accepted()).send().await.unwrap();
    assert_eq!(answer.status(), 201);
    assert!(answer.text().await.is_err());
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::Accepted);
    let answer = client.request(Method::GET, "/orders").send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert!(answer.bytes().await.is_err());
}

#[tokio::test]
async fn a_token_can_expire_in_mid_run() {
    let (mut client, _, _) = waiting().await;
    client.simulator.fault(Fault::new(FaultKind::TokenExpired).skip(1).times(1));
    assert_eq!(client.get("/orders").await.status, 200);
    assert_eq!(client.get("/orders").await.status, 401);
    assert_eq!(client.get("/orders").await.status, 401);
    client.token = client.new_token("maison").await;
    assert_eq!(client.get("/orders").await.status, 200);
}

#[tokio::test]
async fn the_content_of_orders_can_be_strange() {
    let (client, id, _) = waiting().await;
    let seen = async |kind: FaultKind| {
        client.simulator.clear_faults();
        client.simulator.fault(Fault::new(kind));
        let list = client.get("/orders").await.json()["items"][0].clone();
        assert_eq!(client.get(&format!("/orders/{id}")).await.json(), list);
        list
    };
    let unknown = seen(FaultKind::UnknownEnum).await;
    assert_eq!(unknown["status"], "AwaitingStardust");
    assert_eq!(unknown["lines"][0]["offer"]["supplyMode"], "Drone");
    let missing = seen(FaultKind::MissingFields).await;
    assert_eq!((missing.get("customer"), &missing["billingAddress"]), (None, &Value::Null));
    let extra = seen(FaultKind::ExtraFields).await;
    assert_eq!(extra["loyaltyProgram"]["tier"], "Or");
}

#[tokio::test]
async fn one_malformed_order_leaves_the_others_alone() {
    let (client, id, _) = waiting().await;
    let bad = client.simulator.add(OrderDraft::new("maison"));
    let fault = Fault::new(FaultKind::MalformedOrder).on(Matcher::any().order(&bad));
    client.simulator.fault(fault);
    let page = client.get("/orders").await.json();
    for item in page["items"].as_array().unwrap() {
        assert_eq!(item["lines"] == "oops", item["orderId"] == bad, "{item}");
    }
    assert_eq!(client.get(&format!("/orders/{bad}")).await.json()["lines"], "oops");
    assert!(client.get(&format!("/orders/{id}")).await.json()["lines"].is_array());
}

#[tokio::test]
async fn reads_can_lag_behind_a_write() {
    let (client, id, path) = waiting().await;
    client.simulator.fault(Fault::new(FaultKind::StaleRead).times(2));
    assert_eq!(client.post(&path, &accepted()).await.status, 201);
    let read = async || client.get(&format!("/orders/{id}")).await.json()["status"].clone();
    assert_eq!(read().await, "WaitingAcceptance");
    assert_eq!(read().await, "Accepted");
}

#[tokio::test]
async fn broken_json_is_no_json() {
    let (client, _, _) = waiting().await;
    client.simulator.fault(Fault::new(FaultKind::BrokenJson));
    let answer = client.get("/orders").await;
    assert_eq!(answer.status, 200);
    assert!(serde_json::from_str::<Value>(&answer.text).is_err());
}

#[tokio::test]
async fn pages_repeat_and_drift() {
    let client = Client::new().await;
    for _ in 0..6 {
        client.simulator.add(OrderDraft::new("maison"));
    }
    let page = async |index: usize| {
        client.ids(&format!("/orders?sort=updatedAt&pageSize=2&pageIndex={index}")).await
    };
    let (first, second, third) = (page(1).await, page(2).await, page(3).await);
    client.simulator.fault(Fault::new(FaultKind::DuplicatePage).times(1));
    assert_eq!(page(2).await, first);
    client.simulator.fault(Fault::new(FaultKind::Drift { by: -1 }).times(1));
    assert_eq!(page(2).await, [first[1].clone(), second[0].clone()]);
    client.simulator.fault(Fault::new(FaultKind::Drift { by: 1 }).times(1));
    assert_eq!(page(2).await, [second[1].clone(), third[0].clone()]);
    assert_eq!(page(2).await, second);
}

#[tokio::test]
async fn schedules_hit_every_so_manyth_call_so_often() {
    let (client, _, _) = waiting().await;
    let fault = Fault::status(500).on(Matcher::new("get", "/count")).every(3).times(2);
    client.simulator.fault(fault);
    let mut statuses = Vec::new();
    for _ in 0..10 {
        statuses.push(client.get("/orders/count").await.status);
        assert_eq!(client.get("/orders").await.status, 200, "another path");
    }
    assert_eq!(statuses, [200, 200, 500, 200, 200, 500, 200, 200, 200, 200]);
}

#[tokio::test]
async fn faults_can_be_for_one_order_or_seller() {
    let (client, id, path) = waiting().await;
    client.simulator.fault(Fault::status(500).on(Matcher::any().order("another")));
    client.simulator.fault(Fault::status(500).on(Matcher::any().seller("98980")));
    assert_eq!(client.post(&path, &accepted()).await.status, 201);
    client.simulator.fault(Fault::status(503).on(Matcher::any().order(&id)));
    assert_eq!(client.get(&format!("/orders/{id}")).await.status, 503);
    assert_eq!(client.get("/orders").await.status, 200);
    client.simulator.clear_faults();
    assert_eq!(client.get(&format!("/orders/{id}")).await.status, 200);
}

#[tokio::test]
async fn redirects_point_elsewhere() {
    let (client, _, path) = waiting().await;
    client.simulator.fault(Fault::status(307).on(writes()));
    let http = reqwest::Client::builder()
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .unwrap();
    let url = format!("{}{path}", client.simulator.base_url());
    let answer = http.post(url).json(&accepted()).send().await.unwrap();
    assert_eq!(answer.status(), 307);
    assert_eq!(answer.headers()["location"], "/elsewhere");
}
