//! Where people are sent after sign-in: to a page of ours, whatever an address says (`reliability` S-20).

use axum::body::Body;
use axum::http::Request;
use comptoir::domain::operator::Role;
use serde_html_form::to_string;
use sqlx::PgPool;

use crate::support::PASSWORD;
use crate::support::TestApp;
use crate::support::email;

const OURS: &[&str] = &[
    "/",
    "/orders",
    "/orders?status=Shipped&q=a%20b",
    "/orders/maison/A-1/ship",
    "/orders?q=https%3A%2F%2Fevil.example",
    "/glossary#accepted",
];

pub const NOT_OURS: &[&str] = &[
    "",
    "orders",
    "//evil.example",
    "///evil.example",
    "////evil.example/%2f..",
    "/\\evil.example",
    "\\/evil.example",
    "\\\\evil.example",
    "/\t/evil.example",
    "/\n/evil.example",
    "\t//evil.example",
    " //evil.example",
    "/ /evil.example",
    "/.//evil.example",
    "/orders//evil.example",
    "/orders/..//evil.example",
    "https://evil.example",
    "https:evil.example",
    "HTTPS:/evil.example",
    "http:///evil.example",
    "comptoir.test.evil.example/",
    "@evil.example",
    "//comptoir.test@evil.example",
    "//evil.example:80\\@comptoir.test",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "\u{1}javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "file:///etc/passwd",
    "/\r\nSet-Cookie: sid=planted",
    "/\u{2028}/evil.example",
    "/\u{ff0f}evil.example",
    "\u{ff0f}\u{ff0f}evil.example",
    "/é",
];

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_form_sends_to_pages_of_ours_only(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let cases = OURS.iter().map(|it| (*it, *it)).chain(NOT_OURS.iter().map(|it| (*it, "/")));
    for (next, location) in cases {
        let fields = [("email", email(Role::Viewer)), ("password", PASSWORD), ("next", next)];
        let browser = app.visitor();
        let page = browser.post("/sign-in", &fields).await;
        assert_eq!((page.status, page.location()), (303, location), "{next:?}");
        assert_eq!(page.headers.get_all("location").iter().count(), 1, "{next:?}");
        // Whoever is signed in already is sent on by the page itself.
        let query = to_string([("next", next)]).unwrap();
        let page = browser.get(&format!("/sign-in?{query}")).await;
        assert_eq!((page.status, page.location()), (303, location), "{next:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_form_carries_on_pages_of_ours_only(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for next in NOT_OURS {
        let query = to_string([("next", *next)]).unwrap();
        let page = app.visitor().get(&format!("/sign-in?{query}")).await;
        assert_eq!(page.status, 200, "{next:?}");
        assert_eq!(page.value_of("next").as_deref(), Some("/"), "{next:?}");
        let fields = [("email", "nobody@comptoir.test"), ("password", "wrong"), ("next", *next)];
        let page = app.visitor().post("/sign-in", &fields).await;
        assert_eq!(page.value_of("next").as_deref(), Some("/"), "{next:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_fragment_is_sent_back_to_the_page_it_was_asked_from_only_if_that_is_ours(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for (page, location) in [
        ("http://comptoir.test/orders?q=a", "/sign-in?next=%2Forders%3Fq%3Da"),
        ("http://evil.example/orders", "/sign-in"),
        ("http://comptoir.test@evil.example/orders", "/sign-in"),
        ("http://comptoir.test//evil.example", "/sign-in"),
        ("javascript:alert(1)", "/sign-in"),
        ("nonsense", "/sign-in"),
    ] {
        let request = Request::get("/sync");
        let request = request.header("hx-request", "true").header("hx-current-url", page);
        let answer = app.visitor().send(request, Body::empty()).await;
        assert_eq!((answer.status, answer.header("hx-redirect")), (200, location), "{page}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_strange_address_of_ours_does_not_lead_elsewhere_after_sign_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let answer = app.visitor().get("/orders?next=//evil.example").await;
    assert_eq!(answer.status, 303);
    assert_eq!(answer.location(), "/sign-in");
}
