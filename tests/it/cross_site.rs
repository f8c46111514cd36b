//! Whose forms are taken: the product's own pages', and nobody else's.

use axum::body::Body;
use axum::http::Request;
use axum::http::header;
use comptoir::domain::operator::Role;
use comptoir::web::Environment;
use comptoir::web::Settings;
use jiff::SignedDuration;
use sqlx::PgPool;
use tower::ServiceExt;

use crate::support::TestApp;

/// What becomes of a form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fate {
    Taken,
    /// "This form came from another site."
    Foreign,
    /// "It is not known where this form came from."
    Unknown,
}

/// `Sec-Fetch-Site` and `Origin` as they arrive over plain http, and what becomes of the form.
const CASES: &[(&[&str], &[&str], Fate)] = &[
    (&["same-origin"], &[], Fate::Taken),
    // A form that the browser sends again after a crash.
    (&["none"], &[], Fate::Taken),
    // What a page with a stricter referrer policy makes of its origin.
    (&["same-origin"], &["null"], Fate::Taken),
    (&["cross-site"], &["https://evil.example"], Fate::Foreign),
    // Another port, or another name of the same domain: the cookie comes along.
    (&["same-site"], &["http://comptoir.test:8081"], Fate::Foreign),
    (&["nonsense"], &[], Fate::Foreign),
    (&[""], &["http://comptoir.test"], Fate::Foreign),
    // What the browser says of itself is not overruled by an origin.
    (&["cross-site"], &["http://comptoir.test"], Fate::Foreign),
    (&["same-origin", "cross-site"], &[], Fate::Foreign),
    // Without https, browsers say their origin only.
    (&[], &["http://comptoir.test"], Fate::Taken),
    (&[], &["http://comptoir.test:8081"], Fate::Foreign),
    (&[], &["https://comptoir.test"], Fate::Foreign),
    (&[], &["http://evil.example"], Fate::Foreign),
    (&[], &["http://comptoir.test.evil.example"], Fate::Foreign),
    (&[], &["null"], Fate::Foreign),
    (&[], &["http://comptoir.test", "http://evil.example"], Fate::Foreign),
    (&[], &[], Fate::Unknown),
];

async fn post(app: &TestApp, sites: &[&str], origins: &[&str]) -> Fate {
    let mut request = Request::post("/sign-out").header(header::HOST, "comptoir.test");
    for site in sites {
        request = request.header("sec-fetch-site", *site);
    }
    for origin in origins {
        request = request.header(header::ORIGIN, *origin);
    }
    let request = request.body(Body::empty()).unwrap();
    let response = app.router.clone().oneshot(request).await.unwrap();
    if response.status() == 303 {
        return Fate::Taken;
    }
    assert_eq!(response.status(), 403);
    let body = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    let body = String::from_utf8(body.to_vec()).unwrap();
    assert!(body.contains("Nothing was recorded"), "{body}");
    if body.contains("<h1>This form came from another site") {
        Fate::Foreign
    } else {
        assert!(body.contains("<h1>It is not known where this form came from"), "{body}");
        Fate::Unknown
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_form_is_taken_from_a_page_of_ours_only(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for (sites, origins, fate) in CASES {
        assert_eq!(post(&app, sites, origins).await, *fate, "{sites:?} {origins:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn over_https_an_origin_without_it_is_another(pool: PgPool) {
    let settings = Settings {
        admins_need_second_factor: false,
        rehash_below: comptoir::web::passwords::Work::STANDARD,
        trusted_proxies: Vec::new(),
        send_delay: SignedDuration::ZERO,
        secure_cookies: true,
        environment: Environment::Production,
    };
    let app = TestApp::start_with(pool, settings).await;
    assert_eq!(post(&app, &[], &["https://comptoir.test"]).await, Fate::Taken);
    assert_eq!(post(&app, &[], &["HTTPS://Comptoir.test"]).await, Fate::Taken);
    assert_eq!(post(&app, &[], &["http://comptoir.test"]).await, Fate::Foreign);
    assert_eq!(post(&app, &[], &["https://comptoir.test:8443"]).await, Fate::Foreign);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_another_site_sends_changes_nothing_and_does_not_end_the_session(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Admin).await;
    for path in ["/sign-out", "/sync/pause", "/orders/maison/A-1/ship", "/invoices", "/nowhere"] {
        for method in ["POST", "PUT", "DELETE", "PATCH"] {
            let request = Request::builder().method(method).uri(path);
            let request = request.header("sec-fetch-site", "cross-site");
            assert_eq!(browser.send(request, Body::empty()).await.status, 403, "{method} {path}");
        }
    }
    assert_eq!(browser.get("/sync").await.status, 200);
    let paused: i64 =
        sqlx::query_scalar("SELECT count(*) FROM accounts WHERE sending_paused_at IS NOT NULL")
            .fetch_one(&app.pool)
            .await
            .unwrap();
    assert_eq!(paused, 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_link_in_a_mail_or_on_another_site_leads_to_the_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    for site in ["cross-site", "same-site", "none"] {
        let request = Request::get("/orders").header("sec-fetch-site", site);
        assert_eq!(browser.send(request, Body::empty()).await.status, 200, "{site}");
    }
}
