//! A morning's parcels in one batch, while a colleague ships by hand and the marketplace has a bad day.

use std::collections::HashMap;
use std::sync::atomic::AtomicBool;
use std::sync::atomic::Ordering;

use comptoir::db;
use comptoir::db::batches::rows::Row;
use comptoir::domain::batch::Input;
use comptoir::domain::batch::Origin;
use comptoir::domain::batch::Purpose;
use comptoir::domain::batch::RowState;
use comptoir::domain::batch::Task;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::sync;
use comptoir::sync::deliver;
use comptoir::workflow::batches;
use comptoir::workflow::batches::Draft;
use comptoir::workflow::batches::NewRow;
use comptoir::workflow::batches::Wanted;
use jiff::SignedDuration;
use octopia_simulator::Fault;
use octopia_simulator::FaultBody;
use octopia_simulator::FaultKind;
use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use octopia_simulator::When;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::World;

const ORDERS: usize = 500;
/// Every so manyth order is shipped by hand as well.
const BY_HAND: usize = 9;

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
async fn five_hundred_orders_of_a_batch_end_final_or_explained_and_the_ledger_agrees(pool: PgPool) {
    let world = World::start(pool).await;
    let orders: Vec<String> =
        (0..ORDERS).map(|_| world.simulator.add(OrderDraft::new("maison"))).collect();
    world.pull().await;
    let (walid, ana) = (world.operator(Role::Warehouse).await, world.operator(Role::Admin).await);
    let id = Uuid::now_v7();
    let row = |(position, order): (i32, &String)| NewRow {
        position,
        account: world.account.clone(),
        order: Wanted::Order(order.clone()),
        input: Input::typed("Colissimo", &format!("BULK{position:08}"), ""),
    };
    let rows: Vec<NewRow> = (1..).zip(&orders).map(row).collect();
    let purpose = Purpose::Promise(Task::Ship);
    let (origin, retry_of) = (Origin::List, None);
    let draft = Draft { id, user_id: walid.id, purpose, origin, retry_of, rows: &rows };
    let tx = world.pool.begin().await.unwrap();
    assert!(batches::create(tx, &draft, world.clock.now()).await.unwrap());
    let tx = world.pool.begin().await.unwrap();
    let (zero, now) = (SignedDuration::ZERO, world.clock.now());
    batches::confirm(tx, walid.id, id, 0, &[], zero, now).await.unwrap();

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
            let action = world.ship_all(order, &format!("HAND{order}")).await;
            promises.extend(world.submit(Uuid::now_v7(), order, action, &ana).await.ok());
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
    let mut rows = read(&world, id).await;
    for _ in 0..40 {
        if rows.iter().all(is_decided) && none_is_open(&world).await {
            break;
        }
        world.clock.advance(SignedDuration::from_secs(50));
        let made = AtomicBool::new(true);
        tokio::join!(send_until(&world.context, &made), send_until(&other, &made));
        rows = read(&world, id).await;
    }
    agree(&world, &orders, &rows, &by_hand).await;
}

async fn read(world: &World, id: Uuid) -> Vec<Row> {
    let scope = world.scope().await;
    let mut conn = world.pool.acquire().await.unwrap();
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
    sqlx::query_scalar(sql).fetch_one(&world.pool).await.unwrap()
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
        let order = row.order_id.clone().unwrap();
        if state == Some(State::Confirmed) {
            confirmed.entry(order).or_default().push(row.input.number.clone());
        } else if state == Some(State::NeedsPerson) {
            undecided.push(order);
        }
    }
    for promise in by_hand {
        let promise = world.found(*promise).await;
        let number = format!("HAND{}", promise.order_id);
        if promise.progress.state == State::Confirmed {
            confirmed.entry(promise.order_id).or_default().push(number);
        } else if promise.progress.state == State::NeedsPerson {
            undecided.push(promise.order_id);
        }
    }
    assert_eq!(rows.len(), ORDERS);
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
    let doubted: i64 = sqlx::query_scalar(doubted).fetch_one(&world.pool).await.unwrap();
    assert!(doubted >= 10, "the day was not that bad: {doubted}");
    let sure = confirmed.len();
    assert!(sure + undecided.len() >= ORDERS * 9 / 10, "only {sure} were confirmed");
}
