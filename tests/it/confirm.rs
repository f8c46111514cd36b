//! What takes a recent sign-in: who asks for it after a quarter of an hour proves first who they are.

use axum::http::Request;
use comptoir::domain::operator::Role;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::support::Browser;
use crate::support::PASSWORD;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::encode;
use crate::support::name;

const CONFIRM: &str = "/sign-in/confirm";
const TITLE: &str = "Confirm that it is you · Comptoir";

fn wait(app: &TestApp) {
    app.clock.advance(SignedDuration::from_mins(15));
}

async fn walid(app: &TestApp) -> String {
    let id: i64 = sqlx::query_scalar("SELECT user_id FROM users WHERE name = $1")
        .bind(name(Role::Warehouse))
        .fetch_one(&app.pool)
        .await
        .unwrap();
    format!("/settings/users/{id}")
}

async fn role_of_walid(app: &TestApp) -> String {
    sqlx::query_scalar("SELECT role FROM users WHERE name = $1")
        .bind(name(Role::Warehouse))
        .fetch_one(&app.pool)
        .await
        .unwrap()
}

/// Gives the proof that this page asks for, with what it carries along.
async fn confirm(browser: &Browser, page: &Page, proof: &[(&str, &str)]) -> Page {
    let carried =
        ["next", "kept_path", "kept_fields"].map(|it| (it, page.value_of(it).unwrap_or_default()));
    let carried = carried.iter().map(|(name, value)| (*name, value.as_str()));
    let fields: Vec<_> = carried.chain(proof.iter().copied()).collect();
    browser.post(CONFIRM, &fields).await
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn users_and_credentials_take_a_password_of_the_last_quarter_of_an_hour(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let walid = walid(&app).await;
    let forms = [
        walid.clone(),
        format!("{walid}/deactivate"),
        format!("{walid}/reactivate"),
        format!("{walid}/reset-second-factor"),
        format!("{walid}/end-sessions"),
        "/settings/users/invite".to_owned(),
        "/settings/users/invitations/1/withdraw".to_owned(),
        "/settings/accounts/new".to_owned(),
        "/settings/accounts/maison".to_owned(),
        "/settings/accounts/maison/channels/CDISFR".to_owned(),
    ];
    app.clock.advance(SignedDuration::from_secs(15 * 60 - 1));
    for path in &forms {
        assert_ne!(ana.post(path, &[]).await.status, 401, "{path}");
    }
    let ana = app.sign_in(Role::Admin).await;
    wait(&app);
    let before = app.audited().await;
    for path in &forms {
        let typed = if path.contains("/channels/") {
            ("invoices", "1")
        } else if path.contains("/accounts/") {
            ("name", "é & <b>")
        } else {
            ("role", "admin")
        };
        let page = ana.post(path, &[typed]).await;
        assert_eq!((page.status, page.title().as_str()), (401, TITLE), "{path}");
        assert_eq!(page.value_of("kept_path").as_ref(), Some(path));
        let request = Request::post(path)
            .header("content-type", "application/x-www-form-urlencoded")
            .header("hx-request", "true");
        let page = ana.send(request, encode(&[typed])).await;
        assert_eq!((page.status, page.header("hx-retarget")), (401, "body"), "{path}");
    }
    for path in ["/settings/accounts/new", "/settings/accounts/maison"] {
        let page = ana.get(path).await;
        let next = path.replace('/', "%2F");
        assert_eq!(page.location(), format!("{CONFIRM}?next={next}"));
    }
    assert_eq!(app.audited().await, before, "nothing was done");
    // Looking takes none, and whoever may not is told so and not asked.
    for path in ["/settings/users", walid.as_str(), "/settings/accounts", "/orders"] {
        assert_eq!(ana.get(path).await.status, 200, "{path}");
    }
    let vera = app.sign_in(Role::Viewer).await;
    wait(&app);
    assert_eq!(vera.post(&walid, &[("role", "admin")]).await.status, 403);
    assert_eq!(app.visitor().get(CONFIRM).await.location(), "/sign-in?next=%2Fsign-in%2Fconfirm");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_was_asked_for_goes_on_after_the_password_under_a_new_identifier(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let path = walid(&app).await;
    wait(&app);
    let form = [("role", "manager"), ("account", "maison")];
    let page = ana.post(&path, &form).await;
    assert!(page.main_text().contains("needs your password once more"), "{}", page.main_text());
    let old = ana.cookie("sid").unwrap();
    let wrong = confirm(&ana, &page, &[("password", "wrong")]).await;
    assert_eq!((wrong.status, wrong.title()), (422, format!("Error: {TITLE}")));
    assert_eq!(wrong.main_text().matches("This is not your present password").count(), 2);
    assert_eq!(ana.cookie("sid").unwrap(), old);
    assert_eq!(ana.post(&path, &form).await.status, 401, "still not");

    let page = confirm(&ana, &wrong, &[("password", PASSWORD)]).await;
    assert_eq!((page.status, page.title().as_str()), (200, "Confirmed: it is you · Comptoir"));
    assert!(page.body.contains(&format!("action=\"{path}\"")));
    assert_eq!(page.value_of("role").as_deref(), Some("manager"));
    assert_eq!(page.value_of("account").as_deref(), Some("maison"));
    assert_eq!(role_of_walid(&app).await, "warehouse", "nothing is posted without a click");
    assert_ne!(ana.cookie("sid").unwrap(), old);
    let copy = app.visitor();
    copy.set_cookie("sid", &old);
    assert_eq!(copy.get("/sync").await.status, 303, "the old identifier is worth nothing");
    let page = ana.post(&path, &form).await;
    assert_eq!((page.status, page.location()), (303, "/settings/users"));
    assert_eq!(role_of_walid(&app).await, "manager");
    let audited = app.audited().await;
    let expected = [
        "signed_in by Ana password",
        "sign_in_failed by Ana password",
        "signed_in_again by Ana password",
        "role_changed by Ana",
        "rights_changed by Ana",
    ];
    assert_eq!(audited, expected);

    // The session ends when it would have ended.
    app.clock.advance(SignedDuration::from_mins(14));
    assert_eq!(ana.post(&format!("{path}/reactivate"), &[]).await.status, 303);
    let ends: bool =
        sqlx::query_scalar("SELECT bool_and(expires_at = created_at + '10 h') FROM sessions")
            .fetch_one(&app.pool)
            .await
            .unwrap();
    assert!(ends);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_button_alone_is_carried_along_too(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let path = format!("{}/deactivate", walid(&app).await);
    wait(&app);
    let page = ana.post(&path, &[]).await;
    assert_eq!((page.status, page.title().as_str()), (401, TITLE));
    let page = confirm(&ana, &page, &[("password", PASSWORD)]).await;
    assert!(page.body.contains(&format!("action=\"{path}\"")), "{}", page.body);
    assert_eq!(ana.post(&path, &[]).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_secret_is_not_carried_along_and_the_form_says_so(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    wait(&app);
    let path = "/settings/accounts/maison";
    let page = ana.post(path, &[("name", "Maison"), ("client_secret", "hunter2hunter2")]).await;
    assert_eq!(page.status, 401);
    assert!(!page.body.contains("hunter2"));
    let page = confirm(&ana, &page, &[("password", PASSWORD)]).await;
    assert_eq!(page.value_of("left_out").as_deref(), Some("client_secret"));
    let page = ana.post(path, &[("name", "Maison"), ("left_out", "client_secret")]).await;
    assert_eq!(page.status, 422);
    let words = "Type the secret again: it was not carried along";
    assert_eq!(page.main_text().matches(words).count(), 2, "{}", page.main_text());
    assert_eq!(page.value_of("left_out"), None, "once is enough");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn with_an_app_set_up_its_code_is_asked_for_too(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let set_up = "/settings/profile/second-factor";
    ana.post(&format!("{set_up}/start"), &[("password", PASSWORD)]).await;
    ana.post(set_up, &[("code", &app.app_code().await)]).await;
    let path = walid(&app).await;
    wait(&app);
    let asked = ana.post(&path, &[("role", "manager")]).await;
    assert_eq!(asked.status, 401);
    let code = app.app_code().await;
    for (proof, words) in [
        (&[("password", PASSWORD)][..], "This code is wrong"),
        (&[("password", PASSWORD), ("code", "000000")], "This code is wrong"),
        (&[("password", "wrong"), ("code", code.as_str())], "This is not your present password"),
    ] {
        let page = confirm(&ana, &asked, proof).await;
        assert_eq!(page.status, 422);
        assert!(page.main_text().contains(words), "{}", page.main_text());
        assert_eq!(page.value_of("kept_path"), Some(path.clone()));
    }
    let page = confirm(&ana, &asked, &[("password", PASSWORD), ("code", &code)]).await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    assert_eq!(ana.post(&path, &[("role", "manager")]).await.status, 303);
    let audited = app.audited().await;
    assert!(audited.contains(&"signed_in_again by Ana code".to_owned()), "{audited:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_proof_is_throttled_like_a_sign_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    wait(&app);
    let asked = ana.post(&walid(&app).await, &[("role", "manager")]).await;
    for _ in 0..5 {
        confirm(&ana, &asked, &[("password", "wrong")]).await;
    }
    let page = confirm(&ana, &asked, &[("password", PASSWORD)]).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("Too many attempts. Try again in 1 second"));
    assert_eq!(app.visitor().post("/sign-in", &[("email", "ana@comptoir.test")]).await.status, 429);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn large_files_take_a_recent_sign_in_and_small_ones_do_not(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let marc = app.sign_in(Role::Manager).await;
    wait(&app);
    assert_eq!(marc.get("/orders/export").await.status, 200);
    let many = "INSERT INTO order_counts VALUES ('maison', 'Shipped', 'c', 'Seller', $1)
                ON CONFLICT (account_id, status, channel_id, supply_mode) DO UPDATE SET orders = $1";
    for (orders, status) in [(1000_i64, 200), (1001, 303)] {
        sqlx::query(many).bind(orders).execute(&app.pool).await.unwrap();
        assert_eq!(marc.get("/orders/export").await.status, status, "{orders}");
    }
    assert_eq!(marc.get("/orders/export?status=Accepted").await.status, 200, "none of them");
    for (file, back) in [
        ("/orders/export?status=Shipped", "/orders?status=Shipped"),
        ("/activity/export", "/activity"),
    ] {
        let page = marc.get(file).await;
        let page = marc.get(page.location()).await;
        assert_eq!((page.status, page.title().as_str()), (200, TITLE), "{file}");
        let page = confirm(&marc, &page, &[("password", PASSWORD)]).await;
        assert_eq!(page.status, 200);
        assert!(page.body.contains(&format!("href=\"{file}\"")), "{}", page.body);
        assert!(page.body.contains(&format!("href=\"{back}\"")), "{}", page.body);
        let page = marc.get(file).await;
        assert_eq!((page.status, page.header("content-type")), (200, "text/csv; charset=utf-8"));
        wait(&app);
        assert_eq!(marc.get(file).await.status, 303, "{file}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_speaks_french_and_leads_nowhere_else(pool: PgPool) {
    let app = TestApp::start(pool).await;
    sqlx::query("UPDATE users SET language = 'fr'").execute(&app.pool).await.unwrap();
    let ana = app.sign_in(Role::Admin).await;
    wait(&app);
    let page = ana.get(CONFIRM).await;
    assert!(page.main_text().contains("Confirmez que c’est bien vous"), "{}", page.main_text());
    for next in ["https://evil.example/", "//evil.example", "/\\evil.example"] {
        let fields = [("password", PASSWORD), ("next", next)];
        assert_eq!(ana.post(CONFIRM, &fields).await.location(), "/", "{next}");
        wait(&app);
        ana.get("/sync").await;
    }
    let fields = [("password", PASSWORD), ("kept_path", "//evil.example"), ("kept_fields", "a=b")];
    assert_eq!(ana.post(CONFIRM, &fields).await.location(), "/");
}
