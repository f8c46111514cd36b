//! A small client that knows nothing but HTTP.

use octopia_simulator::Config;
use octopia_simulator::Simulator;
use reqwest::Method;
use reqwest::RequestBuilder;
use serde_json::Value;

/// A simulator and a client of the seller `maison`.
pub(crate) struct Client {
    pub(crate) simulator: Simulator,
    pub(crate) http: reqwest::Client,
    pub(crate) token: String,
}

/// An answer, read.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) text: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

pub(crate) async fn send(request: RequestBuilder) -> Answer {
    let answer = request.send().await.unwrap();
    let (status, headers) = (answer.status().as_u16(), answer.headers().clone());
    Answer { status, headers, text: answer.text().await.unwrap() }
}

impl Client {
    pub(crate) async fn new() -> Self {
        Self::with(Config::default()).await
    }

    pub(crate) async fn with(config: Config) -> Self {
        let simulator = Simulator::start(config).await.unwrap();
        // Built together with the product, whose reqwest brings no provider of its own.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let mut client = Self { simulator, http, token: String::new() };
        client.token = client.new_token("maison").await;
        client
    }

    pub(crate) async fn new_token(&self, seller: &str) -> String {
        let answer = self.ask_token(&format!("{seller}-client"), &format!("{seller}-secret")).await;
        answer.json()["access_token"].as_str().unwrap().to_owned()
    }

    pub(crate) async fn ask_token(&self, id: &str, secret: &str) -> Answer {
        let form =
            [("grant_type", "client_credentials"), ("client_id", id), ("client_secret", secret)];
        send(self.http.post(self.simulator.token_url()).form(&form)).await
    }

    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.simulator.base_url());
        self.http.request(method, url).bearer_auth(&self.token).header("SellerId", "98979")
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        send(self.request(Method::GET, path)).await
    }

    pub(crate) async fn post(&self, path: &str, body: &Value) -> Answer {
        send(self.request(Method::POST, path).json(body)).await
    }

    pub(crate) async fn ids(&self, path: &str) -> Vec<String> {
        let page = self.get(path).await.json();
        let items = page["items"].as_array().unwrap();
        items.iter().map(|item| item["orderId"].as_str().unwrap().to_owned()).collect()
    }

    pub(crate) async fn count(&self, query: &str) -> usize {
        self.get(&format!("/orders/count?{query}")).await.text.parse().unwrap()
    }

    /// Path, method and body of a page of the simulator's own.
    pub(crate) async fn own(&self, method: Method, path: &str, body: &Value) -> Answer {
        let url = format!("http://{}{path}", self.simulator.address());
        let request = self.http.request(method, url);
        send(if body.is_null() { request } else { request.json(body) }).await
    }
}

/// A parcel as the documents show it.
pub(crate) fn parcel(number: &str, lines: &[&str]) -> Value {
    serde_json::json!({
        "parcelNumber": number,
        "carrierName": "Colissimo",
        "trackingUrl": format!("https://www.laposte.fr/suivre-vos-envois?code={number}"),
        "orderLineIds": lines,
    })
}
