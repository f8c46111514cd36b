//! What an admin decides for a seller account, in the forms of its orders.

use comptoir::db;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::workflow;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Page;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::maison;
use crate::support::moved;
use crate::support::order;

/// Saves an account on its page, for the first time or again, with that delay.
async fn save(admin: &Browser, account: &str, version: &str, delay: &str) -> Page {
    let fields = [
        ("version", version),
        ("account", account),
        ("name", "A shop"),
        ("seller_id", "98980"),
        ("client_id", "a-client"),
        ("client_secret", "correct-horse-battery"),
        ("base_url", "https://api.octopia-io.net/seller/v2"),
        ("token_url", "https://auth.octopia-io.net/token"),
        ("requests_per_second", "2"),
        ("time_zone", "Europe/Paris"),
        ("sync_interval", ""),
        ("send_delay", delay),
        ("untested", "1"),
        ("do", "save"),
    ];
    admin.post(&format!("/settings/accounts/{account}"), &fields).await
}

/// Accepts an order of that account, and says after how many seconds the acceptance leaves.
async fn accept(shop: &Shop, account: &str, id: &str, words: &str) -> i64 {
    let account = AccountId(account.to_owned());
    let order = moved(order(id), "WaitingAcceptance", -60);
    let mut tx = shop.app.pool.begin().await.unwrap();
    let reading = workflow::Reading { order, raw: "{}".to_owned(), raw_hash: 1 };
    workflow::record(&mut tx, &account, &[reading], shop.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let browser = shop.sign_in(Role::Warehouse).await;
    let path = format!("/orders/{}/{id}/refuse", account.0);
    let page = browser.get(&path).await;
    assert!(page.main_text().contains(words), "{}", page.main_text());
    assert_eq!(Filled::of(&page, "/refuse").post(&browser, &path).await.status, 303);
    let promise = db::promises::latest(&shop.app.pool, &account, id).await.unwrap().unwrap();
    promise.progress.next_at.duration_since(shop.app.now()).as_secs()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn each_account_has_a_delay_of_its_own_or_the_servers(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let admin = shop.sign_in(Role::Admin).await;
    assert_eq!(accept(&shop, "maison", "A-1", "after 20 s").await, 20);
    for (account, delay) in [("maison", "45"), ("atelier", "0")] {
        let page = save(&admin, account, "", delay).await;
        assert_eq!(page.status, 303, "{}", page.main_text());
    }
    assert_eq!(accept(&shop, "maison", "A-2", "after 45 s").await, 45);
    assert_eq!(accept(&shop, "atelier", "A-3", "at once").await, 0);
    let invoices = shop.sign_in(Role::CustomerService).await.get("/invoices").await;
    assert!(invoices.main_text().contains("after 0 to 45 s"), "{}", invoices.main_text());

    for nonsense in ["121", "-1", "1.5", "soon"] {
        let page = save(&admin, "maison", "1", nonsense).await;
        assert_eq!(page.status, 422, "{nonsense}");
        assert!(page.body.contains("href=\"#send-delay\""), "{nonsense}");
        assert!(page.body.contains("id=\"send-delay-error\""), "{nonsense}");
        assert_eq!(page.value_of("send_delay").as_deref(), Some(nonsense));
    }
    assert_eq!(save(&admin, "maison", "1", " ").await.status, 303);
    assert_eq!(accept(&shop, "maison", "A-4", "after 20 s").await, 20);

    let changed: Vec<serde_json::Value> = sqlx::query_scalar(
        "SELECT change FROM audit, jsonb_array_elements(details -> 'changes') AS change
         WHERE kind = 'account_changed' AND account_id = 'maison'
           AND change ->> 'field' = 'send_delay_seconds' ORDER BY seq",
    )
    .fetch_all(&shop.app.pool)
    .await
    .unwrap();
    let expected = [
        serde_json::json!({"field": "send_delay_seconds", "to": "45"}),
        serde_json::json!({"field": "send_delay_seconds", "from": "45"}),
    ];
    assert_eq!(changed, expected);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_file_says_the_delay_of_its_accounts_and_the_page_shows_it(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let mut conn = shop.app.pool.acquire().await.unwrap();
    let options =
        comptoir::domain::account::Options { send_delay_seconds: Some(7), skips_fulfilled: true };
    db::accounts::set_options(&mut conn, &maison(), options).await.unwrap();
    db::accounts::set_in_file(&mut conn, &["maison".to_owned()]).await.unwrap();
    drop(conn);
    let page = shop.sign_in(Role::Admin).await.get("/settings/accounts/maison").await;
    assert!(
        page.main_text().contains("Seconds before an action is sent 7"),
        "{}",
        page.main_text()
    );
    assert!(page.main_text().contains("Leave them out"), "{}", page.main_text());
    assert_eq!(accept(&shop, "maison", "A-1", "after 7 s").await, 7);
}

const RULES: &str = "/settings/accounts/maison/channels/CDISFR";

/// What the account's page says of a rule of Cdiscount.
async fn told(browser: &Browser, rule: &str) -> String {
    let page = browser.get("/settings/accounts/maison").await;
    let (_, row) = page.body.split_once("data-channel=\"CDISFR\"").expect("the channel");
    let (_, cell) = row.split_once(&format!("data-rule=\"{rule}\">")).expect(rule);
    cell.split("</small>").next().unwrap().replace("<small class=\"block\">", ", ")
}

/// Whether the ship form lets lines be chosen.
async fn offers_lines(shop: &Shop) -> bool {
    let page = shop.sign_in(Role::Warehouse).await.get("/orders/maison/A-1/ship").await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    page.body.contains("id=\"p1-line-1\"")
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_an_admin_says_of_a_channel_counts_at_once_and_stays(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let admin = shop.sign_in(Role::Admin).await;
    assert_eq!(told(&admin, "partial_shipment").await, "No, documented");
    assert_eq!(told(&admin, "partial_cancellation").await, "No, not known, so not allowed");
    assert!(!offers_lines(&shop).await);

    let partial = [("acceptance", "1"), ("partial_shipment", "1"), ("invoices", "1")];
    let page = admin.post(RULES, &partial).await;
    assert_eq!((page.status, page.location()), (303, "/settings/accounts/maison"));
    assert!(offers_lines(&shop).await);
    // An order comes in on the channel, and changes nothing of it.
    shop.mirror(order("A-2")).await;
    assert!(offers_lines(&shop).await);
    assert_eq!(told(&admin, "partial_shipment").await, "Yes, set by hand");

    assert_eq!(admin.post(RULES, &partial).await.status, 303);
    assert_eq!(admin.post(RULES, &[("acceptance", "1"), ("invoices", "1")]).await.status, 303);
    assert!(!offers_lines(&shop).await);
    assert_eq!(told(&admin, "partial_shipment").await, "No, set by hand");

    let changed: Vec<String> = sqlx::query_scalar(
        "SELECT format('%s: %s %s', change ->> 'field', change ->> 'from', change ->> 'to')
         FROM audit, jsonb_array_elements(details -> 'changes') AS change
         WHERE kind = 'account_changed' AND account_id = 'maison' ORDER BY seq",
    )
    .fetch_all(&shop.app.pool)
    .await
    .unwrap();
    let expected = [
        "CDISFR set_by_hand: no yes",
        "CDISFR partial_shipment: no yes",
        "CDISFR ships_cancel_requests: yes no",
        "CDISFR partial_shipment: yes no",
    ];
    assert_eq!(changed, expected);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn rules_are_set_by_admins_alone_and_not_beside_the_file(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let fields = [("partial_shipment", "1")];
    let page = shop.sign_in(Role::Manager).await.post(RULES, &fields).await;
    assert_eq!(page.status, 403);
    assert!(page.main_text().contains("Only an admin sets up seller accounts."));
    let admin = shop.sign_in(Role::Admin).await;
    assert_eq!(admin.post(RULES, &[("gestures", "1")]).await.status, 400);
    for nowhere in ["maison/channels/NONE", "atelier/channels/CDISFR", "none/channels/CDISFR"] {
        let page = admin.post(&format!("/settings/accounts/{nowhere}"), &fields).await;
        assert_eq!(page.status, 404, "{nowhere}");
    }
    let mut conn = shop.app.pool.acquire().await.unwrap();
    db::accounts::set_in_file(&mut conn, &["maison".to_owned()]).await.unwrap();
    let page = admin.post(RULES, &fields).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("Set by the file of the server"), "{}", page.main_text());
    let page = admin.get("/settings/accounts/maison").await;
    assert!(page.main_text().contains("Whoever runs the server sets these rules"));
    assert!(!page.body.contains(RULES), "a form that would be refused");
    assert!(!offers_lines(&shop).await);
    shop.app.clock.advance(SignedDuration::from_mins(16));
    drop(conn);
    let page = admin.post(RULES, &fields).await;
    assert_eq!(page.status, 401, "a sign-in of the last minutes is asked for");
}
