//! Declaring parcels.

use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use octopia_simulator::Status;
use serde_json::Value;
use serde_json::json;

use crate::support::Answer;
use crate::support::Client;
use crate::support::parcel;

async fn ship(client: &Client, id: &str, body: &Value) -> Answer {
    client.post(&format!("/orders/{id}/shipments"), body).await
}

fn lines(client: &Client, id: &str) -> Vec<String> {
    client.simulator.order(id).unwrap().lines.into_iter().map(|line| line.id).collect()
}

#[tokio::test]
async fn one_parcel_with_every_line_ships_the_order() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").lines(2));
    let all = lines(&client, &id);
    let body = json!([parcel("6A1", &[&all[0], &all[1]])]);
    let answer = ship(&client, &id, &body).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    let wire = client.get(&format!("/orders/{id}")).await.json();
    assert_eq!(
        (&wire["status"], &wire["lines"][1]["status"]),
        (&json!("Shipped"), &json!("Shipped"))
    );
    assert_eq!(wire["lines"][0]["parcels"][0]["parcelNumber"], "6A1");
    let call = client.simulator.calls().pop_if(|_| true).unwrap();
    assert_eq!(call.method, "GET");
    let posts: Vec<_> =
        client.simulator.calls().into_iter().filter(|call| call.method == "POST").collect();
    let shipment = posts.last().unwrap();
    assert_eq!((shipment.status, &shipment.body), (201, &body));
    let effect = &client.simulator.ledger()[0];
    assert_eq!((effect.kind, effect.by, &effect.order_id), ("shipment", Party::Api, &id));
}

#[tokio::test]
async fn a_shipment_must_be_complete() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison"));
    let line = lines(&client, &id).remove(0);
    let without = |field: &str| {
        let mut parcel = parcel("6A1", &[&line]);
        parcel.as_object_mut().unwrap().remove(field);
        json!([parcel])
    };
    for (body, field) in [
        (parcel("6A1", &[&line]), "$"),
        (json!([]), "$"),
        (without("parcelNumber"), "[0].parcelNumber"),
        (without("carrierName"), "[0].carrierName"),
        (without("orderLineIds"), "[0].orderLineIds"),
        (json!([parcel(" ", &[&line])]), "[0].parcelNumber"),
        (json!([parcel("6A1", &[])]), "[0].orderLineIds"),
    ] {
        let answer = ship(&client, &id, &body).await;
        assert_eq!(answer.status, 400, "{body}");
        assert!(answer.json()["errors"][field].is_array(), "{body}: {}", answer.text);
    }
    assert!(client.simulator.ledger().is_empty());
}

#[tokio::test]
async fn the_link_follows_the_documents_expression() {
    let client = Client::new().await;
    for (link, good) in [
        ("https://www.laposte.fr/suivre-vos-envois?code=3Y00523771050", true),
        ("HTTP://t.example.com/a", true),
        // The documents call these two invalid; their own expression takes them.
        ("https://carrier.com/track", true),
        ("https://tracking.local/internal/abc123", true),
        ("http://127.0.0.1:8080/x", true),
        ("https://a:0-90-9:0-9/x", true),
        ("ftp://track.com/123", false),
        ("Https://track.com/123", false),
        ("https://", false),
        ("https://t.example.com/a b", false),
        ("https://t.example.com/?ref=a:b", false),
        ("https://t.example.com/é", false),
        ("https://aélan.example.com/x", true),
        ("javascript:alert(1)", false),
    ] {
        let id = client.simulator.add(OrderDraft::new("maison"));
        let mut parcel = parcel(&format!("N{id}"), &[&lines(&client, &id)[0]]);
        parcel["trackingUrl"] = json!(link);
        let answer = ship(&client, &id, &json!([parcel])).await;
        assert_eq!(answer.status, if good { 201 } else { 400 }, "{link}: {}", answer.text);
    }
}

#[tokio::test]
async fn only_orders_in_preparation_can_be_shipped() {
    let client = Client::new().await;
    for status in ["WaitingAcceptance", "Accepted", "Refused", "Cancelled", "Shipped", "Delivered"]
    {
        let id = client.simulator.add(OrderDraft::new("maison").status(status));
        let body = json!([parcel("6A1", &[&lines(&client, &id)[0]])]);
        let answer = ship(&client, &id, &body).await;
        assert_eq!(answer.status, 409, "{status}");
        let said = format!("Cannot switch to shipped status from {status} status.");
        assert_eq!(answer.json()["errors"]["status"][0], said);
    }
}

#[tokio::test]
async fn warehouses_ship_their_lines_themselves() {
    let client = Client::new().await;
    let draft = OrderDraft::new("maison").lines(2).supply_mode("Fulfillment,Seller");
    let id = client.simulator.add(draft);
    let all = lines(&client, &id);
    let both = json!([parcel("6A1", &[&all[0], &all[1]])]);
    assert_eq!(ship(&client, &id, &both).await.status, 422);
    assert_eq!(ship(&client, &id, &json!([parcel("6A1", &[&all[1]])])).await.status, 201);
    let wire = client.get(&format!("/orders/{id}")).await.json();
    assert_eq!(wire["status"], "InPreparation", "the warehouse has not shipped yet");
    assert_eq!(wire["lines"][0].get("shippingAddress"), None);
    assert!(wire["lines"][1]["shippingAddress"].is_object());
}

#[tokio::test]
async fn cdiscount_takes_one_parcel_with_the_complete_order() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").lines(2));
    let all = lines(&client, &id);
    let partial = json!([parcel("6A1", &[&all[0]])]);
    let two = json!([parcel("6A1", &[&all[0]]), parcel("6A2", &[&all[1]])]);
    for body in [partial, two] {
        assert_eq!(ship(&client, &id, &body).await.status, 422, "{body}");
    }
}

#[tokio::test]
async fn worten_takes_lines_apart() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").channel("WRTES").lines(2));
    let all = lines(&client, &id);
    let first = json!([parcel("W1", &[&all[0]]), parcel("W2", &[&all[0]])]);
    assert_eq!(ship(&client, &id, &first).await.status, 201);
    let order = client.simulator.order(&id).unwrap();
    assert_eq!((order.status, order.lines[0].parcels.len()), (Status::InPreparation, 2));
    assert_eq!(ship(&client, &id, &first).await.status, 422, "the line is shipped already");
    assert_eq!(ship(&client, &id, &json!([parcel("W3", &[&all[1]])])).await.status, 201);
    assert_eq!(client.simulator.order(&id).unwrap().status, Status::Shipped);
}

#[tokio::test]
async fn rakuten_takes_several_parcels_but_only_the_whole_order() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison").channel("RAKFR").lines(2));
    let all = lines(&client, &id);
    let partial = json!([parcel("R1", &[&all[0]])]);
    let spread = json!([parcel("R1", &[&all[0], &all[1]]), parcel("R2", &[&all[1]])]);
    assert_eq!(ship(&client, &id, &partial).await.status, 422);
    assert_eq!(ship(&client, &id, &spread).await.status, 422);
    let whole = json!([parcel("R1", &[&all[0]]), parcel("R2", &[&all[1]])]);
    assert_eq!(ship(&client, &id, &whole).await.status, 201);
}

#[tokio::test]
async fn a_parcel_number_belongs_to_one_order() {
    let client = Client::new().await;
    let first = client.simulator.add(OrderDraft::new("maison"));
    let second = client.simulator.add(OrderDraft::new("maison"));
    let body = |id: &str| json!([parcel("6A1", &[&lines(&client, id)[0]])]);
    assert_eq!(ship(&client, &first, &body(&first)).await.status, 201);
    assert_eq!(ship(&client, &second, &body(&second)).await.status, 409);
}

#[tokio::test]
async fn lines_of_other_orders_are_refused() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison"));
    assert_eq!(ship(&client, &id, &json!([parcel("6A1", &["0000"])])).await.status, 422);
}

#[tokio::test]
async fn a_line_the_customer_wants_cancelled_may_still_leave_on_cdiscount() {
    let client = Client::new().await;
    let drafts = [
        (OrderDraft::new("maison"), 201),
        (OrderDraft::new("maison").asked_by(Party::Portal), 422),
        (OrderDraft::new("maison").channel("WRTES"), 422),
    ];
    for (draft, expected) in drafts {
        let id = client.simulator.add(draft.status("CancelRequest"));
        let order = client.simulator.order(&id).unwrap();
        assert_eq!(order.status, Status::InPreparation);
        assert_eq!(order.lines[0].status, Status::CancelRequest);
        let body = json!([parcel(&format!("P{id}"), &[&order.lines[0].id])]);
        assert_eq!(ship(&client, &id, &body).await.status, expected, "{}", order.channel.id);
    }
}
