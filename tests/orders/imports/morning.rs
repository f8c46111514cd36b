//! A morning's parcels in one file, while a colleague ships by hand and the marketplace has a bad day.

use std::collections::BTreeMap;
use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use comptoir::db;
use comptoir::db::batches::rows::Row;
use comptoir::domain::batch::RowState;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::sync;
use comptoir::sync::deliver;
use jiff::SignedDuration;
use octopia_simulator::Fault;
use octopia_simulator::FaultBody;
use octopia_simulator::FaultKind;
use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use octopia_simulator::When;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::imports::files::uploaded;
use crate::support::Filled;
use crate::support::World;
use crate::support::href;

const ORDERS: usize = 500;
/// Every so manyth order is shipped by hand as well.
const BY_HAND: usize = 9;
/// Rows that cannot be sent, below those that can.
const WRONG: [&str; 3] = [
    "NOSUCHORDER;Colissimo;6A21938475603",
    ";Colissimo;6A21938475604",
    "OUTOFSPREADSHEET;Colissimo;3,00E+12",
];

/// One call in twenty fails: before its effect, after it, and without an answer.
fn have_a_bad_day(world: &World) {
    let late = FaultKind::Status { status: 502, body: FaultBody::Html, when: When::After };
    let faults = [
        Fault::status(503),
        Fault::new(late),
        Fault::reset(When::Before),
        Fault::reset(When::After),
    ];
    for (skip, fault) in (0..).map(|it| it * 20).zip(faults) {
        world.simulator.fault(fault.every(80).skip(skip));
    }
}

/// The file, as the carriers' software writes it: all orders, and some rows that are wrong.
fn file(orders: &[String]) -> String {
    let mut file = "N° de commande;Transporteur;Numéro de suivi\r\n".to_owned();
    for (position, order) in (1..).zip(orders) {
        file.extend([order, ";Colissimo;FILE", &format!("{position:08}"), "\r\n"]);
    }
    file + &WRONG.join("\r\n")
}

/// From the upload to the confirmed batch.
async fn sent(browser: &Browser, file: &str) -> String {
    let (columns, page) = uploaded(browser, "matin.csv", file.as_bytes()).await;
    let answer = Filled::of(&page, &columns).post(browser, &columns).await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    let at = answer.location().to_owned();
    let page = browser.get(&at).await;
    let text = page.main_text();
    assert!(text.contains(&format!("Ready: {ORDERS}")), "{text}");
    assert!(text.contains(&format!("Not possible: {}", WRONG.len())), "{text}");
    let answer = Filled::of(&page, &at).and("do", "confirm").post(browser, &at).await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    at
}

/// The promise of a colleague who ships an order by its form, if nobody was first.
async fn shipped_by_hand(world: &World, browser: &Browser, order: &str) -> Option<Uuid> {
    let path = format!("{}/ship", href(order));
    let page = browser.get(&path).await;
    if !page.body.contains("parcels[1].number") {
        return None;
    }
    let form = Filled::of(&page, "/ship")
        .set("parcels[1].carrier", "Colissimo")
        .set("parcels[1].number", &format!("HAND{order}"));
    let answer = form.post(browser, &path).await;
    assert!([303, 409].contains(&answer.status), "{}", answer.main_text());
    (answer.status == 303).then_some(())?;
    Some(world.shop.promise(order).await)
}

/// Sends as long as the others make promises.
async fn send_until(context: &sync::Context, made: &AtomicBool) {
    loop {
        let over = made.load(Ordering::SeqCst);
        if deliver::step(context).await.unwrap() == deliver::Step::Idle && over {
            return;
        }
        tokio::task::yield_now().await;
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn five_hundred_orders_of_one_file_end_final_or_explained_and_the_ledger_agrees(
    pool: PgPool,
) {
    let world = World::start(pool).await;
    let orders: Vec<String> =
        (0..ORDERS).map(|_| world.simulator.add(OrderDraft::new("maison"))).collect();
    world.pull().await;
    let shop = &world.shop;
    let (walid, ana) = (shop.sign_in(Role::Warehouse).await, shop.sign_in(Role::Admin).await);
    let at = sent(&walid, &file(&orders)).await;

    have_a_bad_day(&world);
    let made = AtomicBool::new(false);
    let batch = async {
        while sync::batches::step(&world.context).await.unwrap() == sync::batches::Step::Done {}
        made.store(true, Ordering::SeqCst);
    };
    let by_hand = async {
        let mut promises = Vec::new();
        // From the other end, so that they meet.
        for order in orders.iter().rev().step_by(BY_HAND) {
            promises.extend(shipped_by_hand(&world, &ana, order).await);
            shop.app.clock.advance(SignedDuration::from_secs(1));
        }
        promises
    };
    let other = world.another_worker();
    let senders = async {
        tokio::join!(send_until(&world.context, &made), send_until(&other, &made));
    };
    let ((), by_hand, ()) = tokio::join!(batch, by_hand, senders);
    assert!(!by_hand.is_empty(), "the colleague was never first");

    // Until nothing moves by itself any more: half an hour at most.
    let mut rows = read(&world, &at).await;
    for _ in 0..40 {
        if rows.iter().all(is_decided) && none_is_open(&world).await {
            break;
        }
        shop.app.clock.advance(SignedDuration::from_secs(50));
        let made = AtomicBool::new(true);
        tokio::join!(send_until(&world.context, &made), send_until(&other, &made));
        assert_eq!(walid.get(&at).await.status, 200);
        rows = read(&world, &at).await;
    }
    agree(&world, &orders, &rows, &by_hand).await;
    explained(&walid, &at, &rows).await;
}

async fn read(world: &World, at: &str) -> Vec<Row> {
    let id: Uuid = at.strip_prefix("/batches/").unwrap().parse().unwrap();
    let scope = world.shop.app.scope(Role::Admin).await;
    let mut conn = world.shop.app.pool.acquire().await.unwrap();
    db::batches::rows::list(&mut conn, &scope, id).await.unwrap()
}

/// Whether a row is final, explained, or waits for a person.
fn is_decided(row: &Row) -> bool {
    match row.state {
        RowState::Draft | RowState::Chosen => false,
        RowState::Stopped => row.stopped.is_some(),
        RowState::Promised => row
            .promise
            .as_ref()
            .is_some_and(|it| it.state.is_final() || it.state == State::NeedsPerson),
    }
}

async fn none_is_open(world: &World) -> bool {
    let sql = "SELECT NOT EXISTS (SELECT FROM promises
               WHERE state IN ('queued', 'sending', 'in_doubt'))";
    sqlx::query_scalar(sql).fetch_one(&world.shop.app.pool).await.unwrap()
}

/// What the rows and the colleague's promises say is what the marketplace's ledger says.
async fn agree(world: &World, orders: &[String], rows: &[Row], by_hand: &[Uuid]) {
    let mut shipped: HashMap<String, Vec<String>> = HashMap::new();
    for effect in world.simulator.ledger() {
        if effect.kind == "shipment" && effect.by == Party::Api {
            shipped.entry(effect.order_id).or_default().push(effect.body.to_string());
        }
    }
    let mut confirmed: HashMap<String, Vec<String>> = HashMap::new();
    let mut undecided: Vec<String> = Vec::new();
    for row in rows {
        assert!(is_decided(row), "{row:?}");
        let state = row.promise.as_ref().map(|it| it.state);
        let Some(order) = row.order_id.clone() else { continue };
        if state == Some(State::Confirmed) {
            confirmed.entry(order).or_default().push(row.input.number.clone());
        } else if state == Some(State::NeedsPerson) {
            undecided.push(order);
        }
    }
    let (pool, scope) = (&world.shop.app.pool, world.shop.app.scope(Role::Admin).await);
    for promise in by_hand {
        let promise =
            db::promises::find(pool, &scope, *promise).await.unwrap().expect("the promise");
        let number = format!("HAND{}", promise.order_id);
        if promise.progress.state == State::Confirmed {
            confirmed.entry(promise.order_id).or_default().push(number);
        } else if promise.progress.state == State::NeedsPerson {
            undecided.push(promise.order_id);
        }
    }
    assert_eq!(rows.len(), ORDERS + WRONG.len());
    for order in orders {
        let (said, done) = (confirmed.get(order), shipped.get(order));
        let done: &[String] = done.map_or(&[], Vec::as_slice);
        assert!(done.len() <= 1, "{order} was shipped twice: {done:?}");
        if undecided.contains(order) {
            continue;
        }
        let said: &[String] = said.map_or(&[], Vec::as_slice);
        assert_eq!(said.len(), done.len(), "{order}: {said:?}, but {done:?}");
        let same = said.iter().zip(done).all(|(number, body)| body.contains(number));
        assert!(same, "{order}: {said:?}, but {done:?}");
    }
    let doubted = "SELECT count(*) FROM promises WHERE unknown_attempts > 0";
    let doubted: i64 = sqlx::query_scalar(doubted).fetch_one(pool).await.unwrap();
    assert!(doubted >= 10, "the day was not that bad: {doubted}");
    let sure = confirmed.len();
    assert!(sure + undecided.len() >= ORDERS * 9 / 10, "only {sure} were confirmed");
}

/// What is downloaded names every row: confirmed, or with the reason why not.
async fn explained(browser: &Browser, at: &str, rows: &[Row]) {
    let file = browser.get(&format!("{at}/file")).await.body;
    let mut found = BTreeMap::<&str, usize>::new();
    let mut lines = 0;
    for line in file.lines().skip(1) {
        let cells: Vec<&str> = line.split(';').map(|it| it.trim_matches('"')).collect();
        let (result, why) = (cells[6], cells[7]);
        *found.entry(result).or_default() += 1;
        lines += 1;
        assert!(result == "Shipment confirmed" || !why.is_empty(), "{line}");
    }
    let confirmed =
        rows.iter().filter(|it| it.promise.as_ref().is_some_and(|it| it.state == State::Confirmed));
    assert_eq!(lines, rows.len());
    assert_eq!(found["Shipment confirmed"], confirmed.count());
    assert!(found["Not sent"] >= WRONG.len(), "{found:?}");
}
