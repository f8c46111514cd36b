//! Signing in at the company's own provider (ADR 0013).

use axum::body::Body;
use axum::http::Request;
use comptoir::domain::operator::Role;
use comptoir::single_sign_on::Config;
use comptoir::web;
use comptoir::web::AppState;
use comptoir::web::Settings;
use jiff::SignedDuration;
use serde_html_form::to_string;
use serde_json::Value;
use serde_json::json;
use sqlx::PgPool;
use tokio::net::TcpListener;
use url::Url;

use crate::headers::assert_is_guarded;
use crate::provider;
use crate::provider::Provider;
use crate::provider::Seal;
use crate::redirects::NOT_OURS;
use crate::support::Browser;
use crate::support::PASSWORD;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::email;

pub const BEGIN: &str = "/sign-in/sso";
const UNTRUSTED: &str = "The answer of Lemoine & Co could not be trusted";
const DENIED: &str = "Lemoine & Co did not sign you in";
const SILENT: &str = "Lemoine & Co does not answer at the moment";
const NOT_BEGUN: &str = "did not begin in this browser";

/// The application with a provider, whose person is Walid of the warehouse.
pub async fn start(pool: PgPool) -> (TestApp, Provider) {
    start_with(pool, TestApp::settings()).await
}

pub async fn start_with(pool: PgPool, settings: Settings) -> (TestApp, Provider) {
    let app = TestApp::start_with(pool, settings).await;
    let provider = Provider::start(app.now()).await;
    (with(app, provider.config()), provider)
}

fn with(app: TestApp, config: Config) -> TestApp {
    let state = AppState { single_sign_on: Some(provider::known(config)), ..app.state };
    TestApp { router: web::router(state.clone()), state, ..app }
}

/// Clicks on the link, and is sent to the provider.
pub async fn depart(browser: &Browser, link: &str) -> String {
    let page = browser.get(link).await;
    assert_eq!(page.status, 303, "{}", page.text());
    page.location().to_owned()
}

/// Comes back, as a browser that another site sends.
async fn come_back(browser: &Browser, address: &str) -> Page {
    let request = Request::get(address).header("sec-fetch-site", "cross-site");
    let page = browser.send(request, Body::empty()).await;
    assert_is_guarded(&page);
    page
}

/// All of it.
pub async fn go(browser: &Browser, provider: &Provider, link: &str) -> Page {
    let back = provider.visit(&depart(browser, link).await).await;
    come_back(browser, &back).await
}

pub async fn assert_out(browser: &Browser) {
    assert!(browser.get("/sync").await.location().starts_with("/sign-in"), "somebody is in");
}

pub async fn assert_in(browser: &Browser, name: &str) {
    let page = browser.get("/sync").await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains(name), "{}", page.text());
}

async fn audited(app: &TestApp) -> Vec<Value> {
    let query = "SELECT jsonb_build_object('kind', kind, 'details', details) \
                 FROM audit ORDER BY seq";
    sqlx::query_scalar(query).fetch_all(&app.pool).await.unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_user_goes_to_the_provider_and_lands_where_they_wanted(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let browser = app.visitor();
    let page = browser.get("/sign-in?next=%2Forders%3Fstatus%3DShipped").await;
    assert!(page.main_text().contains("Sign in with Lemoine & Co"), "{}", page.main_text());
    let link = "/sign-in/sso?next=%2Forders%3Fstatus%3DShipped";
    assert!(page.body.contains(&format!("href=\"{link}\"")), "{}", page.body);
    let there = Url::parse(&depart(&browser, link).await).unwrap();
    let said = |name: &str| there.query_pairs().find(|it| it.0 == name).unwrap().1.into_owned();
    assert_eq!(said("redirect_uri"), "http://comptoir.test/sign-in/sso/return");
    assert_eq!((said("response_type"), said("scope")), ("code".into(), "openid email".into()));
    assert_eq!(said("code_challenge_method"), "S256");
    let page = come_back(&browser, &provider.visit(there.as_str()).await).await;
    assert_eq!((page.status, page.location()), (303, "/orders?status=Shipped"), "{}", page.text());
    assert_eq!(browser.cookie("sso"), None);
    assert_in(&browser, "Walid Wagner").await;
    let signed_in = json!({"kind": "signed_in", "details": {"method": "single_sign_on"}});
    let audited = audited(&app).await;
    assert_eq!(audited[0]["kind"], "single_sign_on_bound");
    assert_eq!(audited[1..], [signed_in]);
    assert_eq!(provider.asked(), ["description", "keys", "authorize", "token"]);
    go(&app.visitor(), &provider, BEGIN).await;
    assert_eq!(provider.asked()[4..], ["authorize", "token"], "it has said where and with what");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_session_begins_anew_whatever_was_planted(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let attacker = app.sign_in(Role::Viewer).await;
    let planted = attacker.cookie("sid").unwrap();
    let browser = app.visitor();
    let back = provider.visit(&depart(&browser, BEGIN).await).await;
    browser.set_cookie("sid", &planted);
    assert_eq!(come_back(&browser, &back).await.status, 303);
    assert_ne!(browser.cookie("sid").unwrap(), planted);
    assert_in(&browser, "Walid Wagner").await;
    assert_out(&attacker).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn tokens_signed_with_rsa_are_taken_too(pool: PgPool) {
    let (app, provider) = start(pool).await;
    provider.change(|it| it.seal = Seal::Rs256);
    let browser = app.visitor();
    assert_eq!(go(&browser, &provider, BEGIN).await.status, 303);
    assert_in(&browser, "Walid Wagner").await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_token_that_is_not_signed_by_the_provider_is_not_believed(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let browser = app.visitor();
    for seal in
        [Seal::OtherKey, Seal::None, Seal::Missing, Seal::HmacOfPublicKey, Seal::HmacOfSecret]
    {
        provider.change(|it| it.seal = seal);
        let page = go(&browser, &provider, BEGIN).await;
        assert_eq!(page.status, 422, "{seal:?}");
        assert!(page.main_text().contains(UNTRUSTED), "{seal:?}: {}", page.main_text());
        assert_out(&browser).await;
    }
    let failed = json!({"kind": "sign_in_failed", "details": {"reason": "single_sign_on"}});
    assert_eq!(audited(&app).await, vec![failed; 5]);
    provider.change(|it| it.seal = Seal::Es256);
    assert_eq!(go(&browser, &provider, BEGIN).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_token_that_was_not_made_for_this_sign_in_is_not_believed(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let browser = app.visitor();
    let now = app.now().as_second();
    for (claim, value) in [
        ("nonce", json!("another")),
        ("nonce", Value::Null),
        ("aud", json!("another")),
        ("aud", json!(["comptoir", "another"])),
        ("azp", json!("another")),
        ("iss", json!("https://login.example.com")),
        ("iss", json!(format!("{}/", provider.issuer()))),
        ("exp", json!(now)),
        ("exp", json!(now - 3600)),
    ] {
        let spoiled = value.clone();
        provider.claims(move |it| it[claim] = spoiled.clone());
        let page = go(&browser, &provider, BEGIN).await;
        assert_eq!(page.status, 422, "{claim} {value}");
        assert!(page.main_text().contains(UNTRUSTED), "{claim} {value}: {}", page.main_text());
        assert_out(&browser).await;
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_answer_says_who_gives_it_where_the_provider_announced_that(pool: PgPool) {
    let (app, provider) = start(pool).await;
    for iss in [Some("https://login.example.com".to_owned()), None] {
        provider.change(|it| it.iss = iss);
        let page = go(&app.visitor(), &provider, BEGIN).await;
        assert!(page.main_text().contains(UNTRUSTED), "{}", page.main_text());
    }
    let asked = provider.asked();
    assert!(!asked.contains(&"token"), "the code went out: {asked:?}");
    let silent = "authorization_response_iss_parameter_supported";
    provider.change(|it| it.description = Box::new(move |it| it[silent] = json!(false)));
    let app = with(app, provider.config());
    assert_eq!(go(&app.visitor(), &provider, BEGIN).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_return_counts_once_and_in_the_browser_that_left(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let [browser, other] = [app.visitor(), app.visitor()];
    let back = provider.visit(&depart(&browser, BEGIN).await).await;
    let elsewhere = [app.visitor(), other];
    depart(&elsewhere[1], BEGIN).await;
    for other in elsewhere {
        let page = come_back(&other, &back).await;
        assert_eq!(page.status, 422);
        assert!(page.main_text().contains(NOT_BEGUN), "{}", page.main_text());
        assert_out(&other).await;
    }
    let ticket = browser.cookie("sso").unwrap();
    assert_eq!(come_back(&browser, &back).await.status, 303);
    let again = app.visitor();
    again.set_cookie("sso", &ticket);
    assert!(come_back(&again, &back).await.main_text().contains(NOT_BEGUN));
    assert_out(&again).await;
    // The code alone, in a visit of one's own.
    let code = back.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let mine = provider.visit(&depart(&again, BEGIN).await).await;
    let own = mine.split("code=").nth(1).unwrap().split('&').next().unwrap();
    let page = come_back(&again, &mine.replace(own, code)).await;
    assert!(page.main_text().contains(DENIED), "{}", page.main_text());
    assert_out(&again).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_wrong_state_ends_the_visit(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let browser = app.visitor();
    let back = provider.visit(&depart(&browser, BEGIN).await).await;
    let ticket = browser.cookie("sso").unwrap();
    for address in [back.replace("state=", "state=a"), back] {
        browser.set_cookie("sso", &ticket);
        let page = come_back(&browser, &address).await;
        assert!(page.main_text().contains(NOT_BEGUN), "{}", page.main_text());
        assert_out(&browser).await;
    }
    assert!(!provider.asked().contains(&"token"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_visit_is_over_after_ten_minutes(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let [browser, late] = [app.visitor(), app.visitor()];
    let backs = [
        provider.visit(&depart(&browser, BEGIN).await).await,
        provider.visit(&depart(&late, BEGIN).await).await,
    ];
    provider.claims(|it| it["exp"] = json!(i64::from(u32::MAX)));
    app.clock.advance(SignedDuration::from_secs(599));
    assert_eq!(come_back(&browser, &backs[0]).await.status, 303);
    app.clock.advance(SignedDuration::from_secs(1));
    assert!(come_back(&late, &backs[1]).await.main_text().contains(NOT_BEGUN));
    depart(&app.visitor(), BEGIN).await;
    let visits = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM provider_visits");
    assert_eq!(visits.fetch_one(&app.pool).await.unwrap(), 1, "the new one");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_code_is_worth_nothing_without_our_half_of_pkce(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let browser = app.visitor();
    let back = provider.visit(&depart(&browser, BEGIN).await).await;
    let other = "UPDATE provider_visits SET verifier = repeat('a', 43)";
    sqlx::query(other).execute(&app.pool).await.unwrap();
    let page = come_back(&browser, &back).await;
    assert!(page.main_text().contains(DENIED), "{}", page.main_text());
    assert_out(&browser).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_whom_we_know_comes_in_and_nobody_is_added(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let users = "SELECT count(*) FROM users";
    let before: i64 = sqlx::query_scalar(users).fetch_one(&app.pool).await.unwrap();
    sqlx::query("UPDATE users SET active = FALSE WHERE email = $1")
        .bind(email(Role::Manager))
        .execute(&app.pool)
        .await
        .unwrap();
    sqlx::query("UPDATE users SET email = 'kim@comptoir.test' WHERE email = $1")
        .bind(email(Role::Viewer))
        .execute(&app.pool)
        .await
        .unwrap();
    let unverified = "does not say that your e-mail address is verified";
    for (address, verified, words) in [
        ("walid@comptoir.test", json!(false), unverified),
        ("walid@comptoir.test", Value::Null, unverified),
        ("", json!(true), "you have no account here yet"),
        ("nobody@comptoir.test", json!(true), "you have no account here yet"),
        // The Kelvin sign, whose small letter is an ordinary k.
        ("\u{212a}im@comptoir.test", json!(true), "you have no account here yet"),
        (email(Role::Manager), json!(true), "Your account here is deactivated"),
    ] {
        provider.claims(move |it| {
            it["email"] = json!(address);
            it["email_verified"] = verified.clone();
        });
        let browser = app.visitor();
        let page = go(&browser, &provider, BEGIN).await;
        assert_eq!(page.status, 422, "{address}");
        assert!(page.main_text().contains(words), "{address}: {}", page.main_text());
        assert_out(&browser).await;
    }
    let after: i64 = sqlx::query_scalar(users).fetch_one(&app.pool).await.unwrap();
    assert_eq!(before, after);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_first_sign_in_binds_and_then_the_address_counts_no_more(pool: PgPool) {
    let (app, provider) = start(pool).await;
    assert_eq!(go(&app.visitor(), &provider, BEGIN).await.status, 303);
    // Somebody new has Walid's address now.
    provider.person("walid-8", "walid@comptoir.test");
    let browser = app.visitor();
    let page = go(&browser, &provider, BEGIN).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("somebody else at Lemoine & Co uses"));
    assert_out(&browser).await;
    // Walid has another one, even one of a colleague's.
    provider.person("walid-7", "ana@comptoir.test");
    assert_eq!(go(&browser, &provider, BEGIN).await.status, 303);
    assert_in(&browser, "Walid Wagner").await;
    // And one who was deactivated stays out.
    sqlx::query("UPDATE users SET active = FALSE WHERE email = 'walid@comptoir.test'")
        .execute(&app.pool)
        .await
        .unwrap();
    assert_out(&browser).await;
    let page = go(&browser, &provider, BEGIN).await;
    assert!(page.main_text().contains("Your account here is deactivated"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn unbound_the_next_sign_in_binds_anew(pool: PgPool) {
    let (app, provider) = start(pool).await;
    go(&app.visitor(), &provider, BEGIN).await;
    let unbind = async || {
        let walid = "Walid@comptoir.test";
        comptoir::workflow::single_sign_on::unbind(&app.pool, walid, app.now()).await
    };
    assert!(unbind().await.unwrap());
    assert!(!unbind().await.unwrap());
    let bonds = "SELECT actor || ' ' || (details ->> 'bound') FROM audit
                 WHERE kind = 'single_sign_on_bound' ORDER BY seq";
    let bonds: Vec<String> = sqlx::query_scalar(bonds).fetch_all(&app.pool).await.unwrap();
    assert_eq!(bonds, ["person true", "command_line false"]);
    provider.person("walid-8", "walid@comptoir.test");
    assert_eq!(go(&app.visitor(), &provider, BEGIN).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_the_provider_says_of_an_error_is_not_repeated(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let browser = app.visitor();
    for error in ["access_denied", "%3Cscript%3Ealert(1)%3C%2Fscript%3E", ""] {
        let back = provider.visit(&depart(&browser, BEGIN).await).await;
        let state = back.split("state=").nth(1).unwrap().split('&').next().unwrap();
        let back = format!(
            "/sign-in/sso/return?state={state}&error={error}&error_description=call%200800%20123"
        );
        let page = come_back(&browser, &back).await;
        assert_eq!(page.status, 422, "{error}");
        assert!(page.main_text().contains(DENIED), "{error}: {}", page.main_text());
        assert!(!page.body.contains("alert(1)") && !page.body.contains("0800"), "{error}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn while_the_provider_is_down_passwords_still_work(pool: PgPool) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let nobody = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let app = with(TestApp::start(pool).await, provider::config(&nobody));
    let browser = app.visitor();
    let page = browser.get("/sign-in/sso?next=%2Fsync").await;
    assert_is_guarded(&page);
    assert_eq!(page.status, 503);
    assert!(page.main_text().contains(SILENT), "{}", page.main_text());
    assert_eq!(page.value_of("next").as_deref(), Some("/sync"));
    let fields = [("email", email(Role::Viewer)), ("password", PASSWORD), ("next", "/sync")];
    assert_eq!(browser.post("/sign-in", &fields).await.location(), "/sync");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_provider_that_holds_its_answer_holds_nobody_for_long(pool: PgPool) {
    let (app, provider) = start(pool).await;
    provider.change(|it| it.silent_at = "token");
    let page = {
        // Long enough for the answers that do come.
        let config = Config { patience: std::time::Duration::from_secs(2), ..provider.config() };
        let state = AppState { single_sign_on: Some(provider::known(config)), ..app.state.clone() };
        go(&Browser::new(web::router(state)), &provider, BEGIN).await
    };
    assert_eq!(page.status, 503);
    assert!(page.main_text().contains(SILENT), "{}", page.main_text());
    provider.change(|it| it.silent_at = "description");
    let config = Config { patience: std::time::Duration::from_millis(100), ..provider.config() };
    let app = with(app, config);
    for _ in 0..2 {
        assert_eq!(app.visitor().get(BEGIN).await.status, 503);
    }
    let asked = provider.asked().iter().filter(|it| **it == "description").count();
    assert_eq!(asked, 2, "one by each configuration: the second visitor shares the failure");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_description_that_leads_astray_or_never_ends_is_not_followed(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let issuer = provider.issuer().to_owned();
    let cases: [(&str, Value); 6] = [
        ("issuer", json!("https://login.example.com")),
        ("authorization_endpoint", json!("javascript:alert(1)")),
        ("authorization_endpoint", json!("data:text/html,hello")),
        ("jwks_uri", json!(format!("{issuer}/nowhere"))),
        // A redirect to the keys.
        ("jwks_uri", json!(format!("{issuer}/elsewhere"))),
        ("service_documentation", json!(format!("{issuer}/{}", "a".repeat(300_000)))),
    ];
    let mut app = app;
    for (field, value) in cases {
        provider.change(|it| it.description = Box::new(move |it| it[field] = value.clone()));
        app = with(app, provider.config());
        let page = app.visitor().get(BEGIN).await;
        assert_eq!(page.status, 503, "{field}");
        assert_eq!(page.location(), "", "{field}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_new_key_of_the_provider_is_asked_for_and_not_again_at_once(pool: PgPool) {
    let (app, provider) = start(pool).await;
    assert_eq!(go(&app.visitor(), &provider, BEGIN).await.status, 303);
    let keys = || provider.asked().iter().filter(|it| **it == "keys").count();
    provider.rotate("key-2");
    assert_eq!(go(&app.visitor(), &provider, BEGIN).await.status, 303);
    assert_eq!(keys(), 2);
    provider.rotate("key-3");
    assert!(go(&app.visitor(), &provider, BEGIN).await.main_text().contains(UNTRUSTED));
    assert_eq!(keys(), 2, "a minute has not passed");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nobody_is_sent_elsewhere_afterwards(pool: PgPool) {
    let (app, provider) = start(pool).await;
    let long = format!("/orders?q={}", "a".repeat(2000));
    for next in NOT_OURS.iter().copied().chain([&*long]) {
        let link = format!("{BEGIN}?{}", to_string([("next", next)]).unwrap());
        let page = go(&app.visitor(), &provider, &link).await;
        assert_eq!((page.status, page.location()), (303, "/orders"), "{next:?}");
    }
    // Not even by what is remembered.
    let browser = app.visitor();
    let back = provider.visit(&depart(&browser, BEGIN).await).await;
    let planted = "UPDATE provider_visits SET next = '//evil.example'";
    sqlx::query(planted).execute(&app.pool).await.unwrap();
    assert_eq!(come_back(&browser, &back).await.location(), "/orders");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn it_begins_with_a_click_on_a_page_of_ours(pool: PgPool) {
    let (app, provider) = start(pool).await;
    for site in ["cross-site", "same-site", "nonsense"] {
        let request = Request::get(BEGIN).header("sec-fetch-site", site);
        let page = app.visitor().send(request, Body::empty()).await;
        assert_eq!((page.status, page.location()), (303, "/sign-in"), "{site}");
    }
    assert_eq!(provider.asked(), Vec::<&str>::new());
    let page = app.sign_in(Role::Viewer).await.get("/sign-in/sso?next=%2Fsync").await;
    assert_eq!(page.location(), "/sync", "whoever is in need not go");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn visits_that_come_to_nothing_are_counted(pool: PgPool) {
    let (app, provider) = start(pool).await;
    for _ in 0..40 {
        assert_eq!(go(&app.visitor(), &provider, BEGIN).await.status, 303);
    }
    for _ in 0..30 {
        depart(&app.visitor(), BEGIN).await;
    }
    let page = app.visitor().get(BEGIN).await;
    assert_eq!((page.status, page.header("retry-after")), (429, "300"));
    let visits = sqlx::query_scalar::<_, i64>("SELECT count(*) FROM provider_visits");
    assert_eq!(visits.fetch_one(&app.pool).await.unwrap(), 30);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_a_provider_there_is_no_such_place(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for path in [BEGIN, "/sign-in/sso/return", "/sign-in/sso/return?code=a&state=b"] {
        assert_eq!(app.visitor().get(path).await.status, 404, "{path}");
    }
    assert!(!app.visitor().get("/sign-in").await.body.contains("sso"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn over_https_the_cookie_is_bound_to_the_host(pool: PgPool) {
    let settings = Settings { secure_cookies: true, ..TestApp::settings() };
    let (app, _provider) = start_with(pool, settings).await;
    let page = app.visitor().get(BEGIN).await;
    let cookies: Vec<_> = page.headers.get_all("set-cookie").iter().collect();
    let [cookie] = cookies[..] else { panic!("{cookies:?}") };
    let cookie = cookie.to_str().unwrap();
    let (ticket, rest) = cookie.split_once(';').unwrap();
    assert_eq!(rest, " Path=/; HttpOnly; SameSite=Lax; Max-Age=600; Secure");
    assert_eq!(ticket.strip_prefix("__Host-sso=").unwrap().len(), 43);
    let known: Vec<u8> = sqlx::query_scalar("SELECT browser_hash FROM provider_visits")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert!(!ticket.as_bytes().windows(known.len()).any(|it| it == known));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_speaks_french_and_says_what_is_not_kept(pool: PgPool) {
    let (app, _provider) = start(pool).await;
    let page = app.visitor().speaking("fr").get("/sign-in").await;
    assert!(page.main_text().contains("ou Se connecter avec Lemoine & Co"), "{}", page.main_text());
    let page = app.visitor().post("/orders/maison/A-1/ship", &[("carrier", "x")]).await;
    assert_eq!(page.status, 401);
    assert!(page.main_text().contains("To keep what you typed, sign in with your password"));
}
