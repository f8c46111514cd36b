//! Names and contact data go some time after an order has ended; the order and its audit stay.

use comptoir::db;
use comptoir::domain::delivery::Refusal;
use comptoir::domain::delivery::State;
use comptoir::domain::event::Event;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Status;
use comptoir::domain::request::Request;
use comptoir::sync;
use comptoir::sync::forget;
use comptoir::workflow;
use comptoir::workflow::audit;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::browser::TestApp;
use crate::planted;
use crate::planted::CANARY;
use crate::planted::left;
use crate::support::World;
use crate::support::href;
use crate::support::maison;

const KEEP: u16 = 180;

fn later(app: &TestApp, days: i64) {
    app.clock.advance(SignedDuration::from_hours(24 * days));
}

async fn remove_old(app: &TestApp) -> usize {
    workflow::privacy::remove_old(&app.pool, &maison(), KEEP, app.now()).await.unwrap()
}

async fn ended(app: &TestApp) {
    let [gesture, ship, invoice] = planted::actions();
    planted::plant(app, planted::sold("P-1", &Status::Shipped, 0), &ship, State::Confirmed).await;
    planted::plant(app, planted::sold("P-2", &Status::Delivered, 0), &gesture, State::Refused)
        .await;
    planted::plant(app, planted::sold("P-3", &Status::Cancelled, 0), &invoice, State::Confirmed)
        .await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn after_its_days_a_customer_is_nowhere_and_the_order_and_its_audit_are_still_there(
    pool: PgPool,
) {
    let app = TestApp::start(pool).await;
    ended(&app).await;
    let events = async || {
        let sql = "SELECT count(*) FROM order_events";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&app.pool).await.unwrap()
    };
    let before = events().await;
    later(&app, 179);
    assert_eq!(remove_old(&app).await, 0);
    assert!(left(&app.pool).await.len() > 20);
    later(&app, 1);
    assert_eq!(remove_old(&app).await, 3);
    assert_eq!(left(&app.pool).await, Vec::<String>::new());
    assert_eq!(remove_old(&app).await, 0, "once");
    assert_eq!(events().await, before);
    let text = app.sign_in(Role::Warehouse).await.get(&href("P-2")).await.main_text();
    let words = "(180 days after the order ended)";
    assert!(
        text.contains("Names and contact data were removed on") && text.contains(words),
        "{text}"
    );
    let text = app.sign_in(Role::Viewer).await.get(&href("P-2")).await.main_text();
    assert!(!text.contains(words), "{text}");
    let text = app.sign_in(Role::Manager).await.get("/activity").await.main_text();
    assert!(text.contains("Old personal data erased: 3 orders"), "{text}");
    audit::verify(&app.pool, None).await.unwrap();
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_open_or_under_way_keeps_its_customer(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let [gesture, ..] = planted::actions();
    for (id, status) in [("P-1", Status::InPreparation), ("P-2", Status::CancelRequest)] {
        planted::mirror(&app.pool, planted::sold(id, &status, 0), 1, app.now()).await;
    }
    let shipped = planted::sold("P-3", &Status::Shipped, 0);
    planted::plant(&app, shipped, &gesture, State::NeedsPerson).await;
    later(&app, 400);
    assert_eq!(remove_old(&app).await, 0);
    assert!(left(&app.pool).await.iter().any(|it| it.starts_with("orders:")));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_that_is_read_again_stays_without_its_customer(pool: PgPool) {
    let app = TestApp::start(pool).await;
    ended(&app).await;
    later(&app, 180);
    assert_eq!(remove_old(&app).await, 3);
    // The marketplace still knows everything, and says that something else has changed.
    let order = planted::sold("P-1", &Status::Delivered, 60 * 24 * 180);
    assert_eq!(planted::mirror(&app.pool, order, 2, app.now()).await, 1);
    let mut tx = app.pool.begin().await.unwrap();
    let request: Request = serde_json::from_value(serde_json::json!({
        "request": "gesture", "id": "G-9", "standing": "rejected", "reason": null,
        "details": CANARY, "amount": null, "currency": null, "words": [CANARY], "created_at": null,
    }))
    .unwrap();
    workflow::record_requests(&mut tx, &maison(), "P-1", &[request], app.now()).await.unwrap();
    let raw = format!("{CANARY}, as it cannot be read");
    db::faults::keep(&mut tx, &maison(), "P-2", "status: missing", &raw, app.now()).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(left(&app.pool).await, Vec::<String>::new());
    let text = app.sign_in(Role::Warehouse).await.get(&href("P-1")).await.main_text();
    assert!(text.contains("Delivered") && text.contains("were removed on"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_database_itself_refuses_to_take_a_removed_customer_back(pool: PgPool) {
    let app = TestApp::start(pool).await;
    ended(&app).await;
    later(&app, 180);
    remove_old(&app).await;
    for column in ["customer_name", "customer_reference", "postal_code", "city"] {
        let sql = format!("UPDATE orders SET {column} = 'x'");
        let refused = sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&app.pool).await.unwrap_err();
        assert!(refused.to_string().contains("people_stay_removed"), "{refused}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_written_about_an_order_afterwards_goes_in_its_turn(pool: PgPool) {
    let app = TestApp::start(pool).await;
    ended(&app).await;
    later(&app, 180);
    remove_old(&app).await;
    let [gesture, ..] = planted::actions();
    let mut conn = app.pool.acquire().await.unwrap();
    db::privacy::mark_again(&mut conn, &maison(), "P-1", app.now()).await.unwrap();
    let event = Event::Promised { action: gesture };
    db::events::add(&mut conn, &maison(), "P-1", None, None, &event, app.now()).await.unwrap();
    later(&app, 179);
    assert_eq!(remove_old(&app).await, 0);
    assert_eq!(left(&app.pool).await.len(), 1);
    later(&app, 1);
    assert_eq!(remove_old(&app).await, 1);
    assert_eq!(left(&app.pool).await, Vec::<String>::new());
    assert_eq!(remove_old(&app).await, 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nothing_else_of_the_history_can_be_changed(pool: PgPool) {
    let app = TestApp::start(pool).await;
    ended(&app).await;
    let refused = async |sql: &'static str| {
        let refused = sqlx::query(sql).execute(&app.pool).await.unwrap_err();
        assert!(
            refused.to_string().contains("only ever added to")
                || refused.to_string().contains("is settled"),
            "{refused}"
        );
    };
    let strip = "UPDATE order_events SET event = event || '{\"refusal\": null}'";
    refused(strip).await;
    refused("UPDATE promises SET refusal = NULL").await;
    later(&app, 180);
    remove_old(&app).await;
    sqlx::query(strip).execute(&app.pool).await.unwrap();
    for sql in [
        "DELETE FROM order_events",
        "UPDATE order_events SET at = now()",
        "UPDATE order_events SET user_id = NULL, actor = 'comptoir'",
        "UPDATE order_events SET event = '{\"event\": \"decided\", \"done\": true}'",
        "UPDATE promises SET state = 'withdrawn'",
        "UPDATE promises SET action = '{\"kind\": \"accept\"}'",
        "UPDATE promises SET user_id = user_id + 1, refusal = NULL",
    ] {
        refused(sql).await;
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_worker_does_it_by_itself_and_what_was_never_understood_goes_too(pool: PgPool) {
    let world = World::start(pool).await;
    let app = &world.shop.app;
    let now = app.now();
    let mut conn = app.pool.acquire().await.unwrap();
    db::faults::keep(&mut conn, &maison(), "F-1", "status: missing", CANARY, now).await.unwrap();
    let minutes = now.duration_since(crate::browser::NOW.parse().unwrap()).as_secs() / 60;
    let order = planted::sold("P-1", &Status::Rejected, minutes);
    planted::mirror(&app.pool, order, 1, now).await;
    assert_eq!(forget::step(&world.context).await.unwrap(), forget::Step::Idle);
    later(app, i64::from(sync::Settings::default().keep_personal_data_days) + 1);
    assert_eq!(forget::step(&world.context).await.unwrap(), forget::Step::Done);
    assert_eq!(left(&app.pool).await, Vec::<String>::new());
    assert_eq!(forget::step(&world.context).await.unwrap(), forget::Step::Idle);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_words_of_the_marketplace_are_told_apart_from_what_it_never_said(pool: PgPool) {
    let app = TestApp::start(pool).await;
    ended(&app).await;
    later(&app, 180);
    remove_old(&app).await;
    let promise = db::promises::latest(&app.pool, &maison(), "P-2").await.unwrap().unwrap();
    let left_out = Refusal::Marketplace { words: "…".to_owned() };
    assert_eq!(promise.progress.refusal, Some(left_out));
}
