//! Accounts that do not mirror what the marketplace's warehouse ships.

use comptoir::db;
use comptoir::domain::account::Options;
use octopia_simulator::OrderDraft;
use sqlx::PgPool;

use crate::support::World;

async fn import(world: &World, yes: bool) {
    let mut conn = world.pool.acquire().await.unwrap();
    let options = Options { skips_fulfilled: !yes, ..Options::default() };
    db::accounts::set_options(&mut conn, &world.account, options).await.unwrap();
}

async fn is_here(world: &World, order: &str) -> bool {
    let mut conn = world.pool.acquire().await.unwrap();
    db::orders::find(&mut conn, &world.account, order).await.unwrap().is_some()
}

async fn faults(world: &World) -> i64 {
    let count = "SELECT count(*) FROM order_faults";
    sqlx::query_scalar(count).fetch_one(&world.pool).await.unwrap()
}

fn fulfilled() -> OrderDraft {
    OrderDraft::new("maison").supply_mode("Fulfillment").status("Shipped")
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn fulfilled_orders_are_left_out_from_then_on_and_those_here_go_on(pool: PgPool) {
    let world = World::start(pool).await;
    let old = world.simulator.add(fulfilled());
    world.pull().await;
    assert!(is_here(&world, &old).await, "they are imported unless that is switched off");

    import(&world, false).await;
    let new = world.simulator.add(fulfilled());
    let own = world.simulator.add(OrderDraft::new("maison"));
    let mixed = OrderDraft::new("maison").lines(2).supply_mode("Fulfillment,Seller");
    let mixed = world.simulator.add(mixed);
    // It was unreadable before; that it is not wanted does not leave it a fault.
    let mut conn = world.pool.acquire().await.unwrap();
    let now = world.clock.now();
    db::faults::keep(&mut conn, &world.account, &new, "a problem", "{}", now).await.unwrap();
    drop(conn);
    world.simulator.deliver(&old).unwrap();
    world.pull().await;
    assert!(!is_here(&world, &new).await);
    assert!(is_here(&world, &own).await);
    assert!(is_here(&world, &mixed).await, "a line of it is ours to ship");
    assert_eq!(world.status(&old).await, "Delivered");
    assert_eq!(faults(&world).await, 0);

    import(&world, true).await;
    world.simulator.deliver(&new).unwrap();
    world.pull().await;
    assert_eq!(world.status(&new).await, "Delivered");
}
