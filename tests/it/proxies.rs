//! Whose address counts behind a proxy.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::Request;
use comptoir::domain::operator::Role;
use comptoir::web::Settings;
use sqlx::PgPool;

use crate::support::PASSWORD;
use crate::support::TestApp;
use crate::support::email;
use crate::support::encode;

/// Somebody types a wrong password for an address that nobody has, and the status of the answer is returned.
async fn guess(app: &TestApp, other_end: &str, forwarded: &[&str], number: u32) -> u16 {
    let address: SocketAddr = format!("{other_end}:4711").parse().unwrap();
    let mut request = Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .extension(ConnectInfo(address));
    for line in forwarded {
        request = request.header("x-forwarded-for", *line);
    }
    let email = format!("nobody{number}@comptoir.test");
    app.visitor().send(request, encode(&[("email", &email), ("password", "wrong")])).await.status
}

async fn peers(app: &TestApp) -> Vec<String> {
    let sql = "SELECT DISTINCT peer FROM audit WHERE kind = 'sign_in_failed' ORDER BY 1";
    sqlx::query_scalar(sql).fetch_all(&app.pool).await.unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_header_that_anybody_can_send_neither_hides_nor_accuses(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for number in 0..30 {
        let made_up = format!("203.0.113.{number}");
        assert_eq!(guess(&app, "192.0.2.7", &[&made_up], number).await, 422);
    }
    assert_eq!(guess(&app, "192.0.2.7", &["203.0.113.99"], 99).await, 429);
    assert_eq!(peers(&app).await, ["192.0.2.7"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn behind_a_trusted_proxy_each_client_counts_for_itself(pool: PgPool) {
    let trusted_proxies = vec!["10.0.0.0/8".parse().unwrap()];
    let settings = Settings { trusted_proxies, ..TestApp::settings() };
    let app = TestApp::start_with(pool, settings).await;
    for number in 0..30 {
        // What the client made up stands before what the proxy wrote.
        let lines = [format!("203.0.113.{number}"), "192.0.2.7".to_owned()];
        assert_eq!(guess(&app, "10.0.0.1", &[&lines.join(", ")], number).await, 422);
    }
    assert_eq!(guess(&app, "10.0.0.2", &["203.0.113.99", "192.0.2.7"], 99).await, 429);
    assert_eq!(guess(&app, "10.0.0.1", &["192.0.2.8"], 99).await, 422, "a colleague");
    assert_eq!(peers(&app).await, ["192.0.2.7", "192.0.2.8"]);
    let request = Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("x-forwarded-for", "192.0.2.8")
        .extension(ConnectInfo(SocketAddr::from(([10, 0, 0, 1], 5))));
    let fields = [("email", email(Role::Viewer)), ("password", PASSWORD)];
    assert_eq!(app.visitor().send(request, encode(&fields)).await.status, 303);
    let peer: String = sqlx::query_scalar("SELECT peer FROM audit WHERE kind = 'signed_in'")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(peer, "192.0.2.8");
}
