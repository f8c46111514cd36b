//! Several people, several forms, several workers.

use std::collections::HashSet;

use comptoir::domain::action::Action;
use comptoir::domain::action::Blocked;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::sync::deliver;
use comptoir::sync::pull;
use comptoir::sync::pull::Pulled;
use comptoir::workflow;
use comptoir::workflow::PerformError;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::When;
use sqlx::PgPool;
use uuid::Uuid;

use crate::support::World;

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn of_two_operators_the_second_is_told_who_was_first(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    let [ana, marc] = [Role::Warehouse, Role::Admin].map(|role| world.operator(role));
    let (ana, marc) = (ana.await, marc.await);
    let action = world.ship_all(&order, "6A1").await;

    let (first, second) = tokio::join!(
        world.submit(Uuid::now_v7(), &order, action.clone(), &ana),
        world.submit(Uuid::now_v7(), &order, action.clone(), &marc),
    );

    let (winner, loser) = if first.is_ok() { (&ana, second) } else { (&marc, first) };
    let Err(PerformError::Blocked(Blocked::InFlight(promise))) = loser else { panic!("{loser:?}") };
    assert_eq!(promise.by, winner.name);
    world.send().await;
    assert_eq!(world.shipments(&order), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_same_form_sent_twenty_times_is_one_promise(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    let operator = world.operator(Role::Warehouse).await;
    let action = world.ship_all(&order, "6A1").await;
    let form = Uuid::now_v7();
    let mut promises = HashSet::new();
    let submit = || world.submit(form, &order, action.clone(), &operator);

    for _ in 0..5 {
        let (a, b, c, d) = tokio::join!(submit(), submit(), submit(), submit());
        promises.extend([a, b, c, d].map(Result::unwrap));
    }
    world.send().await;
    promises.insert(submit().await.unwrap());

    assert_eq!(promises.len(), 1);
    assert_eq!(world.calls("POST", "/shipments").len(), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn two_workers_never_send_the_same_promise(pool: PgPool) {
    let world = World::start(pool).await;
    let orders: Vec<_> = (0..8).map(|_| world.simulator.add(OrderDraft::new("maison"))).collect();
    world.pull().await;
    for order in &orders {
        world.promise_to_ship(order, &format!("6A{order}")).await;
    }
    let other = world.another_worker();
    let run = |context| async move {
        while deliver::step(context).await.unwrap() == deliver::Step::Done {}
    };

    tokio::join!(run(&world.context), run(&world.context), run(&other), run(&other));

    assert_eq!(world.calls("POST", "/shipments").len(), orders.len());
    assert!(orders.iter().all(|order| world.shipments(order) == 1));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn two_workers_never_read_the_same_account_at_once(pool: PgPool) {
    let world = World::start(pool).await;
    let other = world.another_worker();
    let hold = world.simulator.hold(Matcher::new("GET", "/orders/count"), When::Before);
    let context = world.context.clone();
    let reading = tokio::spawn(async move { pull::step(&context).await.unwrap() });
    hold.reached().await;

    assert_eq!(pull::step(&other).await.unwrap(), Pulled::NotDue);

    hold.release();
    assert_eq!(reading.await.unwrap(), Pulled::Done { written: 0 });
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_withdrawn_while_it_is_about_to_leave_is_not_sent(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    world.pull().await;
    let promise = world.promise(&order, Action::Accept).await.unwrap();
    let hold = world.simulator.hold(Matcher::new("GET", &order), When::Before);
    let context = world.context.clone();
    let step = tokio::spawn(async move { deliver::step(&context).await.unwrap() });
    hold.reached().await;

    let operator = world.operator(Role::Warehouse).await;
    let now = world.clock.now();
    let tx = world.pool.begin().await.unwrap();
    let account = &world.account;
    workflow::promise::withdraw(tx, account, promise, &operator, now).await.unwrap();
    hold.release();
    step.await.unwrap();

    assert_eq!(world.state(promise).await, State::Withdrawn);
    assert!(world.calls("POST", "/approval-status").is_empty());
}
