//! People at the other end who take their time, over real connections.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::ConnectInfo;
use axum::http::StatusCode;
use axum::routing::get;
use axum::routing::post;
use comptoir::web;
use comptoir::web::connections::Limits;
use sqlx::PgPool;
use tokio::sync::Notify;

use crate::server::SHORT;
use crate::server::Server;
use crate::server::WIDE;
use crate::support::TestApp;

const REQUEST: &str = "GET / HTTP/1.1\r\nHost: comptoir.test\r\n\r\n";
const LAST_REQUEST: &str = "GET / HTTP/1.1\r\nHost: comptoir.test\r\nConnection: close\r\n\r\n";

fn nothing() -> Router {
    Router::new().route("/", get(async || StatusCode::NO_CONTENT))
}

/// Answers when it is told to, and tells when it was asked.
fn waiting() -> (Router, Arc<Notify>, Arc<Notify>) {
    let (asked, go) = (Arc::new(Notify::new()), Arc::new(Notify::new()));
    let (asked_by, waits_for) = (asked.clone(), go.clone());
    let handler = async move || {
        asked_by.notify_one();
        waits_for.notified().await;
        StatusCode::NO_CONTENT
    };
    (Router::new().route("/", get(handler)), asked, go)
}

#[tokio::test]
async fn a_connection_on_which_nothing_comes_is_closed() {
    let server = Server::start(nothing(), Limits { header_time: SHORT, ..WIDE }).await;
    assert_eq!(server.connect().await.read_to_end().await, "");
}

#[tokio::test]
async fn a_header_that_never_ends_is_given_up() {
    let server = Server::start(nothing(), Limits { header_time: SHORT, ..WIDE }).await;
    let mut client = server.connect().await;
    client.send("GET / HTTP/1.1\r\nHost: comptoir.test\r\nX-Half: ").await;
    assert_eq!(client.read_to_end().await, "");
}

#[tokio::test]
async fn a_header_that_drips_gains_no_time() {
    let server = Server::start(nothing(), Limits { header_time: SHORT * 2, ..WIDE }).await;
    let mut client = server.connect().await;
    client.send("GET / HTTP/1.1\r\n").await;
    let mut lines = 0;
    while client.hears_nothing().await {
        lines += 1;
        assert!(lines < 20, "still open after {lines} lines");
        if client.try_send("X-More: x\r\n").await.is_err() {
            break;
        }
    }
}

#[tokio::test]
async fn a_connection_serves_one_request_after_another_until_it_idles() {
    let server = Server::start(nothing(), Limits { header_time: SHORT * 5, ..WIDE }).await;
    let mut client = server.connect().await;
    for _ in 0..3 {
        client.send(REQUEST).await;
        assert!(client.read_header().await.starts_with("HTTP/1.1 204 "));
    }
    assert_eq!(client.read_to_end().await, "");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_body_that_does_not_come_ends_in_a_page_that_says_so(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let takes = Router::new().route("/", post(async |_: String| StatusCode::NO_CONTENT));
    let server = Server::start(web::frame(takes, app.state.clone(), SHORT), WIDE).await;
    for header in ["Content-Length: 100", "Transfer-Encoding: chunked"] {
        let mut client = server.connect().await;
        let head = "POST / HTTP/1.1\r\nHost: comptoir.test\r\nOrigin: http://comptoir.test\r\n";
        client.send(format!("{head}{header}\r\n\r\n5\r\nhalf ")).await;
        let answer = client.read_to_end().await;
        assert!(answer.starts_with("HTTP/1.1 408 "), "{header}: {answer}");
        assert!(answer.contains("<h1>This took too long"), "{answer}");
        assert!(answer.contains("content-security-policy: default-src 'none'"), "{answer}");
    }
}

#[tokio::test]
async fn whoever_does_not_read_the_answer_does_not_keep_the_place() {
    let large = Router::new().route("/", get(async || "x".repeat(64 << 20)));
    let limits = Limits { connections: 1, last_time: SHORT, ..WIDE };
    let server = Server::start(large.route("/small", get(async || "small")), limits).await;
    let mut deaf = server.connect().await;
    deaf.send(REQUEST).await;
    assert!(deaf.read_header().await.starts_with("HTTP/1.1 200 "));
    let small = "GET /small HTTP/1.1\r\nHost: comptoir.test\r\nConnection: close\r\n\r\n";
    assert!(server.ask(small).await.ends_with("small"));
    assert!(deaf.read_to_end().await.len() < 64 << 20, "the answer was cut");
}

#[tokio::test]
async fn a_connection_ends_after_its_time_even_if_it_is_used() {
    let limits = Limits { service_time: SHORT * 5, ..WIDE };
    let (router, asked, go) = waiting();
    let server = Server::start(router, limits).await;
    let mut idle = server.connect().await;
    let mut busy = server.connect().await;
    busy.send(REQUEST).await;
    asked.notified().await;
    assert_eq!(idle.read_to_end().await, "", "before anything else of the test's ends");
    assert!(busy.hears_nothing().await, "its request is still under way");
    go.notify_one();
    let answer = busy.read_to_end().await;
    assert!(answer.starts_with("HTTP/1.1 204 ") && answer.contains("connection: close"));
}

#[tokio::test]
async fn connections_that_do_nothing_make_room_at_once() {
    let server = Server::start(nothing(), Limits { connections: 3, ..WIDE }).await;
    let (mut silent, mut kept) = (server.connect().await, server.connect().await);
    kept.send(REQUEST).await;
    kept.read_header().await;
    let mut half = server.connect().await;
    half.send("GET / HTTP/1.1\r\nHost: ").await;
    for _ in 0..10 {
        assert!(server.ask(LAST_REQUEST).await.starts_with("HTTP/1.1 204 "));
    }
    assert_eq!([silent.read_to_end().await, kept.read_to_end().await], ["", ""]);
    half.send("comptoir.test\r\nConnection: close\r\n\r\n").await;
    assert!(half.read_to_end().await.starts_with("HTTP/1.1 204 "), "it was doing something");
}

#[tokio::test]
async fn a_flood_of_silent_connections_keeps_nobody_out() {
    let server = Server::start(nothing(), Limits { connections: 8, ..WIDE }).await;
    let mut flood = Vec::new();
    for _ in 0..20 {
        for _ in 0..20 {
            flood.push(server.connect().await);
        }
        assert!(server.ask(LAST_REQUEST).await.starts_with("HTTP/1.1 204 "));
    }
}

#[tokio::test]
async fn whoever_is_served_is_not_put_out_for_others() {
    let (router, asked, go) = waiting();
    let server = Server::start(router, Limits { connections: 1, ..WIDE }).await;
    let mut first = server.connect().await;
    first.send(REQUEST).await;
    asked.notified().await;
    let mut second = server.connect().await;
    second.send(LAST_REQUEST).await;
    assert!(second.hears_nothing().await, "there is no place yet");
    go.notify_one();
    assert!(first.read_to_end().await.starts_with("HTTP/1.1 204 "));
    asked.notified().await;
    go.notify_one();
    assert!(second.read_to_end().await.starts_with("HTTP/1.1 204 "));
}

#[tokio::test]
async fn asked_to_stop_it_ends_what_is_under_way_and_takes_nothing_new() {
    let (router, asked, go) = waiting();
    let server = Server::start(router, WIDE).await;
    let (mut idle, mut busy) = (server.connect().await, server.connect().await);
    busy.send(REQUEST).await;
    asked.notified().await;
    server.stop.cancel();
    assert_eq!(idle.read_to_end().await, "");
    assert!(server.try_connect().await.is_err(), "nobody listens any more");
    assert!(!server.task.is_finished());
    go.notify_one();
    assert!(busy.read_to_end().await.starts_with("HTTP/1.1 204 "));
    server.task.await.unwrap();
}

#[tokio::test]
async fn asked_to_stop_it_does_not_wait_for_ever() {
    let (router, asked, _) = waiting();
    let server = Server::start(router, Limits { stop_time: SHORT, ..WIDE }).await;
    let mut busy = server.connect().await;
    busy.send(REQUEST).await;
    asked.notified().await;
    server.stop.cancel();
    tokio::time::timeout(Duration::from_secs(30), server.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_handler_can_know_the_address_of_the_other_end() {
    let tells = async |ConnectInfo(peer): ConnectInfo<std::net::SocketAddr>| peer.ip().to_string();
    let server = Server::start(Router::new().route("/", get(tells)), WIDE).await;
    assert!(server.ask(LAST_REQUEST).await.ends_with("\r\n\r\n127.0.0.1"));
}
