//! The audit: what every action leaves in it, and that nobody can change it unseen.

use std::process::Stdio;

use comptoir::db;
use comptoir::domain::audit::Act;
use comptoir::domain::audit::Entry;
use comptoir::domain::audit::chain::Broken;
use comptoir::domain::audit::chain::Head;
use comptoir::domain::delivery::Refusal;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::workflow;
use comptoir::workflow::audit;
use comptoir::workflow::audit::VerifyError;
use jiff::Timestamp;
use octopia_simulator::OrderDraft;
use sqlx::AssertSqlSafe;
use sqlx::ConnectOptions as _;
use sqlx::PgPool;
use sqlx::Row as _;
use tokio::io::AsyncBufReadExt as _;
use tokio::io::BufReader;
use tokio::process::Command;

use crate::support::World;

const ENTRIES: &str =
    "SELECT concat_ws(' ', actor, order_id, topic, kind, outcome) FROM audit ORDER BY seq";

async fn entries(pool: &PgPool) -> Vec<String> {
    sqlx::query_scalar(ENTRIES).fetch_all(pool).await.unwrap()
}

/// Everything that stands in the audit, as one text.
async fn everything(pool: &PgPool) -> String {
    let rows = sqlx::query_scalar::<_, String>("SELECT to_jsonb(audit)::text FROM audit");
    rows.fetch_all(pool).await.unwrap().join("\n")
}

fn instant() -> Timestamp {
    "2026-11-19T13:12:00Z".parse().unwrap()
}

fn entry(found: usize) -> Entry {
    Entry::by_comptoir(
        Act::Searched { chars: 3, found, what: None, accounts: Vec::new() },
        instant(),
    )
}

/// A chain of that many rows.
async fn chain(pool: &PgPool, rows: usize) -> Head {
    for found in 0..rows {
        audit::note_alone(pool, &entry(found)).await.unwrap();
    }
    db::audit::head(pool).await.unwrap()
}

/// What somebody does who owns the tables.
async fn tamper(pool: &PgPool, sql: &str) {
    let sql = format!(
        "ALTER TABLE audit DISABLE TRIGGER USER; {sql}; ALTER TABLE audit ENABLE TRIGGER USER"
    );
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(pool).await.unwrap();
}

async fn broken(pool: &PgPool, anchor: Option<&Head>) -> Broken {
    match audit::verify(pool, anchor.cloned()).await {
        Err(VerifyError::Broken(broken)) => broken,
        other => panic!("{other:?}"),
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_step_that_a_person_or_the_marketplace_decides_is_an_entry(pool: PgPool) {
    let world = World::start(pool).await;
    let orders: Vec<_> = (0..2).map(|_| world.simulator.add(OrderDraft::new("maison"))).collect();
    world.pull().await;
    let [shipped, withdrawn] = [&orders[0], &orders[1]];
    world.promise_to_ship(shipped, "6A1").await;
    world.send().await;
    let promise = world.promise_to_ship(withdrawn, "6A2").await;
    let operator = world.operator(Role::Warehouse).await;
    let (account, now) = (&world.account, world.clock.now());
    let tx = world.pool.begin().await.unwrap();
    workflow::promise::withdraw(tx, account, promise, &operator, now).await.unwrap();
    let promise = world.promise_to_ship(withdrawn, "6A3").await;
    let sql = "UPDATE promises SET state = 'needs_person' WHERE promise_id = $1";
    sqlx::query(sql).bind(promise).execute(&world.pool).await.unwrap();
    let tx = world.pool.begin().await.unwrap();
    workflow::promise::decide(tx, account, promise, &operator, false, now).await.unwrap();

    assert_eq!(
        entries(&world.pool).await,
        [
            format!("person {shipped} ship promised pending"),
            format!("marketplace {shipped} ship settled done"),
            format!("person {withdrawn} ship promised pending"),
            format!("person {withdrawn} ship withdrawn done"),
            format!("person {withdrawn} ship promised pending"),
            format!("person {withdrawn} ship decided refused"),
        ]
    );
    let head = audit::verify(&world.pool, None).await.unwrap();
    assert_eq!(head.seq, 6);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_marketplaces_answer_is_kept_without_the_customer(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    world.promise_to_ship(&order, "6A1").await;
    let now = world.clock.now();
    let promise = workflow::promise::take(&world.pool, &world.account, now).await.unwrap().unwrap();
    let address = world.mirrored(&order).await.order.shipping.unwrap();
    let (first, last) = (address.first_name.unwrap(), address.last_name.unwrap());
    let words = format!("Parcel refused for {} {first}, {last}@example.test", last.to_uppercase());
    let mut progress = promise.progress.clone();
    progress.state = State::Refused;
    progress.refusal = Some(Refusal::Marketplace { words: words.clone() });
    let stored =
        workflow::promise::advance(&world.pool, &promise, &progress, None, None, now).await;
    assert!(stored.unwrap());

    let text = everything(&world.pool).await;
    assert!(text.contains("Parcel refused for …"), "{text}");
    for private in [first, last] {
        assert!(!text.to_lowercase().contains(&private.to_lowercase()), "{private}: {text}");
    }
    // The person who ships finds the whole answer with the promise.
    assert_eq!(
        world.found(promise.id).await.progress.refusal,
        Some(Refusal::Marketplace { words })
    );
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_rolled_back_leaves_no_entry_and_no_gap(pool: PgPool) {
    chain(&pool, 2).await;
    let mut tx = pool.begin().await.unwrap();
    audit::note(&mut tx, &entry(7)).await.unwrap();
    tx.rollback().await.unwrap();
    chain(&pool, 1).await;
    assert_eq!(audit::verify(&pool, None).await.unwrap().seq, 3);
    let left: i64 =
        sqlx::query_scalar("SELECT count(*) FROM audit_inbox").fetch_one(&pool).await.unwrap();
    assert_eq!(left, 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_writer_that_takes_its_time_holds_up_nobody(pool: PgPool) {
    let mut slow = pool.begin().await.unwrap();
    audit::note(&mut slow, &entry(0)).await.unwrap();
    // Would wait for ever if the first entry had taken the chain already.
    audit::note_alone(&pool, &entry(1)).await.unwrap();
    slow.commit().await.unwrap();
    assert_eq!(audit::verify(&pool, None).await.unwrap().seq, 2);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn writers_at_the_same_time_make_one_chain(pool: PgPool) {
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let pool = pool.clone();
        writers.spawn(async move {
            for number in 0..20 {
                let mut tx = pool.begin().await.unwrap();
                audit::note(&mut tx, &entry(writer)).await.unwrap();
                audit::note(&mut tx, &entry(number)).await.unwrap();
                // Some change their mind.
                if number % 5 == 4 {
                    tx.rollback().await.unwrap();
                } else {
                    tx.commit().await.unwrap();
                }
            }
        });
    }
    writers.join_all().await;
    assert_eq!(audit::verify(&pool, None).await.unwrap().seq, 8 * 16 * 2);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_character_of_every_field_is_covered_alike_by_both_sides(pool: PgPool) {
    let order = "A/1 \"é\" \\ \u{1f4e6}\n";
    let account = comptoir::domain::order::AccountId("maison".to_owned());
    let filter = "/orders?q=\u{7}\t\"\\\u{e9}\u{2028}".to_owned();
    let act = Act::Exported { what: comptoir::domain::audit::act::Exported::Orders, filter };
    let origin = audit::Origin { request_id: Some("abc".to_owned()), peer: "::1".parse().ok() };
    let at = "2026-11-19T13:12:00.123456789Z".parse().unwrap();
    let user = db::users::upsert(&pool, "a@b.test", "Ana", Role::Admin, "-", at).await.unwrap();
    let entry = Entry::by(user, act, at).of_order(&account, order);
    audit::within(origin, audit::note_alone(&pool, &entry)).await.unwrap();
    let before = "1969-12-31T23:59:59.999999Z".parse().unwrap();
    audit::note_alone(&pool, &Entry::by_somebody(Act::SignedOut, before)).await.unwrap();
    assert_eq!(audit::verify(&pool, None).await.unwrap().seq, 2);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_database_refuses_to_change_what_is_written(pool: PgPool) {
    chain(&pool, 2).await;
    for sql in [
        "UPDATE audit SET kind = 'signed_in'",
        "DELETE FROM audit WHERE seq = 2",
        "TRUNCATE audit",
        "DELETE FROM audit_head",
        "TRUNCATE audit_head",
    ] {
        let error = sqlx::query(sql).execute(&pool).await.unwrap_err().to_string();
        assert!(error.contains("the history is only ever added to"), "{sql}: {error}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_changed_row_is_found(pool: PgPool) {
    let head = chain(&pool, 9).await;
    assert_eq!(audit::verify(&pool, Some(head.clone())).await.unwrap(), head);
    for change in [
        "at = at + interval '1 microsecond'",
        "actor = 'marketplace'",
        "account_id = 'maison'",
        "order_id = ''",
        "topic = 'sign_in'",
        "outcome = 'refused'",
        "kind = 'exported'",
        "details = jsonb_set(details, '{found}', '8')",
        "request_id = 'abc'",
        "peer = '127.0.0.1'",
    ] {
        let set = |what: &str| format!("UPDATE audit SET {what} WHERE seq = 5");
        let kept = sqlx::query("SELECT to_jsonb(audit)::text FROM audit WHERE seq = 5");
        let kept: String = kept.fetch_one(&pool).await.unwrap().get(0);
        tamper(&pool, &set(change)).await;
        assert_eq!(broken(&pool, None).await, Broken::Changed(5), "{change}");
        let back = format!(
            "DELETE FROM audit WHERE seq = 5;
             INSERT INTO audit SELECT (jsonb_populate_record(NULL::audit, '{kept}')).*"
        );
        tamper(&pool, &back).await;
        assert_eq!(audit::verify(&pool, None).await.unwrap(), head, "{change}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_row_that_was_taken_away_is_found(pool: PgPool) {
    chain(&pool, 9).await;
    tamper(&pool, "DELETE FROM audit WHERE seq = 5").await;
    assert_eq!(broken(&pool, None).await, Broken::Missing(5));
    // Closing the gap does not help.
    tamper(&pool, "UPDATE audit SET seq = seq - 1 WHERE seq = 6").await;
    assert_eq!(broken(&pool, None).await, Broken::Unlinked(5));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_row_that_was_put_in_between_is_found(pool: PgPool) {
    chain(&pool, 9).await;
    let columns =
        "at, actor, user_id, account_id, order_id, topic, outcome, kind, details, request_id, peer";
    // Those behind it make room, from the last one on.
    let room =
        "UPDATE audit SET seq = -seq WHERE seq > 4; UPDATE audit SET seq = 1 - seq WHERE seq < 0";
    let copy = format!(
        "INSERT INTO audit (seq, {columns}, previous, hash)
         SELECT 5, {columns}, hash, hash FROM audit WHERE seq = 4"
    );
    tamper(&pool, &format!("{room}; {copy}")).await;
    assert_eq!(broken(&pool, None).await, Broken::Changed(5));
    // With the right hash of its own it is the next one that does not follow.
    let whole =
        "UPDATE audit SET hash = sha256(previous || convert_to(concat(audit_field(seq::text),
            audit_field((extract(epoch FROM at) * 1000000)::bigint::text), audit_field(actor),
            audit_field(user_id::text), audit_field(account_id), audit_field(order_id),
            audit_field(topic), audit_field(outcome), audit_field(kind), audit_field(details::text),
            audit_field(request_id), audit_field(peer)), 'UTF8')) WHERE seq = 5";
    tamper(&pool, whole).await;
    assert_eq!(broken(&pool, None).await, Broken::Unlinked(6));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn two_rows_that_changed_places_are_found(pool: PgPool) {
    chain(&pool, 9).await;
    let swap = "UPDATE audit SET seq = -seq WHERE seq IN (4, 5);
        UPDATE audit SET seq = 9 + seq WHERE seq < 0";
    tamper(&pool, swap).await;
    assert_eq!(broken(&pool, None).await, Broken::Unlinked(4));
    // Links that are mended do not help: each hash is made of the number, too.
    let mended = "UPDATE audit SET previous = before.hash FROM audit AS before
        WHERE before.seq = audit.seq - 1 AND audit.seq BETWEEN 4 AND 6";
    tamper(&pool, mended).await;
    assert_eq!(broken(&pool, None).await, Broken::Changed(4));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_tail_that_was_cut_is_found_and_with_the_head_from_the_log_even_when_all_was_set_back(
    pool: PgPool,
) {
    let head = chain(&pool, 9).await;
    tamper(&pool, "DELETE FROM audit WHERE seq > 7").await;
    let cut = Broken::Cut { last: 7, expected: 9 };
    assert_eq!(broken(&pool, None).await, cut);

    let back = "UPDATE audit_head SET seq = 7, hash = (SELECT hash FROM audit WHERE seq = 7)";
    tamper(&pool, back).await;
    audit::verify(&pool, None).await.unwrap();
    assert_eq!(broken(&pool, Some(&head)).await, cut);

    // Others go on writing, and the numbers are reached again.
    chain(&pool, 5).await;
    audit::verify(&pool, None).await.unwrap();
    assert_eq!(broken(&pool, Some(&head)).await, Broken::Rewritten(9));
}

async fn command(pool: &PgPool, arguments: &[&str]) -> (Option<i32>, String) {
    let database_url = pool.connect_options().to_url_lossy();
    let output = Command::new(env!("CARGO_BIN_EXE_comptoir"))
        .args(["audit", "verify"])
        .args(arguments)
        .env("DATABASE_URL", database_url.as_str())
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .output()
        .await
        .unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_command_says_whether_the_audit_is_whole(pool: PgPool) {
    let head = chain(&pool, 3).await.to_string();
    let (code, text) = command(&pool, &["--head", &head]).await;
    assert_eq!(code, Some(0), "{text}");
    assert!(text.contains(&head), "{text}");

    tamper(&pool, "UPDATE audit SET outcome = 'refused' WHERE seq = 2").await;
    let (code, text) = command(&pool, &[]).await;
    assert_eq!(code, Some(1));
    let words = "the audit was tampered with: row 2 was changed after it was written";
    assert!(text.contains(words), "{text}");

    // The end cut, and the stored head set back: only the head that stood in the log tells.
    let cut = "DELETE FROM audit WHERE seq > 1;
        UPDATE audit_head SET seq = 1, hash = (SELECT hash FROM audit WHERE seq = 1)";
    tamper(&pool, cut).await;
    assert_eq!(command(&pool, &[]).await.0, Some(0));
    let (code, text) = command(&pool, &["--head", &head]).await;
    assert_eq!(code, Some(1), "{text}");

    let (code, _) = command(&pool, &["--head", "12"]).await;
    assert_eq!(code, Some(2));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_running_program_writes_the_head_to_its_log(pool: PgPool) {
    let head = chain(&pool, 3).await.to_string();
    let mut program = Command::new(env!("CARGO_BIN_EXE_comptoir"))
        .arg("worker")
        .env("DATABASE_URL", pool.connect_options().to_url_lossy().as_str())
        .env("NO_COLOR", "1")
        .stdin(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(program.stderr.take().unwrap()).lines();
    let mut said = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        if line.contains("audit head") {
            assert!(line.contains(&head), "{line}");
            return;
        }
        said.push(line);
    }
    panic!("it ended without a word of the head: {said:#?}");
}
