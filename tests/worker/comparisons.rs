//! The marketplace's numbers beside ours.

use comptoir::db;
use comptoir::db::comparisons::Comparison;
use comptoir::domain::comparison::Finding;
use jiff::SignedDuration;
use octopia_simulator::Config;
use octopia_simulator::Fault;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use sqlx::PgPool;

use crate::support::World;

async fn compared(world: &World) -> Vec<Comparison> {
    db::comparisons::list(&world.pool, &world.scope().await).await.unwrap()
}

fn of(rows: &[Comparison], status: &str) -> Finding {
    let row = rows.iter().find(|it| it.status == status).unwrap();
    Finding::of(row.theirs, row.ours)
}

fn counts(world: &World) -> usize {
    world.calls("GET", "/orders/count").len()
}

async fn lose(world: &World, status: &str) {
    let sql = "DELETE FROM orders WHERE order_id = (SELECT order_id FROM orders WHERE status = $1 ORDER BY updated_at LIMIT 1)";
    sqlx::query(sql).bind(status).execute(&world.pool).await.unwrap();
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_complete_mirror_has_the_marketplaces_numbers(pool: PgPool) {
    let world = World::with(pool, Config { orders: 150, ..Config::default() }).await;
    world.pull().await;
    let rows = compared(&world).await;
    assert!(rows.iter().all(|it| !Finding::of(it.theirs, it.ours).differs()), "{rows:?}");
    let all = rows.iter().find(|it| it.status.is_empty()).unwrap();
    assert_eq!(all.ours, i64::try_from(world.simulator.orders("maison").len()).unwrap());
    // Not again before the next night.
    let before = counts(&world);
    world.pull().await;
    assert_eq!(counts(&world), before);
    world.clock.advance(SignedDuration::from_hours(24));
    world.pull().await;
    assert!(counts(&world) > before);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_a_reading_missed_shows_and_stays_until_it_is_there(pool: PgPool) {
    let world = World::with(pool, Config { orders: 150, ..Config::default() }).await;
    world.pull().await;
    lose(&world, "Delivered").await;
    let mut conn = world.pool.acquire().await.unwrap();
    world.clock.advance(SignedDuration::from_mins(2));
    let now = world.clock.now();
    assert!(db::sync_states::ask_to_compare(&mut conn, &world.account, now, now).await.unwrap());
    world.pull().await;
    let rows = compared(&world).await;
    assert_eq!(of(&rows, "Delivered"), Finding::Missing(1));
    assert_eq!(of(&rows, ""), Finding::Missing(1));
    assert!(!of(&rows, "Shipped").differs());
    // It may be a change between two counts: looked at twice more, and then left to people.
    let mut before = counts(&world);
    for again in [true, true, false] {
        world.pull().await;
        assert_eq!(counts(&world) > before, again);
        before = counts(&world);
    }
    let state = db::sync_states::find(&world.pool, &world.account).await.unwrap().unwrap();
    assert_eq!(state.comparison.differed, 3);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_status_that_the_marketplace_does_not_count_is_no_difference(pool: PgPool) {
    let world = World::start(pool).await;
    world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    sqlx::query("UPDATE orders SET status = 'Eclipse'").execute(&world.pool).await.unwrap();
    world.clock.advance(SignedDuration::from_hours(24));
    world.pull().await;
    let rows = compared(&world).await;
    assert_eq!(of(&rows, "Eclipse"), Finding::NotCounted);
    assert_eq!(of(&rows, "InPreparation"), Finding::Missing(1));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn orders_that_the_account_leaves_out_are_not_missed(pool: PgPool) {
    let world = World::start(pool).await;
    world.simulator.add(OrderDraft::new("maison"));
    world.simulator.add(OrderDraft::new("maison").supply_mode("Fulfillment"));
    sqlx::query("UPDATE accounts SET skips_fulfilled = TRUE").execute(&world.pool).await.unwrap();
    world.pull().await;
    let rows = compared(&world).await;
    let all = rows.iter().find(|it| it.status.is_empty()).unwrap();
    assert_eq!((all.theirs, all.ours), (Some(1), 1));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_count_that_fails_keeps_the_last_comparison_and_stops_no_reading(pool: PgPool) {
    let world = World::with(pool, Config { orders: 20, ..Config::default() }).await;
    world.pull().await;
    let before = compared(&world).await;
    world.clock.advance(SignedDuration::from_hours(24));
    world.simulator.fault(Fault::status(500).on(Matcher::new("GET", "/orders/count")));
    let pulled = world.pull().await;
    assert!(matches!(pulled, comptoir::sync::pull::Pulled::Done { .. }), "{pulled:?}");
    assert_eq!(compared(&world).await, before);
}
