//! What is around every page, and what a visitor sees when something fails.

use axum::Router;
use axum::http::Request;
use axum::http::header;
use axum::routing::get;
use axum::routing::post;
use comptoir::domain::operator::Role;
use comptoir::web::Environment;
use comptoir::web::Settings;
use comptoir::web::passwords::Work;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::headers::assert_is_guarded;
use crate::support::Page;
use crate::support::TestApp;

async fn panics() -> &'static str {
    panic!("secret of the machine")
}

/// A page of ours that says what happened, with a number that finds the cause.
#[track_caller]
fn assert_is_problem(page: &Page, status: u16, title: &str) {
    assert_eq!(page.status, status, "{}", page.text());
    assert_eq!(page.title(), format!("{title} · Comptoir"));
    assert!(page.main_text().contains(page.header("x-request-id")), "{}", page.main_text());
    assert_is_guarded(page);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_cannot_be_answered_gets_a_page_that_says_so(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    assert_is_problem(&browser.get("/nowhere").await, 404, "Page not found");
    let page = browser.post("/sync", &[]).await;
    assert_is_problem(&page, 405, "This address cannot be opened like that");
    assert_eq!(page.header("allow"), "GET,HEAD");
    let large = "a".repeat(300 * 1024);
    let page = browser.post("/sign-in", &[("email", &large)]).await;
    assert_is_problem(&page, 413, "This is too large");
    let framed = app.framed(Router::new().route("/panics", get(panics)));
    assert_is_problem(&framed.get("/panics").await, 500, "Something broke on our side");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_the_database_the_visitor_is_told_so(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    app.pool.close().await;
    let page = browser.get("/sync").await;
    assert_is_problem(&page, 503, "Comptoir is not available just now");
    assert_eq!(page.header("retry-after"), "5");
    assert!(!page.text().contains("pool"), "the cause stays in the log: {}", page.text());
    let page = browser.post("/sign-in", &[("email", "a@b.test"), ("password", "c")]).await;
    assert_is_problem(&page, 503, "Comptoir is not available just now");
    assert!(page.main_text().contains("It is not certain whether what you sent was recorded."));
    assert_eq!(browser.get("/healthz").await.status, 200);
    let page = browser.get("/readyz").await;
    assert_eq!((page.status, page.body.as_str()), (503, "the database does not answer\n"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn it_is_ready_once_the_schema_is(pool: PgPool) {
    let app = TestApp::start(pool).await;
    assert_eq!(app.visitor().get("/readyz").await.status, 200);
    sqlx::query("UPDATE _sqlx_migrations SET success = FALSE").execute(&app.pool).await.unwrap();
    assert_eq!(app.visitor().get("/readyz").await.status, 503);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn bad_input_gives_a_page_and_never_a_failure_of_ours(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.visitor();
    let title = "This request cannot be understood";
    for path in
        ["/sign-in?next=%FF", "/sign-in?next=%", "/sign-in?next=%00", "/sign-in?next=/a&next=/b"]
    {
        assert_is_problem(&browser.get(path).await, 400, title);
    }
    let form = "application/x-www-form-urlencoded";
    let post = |content_type| Request::post("/sign-in").header(header::CONTENT_TYPE, content_type);
    for body in ["email=%FF", "email=%zz", "email=a%00b", "email=a&email=b"] {
        assert_is_problem(&browser.send(post(form), body).await, 400, title);
    }
    for content_type in ["application/json", "multipart/form-data; boundary=x", "text/plain"] {
        let page = browser.send(post(content_type), "email=a").await;
        assert_is_problem(&page, 415, "This is not a form");
    }
    let page = browser.send(Request::post("/sign-in"), "email=a").await;
    assert_is_problem(&page, 415, "This is not a form");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_panic_becomes_a_page_that_keeps_the_cause_to_itself(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.framed(Router::new().route("/panics", post(panics)));
    let page = browser.post("/panics", &[]).await;
    assert_is_problem(&page, 500, "Something broke on our side");
    assert!(!page.body.contains("secret of the machine"));
    assert!(page.main_text().contains("It is not certain whether what you sent was recorded."));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn for_htmx_a_problem_is_a_message_in_its_own_place(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let page = app.sign_in(Role::Viewer).await.get_fragment("/nowhere").await;
    assert_eq!(page.status, 404);
    assert!(page.body.starts_with("<div class=\"notice\""), "{}", page.body);
    assert_eq!(page.header("hx-retarget"), "#problem");
    assert_eq!(page.header("hx-reselect"), ".notice");
    assert_is_guarded(&page);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_user_keeps_their_navigation_where_there_is_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let page = app.sign_in(Role::Manager).await.get("/nowhere").await;
    assert!(page.text().contains("Marc Morel"));
    assert!(page.body.contains("href=\"/orders\""));
    let page = app.visitor().get("/nowhere").await;
    assert!(!page.body.contains("<nav"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_demo_says_that_it_is_one(pool: PgPool) {
    let settings = Settings {
        send_delay: SignedDuration::ZERO,
        secure_cookies: false,
        admins_need_second_factor: false,
        rehash_below: Work { memory: 8, passes: 1 },
        trusted_proxies: Vec::new(),
        environment: Environment::Demo,
    };
    let app = TestApp::start(pool).await;
    assert!(!app.visitor().get("/sign-in").await.text().contains("Demo"));
    let app = TestApp::start_with(app.pool, settings).await;
    assert!(app.visitor().get("/sign-in").await.text().contains("Demo"));
    assert!(app.sign_in(Role::Viewer).await.get("/nowhere").await.text().contains("Demo"));
}
