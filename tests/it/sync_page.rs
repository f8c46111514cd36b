//! The state of the mirrors, in words.

use comptoir::db;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::domain::trouble::Trouble;
use jiff::SignedDuration;
use jiff::Timestamp;
use jiff_sqlx::ToSqlx;
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
    assert!(
        text.starts_with(
            "Working Sync now (Maison Lemoine) Last complete read 14:12 under 1 min ago"
        ),
        "{text}"
    );
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
    assert!(text.contains("put the new one into the account’s settings"), "{text}");
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
    .bind(app.now().to_sqlx())
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

/// Pages of every kind: lists, an error, and the page that says more.
const PAGES: [&str; 4] = ["/orders", "/attention", "/nowhere", "/sync"];

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_pause_stands_on_every_page_with_who_and_since_until_it_is_over(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let vera = app.sign_in(Role::Viewer).await;
    let answer = ana.post("/sync/pause", &[]).await;
    assert_eq!((answer.status, answer.location()), (303, "/sync"));
    // A second press changes neither the name nor the time.
    app.clock.advance(SignedDuration::from_mins(3));
    ana.post("/sync/pause", &[]).await;
    let words = "Sending to Octopia is paused since 14:12 by Ana Alves. \
                 Actions are kept and leave when it is resumed.";
    for path in PAGES {
        let page = vera.get(path).await;
        assert_eq!(page.main_text().matches(words).count(), 1, "{path}: {}", page.main_text());
        assert!(path == "/sync" || page.main().contains("<a href=\"/sync\">Open Sync</a>"));
    }
    let page = ana.get("/sync").await;
    assert_eq!(page.attribute("data-sending").as_deref(), Some("paused"));
    assert!(maison_text(&page).contains("Sending paused since 14:12"), "{}", page.main_text());
    assert!(page.main().contains("action=\"/sync/resume\""));
    assert!(!page.main().contains("action=\"/sync/pause\""), "nothing is left to pause");

    for _ in 0..2 {
        let answer = ana.post("/sync/resume", &[]).await;
        assert_eq!((answer.status, answer.location()), (303, "/sync"));
    }
    for path in PAGES {
        assert!(!vera.get(path).await.main_text().contains("is paused"), "{path}");
    }
    assert_eq!(ana.get("/sync").await.attribute("data-sending").as_deref(), Some("on"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_pause_speaks_french_and_names_the_accounts_if_they_are_not_all(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    ana.post("/sync/pause", &[]).await;
    sqlx::query("UPDATE accounts SET sending_paused_at = NULL WHERE account_id = 'atelier'")
        .execute(&app.pool)
        .await
        .unwrap();
    let words = "Sending to Octopia for Maison Lemoine is paused since 14:12 by Ana Alves.";
    let page = ana.get("/sync").await;
    assert!(page.main_text().contains(words), "{}", page.main_text());
    for action in ["/sync/resume", "/sync/pause"] {
        assert!(page.main().contains(&format!("action=\"{action}\"")), "{action}");
    }
    sqlx::query("UPDATE users SET language = 'fr'").execute(&app.pool).await.unwrap();
    let words = "Les envois vers Octopia pour Maison Lemoine sont suspendus depuis 14:12 par Ana \
                 Alves. Les actions sont conservées et partiront à la reprise.";
    let text = ana.get("/attention").await.main_text();
    assert!(text.contains(words), "{text}");
    let text = ana.get("/sync").await.main_text();
    assert!(
        text.contains("Reprendre les envois") && text.contains("Envois suspendus depuis 14:12")
    );
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_an_admin_turns_the_switch_and_others_are_told_so(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let roles = [Role::Viewer, Role::Warehouse, Role::CustomerService, Role::Manager];
    let words = "Only an admin can pause or resume sending.";
    for role in roles {
        let browser = app.sign_in(role).await;
        let page = browser.get("/sync").await;
        let switches = ["/sync/pause", "/sync/resume"].map(|it| format!("action=\"{it}\""));
        assert!(page.main_text().contains(words), "{role:?}");
        assert!(!switches.iter().any(|it| page.main().contains(it)), "{role:?}");
        for path in ["/sync/pause", "/sync/resume"] {
            let page = browser.post(path, &[]).await;
            assert_eq!(page.status, 403);
            assert!(page.main_text().contains(words), "{}", page.main_text());
        }
    }
    let page = app.sign_in(Role::Admin).await.get("/sync").await;
    assert_eq!(page.attribute("data-sending").as_deref(), Some("on"));
    assert!(page.main().contains("action=\"/sync/pause\""));
}

/// A promise of Walid's that is not settled, for an order of its own, to be tried again in five minutes.
async fn promise(app: &TestApp, account: &str, number: u8, state: &str, trouble: Option<&str>) {
    let (now, order_id) = (app.now().to_sqlx(), format!("A-{number}"));
    sqlx::query(
        "INSERT INTO orders (account_id, order_id, channel_id, channel_name, business, status, supply_mode,
           created_at, updated_at, rank, age, first_quantity, first_title, line_count, piece_count,
           currency, selling_total, service_fees, first_seen_at, last_seen_at, raw_hash)
         VALUES ($2, $3, 'CDISFR', 'Cdiscount', FALSE, 'InPreparation', 'Seller', $1, $1,
           20000000000, 0, 1, 'Lamp', 1, 1, 'EUR', 10, '[]', $1, $1, 0)",
    )
    .bind(now)
    .bind(account)
    .bind(&order_id)
    .execute(&app.pool)
    .await
    .unwrap();
    sqlx::query(
        r#"INSERT INTO promises (account_id, promise_id, order_id, kind, action, submission_id, user_id,
             created_at, state, attempts, unknown_attempts, negative_reads, next_at, trouble)
           SELECT $3, gen_random_uuid(), $4, 'accept', '{"kind":"accept"}', gen_random_uuid(), user_id,
             $1, $5, 1, 0, 0, $2, $6
           FROM users WHERE role = 'warehouse'"#,
    )
    .bind(now)
    .bind((app.now() + SignedDuration::from_mins(5)).to_sqlx())
    .bind(account)
    .bind(order_id)
    .bind(state)
    .bind(trouble)
    .execute(&app.pool)
    .await
    .unwrap();
}

/// The orders of both accounts whose promises are due, by account and number.
async fn due(app: &TestApp) -> Vec<String> {
    sqlx::query_scalar(
        "SELECT account_id || ' ' || order_id FROM promises WHERE next_at <= $1 ORDER BY 1",
    )
    .bind(app.now().to_sqlx())
    .fetch_all(&app.pool)
    .await
    .unwrap()
}

async fn held_up(app: &TestApp) {
    promise(app, "maison", 1, "queued", Some("unreachable")).await;
    promise(app, "maison", 2, "queued", Some("unreachable")).await;
    promise(app, "maison", 3, "queued", Some("credentials_refused")).await;
    promise(app, "maison", 4, "queued", None).await;
    promise(app, "maison", 5, "in_doubt", Some("unreachable")).await;
    promise(app, "maison", 6, "needs_person", None).await;
    promise(app, "atelier", 1, "queued", Some("unreachable")).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_held_up_is_grouped_by_cause_and_counted(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Warehouse).await;
    assert!(browser.get("/sync").await.main_text().contains("No action is held up."));
    held_up(&app).await;
    app.clock.advance(SignedDuration::from_mins(2));
    let page = browser.get("/sync").await;
    let text = page.main_text();
    for words in [
        "Waiting to be sent 5 Sent, waiting 0 No answer, checking 1 Needs your decision 1 Refused in 24 h 0 Oldest \
         2 min",
        "Atelier du Port The marketplace does not answer, or answers that it is broken. Wait for the \
         marketplace, or send again once it is back. 1 14:12 14:12 in 3 min Send it again now",
        "once it is back. 2 14:12 14:12 in 3 min Send all 2 again now (Maison Lemoine)",
        "Maison Lemoine Octopia does not accept the account’s client id and secret. Put the account’s",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert_eq!(page.body.matches("data-trouble=").count(), 3);
    assert!(page.main().contains("<a href=\"/attention\">1</a>"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn trying_a_group_again_touches_exactly_that_group(pool: PgPool) {
    let app = TestApp::start(pool).await;
    held_up(&app).await;
    let group = [("account", "maison"), ("trouble", "unreachable")];
    let viewer = app.sign_in(Role::Viewer).await;
    let page = viewer.get("/sync").await;
    assert!(page.main_text().contains("Your role cannot send these again."));
    assert!(!page.main().contains("action=\"/sync/retry\""));
    assert_eq!(viewer.post("/sync/retry", &group).await.status, 403);
    assert_eq!(due(&app).await, Vec::<String>::new());
    for role in [Role::Warehouse, Role::CustomerService, Role::Manager, Role::Admin] {
        let answer = app.sign_in(role).await.post("/sync/retry", &group).await;
        assert_eq!((answer.status, answer.location()), (303, "/sync"));
        assert_eq!(due(&app).await, ["maison A-1", "maison A-2"]);
    }
    let text = viewer.get("/sync").await.main_text();
    assert!(text.contains("once it is back. 2 14:12 14:12 now"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_a_worker_holds_is_left_to_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    held_up(&app).await;
    sqlx::query("UPDATE promises SET lease_until = $1 WHERE order_id = 'A-2'")
        .bind((app.now() + SignedDuration::from_secs(30)).to_sqlx())
        .execute(&app.pool)
        .await
        .unwrap();
    let group = [("account", "maison"), ("trouble", "unreachable")];
    app.sign_in(Role::Admin).await.post("/sync/retry", &group).await;
    assert_eq!(due(&app).await, ["maison A-1"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn while_sending_is_paused_a_group_waits_for_the_end_of_the_pause(pool: PgPool) {
    let app = TestApp::start(pool).await;
    held_up(&app).await;
    let ana = app.sign_in(Role::Admin).await;
    ana.post("/sync/pause", &[]).await;
    let page = ana.get("/sync").await;
    assert!(page.main_text().contains("when sending is resumed"), "{}", page.main_text());
    assert!(!page.main().contains("action=\"/sync/retry\""));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nonsense_sent_to_the_switches_is_answered_and_changes_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    held_up(&app).await;
    let ana = app.sign_in(Role::Admin).await;
    let forms: [(&[(&str, &str)], u16); 7] = [
        (&[], 400),
        (&[("account", "maison")], 400),
        (&[("trouble", "unreachable")], 400),
        (&[("account", "maison"), ("account", "atelier"), ("trouble", "unreachable")], 400),
        (&[("account", "nobody"), ("trouble", "unreachable")], 404),
        (&[("account", "maison"), ("trouble", "'; DROP TABLE promises; --")], 303),
        (&[("account", "maison"), ("trouble", "é\u{1f4a5}")], 303),
    ];
    for (form, status) in forms {
        assert_eq!(ana.post("/sync/retry", form).await.status, status, "{form:?}");
    }
    assert_eq!(due(&app).await, Vec::<String>::new());
    for path in ["/sync/pause", "/sync/resume", "/sync/retry"] {
        assert_eq!(ana.get(path).await.status, 405);
    }
    let visitor = app.visitor();
    assert_eq!(visitor.post("/sync/pause", &[]).await.location(), "/sign-in");
    assert_eq!(ana.get("/sync").await.attribute("data-sending").as_deref(), Some("on"));
}
