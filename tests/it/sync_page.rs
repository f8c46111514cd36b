//! The state of the mirrors, in words.

use comptoir::db;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::domain::trouble::Trouble;
use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::Page;
use crate::support::TestApp;

fn maison() -> AccountId {
    AccountId("maison".to_owned())
}

async fn succeed(app: &TestApp, account: &str) {
    let mut conn = app.pool.acquire().await.unwrap();
    let account = AccountId(account.to_owned());
    take(app, &account).await;
    let now = app.now();
    let next = now + SignedDuration::from_secs(60);
    db::sync_states::move_cursor(&mut conn, &account, now, 1).await.unwrap();
    db::sync_states::succeed(&mut conn, &account, None, next, now).await.unwrap();
}

async fn fail(app: &TestApp, trouble: Trouble, words: &str) {
    take(app, &maison()).await;
    let mut conn = app.pool.acquire().await.unwrap();
    let next = app.now() + SignedDuration::from_secs(300);
    db::sync_states::fail(&mut conn, &maison(), trouble, words, next, app.now()).await.unwrap();
}

/// What a worker does before it asks the marketplace.
async fn take(app: &TestApp, account: &AccountId) {
    let mut conn = app.pool.acquire().await.unwrap();
    let (owner, now) = (Uuid::nil(), app.now());
    db::sync_states::take(&mut conn, account, owner, now, now).await.unwrap();
}

/// The panel of the account `maison`, which is the first.
fn maison_text(page: &Page) -> String {
    let text = page.main_text();
    let (_, rest) = text.split_once("Maison Lemoine maison").unwrap_or_else(|| panic!("{text}"));
    rest.split_once("Atelier du Port").unwrap().0.trim().to_owned()
}

fn state(page: &Page) -> String {
    page.attribute("data-sync").unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn before_the_first_read_the_page_says_that_nothing_was_read(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let page = app.sign_in(Role::Viewer).await.get("/sync").await;
    assert_eq!((page.status, state(&page).as_str()), (200, "never"));
    assert!(maison_text(&page).starts_with("Never synced The first import begins"));
    assert!(maison_text(&page).contains("Next read as soon as possible"));
    assert!(page.text().contains("Not synced yet"));
    assert!(page.main_text().contains("No action is under way."));
    assert!(page.main_text().contains("Every order could be read."));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_first_import_shows_how_far_it_is(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let mut conn = app.pool.acquire().await.unwrap();
    let from: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
    db::sync_states::start_backfill(&mut conn, &maison(), from, 12_000).await.unwrap();
    db::sync_states::move_cursor(&mut conn, &maison(), from, 3_400).await.unwrap();
    let page = app.sign_in(Role::Viewer).await.get("/sync").await;
    assert_eq!(state(&page), "importing");
    assert!(page.body.contains("<progress max=\"12000\" value=\"3400\""), "{}", page.body);
    let text = maison_text(&page);
    assert!(text.starts_with("First import under way 3 400 of 12 000 orders read"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_works_says_so_until_it_is_late(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    succeed(&app, "maison").await;
    succeed(&app, "atelier").await;
    let page = browser.get("/sync").await;
    assert_eq!(state(&page), "working");
    let text = maison_text(&page);
    assert!(text.starts_with("Working Last complete read 14:12 under 1 min ago"), "{text}");
    assert!(text.contains("Mirrored up to 14:12") && text.contains("Next read 14:13"), "{text}");
    assert!(page.text().contains("Synced 14:12"));
    assert!(!page.text().contains("Data is"));

    app.clock.advance(SignedDuration::from_mins(23));
    let page = browser.get("/sync").await;
    assert_eq!(state(&page), "late");
    assert!(maison_text(&page).starts_with("Late (23 min) You can work"));
    let warning = "Data is 23 min old. You can work; actions are checked again before sending.";
    for path in ["/attention", "/nowhere"] {
        assert!(browser.get(path).await.main_text().contains(warning), "{path}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn refused_credentials_are_words_with_a_time_and_a_next_step(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    succeed(&app, "maison").await;
    fail(&app, Trouble::CredentialsRefused, "401 <invalid_client>").await;
    app.clock.advance(SignedDuration::from_mins(3));
    fail(&app, Trouble::CredentialsRefused, "401 <invalid_client>").await;
    let page = browser.get("/sync").await;
    assert_eq!(state(&page), "stopped");
    let text = maison_text(&page);
    let headline = "Stopped: Octopia refuses our credentials since 14:12";
    assert!(text.starts_with(headline), "{text}");
    assert!(text.contains("put the new one into the settings of the server"), "{text}");
    assert!(text.contains("The marketplace’s answer: 401 <invalid_client>"), "{text}");
    assert!(text.contains("Next read 14:20"), "{text}");
    let warning = "One account cannot be read from the marketplace.";
    assert!(browser.get("/attention").await.main_text().contains(warning));

    sqlx::query("UPDATE users SET language = 'fr'").execute(&app.pool).await.unwrap();
    let text = browser.get("/sync").await.main_text();
    let headline = "Arrêtée : identifiants refusés par Octopia depuis 14:12";
    assert!(text.contains(headline), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_trouble_has_a_cause_and_a_next_step(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let mut texts = Vec::new();
    for trouble in Trouble::ALL {
        fail(&app, trouble, "").await;
        texts.push(maison_text(&browser.get("/sync").await));
    }
    // A word that an older program does not know.
    sqlx::query("UPDATE sync_states SET failure = 'eclipse' WHERE account_id = 'maison'")
        .execute(&app.pool)
        .await
        .unwrap();
    let page = browser.get("/sync").await;
    assert_eq!(state(&page), "failing");
    texts.push(maison_text(&page));
    assert!(texts.last().unwrap().contains("a cause without a name"), "{texts:#?}");
    let count = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), count, "{texts:#?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_that_could_not_be_read_is_named_with_what_is_wrong(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    sqlx::query(
        "INSERT INTO order_faults (account_id, order_id, problem, raw, first_seen_at, last_seen_at)
         VALUES ('maison', 'A&B 1', 'lines[0].quantity: not a number', '{}', $1, $1)",
    )
    .bind(jiff_sqlx::ToSqlx::to_sqlx(app.now()))
    .execute(&app.pool)
    .await
    .unwrap();
    let page = browser.get("/sync").await;
    let text = page.main_text();
    assert!(text.contains("lines[0].quantity: not a number Maison Lemoine Thu 19 Nov, 14:12"));
    assert!(page.body.contains("href=\"/orders?q=A%26B%201\""), "{}", page.body);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_refreshes_itself_and_has_a_link_for_those_without_scripts(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let page = app.sign_in(Role::Viewer).await.get("/sync").await;
    assert!(page.main().contains("<a class=\"button\" href=\"/sync\""));
    let part = "id=\"sync\" hx-get=\"/sync\" hx-trigger=\"every 5s\" hx-target=\"#sync\" \
                hx-select=\"#sync\" hx-swap=\"outerHTML\"";
    assert!(page.main().contains(part));
}
