//! Accepting and refusing.

use jiff::SignedDuration;
use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use octopia_simulator::Status;
use serde_json::json;

use crate::support::Client;

fn decision(word: &str) -> serde_json::Value {
    json!({ "approval_status": word })
}

#[tokio::test]
async fn an_accepted_order_reaches_preparation_after_the_control() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance").lines(2));
    let path = format!("/orders/{id}/approval-status");
    assert_eq!(
        client.get(&format!("/orders/{id}")).await.json()["lines"][0].get("shippingAddress"),
        None
    );
    let answer = client.post(&path, &decision("Accepted")).await;
    assert_eq!((answer.status, answer.text.as_str()), (201, ""));
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::Accepted);
    client.simulator.advance(SignedDuration::from_mins(19));
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::Accepted);
    client.simulator.advance(SignedDuration::from_mins(2));
    let wire = client.get(&format!("/orders/{id}")).await.json();
    assert_eq!(wire["status"], "InPreparation");
    assert_eq!(wire["lines"][1]["status"], "InPreparation");
    assert!(wire["lines"][0]["shippingAddress"]["addressLine1"].is_string());
    let effect = &client.simulator.ledger()[0];
    assert_eq!((effect.kind, effect.by), ("approval", Party::Api));
}

#[tokio::test]
async fn a_refusal_is_final() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    let path = format!("/orders/{id}/approval-status");
    assert_eq!(client.post(&path, &decision("Refused")).await.status, 201);
    let again = client.post(&path, &decision("Accepted")).await;
    assert_eq!(again.status, 409);
    assert_eq!(again.json()["detail"], "Cannot switch to accepted status from Refused status.");
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::Refused);
    assert_eq!(client.simulator.ledger().len(), 1);
}

#[tokio::test]
async fn only_channels_with_acceptance_can_be_approved() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").channel("RAKFR"));
    let answer = client.post(&format!("/orders/{id}/approval-status"), &decision("Accepted")).await;
    assert_eq!(answer.status, 409);
}

#[tokio::test]
async fn a_wrong_decision_is_named() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    let path = format!("/orders/{id}/approval-status");
    for body in
        [decision("accepted"), json!({}), json!({ "approvalStatus": "Accepted" }), json!([])]
    {
        let answer = client.post(&path, &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["errors"]["approval_status"].is_array(), "{body}");
    }
    assert!(client.simulator.ledger().is_empty());
}

#[tokio::test]
async fn nobody_approves_the_orders_of_others() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("atelier").status("WaitingAcceptance"));
    let answer = client.post(&format!("/orders/{id}/approval-status"), &decision("Accepted")).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn an_order_nobody_accepts_in_time_is_cancelled() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    client.simulator.advance(SignedDuration::from_hours(49));
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::Cancelled);
    assert_eq!(client.simulator.ledger()[0].by, Party::System);
}
