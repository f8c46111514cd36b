//! The shipped sender in worlds made of memory: `bin/simulate`.
//!
//! A world is a marketplace, a database, workers, and people, with one clock and one source of chance. The
//! workers run `src/domain/sending.rs` and all that it asks, as it is: these very files are compiled in.
//! `docs/RELIABILITY.md` tells what is simulated, and what was found.

// The rules' own tests run where they belong, in the package comptoir.
#![cfg(not(test))]

#[path = "../../../src"]
mod shipped {
    #[expect(dead_code, reason = "the sender needs only a part of the rules")]
    pub mod domain;
}
mod check;
mod clock;
mod database;
mod environments;
mod goods;
mod marketplace;
mod mirror;
mod people;
mod queue;
mod random;
mod shipping;
mod sold;
mod tally;
mod variants;
mod wire;
mod worker;
mod world;

use std::process::ExitCode;
use std::sync::atomic::AtomicU64;
use std::sync::atomic::Ordering;
use std::thread;

use clap::Parser;
use shipped::domain;

use crate::check::Fault;
use crate::check::Violation;
use crate::environments::Environment;
use crate::tally::Tally;
use crate::variants::Variant;
use crate::world::World;
use crate::world::say;

/// Runs the sender in many worlds, and looks for broken promises.
#[derive(Debug, Parser)]
struct Options {
    /// How many worlds.
    #[arg(long, default_value_t = 20_000)]
    seeds: u64,
    /// The first one.
    #[arg(long, default_value_t = 0)]
    from: u64,
    /// mild, standard or hostile; all three, if none is named.
    #[arg(long, value_parser = environment)]
    environment: Option<&'static Environment>,
    /// A sender broken on purpose; or `all` of them, each of which must be caught.
    #[arg(long)]
    variant: Option<String>,
    /// This world only.
    #[arg(long)]
    seed: Option<u64>,
    /// Tell all that happens in it.
    #[arg(long, requires = "seed")]
    log: bool,
}

fn environment(name: &str) -> Result<&'static Environment, String> {
    environments::named(name).ok_or_else(|| "mild, standard or hostile".to_owned())
}

/// A world with a fault.
struct Found {
    seed: u64,
    violation: Violation,
}

/// How many worlds a thread takes at once.
const BLOCK: u64 = 200;

fn main() -> ExitCode {
    let options = Options::parse();
    let environments = match options.environment {
        Some(one) => vec![one],
        None => environments::ALL.iter().collect(),
    };
    let (from, to) = match options.seed {
        Some(seed) => (seed, seed + 1),
        None => (options.from, options.from + options.seeds),
    };
    let all_well = match options.variant.as_deref() {
        Some("all") => tell(&Variant::BROKEN.map(|it| is_caught(it, from, to))),
        name => {
            let Some(variant) = Variant::named(name.unwrap_or("shipped")) else {
                say("there is no such variant");
                return ExitCode::FAILURE;
            };
            let survey = |it| survey(it, variant, from, to, options.log);
            tell(&environments.into_iter().map(survey).collect::<Vec<_>>())
        }
    };
    if all_well { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Sums up in the words of cargo, which bin/test counts. Says whether all went well.
fn tell(results: &[bool]) -> bool {
    let failed = results.iter().filter(|it| !**it).count();
    let verdict = if failed == 0 { "ok" } else { "FAILED" };
    let passed = results.len() - failed;
    say(&format!("test result: {verdict}. {passed} passed; {failed} failed;"));
    failed == 0
}

/// Runs one world.
fn world(seed: u64, environment: &Environment, variant: Variant, log: bool) -> (Tally, Vec<Found>) {
    let mut world = World::new(seed, environment, variant, log);
    world.run();
    let mut tally = world.tally.clone();
    tally.fingerprint = world.fingerprint;
    let mut found: Vec<Found> =
        world.violations.into_iter().map(|violation| Found { seed, violation }).collect();
    // Now and then a world is made twice.
    if seed.is_multiple_of(BLOCK) {
        let mut again = World::new(seed, environment, variant, false);
        again.run();
        if again.fingerprint != world.fingerprint {
            let (fault, why) = (Fault::OtherHistory, String::new());
            found.push(Found { seed, violation: Violation { fault, promise: 0, why } });
        }
    }
    for it in &found {
        tally.blame(it.violation.fault);
    }
    (tally, found)
}

/// Runs these worlds on all processors, and tells what came of them.
fn survey(environment: &Environment, variant: Variant, from: u64, to: u64, log: bool) -> bool {
    let next = AtomicU64::new(from);
    let work = || {
        let (mut sum, mut all) = (Tally::default(), Vec::new());
        loop {
            let first = next.fetch_add(BLOCK, Ordering::Relaxed);
            if first >= to {
                return (sum, all);
            }
            for seed in first..to.min(first + BLOCK) {
                let (tally, found) = world(seed, environment, variant, log);
                sum.add(&tally);
                all.extend(found);
            }
        }
    };
    let (mut sum, mut found) = (Tally::default(), Vec::new());
    for (tally, part) in on_all_processors(work) {
        sum.add(&tally);
        found.extend(part);
    }
    found.sort_by_key(|it: &Found| it.seed);
    say(&sum.print(environment.name));
    for Found { seed, violation: Violation { fault, promise, why } } in found.iter().take(10) {
        say(&format!("  seed {seed}: {fault:?}, promise {promise}: {why}"));
    }
    if let Some(first) = found.first() {
        let (seed, name, variant) = (first.seed, environment.name, variant.name());
        say(&format!(
            "  replay: bin/simulate --environment {name} --variant {variant} --seed {seed} --log"
        ));
    }
    found.is_empty()
}

/// Whether the broken sender is caught in any environment; tells where first.
fn is_caught(variant: Variant, from: u64, to: u64) -> bool {
    let mut caught = false;
    for environment in &environments::ALL {
        let next = AtomicU64::new(from);
        let best = AtomicU64::new(to);
        let work = || {
            loop {
                let seed = next.fetch_add(1, Ordering::Relaxed);
                if seed >= best.load(Ordering::Relaxed) {
                    return None;
                }
                let (_, mut found) = world(seed, environment, variant, false);
                if !found.is_empty() {
                    best.fetch_min(seed, Ordering::Relaxed);
                    return Some(found.swap_remove(0));
                }
            }
        };
        let found = on_all_processors(work).into_iter().flatten().min_by_key(|it| it.seed);
        let (name, environment) = (variant.name(), environment.name);
        let told = match &found {
            Some(Found { seed, violation }) => format!("seed {seed}: {:?}", violation.fault),
            None => "not caught".to_owned(),
        };
        say(&format!("{name:<18}{environment:<10}{told}"));
        caught |= found.is_some();
    }
    if !caught {
        say(&format!("{}: NOT CAUGHT within {} seeds", variant.name(), to - from));
    }
    caught
}

fn on_all_processors<T: Send>(work: impl Fn() -> T + Sync) -> Vec<T> {
    let processors = thread::available_parallelism().map_or(1, std::num::NonZero::get);
    thread::scope(|scope| {
        let threads: Vec<_> = (0..processors).map(|_| scope.spawn(&work)).collect();
        threads.into_iter().map(|it| it.join().expect("a world that does not panic")).collect()
    })
}
