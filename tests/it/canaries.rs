//! Orders of the account `maison` that can be told apart wherever they show: every word of theirs begins the same.

use comptoir::domain::audit::Act;
use comptoir::domain::audit::Entry;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::workflow::audit;
use jiff_sqlx::ToSqlx;

use crate::support::TestApp;
use crate::support::email;

/// A file of the warehouse's with tracking numbers.
pub const IMPORT: &str = "a0000000-0000-4000-8000-000000000004";
/// An order that nothing was promised for.
pub const ORDER: &str = "ZQXORDER1";
/// A promise that waits to be sent, to accept the second order.
pub const QUEUED: &str = "a0000000-0000-4000-8000-000000000001";
/// A promise that only a person can settle, to accept the third.
pub const UNDECIDED: &str = "a0000000-0000-4000-8000-000000000002";
/// A draft of the warehouse's, to ship the first order.
pub const BATCH: &str = "a0000000-0000-4000-8000-000000000003";

/// What nobody may see who does not work for `maison`, in small letters.
pub const SECRETS: &[&str] = &["zqx", "maison", "10482", "a0000000-0000-4000"];

/// What shows somewhere to those who do.
pub const SHOWN: &[&str] = &[
    ORDER,
    QUEUED,
    UNDECIDED,
    "Maison Lemoine",
    "ZQXREF1",
    "ZQXPARCEL1",
    "ZQXSKU",
    "Zqxcustomer",
    "Zqxstreet",
    "Zqxlamp",
    "Zqxchannel",
    "Zqxcarrier",
    "ZQXFAULT",
    "zqxproblem",
    "zqxwords",
    "zqxnote",
    "zqxindicator",
];

const ROWS: &str = r#"
  INSERT INTO channels (account_id, channel_id, name, acceptance, partial_shipment, several_parcels,
    line_in_several_parcels)
  VALUES ('maison', 'ZQXCHAN', 'Zqxchannel', FALSE, TRUE, TRUE, TRUE);
  INSERT INTO carriers VALUES ('maison', 'Zqxcarrier');
  INSERT INTO tracking_templates (account_id, carrier, template)
  VALUES ('maison', 'Zqxcarrier', 'https://zqxcarrier.example.com/{number}');
  INSERT INTO orders (account_id, order_id, reference, channel_id, channel_name, business, status, supply_mode,
    created_at, updated_at, ship_by, rank, age, customer_name, city, first_quantity, first_title, first_sku,
    line_count, piece_count, currency, selling_total, service_fees, shipping, first_seen_at, last_seen_at, raw_hash)
  SELECT 'maison', 'ZQXORDER' || n, 'ZQXREF' || n, 'ZQXCHAN', 'Zqxchannel', FALSE, 'InPreparation', 'Seller',
    at, at, at, 1000 + n, 0, 'Zqxcustomer', 'Zqxcity', 1, 'Zqxlamp', 'ZQXSKU', 1, 1, 'EUR', 10, '[]',
    '{"last_name": "Zqxcustomer", "street": ["Zqxstreet"]}', at, at, 0
  FROM generate_series(1, 3) AS n, (SELECT $NOW::timestamptz AS at) AS now;
  INSERT INTO order_lines (account_id, order_id, line_id, position, status, supply_mode, quantity, sku, title)
  SELECT 'maison', 'ZQXORDER' || n, 'ZQXLINE', 0, 'InPreparation', 'Seller', 1, 'ZQXSKU', 'Zqxlamp'
  FROM generate_series(1, 3) AS n;
  INSERT INTO parcels VALUES ('maison', 'ZQXORDER1', 'ZQXPARCEL1', 'Zqxcarrier', NULL, '{ZQXLINE}');
  INSERT INTO order_raw VALUES ('maison', 'ZQXORDER1', $NOW, 'zqxraw');
  INSERT INTO order_faults VALUES ('maison', 'ZQXFAULT', 'zqxproblem', 'zqxraw', $NOW, $NOW);
  INSERT INTO seller_indicators (account_id, name, position) VALUES ('maison', 'zqxindicator', 0);
  INSERT INTO order_events (account_id, order_id, at, actor, event)
  VALUES ('maison', 'ZQXORDER1', $NOW, 'marketplace',
    '{"event": "line_changed", "line": "ZQXLINE", "from": "WaitingAcceptance", "to": "InPreparation"}');
  INSERT INTO order_notes (account_id, order_id, note_id, user_id, at, text)
  SELECT 'maison', 'ZQXORDER1', gen_random_uuid(), user_id, $NOW, 'zqxnote' FROM users WHERE role = 'warehouse';
  UPDATE orders SET note_count = 1 WHERE order_id = 'ZQXORDER1';
  INSERT INTO order_claims (account_id, order_id, user_id, begun_at, ends_at)
  SELECT 'maison', 'ZQXORDER1', user_id, $NOW, $NOW::timestamptz + INTERVAL '2 min'
  FROM users WHERE role = 'warehouse';
  INSERT INTO order_facets VALUES ('maison', 'carrier', 'Zqxcarrier');
  INSERT INTO order_search VALUES ('maison', 'ZQXORDER1', $NOW, 'zqxcustomer', 'zqxcontact', 'zqxlamp');
  INSERT INTO api_calls VALUES ('maison', $NOW, 1, 0);
  INSERT INTO order_comparisons VALUES ('maison', 'InPreparation', 3, 3);
  INSERT INTO rereads (account_id, order_id, asked_by, asked_at)
  SELECT 'maison', 'ZQXORDER1', user_id, $NOW FROM users WHERE role = 'warehouse';
  INSERT INTO notifications (account_id, user_id, fact, subject, created_at, read_at)
  SELECT 'maison', user_id, '{}', 'zqxsubject', $NOW, $NOW FROM users WHERE role = 'warehouse';
  INSERT INTO imports (import_id, user_id, accounts, file_name, sha256, encoding, row_count, content, created_at)
  SELECT 'a0000000-0000-4000-8000-000000000004', user_id, '{maison}', 'zqxfile.csv', sha256('zqx'), 'UTF-8', 1,
    E'Order;Tracking\nZQXORDER1;ZQXPARCEL2', $NOW
  FROM users WHERE role = 'warehouse';
  UPDATE sync_states SET failure = 'credentials_refused', failure_words = 'zqxwords', failing_since = $NOW
  WHERE account_id = 'maison';
  INSERT INTO promises (account_id, promise_id, order_id, kind, action, submission_id, user_id, created_at,
    state, attempts, unknown_attempts, negative_reads, next_at)
  SELECT 'maison', p.id::uuid, p.order_id, 'accept', '{"kind": "accept"}', gen_random_uuid(), user_id,
    $NOW, p.state, 0, 0, 0, $NOW
  FROM users, (VALUES ('a0000000-0000-4000-8000-000000000001', 'ZQXORDER2', 'queued'),
                      ('a0000000-0000-4000-8000-000000000002', 'ZQXORDER3', 'needs_person'))
                AS p(id, order_id, state)
  WHERE role = 'warehouse';
  INSERT INTO batches (batch_id, user_id, accounts, purpose, origin, created_at, row_count)
  SELECT 'a0000000-0000-4000-8000-000000000003', user_id, '{maison}', 'ship', 'list', $NOW, 1
  FROM users WHERE role = 'warehouse';
  INSERT INTO batch_rows (account_id, batch_id, position, order_id, carrier)
  VALUES ('maison', 'a0000000-0000-4000-8000-000000000003', 1, 'ZQXORDER1', 'Zqxcarrier');
"#;

/// Puts them there.
pub async fn release(app: &TestApp) {
    let now = format!("'{}'", app.now().to_sqlx().to_jiff());
    let rows = sqlx::AssertSqlSafe(ROWS.replace("$NOW", &now));
    sqlx::raw_sql(rows).execute(&app.pool).await.unwrap();
    let user = sqlx::query_scalar("SELECT user_id FROM users WHERE email = $1");
    let user = user.bind(email(Role::Warehouse)).fetch_one(&app.pool).await.unwrap();
    let act = Act::Retried { trouble: "zqxtrouble".to_owned(), promises: 3 };
    let entry = Entry::by(user, act, app.now());
    let entry = entry.of_order(&AccountId("maison".to_owned()), ORDER);
    audit::note_alone(&app.pool, &entry).await.unwrap();
}

/// Limits everybody to the account `atelier` but the admin, who cannot be limited.
pub async fn limit_to_atelier(app: &TestApp) {
    let sql =
        "INSERT INTO user_accounts SELECT 'atelier', user_id FROM users WHERE role <> 'admin'";
    sqlx::raw_sql(sql).execute(&app.pool).await.unwrap();
}
