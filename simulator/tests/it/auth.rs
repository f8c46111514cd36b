//! Tokens, the `SellerId` header and the other things every call needs.

use jiff::SignedDuration;
use octopia_simulator::Config;
use reqwest::Method;
use serde_json::json;

use crate::support::Client;
use crate::support::send;

#[tokio::test]
async fn a_token_lasts_two_hours() {
    let client = Client::new().await;
    let answer = client.ask_token("maison-client", "maison-secret").await.json();
    assert_eq!((&answer["expires_in"], &answer["token_type"]), (&json!(7200), &json!("Bearer")));
    client.simulator.advance(SignedDuration::from_mins(119));
    assert_eq!(client.get("/orders/count").await.status, 200);
    client.simulator.advance(SignedDuration::from_mins(2));
    assert_eq!(client.get("/orders/count").await.status, 401);
}

#[tokio::test]
async fn a_wrong_secret_is_an_invalid_client() {
    let client = Client::new().await;
    let answer = client.ask_token("maison-client", "wrong").await;
    assert_eq!(answer.status, 401);
    assert_eq!(answer.json()["error"], "invalid_client");
    client.simulator.set_secret("maison", "wrong");
    assert_eq!(client.ask_token("maison-client", "wrong").await.status, 200);
}

#[tokio::test]
async fn only_client_credentials_in_a_form_give_a_token() {
    let client = Client::new().await;
    let url = client.simulator.token_url();
    let other = send(client.http.post(&url).form(&[("grant_type", "password")])).await;
    assert_eq!((other.status, &other.json()["error"]), (400, &json!("unsupported_grant_type")));
    let body = json!({ "grant_type": "client_credentials" });
    assert_eq!(send(client.http.post(&url).json(&body)).await.status, 400);
}

#[tokio::test]
async fn tokens_have_an_hourly_quota() {
    let client = Client::with(Config { token_quota: 2, ..Config::default() }).await;
    assert_eq!(client.ask_token("maison-client", "maison-secret").await.status, 200);
    assert_eq!(client.ask_token("maison-client", "maison-secret").await.status, 429);
    assert_eq!(client.ask_token("atelier-client", "atelier-secret").await.status, 200);
    client.simulator.advance(SignedDuration::from_mins(61));
    assert_eq!(client.ask_token("maison-client", "maison-secret").await.status, 200);
}

#[tokio::test]
async fn a_call_without_a_good_token_is_unauthorized() {
    let client = Client::new().await;
    let url = format!("{}/orders", client.simulator.base_url());
    let none = send(client.http.get(&url).header("SellerId", "98979")).await;
    assert_eq!(none.status, 401);
    let bad = client.http.get(&url).bearer_auth("stale").header("SellerId", "98979");
    let bad = send(bad).await;
    assert_eq!(bad.status, 401);
    assert!(bad.header("content-type").starts_with("application/problem+json"));
    client.simulator.revoke_tokens();
    assert_eq!(client.get("/orders").await.status, 401);
}

#[tokio::test]
async fn a_call_without_seller_is_told_which_header_is_missing() {
    let client = Client::new().await;
    let url = format!("{}/orders", client.simulator.base_url());
    let answer = send(client.http.get(&url).bearer_auth(&client.token)).await;
    assert_eq!(answer.status, 400);
    let problem = answer.json();
    assert_eq!(problem["title"], "Validation Failed");
    assert_eq!(problem["errors"]["SellerId"][0], "The SellerId field is required.");
    assert_eq!(problem["status"], 400);
    assert!(problem["traceId"].as_str().is_some_and(|id| id.len() == 55));
}

#[tokio::test]
async fn another_sellers_id_is_forbidden() {
    let client = Client::new().await;
    let url = format!("{}/orders", client.simulator.base_url());
    let call = client.http.get(&url).bearer_auth(&client.token).header("sellerid", "98980");
    assert_eq!(send(call).await.status, 403);
}

#[tokio::test]
async fn only_json_is_spoken_both_ways() {
    let client = Client::new().await;
    let html = client.request(Method::GET, "/orders").header("Accept", "text/html");
    assert_eq!(send(html).await.status, 406);
    let text = client.request(Method::POST, "/orders/x/shipments").body("[]");
    assert_eq!(send(text).await.status, 415);
}

#[tokio::test]
async fn unknown_routes_and_orders_are_not_found() {
    let client = Client::new().await;
    for path in ["/nothing", "/orders/2611181120Z44R8C", "/orders/x/ship"] {
        let answer = client.get(path).await;
        assert_eq!(answer.status, 404, "{path}");
        assert_eq!(answer.json()["title"], "Not Found", "{path}");
    }
    assert_eq!(send(client.request(Method::DELETE, "/orders")).await.status, 405);
}

#[tokio::test]
async fn the_optional_rate_limit_says_when_to_come_back() {
    let config = Config { rate_limit: Some(1), ..Config::default() };
    let client = Client::with(config).await;
    let mut statuses = Vec::new();
    for _ in 0..10 {
        let answer = client.get("/orders/count").await;
        statuses.push((answer.status, answer.header("retry-after").to_owned()));
    }
    assert!(statuses.contains(&(200, String::new())), "{statuses:?}");
    assert!(statuses.contains(&(429, "1".to_owned())), "{statuses:?}");
}
