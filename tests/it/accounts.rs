//! The settings of seller accounts, as an admin sees them and as everybody else does not.

use std::sync::Arc;

use comptoir::db;
use comptoir::domain::address_rule::Reach;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::live::Live;
use comptoir::secrets::Key;
use comptoir::secrets::Keys;
use comptoir::web;
use comptoir::workflow::accounts;
use comptoir::workflow::keys;
use octopia_simulator::Config;
use octopia_simulator::OrderDraft;
use octopia_simulator::Seller;
use octopia_simulator::Simulator;
use secrecy::ExposeSecret as _;
use sqlx::PgPool;

use crate::support::Browser;
use crate::support::Page;
use crate::support::TestApp;

/// Long enough for its end to be shown.
const SECRET: &str = "correct-horse-battery-7f3a";
const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const OTHER_KEY: &str = "HxoZGBcWFRQTEhEQDw4NDAsKCQgHBgUEAwIBAB4dHBs=";
const LIST: &str = "/settings/accounts";
const NEW: &str = "/settings/accounts/new";

fn key(text: &str) -> Key {
    Key::parse(text).unwrap()
}

/// The pages where accounts can be set up, and a marketplace that knows one seller.
struct Shop {
    app: TestApp,
    simulator: Simulator,
}

impl Shop {
    async fn open(pool: PgPool) -> Self {
        Self::with(pool, Reach::Anywhere).await
    }

    async fn with(pool: PgPool, reach: Reach) -> Self {
        let mut app = TestApp::start(pool).await;
        let seller = Seller { client_secret: SECRET.to_owned(), ..Seller::atelier() };
        let config = Config { sellers: vec![seller], ..Config::default() };
        let simulator = Simulator::start(config).await.unwrap();
        let keys = Arc::new(Keys::new(key(KEY), None));
        app.state.live = Live::with(&[], Some(keys), reach).unwrap();
        app.router = web::router(app.state.clone());
        Self { app, simulator }
    }

    async fn admin(&self) -> Browser {
        self.app.sign_in(Role::Admin).await
    }

    /// The form of a new account as the marketplace likes it, with these fields instead.
    async fn send(&self, browser: &Browser, path: &str, changes: &[(&str, &str)]) -> Page {
        let (base_url, token_url) = (self.simulator.base_url(), self.simulator.token_url());
        let usual = [
            ("account", "quai"),
            ("name", "Quai 2"),
            ("seller_id", "98980"),
            ("client_id", "atelier-client"),
            ("client_secret", SECRET),
            ("base_url", base_url.as_str()),
            ("token_url", token_url.as_str()),
            ("requests_per_second", "20"),
            ("time_zone", "Europe/Paris"),
            ("sync_interval", ""),
            ("do", "save"),
        ];
        let kept = usual.iter().filter(|it| changes.iter().all(|change| change.0 != it.0));
        let fields: Vec<_> = kept.chain(changes).copied().collect();
        let page = browser.post(path, &fields).await;
        assert!(!page.body.contains(SECRET), "the secret is in the page");
        page
    }

    async fn stored(&self, account: &str) -> Option<db::accounts::SetUp> {
        let id = AccountId(account.to_owned());
        let found = db::accounts::settings(&self.app.pool, Some(&id)).await.unwrap();
        found.into_iter().next()?.set_up
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_octopia_takes_is_saved_sealed_and_shown_by_its_end(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let admin = shop.admin().await;
    shop.simulator.add(OrderDraft::new("atelier"));
    let page = shop.send(&admin, NEW, &[]).await;
    assert_eq!((page.status, page.location()), (303, LIST), "{}", page.text());
    let stored = shop.stored("quai").await.unwrap();
    assert_eq!(stored.credentials.tested_at, Some(shop.app.now()));
    assert_eq!(stored.credentials.secret_end, "7f3a");
    let bytes = &stored.credentials.client_secret;
    assert!(!bytes.windows(7).any(|it| SECRET.as_bytes().windows(7).any(|part| part == it)));
    let list = admin.get(LIST).await;
    let text = list.main_text();
    assert!(text.contains("Quai 2 seller 98980 quai atelier-client secret"), "{text}");
    assert!(text.contains("hidden, ends with 7f3a"), "{text}");
    assert!(text.contains("changed 14:12 by Ana Alves"), "{text}");
    assert!(!list.body.contains(SECRET));
    let form = admin.get("/settings/accounts/quai").await;
    assert_eq!(form.value_of("client_secret"), None);
    assert!(form.main_text().contains("the current one, which ends with 7f3a"));
    assert!(!form.body.contains(SECRET));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_octopia_refuses_is_not_saved_unless_that_is_wanted(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let admin = shop.admin().await;
    let page = shop.send(&admin, NEW, &[("client_secret", "wrong")]).await;
    assert_eq!(page.status, 422);
    let text = page.main_text();
    assert!(page.title().starts_with("Error: "));
    assert!(text.contains("Octopia does not accept the account’s client id and secret."), "{text}");
    assert!(text.contains("Not asked: there is no sign-in"), "{text}");
    assert_eq!(page.value_of("name").as_deref(), Some("Quai 2"));
    assert!(!page.body.contains("wrong\""), "a secret never goes back into a page");
    assert!(shop.stored("quai").await.is_none());

    let page = shop.send(&admin, NEW, &[("client_secret", "wrong"), ("untested", "1")]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(shop.stored("quai").await.unwrap().credentials.tested_at, None);
    assert!(admin.get(LIST).await.main_text().contains("saved untested"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_test_tells_each_answer_and_saves_nothing(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let admin = shop.admin().await;
    shop.simulator.add(OrderDraft::new("atelier"));
    let page = shop.send(&admin, NEW, &[("do", "test")]).await;
    assert_eq!(page.status, 200);
    let text = page.main_text();
    for words in ["client ID and secret Accepted", "one order Read", "66 carriers", "gestures are"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(text.contains(" ms ") && text.contains("Nothing was saved."), "{text}");
    // The seller's number is another one's: the token is given, and nothing else.
    let page = shop.send(&admin, NEW, &[("do", "test"), ("seller_id", "1")]).await;
    let text = page.main_text();
    assert!(text.contains("Accepted") && text.contains("refused the question"), "{text}");
    assert!(shop.stored("quai").await.is_none());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn everybody_but_an_admin_is_told_why_not(pool: PgPool) {
    let shop = Shop::open(pool).await;
    for role in [Role::Viewer, Role::Warehouse, Role::CustomerService, Role::Manager] {
        let browser = shop.app.sign_in(role).await;
        for path in [LIST, NEW, "/settings/accounts/maison"] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 403, "{role:?} {path}");
            assert!(page.main_text().contains("Only an admin sets up seller accounts."));
        }
        for end in ["", "/test", "/pause", "/resume"] {
            let path = format!("/settings/accounts/maison{end}");
            assert_eq!(shop.send(&browser, &path, &[]).await.status, 403, "{role:?} {path}");
        }
        assert_eq!(shop.send(&browser, NEW, &[]).await.status, 403, "{role:?}");
    }
    assert_eq!(shop.app.visitor().get(LIST).await.status, 303);
    assert!(shop.stored("quai").await.is_none() && shop.stored("maison").await.is_none());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_a_key_adding_is_explained(pool: PgPool) {
    let mut shop = Shop::open(pool).await;
    shop.app.state.live = Live::default();
    shop.app.router = web::router(shop.app.state.clone());
    let admin = shop.admin().await;
    for path in [LIST, NEW, "/settings/accounts/maison"] {
        let page = admin.get(path).await;
        assert_eq!(page.status, 200);
        assert!(page.main_text().contains("COMPTOIR_SECRET_KEY"), "{path}");
        assert!(!page.body.contains("name=\"client_secret\""), "{path}");
    }
    assert_eq!(shop.send(&admin, NEW, &[]).await.status, 409);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_account_of_the_file_is_shown_and_cannot_be_changed(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let mut conn = shop.app.pool.acquire().await.unwrap();
    db::accounts::set_in_file(&mut conn, &["maison".to_owned()]).await.unwrap();
    let admin = shop.admin().await;
    assert!(admin.get(LIST).await.main_text().contains("set by the file, read-only"));
    let page = admin.get("/settings/accounts/maison").await;
    assert!(page.main_text().contains("Set by the file of the server, read-only."));
    let page = shop.send(&admin, "/settings/accounts/maison", &[]).await;
    assert_eq!(page.status, 409, "{}", page.text());
    assert!(shop.stored("maison").await.is_none());
    // The file no longer names the other one: its credentials are given here.
    let page = shop.send(&admin, "/settings/accounts/atelier", &[]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    assert!(shop.stored("atelier").await.is_some());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn mistakes_are_told_at_their_fields(pool: PgPool) {
    let shop = Shop::with(pool, Reach::Public).await;
    let admin = shop.admin().await;
    let changes = [
        ("account", "Quai 2"),
        ("name", " "),
        ("seller_id", "98 980"),
        ("client_id", ""),
        ("client_secret", " "),
        ("token_url", "https://169.254.169.254/token"),
        ("requests_per_second", "fast"),
        ("sync_interval", "1"),
        ("time_zone", "Paris"),
        ("fulfilled", "perhaps"),
        ("send_delay", "121"),
    ];
    let page = shop.send(&admin, NEW, &changes).await;
    assert_eq!(page.status, 422);
    for field in [
        "account",
        "name",
        "seller-id",
        "client-id",
        "secret",
        "base-url",
        "token-url",
        "requests-per-second",
        "sync-interval",
        "time-zone",
        "fulfilled",
        "send-delay",
    ] {
        assert!(page.body.contains(&format!("href=\"#{field}\"")), "{field}");
        assert!(page.body.contains(&format!("id=\"{field}-error\"")), "{field}");
    }
    assert!(page.main_text().contains("must begin with https://"));
    assert!(page.main_text().contains("must name a host on the public internet"));
    assert!(shop.simulator.calls().is_empty(), "a private address was called");
    let page = shop.send(&admin, NEW, &[("role", "admin")]).await;
    assert_eq!(page.status, 400);
}

/// Whoever may edit, but does not know the secret, must not have it sent to a host of theirs.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_stored_secret_goes_to_the_address_it_was_given_for_alone(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let admin = shop.admin().await;
    assert_eq!(shop.send(&admin, NEW, &[]).await.status, 303);
    let path = "/settings/accounts/quai";
    let (version, calls) = (("version", "1"), shop.simulator.calls().len());
    let elsewhere = shop.simulator.token_url().replace("/token", "/elsewhere");
    for step in ["save", "test"] {
        let moved = [version, ("client_secret", ""), ("token_url", &elsewhere), ("do", step)];
        let page = shop.send(&admin, path, &moved).await;
        assert_eq!(page.status, 422);
        assert!(page.main_text().contains("Enter the secret again"), "{}", page.main_text());
    }
    assert_eq!(shop.simulator.calls().len(), calls);
    // Another name changes nothing that Octopia sees: it is not asked, and the secret stays.
    let page = shop.send(&admin, path, &[version, ("client_secret", ""), ("name", "Quai 3")]).await;
    assert_eq!(page.status, 303, "{}", page.text());
    assert_eq!(shop.simulator.calls().len(), calls);
    let stored = shop.stored("quai").await.unwrap();
    assert_eq!((stored.version, stored.credentials.secret_end.as_str()), (2, "7f3a"));
    // Somebody whose form is older is told so.
    let page = shop.send(&admin, path, &[version, ("name", "Quai 4")]).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("Somebody else changed this account"));
    assert_eq!(shop.send(&admin, NEW, &[]).await.status, 422, "the short name is taken");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn reading_is_paused_and_resumed_and_both_pages_say_so(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let admin = shop.admin().await;
    let page = admin.post("/settings/accounts/maison/pause", &[]).await;
    assert_eq!((page.status, page.location()), (303, LIST));
    for path in [LIST, "/sync"] {
        let text = admin.get(path).await.main_text();
        assert!(text.contains("Reading paused since 14:12"), "{path}: {text}");
    }
    assert_eq!(admin.post("/settings/accounts/maison/resume", &[]).await.status, 303);
    let text = admin.get("/sync").await.main_text();
    assert!(!text.contains("Reading paused"), "{text}");
    assert_eq!(admin.post("/settings/accounts/nobody/pause", &[]).await.status, 404);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn keys_are_rotated_all_or_none_and_swapped_secrets_stay_closed(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let admin = shop.admin().await;
    assert_eq!(shop.send(&admin, NEW, &[]).await.status, 303);
    assert_eq!(shop.send(&admin, "/settings/accounts/maison", &[]).await.status, 303);
    let pool = &shop.app.pool;
    let opened = async |keys: &Keys, account: &str| {
        let stored = shop.stored(account).await.unwrap().credentials;
        let opened = accounts::open(keys, &AccountId(account.to_owned()), &stored);
        opened.map(|it| it.expose_secret().to_owned())
    };
    let now = shop.app.now();
    let stranger = Keys::new(key(OTHER_KEY), None);
    assert!(keys::rotate(pool, &stranger, now).await.is_err());
    let both = Keys::new(key(OTHER_KEY), Some(key(KEY)));
    assert_eq!(keys::rotate(pool, &both, now).await.unwrap(), 2);
    assert_eq!(keys::rotate(pool, &both, now).await.unwrap(), 0);
    assert_eq!(opened(&stranger, "quai").await.unwrap(), SECRET);
    assert!(opened(&Keys::new(key(KEY), None), "quai").await.is_err());

    let swap = "UPDATE account_credentials AS a SET client_secret = b.client_secret
                FROM account_credentials AS b WHERE a.account_id <> b.account_id";
    sqlx::query(swap).execute(pool).await.unwrap();
    assert!(opened(&stranger, "quai").await.is_err());
    assert!(opened(&stranger, "maison").await.is_err());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_done_to_an_account_is_in_the_audit_without_its_secret(pool: PgPool) {
    let shop = Shop::open(pool).await;
    let admin = shop.admin().await;
    assert_eq!(shop.send(&admin, NEW, &[]).await.status, 303);
    let path = "/settings/accounts/quai";
    let edit = [("client_secret", ""), ("name", "Quai 3"), ("fulfilled", "skip"), ("version", "1")];
    assert_eq!(shop.send(&admin, path, &edit).await.status, 303);
    let rotate = [("name", "Quai 3"), ("fulfilled", "skip"), ("version", "2"), ("untested", "1")];
    assert_eq!(shop.send(&admin, path, &rotate).await.status, 303);
    shop.send(&admin, path, &[("do", "test"), ("client_secret", "wrong"), ("version", "3")]).await;
    for end in ["/pause", "/pause", "/resume"] {
        assert_eq!(admin.post(&format!("{path}{end}"), &[]).await.status, 303);
    }
    let entries: Vec<(String, String, serde_json::Value)> = sqlx::query_as(
        "SELECT kind, account_id, details FROM audit WHERE topic = 'settings' ORDER BY seq",
    )
    .fetch_all(&shop.app.pool)
    .await
    .unwrap();
    let entry = |kind: &str, account: &str, details| (kind.to_owned(), account.to_owned(), details);
    let named = serde_json::json!({"field": "name", "from": "Quai 2", "to": "Quai 3"});
    let skipped = serde_json::json!({"field": "skips_fulfilled", "from": "no", "to": "yes"});
    let nothing = || serde_json::json!({});
    let expected = [
        entry("connection_tested", "", serde_json::json!({"passed": true})),
        entry("account_added", "quai", nothing()),
        entry("secret_replaced", "quai", serde_json::json!({"tested": true})),
        entry("account_changed", "quai", serde_json::json!({"changes": [named, skipped]})),
        entry("secret_replaced", "quai", serde_json::json!({"tested": false})),
        entry("connection_tested", "quai", serde_json::json!({"passed": false})),
        entry("reading_paused", "quai", nothing()),
        entry("reading_resumed", "quai", nothing()),
    ];
    assert_eq!(entries, expected);
    let rows: Vec<String> = sqlx::query_scalar("SELECT a::text FROM audit AS a")
        .fetch_all(&shop.app.pool)
        .await
        .unwrap();
    assert!(rows.iter().all(|it| !it.contains(SECRET) && !it.contains("7f3a")));
}
