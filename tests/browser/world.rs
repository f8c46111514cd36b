//! A marketplace, its mirror and the pages, for browsers.

use std::sync::Arc;

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Params;
use argon2::Version;
use argon2::password_hash::PasswordHasher;
use comptoir::clock::Clock;
use comptoir::config;
use comptoir::db;
use comptoir::db::scope::ScopedPool;
use comptoir::domain::action::Action;
use comptoir::domain::action::Live;
use comptoir::domain::action::Ship;
use comptoir::domain::action::ship::Parcel;
use comptoir::domain::address_rule::Reach;
use comptoir::domain::channel::Channel;
use comptoir::domain::channel::Rules;
use comptoir::domain::operator::Operator;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::secrets::Key;
use comptoir::secrets::Keys;
use comptoir::sync;
use comptoir::sync::accounts::Source;
use comptoir::sync::crew::Crew;
use comptoir::sync::deliver;
use comptoir::sync::follow;
use comptoir::sync::pull;
use comptoir::web;
use comptoir::web::AppState;
use comptoir::web::Environment;
use comptoir::web::connections;
use comptoir::workflow;
use comptoir::workflow::Submission;
use comptoir::workflow::teamwork;
use jiff::SignedDuration;
use octopia_simulator::Call;
use octopia_simulator::Config;
use octopia_simulator::OrderDraft;
use octopia_simulator::Simulator;
use serde_json::Value;
use sqlx::PgPool;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

use crate::browser::Browser;
use crate::browser::Scripts;

/// Everybody's password.
pub const PASSWORD: &str = "comptoir-test-2026";
/// Overdue: the one that a warehouse ships first.
pub const MOST_URGENT: &str = "2611170812BM7T";
/// To ship within three hours.
pub const TO_SHIP: &str = "2611190911QK4D";
/// To ship, of a channel that takes several parcels.
pub const SEVERAL_PARCELS: &str = "WRT-40021-88713";
/// Waits for the seller's answer.
pub const TO_ACCEPT: &str = "2611191002ZX1P";
/// Waits for the seller's answer, too.
pub const TO_REFUSE: &str = "2611191017AA9C";
/// Shipped already, with that tracking number.
pub const SHIPPED: (&str, &str) = ("2611160930LL2M", "6A21938475603");

/// Everything a browser meets. The worker, if there is one, and the pages end with it.
pub struct World {
    pub pool: PgPool,
    pub simulator: Simulator,
    pub clock: Clock,
    pub origin: String,
    contexts: Vec<sync::Context>,
    warehouse: Operator,
    admin: Operator,
    stop: CancellationToken,
    server: JoinHandle<()>,
}

impl World {
    /// The pages over a worker, in real time. Promises wait so many seconds before they are sent.
    pub async fn live(pool: PgPool, send_delay: i64) -> Self {
        let world = Self::start(pool, Clock::System, send_delay, 0).await;
        sync::start(world.contexts.clone(), &world.stop);
        world
    }

    /// The pages over a worker that works when it is told to, in a time that stands still.
    pub async fn still(pool: PgPool) -> Self {
        Self::start(pool, Clock::manual(Clock::System.now()), 20, 0).await
    }

    /// The same on a busy day: with hundreds of orders more.
    pub async fn busy(pool: PgPool) -> Self {
        Self::start(pool, Clock::manual(Clock::System.now()), 20, 300).await
    }

    /// The pages, in real time, over a worker that works for the accounts that the pages set up. No file names
    /// any; what was read so far is there.
    pub async fn of_pages(pool: PgPool) -> Self {
        let world = Self::start(pool.clone(), Clock::System, 0, 0).await;
        let mut conn = pool.acquire().await.unwrap();
        db::accounts::set_in_file(&mut conn, &[]).await.unwrap();
        drop(conn);
        let keys = Some(Arc::new(keys()));
        let source = Source { file: Vec::new(), keys, reach: Reach::Anywhere };
        let (tell, accounts) = watch::channel(Vec::new());
        tokio::spawn(sync::accounts::watch(pool.clone(), source, tell, world.stop.clone()));
        let crew = Crew::new(pool, Clock::System, world.contexts[0].settings, world.stop.clone());
        tokio::spawn(crew.run(accounts));
        world
    }

    async fn start(pool: PgPool, clock: Clock, send_delay: i64, orders: usize) -> Self {
        let config = Config { orders, ..Config::default() };
        let simulator = Simulator::start(config).await.unwrap();
        stock(&simulator, &clock);
        let accounts =
            [("maison", "Maison Lemoine", "98979"), ("atelier", "Atelier du Port", "98980")];
        let accounts = accounts.map(|(id, name, seller)| account(&simulator, id, name, seller));
        sync::register(&pool, &accounts).await.unwrap();
        let interval = SignedDuration::from_secs(1);
        let settings = sync::Settings { interval, ..sync::Settings::default() };
        let context = |it: &config::Account| {
            sync::Context::new(it, pool.clone(), clock.clone(), settings, Uuid::now_v7()).unwrap()
        };
        let contexts = accounts.iter().map(context).collect();
        let hash = cheap_hash();
        let (mut warehouse, mut admin) = (None, None);
        for role in Role::ALL {
            let (email, name, now) = (email(role), name(role).to_owned(), clock.now());
            let id = db::users::upsert(&pool, &email, &name, role, &hash, now).await.unwrap();
            let operator = Operator { id, name, role };
            match role {
                Role::Warehouse => warehouse = Some(operator),
                Role::Admin => admin = Some(operator),
                Role::Viewer | Role::CustomerService | Role::Manager => {}
            }
        }
        let (warehouse, admin) = (warehouse.unwrap(), admin.unwrap());
        let settings = web::Settings {
            send_delay: SignedDuration::from_secs(send_delay),
            secure_cookies: false,
            admins_need_second_factor: false,
            rehash_below: web::passwords::Work { memory: 8, passes: 1 },
            trusted_proxies: Vec::new(),
            environment: Environment::Production,
        };
        let keys = Some(Arc::new(keys()));
        let live = comptoir::live::Live::with(&accounts, keys, Reach::Anywhere).unwrap();
        let state = AppState {
            pool: pool.clone(),
            scoped: ScopedPool::beside(&pool),
            clock: clock.clone(),
            live,
            single_sign_on: None,
            settings,
        };
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let stop = CancellationToken::new();
        let asked = stop.clone();
        let server = tokio::spawn(async move {
            let limits = connections::Limits::default();
            connections::serve(listener, web::router(state), limits, asked).await;
        });
        let world =
            Self { pool, simulator, clock, origin, contexts, warehouse, admin, stop, server };
        world.pull().await;
        world
    }

    /// Reads what the marketplace has.
    pub async fn pull(&self) {
        for context in &self.contexts {
            let pulled = pull::step(context).await.unwrap();
            assert!(matches!(pulled, pull::Pulled::Done { .. }), "{pulled:?}");
        }
    }

    /// Lets time pass, and reads what the marketplace has by then.
    pub async fn advance(&self, by: SignedDuration) {
        self.clock.advance(by);
        self.pull().await;
    }

    /// Sends until nothing is due.
    pub async fn send(&self) {
        while deliver::step(&self.contexts[0]).await.unwrap() == deliver::Step::Done {}
    }

    /// Reads what the marketplace decided about what it was asked for.
    pub async fn follow(&self) {
        while follow::step(&self.contexts[0]).await.unwrap() == follow::Step::Done {}
    }

    /// Somebody promises it to `maison`, through no page.
    pub async fn promise(&self, order_id: &str, action: Action, delay: i64) -> Uuid {
        let account = AccountId("maison".to_owned());
        let permission = action.kind().spec().permission;
        let may = self.warehouse.role.may(permission);
        let operator = if may { &self.warehouse } else { &self.admin };
        let id = Uuid::now_v7();
        let (live, file) = (Live::NotAsked, None);
        let submission =
            Submission { id, account: &account, order_id, action, operator, live, file };
        let delay = SignedDuration::from_secs(delay);
        let tx = self.pool.begin().await.unwrap();
        workflow::perform(tx, &submission, self.clock.now(), delay).await.unwrap()
    }

    /// The warehouse looks after the order, has it open, and says something about it to the colleagues.
    pub async fn share(&self, order_id: &str) {
        let (account, now) = (AccountId("maison".to_owned()), self.clock.now());
        let note = (Uuid::now_v7(), "Livraison entre 8 h et 11 h 30, quai n° 3. Appeler avant.");
        let tx = self.pool.begin().await.unwrap();
        let walid = &self.warehouse;
        teamwork::write_note(tx, &account, order_id, walid, note, now).await.unwrap();
        let mut tx = self.pool.begin().await.unwrap();
        db::team::assign(&mut tx, &account, order_id, Some(walid.id)).await.unwrap();
        tx.commit().await.unwrap();
        let tx = self.pool.begin().await.unwrap();
        teamwork::take_over(tx, &account, order_id, walid, now).await.unwrap();
    }

    /// One parcel with everything that is left to ship.
    pub fn ship_all(&self, order_id: &str, number: &str) -> Action {
        let order = self.simulator.order(order_id).unwrap();
        let line_ids = order.lines.iter().map(|it| it.id.clone()).collect();
        let (carrier, number) = ("Colissimo".to_owned(), number.to_owned());
        Action::Ship(Ship {
            parcels: vec![Parcel { carrier, number, tracking_url: None, line_ids }],
        })
    }

    /// The calls of that kind about that order that reached the marketplace.
    pub fn posts(&self, order_id: &str, path_end: &str) -> Vec<Call> {
        let mut calls = self.simulator.calls();
        let ours = |it: &Call| {
            it.method == "POST" && it.path.contains(order_id) && it.path.ends_with(path_end)
        };
        calls.retain(ours);
        calls
    }

    /// The bodies of [`World::posts`].
    pub fn bodies(&self, order_id: &str, path_end: &str) -> Vec<Value> {
        self.posts(order_id, path_end).into_iter().map(|it| it.body).collect()
    }

    /// How many promises there are for the order, whatever became of them.
    pub async fn promises(&self, order_id: &str) -> i64 {
        let sql = "SELECT count(*) FROM promises WHERE order_id = $1";
        sqlx::query_scalar(sql).bind(order_id).fetch_one(&self.pool).await.unwrap()
    }

    /// The window of somebody we do not know.
    pub async fn visitor(&self, scripts: Scripts) -> Browser {
        self.visitor_reading("en", scripts).await
    }

    /// The same, of somebody who reads that language.
    pub async fn visitor_reading(&self, lang: &str, scripts: Scripts) -> Browser {
        Browser::open(&self.origin, scripts, lang).await
    }

    /// The window of somebody who went through the sign-in form.
    pub async fn signed_in(&self, role: Role, scripts: Scripts) -> Browser {
        let browser = self.visitor(scripts).await;
        sign_in(&browser, role).await;
        browser
    }
}

impl Drop for World {
    fn drop(&mut self) {
        self.stop.cancel();
        self.server.abort();
    }
}

/// Goes through the sign-in form.
pub async fn sign_in(browser: &Browser, role: Role) {
    browser.goto("/sign-in").await;
    browser.fill("#email", &email(role)).await;
    browser.fill("#password", PASSWORD).await;
    browser.click("button.primary").await;
    browser.see(".app-bar .menu").await;
}

/// The address of the user with that role.
pub fn email(role: Role) -> String {
    format!("{}@comptoir.test", role.as_str())
}

/// The name of the user with that role.
pub fn name(role: Role) -> &'static str {
    match role {
        Role::Viewer => "Vera Vidal",
        Role::Warehouse => "Walid Wagner",
        Role::CustomerService => "Sonia Sanchez",
        Role::Manager => "Marc Morel",
        Role::Admin => "Ana Alves",
    }
}

/// Orders of every kind.
fn stock(simulator: &Simulator, clock: &Clock) {
    let due = |minutes| clock.now() + SignedDuration::from_mins(minutes);
    let maison = || OrderDraft::new("maison");
    let waiting = || maison().status("WaitingAcceptance");
    let drafts = [
        maison().id(MOST_URGENT).lines(2).ship_by(due(-90)),
        maison().id(TO_SHIP).lines(2).ship_by(due(170)),
        maison().id("2611190914RR8W").ship_by(due(26 * 60)),
        maison().id("2611190920PT5N").lines(3).ship_by(due(50 * 60)),
        maison().id(SEVERAL_PARCELS).channel("WRTES").lines(3).ship_by(due(200)),
        waiting().id(TO_ACCEPT).ship_by(due(30 * 60)),
        waiting().id(TO_REFUSE).ship_by(due(31 * 60)),
        waiting().id("2611191020MV3S").ship_by(due(32 * 60)),
        maison().status("Accepted").ship_by(due(40 * 60)),
        maison().supply_mode("Fulfillment").ship_by(due(20 * 60)),
        maison().status("CancelRequest").ship_by(due(8 * 60)),
        maison().status("Shipped").id(SHIPPED.0).parcel("Colissimo", SHIPPED.1),
        maison().status("Delivered"),
        maison().status("Cancelled"),
        maison().status("Refused"),
        maison().status("Processing"),
        OrderDraft::new("atelier").ship_by(due(300)),
        OrderDraft::new("atelier").status("Shipped"),
    ];
    for draft in drafts {
        simulator.add(draft);
    }
}

fn account(simulator: &Simulator, id: &str, name: &str, seller_id: &str) -> config::Account {
    config::Account {
        id: AccountId(id.to_owned()),
        name: name.to_owned(),
        seller_id: seller_id.to_owned(),
        client_id: format!("{id}-client"),
        client_secret: format!("{id}-secret").into(),
        base_url: simulator.base_url().parse().unwrap(),
        token_url: simulator.token_url().parse().unwrap(),
        time_zone: "Europe/Paris".to_owned(),
        requests_per_second: None,
        options: comptoir::domain::account::Options::default(),
        channels: vec![several_parcels()],
    }
}

/// The deployer says what Worten allows, which no document does.
fn several_parcels() -> Channel {
    let rules = Rules {
        acceptance: false,
        partial_shipment: true,
        several_parcels: true,
        line_in_several_parcels: true,
        ships_cancel_requests: false,
        partial_cancellation: true,
        gestures: None,
        invoices: true,
    };
    Channel { id: "WRTES".to_owned(), name: "Worten España".to_owned(), rules }
}

fn keys() -> Keys {
    let key = Key::parse("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=").unwrap();
    Keys::new(key, None)
}

/// The right algorithm with the least work: verifying uses the parameters of the hash.
fn cheap_hash() -> String {
    let params = Params::new(8, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
}
