//! Signing in and out, and what happens to those who have not.

use axum::http::Request;
use comptoir::domain::operator::Role;
use comptoir::web::Environment;
use comptoir::web::Settings;
use comptoir::web::passwords::Work;
use jiff::SignedDuration;
use sqlx::PgPool;

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
        admins_need_second_factor: false,
        rehash_below: Work { memory: 8, passes: 1 },
        trusted_proxies: Vec::new(),
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
async fn a_hash_that_costs_too_little_is_made_anew_when_its_owner_signs_in(pool: PgPool) {
    let settings = Settings { rehash_below: Work::STANDARD, ..TestApp::settings() };
    let app = TestApp::start_with(pool, settings).await;
    let stored = async || -> Vec<String> {
        let hashes = "SELECT password_hash FROM users WHERE role = 'viewer'";
        sqlx::query_scalar(hashes).fetch_all(&app.pool).await.unwrap()
    };
    assert!(stored().await[0].contains("$m=8,t=1,p=1$"));
    app.sign_in(Role::Viewer).await;
    let hashes = stored().await;
    assert!(hashes[0].contains("$m=65536,t=3,p=1$"));
    app.sign_in(Role::Viewer).await;
    assert_eq!(stored().await, hashes);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_was_typed_when_the_session_had_ended_can_be_sent_after_sign_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Admin).await;
    app.clock.advance(SignedDuration::from_mins(31));
    let typed = [("account", "maison"), ("trouble", "é & \"<b>\""), ("my_password", "hunter2")];
    let page = browser.post("/sync/retry", &typed).await;
    assert_eq!((page.status, page.title().as_str()), (401, "Sign in · Comptoir"));
    assert!(page.main_text().contains("Your session has ended."));
    assert!(!page.body.contains("hunter2"));
    let [path, fields] = ["kept_path", "kept_fields"].map(|it| page.value_of(it).unwrap());
    assert_eq!(path, "/sync/retry");
    let sign_in = async |password| {
        let fields = [
            ("email", email(Role::Admin)),
            ("password", password),
            ("kept_path", &path),
            ("kept_fields", &fields),
        ];
        browser.post("/sign-in", &fields).await
    };
    let page = sign_in("wrong").await;
    assert_eq!((page.status, page.value_of("kept_fields")), (422, Some(fields.clone())));
    let page = sign_in(PASSWORD).await;
    assert_eq!((page.status, page.title().as_str()), (200, "You are signed in again · Comptoir"));
    assert!(page.body.contains("action=\"/sync/retry\""));
    assert_eq!(page.value_of("account").as_deref(), Some("maison"));
    assert_eq!(page.value_of("trouble").as_deref(), Some("é & \"<b>\""));
    let page = browser.post("/sync/retry", &typed[..2]).await;
    assert_eq!((page.status, page.location()), (303, "/sync"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_boosted_form_gets_the_sign_in_page_in_place_of_the_whole(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let request = Request::post("/sync/retry")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("hx-request", "true");
    let page = app.visitor().send(request, "account=maison&trouble=x").await;
    assert_eq!(page.status, 401);
    let headers = ["hx-retarget", "hx-reselect", "hx-reswap", "hx-push-url", "hx-redirect"];
    assert_eq!(headers.map(|it| page.header(it)), ["body", "main", "innerHTML", "false", ""]);
    assert_eq!(page.value_of("kept_fields").as_deref(), Some("account=maison&trouble=x"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn passwords_files_and_large_forms_are_not_carried_along(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let large = "x".repeat(64 * 1024);
    for (path, fields) in [
        ("/settings/profile/password", [("new_password", "secret words")]),
        ("/sync/retry", [("account", large.as_str())]),
    ] {
        let page = app.visitor().post(path, &fields).await;
        assert_eq!((page.status, page.location()), (303, "/sign-in"), "{path}");
    }
    let page = app.visitor().post("/sign-out", &[("a", "b")]).await;
    assert_eq!((page.status, page.location()), (303, "/sign-in"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_forms_of_ours_are_offered_after_sign_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for path in [
        "https://evil.example/",
        "//evil.example/",
        "/\\evil.example",
        "/sign-out",
        "/settings/profile/password",
        "/",
        "javascript:alert(1)",
    ] {
        let fields = [
            ("email", email(Role::Viewer)),
            ("password", PASSWORD),
            ("next", "/sync"),
            ("kept_path", path),
            ("kept_fields", "a=b"),
        ];
        let page = app.visitor().post("/sign-in", &fields).await;
        assert_eq!((page.status, page.location()), (303, "/sync"), "{path}");
    }
}
