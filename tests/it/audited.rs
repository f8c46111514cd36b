//! What the audit says of sign-ins, users, accounts and refusals: who, what, from where.

use std::net::SocketAddr;

use axum::extract::ConnectInfo;
use axum::http::Request;
use comptoir::domain::operator::Role;
use comptoir::workflow::audit;
use comptoir::workflow::keys;
use serde_json::Value;
use serde_json::json;
use sqlx::PgPool;

use crate::support::Browser;
use crate::support::PASSWORD;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::email;
use crate::support::encode;
use crate::support::name;

const SET_UP: &str = "/settings/profile/second-factor";

async fn id_of(app: &TestApp, role: Role) -> i64 {
    sqlx::query_scalar("SELECT user_id FROM users WHERE name = $1")
        .bind(name(role))
        .fetch_one(&app.pool)
        .await
        .unwrap()
}

/// The entries since that many: kind, details, account.
async fn since(app: &TestApp, count: usize) -> Vec<(String, Value, String)> {
    sqlx::query_as("SELECT kind, details, account_id FROM audit WHERE seq > $1 ORDER BY seq")
        .bind(i64::try_from(count).unwrap())
        .fetch_all(&app.pool)
        .await
        .unwrap()
}

async fn post_from(browser: &Browser, path: &str, fields: &[(&str, &str)]) -> Page {
    let request = Request::post(path)
        .header("content-type", "application/x-www-form-urlencoded")
        .extension(ConnectInfo(SocketAddr::from(([192, 0, 2, 7], 5))));
    browser.send(request, encode(fields)).await
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn signing_in_and_out_and_what_fails_is_written_down_with_the_place(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let marc = app.visitor();
    let canary = "Zx-canary-typed-in-the-wrong-field";
    for (email, password) in
        [(canary, "x"), (email(Role::Manager), canary), (email(Role::Manager), PASSWORD)]
    {
        post_from(&marc, "/sign-in", &[("email", email), ("password", password)]).await;
    }
    post_from(&marc, "/sign-out", &[]).await;
    post_from(&marc, "/sign-out", &[]).await;
    let expected = [
        "sign_in_failed unknown_user",
        "sign_in_failed password",
        "signed_in by Marc password",
        "signed_out by Marc",
    ];
    assert_eq!(app.audited().await, expected);
    let manager = id_of(&app, Role::Manager).await;
    let entries = since(&app, 0).await;
    assert_eq!(entries[0].1, json!({"reason": "unknown_user"}));
    assert_eq!(entries[1].1, json!({"reason": "password", "user": manager}));
    let rows: Vec<(String, Option<String>, Option<String>)> =
        sqlx::query_as("SELECT a::text, peer, request_id FROM audit AS a")
            .fetch_all(&app.pool)
            .await
            .unwrap();
    for (row, peer, request) in rows {
        assert!(!row.contains("anary"), "{row}");
        assert_eq!((peer.as_deref(), request.is_some()), (Some("192.0.2.7"), true));
    }
    audit::verify(&app.pool, None).await.unwrap();
    let page = app.sign_in(Role::Admin).await.get("/activity").await;
    for words in ["Sign-in refused: unknown e-mail", "Sign-in refused: wrong password, Marc Morel"]
    {
        assert!(page.main_text().contains(words), "{}", page.main_text());
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_people_change_of_their_own_access_is_written_down(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let [marc, _other] = [app.sign_in(Role::Manager).await, app.sign_in(Role::Manager).await];
    let before = app.audited().await.len();
    marc.post(&format!("{SET_UP}/start"), &[("password", PASSWORD)]).await;
    marc.post(SET_UP, &[("code", "000000")]).await;
    let page = marc.post(SET_UP, &[("code", &app.app_code().await)]).await;
    let (_, rest) = page.body.split_once("data-recovery-code>").unwrap();
    let recovery = rest.split('<').next().unwrap().to_owned();
    let visitor = app.visitor();
    for code in ["000000", recovery.as_str()] {
        let fields = [("email", email(Role::Manager)), ("password", PASSWORD)];
        visitor.post("/sign-in", &fields).await;
        visitor.post("/sign-in/code", &[("code", code)]).await;
    }
    app.clock.advance(jiff::SignedDuration::from_secs(30));
    marc.post(&format!("{SET_UP}/codes"), &[("code", &app.app_code().await)]).await;
    app.clock.advance(jiff::SignedDuration::from_secs(30));
    marc.post(&format!("{SET_UP}/remove"), &[("code", &app.app_code().await)]).await;
    let fields = [("present_password", PASSWORD), ("new_password", "copper giraffe umbrella nine")];
    marc.post("/settings/profile/password", &fields).await;
    let user = id_of(&app, Role::Manager).await;
    let changed = |change: &str| {
        ("second_factor_changed".to_owned(), json!({"user": user, "change": change}), String::new())
    };
    let failed = || {
        let details = json!({"reason": "code", "user": user});
        ("sign_in_failed".to_owned(), details, String::new())
    };
    let ended =
        || ("sessions_ended".to_owned(), json!({"user": user, "sessions": 1}), String::new());
    let plain = |kind: &str, details: Value| (kind.to_owned(), details, String::new());
    let expected = [
        failed(),
        changed("turned_on"),
        ended(),
        failed(),
        plain("signed_in", json!({"method": "recovery_code"})),
        changed("new_recovery_codes"),
        changed("turned_off"),
        plain("password_changed", json!({})),
        ended(),
    ];
    assert_eq!(since(&app, before).await, expected);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_admins_change_of_users_is_written_down(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let walid = id_of(&app, Role::Warehouse).await;
    let path = format!("/settings/users/{walid}");
    app.sign_in(Role::Warehouse).await;
    let before = app.audited().await.len();
    let guest = [("email", "lucie@lemoine.test"), ("role", "warehouse"), ("account", "maison")];
    let page = ana.post("/settings/users/invite", &guest).await;
    ana.post("/settings/users/invite", &guest).await;
    ana.post("/settings/users/invitations/2/withdraw", &[]).await;
    assert!(page.body.contains("/invitations/"));
    ana.post(&path, &[("role", "warehouse")]).await;
    ana.post(&path, &[("role", "manager"), ("account", "maison")]).await;
    ana.post(&format!("{path}/deactivate"), &[]).await;
    ana.post(&format!("{path}/reactivate"), &[]).await;
    let kinds: Vec<_> = since(&app, before).await;
    let accounts = json!([{"field": "accounts", "to": "maison"}]);
    let of = |kind: &str, details: Value| (kind.to_owned(), details, String::new());
    let invited = |number: i64| {
        let accounts = ["maison"];
        of("invited", json!({"invitation": number, "role": "warehouse", "accounts": accounts}))
    };
    let expected = [
        invited(1),
        invited(2),
        of("invitation_withdrawn", json!({"invitation": 2})),
        of("role_changed", json!({"user": walid, "from": "warehouse", "to": "manager"})),
        of("rights_changed", json!({"user": walid, "changes": accounts})),
        of("sessions_ended", json!({"user": walid, "sessions": 1})),
        of("user_deactivated", json!({"user": walid})),
        of("user_reactivated", json!({"user": walid})),
    ];
    assert_eq!(kinds, expected);
    let rows: Vec<String> =
        sqlx::query_scalar("SELECT a::text FROM audit AS a").fetch_all(&app.pool).await.unwrap();
    assert!(rows.iter().all(|it| !it.contains("lucie")), "an address cannot be erased here");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_lost_telephone_and_a_lost_browser_are_an_admins_to_help_with(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (ana, marc) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Manager).await);
    marc.post(&format!("{SET_UP}/start"), &[("password", PASSWORD)]).await;
    marc.post(SET_UP, &[("code", &app.app_code().await)]).await;
    let path = format!("/settings/users/{}", id_of(&app, Role::Manager).await);
    let page = ana.get(&path).await;
    assert!(page.body.contains("id=\"reset-second-factor\""), "{}", page.main_text());
    let before = app.audited().await.len();
    let page = ana.post(&format!("{path}/reset-second-factor"), &[]).await;
    assert_eq!((page.status, page.location()), (303, path.as_str()));
    assert!(!ana.get(&path).await.body.contains("id=\"reset-second-factor\""));
    assert_eq!(marc.get("/sync").await.status, 303);
    let marc = app.sign_in(Role::Manager).await;
    assert_eq!(ana.post(&format!("{path}/end-sessions"), &[]).await.location(), path);
    assert_eq!(marc.get("/sync").await.status, 303);
    let kinds: Vec<_> = since(&app, before).await.into_iter().map(|it| it.0).collect();
    let expected = ["second_factor_changed", "sessions_ended", "signed_in", "sessions_ended"];
    assert_eq!(kinds, expected);
    // Not one's own: for that there is the profile, which asks for a code.
    let own = format!("/settings/users/{}", id_of(&app, Role::Admin).await);
    let page = ana.post(&format!("{own}/reset-second-factor"), &[]).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("Your own second step is on your profile"));
    assert_eq!(ana.post("/settings/users/999/reset-second-factor", &[]).await.status, 404);
    let walid = app.sign_in(Role::Warehouse).await;
    for end in ["reset-second-factor", "end-sessions"] {
        assert_eq!(walid.post(&format!("{own}/{end}"), &[]).await.status, 403);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn whoever_asks_for_what_they_may_not_is_written_down(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = app.sign_in(Role::Viewer).await;
    for (method, path, route) in [
        ("GET", "/settings/users", "/settings/users"),
        ("POST", "/settings/users/7", "/settings/users/{id}"),
        ("GET", "/orders/export?q=Quincampoix", "/orders/export"),
        ("POST", "/sync/pause", "/sync/pause"),
    ] {
        let before = app.audited().await.len();
        let page = match method {
            "GET" => vera.get(path).await,
            _ => vera.post(path, &[("role", "admin")]).await,
        };
        assert_eq!(page.status, 403, "{path}");
        let entries = since(&app, before).await;
        let details = json!({"method": method, "route": route});
        assert_eq!(entries, [("access_refused".to_owned(), details, String::new())], "{path}");
    }
    let page = app.sign_in(Role::Admin).await.get("/activity").await;
    assert!(page.main_text().contains("Not allowed: POST /settings/users/{id}"));
    let before = app.audited().await.len();
    let request = Request::post("/sign-in").header("sec-fetch-site", "cross-site");
    assert_eq!(app.visitor().send(request, "").await.status, 403);
    assert_eq!(app.audited().await.len(), before, "nobody asked");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_change_that_is_not_kept_leaves_no_entry(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let before = app.audited().await;
    let own = format!("/settings/users/{}", id_of(&app, Role::Admin).await);
    assert_eq!(ana.post(&own, &[("role", "viewer")]).await.status, 422);
    assert_eq!(ana.post(&format!("{own}/deactivate"), &[]).await.status, 409);
    let walid = format!("/settings/users/{}", id_of(&app, Role::Warehouse).await);
    assert_eq!(ana.post(&walid, &[("role", "warehouse")]).await.status, 303, "the same again");
    assert_eq!(ana.post("/settings/users/invitations/9/withdraw", &[]).await.status, 303);
    assert_eq!(app.audited().await, before);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn another_key_is_written_down_with_what_it_seals(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let marc = app.sign_in(Role::Manager).await;
    marc.post(&format!("{SET_UP}/start"), &[("password", PASSWORD)]).await;
    let before = app.audited().await.len();
    assert_eq!(keys::rotate(&app.pool, &crate::support::keys(), app.now()).await.unwrap(), 0);
    let rotated = ("key_rotated".to_owned(), json!({"secrets": 0}), String::new());
    assert_eq!(since(&app, before).await, [rotated]);
}
