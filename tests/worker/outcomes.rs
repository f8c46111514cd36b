//! What the marketplace answers, and what becomes of the promise.

use comptoir::db;
use comptoir::db::accounts::Account;
use comptoir::domain::action::Action;
use comptoir::domain::delivery::Refusal;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Operator;
use comptoir::domain::operator::Role;
use comptoir::domain::operator::change::Change;
use comptoir::domain::order::AccountId;
use comptoir::domain::trouble::Trouble;
use comptoir::workflow;
use comptoir::workflow::SettleError;
use comptoir::workflow::users;
use jiff::SignedDuration;
use octopia_simulator::Fault;
use octopia_simulator::FaultKind;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::When;
use serde_json::json;
use sqlx::PgPool;

use crate::support::World;

fn shipments() -> Matcher {
    Matcher::new("POST", "/shipments")
}

/// An order in the mirror, ready to ship.
async fn ready(world: &World) -> String {
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    order
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_shipment_is_one_call_with_the_documented_body_and_shows_at_once(pool: PgPool) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    let promise = world.promise_to_ship(&order, "6A21938475603").await;

    world.send().await;

    assert_eq!(world.state(promise).await, State::Confirmed);
    assert_eq!(world.status(&order).await, "Shipped");
    let calls = world.calls("POST", "/shipments");
    let line = &world.mirrored(&order).await.order.lines[0].id;
    let body = json!([{
        "parcelNumber": "6A21938475603", "carrierName": "Colissimo", "orderLineIds": [line]
    }]);
    assert_eq!(calls.iter().map(|it| &it.body).collect::<Vec<_>>(), [&body]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_accepted_or_refused_as_promised(pool: PgPool) {
    let world = World::start(pool).await;
    for (action, status) in [(Action::Accept, "Accepted"), (Action::Refuse, "Refused")] {
        let order = world.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
        world.pull().await;
        let promise = world.promise(&order, action).await.unwrap();

        world.send().await;

        assert_eq!(world.state(promise).await, State::Confirmed);
        assert_eq!(world.status(&order).await, status);
        assert_eq!(world.effects(&order, "approval"), 1);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_refusal_keeps_the_marketplaces_own_words(pool: PgPool) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    let kind = FaultKind::Status {
        status: 422,
        body: octopia_simulator::FaultBody::Problem,
        when: When::Before,
    };
    world.simulator.fault(Fault::new(kind).on(shipments()).times(1));
    let promise = world.promise_to_ship(&order, "6A1").await;

    world.send().await;

    let progress = world.found(promise).await.progress;
    assert_eq!(progress.state, State::Refused);
    let Some(Refusal::Marketplace { words }) = progress.refusal else { panic!("no words") };
    assert!(!words.is_empty());
    assert_eq!(world.calls("POST", "/shipments").len(), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_conflict_is_a_refusal_once_a_look_shows_that_nothing_happened(pool: PgPool) {
    let world = World::start(pool).await;
    let taken = ready(&world).await;
    world.simulator.ship_in_portal(&taken, "Colissimo", "6A-TAKEN").unwrap();
    let order = ready(&world).await;
    let promise = world.promise_to_ship(&order, "6A-TAKEN").await;

    world.send().await;

    assert_eq!(world.state(promise).await, State::Refused);
    assert_eq!(world.calls("POST", "/shipments").len(), 1);
    assert_eq!(world.shipments(&order), 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_surely_was_not_sent_waits_as_long_as_asked_and_is_sent_then(pool: PgPool) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    let kind = FaultKind::TooMany { retry_after: Some("90".to_owned()) };
    world.simulator.fault(Fault::new(kind).on(shipments()).times(1));
    let promise = world.promise_to_ship(&order, "6A1").await;

    world.send().await;
    let waiting = world.found(promise).await;
    assert_eq!(waiting.progress.state, State::Queued);
    assert_eq!(waiting.trouble, Some(Trouble::RateLimited));
    world.clock.advance(SignedDuration::from_secs(89));
    world.send().await;
    assert_eq!(world.calls("POST", "/shipments").len(), 1);
    world.clock.advance(SignedDuration::from_secs(1));
    world.send().await;

    assert_eq!(world.state(promise).await, State::Confirmed);
    assert_eq!(world.shipments(&order), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn refused_credentials_keep_the_promise_queued(pool: PgPool) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    let promise = world.promise_to_ship(&order, "6A1").await;
    world.simulator.set_secret("maison", "another");
    world.simulator.revoke_tokens();

    world.send().await;

    let waiting = world.found(promise).await;
    assert_eq!(waiting.progress.state, State::Queued);
    assert_eq!(waiting.trouble, Some(Trouble::CredentialsRefused));
    assert_eq!(world.shipments(&order), 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_cancelled_meanwhile_is_not_shipped(pool: PgPool) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    let promise = world.promise_to_ship(&order, "6A1").await;
    world.simulator.cancel_in_portal(&order).unwrap();

    world.send().await;

    let progress = world.found(promise).await.progress;
    assert_eq!(progress.state, State::Refused);
    let status = "Cancelled".to_owned();
    assert_eq!(progress.refusal, Some(Refusal::NoLongerPossible { status }));
    assert!(world.calls("POST", "/shipments").is_empty());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_parcel_that_a_colleague_declared_in_the_portal_is_not_declared_again(pool: PgPool) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    let promise = world.promise_to_ship(&order, "6A1").await;
    world.simulator.ship_in_portal(&order, "Colissimo", "6A1").unwrap();

    world.send().await;

    let progress = world.found(promise).await.progress;
    assert_eq!(progress.refusal, Some(Refusal::AlreadyDone));
    assert!(world.calls("POST", "/shipments").is_empty());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_attempt_that_never_arrived_is_sent_again_only_after_two_reads(pool: PgPool) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    world.simulator.fault(Fault::reset(When::Before).on(shipments()).times(1));
    let promise = world.promise_to_ship(&order, "6A1").await;

    world.send().await;
    assert_eq!(world.state(promise).await, State::InDoubt);
    world.clock.advance(SignedDuration::from_secs(120));
    world.send().await;
    assert_eq!(world.calls("POST", "/shipments").len(), 1, "before the horizon");
    assert_eq!(world.send_until_decided(promise).await, State::Confirmed);

    assert_eq!(world.calls("POST", "/shipments").len(), 2);
    assert_eq!(world.shipments(&order), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_call_that_arrives_after_it_was_sent_again_ships_nothing_more(pool: PgPool) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    let hold = world.simulator.hold(shipments(), When::Before);
    let promise = world.promise_to_ship(&order, "6A1").await;
    let context = world.context.clone();
    let step = tokio::spawn(async move { comptoir::sync::deliver::step(&context).await });
    hold.reached().await;
    step.abort();
    assert!(step.await.is_err());

    assert_eq!(world.send_until_decided(promise).await, State::Confirmed);
    hold.release();

    assert_eq!(world.calls("POST", "/shipments").len(), 2);
    assert_eq!(world.shipments(&order), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_marketplace_that_never_answers_ends_with_a_person_who_can_decide(pool: PgPool) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    world.simulator.fault(Fault::status(502).on(shipments()));
    let promise = world.promise_to_ship(&order, "6A1").await;

    assert_eq!(world.send_until_decided(promise).await, State::NeedsPerson);
    assert_eq!(world.calls("POST", "/shipments").len(), 3);

    let (account, now) = (&world.account, world.clock.now());
    let begin = async || world.pool.begin().await.unwrap();
    let service = world.operator(Role::CustomerService).await;
    let refused =
        workflow::promise::decide(begin().await, account, promise, &service, false, now).await;
    assert!(matches!(refused, Err(SettleError::Blocked(_))));
    let warehouse = world.operator(Role::Warehouse).await;
    workflow::promise::decide(begin().await, account, promise, &warehouse, false, now)
        .await
        .unwrap();
    assert_eq!(world.state(promise).await, State::Refused);
    world.simulator.clear_faults();
    let again = world.promise_to_ship(&order, "6A1").await;
    world.send().await;
    assert_eq!(world.state(again).await, State::Confirmed);
    assert_eq!(world.shipments(&order), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_effect_that_shows_late_settles_what_was_given_to_a_person(pool: PgPool) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    world.simulator.fault(Fault::status(502).on(shipments()));
    let promise = world.promise_to_ship(&order, "6A1").await;
    assert_eq!(world.send_until_decided(promise).await, State::NeedsPerson);
    world.simulator.ship_in_portal(&order, "Colissimo", "6A1").unwrap();

    world.pull().await;

    assert_eq!(world.state(promise).await, State::Confirmed);
}

/// What becomes of a promise whose user an admin changes in that way before it is sent.
async fn refused_after(pool: PgPool, change: Change, accounts: &[&str]) {
    let world = World::start(pool).await;
    let order = ready(&world).await;
    let promise = world.promise_to_ship(&order, "6A1").await;
    let user = world.found(promise).await.user_id;
    let mut conn = world.pool.acquire().await.unwrap();
    let (email, role) = ("boss@comptoir.test", Role::Admin);
    let now = world.context.clock.now();
    let boss = db::users::upsert(&mut *conn, email, "Boss", role, "x", now).await.unwrap();
    let other = Account {
        id: AccountId("other".to_owned()),
        name: "Other".to_owned(),
        seller_id: "1".to_owned(),
        time_zone: "Europe/Paris".to_owned(),
    };
    db::accounts::upsert(&mut conn, &other, 9).await.unwrap();
    drop(conn);
    let boss = Operator { id: boss, name: "Boss".to_owned(), role };
    let accounts: Vec<_> = accounts.iter().map(|it| (*it).to_owned()).collect();
    users::change(&world.pool, &boss, user, change, &accounts, now).await.unwrap();

    world.send().await;

    let progress = world.found(promise).await.progress;
    assert_eq!(progress.state, State::Refused);
    assert_eq!(progress.refusal, Some(Refusal::NotAllowed));
    assert!(world.calls("POST", "/shipments").is_empty());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nothing_leaves_for_somebody_who_has_lost_the_right_meanwhile(pool: PgPool) {
    refused_after(pool, Change::Rights { role: Role::Viewer, limited: false }, &[]).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nothing_leaves_for_somebody_who_was_deactivated_meanwhile(pool: PgPool) {
    refused_after(pool, Change::Deactivate, &[]).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nothing_leaves_for_somebody_who_was_limited_to_another_account_meanwhile(pool: PgPool) {
    let change = Change::Rights { role: Role::Warehouse, limited: true };
    refused_after(pool, change, &["other"]).await;
}
