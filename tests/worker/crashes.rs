//! The worker dies between any two steps of a shipment, and inside the call itself.

use comptoir::domain::delivery::State;
use comptoir::sync::deliver;
use comptoir::workflow;
use octopia_simulator::Fault;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::When;
use sqlx::PgPool;

use crate::support::World;

/// Where the worker dies.
#[derive(Debug, Clone, Copy)]
enum Death {
    BeforeTaking,
    AfterTaking,
    WhileLookingAtTheOrder,
    AfterMarking,
    WhileSendingBeforeTheEffect,
    WhileSendingAfterTheEffect,
    AfterTheAnswer,
    AfterSettling,
}

const DEATHS: [Death; 8] = [
    Death::BeforeTaking,
    Death::AfterTaking,
    Death::WhileLookingAtTheOrder,
    Death::AfterMarking,
    Death::WhileSendingBeforeTheEffect,
    Death::WhileSendingAfterTheEffect,
    Death::AfterTheAnswer,
    Death::AfterSettling,
];

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_worker_that_dies_at_any_step_ships_at_most_once(pool: PgPool) {
    let world = World::start(pool).await;
    for answer_is_lost in [false, true] {
        for death in DEATHS {
            let order = world.simulator.add(OrderDraft::new("maison"));
            world.pull().await;
            let number = format!("6A{order}");
            let promise = world.promise_to_ship(&order, &number).await;
            let post = Matcher::new("POST", "/shipments").order(&order);
            if answer_is_lost {
                world.simulator.fault(Fault::reset(When::After).on(post).times(1));
            }
            die(&world, &order, death).await;

            let state = world.send_until_decided(promise).await;

            let shipments = world.shipments(&order);
            let case = format!("{death:?}, answer lost: {answer_is_lost}, {state:?}");
            assert!(shipments <= 1, "{case}");
            match state {
                State::Confirmed => assert_eq!(shipments, 1, "{case}"),
                State::Refused => assert_eq!(shipments, 0, "{case}"),
                State::NeedsPerson => {}
                State::Queued | State::Sending | State::InDoubt | State::Withdrawn => {
                    panic!("{case}");
                }
            }
            // This marketplace answers reads at once and truly: nobody needs to be asked.
            assert_eq!(state, State::Confirmed, "{case}");
            assert_eq!(world.status(&order).await, "Shipped", "{case}");
            world.simulator.clear_faults();
        }
    }
}

async fn die(world: &World, order: &str, death: Death) {
    let context = &world.context;
    let take = || async {
        let now = world.clock.now();
        let taken = workflow::promise::take(&world.pool, &world.account, now).await;
        taken.unwrap().expect("a promise is due")
    };
    match death {
        Death::BeforeTaking => {}
        Death::AfterTaking => drop(take().await),
        Death::WhileLookingAtTheOrder => {
            killed_in(world, Matcher::new("GET", order), When::Before).await;
        }
        Death::AfterMarking => {
            drop(deliver::prepare(context, &take().await).await.unwrap().expect("marked"));
        }
        Death::WhileSendingBeforeTheEffect => {
            killed_in(world, Matcher::new("POST", "/shipments").order(order), When::Before).await;
        }
        Death::WhileSendingAfterTheEffect => {
            killed_in(world, Matcher::new("POST", "/shipments").order(order), When::After).await;
        }
        Death::AfterTheAnswer => {
            let marked = deliver::prepare(context, &take().await).await.unwrap().expect("marked");
            drop(deliver::send(context, &marked).await);
        }
        Death::AfterSettling => {
            let marked = deliver::prepare(context, &take().await).await.unwrap().expect("marked");
            let sent = deliver::send(context, &marked).await;
            deliver::settle(context, &marked, sent).await.unwrap();
        }
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
