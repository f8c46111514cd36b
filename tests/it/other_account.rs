//! Somebody who works for `atelier` alone learns nothing of `maison`: not its rows, not that there are any, and
//! nothing of it changes under their hands. Every route is tried, as `routes_matrix` lists them.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::Request;
use axum::http::header;
use comptoir::db::scope::ScopedPool;
use comptoir::db::scope::SellerScope;
use comptoir::domain::operator::Role;
use sqlx::AssertSqlSafe;
use sqlx::PgPool;

use crate::canaries;
use crate::canaries::ORDER;
use crate::canaries::QUEUED;
use crate::canaries::SECRETS;
use crate::canaries::SHOWN;
use crate::canaries::UNDECIDED;
use crate::routes_matrix::Access;
use crate::routes_matrix::Row;
use crate::routes_matrix::ask;
use crate::routes_matrix::rows;
use crate::support::Browser;
use crate::support::Page;
use crate::support::TestApp;

/// Whom accounts can be limited for.
const LIMITED: [Role; 4] = [Role::Viewer, Role::Warehouse, Role::CustomerService, Role::Manager];

/// What is asked for by name: with a name of `maison`'s in place of `{}`, and with one of nobody's.
const QUESTIONS: &[(&str, &[&str])] = &[
    ("/orders?q={}", &[ORDER, "ZQXREF1", "ZQXPARCEL1", "zqxorder1"]),
    ("/?account={}", &["maison"]),
    ("/orders?account={}", &["maison"]),
    ("/orders?channel={}", &["ZQXCHAN"]),
    ("/orders?after=0.{}", &[ORDER]),
    ("/orders/export?q={}", &[ORDER, "ZQXREF1"]),
    ("/orders/export?account={}", &["maison"]),
    ("/shipping?sent=maison:{}", &[ORDER]),
    ("/shipping/picking?order=maison:{}", &[ORDER]),
    ("/shipping/slips?order=maison:{}", &[ORDER]),
    ("/shipping/picking?due=all&account={}", &["maison"]),
    ("/shipping/picking?due=all&channel={}", &["ZQXCHAN"]),
    ("/activity?order={}", &[ORDER]),
    ("/activity/export?order={}", &[ORDER]),
];

/// The rows of `maison` in every table of seller accounts.
async fn rows_of_maison(pool: &PgPool) -> BTreeMap<String, String> {
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class AS c
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'account_id'
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'",
    )
    .fetch_all(pool)
    .await
    .unwrap();
    let mut rows = BTreeMap::new();
    for table in tables {
        let sql = format!(
            "SELECT coalesce(string_agg(t::text, ' ' ORDER BY t::text), '') FROM {table} AS t
             WHERE account_id = 'maison'"
        );
        let text = sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(pool).await.unwrap();
        rows.insert(table, text);
    }
    rows
}

/// The same answer, whatever was asked for, and whichever request it was.
fn plain(page: &Page, name: &str) -> String {
    let body = page.body.replace(page.header("x-request-id"), "").replace(name, "NAME");
    // Forms are born with a number.
    let mut plain = String::new();
    for word in body.split_inclusive(|it: char| !it.is_ascii_alphanumeric() && it != '-') {
        let number = word.trim_end_matches(|it: char| !it.is_ascii_alphanumeric());
        plain.push_str(if uuid::Uuid::parse_str(number).is_ok() { "UUID" } else { word });
    }
    format!("{} {} {plain}", page.status, page.location().replace(name, "NAME"))
}

fn leak(page: &Page) -> Option<String> {
    let text = format!("{} {:?}", page.body, page.headers).to_lowercase();
    let found = SECRETS.iter().find_map(|it| text.find(it));
    found.map(|at| text.chars().skip(at.saturating_sub(60)).take(160).collect())
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_of_another_account_answers_like_one_that_does_not_exist(pool: PgPool) {
    let app = TestApp::start(pool).await;
    canaries::release(&app).await;
    canaries::limit_to_atelier(&app).await;
    let before = rows_of_maison(&app.pool).await;
    let mut tried = 0;
    for role in LIMITED {
        let browser = app.sign_in(role).await;
        for row in rows().into_iter().filter(Row::is_of_maison) {
            let mut nothing = rows().into_iter().find(|it| it.at == row.at).unwrap();
            nothing.at = [("maison", "nowhere"), (ORDER, "A1"), ("a000000", "c000000")]
                .iter()
                .fold(nothing.at, |at, (a, b)| at.replace(a, b));
            for (method, access) in [("GET", row.get), ("POST", row.post)] {
                if matches!(access, Access::Nobody) {
                    continue;
                }
                let (theirs, none) =
                    (ask(&browser, method, &row).await, ask(&browser, method, &nothing).await);
                let what = format!("{role:?}: {method} {}", row.at);
                assert_eq!(theirs.status, 404, "{what}: {}", theirs.body);
                assert_eq!(plain(&theirs, ""), plain(&none, ""), "{what}");
                assert_eq!(leak(&theirs), None, "{what}");
                tried += 1;
            }
        }
    }
    assert!(tried >= 60, "only {tried} requests");
    assert_eq!(rows_of_maison(&app.pool).await, before);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn no_page_holds_a_word_of_another_account_and_no_form_changes_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    // What the pages say when `maison` has nothing: they must go on saying just that.
    canaries::limit_to_atelier(&app).await;
    let quiet = ["/orders", "/orders?due=overdue", "/attention", "/sync", "/glossary", "/nowhere"];
    let browsers: Vec<Browser> = {
        let mut browsers = Vec::new();
        for role in LIMITED {
            browsers.push(app.sign_in(role).await);
        }
        browsers
    };
    let mut silence = Vec::new();
    for browser in &browsers {
        for path in quiet {
            silence.push(plain(&browser.get(path).await, ""));
        }
    }
    canaries::release(&app).await;
    let mut said = Vec::new();
    for browser in &browsers {
        for path in quiet {
            said.push(plain(&browser.get(path).await, ""));
        }
    }
    assert_eq!(said, silence, "counters, warnings or lists tell that there is something");

    let before = rows_of_maison(&app.pool).await;
    for (role, browser) in LIMITED.into_iter().zip(&browsers) {
        for row in rows() {
            for method in ["GET", "POST"] {
                let page = ask(browser, method, &row).await;
                assert_eq!(leak(&page), None, "{role:?}: {method} {}", row.at);
            }
        }
    }
    for role in LIMITED {
        let browser = app.sign_in(role).await;
        for (question, names) in QUESTIONS {
            for name in *names {
                let answer = browser.get(&question.replace("{}", name)).await;
                let none = browser.get(&question.replace("{}", "A1B2C3")).await;
                let what = format!("{role:?}: {question} {name}");
                assert_eq!(plain(&answer, name), plain(&none, "A1B2C3"), "{what}");
            }
        }
        let (theirs, none) = (invoice(&browser, ORDER).await, invoice(&browser, "A1B2C3").await);
        assert_eq!(plain(&theirs, ORDER), plain(&none, "A1B2C3"), "{role:?}");
    }
    let mut after = rows_of_maison(&app.pool).await;
    // What they asked for stands in the audit under no account.
    assert_eq!(after.remove("audit"), before.get("audit").cloned());
    assert!(after.iter().all(|(table, rows)| before.get(table) == Some(rows)), "{after:#?}");
}

/// Uploads an invoice that is named after that order, among many.
async fn invoice(browser: &Browser, order: &str) -> Page {
    let body = format!(
        "--edge\r\ncontent-disposition: form-data; name=\"batch\"\r\n\r\n{QUEUED}\r\n\
         --edge\r\ncontent-disposition: form-data; name=\"files\"; filename=\"{order}.pdf\"\r\n\
         content-type: application/pdf\r\n\r\n%PDF-1.7\n\r\n--edge--\r\n"
    );
    let request = Request::post("/invoices");
    let request = request.header(header::CONTENT_TYPE, "multipart/form-data; boundary=edge");
    browser.send(request, Body::from(body)).await
}

/// Otherwise the tests above would look for what is nowhere.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_works_for_the_account_sees_all_of_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    canaries::release(&app).await;
    let mut seen = String::new();
    for role in [Role::Warehouse, Role::Manager] {
        let browser = app.sign_in(role).await;
        for row in rows() {
            seen.push_str(&ask(&browser, "GET", &row).await.body);
        }
        seen.push_str(&browser.get(&format!("/promises/{UNDECIDED}")).await.body);
        let found = browser.get(&format!("/orders?q={ORDER}")).await;
        assert_eq!(found.location(), format!("/orders/maison/{ORDER}"));
    }
    let missing: Vec<_> = SHOWN.iter().filter(|it| !seen.contains(**it)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

/// A query that forgets its account altogether: the database adds it.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_connection_sees_the_accounts_of_its_scope_whatever_is_asked(pool: PgPool) {
    let app = TestApp::start(pool).await;
    canaries::release(&app).await;
    let both = app.scope(Role::Manager).await;
    canaries::limit_to_atelier(&app).await;
    let [atelier, none] = [app.scope(Role::Manager).await, SellerScope::default()];
    let scoped: &ScopedPool = &app.state.scoped;
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT c.relname::text FROM pg_class AS c
         JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attname = 'account_id'
         WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
           AND has_column_privilege('comptoir_desk', c.oid, a.attnum, 'SELECT')",
    )
    .fetch_all(&app.pool)
    .await
    .unwrap();
    assert!(tables.len() >= 13, "{tables:?}");
    // Each scope twice, so that connections are used again by another.
    for (scope, sees) in [(&both, true), (&atelier, false), (&none, false), (&both, true)] {
        for in_transaction in [false, true] {
            let mut seen = Vec::new();
            for table in &tables {
                let sql = format!(
                    "SELECT count(*) FROM {table} WHERE account_id <> 'atelier' AND account_id <> ''"
                );
                let query = sqlx::query_scalar::<_, i64>(AssertSqlSafe(sql));
                let count = if in_transaction {
                    let mut tx = scoped.begin(scope).await.unwrap();
                    query.fetch_one(&mut *tx).await.unwrap()
                } else {
                    let mut conn = scoped.acquire(scope).await.unwrap();
                    query.fetch_one(&mut *conn).await.unwrap()
                };
                if count > 0 {
                    seen.push(table);
                }
            }
            let empty = ["promise_files", "requests"];
            let all: Vec<_> = tables.iter().filter(|it| !empty.contains(&it.as_str())).collect();
            assert_eq!(seen, if sees { all } else { Vec::new() }, "{scope:?}");
        }
    }
    for sql in [
        "INSERT INTO order_events (account_id, order_id, at, actor, event)
         VALUES ('maison', 'ZQXORDER1', now(), 'comptoir', '{}')",
        "INSERT INTO audit_inbox (at, actor, account_id, topic, outcome, kind, details)
         VALUES (now(), 'comptoir', 'maison', 'ship', 'done', 'retried', '{}')",
    ] {
        let mut tx = scoped.begin(&atelier).await.unwrap();
        let refused = sqlx::raw_sql(sql).execute(&mut *tx).await.unwrap_err();
        assert!(refused.to_string().contains("row-level security"), "{refused}");
    }
    for sql in [
        "UPDATE orders SET promise_kind = 'ship'",
        "UPDATE promises SET next_at = now()",
        "UPDATE accounts SET sending_paused_at = now() WHERE account_id <> 'atelier'",
        "DELETE FROM promise_files",
    ] {
        let mut tx = scoped.begin(&atelier).await.unwrap();
        let done = sqlx::raw_sql(sql).execute(&mut *tx).await.unwrap();
        assert_eq!(done.rows_affected(), 0, "{sql}");
    }
}
