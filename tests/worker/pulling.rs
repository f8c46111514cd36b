//! Reading the marketplace's orders into the mirror.

use comptoir::db;
use comptoir::domain::event::Actor;
use comptoir::domain::event::Event;
use comptoir::domain::trouble::Trouble;
use comptoir::sync::pull;
use comptoir::sync::pull::Pulled;
use jiff::SignedDuration;
use octopia_simulator::Config;
use octopia_simulator::Fault;
use octopia_simulator::FaultKind;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Readings;
use sqlx::PgPool;

use crate::support;
use crate::support::World;

async fn mirrored(world: &World) -> i64 {
    let count = "SELECT count(*) FROM orders WHERE account_id = 'maison'";
    sqlx::query_scalar(count).fetch_one(&world.pool).await.unwrap()
}

async fn sync_state(world: &World) -> db::sync_states::SyncState {
    db::sync_states::find(&world.pool, &world.account).await.unwrap().unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_change_at_the_marketplace_is_seen_and_told(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;

    world.simulator.ship_in_portal(&order, "Colissimo", "6A21938475603").unwrap();
    assert_eq!(world.pull().await, Pulled::Done { written: 1 });

    assert_eq!(world.status(&order).await, "Shipped");
    let mut conn = world.pool.acquire().await.unwrap();
    let events = db::events::list(&mut conn, &world.account, &order).await.unwrap();
    assert!(events.iter().all(|it| it.actor == Actor::Marketplace));
    let (from, to) = ("InPreparation".to_owned(), "Shipped".to_owned());
    let shipped = Event::StatusChanged { from, to };
    assert!(events.iter().any(|it| it.event == shipped), "{events:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_that_comes_again_unchanged_is_not_written_again(pool: PgPool) {
    let world = World::with(pool, Config { orders: 60, ..Config::default() }).await;
    let Pulled::Done { written } = world.pull().await else { panic!("not read") };
    assert_eq!(written, world.simulator.orders("maison").len());

    assert_eq!(world.pull().await, Pulled::Done { written: 0 });
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_account_is_not_read_again_before_its_interval_is_over(pool: PgPool) {
    let world = World::start(pool).await;
    world.pull().await;
    world.clock.advance(SignedDuration::from_secs(59));
    assert_eq!(pull::step(&world.context).await.unwrap(), Pulled::NotDue);
    world.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(pull::step(&world.context).await.unwrap(), Pulled::Done { written: 0 });
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn pages_that_drift_and_repeat_lose_no_order(pool: PgPool) {
    let config = Config { orders: 700, ..Config::default() };
    let world = World::with(pool, config).await;
    let list = Matcher::new("GET", "/orders");
    world.simulator.fault(Fault::new(FaultKind::DuplicatePage).on(list.clone()).every(3));
    world.simulator.fault(Fault::new(FaultKind::Drift { by: -7 }).on(list).every(2));

    world.pull().await;
    world.simulator.clear_faults();
    world.pull().await;

    let there = world.simulator.orders("maison").len();
    assert_eq!(usize::try_from(mirrored(&world).await).unwrap(), there);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_reading_that_breaks_off_goes_on_where_it_was(pool: PgPool) {
    let world = World::with(pool, Config { orders: 700, ..Config::default() }).await;
    let list = Matcher::new("GET", "/orders");
    world.simulator.fault(Fault::status(500).on(list).skip(3).times(1));

    assert_eq!(world.pull().await, Pulled::Failed(Trouble::Unreachable));
    let broken_off = sync_state(&world).await;
    assert!(broken_off.backfill_read > 0 && broken_off.backfilled_at.is_none());
    assert_eq!(broken_off.failure, Some(Trouble::Unreachable));
    let calls = world.calls("GET", "/orders").len();
    world.pull().await;

    let done = sync_state(&world).await;
    assert_eq!(done.failure, None);
    assert!(done.backfilled_at.is_some());
    let there = world.simulator.orders("maison").len();
    assert_eq!(usize::try_from(mirrored(&world).await).unwrap(), there);
    assert!(
        world.calls("GET", "/orders").len() - calls < there.div_ceil(100),
        "did not start anew"
    );
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn wrong_credentials_are_named_and_stop_only_their_account(pool: PgPool) {
    let world = World::start(pool).await;
    world.simulator.add(OrderDraft::new("atelier").channel("WRTES"));
    let atelier = support::account(&world.simulator, "atelier");
    comptoir::sync::register(&world.pool, std::slice::from_ref(&atelier)).await.unwrap();
    let atelier = support::context(&atelier, &world.pool, &world.clock);
    world.simulator.set_secret("maison", "another");

    assert_eq!(world.pull().await, Pulled::Failed(Trouble::CredentialsRefused));
    assert_eq!(sync_state(&world).await.failure, Some(Trouble::CredentialsRefused));
    assert_eq!(pull::step(&atelier).await.unwrap(), Pulled::Done { written: 1 });
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_marketplace_that_does_not_sort_is_read_in_windows(pool: PgPool) {
    let readings = Readings { sort_is_ignored: true, ..Readings::default() };
    let world = World::with(pool, Config { orders: 400, readings, ..Config::default() }).await;

    let pulled = world.pull().await;

    let there = world.simulator.orders("maison").len();
    assert!(matches!(pulled, Pulled::Done { .. }));
    assert_eq!(usize::try_from(mirrored(&world).await).unwrap(), there);
    let searched = world.calls("GET", "/orders");
    assert!(searched.iter().any(|it| it.query.contains("updatedAtMax")));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_status_that_no_document_knows_is_kept_as_it_is(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.simulator.fault(Fault::new(FaultKind::UnknownEnum).on(Matcher::new("GET", "/orders")));

    world.pull().await;

    let status = world.mirrored(&order).await.order.status;
    assert!(matches!(status, comptoir::domain::order::Status::Other(_)), "{status:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_counters_equal_a_recount_whatever_changed(pool: PgPool) {
    let world = World::with(pool, Config { orders: 200, ..Config::default() }).await;
    world.pull().await;
    for (index, order) in world.simulator.orders("maison").into_iter().enumerate() {
        // Most are refused, because of the order's status: what matters is that many change.
        drop(match index % 4 {
            0 => world.simulator.cancel_in_portal(&order.id),
            1 => world.simulator.approve_in_portal(&order.id),
            2 => world.simulator.ship_in_portal(&order.id, "UPS", &format!("1Z{index}")),
            _ => world.simulator.deliver(&order.id),
        });
    }
    let Pulled::Done { written } = world.pull().await else { panic!("not read") };
    assert!(written > 20, "only {written} changed");
    sqlx::query("DELETE FROM orders WHERE order_id IN (SELECT order_id FROM orders LIMIT 5)")
        .execute(&world.pool)
        .await
        .unwrap();

    let differences: i64 = sqlx::query_scalar(
        "SELECT count(*)
         FROM (SELECT account_id, status, channel_id, supply_mode, count(*) AS orders FROM orders
               GROUP BY 1, 2, 3, 4) AS recount
         FULL JOIN (SELECT * FROM order_counts WHERE orders <> 0) AS counted
           USING (account_id, status, channel_id, supply_mode)
         WHERE recount.orders IS DISTINCT FROM counted.orders",
    )
    .fetch_one(&world.pool)
    .await
    .unwrap();
    assert_eq!(differences, 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_that_is_readable_again_as_it_was_is_no_longer_flagged(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    let scope = world.scope().await;
    let malformed = Fault::new(FaultKind::MalformedOrder);
    world.simulator.fault(malformed.on(Matcher::any().order(&order)));
    world.pull().await;
    assert_eq!(db::faults::list(&world.pool, &scope).await.unwrap().len(), 1);

    world.simulator.clear_faults();
    world.pull().await;

    assert!(db::faults::list(&world.pool, &scope).await.unwrap().is_empty());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn orders_do_not_wait_for_a_list_of_carriers_that_cannot_be_read(pool: PgPool) {
    let world = World::start(pool).await;
    world.simulator.add(OrderDraft::new("maison"));
    world.simulator.fault(Fault::status(500).on(Matcher::new("GET", "/carriers")));

    assert_eq!(world.pull().await, Pulled::Done { written: 1 });

    let state = sync_state(&world).await;
    assert_eq!((state.failure, state.carriers_read_at), (None, None));
    world.simulator.clear_faults();
    world.pull().await;
    assert!(sync_state(&world).await.carriers_read_at.is_some());
}
