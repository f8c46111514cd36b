//! Calls parked in mid-flight.

use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Status;
use octopia_simulator::When;
use reqwest::Method;
use serde_json::json;

use crate::support::Client;

async fn client() -> (Client, String, reqwest::RequestBuilder) {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    let path = format!("/orders/{id}/approval-status");
    let body = json!({ "approval_status": "Accepted" });
    let call = client.request(Method::POST, &path).json(&body);
    (client, id, call)
}

#[tokio::test]
async fn a_held_call_waits_for_its_release() {
    for (when, meanwhile) in
        [(When::Before, Status::WaitingAcceptance), (When::After, Status::Accepted)]
    {
        let (client, id, call) = client().await;
        let hold = client.simulator.hold(Matcher::new("POST", "/approval-status"), when);
        assert!(!hold.is_reached());
        let call = tokio::spawn(call.send());
        hold.reached().await;
        assert_eq!(client.simulator.order(&id).unwrap().status, meanwhile);
        hold.release();
        assert_eq!(call.await.unwrap().unwrap().status(), 201);
        assert_eq!(client.simulator.order(&id).unwrap().status, Status::Accepted);
    }
}

#[tokio::test]
async fn the_effect_comes_even_if_the_client_is_dead_by_then() {
    let (client, id, call) = client().await;
    let hold = client.simulator.hold(Matcher::any().order(&id), When::Before);
    let call = tokio::spawn(call.send());
    hold.reached().await;
    call.abort();
    assert!(call.await.unwrap_err().is_cancelled());
    hold.release();
    while client.simulator.ledger().is_empty() {
        tokio::task::yield_now().await;
    }
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::Accepted);
}

#[tokio::test]
async fn a_held_call_can_be_cut_without_effect() {
    let (client, id, call) = client().await;
    let hold = client.simulator.hold(Matcher::any().order(&id), When::Before);
    let call = tokio::spawn(call.send());
    hold.reached().await;
    hold.cut();
    assert!(call.await.unwrap().unwrap_err().is_request());
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::WaitingAcceptance);
}

#[tokio::test]
async fn a_dropped_hold_holds_nobody() {
    let (client, id, call) = client().await;
    drop(client.simulator.hold(Matcher::any().order(&id), When::Before));
    assert_eq!(call.send().await.unwrap().status(), 201);
}
