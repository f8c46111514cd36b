//! Two servers: one that answers any request as told and keeps what it was asked, and one that
//! writes bytes (or nothing) to a socket for what no HTTP library would do.

use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;

use axum::body::Body;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::response::IntoResponse as _;
use axum::response::Response;
use comptoir::octopia::Client;
use comptoir::octopia::Config;
use tokio::io::AsyncReadExt as _;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::net::TcpStream;

/// A request as it arrived.
#[derive(Clone)]
pub struct Call {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: HeaderMap,
    /// As text; see `bytes` for what is none.
    pub body: String,
    pub bytes: Vec<u8>,
}

impl Call {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn is_for_a_token(&self) -> bool {
        self.target == "/token"
    }
}

/// Answers every request by one function, and remembers them.
pub struct Server {
    pub address: SocketAddr,
    calls: Arc<Mutex<Vec<Call>>>,
}

impl Server {
    /// `answer` gets every request, those for a token (`/token`) included.
    pub async fn start(answer: impl Fn(&Call) -> Response + Clone + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let calls = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&calls);
        let app = axum::Router::new().fallback(async move |request: Request| {
            let (head, body) = request.into_parts();
            let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
            let call = Call {
                method: head.method.to_string(),
                target: head.uri.to_string(),
                headers: head.headers,
                body: String::from_utf8_lossy(&body).into_owned(),
                bytes: body.to_vec(),
            };
            seen.lock().unwrap().push(call.clone());
            answer(&call)
        });
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { address, calls }
    }

    /// Gives tokens, and to everything else the answer that `answer` makes.
    pub async fn answering(answer: impl Fn() -> Response + Clone + Send + Sync + 'static) -> Self {
        Self::start(move |call| if call.is_for_a_token() { token() } else { answer() }).await
    }

    /// Answers with this document.
    pub async fn serving(body: impl Into<String>) -> Self {
        let body = body.into();
        Self::answering(move || json(200, body.clone())).await
    }

    pub fn config(&self) -> Config {
        config(&format!("http://{}/seller/v2", self.address), &self.token_url())
    }

    pub fn client(&self) -> Client {
        Client::new(self.config()).unwrap()
    }

    pub fn token_url(&self) -> String {
        format!("http://{}/token", self.address)
    }

    /// What was asked so far, without the requests for tokens.
    pub fn calls(&self) -> Vec<Call> {
        self.calls.lock().unwrap().iter().filter(|call| !call.is_for_a_token()).cloned().collect()
    }

    pub fn tokens_asked(&self) -> usize {
        self.calls.lock().unwrap().iter().filter(|call| call.is_for_a_token()).count()
    }
}

pub fn config(base_url: &str, token_url: &str) -> Config {
    Config {
        base_url: base_url.parse().unwrap(),
        token_url: token_url.parse().unwrap(),
        client_id: "maison".to_owned(),
        client_secret: "s3cr3t-of-maison".to_owned().into(),
        seller_id: "98979".to_owned(),
        requests_per_second: NonZeroU32::new(10_000),
        timeout: Some(Duration::from_secs(10)),
    }
}

/// A token of two hours.
pub fn token() -> Response {
    json(200, r#"{"access_token":"T-1","expires_in":7200,"token_type":"Bearer"}"#)
}

pub fn json(status: u16, body: impl Into<Body>) -> Response {
    answer(status, &[("content-type", "application/json")], body)
}

pub fn answer(status: u16, headers: &[(&'static str, &str)], body: impl Into<Body>) -> Response {
    let mut response = body.into().into_response();
    *response.status_mut() = status.try_into().unwrap();
    for (name, value) in headers {
        response.headers_mut().insert(*name, value.parse().unwrap());
    }
    response
}

/// What a [`raw`] server does once it has read a whole request.
#[derive(Clone, Copy)]
pub enum Ending {
    /// Resets the connection.
    Reset,
    /// Writes these bytes and closes.
    Bytes(&'static str),
    /// Keeps the connection and says nothing more than these bytes.
    Silence(&'static str),
}

/// A server for API calls that ends each of them in this way; counts the requests it read.
pub async fn raw(ending: Ending) -> (SocketAddr, Arc<Mutex<u32>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let requests = Arc::new(Mutex::new(0));
    let counter = Arc::clone(&requests);
    tokio::spawn(async move {
        let mut kept = Vec::new();
        loop {
            let (mut socket, _) = listener.accept().await.unwrap();
            read_request(&mut socket).await;
            *counter.lock().unwrap() += 1;
            match ending {
                Ending::Reset => socket.set_zero_linger().unwrap(),
                Ending::Bytes(bytes) => socket.write_all(bytes.as_bytes()).await.unwrap(),
                Ending::Silence(bytes) => {
                    socket.write_all(bytes.as_bytes()).await.unwrap();
                    kept.push(socket);
                }
            }
        }
    });
    (address, requests)
}

async fn read_request(socket: &mut TcpStream) {
    let mut request = Vec::new();
    loop {
        let text = String::from_utf8_lossy(&request).to_ascii_lowercase();
        if let Some((head, body)) = text.split_once("\r\n\r\n") {
            let length = head.split_once("content-length: ").map_or(0, |(_, rest)| {
                rest.split("\r\n").next().unwrap().parse::<usize>().unwrap()
            });
            if body.len() >= length {
                return;
            }
        }
        if socket.read_buf(&mut request).await.unwrap() == 0 {
            return;
        }
    }
}
