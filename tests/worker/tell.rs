//! What people are told without asking.

use comptoir::db;
use comptoir::db::notifications::Choice;
use comptoir::domain::delivery::State;
use comptoir::domain::notification::Digest;
use comptoir::domain::notification::Fact;
use comptoir::domain::operator::Role;
use comptoir::sync::tell;
use comptoir::workflow::notifications::Outlets;
use jiff::SignedDuration;
use octopia_simulator::Config;
use octopia_simulator::Fault;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use sqlx::PgPool;

use crate::support::World;

/// One of each role.
async fn staff(world: &World) {
    for role in Role::ALL {
        world.operator(role).await;
    }
}

/// Who was told what, oldest first.
async fn told(world: &World) -> Vec<(String, Fact)> {
    let rows: Vec<(String, serde_json::Value)> = sqlx::query_as(
        "SELECT u.role, n.fact FROM notifications AS n JOIN users AS u USING (user_id)
         ORDER BY n.notification_id",
    )
    .fetch_all(&world.pool)
    .await
    .unwrap();
    let fact = |(role, fact)| (role, serde_json::from_value(fact).unwrap());
    rows.into_iter().map(fact).collect()
}

async fn look(world: &World) {
    for context in [&world.context, &world.another_worker(), &world.context] {
        tell::step(context).await.unwrap();
    }
}

async fn roles_told(world: &World) -> Vec<String> {
    told(world).await.into_iter().map(|(role, _)| role).collect()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_refused_action_is_told_once_to_who_asked_and_to_managers(pool: PgPool) {
    let world = World::start(pool).await;
    staff(&world).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    let promise = world.promise_to_ship(&order, "6A21938475603").await;
    world.simulator.fault(Fault::status(422).on(Matcher::new("POST", "/shipments")));
    assert_eq!(world.send_until_decided(promise).await, State::Refused);
    look(&world).await;
    let told = told(&world).await;
    let ended = |fact: &Fact| {
        let Fact::Refused(ended) = fact else { panic!("{fact:?}") };
        ended.clone()
    };
    assert_eq!(roles_told(&world).await, ["warehouse", "manager"]);
    let one = ended(&told[0].1).one.unwrap();
    assert_eq!((one.promise, one.order_id), (promise, order));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn many_refusals_at_once_are_one_sentence(pool: PgPool) {
    let world = World::start(pool).await;
    staff(&world).await;
    let orders = [(); 5].map(|()| world.simulator.add(OrderDraft::new("maison")));
    world.pull().await;
    world.simulator.fault(Fault::status(422).on(Matcher::new("POST", "/shipments")));
    for (number, order) in orders.iter().enumerate() {
        let promise = world.promise_to_ship(order, &format!("6A2193847560{number}")).await;
        world.send_until_decided(promise).await;
    }
    look(&world).await;
    let told = told(&world).await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert!(matches!(&told[1].1, Fact::Refused(all) if all.actions == 5 && all.one.is_none()));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_ended_yesterday_is_history(pool: PgPool) {
    let world = World::start(pool).await;
    staff(&world).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    let promise = world.promise_to_ship(&order, "6A21938475603").await;
    world.simulator.fault(Fault::status(422).on(Matcher::new("POST", "/shipments")));
    world.send_until_decided(promise).await;
    world.clock.advance(SignedDuration::from_hours(25));
    look(&world).await;
    assert!(told(&world).await.iter().all(|(_, it)| !matches!(it, Fact::Refused(_))));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn near_deadlines_are_counted_per_account_and_told_to_those_who_ship(pool: PgPool) {
    let world = World::start(pool).await;
    staff(&world).await;
    let by = |minutes| world.clock.now() + SignedDuration::from_mins(minutes);
    for minutes in [70, 90, 110, 180, 400] {
        world.simulator.add(OrderDraft::new("maison").ship_by(by(minutes)));
    }
    let first = by(70);
    world.pull().await;
    look(&world).await;
    let facts = told(&world).await;
    assert_eq!(roles_told(&world).await, ["warehouse", "manager", "admin"]);
    let Fact::DueSoon { orders, first_by } = &facts[0].1 else { panic!("{facts:?}") };
    assert_eq!((*orders, first_by.as_second()), (3, first.as_second()));
    // The same deadlines are no news, and a new one is not told within the half hour.
    world.simulator.add(OrderDraft::new("maison").ship_by(by(119)));
    world.pull().await;
    look(&world).await;
    assert_eq!(told(&world).await.len(), 3);
    world.clock.advance(SignedDuration::from_mins(31));
    look(&world).await;
    assert_eq!(told(&world).await.len(), 6);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn refused_credentials_are_told_to_admins_once_until_they_work_again(pool: PgPool) {
    let world = World::start(pool).await;
    staff(&world).await;
    for episode in 1..=2 {
        world.simulator.set_secret("maison", "another");
        // A token at hand would still serve.
        world.simulator.revoke_tokens();
        world.pull().await;
        world.pull().await;
        look(&world).await;
        assert_eq!(roles_told(&world).await, vec!["admin"; episode]);
        world.simulator.set_secret("maison", "maison-secret");
        world.pull().await;
        look(&world).await;
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_does_not_work_for_the_account_hears_nothing_of_it(pool: PgPool) {
    let world = World::with(pool, Config::default()).await;
    staff(&world).await;
    sqlx::raw_sql(
        "INSERT INTO accounts (account_id, name, seller_id, time_zone, position)
         VALUES ('quai', 'Quai', '1', 'Europe/Paris', 9);
         INSERT INTO user_accounts (user_id, account_id)
         SELECT user_id, 'quai' FROM users WHERE role <> 'manager';
         UPDATE users SET active = FALSE WHERE role = 'admin'",
    )
    .execute(&world.pool)
    .await
    .unwrap();
    let by = world.clock.now() + SignedDuration::from_mins(70);
    world.simulator.add(OrderDraft::new("maison").ship_by(by));
    world.pull().await;
    look(&world).await;
    assert_eq!(roles_told(&world).await, ["manager"]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_digest_comes_once_a_day_at_the_hour_that_was_chosen(pool: PgPool) {
    let world = World::start(pool).await;
    staff(&world).await;
    let now = "2026-11-19T06:30:00Z".parse().unwrap();
    world.clock.advance(world.clock.now().duration_until(now));
    sqlx::query(
        "INSERT INTO orders (account_id, order_id, channel_id, channel_name, business, status, supply_mode,
           created_at, updated_at, rank, age, first_quantity, first_title, line_count, piece_count,
           currency, selling_total, service_fees, first_seen_at, last_seen_at, raw_hash)
         VALUES ('maison', 'A1', 'CDISFR', 'Cdiscount', FALSE, 'InPreparation', 'Seller', now(), now(),
           extract(epoch FROM '2026-11-19T16:00:00Z'::timestamptz)::bigint, 0, 1, 'Lamp', 1, 1, 'EUR', 10, '[]',
           now(), now(), 0)",
    )
    .execute(&world.pool)
    .await
    .unwrap();
    let choose = async |role: Role, digest_hour| {
        let user = world.operator(role).await.id;
        let choice = Choice { mailed: Vec::new(), digest_hour };
        db::notifications::choose(&world.pool, user, &choice).await.unwrap();
    };
    choose(Role::Manager, Some(7)).await;
    choose(Role::Admin, None).await;
    let made =
        async || tell::digests(&world.pool, Outlets::default(), world.clock.now()).await.unwrap();
    // Half past seven in Paris: the manager's hour has come.
    assert_eq!((made().await, made().await), (1, 0));
    assert_eq!(roles_told(&world).await, ["manager"]);
    let Fact::Digest(numbers) = told(&world).await[0].1.clone() else { panic!() };
    assert_eq!(numbers, Digest { due_today: 1, ..Digest::default() });
    world.clock.advance(SignedDuration::from_mins(30));
    // Eight: everybody's but the viewer's, who does nothing, and the admin's, who wants none.
    assert_eq!((made().await, made().await), (2, 0));
    world.clock.advance(SignedDuration::from_hours(24));
    assert_eq!(made().await, 3);
}
