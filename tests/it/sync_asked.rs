//! What people ask on the sync page: a reading now, one order now, a comparison now; and the figures beside it.

use comptoir::db;
use comptoir::db::comparisons::Comparison;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::domain::reread::Outcome;
use comptoir::domain::trouble::Trouble;
use jiff::SignedDuration;
use sqlx::PgPool;
use uuid::Uuid;

use crate::canaries;
use crate::canaries::ORDER;
use crate::support::TestApp;

fn maison() -> AccountId {
    AccountId("maison".to_owned())
}

/// What a worker does that finds the account due.
async fn pull(app: &TestApp, read: i64) {
    let mut conn = app.pool.acquire().await.unwrap();
    let (now, next) = (app.now(), app.now() + SignedDuration::from_mins(1));
    let taken = db::sync_states::take(&mut conn, &maison(), Uuid::nil(), now, next).await.unwrap();
    assert!(taken, "the account is due");
    db::sync_states::extend(&mut conn, &maison(), Uuid::nil(), next, read).await.unwrap();
    app.clock.advance(SignedDuration::from_secs(1));
    db::sync_states::succeed(&mut conn, &maison(), None, next, app.now()).await.unwrap();
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_reading_that_is_asked_for_makes_the_account_due_and_its_result_is_told(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = app.sign_in(Role::Viewer).await;
    pull(&app, 7).await;
    assert!(vera.get("/sync").await.main_text().contains("Orders read last time 7"));
    let mut conn = app.pool.acquire().await.unwrap();
    let now = app.now();
    let due = db::sync_states::take(&mut conn, &maison(), Uuid::nil(), now, now).await.unwrap();
    assert!(!due, "not before the interval is over");

    let answer = vera.post("/sync/now", &[("account", "maison")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/sync"));
    let text = vera.get("/sync").await.main_text();
    assert!(text.contains("Asked for at 14:12. The worker begins within seconds."), "{text}");
    pull(&app, 12).await;
    let text = vera.get("/sync").await.main_text();
    assert!(text.contains("Read at 14:12, as asked: 12 orders came."), "{text}");
    app.clock.advance(SignedDuration::from_mins(11));
    assert!(!vera.get("/sync").await.main_text().contains("as asked"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn impatience_costs_no_calls(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = app.sign_in(Role::Viewer).await;
    let asked_at = async || -> Vec<Option<i64>> {
        let sql = "SELECT extract(epoch FROM hurried_at)::bigint FROM sync_states ORDER BY account_id DESC";
        sqlx::query_scalar(sql).fetch_all(&app.pool).await.unwrap()
    };
    let first = app.now().as_second();
    vera.post("/sync/now", &[("account", "maison")]).await;
    app.clock.advance(SignedDuration::from_secs(9));
    assert_eq!(vera.post("/sync/now", &[("account", "maison")]).await.status, 303);
    assert_eq!(asked_at().await, [Some(first), None]);
    app.clock.advance(SignedDuration::from_secs(1));
    vera.post("/sync/now", &[("account", "maison")]).await;
    assert_eq!(asked_at().await, [Some(first + 10), None]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_cannot_be_read_now_says_why(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = app.sign_in(Role::Viewer).await;
    let mut conn = app.pool.acquire().await.unwrap();
    let until = app.now() + SignedDuration::from_mins(4);
    db::sync_states::fail(&mut conn, &maison(), Trouble::RateLimited, "", until, app.now())
        .await
        .unwrap();
    let sql = "UPDATE accounts SET reading_paused_at = now() WHERE account_id = 'atelier'";
    sqlx::query(sql).execute(&app.pool).await.unwrap();
    for (account, words) in [
        ("maison", "Reading goes on by itself at 14:16."),
        ("atelier", "Reading of this account is paused."),
    ] {
        for path in ["/sync/now", "/sync/compare", "/sync/order"] {
            let form = [("account", account), ("order", "A1")];
            let page = vera.post(path, &form[..if path == "/sync/order" { 2 } else { 1 }]).await;
            assert_eq!(page.status, 409, "{path} {account}");
            assert!(page.main_text().contains(words), "{}", page.main_text());
        }
    }
    assert_eq!(vera.post("/sync/now", &[("account", "nobody")]).await.status, 404);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_asked_for_by_its_number_and_its_result_stands_on_the_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let walid = app.sign_in(Role::Warehouse).await;
    let answer = walid.post("/sync/order", &[("account", "maison"), ("order", " 2611A ")]).await;
    assert_eq!((answer.status, answer.location()), (303, "/sync#h-reread"));
    let text = walid.get("/sync").await.main_text();
    assert!(
        text.contains("2611A Being read from the marketplace… Maison Lemoine 14:12 Walid"),
        "{text}"
    );
    // Asked twice, read once.
    walid.post("/sync/order", &[("account", "maison"), ("order", "2611A")]).await;
    let mut conn = app.pool.acquire().await.unwrap();
    let now = app.now();
    let (id, _) = db::rereads::take(&mut conn, &maison(), now, now).await.unwrap().unwrap();
    let outcome = Outcome::Unknown;
    db::rereads::finish(&mut conn, &maison(), id, outcome, now, now).await.unwrap();
    assert!(db::rereads::take(&mut conn, &maison(), now, now).await.unwrap().is_none());
    sqlx::query("UPDATE users SET language = 'fr'").execute(&app.pool).await.unwrap();
    let text = walid.get("/sync").await.main_text();
    assert!(text.contains("ne connaît pas de commande de ce numéro"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_no_order_number_is_given_back_with_words_and_not_kept(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = app.sign_in(Role::Viewer).await;
    for typed in ["", "Marie Durand", "marie@example.org"] {
        let page = vera.post("/sync/order", &[("account", "maison"), ("order", typed)]).await;
        assert_eq!(page.status, 422);
        let words = "Enter the order number as the marketplace writes it";
        assert_eq!(page.main_text().matches(words).count(), 2, "{}", page.main_text());
        assert!(page.body.contains(&format!("name=\"order\" value=\"{typed}\"")), "{}", page.body);
        assert!(!page.main().contains("hx-trigger=\"every"), "a form with mistakes stands still");
    }
    let page = vera.post("/sync/order", &[("account", "nobody"), ("order", "1")]).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("Choose the account of the order"));
    let kept: i64 =
        sqlx::query_scalar("SELECT count(*) FROM rereads").fetch_one(&app.pool).await.unwrap();
    assert_eq!(kept, 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn curiosity_has_a_measure(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = app.sign_in(Role::Viewer).await;
    for number in 0..20 {
        let order = format!("A{number}");
        let answer = vera.post("/sync/order", &[("account", "maison"), ("order", &order)]).await;
        assert_eq!(answer.status, 303);
    }
    let one_more = [("account", "maison"), ("order", "A99")];
    let page = vera.post("/sync/order", &one_more).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("Wait a moment"), "{}", page.main_text());
    let other = [("account", "atelier"), ("order", "A99")];
    assert_eq!(vera.post("/sync/order", &other).await.status, 303);
    app.clock.advance(SignedDuration::from_mins(1));
    assert_eq!(vera.post("/sync/order", &one_more).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_order_page_has_its_own_way_and_tells_the_result(pool: PgPool) {
    let app = TestApp::start(pool).await;
    canaries::release(&app).await;
    let vera = app.sign_in(Role::Viewer).await;
    let (order, way) = (format!("/orders/maison/{ORDER}"), format!("{ORDER}/refresh"));
    let page = vera.get(&order).await;
    assert!(page.main().contains(&format!("action=\"{way}\"")), "{}", page.main());
    let answer = vera.post(&format!("{order}/refresh"), &[]).await;
    assert_eq!((answer.status, answer.location()), (303, format!("{order}/refresh").as_str()));
    let page = vera.get(&format!("{order}/refresh")).await;
    assert_eq!(page.attribute("data-result").as_deref(), Some("waiting"));
    assert!(page.main().contains("hx-trigger=\"every 1s\""));
    let mut conn = app.pool.acquire().await.unwrap();
    let now = app.now();
    let (id, _) = db::rereads::take(&mut conn, &maison(), now, now).await.unwrap().unwrap();
    let outcome = Outcome::Unchanged;
    db::rereads::finish(&mut conn, &maison(), id, outcome, now, now).await.unwrap();
    let page = vera.get(&format!("{order}/refresh")).await;
    assert!(page.main_text().contains("Nothing has changed."), "{}", page.main_text());
    assert!(!page.main().contains("hx-trigger=\"every"));
    assert_eq!(vera.post("/orders/maison/NOBODY1/refresh", &[]).await.status, 404);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_stands_still_for_whoever_wants_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = app.sign_in(Role::Viewer).await;
    let moving = vera.get("/sync").await;
    assert!(
        moving.main().contains("href=\"/sync?updates=paused\" id=\"pause-updates\">Pause updates")
    );
    let still = vera.get("/sync?updates=paused").await;
    assert!(!still.main().contains("hx-trigger=\"every"), "{}", still.main());
    assert!(still.main().contains("href=\"/sync\" id=\"pause-updates\">Resume updates"));
    assert!(still.main_text().contains("This page stands still."));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn calls_stand_beside_their_limit(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = app.sign_in(Role::Viewer).await;
    let mut conn = app.pool.acquire().await.unwrap();
    let text = vera.get("/sync").await.main_text();
    assert!(text.contains("API calls in the last hour 0, no limit set"), "{text}");
    db::sync_states::set_limit(&mut conn, &maison(), Some(2)).await.unwrap();
    let now = app.now();
    db::api_calls::add(&mut *conn, &maison(), (400, 3), now, now).await.unwrap();
    db::api_calls::add(&mut *conn, &maison(), (12, 0), now, now).await.unwrap();
    let text = vera.get("/sync").await.main_text();
    let words = "412 of 7 200 at most; 3 answered “too many calls”";
    assert!(text.contains(words), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn numbers_that_differ_are_shown_per_status_with_the_difference(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = app.sign_in(Role::Viewer).await;
    let row = |status: &str, theirs, ours| Comparison {
        account: maison(),
        status: status.to_owned(),
        theirs,
        ours,
    };
    assert!(vera.get("/sync").await.main_text().contains("Not compared yet."));
    let mut conn = app.pool.acquire().await.unwrap();
    let rows = [
        row("", Some(1205), 1203),
        row("Delivered", Some(1200), 1197),
        row("Shipped", Some(5), 6),
        row("Accepted", Some(0), 0),
        row("CancelRequest", None, 1),
    ];
    db::comparisons::replace(&mut conn, &maison(), &rows, true, app.now()).await.unwrap();
    let page = vera.get("/sync").await;
    let text = page.main_text();
    for words in [
        "Compared 14:12 . The numbers differ.",
        "Delivered 1 200 1 197 3 missing here",
        "Shipped 5 6 1 more here",
        "– 1 not counted there",
        "All orders 1 205 1 203 2 missing here",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(page.body.matches("data-difference=\"true\"").count(), 3);
    let form = [("account", "maison")];
    assert_eq!(vera.post("/sync/compare", &form).await.status, 303);
    assert!(
        !vera.get("/sync").await.main_text().contains("A comparison is under"),
        "it is just over"
    );
    app.clock.advance(SignedDuration::from_mins(2));
    vera.post("/sync/compare", &form).await;
    assert!(vera.get("/sync").await.main_text().contains("A comparison is under way."));
    db::comparisons::replace(&mut conn, &maison(), &rows[3..4], false, app.now()).await.unwrap();
    let text = vera.get("/sync").await.main_text();
    assert!(text.contains("The numbers are the same in every status."), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_first_import_says_how_long_it_still_takes(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = app.sign_in(Role::Viewer).await;
    let mut conn = app.pool.acquire().await.unwrap();
    let (now, owner) = (app.now(), Uuid::nil());
    let until = now + SignedDuration::from_mins(9);
    db::sync_states::take(&mut conn, &maison(), owner, now, until).await.unwrap();
    db::sync_states::start_backfill(&mut conn, &maison(), now, 12_000).await.unwrap();
    app.clock.advance(SignedDuration::from_mins(2));
    db::sync_states::extend(&mut conn, &maison(), owner, until, 3_000).await.unwrap();
    db::sync_states::move_cursor(&mut conn, &maison(), now, 3_000).await.unwrap();
    let text = vera.get("/sync").await.main_text();
    let words = "3 000 of 12 000 orders read, about 6 min left";
    assert!(text.contains(words), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_was_refused_is_grouped_by_cause_with_its_first_and_last_time(pool: PgPool) {
    let app = TestApp::start(pool).await;
    canaries::release(&app).await;
    let vera = app.sign_in(Role::Viewer).await;
    assert!(
        vera.get("/sync").await.main_text().contains("Nothing was refused in the last 24 hours.")
    );
    let sql = r#"UPDATE promises SET state = 'refused', lease_until = NULL,
                   settled_at = '2026-11-19T12:00:00Z',
                   refusal = '{"why":"marketplace","words":"no"}'
                 WHERE account_id = 'maison' AND settled_at IS NULL"#;
    let refused = sqlx::query(sql).execute(&app.pool).await.unwrap().rows_affected();
    assert!(refused > 0);
    let text = vera.get("/sync").await.main_text();
    let words = format!("correct what they name, then ask again. {refused} 13:00 13:00");
    assert!(text.contains(&words), "{text}");
    assert!(text.contains(&format!("Refused in 24 h {refused}")), "{text}");
}
