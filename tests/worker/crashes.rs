//! The worker dies before or after each command of a promise, and inside the call itself; for every action.

use comptoir::domain::action::Action;
use comptoir::domain::delivery::State;
use comptoir::domain::sending::Command;
use comptoir::sync::deliver;
use octopia_simulator::Fault;
use octopia_simulator::Matcher;
use octopia_simulator::When;
use sqlx::PgPool;

use crate::actions;
use crate::actions::Case;
use crate::support::World;

/// Where the worker dies.
#[derive(Debug, Clone, Copy)]
enum Death {
    /// Before it carries out that command, counted from 0.
    Before(usize),
    /// After it carried out that command, without knowing what came of it.
    After(usize),
    /// While the marketplace has the call, and has not acted on it.
    InTheCall,
    /// While the marketplace has acted on the call, and not answered.
    InTheAnswer,
}

/// Look, mark, send, settle, look again: one more than there are, so that one worker lives.
const COMMANDS: usize = 6;

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_worker_that_dies_at_any_step_accepts_and_refuses_at_most_once(pool: PgPool) {
    at_most_once(pool, &[actions::accept(), actions::refuse()]).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_worker_that_dies_at_any_step_ships_at_most_once(pool: PgPool) {
    at_most_once(pool, &[actions::ship()]).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_worker_that_dies_at_any_step_ships_a_part_at_most_once(pool: PgPool) {
    at_most_once(pool, &[actions::ship_a_part()]).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_worker_that_dies_at_any_step_cancels_at_most_once(pool: PgPool) {
    at_most_once(pool, &[actions::cancel(), actions::cancel_lines()]).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_worker_that_dies_at_any_step_gives_money_at_most_once(pool: PgPool) {
    at_most_once(pool, &[actions::gesture()]).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_worker_that_dies_at_any_step_uploads_an_invoice_at_most_once(pool: PgPool) {
    at_most_once(pool, &[actions::invoice()]).await;
}

async fn at_most_once(pool: PgPool, cases: &[Case]) {
    let world = World::start(pool).await;
    let mut deaths = vec![Death::InTheCall, Death::InTheAnswer];
    deaths.extend((0..COMMANDS).map(Death::Before));
    deaths.extend((0..COMMANDS).map(Death::After));
    for case in cases {
        for answer_is_lost in [false, true] {
            for death in &deaths {
                dies(&world, case, *death, answer_is_lost).await;
            }
        }
    }
}

async fn dies(world: &World, case: &Case, death: Death, answer_is_lost: bool) {
    let (order, action) = case.prepare(world).await;
    let promise = case.promise(world, &order, &action).await;
    let post = Matcher::new("POST", case.path).order(&order);
    if answer_is_lost {
        world.simulator.fault(Fault::reset(When::After).on(post.clone()).times(1));
    }
    match death {
        Death::Before(at) => run_until(world, at, false).await,
        Death::After(at) => run_until(world, at, true).await,
        Death::InTheCall => killed_in(world, post, When::Before).await,
        Death::InTheAnswer => killed_in(world, post, When::After).await,
    }

    let state = world.send_until_decided(promise).await;

    let effects = world.effects(&order, case.effect);
    let calls = world.calls("POST", case.path).len();
    let case = format!("{action:?}, {death:?}, answer lost: {answer_is_lost}, {state:?}");
    assert!(effects <= 1, "{effects} effects: {case}");
    match state {
        State::Confirmed => assert_eq!(effects, 1, "{case}"),
        // This marketplace answers reads at once and truly: a person is asked only about what was marked,
        // never arrived, and must not be sent again by itself.
        State::NeedsPerson => {
            assert_eq!(effects, 0, "{case}");
            assert!(!is_guarded(&action), "{case}");
        }
        State::Queued | State::Sending | State::InDoubt | State::Refused | State::Withdrawn => {
            panic!("{case}");
        }
    }
    assert!(is_guarded(&action) || calls <= 1, "{calls} calls: {case}");
    world.simulator.clear_faults();
    world.simulator.clear_calls();
}

/// Whether the marketplace itself refuses a second one.
fn is_guarded(action: &Action) -> bool {
    match action {
        Action::Accept | Action::Refuse | Action::Cancel(_) | Action::CancelLines(_) => true,
        Action::Ship(ship) => ship.parcels[0].number.starts_with("WHOLE"),
        Action::Gesture(_) | Action::Invoice(_) => false,
    }
}

/// Carries out commands up to that one, and that one if `inclusive`, and dies.
async fn run_until(world: &World, at: usize, inclusive: bool) {
    let context = &world.context;
    let mut run = deliver::take(context).await.unwrap().expect("a promise is due");
    for _ in 0..at {
        let Some(report) = run.carry_out(context).await.unwrap() else { return };
        run.report(context, report);
    }
    if inclusive && *run.command() != Command::Rest {
        drop(run.carry_out(context).await.unwrap());
    }
}

/// Runs a step until the marketplace holds the call, and kills it there.
async fn killed_in(world: &World, call: Matcher, when: When) {
    let hold = world.simulator.hold(call, when);
    let context = world.context.clone();
    let step = tokio::spawn(async move { deliver::step(&context).await });
    hold.reached().await;
    step.abort();
    assert!(step.await.unwrap_err().is_cancelled());
    hold.cut();
}
