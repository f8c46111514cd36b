//! `comptoir person`: one customer's data handed out and erased on the command line.

use std::process::Stdio;

use comptoir::domain::delivery::State;
use comptoir::domain::order::Status;
use comptoir::workflow::audit;
use serde_json::Value;
use sqlx::ConnectOptions as _;
use sqlx::PgPool;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;

use crate::browser::TestApp;
use crate::planted;
use crate::planted::CANARY;
use crate::planted::left;

struct Ran {
    succeeded: bool,
    out: String,
    err: String,
}

async fn comptoir(pool: &PgPool, arguments: &[&str], input: &str) -> Ran {
    let url = pool.connect_options().to_url_lossy();
    let mut child = Command::new(env!("CARGO_BIN_EXE_comptoir"))
        .args(arguments)
        .args(["--connections", "2"])
        .env("DATABASE_URL", url.as_str())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).await.unwrap();
    let output = child.wait_with_output().await.unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    let (out, err) = (text(output.stdout), text(output.stderr));
    Ran { succeeded: output.status.success(), out, err }
}

/// Two orders of the same customer, one of them open, and one of somebody else.
async fn planted(pool: PgPool) -> TestApp {
    let app = TestApp::start(pool).await;
    let [gesture, ship, _] = planted::actions();
    let mut open = planted::sold("P-1", &Status::InPreparation, 0);
    let mut ended = planted::sold("P-2", &Status::Delivered, 0);
    for order in [&mut open, &mut ended] {
        let address = order.shipping.as_mut().unwrap();
        address.phone = Some("+33 7 98 76 54 32".to_owned());
        address.email = Some("Zelie@example.test".to_owned());
        address.first_name = Some("Zélie".to_owned());
        address.last_name = Some(format!("{CANARY} Quincampoix"));
    }
    planted::plant(&app, open, &ship, State::Refused).await;
    planted::plant(&app, ended, &gesture, State::Confirmed).await;
    let mut other = crate::support::order("P-3");
    other.status = Status::Delivered;
    planted::mirror(&app.pool, other, 1, app.now()).await;
    app
}

fn orders(held: &Value) -> Vec<&str> {
    held.as_array().unwrap().iter().map(|it| it["order"]["order_id"].as_str().unwrap()).collect()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn everything_about_a_customer_is_handed_out_however_they_are_named(pool: PgPool) {
    let app = planted(pool).await;
    for input in [
        "zelie@EXAMPLE.test\n",
        "07 98 76 54 32",
        format!("  zélie   {CANARY} quincampoix\n").as_str(),
        format!("{CANARY}-customer-reference").as_str(),
    ] {
        let ran = comptoir(&app.pool, &["person", "export"], input).await;
        assert!(ran.succeeded, "{input}: {}", ran.err);
        let held: Value = serde_json::from_str(&ran.out).unwrap();
        assert_eq!(orders(&held), ["P-1", "P-2"], "{input}");
        for part in [
            "billing-street",
            "customer-reference",
            "tracking",
            "raw",
            "fault",
            "request-details",
            "gesture-words",
            "gesture-details",
            "refusal",
            "our-tracking",
            "import.pdf",
        ] {
            assert!(ran.out.contains(&format!("{CANARY}-{part}")), "{part}");
        }
        assert!(!ran.out.contains("Dupont") && !ran.out.contains("Ana Alves"), "{}", ran.out);
        assert!(!ran.err.contains(CANARY), "{}", ran.err);
    }
    let ran = comptoir(&app.pool, &["person", "export", "--order", "P-3"], "").await;
    assert!(ran.succeeded && !ran.out.contains("Quincampoix"), "{}", ran.err);
    let ran = comptoir(&app.pool, &["person", "export"], "nobody@example.test").await;
    assert!(!ran.succeeded && ran.err.contains("no order is theirs"), "{}", ran.err);
    let ran = comptoir(&app.pool, &["person", "export"], " \n").await;
    assert!(!ran.succeeded && ran.err.contains("say whose data is wanted"), "{}", ran.err);
    let sql = "SELECT concat_ws(' ', actor, kind, details) FROM audit ORDER BY seq";
    let noted: Vec<String> = sqlx::query_scalar(sql).fetch_all(&app.pool).await.unwrap();
    let exported = |orders| format!("command_line personal_data_exported {{\"orders\": {orders}}}");
    assert_eq!(noted, [2, 2, 2, 2, 1, 0].map(exported));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_customer_is_erased_from_what_has_ended_and_only_when_it_is_meant(pool: PgPool) {
    let app = planted(pool).await;
    let before = left(&app.pool).await;
    let ran = comptoir(&app.pool, &["person", "erase"], "zelie@example.test").await;
    assert!(!ran.succeeded, "one order is open");
    assert!(ran.out.contains("maison P-1: kept: it is still open (InPreparation)"), "{}", ran.out);
    assert!(ran.out.contains("maison P-2: would be removed"), "{}", ran.out);
    assert_eq!(left(&app.pool).await, before);

    let ran = comptoir(&app.pool, &["person", "erase", "--yes"], "zelie@example.test").await;
    assert!(!ran.succeeded && ran.err.contains("1 of 2 orders keep the name"), "{}", ran.err);
    assert!(ran.out.contains("maison P-2: removed"), "{}", ran.out);
    let rest = left(&app.pool).await;
    assert!(!rest.is_empty() && rest.iter().all(|it| !it.contains("P-2")), "{rest:?}");

    let ran = comptoir(&app.pool, &["person", "erase", "--order", "P-2", "--yes"], "").await;
    assert!(ran.succeeded && ran.out.contains("maison P-2: removed before"), "{}", ran.out);
    let browser = app.sign_in(comptoir::domain::operator::Role::Warehouse).await;
    let text = browser.get("/orders/maison/P-2").await.main_text();
    assert!(text.contains("because the customer asked"), "{text}");
    let sql = "SELECT concat_ws(' ', actor, account_id, order_id, kind, details) FROM audit
       WHERE topic = 'data'";
    let noted: Vec<String> = sqlx::query_scalar(sql).fetch_all(&app.pool).await.unwrap();
    let erased =
        r#"command_line maison P-2 personal_data_erased {"orders": 1, "reason": "request"}"#;
    assert_eq!(noted, [erased]);
    audit::verify(&app.pool, None).await.unwrap();
    let browser = app.sign_in(comptoir::domain::operator::Role::Manager).await;
    let text = browser.get("/activity").await.main_text();
    assert!(text.contains("Command line"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_retention_that_makes_no_sense_is_refused_in_words_at_the_start(pool: PgPool) {
    for days in ["29", "1096", "six months", "-1"] {
        let option = format!("--keep-personal-data-days={days}");
        let ran = comptoir(&pool, &["worker", option.as_str()], "").await;
        assert!(!ran.succeeded);
        assert!(ran.err.contains("kept for 30 to 1095 days"), "{}", ran.err);
    }
}
