//! The filters of `GET /orders` and `GET /orders/count`.

use jiff::SignedDuration;
use octopia_simulator::Config;
use octopia_simulator::OrderDraft;

use crate::support::Client;

#[tokio::test]
async fn statuses_come_as_a_comma_list() {
    let client = Client::new().await;
    let waiting = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    let shipped = client.simulator.add(OrderDraft::new("maison").status("Shipped"));
    client.simulator.add(OrderDraft::new("maison").status("Refused"));
    let mut found = client.ids("/orders?status=WaitingAcceptance,Shipped").await;
    found.sort();
    let mut expected = vec![waiting, shipped];
    expected.sort();
    assert_eq!(found, expected);
    assert_eq!(client.count("status=WaitingAcceptance%2CShipped").await, 2);
}

#[tokio::test]
async fn unknown_words_are_refused_by_name() {
    let client = Client::new().await;
    for (query, field) in [
        ("status=Lost", "status"),
        ("status=Shipped,CancelRequest", "status"),
        ("supplyMode=Drone", "supplyMode"),
        ("businessOrder=maybe", "businessOrder"),
        ("updatedAtMin=yesterday", "updatedAtMin"),
        ("pageSize=101", "pageSize"),
        ("pageSize=0", "pageSize"),
        ("pageIndex=0", "pageIndex"),
        ("sort=price", "sort"),
    ] {
        let answer = client.get(&format!("/orders?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
        assert!(answer.json()["errors"][field].is_array(), "{query}: {}", answer.text);
    }
}

#[tokio::test]
async fn every_filter_narrows_the_list() {
    let client = Client::new().await;
    let draft = OrderDraft::new("maison").channel("WRTES").supply_mode("Fulfillment");
    let id = client.simulator.add(draft.reference(Some("REF-1")));
    client.simulator.add(OrderDraft::new("maison"));
    client.simulator.add(OrderDraft::new("atelier").channel("WRTES"));
    let wire = client.get(&format!("/orders/{id}")).await.json();
    let country = wire["billingAddress"]["countryCode"].as_str().unwrap();
    let business = wire["businessOrder"].as_bool().unwrap();
    for query in [
        "salesChannelId=WRTES",
        "salesChannelId=WRTES,RAKFR",
        "supplyMode=Fulfillment",
        "reference=REF-1",
        &format!("shippingCountry={country}&salesChannelId=WRTES"),
        &format!("businessOrder={business}&salesChannelId=WRTES"),
    ] {
        assert_eq!(
            client.ids(&format!("/orders?{query}")).await,
            std::slice::from_ref(&id),
            "{query}"
        );
        assert_eq!(client.count(query).await, 1, "{query}");
    }
}

#[tokio::test]
async fn dates_include_both_ends() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison"));
    let at = client.simulator.order(&id).unwrap().updated_at;
    let tick = SignedDuration::from_nanos(100);
    for (min, max, found) in [(at, at, 1), (at + tick, at + tick, 0), (at - tick, at - tick, 0)] {
        let query = format!("updatedAtMin={min}&updatedAtMax={max}");
        assert_eq!(client.ids(&format!("/orders?{query}")).await.len(), found, "{query}");
        assert_eq!(client.count(&query).await, found, "{query}");
    }
    let local = "2020-01-01T00:00:00";
    assert_eq!(client.ids(&format!("/orders?createdAtMin={local}")).await.len(), 1);
    assert_eq!(client.ids(&format!("/orders?shippedAtMin={local}Z")).await.len(), 0);
}

#[tokio::test]
async fn without_a_date_only_the_latest_orders_are_listed() {
    let client = Client::new().await;
    let now = client.simulator.now();
    let old = now - SignedDuration::from_hours(45 * 24);
    client.simulator.add(OrderDraft::new("maison").status("Delivered").created_at(old));
    let fresh = client.simulator.add(OrderDraft::new("maison"));
    assert_eq!(client.ids("/orders").await, [fresh]);
    assert_eq!(client.ids("/orders?createdAtMin=2001-01-01T00:00:00Z").await.len(), 2);
    assert_eq!(client.count("").await, 2);
}

#[tokio::test]
async fn counts_agree_with_the_lists() {
    let config = Config { orders: 300, ..Config::default() };
    let client = Client::with(config).await;
    for status in ["InPreparation", "Shipped", "Rejected", "Processing"] {
        let query = format!("status={status}&createdAtMin=2001-01-01T00:00:00Z");
        let mut listed = 0;
        for page in 1.. {
            let path = format!("/orders?{query}&pageSize=100&pageIndex={page}");
            let found = client.ids(&path).await.len();
            listed += found;
            if found < 100 {
                break;
            }
        }
        assert!(listed > 0, "{status}");
        assert_eq!(client.count(&query).await, listed, "{status}");
    }
}
