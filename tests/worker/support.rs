//! A marketplace, a mirror and a worker, with verbs.

use comptoir::clock::Clock;
use comptoir::config;
use comptoir::db;
use comptoir::db::promises::Promise;
use comptoir::db::scope::SellerScope;
use comptoir::domain::action::Action;
use comptoir::domain::action::Live;
use comptoir::domain::action::Ship;
use comptoir::domain::action::ship;
use comptoir::domain::channel::Channel;
use comptoir::domain::channel::Rules;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Operator;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::sync;
use comptoir::sync::deliver;
use comptoir::sync::pull;
use comptoir::sync::pull::Pulled;
use comptoir::workflow;
use comptoir::workflow::PerformError;
use comptoir::workflow::Submission;
use jiff::SignedDuration;
use jiff::Timestamp;
use octopia_simulator::Config;
use octopia_simulator::Party;
use octopia_simulator::Simulator;
use sqlx::PgPool;
use uuid::Uuid;

/// Everything a test of the worker needs. Our clock stands still until it is moved.
pub struct World {
    pub pool: PgPool,
    pub simulator: Simulator,
    pub clock: Clock,
    pub account: AccountId,
    pub context: sync::Context,
}

impl World {
    pub async fn start(pool: PgPool) -> Self {
        Self::with(pool, Config::default()).await
    }

    /// A world whose time passes by itself, for processes of their own.
    pub async fn real(pool: PgPool) -> Self {
        Self::on(pool, Config::default(), Clock::System).await
    }

    pub async fn with(pool: PgPool, config: Config) -> Self {
        Self::on(pool, config, Clock::manual(Clock::System.now())).await
    }

    async fn on(pool: PgPool, config: Config, clock: Clock) -> Self {
        let simulator = Simulator::start(config).await.unwrap();
        let account = account(&simulator, "maison");
        sync::register(&pool, std::slice::from_ref(&account)).await.unwrap();
        let context = context(&account, &pool, &clock);
        Self { pool, simulator, clock, account: account.id, context }
    }

    /// Another worker on the same database.
    pub fn another_worker(&self) -> sync::Context {
        context(&account(&self.simulator, "maison"), &self.pool, &self.clock)
    }

    /// Reads the account, although it may not be due yet.
    pub async fn pull(&self) -> Pulled {
        self.clock.advance(SignedDuration::from_mins(6));
        pull::step(&self.context).await.unwrap()
    }

    /// What somebody sees who works for all accounts. Only a live session makes a scope.
    pub async fn scope(&self) -> SellerScope {
        let (id, now) = (Uuid::now_v7(), self.clock.now());
        let data = serde_json::json!({ "user_id": self.operator(Role::Manager).await.id });
        let ends = now + SignedDuration::from_hours(1);
        db::sessions::insert(&self.pool, id.as_bytes(), &data, ends, now).await.unwrap();
        let present =
            db::users::present(&self.pool, id.as_bytes(), Timestamp::UNIX_EPOCH, now).await;
        present.unwrap().expect("a live session").scope
    }

    pub async fn operator(&self, role: Role) -> Operator {
        let name = format!("{role:?}");
        let email = format!("{}@comptoir.test", role.as_str());
        let now = self.clock.now();
        let id = db::users::upsert(&self.pool, &email, &name, role, "-", now).await.unwrap();
        Operator { id, name, role }
    }

    /// A promise to ship the whole order, due now.
    pub async fn promise_to_ship(&self, order_id: &str, number: &str) -> Uuid {
        let action = self.ship_all(order_id, number).await;
        self.promise(order_id, action).await.unwrap()
    }

    pub async fn promise(&self, order_id: &str, action: Action) -> Result<Uuid, PerformError> {
        let operator = self.operator(Role::Warehouse).await;
        self.submit(Uuid::now_v7(), order_id, action, &operator).await
    }

    pub async fn submit(
        &self,
        id: Uuid,
        order_id: &str,
        action: Action,
        operator: &Operator,
    ) -> Result<Uuid, PerformError> {
        let account = &self.account;
        let (live, file) = (Live::NotAsked, None);
        let submission = Submission { id, account, order_id, action, operator, live, file };
        let tx = self.pool.begin().await?;
        workflow::perform(tx, &submission, self.clock.now(), SignedDuration::ZERO).await
    }

    pub async fn ship_all(&self, order_id: &str, number: &str) -> Action {
        let order = self.mirrored(order_id).await.order;
        Action::Ship(Ship {
            parcels: vec![ship::Parcel {
                carrier: "Colissimo".to_owned(),
                number: number.to_owned(),
                tracking_url: None,
                line_ids: order.lines.into_iter().map(|line| line.id).collect(),
            }],
        })
    }

    pub async fn mirrored(&self, order_id: &str) -> db::orders::Mirrored {
        let mut conn = self.pool.acquire().await.unwrap();
        db::orders::find(&mut conn, &self.account, order_id).await.unwrap().expect("mirrored")
    }

    pub async fn status(&self, order_id: &str) -> String {
        self.mirrored(order_id).await.order.status.as_str().to_owned()
    }

    pub async fn found(&self, promise: Uuid) -> Promise {
        db::promises::find_in(&self.pool, &self.account, promise).await.unwrap().expect("a promise")
    }

    pub async fn state(&self, promise: Uuid) -> State {
        self.found(promise).await.progress.state
    }

    /// Sends until nothing is due.
    pub async fn send(&self) {
        while deliver::step(&self.context).await.unwrap() == deliver::Step::Done {}
    }

    /// Sends, and lets time pass, until the promise is settled or with a person.
    pub async fn send_until_decided(&self, promise: Uuid) -> State {
        for _ in 0..40 {
            self.send().await;
            let state = self.state(promise).await;
            if state.is_final() || state == State::NeedsPerson {
                return state;
            }
            self.clock.advance(SignedDuration::from_secs(50));
        }
        panic!("still undecided after half an hour: {:?}", self.found(promise).await);
    }

    /// How many shipments the marketplace holds for the order.
    pub fn shipments(&self, order_id: &str) -> usize {
        self.effects(order_id, "shipment")
    }

    pub fn effects(&self, order_id: &str, kind: &str) -> usize {
        let effects = self.simulator.ledger();
        let ours = |it: &&octopia_simulator::Effect| {
            it.order_id == order_id && it.kind == kind && it.by == Party::Api
        };
        effects.iter().filter(ours).count()
    }

    /// The calls of that kind that reached the marketplace.
    pub fn calls(&self, method: &str, path_end: &str) -> Vec<octopia_simulator::Call> {
        let mut calls = self.simulator.calls();
        calls.retain(|it| it.method == method && it.path.ends_with(path_end));
        calls
    }
}

pub fn account(simulator: &Simulator, name: &str) -> config::Account {
    let seller_id = if name == "maison" { "98979" } else { "98980" };
    config::Account {
        id: AccountId(name.to_owned()),
        name: name.to_owned(),
        seller_id: seller_id.to_owned(),
        client_id: format!("{name}-client"),
        client_secret: format!("{name}-secret").into(),
        base_url: simulator.base_url().parse().unwrap(),
        token_url: simulator.token_url().parse().unwrap(),
        time_zone: "Europe/Paris".to_owned(),
        requests_per_second: None,
        options: comptoir::domain::account::Options::default(),
        channels: vec![worten()],
    }
}

/// The deployer says what Worten allows, which no document does.
fn worten() -> Channel {
    let rules = Rules {
        partial_shipment: true,
        several_parcels: true,
        line_in_several_parcels: true,
        partial_cancellation: true,
        invoices: true,
        ..Rules::default()
    };
    Channel { id: "WRTES".to_owned(), name: "Worten España".to_owned(), rules }
}

pub fn context(account: &config::Account, pool: &PgPool, clock: &Clock) -> sync::Context {
    let settings = sync::Settings::default();
    let (pool, clock) = (pool.clone(), clock.clone());
    sync::Context::new(account, pool, clock, settings, Uuid::now_v7()).unwrap()
}
