//! Single sign-on, a second factor, and proving again who one is.

use axum::body::Body;
use axum::http::Request;
use comptoir::domain::operator::Role;
use comptoir::web::Settings;
use comptoir::workflow::second_factor::totp;
use serde_json::json;
use sqlx::PgPool;

use crate::single_sign_on::BEGIN;
use crate::single_sign_on::assert_in;
use crate::single_sign_on::assert_out;
use crate::single_sign_on::depart;
use crate::single_sign_on::go;
use crate::single_sign_on::start;
use crate::single_sign_on::start_with;
use crate::support::TestApp;
use crate::support::email;

const AGAIN: &str = "/sign-in/sso?again=true&next=%2Fsettings%2Fprofile";
const SECRET: &[u8; 20] = b"twenty bytes, really";

async fn set_up(app: &TestApp, role: Role) {
    sqlx::query(
        "INSERT INTO second_factors (user_id, secret, confirmed_at, last_step)
         SELECT user_id, $1, now(), 0 FROM users WHERE email = $2",
    )
    .bind(SECRET.as_slice())
    .bind(email(role))
    .execute(&app.pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn whoever_has_an_app_is_asked_for_its_code_unless_the_provider_did_the_like(pool: PgPool) {
    let (app, provider) = start(pool).await;
    set_up(&app, Role::Warehouse).await;
    for methods in [json!(["pwd"]), json!([]), json!("mfa-not")] {
        // What is no list cannot be read at all.
        provider.claims(move |it| it["amr"] = methods.clone());
        let browser = app.visitor();
        let page = go(&browser, &provider, BEGIN).await;
        assert_ne!(page.status, 303);
        assert_out(&browser).await;
    }
    provider.claims(|_| {});
    let browser = app.visitor();
    let page = go(&browser, &provider, "/sign-in/sso?next=%2Fsync").await;
    assert_eq!((page.status, page.title().as_str()), (200, "Second step · Comptoir"));
    let code = totp::shown(SECRET, app.now());
    let next = page.value_of("next").unwrap();
    let page = browser.post("/sign-in/code", &[("code", &code), ("next", &next)]).await;
    assert_eq!((page.status, page.location()), (303, "/sync"));
    assert_in(&browser, "Walid Wagner").await;
    for method in ["mfa", "otp", "hwk"] {
        provider.claims(move |it| it["amr"] = json!(["pwd", method]));
        let browser = app.visitor();
        assert_eq!(go(&browser, &provider, BEGIN).await.status, 303, "{method}");
        assert_in(&browser, "Walid Wagner").await;
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_admin_owes_a_second_factor_unless_the_provider_asked_for_one(pool: PgPool) {
    let settings = Settings { admins_need_second_factor: true, ..TestApp::settings() };
    let (app, provider) = start_with(pool, settings).await;
    provider.person("ana-1", "ana@comptoir.test");
    let browser = app.visitor();
    go(&browser, &provider, BEGIN).await;
    assert_eq!(browser.get("/orders").await.location(), "/settings/profile");
    provider.claims(|it| {
        it["sub"] = json!("ana-1");
        it["amr"] = json!(["mfa"]);
    });
    let browser = app.visitor();
    go(&browser, &provider, BEGIN).await;
    assert_eq!(browser.get("/orders").await.status, 200);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn to_prove_it_again_the_provider_has_to_ask_the_same_person_now(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let browser = app.sign_in(Role::Warehouse).await;
    let there = depart(&browser, AGAIN).await;
    assert!(there.contains("prompt=login") && there.contains("max_age=0"), "{there}");
    let minutes_ago = |minutes: i64| app.now().as_second() - 60 * minutes;
    for asked_at in [json!(minutes_ago(2)), json!(null)] {
        provider.claims(move |it| it["auth_time"] = asked_at.clone());
        let page = go(&browser, &provider, AGAIN).await;
        assert!(page.main_text().contains("did not ask you who you are"), "{}", page.main_text());
    }
    provider.person("vera-1", "vera@comptoir.test");
    let page = go(&browser, &provider, AGAIN).await;
    assert!(page.main_text().contains("another account at Lemoine & Co"), "{}", page.main_text());
    assert_in(&browser, "Walid Wagner").await;
    provider.claims(|_| {});
    let before = browser.cookie("sid");
    let page = go(&browser, &provider, AGAIN).await;
    assert_eq!((page.status, page.location()), (303, "/settings/profile"));
    assert_ne!(browser.cookie("sid"), before, "the session began anew");
    assert_in(&browser, "Walid Wagner").await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn another_site_cannot_have_somebody_prove_it_again(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let browser = app.sign_in(Role::Warehouse).await;
    let request = Request::get(AGAIN).header("sec-fetch-site", "cross-site");
    let page = browser.send(request, Body::empty()).await;
    assert_eq!((page.status, page.location()), (303, "/sign-in"));
    assert_eq!(provider.asked(), Vec::<&str>::new());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_that_asks_again_shows_the_way_to_the_provider_as_well(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let browser = app.sign_in(Role::Admin).await;
    let long_ago =
        "UPDATE sessions SET authenticated_at = authenticated_at - '16 minutes'::interval";
    sqlx::query(long_ago).execute(&app.pool).await.unwrap();
    let guest = [("email", "rosa@comptoir.test"), ("role", "viewer")];
    let refused = browser.post("/settings/users/invite", &guest).await;
    let way = "/sign-in/sso?again=true&#38;next=%2F\"";
    assert!(refused.body.contains(way), "{}", refused.body);

    provider.person("ana-1", email(Role::Admin));
    let page = go(&browser, &provider, "/sign-in/sso?again=true&next=%2Fsettings%2Fusers").await;
    assert_eq!((page.status, page.location()), (303, "/settings/users"));
    let invited = browser.post("/settings/users/invite", &guest).await;
    assert!(invited.body.contains("data-invited"), "{}", invited.main_text());
}
