//! What the marketplace decides later: followed to its end, whoever asked for it.

use comptoir::db;
use comptoir::domain::action::Action;
use comptoir::domain::delivery::Refusal;
use comptoir::domain::delivery::State;
use comptoir::domain::event::Event;
use comptoir::domain::operator::Role;
use comptoir::domain::request::Asker;
use comptoir::domain::request::Request;
use comptoir::domain::request::RequestKind;
use comptoir::domain::request::Requests;
use comptoir::domain::request::Standing;
use comptoir::sync::follow;
use comptoir::workflow;
use jiff::SignedDuration;
use octopia_simulator::Fault;
use octopia_simulator::FaultKind;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Review;
use octopia_simulator::When;
use sqlx::PgPool;
use uuid::Uuid;

use crate::actions;
use crate::actions::Case;
use crate::support::World;

/// Promises it and sends it.
async fn sent(world: &World, case: &Case) -> (String, Action, Uuid) {
    let (order, action) = case.prepare(world).await;
    let promise = case.promise(world, &order, &action).await;
    world.send().await;
    (order, action, promise)
}

async fn requests(world: &World, order: &str) -> Requests {
    world.mirrored(order).await.requests
}

/// Lets the marketplace decide, and reads what it decided.
async fn decided(world: &World) {
    world.simulator.advance(SignedDuration::from_mins(20));
    world.pull().await;
    followed(world).await;
}

/// Reads all that is watched and due.
async fn followed(world: &World) {
    world.clock.advance(SignedDuration::from_mins(1));
    while follow::step(&world.context).await.unwrap() == follow::Step::Done {}
}

async fn events(world: &World, order: &str) -> Vec<Event> {
    let mut conn = world.pool.acquire().await.unwrap();
    let entries = db::events::list(&mut conn, &world.account, order).await.unwrap();
    entries.into_iter().map(|it| it.event).collect()
}

async fn shown_on_the_list(world: &World, order: &str) -> String {
    let sql = "SELECT promise_state FROM orders WHERE account_id = $1 AND order_id = $2";
    let query = sqlx::query_scalar(sql).bind(&world.account.0).bind(order);
    query.fetch_one(&world.pool).await.unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_was_taken_shows_as_open_at_once_and_as_done_when_it_is(pool: PgPool) {
    let world = World::start(pool).await;
    for case in [actions::cancel(), actions::cancel_lines(), actions::gesture(), actions::invoice()]
    {
        let (order, action, promise) = sent(&world, &case).await;
        let kind = action.kind().request().unwrap();
        let reference = world.found(promise).await.progress.reference.expect("a reference");
        let standing = async || {
            let requests = requests(&world, &order).await;
            requests.find(kind, &reference).expect("mirrored").standing().clone()
        };
        assert_eq!(world.state(promise).await, State::Confirmed);
        assert_eq!(standing().await, Standing::InProgress);

        decided(&world).await;

        assert_eq!(standing().await, Standing::Done, "{action:?}");
        let decided = |it: &Event| matches!(it, Event::RequestDecided { .. });
        assert!(events(&world, &order).await.iter().any(decided), "{action:?}");
    }
    assert_eq!(world.calls("POST", "-requests").len(), 3);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_turned_down_later_shows_the_marketplaces_words(pool: PgPool) {
    let world = World::start(pool).await;
    for (case, review) in [
        (actions::cancel(), Review::Cancellation),
        (actions::cancel_lines(), Review::Cancellation),
        (actions::gesture(), Review::Gesture),
        (actions::invoice(), Review::Invoice),
    ] {
        world.simulator.reject_next(review, "The customer was already refunded.");
        let (order, action, promise) = sent(&world, &case).await;

        decided(&world).await;

        let kind = action.kind().request().unwrap();
        let reference = world.found(promise).await.progress.reference.expect("a reference");
        let requests = requests(&world, &order).await;
        let request = requests.find(kind, &reference).unwrap();
        assert_eq!(*request.standing(), Standing::Rejected, "{action:?}");
        assert!(request.words().join(" ").contains("already refunded"), "{request:?}");
        assert_eq!(shown_on_the_list(&world, &order).await, "refused");
        assert_eq!(world.state(promise).await, State::Confirmed, "it was taken: that stays true");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_bytes_of_an_invoice_are_kept_until_it_is_confirmed(pool: PgPool) {
    let world = World::start(pool).await;
    let (_, _, promise) = sent(&world, &actions::invoice()).await;
    let bytes = async || db::promises::file(&world.pool, &world.account, promise).await.unwrap();
    assert_eq!(bytes().await.as_deref(), Some(actions::PDF));

    decided(&world).await;

    assert_eq!(bytes().await, None);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_bytes_of_an_invoice_that_is_not_sent_are_forgotten(pool: PgPool) {
    let world = World::start(pool).await;
    let case = actions::invoice();
    let operator = world.operator(Role::Admin).await;
    let bytes = async |id| db::promises::file(&world.pool, &world.account, id).await.unwrap();
    let (order, action) = case.prepare(&world).await;
    let withdrawn = case.promise(&world, &order, &action).await;
    assert!(bytes(withdrawn).await.is_some());
    let now = world.clock.now();
    let tx = world.pool.begin().await.unwrap();
    let account = &world.account;
    workflow::promise::withdraw(tx, account, withdrawn, &operator, now).await.unwrap();
    assert_eq!(bytes(withdrawn).await, None);

    let refused = case.promise(&world, &order, &action).await;
    let post = Matcher::new("POST", case.path).order(&order);
    let status = FaultKind::Status {
        status: 422,
        body: octopia_simulator::FaultBody::Problem,
        when: When::Before,
    };
    world.simulator.fault(Fault::new(status).on(post).times(1));
    world.send().await;
    assert_eq!(world.state(refused).await, State::Refused);
    assert_eq!(bytes(refused).await, None);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn gestures_given_in_the_portal_are_mirrored(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison").status("Shipped"));
    world.pull().await;
    let details = Some("A word from the portal");
    world.simulator.give_in_portal(&order, "ShippingFees", 350, details).unwrap();

    world.pull().await;

    let requests = requests(&world, &order).await;
    let gesture = requests.gestures().next().expect("mirrored");
    assert_eq!(gesture.amount.unwrap().to_string(), "3.5");
    assert_eq!(gesture.details.as_deref(), details);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn cancellations_that_others_ask_for_are_mirrored_with_who_asked(pool: PgPool) {
    let world = World::start(pool).await;
    let [customer, operator] =
        [(); 2].map(|()| world.simulator.add(OrderDraft::new("maison").lines(2)));
    world.pull().await;
    world.simulator.customer_asks_cancellation(&customer).unwrap();
    world.simulator.operator_asks_cancellation(&operator).unwrap();

    world.pull().await;
    followed(&world).await;

    let asked_by = async |order: &str| {
        let requests = requests(&world, order).await;
        requests.cancellations().next().expect("mirrored").asked_by.clone()
    };
    assert_eq!(asked_by(&customer).await, Some(Asker::Customer));
    assert_eq!(asked_by(&operator).await, Some(Asker::Other("GrcOperator".to_owned())));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_gesture_that_looks_the_same_in_the_portal_is_not_taken_for_ours(pool: PgPool) {
    let world = World::start(pool).await;
    let case = actions::gesture();
    let (order, action) = case.prepare(&world).await;
    let post = Matcher::new("POST", case.path).order(&order);
    world.simulator.fault(Fault::reset(When::Before).on(post).times(1));
    let promise = case.promise(&world, &order, &action).await;
    world.send().await;
    assert_eq!(world.state(promise).await, State::InDoubt);
    let Action::Gesture(gesture) = &action else { panic!("{action:?}") };
    let details = gesture.details.as_deref();
    world.simulator.give_in_portal(&order, &gesture.reason, 109, details).unwrap();

    let state = world.send_until_decided(promise).await;

    assert_eq!(state, State::NeedsPerson);
    assert_eq!(world.calls("POST", case.path).len(), 1, "a gesture is never sent again by itself");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_a_colleague_did_in_the_portal_meanwhile_is_not_done_again_and_is_said(pool: PgPool) {
    let world = World::start(pool).await;
    let given = actions::gesture();
    let (order, action) = given.prepare(&world).await;
    let promise = given.promise(&world, &order, &action).await;
    world.simulator.give_in_portal(&order, "MissingProduct", 109, None).unwrap();
    world.send().await;
    let refusal = world.found(promise).await.progress.refusal;
    assert_eq!(refusal, Some(Refusal::AlreadyDone));

    let cancelled = actions::cancel_lines();
    let (order, action) = cancelled.prepare(&world).await;
    let promise = cancelled.promise(&world, &order, &action).await;
    let line = world.mirrored(&order).await.order.lines[0].id.clone();
    world.simulator.cancel_lines_in_portal(&order, &[&line]).unwrap();
    world.send().await;
    let refusal = world.found(promise).await.progress.refusal;
    assert_eq!(refusal, Some(Refusal::NoLongerFits));

    assert_eq!(world.calls("POST", "-requests").len(), 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn where_details_are_not_repeated_a_person_is_asked(pool: PgPool) {
    let mut config = octopia_simulator::Config::default();
    config.readings.gesture_details_not_echoed = true;
    let world = World::with(pool, config).await;
    let case = actions::gesture();
    let (order, action) = case.prepare(&world).await;
    let post = Matcher::new("POST", case.path).order(&order);
    world.simulator.fault(Fault::reset(When::After).on(post).times(1));
    let promise = case.promise(&world, &order, &action).await;

    let state = world.send_until_decided(promise).await;

    assert_eq!(state, State::NeedsPerson);
    assert_eq!(world.effects(&order, case.effect), 1);
    assert_eq!(world.calls("POST", case.path).len(), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_answer_that_breaks_off_is_a_yes_and_its_record_is_found_later(pool: PgPool) {
    let world = World::start(pool).await;
    for case in [actions::cancel(), actions::gesture(), actions::invoice()] {
        let (order, action) = case.prepare(&world).await;
        let post = Matcher::new("POST", case.path).order(&order);
        let spoilt = Fault::new(FaultKind::Truncated).on(post).times(1);
        world.simulator.fault(spoilt);
        let promise = case.promise(&world, &order, &action).await;
        world.send().await;
        assert_eq!(world.state(promise).await, State::Confirmed, "{action:?}");

        followed(&world).await;

        let reference = world.found(promise).await.progress.reference;
        assert!(reference.is_some(), "{action:?}");
        assert_eq!(world.effects(&order, case.effect), 1);
        world.simulator.clear_faults();
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn answers_that_lag_behind_do_not_lead_to_a_second_gesture(pool: PgPool) {
    let world = World::start(pool).await;
    let case = actions::gesture();
    let (order, action) = case.prepare(&world).await;
    world.simulator.set_read_lag(SignedDuration::from_secs(90));
    let post = Matcher::new("POST", case.path).order(&order);
    world.simulator.fault(Fault::reset(When::After).on(post).times(1));
    let promise = case.promise(&world, &order, &action).await;
    world.send().await;
    assert_eq!(world.state(promise).await, State::InDoubt);

    world.simulator.advance(SignedDuration::from_secs(95));
    let state = world.send_until_decided(promise).await;

    assert_eq!(state, State::Confirmed);
    assert_eq!(world.effects(&order, case.effect), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_channel_that_forbids_gestures_is_known_before_anybody_asks(pool: PgPool) {
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison").channel("RAKFR").status("Shipped"));
    world.pull().await;
    world.pull().await;
    assert_eq!(world.mirrored(&order).await.channel.rules.gestures, Some(false));
    assert!(requests(&world, &order).await.find(RequestKind::Gesture, "none").is_none());
    let none: Vec<Request> = requests(&world, &order).await.all;
    assert_eq!(none, []);
}
