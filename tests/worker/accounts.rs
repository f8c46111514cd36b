//! Accounts that come, change and rest while the worker works.

use std::sync::Arc;
use std::time::Duration;

use comptoir::clock::Clock;
use comptoir::db;
use comptoir::db::accounts::Account;
use comptoir::domain::address_rule::Reach;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Operator;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::domain::trouble::Trouble;
use comptoir::secrets::Key;
use comptoir::secrets::Keys;
use comptoir::sync;
use comptoir::sync::accounts::Source;
use comptoir::sync::crew::Crew;
use comptoir::sync::pull;
use comptoir::sync::pull::Pulled;
use comptoir::workflow::accounts;
use comptoir::workflow::accounts::Before;
use comptoir::workflow::accounts::Draft;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Simulator;
use octopia_simulator::When;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use crate::support::World;

fn keys() -> Keys {
    let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
    Keys::new(Key::parse(key).unwrap(), None)
}

/// A worker that nobody told of any account, but to look into the database.
struct Team {
    stop: CancellationToken,
    ended: tokio::task::JoinHandle<()>,
}

impl Team {
    fn start(pool: &PgPool) -> Self {
        let source =
            Source { file: Vec::new(), keys: Some(Arc::new(keys())), reach: Reach::Anywhere };
        let (tell, accounts) = watch::channel(Vec::new());
        let (stop, settings) = (CancellationToken::new(), sync::Settings::default());
        tokio::spawn(sync::accounts::watch(pool.clone(), source, tell, stop.clone()));
        let crew = Crew::new(pool.clone(), Clock::System, settings, stop.clone());
        Self { stop, ended: tokio::spawn(crew.run(accounts)) }
    }

    async fn end(self) {
        self.stop.cancel();
        let ended = tokio::time::timeout(Duration::from_secs(20), self.ended).await;
        ended.expect("every loop ends after its step").unwrap();
    }
}

fn draft(simulator: &Simulator, id: &str, secret: &str) -> Draft {
    let seller_id = if id == "maison" { "98979" } else { "98980" };
    Draft {
        account: Account {
            id: AccountId(id.to_owned()),
            name: id.to_owned(),
            seller_id: seller_id.to_owned(),
            time_zone: "Europe/Paris".to_owned(),
        },
        client_id: format!("{id}-client"),
        secret: Some(secret.into()),
        base_url: simulator.base_url().parse().unwrap(),
        token_url: simulator.token_url().parse().unwrap(),
        requests_per_second: None,
        sync_interval_seconds: None,
        tested_at: None,
        options: comptoir::domain::account::Options::default(),
    }
}

/// What an admin does on the page. The account `maison` is there already, from a file that no longer names it.
async fn save(world: &World, id: &str, secret: &str, before: Before) {
    let mut conn = world.pool.acquire().await.unwrap();
    db::accounts::set_in_file(&mut conn, &[]).await.unwrap();
    let (draft, admin) = (draft(&world.simulator, id, secret), world.operator(Role::Admin).await);
    let now = Clock::System.now();
    accounts::save(&world.pool, Some(&keys()), &draft, before, &admin, now).await.unwrap();
}

async fn until<T>(what: &str, mut found: impl AsyncFnMut() -> Option<T>) -> T {
    let found = async {
        loop {
            if let Some(found) = found().await {
                return found;
            }
        }
    };
    tokio::time::timeout(Duration::from_mins(1), found).await.unwrap_or_else(|_| panic!("{what}"))
}

async fn read(world: &World, account: &str, order: &str) {
    let account = AccountId(account.to_owned());
    until("the order is read", async || {
        let mut conn = world.pool.acquire().await.unwrap();
        db::orders::find(&mut conn, &account, order).await.unwrap()
    })
    .await;
}

async fn failure(world: &World, account: &str) -> Option<Trouble> {
    let account = AccountId(account.to_owned());
    db::sync_states::find(&world.pool, &account).await.unwrap().unwrap().failure
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_account_that_is_added_is_worked_for_without_a_restart(pool: PgPool) {
    let world = World::real(pool).await;
    let order = world.simulator.add(OrderDraft::new("atelier"));
    let team = Team::start(&world.pool);
    save(&world, "atelier", "atelier-secret", Before::Nothing).await;
    read(&world, "atelier", &order).await;
    team.end().await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn refused_credentials_stop_one_account_until_the_right_secret_comes(pool: PgPool) {
    let world = World::real(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    let other = world.simulator.add(OrderDraft::new("atelier"));
    world.pull().await;
    save(&world, "maison", "an old secret", Before::Unset).await;
    save(&world, "atelier", "atelier-secret", Before::Nothing).await;
    let promise = world.promise_to_ship(&order, "6A21938475603").await;
    let scope = world.scope().await;
    let team = Team::start(&world.pool);
    read(&world, "atelier", &other).await;
    until("the promise waits for credentials", async || {
        let groups = db::unsent::groups(&world.pool, &scope).await.unwrap();
        groups.into_iter().find(|it| it.trouble == Trouble::CredentialsRefused.as_str())
    })
    .await;
    assert_eq!(failure(&world, "atelier").await, None);
    assert_eq!(world.state(promise).await, State::Queued);

    save(&world, "maison", "maison-secret", Before::Version(1)).await;
    until("the promise is sent", async || {
        (world.state(promise).await == State::Confirmed).then_some(())
    })
    .await;
    until("the account is read", async || failure(&world, "maison").await.is_none().then_some(()))
        .await;
    assert_eq!(world.shipments(&order), 1);
    team.end().await;
}

/// The old loops are in the middle of a shipment when the secret changes.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_secret_is_changed_while_orders_are_shipped_and_nothing_is_lost(pool: PgPool) {
    let world = World::real(pool).await;
    let orders: Vec<String> =
        (0..4).map(|_| world.simulator.add(OrderDraft::new("maison"))).collect();
    world.pull().await;
    save(&world, "maison", "maison-secret", Before::Unset).await;
    let team = Team::start(&world.pool);
    let hold =
        world.simulator.hold(Matcher::new("POST", "/shipments").order(&orders[0]), When::Before);
    let mut promises = Vec::new();
    for (index, order) in orders.iter().enumerate() {
        promises.push(world.promise_to_ship(order, &format!("6A2193847560{index}")).await);
    }
    hold.reached().await;
    save(&world, "maison", "maison-secret", Before::Version(1)).await;
    let late = world.simulator.add(OrderDraft::new("maison"));
    // The new loops work beside the old one that still waits.
    read(&world, "maison", &late).await;
    hold.release();
    for (promise, order) in promises.iter().zip(&orders) {
        until("the promise is confirmed", async || {
            (world.state(*promise).await == State::Confirmed).then_some(())
        })
        .await;
        assert_eq!(world.shipments(order), 1);
    }
    team.end().await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_account_whose_reading_is_paused_rests_until_it_is_resumed(pool: PgPool) {
    let world = World::start(pool).await;
    let admin: Operator = world.operator(Role::Admin).await;
    let now = world.clock.now();
    accounts::pause_reading(&world.pool, &world.account, &admin, now).await.unwrap();
    assert_eq!(world.pull().await, Pulled::NotDue);
    accounts::resume_reading(&world.pool, &world.account, &admin, now).await.unwrap();
    let pulled = pull::step(&world.context).await.unwrap();
    assert!(matches!(pulled, Pulled::Done { .. }), "{pulled:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_account_of_the_file_wins_and_one_whose_key_is_gone_stays_as_it_was(pool: PgPool) {
    let world = World::real(pool).await;
    save(&world, "maison", "maison-secret", Before::Unset).await;
    let file = vec![crate::support::account(&world.simulator, "maison")];
    let mut source = Source { file, keys: Some(Arc::new(keys())), reach: Reach::Anywhere };
    let load = async |source: &Source, before: &[_]| {
        let accounts = sync::accounts::load(&world.pool, source, before).await.unwrap();
        accounts.iter().map(|it| it.version).collect::<Vec<_>>()
    };
    assert_eq!(load(&source, &[]).await, [0]);
    source.file.clear();
    assert_eq!(load(&source, &[]).await, [1]);
    let before = sync::accounts::load(&world.pool, &source, &[]).await.unwrap();
    source.keys = None;
    assert_eq!(load(&source, &[]).await, [] as [i64; 0]);
    assert_eq!(load(&source, &before).await, [1]);
}
