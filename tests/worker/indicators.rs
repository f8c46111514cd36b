//! How the marketplace judges the seller: asked for once a day, and kept when it does not say.

use comptoir::db;
use comptoir::domain::indicator::Indicator;
use comptoir::domain::indicator::Limit;
use comptoir::domain::indicator::Standing;
use comptoir::domain::trouble::Trouble;
use jiff::SignedDuration;
use octopia_simulator::Fault;
use octopia_simulator::Matcher;
use rust_decimal::Decimal;
use sqlx::PgPool;

use crate::support::World;

const PATH: &str = "/sellers/indicators";

async fn known(world: &World) -> Vec<Indicator> {
    let scope = world.scope().await;
    let list = db::indicators::list(&world.pool, &scope).await.unwrap();
    list.into_iter().map(|(_, it)| it).collect()
}

async fn failure(world: &World) -> Option<Trouble> {
    let scope = world.scope().await;
    db::indicators::readings(&world.pool, &scope).await.unwrap()[0].failure
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_indicators_are_read_once_a_day_with_their_limits(pool: PgPool) {
    let world = World::start(pool).await;
    assert!(known(&world).await.is_empty());
    world.pull().await;
    let indicators = known(&world).await;
    assert_eq!(indicators.len(), 5);
    let of = |name: &str| indicators.iter().find(|it| it.name == name).unwrap();
    let deadlines = of("deadline_compliance");
    assert_eq!(deadlines.limit, Some(Limit::AtLeast(Decimal::from(95))));
    assert_eq!(deadlines.value, Some(Decimal::new(934, 1)));
    assert_eq!(deadlines.standing(), Standing::Missed);
    assert!(deadlines.computed_at.is_some());
    assert_eq!(of("order_claims").limit, Some(Limit::AtMost(Decimal::from(3))));
    assert_eq!(of("order_claims").standing(), Standing::Met);
    world.pull().await;
    assert_eq!(world.calls("GET", PATH).len(), 1, "they change once a day");
    world.clock.advance(SignedDuration::from_hours(24));
    world.pull().await;
    assert_eq!(world.calls("GET", PATH).len(), 2);
    assert_eq!(known(&world).await.len(), 5, "the new ones took the place of the old");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_reading_that_fails_keeps_what_was_known_and_is_tried_again_within_the_hour(
    pool: PgPool,
) {
    let world = World::start(pool).await;
    world.pull().await;
    assert_eq!(failure(&world).await, None);
    world.clock.advance(SignedDuration::from_hours(24));
    world.simulator.fault(Fault::status(503).on(Matcher::new("GET", PATH)));
    world.pull().await;
    assert_eq!(failure(&world).await, Some(Trouble::Unreachable));
    assert_eq!(known(&world).await.len(), 5);
    world.simulator.clear_faults();
    let asked = world.calls("GET", PATH).len();
    world.pull().await;
    assert_eq!(world.calls("GET", PATH).len(), asked, "not at once");
    world.clock.advance(SignedDuration::from_hours(1));
    world.pull().await;
    assert_eq!(failure(&world).await, None);
}
