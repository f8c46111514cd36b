//! Pages, their order and their links.

use octopia_simulator::Config;
use octopia_simulator::OrderDraft;
use serde_json::Value;

use crate::support::Client;

const ALL: &str = "updatedAtMin=2001-01-01T00:00:00Z";

async fn client() -> Client {
    Client::with(Config { orders: 250, ..Config::default() }).await
}

#[tokio::test]
async fn a_page_says_how_many_items_it_has_and_not_how_many_there_are() {
    let client = client().await;
    let page = client.get(&format!("/orders?{ALL}&pageSize=7")).await.json();
    let mut keys: Vec<&String> = page.as_object().unwrap().keys().collect();
    keys.sort();
    assert_eq!(keys, ["items", "itemsPerPage"]);
    assert_eq!((&page["itemsPerPage"], page["items"].as_array().unwrap().len()), (&7.into(), 7));
    let beyond = client.get(&format!("/orders?{ALL}&pageIndex=999")).await.json();
    assert_eq!((&beyond["itemsPerPage"], &beyond["items"]), (&0.into(), &Value::Array(vec![])));
}

#[tokio::test]
async fn pages_together_hold_every_order_once() {
    let client = client().await;
    let mut seen = Vec::new();
    for page in 1..10 {
        let path = format!("/orders?{ALL}&sort=updatedAt&pageSize=50&pageIndex={page}");
        seen.extend(client.ids(&path).await);
    }
    let expected = client.simulator.orders("maison").len();
    assert_eq!(seen.len(), expected);
    seen.sort();
    seen.dedup();
    assert_eq!(seen.len(), expected);
}

#[tokio::test]
async fn lists_are_sorted_as_asked() {
    let client = client().await;
    let dates = async |sort: &str, field: &str| {
        let page = client.get(&format!("/orders?{ALL}&pageSize=100{sort}")).await.json();
        let items = page["items"].as_array().unwrap();
        let date = |item: &Value| item[field].as_str().unwrap().parse::<jiff::Timestamp>().unwrap();
        items.iter().map(date).collect::<Vec<_>>()
    };
    assert!(dates("&sort=updatedAt", "updatedAt").await.is_sorted());
    assert!(dates("&sort=asc:updatedAt", "updatedAt").await.is_sorted());
    assert!(dates("&sort=createdAt", "createdAt").await.is_sorted());
    for sort in ["&desc=updatedAt", "&sort=updatedAt&desc=true", "&sort=desc:updatedAt"] {
        assert!(dates(sort, "updatedAt").await.iter().rev().is_sorted(), "{sort}");
    }
    assert!(dates("", "createdAt").await.iter().rev().is_sorted());
}

#[tokio::test]
async fn a_change_moves_an_order_to_the_end_of_the_changes() {
    let client = client().await;
    let id = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    client.simulator.add(OrderDraft::new("maison"));
    let before = client.simulator.order(&id).unwrap().updated_at;
    client.simulator.approve_in_portal(&id).unwrap();
    assert!(client.simulator.order(&id).unwrap().updated_at > before);
    assert_eq!(client.ids(&format!("/orders?{ALL}&desc=updatedAt&pageSize=1")).await, [id]);
}

#[tokio::test]
async fn the_link_header_is_relative_and_ends_with_the_list() {
    let client = client().await;
    let answer =
        client.get("/orders?createdAtMin=2001-01-01T00:00:00Z&pageSize=10&pageIndex=2").await;
    let query = "createdAtMin=2001-01-01T00:00:00Z&pageSize=10&pageIndex";
    let expected = format!(
        "</orders?{query}=1>; rel=\"first\",</orders?{query}=1>; rel=\"prev\",</orders?{query}=3>; rel=\"next\""
    );
    assert_eq!(answer.header("link"), expected);
    let last = client.get(&format!("/orders?{ALL}&pageIndex=999")).await;
    assert!(!last.header("link").contains("next"));
}

#[tokio::test]
async fn the_list_shows_whole_orders() {
    let client = client().await;
    let page = client.get(&format!("/orders?{ALL}&pageSize=1")).await.json();
    let listed = &page["items"][0];
    let id = listed["orderId"].as_str().unwrap();
    assert_eq!(&client.get(&format!("/orders/{id}")).await.json(), listed);
}
