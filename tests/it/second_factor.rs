//! Codes of an app, after the password.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comptoir::domain::audit::act::Method;
use comptoir::domain::operator::Role;
use comptoir::live::Live;
use comptoir::secrets::Key;
use comptoir::secrets::Keys;
use comptoir::web;
use comptoir::web::Settings;
use comptoir::workflow::keys;
use comptoir::workflow::second_factor;
use comptoir::workflow::second_factor::totp;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::support::Browser;
use crate::support::PASSWORD;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::email;

const OTHER_KEY: &str = "HxoZGBcWFRQTEhEQDw4NDAsKCQgHBgUEAwIBAB4dHBs=";
const SET_UP: &str = "/settings/profile/second-factor";

async fn shown(app: &TestApp) -> String {
    app.app_code().await
}

/// Sets up the second factor of the user of that browser, and gives their recovery codes.
async fn set_up(app: &TestApp, browser: &Browser) -> Vec<String> {
    let start = format!("{SET_UP}/start");
    let page = browser.post(&start, &[("password", PASSWORD)]).await;
    assert_eq!((page.status, page.location()), (303, SET_UP));
    let page = browser.post(SET_UP, &[("code", &shown(app).await)]).await;
    assert_eq!(page.title(), "Your recovery codes · Comptoir", "{}", page.main_text());
    let parts = page.body.split("data-recovery-code>").skip(1);
    parts.map(|it| it.split('<').next().unwrap().to_owned()).collect()
}

async fn password(browser: &Browser, role: Role) -> Page {
    browser.post("/sign-in", &[("email", email(role)), ("password", PASSWORD)]).await
}

async fn code(browser: &Browser, code: &str) -> Page {
    browser.post("/sign-in/code", &[("code", code), ("next", "/sync")]).await
}

fn step(app: &TestApp) {
    app.clock.advance(SignedDuration::from_secs(30));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn with_an_app_set_up_the_password_alone_opens_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    set_up(&app, &app.sign_in(Role::Manager).await).await;
    let browser = app.visitor();
    let page = password(&browser, Role::Manager).await;
    assert_eq!((page.status, page.title().as_str()), (200, "Second step · Comptoir"));
    for path in ["/sync", "/settings/profile", SET_UP] {
        assert!(browser.get(path).await.location().starts_with("/sign-in"), "{path}");
    }
    let half = browser.cookie("sid").unwrap();
    step(&app);
    let page = code(&browser, &shown(&app).await).await;
    assert_eq!((page.status, page.location()), (303, "/sync"));
    assert_ne!(browser.cookie("sid").unwrap(), half, "the identifier changes once more");
    assert_eq!(browser.get("/sync").await.status, 200);
    assert_eq!(app.visitor().post("/sign-in/code", &[("code", "123456")]).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_code_opens_the_door_once(pool: PgPool) {
    let app = TestApp::start(pool).await;
    set_up(&app, &app.sign_in(Role::Manager).await).await;
    let [first, second] = [app.visitor(), app.visitor()];
    for browser in [&first, &second] {
        password(browser, Role::Manager).await;
    }
    let used = shown(&app).await;
    assert_eq!(code(&first, &used).await.status, 422, "it was used to set up the app");
    step(&app);
    let used = shown(&app).await;
    assert_eq!(code(&first, &used).await.status, 303);
    let page = code(&second, &used).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("This code is wrong, or was used before"));
    step(&app);
    assert_eq!(code(&second, &used).await.status, 422, "nor in the step after");
    assert_eq!(code(&second, &shown(&app).await).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn each_of_ten_recovery_codes_opens_the_door_once_however_it_is_typed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    let codes = set_up(&app, &browser).await;
    assert_eq!(codes.len(), 10);
    assert!(browser.get("/settings/profile").await.main_text().contains("10 recovery codes"));
    let visitor = app.visitor();
    password(&visitor, Role::Manager).await;
    let typed = codes[3].to_lowercase().replace('-', " ");
    assert_eq!(code(&visitor, &typed).await.status, 303);
    let again = app.visitor();
    password(&again, Role::Manager).await;
    assert_eq!(code(&again, &codes[3]).await.status, 422);
    assert!(browser.get("/settings/profile").await.main_text().contains("9 recovery codes"));
    step(&app);
    let renew = format!("{SET_UP}/codes");
    let page = browser.post(&renew, &[("code", &shown(&app).await)]).await;
    assert_eq!(page.body.matches("data-recovery-code").count(), 10);
    assert_eq!(code(&again, &codes[4]).await.status, 422, "the old ones are worth nothing");
    let stored: Vec<String> = sqlx::query_scalar("SELECT c::text FROM recovery_codes AS c")
        .fetch_all(&app.pool)
        .await
        .unwrap();
    assert!(codes.iter().all(|code| stored.iter().all(|row| !row.contains(code))));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn codes_are_throttled_like_passwords(pool: PgPool) {
    let app = TestApp::start(pool).await;
    set_up(&app, &app.sign_in(Role::Manager).await).await;
    let browser = app.visitor();
    password(&browser, Role::Manager).await;
    for _ in 0..5 {
        assert_eq!(code(&browser, "000000").await.status, 422);
        // The right password again does not give more tries.
        password(&browser, Role::Manager).await;
    }
    app.clock.advance(SignedDuration::from_secs(1));
    let right = shown(&app).await;
    for _ in 0..5 {
        code(&browser, "000000").await;
    }
    let page = code(&browser, &right).await;
    assert_eq!(page.status, 429);
    assert!(page.main_text().contains("Too many attempts. Try again in 2 seconds"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_password_counts_for_five_minutes(pool: PgPool) {
    let app = TestApp::start(pool).await;
    set_up(&app, &app.sign_in(Role::Manager).await).await;
    let browser = app.visitor();
    password(&browser, Role::Manager).await;
    app.clock.advance(SignedDuration::from_mins(5));
    let page = code(&browser, &shown(&app).await).await;
    assert_eq!((page.status, page.location()), (303, "/sign-in"));
    assert_eq!(browser.get("/sync").await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_key_is_shown_until_it_works_and_never_again(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    assert_eq!(browser.get(SET_UP).await.location(), "/settings/profile");
    let start = format!("{SET_UP}/start");
    let page = browser.post(&start, &[("password", "wrong")]).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("This is not your present password"));
    browser.post(&start, &[("password", PASSWORD)]).await;
    let key = totp::base32(&app.app_secret().await);
    let page = browser.get(SET_UP).await;
    assert_eq!(page.status, 200);
    assert!(page.main_text().replace(' ', "").contains(&key));
    let link = format!("otpauth://totp/Comptoir:marc%40comptoir.test?secret={key}");
    assert!(page.body.replace("&#38;", "&").contains(&link), "{}", page.body);
    // Until then it is not asked for.
    assert_eq!(password(&app.visitor(), Role::Manager).await.status, 303);
    let page = browser.post(SET_UP, &[("code", "000000")]).await;
    assert_eq!(page.status, 422);
    let other = app.sign_in(Role::Manager).await;
    let before = browser.cookie("sid").unwrap();
    let page = browser.post(SET_UP, &[("code", &shown(&app).await)]).await;
    assert!(!page.body.contains(&key));
    assert_ne!(browser.cookie("sid").unwrap(), before);
    assert_eq!(browser.get(SET_UP).await.location(), "/settings/profile");
    assert_eq!(other.get("/sync").await.status, 303, "what began without a code ends");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_admin_sets_it_up_before_anything_else_and_cannot_switch_it_off(pool: PgPool) {
    let settings = Settings { admins_need_second_factor: true, ..TestApp::settings() };
    let app = TestApp::start_with(pool, settings).await;
    let manager = app.sign_in(Role::Manager).await;
    assert_eq!(manager.get("/sync").await.status, 200);
    let admin = app.sign_in(Role::Admin).await;
    for path in ["/sync", "/orders", "/attention"] {
        let page = admin.get(path).await;
        assert_eq!((page.status, page.location()), (303, "/settings/profile"), "{path}");
    }
    let page = admin.post("/sync/pause", &[]).await;
    assert_eq!((page.status, page.location()), (303, "/settings/profile"));
    let page = admin.get_fragment("/sync").await;
    assert_eq!(page.header("hx-redirect"), "/settings/profile");
    let page = admin.get("/settings/profile").await;
    assert!(page.main_text().contains("Your role needs a second step at sign-in. Set it up"));
    set_up(&app, &admin).await;
    assert_eq!(admin.get("/sync").await.status, 200);
    step(&app);
    let remove = format!("{SET_UP}/remove");
    let page = admin.post(&remove, &[("code", &shown(&app).await)]).await;
    assert_eq!(page.status, 403);
    assert_eq!(password(&app.visitor(), Role::Admin).await.status, 200);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn others_may_switch_it_off_with_a_last_code(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    set_up(&app, &browser).await;
    let remove = format!("{SET_UP}/remove");
    assert_eq!(browser.post(&remove, &[("code", "000000")]).await.status, 422);
    step(&app);
    let page = browser.post(&remove, &[("code", &shown(&app).await)]).await;
    assert_eq!(page.location(), "/settings/profile?done=second-factor-off");
    assert_eq!(password(&app.visitor(), Role::Manager).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_secret_of_an_app_is_sealed_where_it_belongs(pool: PgPool) {
    let app = TestApp::start(pool).await;
    set_up(&app, &app.sign_in(Role::Manager).await).await;
    let (pool, secret) = (&app.pool, app.app_secret().await);
    let row: String = sqlx::query_scalar("SELECT f::text FROM second_factors AS f")
        .fetch_one(pool)
        .await
        .unwrap();
    let hex = secret.iter().fold(String::new(), |hex, it| format!("{hex}{it:02x}"));
    for form in [hex, totp::base32(&secret), STANDARD.encode(&secret)] {
        assert!(!row.contains(&form));
    }
    // Another key, as `comptoir rotate-key` has it.
    let key = |text| Key::parse(text).unwrap();
    let [new, old] = [OTHER_KEY, crate::support::KEY];
    let alone = Keys::new(key(new), None);
    assert!(keys::rotate(pool, &alone, app.now()).await.is_err(), "the old one is needed");
    let both = Keys::new(key(new), Some(key(old)));
    assert_eq!(keys::rotate(pool, &both, app.now()).await.unwrap(), 1);
    assert_eq!(keys::rotate(pool, &both, app.now()).await.unwrap(), 0);
    let passes = async |keys: Option<&Keys>| {
        app.clock.advance(SignedDuration::from_secs(30));
        let user: i64 =
            sqlx::query_scalar("SELECT user_id FROM second_factors").fetch_one(pool).await.unwrap();
        let typed = totp::shown(&secret, app.now());
        second_factor::pass(pool, keys, user, &typed, app.now()).await.unwrap()
    };
    assert_eq!(passes(Some(&crate::support::keys())).await, None, "the old key opens nothing now");
    assert_eq!(passes(None).await, None);
    assert_eq!(passes(Some(&alone)).await, Some(Method::Code));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_secret_from_before_works_and_is_sealed_at_the_next_start(pool: PgPool) {
    let app = TestApp::start(pool).await;
    set_up(&app, &app.sign_in(Role::Manager).await).await;
    let secret = app.app_secret().await;
    let in_clear = "UPDATE second_factors SET key_id = NULL, secret = $1";
    sqlx::query(in_clear).bind(&secret).execute(&app.pool).await.unwrap();
    let sign_in = async || {
        let browser = app.visitor();
        step(&app);
        password(&browser, Role::Manager).await;
        code(&browser, &totp::shown(&secret, app.now())).await.status
    };
    assert_eq!(sign_in().await, 303);
    let keys = crate::support::keys();
    assert_eq!(second_factor::seal_clear(&app.pool, &keys).await.unwrap(), 1);
    assert_eq!(second_factor::seal_clear(&app.pool, &keys).await.unwrap(), 0);
    assert_eq!(app.app_secret().await, secret);
    assert_eq!(sign_in().await, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_a_key_none_is_set_up_and_recovery_codes_still_open(pool: PgPool) {
    let mut app = TestApp::start(pool).await;
    let codes = set_up(&app, &app.sign_in(Role::Manager).await).await;
    step(&app);
    let right = shown(&app).await;
    app.state.live = Live::default();
    app.router = web::router(app.state.clone());
    let browser = app.visitor();
    password(&browser, Role::Manager).await;
    assert_eq!(code(&browser, &right).await.status, 422, "it cannot be checked");
    assert_eq!(code(&browser, &codes[0]).await.status, 303);
    let walid = app.sign_in(Role::Warehouse).await;
    let page = walid.post(&format!("{SET_UP}/start"), &[("password", PASSWORD)]).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("COMPTOIR_SECRET_KEY"), "{}", page.main_text());
}
