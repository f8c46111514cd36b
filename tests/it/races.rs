//! Requests that are under way while their user signs out: nothing that they do brings the session back.
//!
//! The request is held at a lock in the database, which is asked whether it waits there: no test sleeps.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::Request;
use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::support::Browser;
use crate::support::PASSWORD;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::encode;

const NEW: &str = "copper giraffe umbrella nine";

/// Waits until a request of this test waits for a lock.
async fn held(pool: &PgPool) {
    loop {
        let waiting: i64 = sqlx::query_scalar(
            "SELECT count(*) FROM pg_stat_activity
             WHERE datname = current_database() AND wait_event_type = 'Lock'",
        )
        .fetch_one(pool)
        .await
        .unwrap();
        if waiting > 0 {
            return;
        }
        tokio::task::yield_now().await;
    }
}

/// Sends that form, signs the same session out while it waits for that lock, and lets it go on.
async fn meanwhile_signed_out(
    app: &TestApp,
    browser: &Browser,
    lock_on: &str,
    path: &str,
    fields: &[(&str, &str)],
) -> Page {
    let other_tab = app.visitor();
    other_tab.set_cookie("sid", &browser.cookie("sid").unwrap());
    let mut lock = app.pool.begin().await.unwrap();
    let sql = format!("LOCK TABLE {lock_on} MODE");
    sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&mut *lock).await.unwrap();
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 5))));
    let (page, ()) = tokio::join!(browser.send(request, encode(fields)), async {
        held(&app.pool).await;
        assert_eq!(other_tab.post("/sign-out", &[]).await.status, 303);
        lock.rollback().await.unwrap();
    });
    page
}

async fn sessions(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM sessions").fetch_one(&app.pool).await.unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn no_request_that_is_under_way_brings_a_session_back(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (set_up, profile) = ("/settings/profile/second-factor", "/settings/profile");
    let marc = app.sign_in(Role::Manager).await;
    marc.post(&format!("{set_up}/start"), &[("password", PASSWORD)]).await;
    let code = app.app_code().await;
    let first = marc.cookie("sid").unwrap();
    marc.post("/sign-out", &[]).await;
    let password = [("present_password", PASSWORD), ("new_password", NEW)];
    for (lock_on, path, fields) in [
        // Each of these would give the session another identifier.
        ("sign_in_tries IN SHARE", "/sign-in/confirm", &[("password", PASSWORD)][..]),
        ("sign_in_tries IN SHARE", "/settings/profile/password", &password),
        ("second_factors IN EXCLUSIVE", set_up, &[("code", code.as_str())]),
        // These only write something.
        (
            "sign_in_tries IN SHARE",
            "/settings/profile/second-factor/start",
            &[("password", PASSWORD)],
        ),
        ("users IN SHARE", "/settings/profile/preferences", &[("language", "fr")]),
    ] {
        let browser = app.sign_in(Role::Manager).await;
        let before = browser.cookie("sid").unwrap();
        assert_ne!(before, first);
        let page = meanwhile_signed_out(&app, &browser, lock_on, path, fields).await;
        assert_eq!(page.status, 303, "{path}: {}", page.text());
        assert_eq!(sessions(&app).await, 0, "{path}");
        assert!(browser.get(profile).await.location().starts_with("/sign-in"), "{path}");
    }
    let left: bool =
        sqlx::query_scalar("SELECT bool_or(confirmed_at IS NOT NULL) FROM second_factors")
            .fetch_one(&app.pool)
            .await
            .unwrap();
    assert!(!left, "what an ended session asked for is not done");
    app.sign_in(Role::Manager).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_session_is_rotated_once_by_two_requests_at_once(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    let other = app.visitor();
    other.set_cookie("sid", &browser.cookie("sid").unwrap());
    let proof = [("password", PASSWORD)];
    let (one, two) = tokio::join!(
        browser.post("/sign-in/confirm", &proof),
        other.post("/sign-in/confirm", &proof)
    );
    let mut locations = [one.location().to_owned(), two.location().to_owned()];
    locations.sort();
    assert_eq!(sessions(&app).await, 1, "{locations:?}");
    let mut open = 0;
    for it in [&browser, &other] {
        open += i32::from(it.get("/sync").await.status == 200);
    }
    assert_eq!(open, 1);
}
