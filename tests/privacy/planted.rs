//! Orders with a canary in every place where a customer can be spoken of.

use comptoir::db;
use comptoir::domain::action::Action;
use comptoir::domain::action::Gesture;
use comptoir::domain::action::Invoice;
use comptoir::domain::action::Ship;
use comptoir::domain::action::invoice::Format;
use comptoir::domain::action::ship;
use comptoir::domain::address::Address;
use comptoir::domain::delivery::Refusal;
use comptoir::domain::delivery::State;
use comptoir::domain::event::Event;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use comptoir::domain::order::Parcel;
use comptoir::domain::order::Status;
use comptoir::domain::request::Cancellation;
use comptoir::domain::request::GestureRequest;
use comptoir::domain::request::InvoiceImport;
use comptoir::domain::request::Request;
use comptoir::domain::request::Standing;
use comptoir::workflow;
use jiff::Timestamp;
use rust_decimal::Decimal;
use sqlx::PgPool;
use sqlx::types::Json;
use uuid::Uuid;

use crate::browser::TestApp;
use crate::browser::email;
use crate::support::maison;
use crate::support::moved;
use crate::support::order;

/// What every canary begins with.
pub const CANARY: &str = "KANARI";
/// The orders, and what is under way for each.
pub const ORDERS: [&str; 3] = ["P-1", "P-2", "P-3"];

fn canary(place: &str) -> String {
    format!("{CANARY}-{place}")
}

/// An address that is nothing but canaries.
pub fn address(of: &str) -> Address {
    let part = |name: &str| Some(canary(&format!("{of}-{name}")));
    Address {
        civility: part("civility"),
        first_name: part("first"),
        last_name: part("last"),
        company: part("company"),
        company_vat_number: part("vat"),
        street: vec![canary(&format!("{of}-street")), canary(&format!("{of}-floor"))],
        postal_code: part("postcode"),
        city: part("city"),
        region: part("region"),
        country: Some("FR".to_owned()),
        phone: part("phone"),
        email: part("email"),
        pickup_name: part("pickup"),
    }
}

/// That order, in that status, of a customer who is nothing but canaries. Changed that many minutes after now.
pub fn sold(id: &str, status: &Status, minutes: i64) -> Order {
    Order {
        customer_reference: Some(canary("customer-reference")),
        billing: Some(address("billing")),
        shipping: Some(address("shipping")),
        parcels: vec![Parcel {
            number: format!("6A-{id}"),
            carrier: "Colissimo".to_owned(),
            tracking_url: Some(format!("https://carrier.example/{}", canary("tracking"))),
            line_ids: vec!["AYGC".to_owned()],
        }],
        ..moved(order(id), status.as_str(), minutes)
    }
}

/// Actions whose input speaks of the customer.
pub fn actions() -> [Action; 3] {
    [
        Action::Gesture(Gesture {
            reason: "Other".to_owned(),
            details: Some(canary("gesture-details")),
            amount: Decimal::ONE,
            currency: "EUR".to_owned(),
        }),
        Action::Ship(Ship {
            parcels: vec![ship::Parcel {
                carrier: "Colissimo".to_owned(),
                number: "6A-OURS".to_owned(),
                tracking_url: Some(format!("https://carrier.example/{}", canary("our-tracking"))),
                line_ids: vec!["AYGC".to_owned()],
            }],
        }),
        Action::Invoice(Invoice {
            file_name: canary("invoice.pdf"),
            format: Format::Pdf,
            size: 3,
            sha256: "00".to_owned(),
        }),
    ]
}

fn requests(id: &str) -> [Request; 3] {
    let words = |of: &str| vec![canary(&format!("{of}-words"))];
    let (standing, created_at) = (Standing::Rejected, None);
    [
        Request::Cancellation(Cancellation {
            id: format!("C-{id}"),
            standing: standing.clone(),
            asked_by: None,
            reason: None,
            shipping_refund: None,
            lines: Vec::new(),
            words: words("cancellation"),
            created_at,
        }),
        Request::Gesture(GestureRequest {
            id: format!("G-{id}"),
            standing: standing.clone(),
            reason: Some("Other".to_owned()),
            details: Some(canary("request-details")),
            amount: None,
            currency: None,
            words: words("gesture"),
            created_at,
        }),
        Request::Invoice(InvoiceImport {
            id: format!("I-{id}"),
            standing,
            file_name: Some(canary("import.pdf")),
            replaced: false,
            words: words("invoice"),
            created_at,
        }),
    ]
}

/// Puts an order of `maison` into the mirror, as the marketplace would describe it.
pub async fn mirror(pool: &PgPool, order: Order, raw_hash: i64, now: Timestamp) -> usize {
    let mut tx = pool.begin().await.unwrap();
    let raw = format!("{{\"firstName\":\"{}\"}}", canary("raw"));
    let reading = workflow::Reading { order, raw, raw_hash };
    let written = workflow::record(&mut tx, &maison(), &[reading], now).await.unwrap();
    tx.commit().await.unwrap();
    written
}

/// Everything about one order: what the marketplace said of it, what was promised and became of it. The promise is
/// settled in that state.
pub async fn plant(app: &TestApp, order: Order, action: &Action, state: State) -> Uuid {
    let (id, now) = (order.id.clone(), app.now());
    mirror(&app.pool, order, 1, now).await;
    let mut conn = app.pool.acquire().await.unwrap();
    for request in requests(&id) {
        db::requests::upsert(&mut conn, &maison(), &id, &request, now).await.unwrap();
    }
    let refusal = Refusal::Marketplace { words: canary("refusal") };
    let promise = promised(&app.pool, &id, action, state, &refusal).await;
    db::promises::keep_file(&mut conn, &maison(), promise, canary("file").as_bytes())
        .await
        .unwrap();
    let mut events = vec![
        Event::Promised { action: action.clone() },
        Event::Delivery { state, refusal: Some(refusal) },
        Event::ParcelSeen { number: "6A".to_owned(), carrier: "Colissimo".to_owned() },
    ];
    for request in requests(&id) {
        events.push(Event::RequestSeen { request: request.clone() });
        events.push(Event::RequestDecided { request });
    }
    for event in events {
        let user = Some(user(&app.pool).await);
        db::events::add(&mut conn, &maison(), &id, user, Some(promise), &event, now).await.unwrap();
    }
    let (note, user) = (canary("note"), user(&app.pool).await);
    db::notes::add(&mut conn, &maison(), &id, promise, user, &note, now).await.unwrap();
    let raw = canary("fault");
    db::faults::keep(&mut conn, &maison(), &id, "shippedAtMax: no date", &raw, now).await.unwrap();
    promise
}

async fn user(pool: &PgPool) -> i64 {
    let sql = "SELECT user_id FROM users WHERE email = $1";
    sqlx::query_scalar(sql).bind(email(Role::Admin)).fetch_one(pool).await.unwrap()
}

async fn promised(pool: &PgPool, order: &str, action: &Action, state: State, no: &Refusal) -> Uuid {
    let id = Uuid::now_v7();
    let sql = "INSERT INTO promises
         (account_id, promise_id, order_id, kind, action, submission_id, user_id, created_at, state,
          attempts, unknown_attempts, negative_reads, next_at, refusal, settled_at, baseline)
       VALUES ('maison', $1, $2, $3, $4, $1, $5, $6::timestamptz, $7, 1, 1, 1, $6::timestamptz, $8,
         CASE WHEN $7 IN ('confirmed', 'refused') THEN $6::timestamptz END, '[]')";
    let at = "2026-11-19T13:00:00Z";
    let insert = sqlx::query(sql)
        .bind(id)
        .bind(order)
        .bind(action.kind().as_str())
        .bind(Json(action))
        .bind(user(pool).await)
        .bind(at)
        .bind(state.as_str())
        .bind(Json(no));
    insert.execute(pool).await.unwrap();
    let sql =
        "UPDATE orders SET promise_kind = $2, promise_state = $3, promise_at = $4::timestamptz
       WHERE account_id = 'maison' AND order_id = $1";
    let shown = sqlx::query(sql).bind(order).bind(action.kind().as_str());
    shown.bind(state.as_str()).bind(at).execute(pool).await.unwrap();
    id
}

/// Plants [`ORDERS`], one per action, under way, refused and done.
pub async fn plant_all(app: &TestApp) -> Vec<Uuid> {
    let states = [State::NeedsPerson, State::Refused, State::Confirmed];
    let statuses = [Status::Shipped, Status::InPreparation, Status::Delivered];
    let mut promises = Vec::new();
    for (((id, action), state), status) in
        ORDERS.into_iter().zip(actions()).zip(states).zip(&statuses)
    {
        promises.push(plant(app, sold(id, status, 0), &action, state).await);
    }
    promises
}

/// Where in the database there still are canaries: `table: row`.
pub async fn left(pool: &PgPool) -> Vec<String> {
    let mut left = Vec::new();
    // Bound, and not part of the statement: statements are logged.
    for table in TABLES {
        let sql = format!(
            "SELECT t::text FROM {table} AS t WHERE position(lower($1) IN lower(t::text)) > 0"
        );
        let rows = sqlx::query_scalar::<_, String>(sqlx::AssertSqlSafe(sql)).bind(CANARY);
        let rows = rows.fetch_all(pool).await.unwrap();
        left.extend(rows.into_iter().map(|row| format!("{table}: {row}")));
    }
    let sql = "SELECT promise_id::text FROM promise_files WHERE position(convert_to($1, 'UTF8') IN bytes) > 0";
    let files = sqlx::query_scalar::<_, String>(sql).bind(CANARY).fetch_all(pool).await.unwrap();
    left.extend(files.into_iter().map(|it| format!("promise_files: {it}")));
    left
}

const TABLES: &[&str] = &[
    "orders",
    "order_lines",
    "order_raw",
    "order_search",
    "order_faults",
    "parcels",
    "requests",
    "promises",
    "order_events",
    "order_notes",
    "audit",
    "audit_inbox",
];
