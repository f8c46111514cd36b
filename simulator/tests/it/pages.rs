//! The pages beside the orders: carriers, sellers, and the simulator's own.

use octopia_simulator::OrderDraft;
use octopia_simulator::Simulator;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::Client;
use crate::support::parcel;

#[tokio::test]
async fn the_carriers_are_a_bare_list_with_repeated_codes() {
    let client = Client::new().await;
    let carriers = client.get("/carriers").await.json();
    let carriers = carriers.as_array().unwrap();
    assert_eq!(carriers.len(), 66);
    let of = |code: &str| carriers.iter().filter(|carrier| carrier["code"] == code).count();
    assert_eq!((of("pcc"), of("dhldp"), of("dpd")), (4, 2, 1));
}

#[tokio::test]
async fn sellers_speak_snake_case() {
    let client = Client::new().await;
    let seller = client.get("/sellers").await.json();
    assert_eq!(
        (&seller["seller_id"], &seller["auto_accept_order"]),
        (&json!("98979"), &json!(false))
    );
    assert_eq!(seller["seller_state"], "Activated");
    let subscriptions = client.get("/sellers/subscriptions").await.json();
    assert_eq!(subscriptions[0]["sales_channel_id"], "CDISFR");
    let indicators = client.get("/sellers/indicators").await.json();
    assert_eq!(indicators["order_acceptation"]["treshold_type"], "TresholdMin");
    assert_eq!(indicators["deadline_compliance"]["compliant_d30"], false);
}

#[tokio::test]
async fn the_log_shows_each_call_with_its_body_and_no_secret() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison"));
    let line = client.simulator.order(&id).unwrap().lines[0].id.clone();
    let body = json!([parcel("6A1", &[&line])]);
    client.post(&format!("/orders/{id}/shipments"), &body).await;
    client.get("/orders?status=Shipped").await;
    let log = client.own(Method::GET, "/_sim/calls", &Value::Null).await;
    assert!(!log.text.contains("maison-secret"));
    let calls = log.json();
    assert_eq!(calls[0]["body"], json!({ "client_id": "maison-client" }));
    assert_eq!(
        (&calls[1]["method"], &calls[1]["status"], &calls[1]["body"], &calls[1]["seller_id"]),
        (&json!("POST"), &json!(201), &body, &json!("98979"))
    );
    assert_eq!(calls[1]["path"], format!("/seller/v2/orders/{id}/shipments"));
    assert_eq!(calls[2]["query"], "status=Shipped");
    assert_eq!(client.own(Method::DELETE, "/_sim/calls", &Value::Null).await.status, 204);
    assert!(client.simulator.calls().is_empty());
}

#[tokio::test]
async fn actors_can_be_played_over_http() {
    let client = Client::new().await;
    let draft = json!({ "seller": "maison", "status": "WaitingAcceptance", "lines": 2 });
    let added = client.own(Method::POST, "/_sim/orders", &draft).await;
    assert_eq!(added.status, 201, "{}", added.text);
    let id = added.json()["id"].as_str().unwrap().to_owned();
    let act = async |deed: &str, body: Value| {
        client.own(Method::POST, &format!("/_sim/orders/{id}/{deed}"), &body).await
    };
    assert_eq!(act("approve", Value::Null).await.json()["status"], "Accepted");
    let time = client.own(Method::POST, "/_sim/advance", &json!({ "seconds": 1260 })).await;
    assert_eq!(time.status, 200);
    assert_eq!(
        act("ask-cancellation", Value::Null).await.json()["lines"][0]["status"],
        "CancelRequest"
    );
    assert_eq!(act("deny-cancellation", Value::Null).await.json()["status"], "InPreparation");
    let shipped = act("ship", json!({ "carrier": "UPS", "number": "1Z1" })).await.json();
    assert_eq!(
        (&shipped["status"], &shipped["lines"][1]["parcels"]),
        (&json!("Shipped"), &json!(["1Z1"]))
    );
    assert_eq!(act("deliver", Value::Null).await.json()["status"], "Delivered");
    assert_eq!(act("cancel", Value::Null).await.status, 409);
    assert_eq!(act("sing", Value::Null).await.status, 404);
    let shown = client.own(Method::GET, &format!("/_sim/orders/{id}"), &Value::Null).await.json();
    assert_eq!(shown["wire"]["orderId"], id);
    let ledger = client.own(Method::GET, "/_sim/ledger", &Value::Null).await.json();
    let kinds: Vec<&str> =
        ledger.as_array().unwrap().iter().map(|effect| effect["kind"].as_str().unwrap()).collect();
    assert_eq!(
        kinds,
        ["approval", "status", "cancellation_request", "cancellation_denied", "shipment", "status"]
    );
}

#[tokio::test]
async fn bad_drafts_are_told_why() {
    let client = Client::new().await;
    for draft in [
        json!({ "seller": "nobody" }),
        json!({ "seller": "maison", "status": "Lost" }),
        json!({ "seller": "maison", "channel": "NOWHERE" }),
        json!({ "seller": "maison", "supply_mode": "Drone" }),
    ] {
        assert_eq!(client.own(Method::POST, "/_sim/orders", &draft).await.status, 400, "{draft}");
    }
}

#[tokio::test]
async fn faults_can_be_set_over_http() {
    let client = Client::new().await;
    let faults = "/_sim/faults";
    for fault in [
        json!({ "kind": "status", "status": 502, "body": "empty", "method": "GET", "path": "/count", "times": 1 }),
        json!({ "kind": "reset", "when": "after", "path": "/shipments", "every": 5 }),
        json!({ "kind": "malformed_order", "order": "2611181120Z44R8C" }),
        json!({ "kind": "drift", "by": -3, "skip": 100 }),
    ] {
        assert_eq!(client.own(Method::POST, faults, &fault).await.status, 201, "{fault}");
    }
    assert_eq!(client.get("/orders/count").await.status, 502);
    assert_eq!(client.get("/orders/count").await.status, 200);
    let listed = client.own(Method::GET, faults, &Value::Null).await.json();
    assert_eq!((&listed[0]["kind"], &listed[0]["fired"]), (&json!("status"), &json!(1)));
    assert_eq!(listed.as_array().unwrap().len(), 4);
    assert_eq!(client.own(Method::DELETE, faults, &Value::Null).await.status, 204);
    assert_eq!(client.own(Method::GET, faults, &Value::Null).await.json(), json!([]));
    let wrong = json!({ "kind": "gremlins" });
    assert_eq!(client.own(Method::POST, faults, &wrong).await.status, 422);
}

#[tokio::test]
async fn credentials_can_be_spoiled_over_http() {
    let client = Client::new().await;
    client.own(Method::POST, "/_sim/revoke-tokens", &Value::Null).await;
    assert_eq!(client.get("/orders").await.status, 401);
    let secret = json!({ "seller": "maison", "secret": "new" });
    assert_eq!(client.own(Method::POST, "/_sim/secret", &secret).await.status, 204);
    assert_eq!(client.ask_token("maison-client", "maison-secret").await.status, 401);
}

#[tokio::test]
async fn a_stopped_simulator_refuses_connections() {
    let client = Client::new().await;
    let url = client.simulator.base_url();
    let Client { simulator, http, .. } = client;
    Simulator::stop(simulator).await;
    assert!(http.get(url).send().await.unwrap_err().is_connect());
}
