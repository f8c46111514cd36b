//! Signing in and out, and what happens to those who have not.

use comptoir::domain::operator::Role;
use comptoir::web::Environment;
use comptoir::web::Settings;
use comptoir::web::session_store::PgSessionStore;
use jiff::SignedDuration;
use jiff::ToSpan;
use sqlx::PgPool;
use tower_sessions::SessionStore;
use tower_sessions::session::Id;
use tower_sessions::session::Record;

use crate::support::PASSWORD;
use crate::support::TestApp;
use crate::support::email;

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn whoever_is_not_signed_in_is_sent_to_the_form_and_back(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.visitor();
    let page = browser.get("/sync?a=b%20c").await;
    assert_eq!((page.status, page.location()), (303, "/sign-in?next=%2Fsync%3Fa%3Db%2520c"));
    let form = browser.get(page.location()).await;
    assert_eq!(form.value_of("next").as_deref(), Some("/sync?a=b%20c"));
    let fields =
        [("email", email(Role::Viewer)), ("password", PASSWORD), ("next", "/sync?a=b%20c")];
    let page = browser.post("/sign-in", &fields).await;
    assert_eq!((page.status, page.location()), (303, "/sync?a=b%20c"));
    assert_eq!(browser.get("/sync?a=b%20c").await.status, 200);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_fragment_asked_for_without_a_session_sends_the_whole_page_to_the_form(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let page = app.visitor().get_fragment("/sync").await;
    assert_eq!((page.status, page.header("hx-redirect")), (200, "/sign-in?next=%2Fsync"));
    assert_eq!(page.body, "");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn one_answer_for_every_failure_keeps_the_address_and_clears_the_password(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut pages = Vec::new();
    for (email, password) in [
        (email(Role::Admin), "wrong"),
        ("nobody@comptoir.test", PASSWORD),
        (email(Role::Admin), ""),
    ] {
        let fields = [("email", email), ("password", password), ("next", "/sync")];
        let page = app.visitor().post("/sign-in", &fields).await;
        assert_eq!(page.status, 422);
        assert_eq!(page.title(), "Error: Sign in · Comptoir");
        assert_eq!(page.value_of("email").as_deref(), Some(email));
        assert_eq!(page.value_of("next").as_deref(), Some("/sync"));
        assert_eq!(page.value_of("password"), None);
        assert_eq!(page.header("set-cookie"), "");
        pages.push(page.main_text());
    }
    assert!(pages.iter().all(|it| *it == pages[0]), "{pages:#?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn after_sign_in_only_paths_of_ours_are_gone_to(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for (next, location) in [
        ("/sync", "/sync"),
        ("", "/"),
        ("https://evil.example/", "/"),
        ("//evil.example", "/"),
        ("/\\evil.example", "/"),
        ("/\r\nLocation: //evil.example", "/"),
    ] {
        let fields = [("email", email(Role::Admin)), ("password", PASSWORD), ("next", next)];
        let page = app.visitor().post("/sign-in", &fields).await;
        assert_eq!((page.status, page.location()), (303, location), "{next:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn signing_in_changes_the_identifier_of_a_planted_session(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let attacker = app.sign_in(Role::Viewer).await;
    let planted = attacker.cookie("sid").unwrap();
    let victim = app.visitor();
    victim.set_cookie("sid", &planted);
    victim.post("/sign-in", &[("email", email(Role::Admin)), ("password", PASSWORD)]).await;
    assert_ne!(victim.cookie("sid").unwrap(), planted);
    assert_eq!(victim.get("/sync").await.status, 200);
    assert_eq!(attacker.get("/sync").await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn signing_out_ends_the_session_wherever_its_cookie_is(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let copy = app.visitor();
    copy.set_cookie("sid", &browser.cookie("sid").unwrap());
    let page = browser.post("/sign-out", &[]).await;
    assert_eq!((page.status, page.location()), (303, "/sign-in"));
    assert_eq!(browser.cookie("sid"), None);
    assert_eq!(copy.get("/sync").await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_session_deleted_is_not_brought_back_by_a_concurrent_save(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let store = PgSessionStore { pool: app.pool.clone(), clock: app.clock.clone() };
    let id: Id = browser.cookie("sid").unwrap().parse().unwrap();
    let mut loaded_before: Record = store.load(&id).await.unwrap().unwrap();
    browser.post("/sign-out", &[]).await;
    loaded_before.data.insert("something".to_owned(), true.into());
    store.save(&loaded_before).await.unwrap();
    assert!(store.load(&id).await.unwrap().is_none());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_session_ends_ten_hours_after_it_began_even_if_it_is_written_later(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let store = PgSessionStore { pool: app.pool.clone(), clock: app.clock.clone() };
    let id: Id = browser.cookie("sid").unwrap().parse().unwrap();
    app.clock.advance(SignedDuration::from_hours(9));
    let mut record = store.load(&id).await.unwrap().unwrap();
    record.data.insert("something".to_owned(), true.into());
    store.save(&record).await.unwrap();
    assert_eq!(browser.get("/sync").await.status, 200);
    app.clock.advance(SignedDuration::from_hours(1));
    assert_eq!(browser.get("/sync").await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_database_knows_neither_the_identifier_nor_anything_but_the_user(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let id: Id = browser.cookie("sid").unwrap().parse().unwrap();
    let (hash, data): (Vec<u8>, serde_json::Value) =
        sqlx::query_as("SELECT id_hash, data FROM sessions").fetch_one(&app.pool).await.unwrap();
    assert_ne!(hash, id.0.to_le_bytes());
    let keys: Vec<_> = data.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["user_id"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_user_who_is_shut_out_is_out_with_the_next_request(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Warehouse).await;
    sqlx::query("UPDATE users SET active = FALSE").execute(&app.pool).await.unwrap();
    assert_eq!(browser.get("/sync").await.status, 303);
    let fields = [("email", email(Role::Warehouse)), ("password", PASSWORD)];
    assert_eq!(app.visitor().post("/sign-in", &fields).await.status, 422);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_cookie_is_bound_to_https_where_there_is_https(pool: PgPool) {
    let fields = [("email", email(Role::Admin)), ("password", PASSWORD)];
    let app = TestApp::start(pool).await;
    let page = app.visitor().post("/sign-in", &fields).await;
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("sid="), "{cookie}");
    for part in ["HttpOnly", "SameSite=Lax", "Path=/", "Max-Age=36000"] {
        assert!(cookie.contains(part), "{cookie}");
    }
    assert!(!cookie.contains("Secure"), "{cookie}");

    let settings = Settings {
        send_delay: SignedDuration::ZERO,
        secure_cookies: true,
        environment: Environment::Production,
    };
    let app = TestApp::start_with(app.pool, settings).await;
    let browser = app.visitor();
    let page = browser.post("/sign-in", &fields).await;
    let cookie = page.header("set-cookie");
    assert!(cookie.starts_with("__Host-sid=") && cookie.contains("Secure"), "{cookie}");
    assert!(!cookie.contains("Domain"), "{cookie}");
    let page = browser.post("/sign-out", &[]).await;
    let mut removals = page.headers.get_all("set-cookie").iter().map(|it| it.to_str().unwrap());
    assert!(removals.any(|it| it.contains("Secure") && it.contains("Max-Age=0")));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_form_speaks_the_browsers_language_and_pages_the_users(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let page = app.visitor().speaking("fr-FR, en;q=0.5").get("/sign-in").await;
    assert!(page.body.contains("<html lang=\"fr\">"));
    assert!(page.main_text().contains("Se connecter"));
    sqlx::query("UPDATE users SET language = 'fr', theme = 'dark'")
        .execute(&app.pool)
        .await
        .unwrap();
    let browser = app.sign_in(Role::Viewer).await.speaking("en");
    for path in ["/sync", "/nowhere"] {
        let page = browser.get(path).await;
        assert!(page.body.contains("<html lang=\"fr\" data-theme=\"dark\">"), "{path}");
        assert!(page.text().contains("Se déconnecter"), "{path}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn expired_sessions_can_be_swept_without_touching_the_others(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let old = app.sign_in(Role::Viewer).await;
    app.clock.advance(SignedDuration::from_hours(6));
    let young = app.sign_in(Role::Viewer).await;
    let later = app.now() + 5.hours();
    comptoir::db::sessions::delete_expired(&app.pool, later).await.unwrap();
    assert_eq!(old.get("/sync").await.status, 303);
    assert_eq!(young.get("/sync").await.status, 200);
}
