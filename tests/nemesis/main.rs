//! Two real programs on one real PostgreSQL, with a network that fails between them and the marketplace, and
//! a nemesis that kills, stops and cuts whatever it meets (`reliability` 6.8). The marketplace's ledger and
//! our promises must agree afterwards.
//!
//! Two minutes of trouble by default; `NEMESIS_SECONDS` and `NEMESIS_SEED` choose otherwise.

#![expect(clippy::unwrap_used, reason = "a test that meets an error is to end there")]
#![expect(clippy::print_stdout, reason = "what became of the promises is worth telling")]

#[path = "../worker/actions.rs"]
#[expect(dead_code, reason = "shared with the tests of the worker, which use the rest")]
mod actions;
mod check;
mod programs;
mod proxy;
#[path = "../worker/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the worker, which use the rest")]
mod support;

use std::time::Duration;
use std::time::Instant;

use comptoir::db;
use uuid::Uuid;

use crate::actions::Case;
use crate::programs::Cluster;
use crate::programs::Worker;
use crate::proxy::Proxy;
use crate::proxy::Reach;
use crate::proxy::Weather;
use crate::support::World;

/// How many promises are made.
const PROMISES: usize = 96;
/// After the trouble, the longest way of a promise: the horizon, two reads, and the longest pause.
const PEACE: Duration = Duration::from_mins(8);

/// Chance that can be repeated.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        // A linear congruential generator is random enough to choose the next trouble.
        self.0 =
            self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % sides
    }
}

fn setting(name: &str, usual: u64) -> u64 {
    std::env::var(name).ok().and_then(|it| it.parse().ok()).unwrap_or(usual)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn whatever_dies_the_ledger_and_the_promises_agree() {
    let (seconds, seed) = (setting("NEMESIS_SECONDS", 120), setting("NEMESIS_SEED", 1));
    let cluster = Cluster::start();
    let pool = db::connect(&cluster.url, 8).await.unwrap();
    comptoir::MIGRATOR.run(&pool).await.unwrap();
    let world = World::real(pool).await;
    let proxy = Proxy::start(world.simulator.address()).await;
    let cases = actions::all();
    let orders = prepare(&world, &cases).await;
    let mut workers = [
        Worker::start(&cluster, &world, proxy.address),
        Worker::start(&cluster, &world, proxy.address),
    ];

    let operator = world.operator(comptoir::domain::operator::Role::Admin).await;
    let mut dice = Dice(seed);
    let (begun, length) = (Instant::now(), Duration::from_secs(seconds));
    let mut made: Vec<(Uuid, usize)> = Vec::new();
    while begun.elapsed() < length {
        // Spread over three quarters of the time; the rest is for those made last.
        let pause = length * 3 / 4 / u32::try_from(orders.len()).unwrap();
        while made.len() < orders.len()
            && begun.elapsed() >= pause * u32::try_from(made.len()).unwrap()
        {
            let (order, action, case) = &orders[made.len()];
            // A click that is not acknowledged is clicked again: the form's identifier makes it one.
            let promise = acknowledged(&world, &cases[*case], &operator, order, action).await;
            made.push((promise, made.len()));
        }
        trouble(&mut dice, &cluster, &proxy, &mut workers).await;
    }
    proxy.set(Weather::Fair, Reach::All);
    for worker in &mut workers {
        worker.resume();
        worker.restart(&cluster, &world, proxy.address);
    }
    check::settles(&world, PEACE).await;
    check::agrees(&world, &cases, &orders, &made).await;
}

/// Orders that allow each action, in the mirror.
async fn prepare(
    world: &World,
    cases: &[Case],
) -> Vec<(String, comptoir::domain::action::Action, usize)> {
    let case_of = |index| index % cases.len();
    let ids: Vec<String> = (0..PROMISES).map(|it| cases[case_of(it)].add(world)).collect();
    world.pull().await;
    let mut orders = Vec::new();
    for (index, order) in ids.into_iter().enumerate() {
        let action = cases[case_of(index)].action_on(world, &order).await;
        orders.push((order, action, case_of(index)));
    }
    orders
}

async fn acknowledged(
    world: &World,
    case: &Case,
    operator: &comptoir::domain::operator::Operator,
    order: &str,
    action: &comptoir::domain::action::Action,
) -> Uuid {
    let submission = Uuid::now_v7();
    loop {
        match case.submit(world, operator, submission, order, action).await {
            Ok(promise) => return promise,
            Err(comptoir::workflow::PerformError::Db(_)) => {
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
            Err(other) => panic!("{order}: {other}"),
        }
    }
}

/// One piece of trouble, for a moment.
async fn trouble(dice: &mut Dice, cluster: &Cluster, proxy: &Proxy, workers: &mut [Worker; 2]) {
    let chosen = usize::try_from(dice.roll(2)).unwrap();
    let moment = Duration::from_millis(200 + dice.roll(1800));
    let reach = if dice.roll(3) == 0 { Reach::All } else { Reach::Writes };
    match dice.roll(14) {
        0 | 1 => proxy.set(Weather::Slow(Duration::from_millis(dice.roll(900))), reach),
        2..=4 => {
            let most = usize::try_from(dice.roll(120)).unwrap();
            proxy.set(Weather::CutAnswers(most), reach);
        }
        5 => proxy.set(Weather::Reset, reach),
        6 => proxy.set(Weather::BlackHole, reach),
        7 => proxy.set(Weather::Fair, Reach::All),
        8 | 9 => workers[chosen].kill_and_restart(),
        10 => {
            workers[chosen].stop();
            tokio::time::sleep(moment * 4).await;
            workers[chosen].resume();
        }
        11 => cluster.terminate_backends(),
        12 if dice.roll(3) == 0 => cluster.crash(),
        _ => {
            proxy.set(Weather::Fair, Reach::All);
            tokio::time::sleep(moment).await;
        }
    }
    tokio::time::sleep(moment).await;
}
