//! Both readings of what the documents leave open.

use octopia_simulator::Config;
use octopia_simulator::Envelope;
use octopia_simulator::OrderDraft;
use octopia_simulator::Readings;
use octopia_simulator::Status;
use serde_json::json;

use crate::support::Client;
use crate::support::parcel;

async fn reading(readings: Readings) -> Client {
    Client::with(Config { readings, ..Config::default() }).await
}

#[tokio::test]
async fn accepted_orders_can_be_shippable() {
    let client = reading(Readings { ship_when_accepted: true, ..Readings::default() }).await;
    let id = client.simulator.add(OrderDraft::new("maison").status("Accepted"));
    let line = client.simulator.order(&id).unwrap().lines[0].id.clone();
    let body = json!([parcel("6A1", &[&line])]);
    assert_eq!(client.post(&format!("/orders/{id}/shipments"), &body).await.status, 201);
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::Shipped);
}

#[tokio::test]
async fn line_totals_can_include_shipping() {
    let mut totals = Vec::new();
    for line_totals_with_shipping in [false, true] {
        let client = reading(Readings { line_totals_with_shipping, ..Readings::default() }).await;
        let mut sum = 0.0;
        for _ in 0..20 {
            let id = client.simulator.add(OrderDraft::new("maison"));
            let line = client.get(&format!("/orders/{id}")).await.json()["lines"][0].clone();
            let number = |value: &serde_json::Value| {
                value.as_f64().unwrap_or_else(|| value.as_str().unwrap().parse().unwrap())
            };
            let price = &line["sellingPrice"];
            let goods = number(&price["unitSalesPrice"]) * line["quantity"].as_f64().unwrap();
            sum += number(&line["totalPrice"]["sellingPrice"]) - goods;
        }
        totals.push(sum);
    }
    assert!(totals[0].abs() < 0.01 && totals[1] > 1.0, "{totals:?}");
}

#[tokio::test]
async fn lists_can_be_wrapped_otherwise() {
    for (envelope, pointer) in
        [(Envelope::Items, "/items/0"), (Envelope::Data, "/data/0"), (Envelope::Bare, "/0")]
    {
        let client = reading(Readings { envelope, ..Readings::default() }).await;
        let id = client.simulator.add(OrderDraft::new("maison"));
        let page = client.get("/orders").await.json();
        assert_eq!(page.pointer(pointer).unwrap()["orderId"], id, "{envelope:?}");
    }
}

#[tokio::test]
async fn writes_can_answer_with_a_body() {
    let client = reading(Readings { writes_answer_with_body: true, ..Readings::default() }).await;
    let id = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    let path = format!("/orders/{id}/approval-status");
    let answer = client.post(&path, &json!({ "approval_status": "Accepted" })).await;
    assert_eq!((answer.status, &answer.json()["status"]), (201, &json!("Accepted")));
}
