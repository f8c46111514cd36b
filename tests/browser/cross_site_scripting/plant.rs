//! Puts the corpus wherever the database keeps text. The columns are asked of the database itself, so that one
//! that is added later is planted too, unless it is listed here as ours.

use std::collections::BTreeSet;

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde_json::Value;
use sqlx::Connection;
use sqlx::PgConnection;
use sqlx::PgPool;
use sqlx::Row;
use uuid::Uuid;

/// What somebody hostile would write.
pub struct Corpus(Vec<(String, String)>);

/// How many payloads stand in one text: enough to get round quickly, and few enough not to be cut off.
const TOGETHER: usize = 20;

/// Columns that hold no words of others: keys, words of this program, what is sealed or parsed on its way in.
/// Without a table, in all of them.
const OURS: &[&str] = &[
    "account_credentials.base_url",
    "account_credentials.key_id",
    "account_credentials.token_url",
    "account_id",
    "accounts.time_zone",
    "audit.kind",
    "audit.outcome",
    "audit.topic",
    "batch_rows.order_id",
    "batch_rows.state",
    "batches.origin",
    "batches.purpose",
    "channels.channel_id",
    "notifications.subject",
    "order_claims.order_id",
    // Positions.
    "imports.columns",
    "imports.encoding",
    "imports.fingerprint",
    "order_counts.channel_id",
    "order_counts.status",
    "order_counts.supply_mode",
    "order_events.order_id",
    "order_facets.facet",
    "order_lines.order_id",
    "order_notes.order_id",
    "order_raw.order_id",
    "order_search.order_id",
    // A short copy for the index (src/db/upsert/facets.rs). What pages show of it stands in `order_facets`.
    "orders.country",
    "orders.order_id",
    "orders.promise_kind",
    "orders.promise_state",
    "parcels.order_id",
    "promises.kind",
    "promises.order_id",
    "promises.state",
    "promises.trouble",
    "request_watches.order_id",
    "requests.order_id",
    "rereads.order_id",
    "rereads.outcome",
    "second_factors.key_id",
    "saved_views.query",
    "sessions.data",
    "sync_states.failure",
    "sync_states.indicators_failure",
    "told_promises.state",
    "users.password_hash",
    "users.time_zone",
];

/// The marketplace's words that decide what can be done with an order. They are planted in the orders of
/// `atelier`, so that those of `maison` keep their forms.
const DECIDING: &[&str] = &[
    "order_lines.line_id",
    "order_lines.status",
    "order_lines.supply_mode",
    "orders.channel_id",
    "orders.currency",
    "orders.status",
    "orders.supply_mode",
];

/// The same within JSON: tags, and words of our own enums.
const OUR_KEYS: &[&str] = &[
    "action", "asked_by", "change", "event", "field", "kind", "method", "request", "standing",
    "state", "trouble", "what", "why",
];

impl Corpus {
    pub fn read() -> Self {
        let corpus: Vec<_> = serde_json::from_str(include_str!("payloads.json")).unwrap();
        assert!(corpus.len() >= 40, "{}", corpus.len());
        Self(corpus)
    }

    /// How many plantings it takes until everything has stood everywhere.
    pub fn rounds(&self) -> usize {
        self.0.len().div_ceil(TOGETHER)
    }

    pub fn all(&self) -> impl Iterator<Item = &str> + Clone {
        self.0.iter().map(|(_, text)| text.as_str())
    }

    /// Some of it, with a word that tells where it was planted. A neighbour gets others.
    fn text(&self, mark: &str, round: usize, seed: usize) -> String {
        let begin = (round * TOGETHER + seed) % self.0.len();
        let some: Vec<_> = self.all().cycle().skip(begin).take(TOGETHER).collect();
        let (some, mark) = (some.join(" "), format!("zq-{mark}-{seed}-zq"));
        // Whatever is cut off, one round shows the mark, and another what is first.
        if round.is_multiple_of(2) { format!("{some} {mark}") } else { format!("{mark} {some}") }
    }

    /// One payload alone: an address is only judged as a whole.
    fn alone(&self, round: usize, seed: usize) -> &str {
        &self.0[(round + seed) % self.0.len()].1
    }

    fn plant_json(&self, value: &mut Value, key: &str, place: (&str, usize, usize)) {
        let (column, round, seed) = place;
        match value {
            Value::String(text) if is_word(column, key, text) => {
                let mark = format!("{column}.{key}");
                *text = if key == "tracking_url" {
                    self.alone(round, seed).to_owned()
                } else {
                    self.text(&mark, round, seed)
                };
            }
            Value::Array(all) => all.iter_mut().for_each(|it| self.plant_json(it, key, place)),
            Value::Object(all) => {
                all.iter_mut().for_each(|(key, it)| self.plant_json(it, key, place));
            }
            Value::String(_) | Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }
}

/// Whether it is text of somebody else, and neither a tag nor a number, a date or a key.
fn is_word(column: &str, key: &str, text: &str) -> bool {
    let ours = OUR_KEYS.contains(&key) || (column == "audit.details" && key == "reason");
    !ours
        && text.parse::<Decimal>().is_err()
        && text.parse::<Timestamp>().is_err()
        && text.parse::<Uuid>().is_err()
}

/// Plants everywhere, and says where.
pub async fn everywhere(pool: &PgPool, corpus: &Corpus, round: usize) -> BTreeSet<String> {
    let mut conn = pool.acquire().await.unwrap();
    let columns = sqlx::query(
        "SELECT table_name::text, column_name::text, data_type = 'jsonb' AS json
         FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)
         WHERE table_schema = 'public' AND table_type = 'BASE TABLE' AND data_type IN ('text', 'jsonb')
           AND NOT starts_with(table_name, '_')
         ORDER BY 1, 2",
    )
    .fetch_all(&mut *conn)
    .await
    .unwrap();
    let mut planted = BTreeSet::new();
    for (position, row) in columns.iter().enumerate() {
        let (table, column): (String, String) = (row.get(0), row.get(1));
        let name = format!("{table}.{column}");
        if OURS.contains(&column.as_str()) || OURS.contains(&name.as_str()) {
            continue;
        }
        let seeds = (round, position * 5);
        if one_column(&mut conn, corpus, (&table, &column, row.get(2)), seeds).await {
            planted.insert(name);
        }
    }
    planted
}

/// Whether anything could be planted there: a constraint may keep payloads out, which is as good.
async fn one_column(
    conn: &mut PgConnection,
    corpus: &Corpus,
    (table, column, json): (&str, &str, bool),
    (round, seed): (usize, usize),
) -> bool {
    let name = format!("{table}.{column}");
    let only = if DECIDING.contains(&name.as_str()) { "AND account_id = 'atelier'" } else { "" };
    let sql = format!(
        "SELECT ctid::text, {column}::text FROM {table} WHERE {column} IS NOT NULL {only} ORDER BY ctid"
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql)).fetch_all(&mut *conn).await.unwrap();
    let (mut places, mut texts) = (Vec::new(), Vec::new());
    for (number, row) in rows.iter().enumerate() {
        let (seed, before): (_, String) = (seed + number, row.get(1));
        let text = if json {
            let mut value = serde_json::from_str(&before).unwrap();
            corpus.plant_json(&mut value, column, (&name, round, seed));
            value.to_string()
        } else if name == "parcels.tracking_url" {
            corpus.alone(round, seed).to_owned()
        } else {
            corpus.text(&name, round, seed)
        };
        places.push(row.get::<String, _>(0));
        texts.push(if column == "email" { text.to_lowercase() } else { text });
    }
    let mut transaction = conn.begin().await.unwrap();
    // What guards histories would not let us; what counts orders must go on counting.
    let guards = if table == "orders" { "ENABLE" } else { "DISABLE" };
    let kind = if json { "jsonb" } else { "text" };
    let steps = [
        format!("ALTER TABLE {table} {guards} TRIGGER USER"),
        format!(
            "UPDATE {table} SET {column} = planted.text::{kind}
             FROM unnest($1::text[], $2::text[]) AS planted (place, text)
             WHERE {table}.ctid = planted.place::tid"
        ),
        format!("ALTER TABLE {table} ENABLE TRIGGER USER"),
    ];
    for (number, sql) in steps.into_iter().enumerate() {
        let mut query = sqlx::query(sqlx::AssertSqlSafe(sql));
        if number == 1 {
            query = query.bind(&places).bind(&texts);
        }
        match query.execute(&mut *transaction).await {
            Ok(_) => {}
            Err(sqlx::Error::Database(error)) if error.is_check_violation() => return false,
            Err(error) => panic!("{name}: {error}"),
        }
    }
    transaction.commit().await.unwrap();
    !places.is_empty()
}
