//! The first reading of a large account.

use std::collections::BTreeMap;

use comptoir::db;
use comptoir::octopia::orders::Query;
use comptoir::sync::pull::Pulled;
use octopia_simulator::Config;
use octopia_simulator::Fault;
use octopia_simulator::FaultKind;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Seller;
use sqlx::PgPool;

use crate::support::World;

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn ten_thousand_orders_come_but_the_malformed_one_which_is_flagged(pool: PgPool) {
    let sellers = vec![Seller::maison()];
    let config = Config { orders: 9_999, open_percent: 6, sellers, ..Config::default() };
    let world = World::with(pool, config).await;
    let bad = world.simulator.add(OrderDraft::new("maison"));
    let malformed = Fault::new(FaultKind::MalformedOrder);
    world.simulator.fault(malformed.on(Matcher::any().order(&bad)));

    assert_eq!(world.pull().await, Pulled::Done { written: 9_999 });

    let scope = world.scope().await;
    let faults = db::faults::list(&world.pool, &scope).await.unwrap();
    assert_eq!(faults.iter().map(|it| &it.order_id).collect::<Vec<_>>(), [&bad]);
    world.simulator.clear_faults();
    world.simulator.cancel_in_portal(&bad).unwrap();
    world.pull().await;
    assert!(db::faults::list(&world.pool, &scope).await.unwrap().is_empty());
    let mut local = BTreeMap::new();
    for bucket in db::order_counts::buckets(&world.pool, &scope).await.unwrap() {
        *local.entry(bucket.status).or_default() += bucket.orders;
    }
    let mut remote = BTreeMap::new();
    for status in local.keys() {
        let query = Query { statuses: vec![status.clone()], ..all() };
        let count = world.context.client.count_orders(&query).await.unwrap();
        remote.insert(status.clone(), i64::try_from(count).unwrap());
    }
    assert_eq!(local, remote);
    assert_eq!(local.values().sum::<i64>(), 10_000);
}

/// Every order, whenever it changed.
fn all() -> Query {
    Query { updated_at_min: Some(jiff::Timestamp::UNIX_EPOCH), ..Query::default() }
}
