//! The real program, killed with SIGKILL in the middle of a shipment.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use comptoir::domain::delivery::State;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::When;
use sqlx::ConnectOptions as _;
use sqlx::PgPool;
use tokio::process::Child;
use tokio::process::Command;
use uuid::Uuid;

use crate::support::World;

/// A `comptoir worker` on the test's database, killed when dropped.
fn worker(world: &World) -> Child {
    let database_url = world.pool.connect_options().to_url_lossy();
    Command::new(env!("CARGO_BIN_EXE_comptoir"))
        .args(["worker", "--sync-interval", "1h", "--connections", "4", "--log", "warn"])
        .arg("--accounts")
        .arg(accounts_file(world))
        .env("DATABASE_URL", database_url.as_str())
        .stdin(Stdio::null())
        .kill_on_drop(true)
        .spawn()
        .unwrap()
}

fn accounts_file(world: &World) -> PathBuf {
    let path = std::env::temp_dir().join(format!("comptoir-accounts-{}.toml", Uuid::now_v7()));
    let (base_url, token_url) = (world.simulator.base_url(), world.simulator.token_url());
    let text = format!(
        "[[account]]\nid = \"maison\"\nname = \"Maison\"\nseller_id = \"98979\"\n\
         client_id = \"maison-client\"\nclient_secret = \"maison-secret\"\n\
         base_url = \"{base_url}\"\ntoken_url = \"{token_url}\"\nrequests_per_second = 1000\n"
    );
    std::fs::write(&path, text).unwrap();
    path
}

/// A worker that takes over finds what a dead one held only when its lease has ended.
async fn lease_ends(world: &World) {
    let sql = "UPDATE promises SET lease_until = created_at WHERE lease_until IS NOT NULL";
    sqlx::query(sql).execute(&world.pool).await.unwrap();
}

async fn wait_until_final(world: &World, promise: Uuid) -> State {
    let decided = async {
        loop {
            let state = world.state(promise).await;
            if state.is_final() || state == State::NeedsPerson {
                return state;
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), decided).await.expect("decided within a minute")
}

async fn killed_at(pool: PgPool, call: fn(&str) -> Matcher, when: When, arrives: bool) {
    let world = World::real(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    let promise = world.promise_to_ship(&order, "6A21938475603").await;
    let hold = world.simulator.hold(call(&order), when);

    let mut first = worker(&world);
    hold.reached().await;
    first.kill().await.unwrap();
    if arrives {
        hold.release();
    } else {
        hold.cut();
    }
    lease_ends(&world).await;
    let second = worker(&world);
    // What surely never arrived is sent again only after the horizon, which is too long for a test: here
    // it is enough that nothing doubles and nothing is lost.
    if arrives {
        assert_eq!(wait_until_final(&world, promise).await, State::Confirmed);
        assert_eq!(world.shipments(&order), 1);
        // Confirmed is stored first, then the order is read once more.
        let shown = async { while world.status(&order).await != "Shipped" {} };
        tokio::time::timeout(Duration::from_secs(30), shown).await.expect("shown as shipped");
    } else {
        assert_eq!(world.shipments(&order), 0);
        assert!(!world.state(promise).await.is_final());
    }
    drop(second);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn killed_while_looking_at_the_order_it_is_shipped_once(pool: PgPool) {
    killed_at(pool, |order| Matcher::new("GET", order), When::Before, true).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn killed_while_the_call_is_under_way_the_shipment_that_still_arrives_is_found(pool: PgPool) {
    let call = |order: &str| Matcher::new("POST", "/shipments").order(order);
    killed_at(pool, call, When::Before, true).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn killed_before_the_answer_came_the_shipment_is_found(pool: PgPool) {
    let call = |order: &str| Matcher::new("POST", "/shipments").order(order);
    killed_at(pool, call, When::After, true).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn killed_with_a_call_that_never_arrives_nothing_is_lost(pool: PgPool) {
    let call = |order: &str| Matcher::new("POST", "/shipments").order(order);
    killed_at(pool, call, When::Before, false).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn killed_between_the_answer_and_its_storing_it_is_shipped_once(pool: PgPool) {
    let world = World::real(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    let promise = world.promise_to_ship(&order, "6A21938475603").await;
    let call = Matcher::new("POST", "/shipments").order(&order);
    let hold = world.simulator.hold(call, When::After);
    let mut first = worker(&world);
    hold.reached().await;
    // The order's lock keeps the worker from storing the answer that it is about to get.
    let mut lock = world.pool.begin().await.unwrap();
    sqlx::query("SELECT FROM orders FOR UPDATE").execute(&mut *lock).await.unwrap();
    hold.release();
    waiting_for_a_lock(&world).await;
    first.kill().await.unwrap();
    lock.rollback().await.unwrap();
    lease_ends(&world).await;
    let _second = worker(&world);

    assert_eq!(wait_until_final(&world, promise).await, State::Confirmed);
    assert_eq!(world.shipments(&order), 1);
}

/// Until somebody in this database waits for a lock.
async fn waiting_for_a_lock(world: &World) {
    let sql = "SELECT count(*) FROM pg_stat_activity
               WHERE datname = current_database() AND wait_event_type = 'Lock'";
    let waits = async {
        while sqlx::query_scalar::<_, i64>(sql).fetch_one(&world.pool).await.unwrap() == 0 {}
    };
    tokio::time::timeout(Duration::from_secs(30), waits).await.expect("the worker waits");
}
