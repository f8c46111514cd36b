//! Personal data stands in no log line and in no address: the real paths of the program, their logs caught at
//! their most talkative, and every name looked for in them.

use std::io;
use std::io::Write;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::MutexGuard;
use std::sync::OnceLock;

use axum::http::Request;
use axum::http::header;
use comptoir::config;
use comptoir::domain::action::Action;
use comptoir::domain::action::Cancel;
use comptoir::domain::action::Gesture;
use comptoir::domain::action::Ship;
use comptoir::domain::action::cancel::Reason;
use comptoir::domain::action::ship;
use comptoir::domain::operator::Operator;
use comptoir::domain::operator::Role;
use comptoir::live::Live;
use comptoir::sync;
use comptoir::sync::follow;
use comptoir::sync::forget;
use comptoir::sync::pull;
use comptoir::web;
use comptoir::web::AppState;
use comptoir::workflow;
use comptoir::workflow::Submission;
use jiff::SignedDuration;
use octopia_simulator::Fault;
use octopia_simulator::FaultKind;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::When;
use rust_decimal::Decimal;
use sqlx::PgPool;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;
use uuid::Uuid;

use crate::browser;
use crate::browser::Browser;
use crate::browser::PASSWORD;
use crate::browser::Page;
use crate::planted::CANARY;
use crate::support::World;
use crate::support::href;
use crate::support::maison;
use crate::wire;

/// All that this process logs.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl<'a> MakeWriter<'a> for Log {
    type Writer = Self;

    fn make_writer(&'a self) -> Self {
        self.clone()
    }
}

impl Log {
    /// Everything, from every crate: nobody has to know which level is safe.
    fn catch() -> Self {
        static LOG: OnceLock<Log> = OnceLock::new();
        let log = LOG.get_or_init(|| {
            let log = Self::default();
            let subscriber = tracing_subscriber::fmt()
                .with_env_filter(EnvFilter::new("trace"))
                .with_ansi(false)
                .with_writer(log.clone());
            subscriber.init();
            log
        });
        log.clone()
    }

    fn text(&self) -> String {
        let bytes: MutexGuard<'_, Vec<u8>> = self.0.lock().unwrap();
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// What must not be told, and where it was.
struct Watch {
    log: Log,
    canaries: Vec<String>,
    /// Every header that carries an address.
    addresses: Mutex<Vec<String>>,
}

impl Watch {
    fn new() -> Self {
        let canaries = vec![CANARY.to_owned()];
        Self { log: Log::catch(), canaries, addresses: Mutex::default() }
    }

    /// Whatever the mirror knows of customers from now on must not be told either.
    async fn learn(&mut self, pool: &PgPool) {
        let sql = "SELECT DISTINCT part.value FROM orders AS o
             CROSS JOIN LATERAL (VALUES (o.billing), (o.shipping)) AS a(address)
             CROSS JOIN LATERAL jsonb_each_text(a.address) AS part(key, value)
             WHERE part.key IN ('last_name', 'phone', 'email') AND length(part.value) > 4
           UNION
           SELECT jsonb_array_elements_text(o.shipping -> 'street') FROM orders AS o";
        let learnt: Vec<String> = sqlx::query_scalar(sql).fetch_all(pool).await.unwrap();
        assert!(learnt.len() > 8, "{learnt:?}");
        self.canaries.extend(learnt.into_iter().filter(|it| it.len() > 5));
    }

    fn keep(&self, page: Page) -> Page {
        let names = [
            "location",
            "hx-push-url",
            "hx-replace-url",
            "hx-redirect",
            "hx-location",
            "link",
            "refresh",
        ];
        let told = names.iter().map(|it| page.header(it).to_owned()).filter(|it| !it.is_empty());
        self.addresses.lock().unwrap().extend(told);
        page
    }

    /// The lines of that text with something in them that must not be told.
    fn told<'a>(&self, text: &'a str) -> Vec<&'a str> {
        let tells = |line: &&str| {
            let decoded = percent_decoded(line);
            self.canaries.iter().any(|it| line.contains(it) || decoded.contains(it))
        };
        text.lines().filter(tells).take(5).collect()
    }

    #[track_caller]
    fn assert_nothing_was_told(&self, calls: &str) {
        assert_eq!(self.told(&self.log.text()), Vec::<&str>::new(), "in the log");
        assert_eq!(self.told(calls), Vec::<&str>::new(), "in the address of a call");
        let addresses = self.addresses.lock().unwrap().join("\n");
        assert_eq!(self.told(&addresses), Vec::<&str>::new(), "in the address of an answer");
    }
}

fn percent_decoded(text: &str) -> String {
    let pairs = url::form_urlencoded::parse(text.as_bytes());
    pairs.map(|(name, value)| [name, value].join("=")).collect::<Vec<_>>().join("&")
}

pub fn account(base_url: &str, token_url: &str) -> config::Account {
    config::Account {
        id: maison(),
        name: "Maison Lemoine".to_owned(),
        seller_id: "98979".to_owned(),
        client_id: "maison-client".to_owned(),
        client_secret: "maison-secret".into(),
        base_url: base_url.parse().unwrap(),
        token_url: token_url.parse().unwrap(),
        time_zone: "Europe/Paris".to_owned(),
        requests_per_second: None,
        options: comptoir::domain::account::Options::default(),
        channels: Vec::new(),
    }
}

pub async fn signed_in(router: &axum::Router, role: Role) -> Browser {
    let browser = Browser::new(router.clone());
    let fields = [("email", browser::email(role)), ("password", PASSWORD)];
    assert_eq!(browser.post("/sign-in", &fields).await.status, 303);
    browser
}

async fn operator(pool: &PgPool, role: Role) -> Operator {
    let sql = "SELECT user_id FROM users WHERE email = $1";
    let id = sqlx::query_scalar(sql).bind(browser::email(role)).fetch_one(pool).await.unwrap();
    Operator { id, name: browser::name(role).to_owned(), role }
}

pub async fn promise(world: &World, order_id: &str, action: Action, role: Role) {
    let (pool, now) = (&world.shop.app.pool, world.shop.app.now());
    let operator = operator(pool, role).await;
    let submission = Submission {
        id: Uuid::now_v7(),
        account: &maison(),
        order_id,
        action,
        operator: &operator,
        live: comptoir::domain::action::Live::NotAsked,
        file: None,
    };
    let tx = pool.begin().await.unwrap();
    let promised = workflow::perform(tx, &submission, now, SignedDuration::ZERO).await;
    promised.unwrap();
}

async fn ship(world: &World, order_id: &str) -> Action {
    let sql = "SELECT line_id FROM order_lines WHERE order_id = $1";
    let lines = sqlx::query_scalar(sql).bind(order_id).fetch_all(&world.shop.app.pool).await;
    let tracking_url = Some(format!("https://carrier.example/?name={CANARY}"));
    let parcel = ship::Parcel {
        carrier: "Colissimo".to_owned(),
        number: "6A21938475603".to_owned(),
        tracking_url,
        line_ids: lines.unwrap(),
    };
    Action::Ship(Ship { parcels: vec![parcel] })
}

pub fn gesture() -> Action {
    Action::Gesture(Gesture {
        reason: "Other".to_owned(),
        details: Some(format!("{CANARY} called")),
        amount: Decimal::ONE,
        currency: "EUR".to_owned(),
    })
}

fn cancel() -> Action {
    let reason = Reason { code: "OutOfStock".to_owned(), label: None };
    Action::Cancel(Cancel { reason, shipping_refund: true })
}

/// Everything a person looks at, and does wrongly.
async fn browse(watch: &Watch, router: &axum::Router, orders: &[String]) {
    for role in [Role::Warehouse, Role::CustomerService, Role::Viewer, Role::Admin] {
        let browser = signed_in(router, role).await;
        for path in paths(watch, orders) {
            watch.keep(browser.get(&path).await);
            watch.keep(browser.get_fragment(&path).await);
        }
        for order in orders.iter().take(2) {
            for action in ["ship", "gesture", "cancel", "nonsense"] {
                mistake(watch, &browser, &format!("{}/{action}", href(order))).await;
            }
            let path = format!("{}/invoice", href(order));
            watch.keep(browser.send(file(&path), format!("{FILE}\r\n--x--\r\n")).await);
        }
    }
    let visitor = Browser::new(router.clone());
    let email = format!("{CANARY}@x.test");
    watch.keep(visitor.post("/sign-in", &[("email", &email), ("password", CANARY)]).await);
    let path = format!("{}/ship", href(&orders[0]));
    watch.keep(visitor.post(&path, &[("carrier", CANARY)]).await);
}

fn paths(watch: &Watch, orders: &[String]) -> Vec<String> {
    let fixed = [
        "/orders",
        "/orders?status=Shipped&sort=newest",
        "/orders/export",
        "/attention",
        "/activity",
        "/activity/export",
        "/sync",
        "/nowhere",
    ];
    let mut paths = fixed.map(str::to_owned).to_vec();
    for name in watch.canaries.iter().take(4) {
        let name: String = url::form_urlencoded::byte_serialize(name.as_bytes()).collect();
        paths.push(format!("/orders?q={name}&status=Shipped"));
        paths.push(format!("/orders/export?q={name}"));
        paths.push(format!("/orders/maison/{name}"));
        paths.push(format!("/orders/{name}/x"));
        paths.push(format!("/promises/{name}"));
        paths.push(format!("/orders?q={name}%FF"));
    }
    for order in orders {
        let actions = ["", "/ship", "/gesture", "/cancel", "/invoice", "/approve"];
        paths.extend(actions.map(|it| format!("{}{it}", href(order))));
    }
    paths
}

/// The beginning of a file that is somebody's.
const FILE: &str =
    "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"KANARI.pdf\"\r\n\r\nKANARI";

fn file(path: &str) -> axum::http::request::Builder {
    Request::post(path).header(header::CONTENT_TYPE, "multipart/form-data; boundary=x")
}

/// Sends what no form would send.
async fn mistake(watch: &Watch, browser: &Browser, path: &str) {
    let words = format!("{CANARY} %00 \"");
    for field in ["details", "amount", "carrier", "number", "tracking_url", "reason", CANARY] {
        watch.keep(browser.post(path, &[(field, words.as_str())]).await);
    }
    let json = Request::post(path).header(header::CONTENT_TYPE, "application/json");
    watch.keep(browser.send(json, format!("{{\"name\": \"{CANARY}\"}}")).await);
    let cross = Request::post(path).header("sec-fetch-site", "cross-site");
    watch.keep(browser.send(cross, CANARY).await);
    watch.keep(browser.send(file(path), FILE).await);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn no_name_is_in_a_log_line_or_an_address_whatever_happens(pool: PgPool) {
    let mut watch = Watch::new();
    let world = World::start(pool).await;
    let simulator = &world.simulator;
    simulator.set_gesture_limit("CDISFR", 100, 1_240);
    let statuses = ["InPreparation", "InPreparation", "InPreparation", "Shipped", "Shipped"];
    let orders: Vec<String> =
        statuses.iter().map(|it| simulator.add(OrderDraft::new("maison").status(it))).collect();
    world.pull().await;
    watch.learn(&world.shop.app.pool).await;
    let live = Live::new(&[account(&simulator.base_url(), &simulator.token_url())]).unwrap();
    let router = web::router(AppState { live, ..world.shop.app.state.clone() });
    browse(&watch, &router, &orders).await;

    // What is sent: kept, refused, lost, and answered with nonsense.
    promise(&world, &orders[0], ship(&world, &orders[0]).await, Role::Warehouse).await;
    world.send().await;
    let to = |end: &str, order: &str| Matcher::new("POST", end).order(order);
    let problem = FaultKind::Status {
        status: 400,
        body: octopia_simulator::FaultBody::Problem,
        when: When::Before,
    };
    simulator.fault(Fault::new(problem).on(to("/shipments", &orders[1])).times(1));
    promise(&world, &orders[1], ship(&world, &orders[1]).await, Role::Warehouse).await;
    simulator.fault(
        Fault::reset(When::After)
            .on(Matcher::new("POST", "/order-commercial-gesture-requests"))
            .times(1),
    );
    promise(&world, &orders[3], gesture(), Role::CustomerService).await;
    simulator.fault(Fault::status(502).on(Matcher::new("GET", &orders[2])).times(2));
    promise(&world, &orders[2], cancel(), Role::CustomerService).await;
    for _ in 0..8 {
        world.send().await;
        while follow::step(&world.context).await.unwrap() == follow::Step::Done {}
    }
    simulator.fault(Fault::new(FaultKind::MalformedOrder).times(1));
    simulator.fault(Fault::new(FaultKind::BrokenJson).skip(1).times(1));
    for _ in 0..3 {
        world.pull().await;
    }
    browse(&watch, &router, &orders[..1]).await;
    world.shop.app.clock.advance(SignedDuration::from_hours(24 * 200));
    assert_eq!(forget::step(&world.context).await.unwrap(), forget::Step::Done);

    // Our own side fails.
    sqlx::query("ALTER TABLE order_lines RENAME TO gone")
        .execute(&world.shop.app.pool)
        .await
        .unwrap();
    let browser = signed_in(&router, Role::Warehouse).await;
    let page = watch.keep(browser.get(&href(&orders[0])).await);
    assert_eq!(page.status, 500, "{}", page.main_text());

    let calls = simulator.calls();
    assert!(calls.iter().any(|it| it.body.to_string().contains(CANARY)), "canaries were sent");
    let calls: Vec<_> = calls.iter().map(|it| format!("{}?{}", it.path, it.query)).collect();
    let log = watch.log.text();
    for line in
        ["answered", "sending did not succeed", "request failed", "octopia", "personal data of old"]
    {
        assert!(log.contains(line), "{line} is not in the log: it was not caught");
    }
    let says_who = |line: &str| line.contains("answered") && line.contains(" user=");
    assert!(log.lines().any(says_who), "whoever asks is a number in the log");
    watch.assert_nothing_was_told(&calls.join("\n"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_answer_that_repeats_a_name_leaves_it_in_no_log_line(pool: PgPool) {
    let watch = Watch::new();
    let world = World::start(pool).await;
    let order = world.simulator.add(OrderDraft::new("maison"));
    world.pull().await;
    let problem = format!(
        r#"{{"title":"{CANARY} title","detail":"{CANARY} detail","errors":{{"{CANARY}":["{CANARY}"]}}}}"#
    );
    let wrong = format!(
        r#"{{"items":[{{"orderId":"X-1","status":{{"{CANARY}":1}},"createdAt":"{CANARY}",
           "lines":"{CANARY}","shippingAddress":"{CANARY}"}}]}}"#
    );
    let texts = [
        (400, problem.clone()),
        (500, problem),
        (200, wrong),
        (200, CANARY.to_owned()),
        (502, CANARY.to_owned()),
    ];
    let raw = "SELECT raw FROM order_raw WHERE order_id = $1";
    let raw: String =
        sqlx::query_scalar(raw).bind(&order).fetch_one(&world.shop.app.pool).await.unwrap();
    // To everything, and to what is sent alone: a promise goes out only when its order could be read.
    let texts = texts.into_iter().flat_map(|it| [(it.clone(), false), (it, true)]);
    for ((status, text), order_is_told) in texts {
        let (path, raw) = (format!("/orders/{order}"), raw.clone());
        let server = wire::Server::start(move |call| {
            if call.is_for_a_token() {
                wire::token()
            } else if order_is_told && call.method == "GET" && call.target.ends_with(&path) {
                wire::json(200, raw.clone())
            } else {
                wire::answer(status, &[("content-type", "application/json")], text.clone())
            }
        });
        let server = server.await;
        let base_url = format!("http://{}/seller/v2", server.address);
        let account = account(&base_url, &server.token_url());
        let app = &world.shop.app;
        let (pool, clock) = (app.pool.clone(), app.clock.clone());
        let settings = sync::Settings::default();
        let context = sync::Context::new(&account, pool, clock, settings, Uuid::now_v7()).unwrap();
        app.clock.advance(SignedDuration::from_mins(90));
        pull::step(&context).await.unwrap();
        promise(&world, &order, ship(&world, &order).await, Role::Warehouse).await;
        for _ in 0..3 {
            app.clock.advance(SignedDuration::from_mins(5));
            while sync::deliver::step(&context).await.unwrap() == sync::deliver::Step::Done {}
            while follow::step(&context).await.unwrap() == follow::Step::Done {}
        }
        let live = Live::new(&[account]).unwrap();
        let router = web::router(AppState { live, ..app.state.clone() });
        let browser = signed_in(&router, Role::Admin).await;
        for action in ["", "/gesture", "/cancel", "/ship"] {
            watch.keep(browser.get(&format!("{}{action}", href(&order))).await);
        }
        sqlx::query(
            "UPDATE promises SET state = 'withdrawn', settled_at = now() WHERE settled_at IS NULL",
        )
        .execute(&app.pool)
        .await
        .unwrap();
        let calls = server.calls();
        let sent = calls.iter().any(|it| it.method == "POST" && it.body.contains(CANARY));
        assert_eq!(sent, order_is_told, "{status}");
        let targets: Vec<_> = calls.into_iter().map(|it| it.target).collect();
        watch.assert_nothing_was_told(&targets.join("\n"));
    }
}
