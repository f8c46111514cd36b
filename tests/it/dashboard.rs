//! The dashboard: who lands there, and what it says when all is well, and when it is not.

use comptoir::db;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::domain::trouble::Trouble;
use jiff::SignedDuration;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;
use uuid::Uuid;

use crate::canaries;
use crate::support::PASSWORD;
use crate::support::TestApp;
use crate::support::email;

async fn succeed(app: &TestApp) {
    let mut conn = app.pool.acquire().await.unwrap();
    for account in ["maison", "atelier"] {
        let (account, now) = (AccountId(account.to_owned()), app.now());
        db::sync_states::take(&mut conn, &account, Uuid::nil(), now, now).await.unwrap();
        let next = now + SignedDuration::from_secs(60);
        db::sync_states::succeed(&mut conn, &account, None, next, now).await.unwrap();
    }
}

/// Walid wanted to accept the order, and the marketplace said no.
async fn refuse(app: &TestApp, order_id: &str, status: &str) {
    let sql = "UPDATE orders SET status = $2, promise_kind = 'accept', promise_state = 'refused',
               promise_at = $3 WHERE order_id = $1";
    let now = app.now().to_sqlx();
    let query = sqlx::query(sql).bind(order_id).bind(status).bind(now);
    assert_eq!(query.execute(&app.pool).await.unwrap().rows_affected(), 1);
}

async fn request(app: &TestApp, order_id: &str, asker: &str) {
    let request = serde_json::json!({
        "request": "cancellation", "id": asker, "standing": "in_progress", "asked_by": asker,
        "reason": null, "shipping_refund": null, "lines": [], "words": [], "created_at": null,
    });
    let sql = "INSERT INTO requests VALUES ('maison', 'cancellation', $1, $2, $3, TRUE, $4, $4)";
    let query = sqlx::query(sql).bind(asker).bind(order_id).bind(request);
    query.bind(app.now().to_sqlx()).execute(&app.pool).await.unwrap();
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn everybody_lands_where_they_work_unless_they_wanted_to_go_elsewhere(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for (role, start) in [
        (Role::Viewer, "/"),
        (Role::Warehouse, "/orders"),
        (Role::CustomerService, "/orders"),
        (Role::Manager, "/"),
        (Role::Admin, "/"),
    ] {
        let browser = app.visitor();
        for (next, landing) in [("", start), ("/", start), ("/sync", "/sync")] {
            let fields = [("email", email(role)), ("password", PASSWORD), ("next", next)];
            let page = browser.post("/sign-in", &fields).await;
            assert_eq!((page.status, page.location()), (303, landing), "{role:?} {next:?}");
        }
        assert_eq!(browser.get("/sign-in").await.location(), start, "{role:?}, signed in already");
        assert_eq!(browser.get("/").await.status, 200, "and the dashboard is everybody's");
    }
    let page = app.visitor().get("/").await;
    assert_eq!((page.status, page.location()), (303, "/sign-in"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_empty_mirror_is_told_apart_from_a_finished_day(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    let page = browser.get("/").await;
    assert_eq!(page.title(), "Dashboard · Comptoir");
    let text = page.main_text();
    assert!(text.contains("Thursday 19 November No deadline until tomorrow evening."), "{text}");
    assert!(text.contains("Orders have never been synced"), "{text}");
    assert!(text.contains("Maison Lemoine Never synced Open Sync"), "{text}");
    succeed(&app).await;
    app.clock.advance(SignedDuration::from_mins(3));
    let page = browser.get("/").await;
    let text = page.main_text();
    assert!(text.contains("No order needs you now. Last sync 14:12."), "{text}");
    assert!(text.contains("Maison Lemoine read 3 min ago"), "{text}");
    assert!(text.contains("Nothing failed, and nothing waits for a decision."), "{text}");
    app.clock.advance(SignedDuration::from_mins(20));
    let page = browser.get("/").await;
    let stale = "Data is 23 min old. You can work; actions are checked again before sending.";
    assert!(page.main_text().contains(stale), "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_went_wrong_is_listed_with_the_page_that_helps(pool: PgPool) {
    let app = TestApp::start(pool).await;
    canaries::release(&app).await;
    refuse(&app, "ZQXORDER1", "WaitingAcceptance").await;
    request(&app, "ZQXORDER2", "customer").await;
    request(&app, "ZQXORDER2", "seller").await;
    let page = app.sign_in(Role::Warehouse).await.get("/").await;
    let text = page.main_text();
    for words in [
        "Needs attention 5 Failed: Maison Lemoine: Stopped: Octopia refuses our credentials since 14:12",
        "Failed: Acceptance refused ZQX ORDER1 , Maison Lemoine, 14:12 Correct",
        "1 order could not be read Maison Lemoine, 14:12 See",
        "Warning: Acceptance: decide ZQX ORDER3 , Maison Lemoine, 14:12 Decide",
        "Cancellation asked by the customer, not decided yet ZQX ORDER2 , Maison Lemoine, 14:12 See",
        "Actions 2 under way, oldest under 1 min",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    for href in [
        "/sync",
        "/orders/maison/ZQXORDER1",
        "/sync#h-faults",
        "/promises/a0000000-0000-4000-8000-000000000002",
        "/orders/maison/ZQXORDER2",
    ] {
        assert!(page.main().contains(&format!("href=\"{href}\"")), "{href}");
    }
    // Who sets up accounts is led to the secret, and who may not act looks.
    let page = app.sign_in(Role::Admin).await.get("/").await;
    assert!(page.main().contains("href=\"/settings/accounts/maison\">Fix"));
    let text = app.sign_in(Role::Viewer).await.get("/").await.main_text();
    assert!(text.contains("Acceptance refused ZQX ORDER1 , Maison Lemoine, 14:12 See"), "{text}");
    assert!(!text.contains("Zqxcustomer"), "viewers see no names");
    // The order moved on: there is nothing to correct any more. Neither is there a week later.
    refuse(&app, "ZQXORDER1", "Cancelled").await;
    let browser = app.sign_in(Role::Admin).await;
    assert!(!browser.get("/").await.main_text().contains("Failed: Acceptance refused"));
    refuse(&app, "ZQXORDER1", "WaitingAcceptance").await;
    app.clock.advance(SignedDuration::from_hours(8 * 24));
    let browser = app.sign_in(Role::Admin).await;
    assert!(!browser.get("/").await.main_text().contains("Failed: Acceptance refused"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_marketplace_that_does_not_answer_is_told_without_blame(pool: PgPool) {
    let app = TestApp::start(pool).await;
    succeed(&app).await;
    let account = AccountId("atelier".to_owned());
    let mut conn = app.pool.acquire().await.unwrap();
    let (now, next) = (app.now(), app.now() + SignedDuration::from_secs(300));
    let trouble = Trouble::Unreachable;
    db::sync_states::fail(&mut conn, &account, trouble, "", next, now).await.unwrap();
    drop(conn);
    let text = app.sign_in(Role::Admin).await.get("/").await.main_text();
    let words = "Failed: Atelier du Port: Failing since 14:12 last read to the end 14:12 See";
    assert!(text.contains(words), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn rows_of_ones_own_files_that_were_not_done_are_told_until_they_are_taken_up(pool: PgPool) {
    const BATCH: &str = "a0000000-0000-4000-8000-000000000009";
    let app = TestApp::start(pool).await;
    canaries::release(&app).await;
    let rows = format!(
        "INSERT INTO batches (batch_id, user_id, accounts, purpose, origin, file_name, created_at, row_count,
           confirmed_at, send_delay_seconds)
         SELECT '{BATCH}', user_id, '{{maison}}', 'ship', 'file', 'suivi <1911>.csv', at, 3, at, 0
         FROM users, (SELECT '{now}'::timestamptz AS at) AS now WHERE role = 'warehouse';
         INSERT INTO batch_rows (account_id, batch_id, position, order_id, state, stopped)
         SELECT 'maison', '{BATCH}', n, 'ZQXORDER' || n, CASE n WHEN 3 THEN 'draft' ELSE 'stopped' END,
           CASE n WHEN 3 THEN NULL ELSE '{{}}'::jsonb END
         FROM generate_series(1, 3) AS n",
        now = app.now()
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(rows)).execute(&app.pool).await.unwrap();
    let page = app.sign_in(Role::Warehouse).await.get("/").await;
    let words = "Failed: 2 of 3 orders of “suivi <1911>.csv” not done sent by you, 14:12 See";
    assert!(page.main_text().contains(words), "{}", page.main_text());
    assert!(page.main().contains(&format!("href=\"/batches/{BATCH}\"")));
    let theirs = app.sign_in(Role::Admin).await.get("/").await;
    assert!(!theirs.main_text().contains("suivi"), "a colleague has no page of it");
    let again = format!(
        "INSERT INTO batches (batch_id, user_id, accounts, purpose, origin, retry_of, created_at, row_count)
         SELECT gen_random_uuid(), user_id, accounts, 'ship', 'retry', batch_id, created_at, 2 FROM batches
         WHERE batch_id = '{BATCH}'"
    );
    sqlx::raw_sql(sqlx::AssertSqlSafe(again)).execute(&app.pool).await.unwrap();
    let page = app.sign_in(Role::Warehouse).await.get("/").await;
    assert!(!page.main_text().contains("suivi"), "taken up again");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn it_speaks_french(pool: PgPool) {
    let app = TestApp::start(pool).await;
    canaries::release(&app).await;
    let browser = app.sign_in(Role::Manager).await.speaking("fr");
    let text = browser.get("/").await.main_text();
    for words in ["Prochaines échéances", "À surveiller", "Commandes par statut", "Par canal"] {
        assert!(text.contains(words), "{words} in {text}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_the_marketplace_thinks_of_the_seller_is_shown_with_its_limits(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    let text = browser.get("/?account=maison").await.main_text();
    let none = "Seller indicators Octopia, 30 days Not read yet. Octopia is asked once a day.";
    assert!(text.contains(none), "{text}");
    let rows = "
      INSERT INTO seller_indicators VALUES
        ('maison', 'deadline_compliance', 0, 'x', 93.4, 'at_least', 95, FALSE, '2026-11-19T04:00:00Z'),
        ('maison', 'order_claims', 1, NULL, 2.1, 'at_most', 3, NULL, NULL),
        ('maison', 'joy', 2, 'Joy of the <customers>', NULL, NULL, NULL, NULL, NULL);
      UPDATE sync_states SET indicators_read_at = '2026-11-19T05:00:00Z',
        indicators_tried_at = '2026-11-19T13:00:00Z', indicators_failure = 'unreachable'
      WHERE account_id = 'maison'";
    sqlx::raw_sql(rows).execute(&app.pool).await.unwrap();
    let page = browser.get("/?account=maison").await;
    let text = page.main_text();
    for words in [
        "The last try, 14:00, failed: The marketplace does not answer, or answers that it is broken.",
        "Deadlines met target ≥ 95 % 93,4 % 93,4 % Missed",
        "Claims target ≤ 3 % 2,1 % 2,1 % Met",
        "Joy of the <customers> – No target",
        "Read 06:00. Computed Thu 19 Nov, 05:00.",
    ] {
        assert!(text.contains(words), "{words} in {text}");
    }
    let meter =
        "<meter min=\"85\" max=\"100\" low=\"95\" high=\"95\" optimum=\"100\" value=\"93.4\"";
    assert!(page.main().contains(meter), "{}", page.main());
    // Of both accounts, each by its name.
    let text = browser.get("/").await.main_text();
    assert!(text.contains("Seller indicators, Maison Lemoine"), "{text}");
    assert!(text.contains("Seller indicators, Atelier du Port"), "{text}");
    let french = app.sign_in(Role::Manager).await.speaking("fr");
    let text = french.get("/?account=maison").await.main_text();
    assert!(text.contains("Respect des délais objectif ≥ 95 % 93,4 %"), "{text}");
}
