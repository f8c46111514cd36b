//! The promises that only a person can settle.

use comptoir::domain::operator::Role;
use jiff::SignedDuration;
use jiff_sqlx::ToSqlx;
use sqlx::PgPool;

use crate::support::TestApp;

/// A shipment of Walid's for the order `A/1` of `maison`, in that state.
async fn promise(app: &TestApp, state: &str) {
    let now = app.now().to_sqlx();
    sqlx::query(
        "INSERT INTO orders (account_id, order_id, channel_id, channel_name, business, status, supply_mode,
           created_at, updated_at, rank, age, first_quantity, first_title, line_count, piece_count,
           currency, selling_total, service_fees, first_seen_at, last_seen_at, raw_hash)
         VALUES ('maison', 'A/1', 'CDISFR', 'Cdiscount', FALSE, 'InPreparation', 'Seller', $1, $1,
           20000000000, 0, 1, 'Lamp', 1, 1, 'EUR', 10, '[]', $1, $1, 0)",
    )
    .bind(now)
    .execute(&app.pool)
    .await
    .unwrap();
    sqlx::query(
        r#"INSERT INTO promises (account_id, promise_id, order_id, kind, action, submission_id, user_id,
             created_at, state, attempts, unknown_attempts, negative_reads, next_at)
           SELECT 'maison', 'a0000000-0000-4000-8000-000000000001', 'A/1', 'accept', '{"kind":"accept"}',
             gen_random_uuid(), user_id, $1, $2, 1, 1, 2, $1
           FROM users WHERE role = 'warehouse'"#,
    )
    .bind(now)
    .bind(state)
    .execute(&app.pool)
    .await
    .unwrap();
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_waits_for_a_person_is_listed_and_counted_in_the_navigation(pool: PgPool) {
    let app = TestApp::start(pool).await;
    promise(&app, "needs_person").await;
    app.clock.advance(SignedDuration::from_mins(10));
    let page = app.sign_in(Role::CustomerService).await.get("/attention").await;
    assert_eq!(page.title(), "Waiting for your decision · Comptoir");
    let text = page.main_text();
    assert!(
        text.contains("Maison Lemoine Acceptance Walid Wagner 10 min Thu 19 Nov, 14:12"),
        "{text}"
    );
    assert!(page.main().contains("href=\"/orders/maison/A%2F1\""));
    assert!(page.main().contains("href=\"/promises/a0000000-0000-4000-8000-000000000001\""));
    assert!(page.text().contains("Attention 1 to decide"), "{}", page.text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_settles_itself_is_not_listed_but_shows_on_the_sync_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    promise(&app, "in_doubt").await;
    app.clock.advance(SignedDuration::from_mins(10));
    let browser = app.sign_in(Role::CustomerService).await;
    assert!(
        browser.get("/attention").await.main_text().contains("Nothing waits for your decision.")
    );
    let text = browser.get("/sync").await.main_text();
    assert!(text.contains("Maison Lemoine No answer, checking 1 10 min"), "{text}");
    assert!(text.contains("Orders in the mirror 1"), "{text}");
}
