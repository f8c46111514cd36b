//! How often the marketplace is called, as the sync page tells it.

use comptoir::db;
use comptoir::db::api_calls::Calls;
use comptoir::sync::calls;
use jiff::SignedDuration;
use octopia_simulator::Fault;
use octopia_simulator::Matcher;
use sqlx::PgPool;

use crate::support::World;

async fn of_last_hour(world: &World) -> Vec<Calls> {
    let since = world.clock.now() - SignedDuration::from_hours(1);
    db::api_calls::since(&world.pool, &world.scope().await, since).await.unwrap()
}

fn called(world: &World) -> i64 {
    let calls = world.simulator.calls();
    let of_api = calls.iter().filter(|it| !it.path.contains("token")).count();
    i64::try_from(of_api).unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_call_that_reached_the_marketplace_is_counted_once(pool: PgPool) {
    let world = World::start(pool).await;
    assert!(of_last_hour(&world).await.is_empty());
    for _ in 0..2 {
        world.pull().await;
        calls::step(&world.context).await.unwrap();
        // Nothing new: nothing is added.
        calls::step(&world.context).await.unwrap();
        let told = of_last_hour(&world).await;
        let all = Calls { account: world.account.clone(), made: called(&world), limited: 0 };
        assert_eq!(told, [all]);
    }
    // The hour passes, and with the day what is kept.
    world.clock.advance(SignedDuration::from_mins(61));
    assert!(of_last_hour(&world).await.is_empty());
    world.clock.advance(SignedDuration::from_hours(25));
    world.pull().await;
    calls::step(&world.context).await.unwrap();
    let kept: i64 =
        sqlx::query_scalar("SELECT count(*) FROM api_calls").fetch_one(&world.pool).await.unwrap();
    assert_eq!(kept, 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn answers_that_say_too_many_are_counted_apart(pool: PgPool) {
    let world = World::start(pool).await;
    world.simulator.fault(Fault::status(429).on(Matcher::new("GET", "/orders")).times(1));
    world.pull().await;
    calls::step(&world.context).await.unwrap();
    assert_eq!(of_last_hour(&world).await[0].limited, 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_cannot_be_noted_is_noted_with_the_next(pool: PgPool) {
    let world = World::start(pool).await;
    world.pull().await;
    let rename = |from: &str, to: &str| format!("ALTER TABLE {from} RENAME TO {to}");
    let run = async |sql: String| {
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&world.pool).await.unwrap();
    };
    run(rename("api_calls", "away")).await;
    calls::step(&world.context).await.unwrap_err();
    run(rename("away", "api_calls")).await;
    calls::step(&world.context).await.unwrap();
    assert_eq!(of_last_hour(&world).await[0].made, called(&world));
}
