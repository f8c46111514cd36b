//! What every answer carries, whatever it is and whoever gave it (`reliability` S-9).

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::header;
use axum::routing::get;
use axum::routing::post;
use comptoir::domain::operator::Role;
use comptoir::web;
use comptoir::web::Environment;
use comptoir::web::Settings;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::server::SHORT;
use crate::support::Browser;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::routes;

const ALWAYS: &[(&str, &str)] = &[
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; \
         connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; \
         object-src 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("cross-origin-embedder-policy", "require-corp"),
    ("cache-control", "no-store"),
];

/// Features that a page of ours never needs, so that nothing planted in one could use them.
const FORBIDDEN: &[&str] =
    &["camera", "geolocation", "microphone", "payment", "usb", "display-capture"];

/// What is wrong with the headers of an answer.
fn flaws(page: &Page) -> Vec<String> {
    let mut flaws = Vec::new();
    for (name, value) in ALWAYS {
        let values: Vec<_> = page.headers.get_all(*name).iter().collect();
        if values != [value] {
            flaws.push(format!("{name}: {values:?}"));
        }
    }
    let features = page.header("permissions-policy");
    let missing = FORBIDDEN.iter().filter(|it| !features.contains(&format!("{it}=()")));
    flaws.extend(missing.map(|it| format!("permissions-policy allows {it}")));
    if page.header("x-request-id").len() != 10 {
        flaws.push("no x-request-id".to_owned());
    }
    for leak in ["server", "x-powered-by", "access-control-allow-origin"] {
        if page.headers.contains_key(leak) {
            flaws.push(format!("{leak}: {}", page.header(leak)));
        }
    }
    flaws
}

#[track_caller]
pub fn assert_is_guarded(page: &Page) {
    assert_eq!(flaws(page), Vec::<String>::new(), "{}", page.status);
}

/// An address of that route; there is nothing behind most of them.
fn address(route: &str) -> String {
    let values = [
        ("{account}", "maison"),
        ("{order_id}", "2611190911QK4D"),
        ("{action}", "ship"),
        ("{channel}", "CDISFR"),
        ("{id}", "0198c0de-0000-7000-8000-000000000000"),
        ("{token}", "nobody-was-invited-with-this"),
    ];
    let path =
        values.iter().fold(route.to_owned(), |path, (name, value)| path.replace(name, value));
    assert!(!path.contains('{') || route.starts_with("/static/"), "{route} needs a value above");
    path
}

/// The requests that a route is tried with, and how they are called in a failure.
fn requests(path: &str) -> Vec<(String, Request<Body>)> {
    let mut requests = Vec::new();
    let kinds = [
        ("", ""),
        ("application/x-www-form-urlencoded", ""),
        ("application/x-www-form-urlencoded", "a=b&a=c"),
        ("application/x-www-form-urlencoded", "a=%00"),
        ("text/plain", "a"),
    ];
    for method in ["GET", "HEAD", "OPTIONS", "POST", "PUT", "DELETE"] {
        for (kind, body) in kinds {
            if !kind.is_empty() && method != "POST" {
                continue;
            }
            for site in ["same-origin", "cross-site"] {
                let request = Request::builder().method(method).uri(path);
                let request = request.header("sec-fetch-site", site);
                let request = request.header(header::CONTENT_TYPE, kind);
                let name = format!("{method} {path} {kind} {body} {site}");
                requests.push((name, request.body(Body::from(body)).unwrap()));
            }
        }
    }
    requests
}

async fn try_everything(browser: &Browser, paths: &[String]) -> BTreeMap<u16, String> {
    let mut seen = BTreeMap::new();
    for (name, request) in paths.iter().flat_map(|it| requests(it)) {
        let (parts, body) = request.into_parts();
        let mut request = Request::builder().method(parts.method).uri(parts.uri);
        request.headers_mut().unwrap().extend(parts.headers);
        let page = browser.send(request, body).await;
        assert_eq!(flaws(&page), Vec::<String>::new(), "{name}: {}", page.status);
        seen.entry(page.status).or_insert(name);
    }
    seen
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_route_answers_with_them_whatever_it_is_asked_by_whomever(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut paths: Vec<_> = routes(&app.router).iter().map(|it| address(it)).collect();
    assert!(paths.len() >= 20, "{paths:?}");
    paths.extend(["/nowhere".to_owned(), "/orders/%00".to_owned(), "/%FF".to_owned()]);
    let mut seen = BTreeSet::new();
    for role in [None, Some(Role::Viewer), Some(Role::Admin)] {
        let browser = match role {
            Some(role) => app.sign_in(role).await,
            None => app.visitor(),
        };
        // Signing out is tried last: it ends the session.
        paths.sort_by_key(|it| it == "/sign-out");
        seen.extend(try_everything(&browser, &paths).await.into_keys());
    }
    let kinds = [200, 303, 400, 403, 404, 405, 415, 422];
    assert!(kinds.iter().all(|it| seen.contains(it)), "some kind was not tried: {seen:?}");
    assert!(seen.iter().all(|it| *it < 500), "{seen:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn so_do_failures(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let page = browser.post("/sign-in", &[("email", &"a".repeat(300 * 1024))]).await;
    assert_eq!(page.status, 413);
    assert_is_guarded(&page);
    let panics = Router::new().route("/", get(async || -> &str { panic!("deliberately") }));
    let page = app.framed(panics).get("/").await;
    assert_eq!(page.status, 500);
    assert_is_guarded(&page);
    let never = Router::new().route("/", post(async || std::future::pending::<()>().await));
    let page = Browser::new(web::frame(never, app.state.clone(), SHORT)).post("/", &[]).await;
    assert_eq!(page.status, 408);
    assert_is_guarded(&page);
    app.pool.close().await;
    for path in ["/orders", "/readyz"] {
        let page = browser.get(path).await;
        assert_eq!(page.status, 503);
        assert_is_guarded(&page);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn over_https_browsers_are_told_to_stay_with_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let page = app.visitor().get("/sign-in").await;
    assert_eq!(page.header("strict-transport-security"), "", "there is no https to stay with");
    let settings = Settings {
        admins_need_second_factor: false,
        rehash_below: web::passwords::Work::STANDARD,
        trusted_proxies: Vec::new(),
        send_delay: SignedDuration::ZERO,
        secure_cookies: true,
        environment: Environment::Production,
    };
    let app = TestApp::start_with(app.pool, settings).await;
    for path in ["/sign-in", "/nowhere", "/healthz", "/sign-out"] {
        let value = "max-age=63072000; includeSubDomains";
        assert_eq!(app.visitor().get(path).await.header("strict-transport-security"), value);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn signing_out_has_the_browser_forget_what_it_kept(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let page = browser.post("/sign-out", &[]).await;
    assert_eq!(page.header("clear-site-data"), "\"cache\", \"storage\"");
    assert_eq!(browser.get("/sign-in").await.header("clear-site-data"), "");
}
