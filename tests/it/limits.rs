//! How much a request may hold, over real connections.

use axum::Router;
use axum::http::StatusCode;
use axum::routing::get;
use sqlx::PgPool;

use crate::server::Server;
use crate::server::WIDE;
use crate::support::TestApp;

const KB: usize = 1024;

fn form(size: usize) -> String {
    let body = &format!("email={}", "x".repeat(size))[..size];
    format!(
        "POST /sign-in HTTP/1.1\r\nHost: comptoir.test\r\nOrigin: http://comptoir.test\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\
         Content-Length: {size}\r\n\r\n{body}"
    )
}

fn chunked(size: usize) -> String {
    let body = &format!("email={}", "x".repeat(size))[..size];
    format!(
        "POST /sign-in HTTP/1.1\r\nHost: comptoir.test\r\nOrigin: http://comptoir.test\r\n\
         Content-Type: application/x-www-form-urlencoded\r\nConnection: close\r\n\
         Transfer-Encoding: chunked\r\n\r\n{size:x}\r\n{body}\r\n0\r\n\r\n"
    )
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or(answer)
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_form_holds_so_much_and_no_more(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let server = Server::start(app.router, WIDE).await;
    for (request, expected) in [
        (form(256 * KB), "422"),
        (form(256 * KB + 1), "413"),
        (chunked(256 * KB), "422"),
        (chunked(256 * KB + 1), "413"),
    ] {
        let answer = server.ask(&request).await;
        assert_eq!(status(&answer), expected, "{answer:.2000}");
        if expected == "413" {
            assert!(answer.contains("<h1>This is too large"), "{answer:.2000}");
            assert!(answer.contains("content-security-policy: default-src 'none'"));
        }
    }
}

/// As browsers do, this sends everything before it reads. If it were cut off meanwhile, a person would see a
/// page of the browser's.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_too_large_may_be_sent_to_its_end(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let server = Server::start(app.router, WIDE).await;
    let answer = server.ask(&form(12 * KB * KB)).await;
    assert_eq!(status(&answer), "413", "{answer:.2000}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_far_too_large_is_cut_off(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let server = Server::start(app.router, WIDE).await;
    let mut client = server.connect().await;
    let head = form(0).replace("Content-Length: 0", "Content-Length: 9000000000");
    client.send(head).await;
    let chunk = "x".repeat(KB * KB);
    let mut sent = 0;
    while sent < 200 && client.try_send(&chunk).await.is_ok() {
        sent += 1;
    }
    assert!(sent < 100, "{sent} MB were taken");
}

#[tokio::test]
async fn a_header_holds_so_much_and_no_more() {
    let router = Router::new().route("/", get(async || StatusCode::NO_CONTENT));
    let server = Server::start(router, WIDE).await;
    let with = |headers: &str| {
        format!("GET / HTTP/1.1\r\nHost: comptoir.test\r\nConnection: close\r\n{headers}\r\n")
    };
    let cookie = |size: usize| with(&format!("Cookie: {}\r\n", "x".repeat(size)));
    assert_eq!(status(&server.ask(&cookie(15 * KB)).await), "204");
    assert_eq!(status(&server.ask(&cookie(17 * KB)).await), "431");
    assert_eq!(status(&server.ask(&with(&"A: b\r\n".repeat(98))).await), "204");
    assert_eq!(status(&server.ask(&with(&"A: b\r\n".repeat(99))).await), "431");
    let address = format!("GET /{} HTTP/1.1\r\nHost: a\r\n\r\n", "x".repeat(17 * KB));
    assert_eq!(status(&server.ask(&address).await), "431");
}

/// A request that two programs on the way may read differently is read by neither (request smuggling).
#[tokio::test]
async fn a_request_that_can_be_read_in_two_ways_is_turned_down() {
    let router = Router::new()
        .route("/", get(async || StatusCode::NO_CONTENT).post(async |_: String| StatusCode::OK));
    let server = Server::start(router, WIDE).await;
    for headers in [
        "Content-Length: 5\r\nContent-Length: 6\r\n",
        "Content-Length: +5\r\n",
        "Content-Length: 5, 6\r\n",
        "Transfer-Encoding: chunked, identity\r\n",
        "Bad Name: x\r\n",
        "Folded: x\r\n y\r\n",
    ] {
        let request =
            format!("POST / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{headers}\r\nhello");
        assert_eq!(status(&server.ask(&request).await), "400", "{headers}");
    }
}
