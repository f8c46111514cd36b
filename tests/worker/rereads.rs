//! Single orders that somebody wants read now.

use comptoir::db;
use comptoir::domain::operator::Role;
use comptoir::domain::reread::Outcome;
use comptoir::domain::trouble::Trouble;
use comptoir::sync::reread;
use comptoir::sync::reread::Step;
use comptoir::workflow::reading;
use octopia_simulator::Fault;
use octopia_simulator::FaultKind;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use sqlx::PgPool;

use crate::support::World;

/// Asks as somebody who works, and has the worker read.
async fn read_again(world: &World, order_id: &str) -> Step {
    let operator = world.operator(Role::Warehouse).await;
    let tx = world.pool.begin().await.unwrap();
    let now = world.clock.now();
    reading::read_order(tx, &world.account, order_id, &operator, now).await.unwrap();
    let step = reread::step(&world.context).await.unwrap();
    world.clock.advance(jiff::SignedDuration::from_secs(11));
    step
}

async fn told(world: &World, order_id: &str) -> Option<Outcome> {
    let reread = db::rereads::of_order(&world.pool, &world.account, order_id).await.unwrap();
    reread.unwrap().done.unwrap().1
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_read_on_request_before_its_account_is_due(pool: PgPool) {
    let world = World::start(pool).await;
    world.pull().await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    assert_eq!(reread::step(&world.context).await.unwrap(), Step::Idle);
    assert_eq!(read_again(&world, &order).await, Step::Done(Outcome::New));
    assert_eq!(world.status(&order).await, "InPreparation");
    assert_eq!(read_again(&world, &order).await, Step::Done(Outcome::Unchanged));
    world.simulator.ship_in_portal(&order, "Colissimo", "6A21938475603").unwrap();
    assert_eq!(read_again(&world, &order).await, Step::Done(Outcome::Changed));
    assert_eq!(world.status(&order).await, "Shipped");
    assert_eq!(told(&world, &order).await, Some(Outcome::Changed));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn whatever_comes_of_it_is_told(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    assert_eq!(read_again(&world, "NOBODY1").await, Step::Done(Outcome::Unknown));
    let one = || Matcher::any().order(&order);
    world.simulator.fault(Fault::status(500).on(one()));
    let failed = Outcome::Failed(Trouble::Unreachable);
    assert_eq!(read_again(&world, &order).await, Step::Done(failed));
    assert_eq!(told(&world, &order).await, Some(failed));
    world.simulator.clear_faults();
    world.simulator.fault(Fault::new(FaultKind::MalformedOrder).on(one()));
    assert_eq!(read_again(&world, &order).await, Step::Done(Outcome::Unreadable));
    let faults = db::faults::list(&world.pool, &world.scope().await).await.unwrap();
    assert_eq!(faults.len(), 1, "{faults:?}");
    world.simulator.clear_faults();
    let theirs = world.simulator.add(OrderDraft::new("maison").supply_mode("Fulfillment"));
    sqlx::query("UPDATE accounts SET skips_fulfilled = TRUE").execute(&world.pool).await.unwrap();
    assert_eq!(read_again(&world, &theirs).await, Step::Done(Outcome::LeftOut));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn two_workers_read_it_once_and_one_that_died_is_replaced(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    let operator = world.operator(Role::Warehouse).await;
    let (tx, now) = (world.pool.begin().await.unwrap(), world.clock.now());
    reading::read_order(tx, &world.account, &order, &operator, now).await.unwrap();
    // Taken, and never finished.
    let mut conn = world.pool.acquire().await.unwrap();
    let lease_until = now + jiff::SignedDuration::from_secs(30);
    db::rereads::take(&mut conn, &world.account, now, lease_until).await.unwrap().unwrap();
    let another = world.another_worker();
    assert_eq!(reread::step(&another).await.unwrap(), Step::Idle);
    world.clock.advance(jiff::SignedDuration::from_secs(31));
    assert_eq!(reread::step(&another).await.unwrap(), Step::Done(Outcome::New));
    assert_eq!(reread::step(&world.context).await.unwrap(), Step::Idle);
    assert_eq!(world.calls("GET", &order).len(), 1);
}
