//! Reads that lag behind writes.

use jiff::SignedDuration;
use octopia_simulator::Config;
use octopia_simulator::OrderDraft;
use octopia_simulator::Readings;
use octopia_simulator::Status;
use reqwest::Method;
use serde_json::json;

use crate::support::Client;

const LAG: SignedDuration = SignedDuration::from_secs(30);

#[tokio::test]
async fn orders_change_for_reads_only_after_the_lag() {
    let readings = Readings { read_lag: LAG, ..Readings::default() };
    let client = Client::with(Config { readings, ..Config::default() }).await;
    let id = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    let path = format!("/orders/{id}/approval-status");
    let answer = client.post(&path, &json!({ "approval_status": "Refused" })).await;
    assert_eq!(answer.status, 201);
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::Refused);
    let one = format!("/orders/{id}");
    for (status, refused) in [("WaitingAcceptance", 0), ("Refused", 1)] {
        let order = client.get(&one).await.json();
        assert_eq!(order["status"], status);
        assert_eq!(client.count("status=Refused").await, refused);
        assert_eq!(client.ids(&format!("/orders?status={status}&sort=updatedAt")).await, [&*id]);
        client.simulator.advance(LAG);
    }
    // Writes know the truth at once.
    assert_eq!(client.post(&path, &json!({ "approval_status": "Accepted" })).await.status, 409);
}

#[tokio::test]
async fn requests_appear_and_end_only_after_the_lag() {
    let client = Client::new().await;
    let lag = json!({ "seconds": 30 });
    assert_eq!(client.own(Method::POST, "/_sim/read-lag", &lag).await.status, 204);
    let id = client.simulator.add(OrderDraft::new("maison").status("Delivered"));
    client.simulator.give_in_portal(&id, "Delay", 50, None).unwrap();
    client.simulator.operator_asks_cancellation(&id).unwrap();
    let gestures = format!("/order-commercial-gesture-requests?orderId={id}");
    let cancellations = format!("/order-cancellation-requests?orderSellerId={id}");
    let left = format!("/orders/{id}/commercial-gestures-available-amounts");
    for (shown, given) in [(0, 0.0), (1, 0.5)] {
        for list in [&gestures, &cancellations] {
            assert_eq!(client.get(list).await.json()["itemsPerPage"], shown, "{list}");
        }
        assert_eq!(client.get(&left).await.json()["alreadyGivenAmount"], given);
        client.simulator.advance(LAG);
    }
    client.simulator.decide_cancellation(&id, true).unwrap();
    for status in ["InProgress", "Done"] {
        assert_eq!(client.get(&cancellations).await.json()["items"][0]["status"], status);
        client.simulator.advance(LAG);
    }
}
