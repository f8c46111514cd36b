//! The list as a file: the same orders in the same order, safe to open, and never half of it.

use axum::body::Body;
use axum::http::Request;
use axum::http::header;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use comptoir::domain::order::Status;
use comptoir::domain::order::SupplyMode;
use http_body_util::BodyExt;
use jiff::SignedDuration;
use proptest::strategy::Strategy;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;
use sqlx::PgPool;
use tower::ServiceExt;

use crate::model;
use crate::support::Browser;
use crate::support::World;
use crate::support::at;
use crate::support::line;
use crate::support::order;

const ORDER_ID: usize = 1;

/// Reads a file as RFC 4180 says, with semicolons.
fn parse(file: &str) -> Vec<Vec<String>> {
    let file = file.strip_prefix('\u{feff}').expect("a byte order mark");
    assert!(file.ends_with("\r\n"), "the last line is whole");
    let (mut rows, mut row, mut cell, mut quoted) = (Vec::new(), Vec::new(), String::new(), false);
    let mut chars = file.chars().peekable();
    while let Some(char) = chars.next() {
        match char {
            '"' if quoted && chars.peek() == Some(&'"') => cell.extend(chars.next()),
            '"' => quoted = !quoted,
            ';' if !quoted => row.push(std::mem::take(&mut cell)),
            '\r' if !quoted => {
                assert_eq!(chars.next(), Some('\n'));
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            char => cell.push(char),
        }
    }
    assert!(rows.iter().all(|row: &Vec<String>| row.len() == 17), "seventeen columns");
    rows
}

async fn exported(browser: &Browser, path: &str) -> Vec<Vec<String>> {
    let page = browser.get(path).await;
    assert_eq!(page.status, 200, "{path}: {}", page.body);
    parse(&page.body)
}

/// The identifiers in a file.
fn ids(rows: &[Vec<String>]) -> Vec<String> {
    rows[1..].iter().map(|row| row[ORDER_ID].clone()).collect()
}

fn many(count: i64) -> Vec<Order> {
    let due = |index| at("2026-11-20T09:00:00Z") + SignedDuration::from_mins(index);
    (0..count).map(|it| Order { ship_by: Some(due(it)), ..order(&format!("A{it:04}")) }).collect()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_file_is_the_list_on_all_its_pages(pool: PgPool) {
    let world = World::start(pool).await;
    let mut runner = TestRunner::deterministic();
    let samples = model::samples().new_tree(&mut runner).unwrap().current();
    // One that begins with a minus gets an apostrophe in the file.
    let samples: Vec<_> = samples.into_iter().filter(|it| !it.1.id.starts_with('-')).collect();
    for account in ["maison", "atelier"] {
        let orders = samples.iter().filter(|it| it.0 == account).map(|it| it.1.clone());
        world.mirror_for(account, &orders.collect::<Vec<_>>()).await;
    }
    world.mirror(&many(750)).await;
    let browser = world.sign_in(Role::Manager).await;
    for query in [
        "",
        "?sort=newest",
        "?status=InPreparation",
        "?status=Shipped,Cancelled&supply=Seller",
        "?account=maison&due=later&words=lengow",
        "?channel=RDC&from=2026-11-18",
        "?account=atelier&due=overdue",
    ] {
        let list = browser.pages(&format!("/orders{query}")).await.concat();
        let file = ids(&exported(&browser, &format!("/orders/export{query}")).await);
        assert!(list.len() > 1, "{query}");
        assert_eq!(file, list, "{query}");
    }
    // Whatever page is shown, the file begins at the top.
    let page = browser.get("/orders?account=maison").await;
    let second = browser.get(&page.link("next").unwrap()).await;
    let href = second.between("id=\"export\" href=\"", "\"");
    assert_eq!(href, "/orders/export?account=maison");
    let all = exported(&browser, "/orders/export").await;
    assert_eq!(all.len() - 1, 750 + samples.len());
    let from_the_middle = exported(&browser, "/orders/export?after=9.A").await;
    assert_eq!(ids(&from_the_middle), ids(&all));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_line_says_what_the_list_says_without_the_customer(pool: PgPool) {
    let world = World::start(pool).await;
    let mut sold = order("A1");
    sold.reference = Some("CHANNEL;\"7\"".to_owned());
    sold.lines.push(line("L2", 3, SupplyMode::Seller));
    let cancel = Order { status: Status::CancelRequest, ship_by: None, ..order("A2") };
    world.mirror(&[sold, cancel]).await;
    world.promised("A1", "ship", "queued").await;
    let mut browser = world.sign_in(Role::Admin).await;
    let file = exported(&browser, "/orders/export").await;
    let expected = [
        "Account|Order|Reference|Channel|API status|Status|Lengow status|Ship by|Created|Supply mode|\
         Lines|Pieces|Total|Currency|Last action|State of the last action|Time zone",
        "Maison Lemoine|A1|CHANNEL;\"7\"|Cdiscount|InPreparation|To ship|waiting_shipment|\
         20/11/2026 18:00|18/11/2026 09:31|Seller|2|7|389,60|EUR|Shipment|Waiting to be sent|Europe/Paris",
        "Maison Lemoine|A2||Cdiscount|CancelRequest|Cancellation requested|||\
         18/11/2026 09:31|Seller|1|4|389,60|EUR|||Europe/Paris",
    ];
    let lines: Vec<_> = file.iter().map(|row| row.join("|")).collect();
    assert_eq!(lines, expected);
    browser.language = "fr";
    let page = browser.get("/orders/export").await;
    assert!(page.body.contains("\"Compte\";\"Commande\";\"Référence\""), "{}", page.body);
    assert!(page.body.contains("\"InPreparation\";\"À expédier\";\"waiting_shipment\""));
    // Texts are quoted, numbers are not.
    assert!(page.body.contains("\"Vendeur\";2;7;389,60;\"EUR\";\"Expédition\";"));
    for personal in ["Benali", "13002", "Marseille", "Karim"] {
        assert!(!page.body.contains(personal), "{personal}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_spreadsheet_finds_no_formula(pool: PgPool) {
    let world = World::start(pool).await;
    let mut hostile = order("=cmd|'/c calc'!A1");
    hostile.reference = Some(" \t＝HYPERLINK(\"https://evil.test\")".to_owned());
    hostile.channel_name = "@SUM(1)".to_owned();
    hostile.status = Status::Other("-1+1".to_owned());
    world.mirror(&[hostile]).await;
    let file = exported(&world.sign_in(Role::Manager).await, "/orders/export").await;
    let row = &file[1];
    assert_eq!(row[ORDER_ID], "'=cmd|'/c calc'!A1");
    assert_eq!(row[2], "' \t＝HYPERLINK(\"https://evil.test\")");
    assert_eq!(row[3], "'@SUM(1)");
    assert_eq!((row[4].as_str(), row[5].as_str()), ("'-1+1", "'-1+1"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_may_not_export_is_not_offered_it_and_is_told_whom_to_ask(pool: PgPool) {
    let world = World::start(pool).await;
    world.mirror(&[order("A1")]).await;
    for role in Role::ALL {
        let browser = world.sign_in(role).await;
        let may = matches!(role, Role::Manager | Role::Admin);
        let list = browser.get("/orders").await;
        assert_eq!(list.text().contains("Export CSV"), may, "{role:?}");
        let answer = browser.get("/orders/export").await;
        assert_eq!(answer.status, if may { 200 } else { 403 }, "{role:?}");
        let told = answer.body.contains("Your role cannot export. Ask a manager.");
        assert_eq!(told, !may, "{role:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_address_that_the_list_complains_about_gives_the_list_and_no_file(pool: PgPool) {
    let world = World::start(pool).await;
    world.mirror(&[order("A1")]).await;
    let browser = world.sign_in(Role::Manager).await;
    for query in [
        "status=Shiped",
        "due=never",
        "sort=price&q=",
        "words=klingon",
        "from=2026-11-20&to=2026-11-01",
    ] {
        let answer = browser.get(&format!("/orders/export?{query}")).await;
        assert_eq!((answer.status, answer.location), (303, format!("/orders?{query}")));
    }
    for query in ["unknown=1", "after=x", "status=&due=", "q=A1", "channel=CDISFR"] {
        let file = exported(&browser, &format!("/orders/export?{query}")).await;
        assert_eq!(ids(&file), ["A1"], "{query}");
    }
    let none = exported(&browser, "/orders/export?q=NO-SUCH-ORDER").await;
    assert_eq!(none.len(), 1, "the names of the columns");
    assert_eq!(browser.get("/orders/export?status=%00").await.status, 400);
    assert!(browser.get("/orders").await.text().contains("Export CSV"));
    assert!(!browser.get("/orders?status=Shipped").await.text().contains("Export CSV"));
    let stranger = Request::get("/orders/export").body(Body::empty()).unwrap();
    let response = world.router.clone().oneshot(stranger).await.unwrap();
    assert_eq!(response.status(), 303);
    assert_eq!(response.headers()["location"], "/sign-in?next=%2Forders%2Fexport");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_file_that_breaks_off_does_not_look_whole(pool: PgPool) {
    let world = World::start(pool).await;
    world.mirror(&many(1000)).await;
    let browser = world.sign_in(Role::Manager).await;
    for encoding in ["identity", "gzip"] {
        let request = Request::get("/orders/export").header(header::ACCEPT_ENCODING, encoding);
        let response = browser.answer(request).await;
        assert_eq!(response.headers()[header::CONTENT_TYPE], "text/csv; charset=utf-8");
        let disposition = &response.headers()[header::CONTENT_DISPOSITION];
        assert_eq!(disposition, "attachment; filename=\"orders.csv\"");
        let mut body = response.into_body();
        assert!(body.frame().await.unwrap().is_ok(), "the beginning arrives");
        sqlx::query("ALTER TABLE orders RENAME TO gone").execute(&world.pool).await.unwrap();
        let mut rest = Vec::new();
        while let Some(frame) = body.frame().await {
            rest.push(frame.is_ok());
        }
        // The server cuts the connection at the first error, whatever could still be read.
        assert!(rest.contains(&false), "{encoding}: {rest:?}");
        sqlx::query("ALTER TABLE gone RENAME TO orders").execute(&world.pool).await.unwrap();
    }
}

/// The memory of a file is that of one page of it, whatever its length: no piece is larger than another, and nothing
/// is read before there is room for it.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_long_file_goes_out_in_small_pieces_read_as_they_are_sent(pool: PgPool) {
    const ROWS: usize = 12_000;
    let world = World::start(pool).await;
    world.mirror(&[order("A00000")]).await;
    let copies = "INSERT INTO orders SELECT (jsonb_populate_record(o, jsonb_build_object(
                    'order_id', 'A' || lpad(n::text, 5, '0'), 'age', o.age + n, 'rank', o.rank + n))).*
                  FROM orders AS o CROSS JOIN generate_series(1, $1) AS n";
    let last = i32::try_from(ROWS).unwrap() - 1;
    sqlx::query(copies).bind(last).execute(&world.pool).await.unwrap();
    let browser = world.sign_in(Role::Manager).await;
    let response = browser.answer(Request::get("/orders/export")).await;
    let mut body = response.into_body();
    let first = body.frame().await.unwrap().unwrap().into_data().unwrap();
    // What comes last now was not there when the file began.
    let late = "UPDATE orders SET reference = 'LATE' WHERE order_id = $1";
    sqlx::query(late).bind(format!("A{last:05}")).execute(&world.pool).await.unwrap();
    let mut file = first.to_vec();
    let mut largest = first.len();
    while let Some(frame) = body.frame().await {
        let piece = frame.unwrap().into_data().unwrap();
        largest = largest.max(piece.len());
        file.extend_from_slice(&piece);
    }
    assert!(largest <= 32 * 1024, "{largest}");
    assert!(file.len() > 50 * largest, "{} bytes in pieces of {largest}", file.len());
    let rows = parse(&String::from_utf8(file).unwrap());
    let mut ids = ids(&rows);
    assert_eq!(rows.last().unwrap()[2], "LATE");
    ids.dedup();
    assert_eq!(ids.len(), ROWS);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn programs_and_other_countries_get_commas_points_and_years_first(pool: PgPool) {
    let world = World::start(pool).await;
    world.mirror(&[order("A1")]).await;
    let browser = world.sign_in(Role::Manager).await;
    let page = browser.get("/orders/export?form=comma").await;
    assert!(page.body.starts_with("\u{feff}\"Account\",\"Order\",\"Reference\","), "{}", page.body);
    let line = ",2026-11-20 18:00,2026-11-18 09:31,\"Seller\",1,4,389.60,\"EUR\",";
    assert!(page.body.contains(line), "{}", page.body);
    let list = browser.get("/orders?status=InPreparation").await;
    let href = list.between("id=\"export-commas\" href=\"", "\"").replace("&#38;", "&");
    assert_eq!(href, "/orders/export?status=InPreparation&form=comma");
    assert!(browser.get(&href).await.body.contains(line));
}
