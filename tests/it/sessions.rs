//! How sessions begin, go on and end.

use axum::http::Request;
use comptoir::domain::operator::Role;
use comptoir::web::session_store::PgSessionStore;
use jiff::SignedDuration;
use jiff::ToSpan;
use sqlx::PgPool;
use tower_sessions::SessionStore;
use tower_sessions::session::Id;
use tower_sessions::session::Record;

use crate::support::PASSWORD;
use crate::support::TestApp;
use crate::support::email;

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn signing_in_changes_the_identifier_of_a_planted_session(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let attacker = app.sign_in(Role::Viewer).await;
    let planted = attacker.cookie("sid").unwrap();
    let victim = app.visitor();
    victim.set_cookie("sid", &planted);
    victim.post("/sign-in", &[("email", email(Role::Admin)), ("password", PASSWORD)]).await;
    assert_ne!(victim.cookie("sid").unwrap(), planted);
    assert_eq!(victim.get("/sync").await.status, 200);
    assert_eq!(attacker.get("/sync").await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn signing_out_ends_the_session_wherever_its_cookie_is(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let copy = app.visitor();
    copy.set_cookie("sid", &browser.cookie("sid").unwrap());
    let page = browser.post("/sign-out", &[]).await;
    assert_eq!((page.status, page.location()), (303, "/sign-in"));
    assert_eq!(browser.cookie("sid"), None);
    assert_eq!(copy.get("/sync").await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_session_deleted_is_not_brought_back_by_a_concurrent_save(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let store = PgSessionStore { pool: app.pool.clone(), clock: app.clock.clone() };
    let id: Id = browser.cookie("sid").unwrap().parse().unwrap();
    let mut loaded_before: Record = store.load(&id).await.unwrap().unwrap();
    browser.post("/sign-out", &[]).await;
    loaded_before.data.insert("something".to_owned(), true.into());
    store.save(&loaded_before).await.unwrap();
    assert!(store.load(&id).await.unwrap().is_none());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_session_ends_ten_hours_after_it_began_even_if_it_is_written_later(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let store = PgSessionStore { pool: app.pool.clone(), clock: app.clock.clone() };
    let id: Id = browser.cookie("sid").unwrap().parse().unwrap();
    for _ in 0..23 {
        app.clock.advance(SignedDuration::from_mins(25));
        assert_eq!(browser.get("/sync").await.status, 200);
    }
    let mut record = store.load(&id).await.unwrap().unwrap();
    record.data.insert("something".to_owned(), true.into());
    store.save(&record).await.unwrap();
    assert_eq!(browser.get("/sync").await.status, 200);
    app.clock.advance(SignedDuration::from_mins(25));
    assert_eq!(browser.get("/sync").await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_database_knows_neither_the_identifier_nor_anything_but_the_user(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let id: Id = browser.cookie("sid").unwrap().parse().unwrap();
    let (hash, data): (Vec<u8>, serde_json::Value) =
        sqlx::query_as("SELECT id_hash, data FROM sessions").fetch_one(&app.pool).await.unwrap();
    assert_ne!(hash, id.0.to_le_bytes());
    let keys: Vec<_> = data.as_object().unwrap().keys().collect();
    assert_eq!(keys, ["user_id"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_user_who_is_shut_out_is_out_with_the_next_request(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Warehouse).await;
    sqlx::query("UPDATE users SET active = FALSE").execute(&app.pool).await.unwrap();
    assert_eq!(browser.get("/sync").await.status, 303);
    let fields = [("email", email(Role::Warehouse)), ("password", PASSWORD)];
    assert_eq!(app.visitor().post("/sign-in", &fields).await.status, 422);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn expired_sessions_can_be_swept_without_touching_the_others(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let old = app.sign_in(Role::Viewer).await;
    app.clock.advance(SignedDuration::from_mins(20));
    let young = app.sign_in(Role::Viewer).await;
    let later = app.now() + 590.minutes();
    comptoir::db::sessions::delete_expired(&app.pool, later).await.unwrap();
    assert_eq!(old.get("/sync").await.status, 303);
    assert_eq!(young.get("/sync").await.status, 200);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_session_ends_after_half_an_hour_in_which_its_user_did_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    app.clock.advance(SignedDuration::from_secs(29 * 60 + 59));
    assert_eq!(browser.get("/sync").await.status, 200);
    app.clock.advance(SignedDuration::from_secs(29 * 60 + 59));
    assert_eq!(browser.get("/sync").await.status, 200);
    app.clock.advance(SignedDuration::from_mins(30));
    assert_eq!(browser.get("/sync").await.status, 303);
    let store = PgSessionStore { pool: app.pool.clone(), clock: app.clock.clone() };
    let id: Id = browser.cookie("sid").unwrap().parse().unwrap();
    assert!(store.load(&id).await.unwrap().is_none());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_page_that_refreshes_itself_keeps_nobody_signed_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let poll = || {
        let request = Request::get("/sync").header("hx-request", "true");
        request.header("hx-trigger", "sync").header("hx-current-url", "http://comptoir.test/sync")
    };
    for _ in 0..5 {
        app.clock.advance(SignedDuration::from_mins(5));
        let page = browser.send(poll(), "").await;
        assert_eq!((page.status, page.header("hx-redirect")), (200, ""));
    }
    app.clock.advance(SignedDuration::from_mins(5));
    assert_ne!(browser.send(poll(), "").await.header("hx-redirect"), "");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn being_seen_does_not_bring_an_ended_session_back(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let id: Id = browser.cookie("sid").unwrap().parse().unwrap();
    browser.post("/sign-out", &[]).await;
    let hash = comptoir::web::session_store::hash(id);
    comptoir::db::sessions::touch(&app.pool, &hash, app.now()).await.unwrap();
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sessions").fetch_one(&app.pool).await.unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nothing_of_somebody_elses_session_is_taken_over_at_sign_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Viewer).await;
    let store = PgSessionStore { pool: app.pool.clone(), clock: app.clock.clone() };
    let id: Id = browser.cookie("sid").unwrap().parse().unwrap();
    let mut record: Record = store.load(&id).await.unwrap().unwrap();
    record.data.insert("something".to_owned(), true.into());
    store.save(&record).await.unwrap();
    browser.post("/sign-in", &[("email", email(Role::Admin)), ("password", PASSWORD)]).await;
    let data: Vec<serde_json::Value> =
        sqlx::query_scalar("SELECT data FROM sessions").fetch_all(&app.pool).await.unwrap();
    assert_eq!(data.len(), 1, "the session from before is gone");
    assert!(data[0].get("something").is_none());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_role_that_changes_counts_from_the_next_request_on(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Admin).await;
    assert!(browser.get("/sync").await.body.contains("pause-sending"));
    sqlx::query("UPDATE users SET role = 'viewer'").execute(&app.pool).await.unwrap();
    assert!(!browser.get("/sync").await.body.contains("pause-sending"));
    assert_eq!(browser.post("/sync/pause", &[]).await.status, 403);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_identifier_that_somebody_made_up_opens_nothing_before_or_after_sign_in(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for planted in ["AAAAAAAAAAAAAAAAAAAAAA", &Id::default().to_string(), "", "x", "../../etc"] {
        let (victim, attacker) = (app.visitor(), app.visitor());
        for browser in [&victim, &attacker] {
            browser.set_cookie("sid", planted);
        }
        let fields = [("email", email(Role::Admin)), ("password", PASSWORD)];
        assert_eq!(victim.post("/sign-in", &fields).await.status, 303, "{planted}");
        assert_ne!(victim.cookie("sid").as_deref(), Some(planted));
        assert_eq!(victim.get("/sync").await.status, 200);
        assert_eq!(attacker.get("/sync").await.status, 303, "{planted}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn whoever_reads_the_database_cannot_sign_in_with_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Admin).await;
    let cookie = browser.cookie("sid").unwrap();
    let id: Id = cookie.parse().unwrap();
    let hex = |bytes: &[u8]| bytes.iter().fold(String::new(), |hex, it| format!("{hex}{it:02x}"));
    let forms = [cookie, hex(&id.0.to_le_bytes()), hex(&id.0.to_be_bytes()), id.0.to_string()];
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT table_name::text FROM information_schema.tables
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
    )
    .fetch_all(&app.pool)
    .await
    .unwrap();
    assert!(tables.len() > 15, "{tables:?}");
    for table in tables {
        let sql = format!("SELECT t::text FROM {table} AS t");
        let rows: Vec<String> =
            sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_all(&app.pool).await.unwrap();
        let found = rows.iter().any(|row| forms.iter().any(|form| row.contains(form)));
        assert!(!found, "{table}");
    }
    // What is there, put into a cookie, opens nothing.
    let hash: Vec<u8> =
        sqlx::query_scalar("SELECT id_hash FROM sessions").fetch_one(&app.pool).await.unwrap();
    for half in hash.chunks(16) {
        let thief = app.visitor();
        let id = Id(i128::from_le_bytes(half.try_into().unwrap()));
        thief.set_cookie("sid", &id.to_string());
        assert_eq!(thief.get("/sync").await.status, 303);
    }
}
