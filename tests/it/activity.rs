//! What everybody did, in words; and what searching and exporting leave in the audit.

use std::net::SocketAddr;

use axum::body::Body;
use axum::extract::ConnectInfo;
use axum::http::Request;
use comptoir::db;
use comptoir::db::audit::Filter;
use comptoir::db::audit::Position;
use comptoir::domain::action::ActionKind;
use comptoir::domain::audit::Act;
use comptoir::domain::audit::Entry;
use comptoir::domain::audit::act::Method;
use comptoir::domain::audit::act::Money;
use comptoir::domain::delivery::Refusal;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::workflow::audit;
use jiff::SignedDuration;
use serde_json::Value;
use sqlx::AssertSqlSafe;
use sqlx::PgPool;
use sqlx::Row as _;
use uuid::Uuid;

use crate::support::Browser;
use crate::support::TestApp;
use crate::support::email;

fn maison() -> AccountId {
    AccountId("maison".to_owned())
}

async fn user(app: &TestApp, role: Role) -> i64 {
    let sql = "SELECT user_id FROM users WHERE email = $1";
    sqlx::query_scalar(sql).bind(email(role)).fetch_one(&app.pool).await.unwrap()
}

async fn note(app: &TestApp, entry: Entry) {
    audit::note_alone(&app.pool, &entry).await.unwrap();
    app.clock.advance(SignedDuration::from_secs(61));
}

/// Walid ships, Sonia gives money, the marketplace answers, Ana changes a role.
async fn a_morning(app: &TestApp) {
    let [walid, sonia, ana] = [
        user(app, Role::Warehouse).await,
        user(app, Role::CustomerService).await,
        user(app, Role::Admin).await,
    ];
    let promise = Uuid::nil();
    let input = "00".to_owned();
    let ship =
        Act::Promised { action: ActionKind::Ship, promise, input: input.clone(), gift: None };
    note(app, Entry::by(walid, ship, app.now()).of_order(&maison(), "A/1")).await;
    let gift = Some(Money { amount: "12.5".parse().unwrap(), currency: "EUR".to_owned() });
    let gesture = Act::Promised { action: ActionKind::Gesture, promise, input, gift };
    note(app, Entry::by(sonia, gesture, app.now()).of_order(&maison(), "A2")).await;
    let refusal = Some(Refusal::Marketplace { words: "=too late".to_owned() });
    let state = State::Refused;
    let refused = Act::Settled { action: ActionKind::Ship, promise, state, refusal };
    note(app, Entry::by_marketplace(refused, app.now()).of_order(&maison(), "A/1")).await;
    let role =
        Act::RoleChanged { user: walid, from: "warehouse".to_owned(), to: "viewer".to_owned() };
    note(app, Entry::by(ana, role, app.now())).await;
}

async fn rows(browser: &Browser, query: &str) -> usize {
    let page = browser.get(&format!("/activity{query}")).await;
    assert_eq!(page.status, 200, "{query}: {}", page.body);
    page.main().matches("<td data-label=\"Time\">").count()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_says_who_did_what_when_and_how_it_ended(pool: PgPool) {
    let app = TestApp::start(pool).await;
    a_morning(&app).await;
    let page = app.sign_in(Role::Manager).await.get("/activity").await;
    assert_eq!(page.title(), "Activity · Comptoir");
    let text = page.main_text();
    for row in [
        "Thu 19 Nov, 14:15:03 Ana Alves Role of Walid Wagner: Warehouse → Viewer Done",
        "Thu 19 Nov, 14:14:02 Octopia Shipment: refused Octopia says: =too late A/1 Maison Lemoine Refused",
        "Thu 19 Nov, 14:13:01 Sonia Sanchez Commercial gesture: asked for, 12,50 € A2 Maison Lemoine Under way",
        "Thu 19 Nov, 14:12:00 Walid Wagner Shipment: asked for A/1 Maison Lemoine Under way",
    ] {
        assert!(text.contains(row), "{row}\n{text}");
    }
    assert!(page.main().contains("href=\"/orders/maison/A%2F1\""));
    assert!(page.body.contains("href=\"/activity\" aria-current=\"page\""), "{}", page.body);

    let page = app.sign_in(Role::Manager).await.speaking("fr").get("/activity").await;
    assert!(page.main_text().contains("Rôle de Walid Wagner"), "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn managers_and_admins_see_everything_and_the_others_what_they_did(pool: PgPool) {
    let app = TestApp::start(pool).await;
    a_morning(&app).await;
    for (role, seen) in [
        (Role::Viewer, 0),
        (Role::Warehouse, 1),
        (Role::CustomerService, 1),
        (Role::Manager, 4),
        (Role::Admin, 4),
    ] {
        let browser = app.sign_in(role).await;
        let mut count = 0;
        for topic in ["ship", "gesture", "people"] {
            count += rows(&browser, &format!("?topic={topic}")).await;
        }
        assert_eq!(count, seen, "{role:?}");
    }
    let walid = app.sign_in(Role::Warehouse).await;
    let sonia = user(&app, Role::CustomerService).await;
    let page = walid.get(&format!("/activity?person={sonia}")).await;
    assert!(!page.main_text().contains("gesture: asked for"), "{}", page.main_text());
    let file = walid.get("/activity/export").await;
    assert!(!file.body.contains("Sonia"), "{}", file.body);
    assert_eq!(app.visitor().get("/activity").await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn each_filter_leaves_in_what_it_says_alone_and_with_others(pool: PgPool) {
    let app = TestApp::start(pool).await;
    a_morning(&app).await;
    let [walid, ana] = [user(&app, Role::Warehouse).await, user(&app, Role::Admin).await];
    let browser = app.sign_in(Role::Admin).await;
    for (query, count) in [
        (format!("?person={walid}"), 1),
        (format!("?person={walid}&topic=gesture"), 0),
        (format!("?person={walid}&topic=ship&result=pending"), 1),
        (format!("?person={ana}&topic=people"), 1),
        ("?topic=ship".to_owned(), 2),
        ("?topic=ship&result=refused".to_owned(), 1),
        ("?result=pending".to_owned(), 2),
        ("?order=A%2F1".to_owned(), 2),
        (format!("?order=A%2F1&person={walid}"), 1),
        ("?order=A%2F1&result=refused&topic=ship".to_owned(), 1),
        ("?order=A".to_owned(), 0),
        ("?topic=people&from=2026-11-19&to=2026-11-19".to_owned(), 1),
        ("?topic=people&from=2026-11-20".to_owned(), 0),
        ("?topic=people&to=2026-11-18".to_owned(), 0),
    ] {
        assert_eq!(rows(&browser, &query).await, count, "{query}");
    }
    let page = browser.get("/activity?order=nothing").await;
    assert!(page.main_text().contains("No activity for these filters."), "{}", page.main_text());
    let page = browser.get("/activity?topic=x").await;
    assert!(page.main_text().contains("The filter “Action: x” was not understood"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn pages_and_file_hold_every_entry_once(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = user(&app, Role::Admin).await;
    for found in 0..230 {
        // Three of each instant, so that the place within one counts.
        let at = app.now() + SignedDuration::from_secs(found / 3);
        let act = Act::ExportEnded {
            what: comptoir::domain::audit::act::Exported::Orders,
            rows: u64::try_from(found).unwrap(),
        };
        audit::note_alone(&app.pool, &Entry::by(ana, act, at)).await.unwrap();
    }
    app.clock.advance(SignedDuration::from_hours(1));
    let browser = app.sign_in(Role::Manager).await;
    let mut next = Some(format!("/activity?person={ana}"));
    let (mut seen, mut pages) = (Vec::new(), 0);
    while let Some(path) = next {
        let page = browser.get(&path).await;
        let rows = page.main_text();
        let rows =
            rows.split("complete, ").skip(1).map(|it| it.split(' ').next().unwrap().to_owned());
        seen.extend(rows);
        next = page
            .body
            .split_once("rel=\"next\" href=\"")
            .map(|(_, rest)| rest.split('"').next().unwrap().replace("&#38;", "&"));
        pages += 1;
    }
    let expected: Vec<_> = (0..230).rev().map(|it| it.to_string()).collect();
    assert_eq!((pages, seen), (5, expected.clone()));

    let file = browser.get(&format!("/activity/export?person={ana}")).await;
    assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
    assert_eq!(file.header("content-disposition"), "attachment; filename=\"activity.csv\"");
    let lines: Vec<_> = file.body.lines().collect();
    assert!(lines[0].ends_with("\"Result\";\"From\""), "{}", lines[0]);
    assert_eq!(lines.len(), 231);
    assert!(lines[1].contains("2026-11-19T14:13:16+01:00"), "{}", lines[1]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn no_cell_of_the_file_is_a_formula(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let sql = "UPDATE users SET name = '=HYPERLINK(1)' WHERE role = 'admin'";
    sqlx::query(sql).execute(&app.pool).await.unwrap();
    let ana = user(&app, Role::Admin).await;
    note(&app, Entry::by(ana, Act::AccountAdded, app.now()).of_order(&maison(), "+1")).await;
    let file = app.sign_in(Role::Admin).await.get("/activity/export").await;
    assert!(file.body.contains("\"'=HYPERLINK(1)\""), "{}", file.body);
    assert!(file.body.contains("\"'+1\""), "{}", file.body);
}

async fn stored(app: &TestApp, topic: &str) -> Vec<(String, Value)> {
    let sql = "SELECT kind, details FROM audit WHERE topic = $1 ORDER BY seq";
    sqlx::query_as(sql).bind(topic).fetch_all(&app.pool).await.unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_search_leaves_that_there_was_one_and_nothing_of_its_text(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    assert_eq!(browser.get("/orders?q=Quincampoix").await.status, 200);
    assert_eq!(browser.get("/orders/export?q=Quincampoix").await.status, 200);
    // Who sees no customers learns nothing of them.
    app.sign_in(Role::Viewer).await.get("/orders?q=Quincampoix").await;
    let found = stored(&app, "data").await;
    let kinds: Vec<_> = found.iter().map(|(kind, _)| kind.as_str()).collect();
    assert_eq!(kinds, ["searched", "exported", "export_ended"]);
    assert_eq!(
        found[0].1,
        serde_json::json!({
            "chars": 11, "found": 0, "what": "words", "accounts": ["maison", "atelier"]
        })
    );
    let all = sqlx::query_scalar::<_, String>("SELECT to_jsonb(audit)::text FROM audit");
    let all = all.fetch_all(&app.pool).await.unwrap().join("\n");
    assert!(!all.to_lowercase().contains("quincampoix"), "{all}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_file_leaves_who_took_it_what_was_filtered_and_how_many_rows_it_had(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    assert_eq!(browser.get("/orders/export?status=Shipped").await.status, 200);
    assert_eq!(
        stored(&app, "data").await,
        [
            (
                "exported".to_owned(),
                serde_json::json!({"what": "orders", "filter": "/orders/export?status=Shipped"})
            ),
            ("export_ended".to_owned(), serde_json::json!({"what": "orders", "rows": 0})),
        ]
    );
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn switches_are_entries_with_the_request_and_the_address_they_came_from(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Admin).await;
    let peer: SocketAddr = "192.0.2.7:4711".parse().unwrap();
    let request = Request::post("/sync/pause")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .extension(ConnectInfo(peer));
    let answer = browser.send(request, Body::empty()).await;
    assert_eq!(answer.status, 303);
    browser.post("/sync/resume", &[]).await;
    browser.post("/sync/retry", &[("account", "maison"), ("trouble", "unreachable")]).await;
    let sql = "SELECT kind, account_id, request_id, peer FROM audit WHERE topic = 'sending' ORDER BY seq, account_id";
    let rows = sqlx::query(sql).fetch_all(&app.pool).await.unwrap();
    let kinds: Vec<String> = rows.iter().map(|it| it.get(0)).collect();
    let (paused, resumed) = ("sending_paused", "sending_resumed");
    assert_eq!(kinds, [paused, paused, resumed, resumed, "retried"]);
    assert_eq!(rows[0].get::<String, _>(2), answer.header("x-request-id"));
    assert_eq!(rows[0].get::<String, _>(3), "192.0.2.7");
    let page = browser.get("/activity?topic=sending").await;
    assert!(
        page.main_text().contains("Ana Alves 192.0.2.7 Sending paused"),
        "{}",
        page.main_text()
    );
}

/// 20 000 entries of two accounts, five users and every topic.
const LOAD: &str = "
  INSERT INTO audit (seq, at, actor, user_id, account_id, order_id, topic, outcome, kind, details, previous, hash)
  SELECT n, to_timestamp(1.7e9 + n), 'person', ids[1 + n % 5],
         (ARRAY['', 'maison', 'atelier'])[1 + n % 3], 'A' || n % 4000,
         (ARRAY['ship', 'gesture', 'sign_in', 'people'])[1 + n / 7 % 4],
         (ARRAY['done', 'pending', 'refused'])[1 + n / 11 % 3], 'signed_out', '{}', '', ''
  FROM generate_series(1, 20000) AS n, (SELECT array_agg(user_id) AS ids FROM users) AS u";

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_page_is_ranges_of_the_index_made_for_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    sqlx::query(LOAD).execute(&app.pool).await.unwrap();
    sqlx::query("VACUUM ANALYZE audit").execute(&app.pool).await.unwrap();
    let one = user(&app, Role::Viewer).await;
    let words = |it: &str| vec![it.to_owned()];
    let scope = app.scope(Role::Manager).await;
    let before = Position { at: "2023-11-15T02:00:00Z".parse().unwrap(), seq: 0 };
    let all = Filter {
        scope: scope.clone(),
        user: None,
        topics: Vec::new(),
        outcomes: Vec::new(),
        order_id: None,
        from: jiff::Timestamp::UNIX_EPOCH,
        before,
    };
    let order_id = Some("A7".to_owned());
    for (filter, index) in [
        (all.clone(), "audit_by_time"),
        (Filter { topics: words("ship"), ..all.clone() }, "audit_by_topic"),
        (Filter { user: Some(one), ..all.clone() }, "audit_by_user"),
        (
            Filter { user: Some(one), outcomes: words("done"), ..all.clone() },
            "audit_by_user_and_topic",
        ),
        (Filter { user: Some(one), order_id, ..all.clone() }, "audit_by_order"),
    ] {
        // A fresh connection has prepared nothing else.
        let mut conn = app.state.scoped.acquire(&scope).await.unwrap().detach();
        let found = db::audit::page(&mut conn, &filter, 51).await.unwrap();
        assert_eq!(found.len(), if filter.order_id.is_some() { found.len() } else { 51 });
        let sql = "SELECT statement FROM pg_prepared_statements WHERE statement LIKE '%CROSS JOIN LATERAL%'";
        let sql: String = sqlx::raw_sql(sql).fetch_one(&mut conn).await.unwrap().get(0);
        // The statement's own generic plan, with what it reads.
        let explain = format!(
            "SET plan_cache_mode = force_generic_plan; DEALLOCATE ALL; PREPARE page AS {sql}"
        );
        sqlx::raw_sql(AssertSqlSafe(explain)).execute(&mut conn).await.unwrap();
        let execute =
            format!("EXPLAIN (ANALYZE, FORMAT JSON) EXECUTE page ({})", arguments(&filter));
        let plan = sqlx::raw_sql(AssertSqlSafe(execute)).fetch_one(&mut conn).await.unwrap();
        let plan: Value = plan.get(0);
        let mut scans = Vec::new();
        audit_scans(&plan[0]["Plan"], &mut scans);
        assert!(!scans.is_empty(), "{plan:#}");
        for scan in scans {
            assert_eq!(scan["Index Name"], index, "{plan:#}");
            let number = |name: &str| scan[name].as_f64().unwrap_or(0.0);
            assert!(number("Actual Rows") + number("Rows Removed by Filter") <= 51.0, "{plan:#}");
        }
    }
}

/// The arguments of the statement, in the order of `db::audit`.
fn arguments(filter: &Filter) -> String {
    let array = |words: &[String]| {
        let words: Vec<_> = words.iter().map(|it| format!("\"{it}\"")).collect();
        format!("'{{{}}}'", words.join(","))
    };
    let mut arguments = vec![
        array(&["maison".to_owned(), "atelier".to_owned(), String::new()]),
        "'epoch'".to_owned(),
        format!("'{}'", filter.before.at),
        filter.before.seq.to_string(),
        "51".to_owned(),
    ];
    let user = filter.user.map(|it| it.to_string());
    let narrowed = !filter.topics.is_empty() || !filter.outcomes.is_empty();
    if let Some(order_id) = &filter.order_id {
        arguments.extend([
            format!("'{order_id}'"),
            user.unwrap(),
            "'{}'".to_owned(),
            "'{}'".to_owned(),
        ]);
    } else {
        if narrowed {
            arguments.extend([
                array(&["ship".to_owned(), "people".to_owned()]),
                array(&["done".to_owned()]),
            ]);
        }
        arguments.extend(user);
    }
    arguments.join(", ")
}

fn audit_scans<'a>(plan: &'a Value, found: &mut Vec<&'a Value>) {
    if plan["Relation Name"] == "audit" {
        found.push(plan);
    }
    for part in plan["Plans"].as_array().into_iter().flatten() {
        audit_scans(part, found);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_sign_in_that_others_note_is_shown_in_words(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let vera = user(&app, Role::Viewer).await;
    note(&app, Entry::by(vera, Act::SignedIn { method: Method::Code }, app.now())).await;
    let page = app.sign_in(Role::Viewer).await.get("/activity").await;
    let text = page.main_text();
    assert!(text.contains("Vera Vidal Signed in with password and code Done"), "{text}");
}
