//! Orders in the mirror, and forms as a browser without JavaScript fills them in.

use comptoir::config;
use comptoir::db;
use comptoir::domain::address::Address;
use comptoir::domain::channel::Channel;
use comptoir::domain::channel::Rules;
use comptoir::domain::delivery::Progress;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::domain::order::Amounts;
use comptoir::domain::order::Line;
use comptoir::domain::order::Order;
use comptoir::domain::order::Status;
use comptoir::domain::order::SupplyMode;
use comptoir::sync;
use comptoir::sync::deliver;
use comptoir::sync::pull;
use comptoir::workflow;
use jiff::SignedDuration;
use octopia_simulator::Config;
use octopia_simulator::Simulator;
use rust_decimal::Decimal;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::browser::Page;
use crate::browser::TestApp;

/// Everything that may be done about shipping.
pub const FREE: Rules = Rules {
    acceptance: false,
    partial_shipment: true,
    several_parcels: true,
    line_in_several_parcels: true,
    ships_cancel_requests: false,
    partial_cancellation: true,
    gestures: Some(true),
    invoices: true,
};

/// The application, with verbs.
pub struct Shop {
    pub app: TestApp,
}

impl Shop {
    pub async fn start(pool: PgPool) -> Self {
        Self { app: TestApp::start(pool).await }
    }

    /// With that order in the mirror of `maison`.
    pub async fn with(pool: PgPool, order: Order) -> Self {
        let shop = Self::start(pool).await;
        shop.mirror(order).await;
        shop
    }

    /// What the marketplace says of an order goes into the mirror of `maison`.
    pub async fn mirror(&self, order: Order) {
        let mut tx = self.app.pool.begin().await.unwrap();
        let raw_hash = order.updated_at.as_microsecond();
        let reading = workflow::Reading { order, raw: "{}".to_owned(), raw_hash };
        let written = workflow::record(&mut tx, &maison(), &[reading], self.app.now()).await;
        assert_eq!(written.unwrap(), 1, "the reading is older than what is known");
        tx.commit().await.unwrap();
    }

    /// What the settings say of a channel.
    pub async fn channel(&self, id: &str, name: &str, rules: Rules) {
        let channel = Channel { id: id.to_owned(), name: name.to_owned(), rules };
        let mut conn = self.app.pool.acquire().await.unwrap();
        db::reference::set_channel(&mut conn, &maison(), &channel).await.unwrap();
    }

    /// The marketplace's list of carriers.
    pub async fn carriers(&self, labels: &[&str]) {
        let labels: Vec<_> = labels.iter().map(|it| (*it).to_owned()).collect();
        let mut conn = self.app.pool.acquire().await.unwrap();
        let now = self.app.now();
        db::reference::replace_carriers(&mut conn, &maison(), &labels, now).await.unwrap();
    }

    pub async fn sign_in(&self, role: Role) -> Browser {
        self.app.sign_in(role).await
    }

    /// The state of every promise of an order, newest first.
    pub async fn states(&self, order_id: &str) -> Vec<State> {
        let promises = db::promises::of_order(&self.app.pool, &maison(), order_id).await.unwrap();
        promises.into_iter().map(|it| it.progress.state).collect()
    }

    /// The last promise of an order.
    pub async fn promise(&self, order_id: &str) -> Uuid {
        self.last(order_id).await.id
    }

    pub async fn last(&self, order_id: &str) -> db::promises::Promise {
        let promise = db::promises::latest(&self.app.pool, &maison(), order_id).await.unwrap();
        promise.expect("a promise")
    }

    /// The worker carries the last promise of an order on, step by step.
    pub async fn carry_on(&self, order_id: &str, step: impl Fn(Progress) -> Progress) {
        let now = self.app.now();
        let promise = self.last(order_id).await;
        let progress = step(promise.progress.clone());
        let pool = &self.app.pool;
        let held = workflow::promise::advance(pool, &promise, &progress, None, None, now).await;
        assert!(held.unwrap());
    }
}

pub fn maison() -> AccountId {
    AccountId("maison".to_owned())
}

/// The address of an order of `maison`.
pub fn href(order_id: &str) -> String {
    format!("/orders/maison/{order_id}")
}

/// An order on Cdiscount with two lines to ship, changed two hours ago, due in two hours.
pub fn order(id: &str) -> Order {
    let now: jiff::Timestamp = crate::browser::NOW.parse().unwrap();
    let hours = SignedDuration::from_hours;
    Order {
        id: id.to_owned(),
        reference: Some("2611170812CDIS".to_owned()),
        channel_id: "CDISFR".to_owned(),
        channel_name: "Cdiscount".to_owned(),
        business: false,
        status: Status::InPreparation,
        customer_reference: Some("C-5530021".to_owned()),
        payment_method: Some("Card".to_owned()),
        created_at: now - hours(20),
        updated_at: now - hours(2),
        ship_by: Some(now + hours(2)),
        amounts: Amounts {
            currency: "EUR".to_owned(),
            selling_total: Decimal::new(9_479, 2),
            offer_total: None,
            service_fees: Vec::new(),
        },
        billing: Some(address()),
        shipping: Some(address()),
        lines: vec![
            line("AYGC", "Chaise en chêne massif, lot de 2", 2, 3_740),
            line("BFCD", "Coussin", 1, 1_500),
        ],
        parcels: Vec::new(),
    }
}

pub fn line(id: &str, title: &str, quantity: i32, cents: i64) -> Line {
    Line {
        id: id.to_owned(),
        status: Status::InPreparation,
        supply_mode: SupplyMode::Seller,
        quantity,
        offer_id: Some(format!("OF-{id}")),
        sku: Some(format!("SKU-{id}")),
        title: title.to_owned(),
        gtin: None,
        condition: Some("New".to_owned()),
        offer_unit_price: Some(Decimal::new(cents + 250, 2)),
        selling_unit_price: Some(Decimal::new(cents, 2)),
        shipping_cost: (id == "AYGC").then(|| Decimal::new(499, 2)),
        commission: None,
        commission_rate: None,
        vat_rate: None,
        delivery_mode: None,
        promised_from: None,
        promised_to: None,
    }
}

fn address() -> Address {
    Address {
        civility: Some("Mme".to_owned()),
        first_name: Some("Éloïse".to_owned()),
        last_name: Some("Dupont-Lévêque".to_owned()),
        street: vec!["12 rue de l'Abbé-Grégoire".to_owned()],
        postal_code: Some("33000".to_owned()),
        city: Some("Bordeaux".to_owned()),
        country: Some("FR".to_owned()),
        phone: Some("+33612345678".to_owned()),
        email: Some("xyz123@customer.example".to_owned()),
        ..Address::default()
    }
}

/// The order in another status, every line with it, changed at that many minutes after [`crate::browser::NOW`].
pub fn moved(mut order: Order, status: &str, minutes: i64) -> Order {
    let now: jiff::Timestamp = crate::browser::NOW.parse().unwrap();
    order.status = Status::parse(status);
    for line in &mut order.lines {
        line.status = order.status.clone();
    }
    order.updated_at = now + SignedDuration::from_mins(minutes);
    order
}

/// A form as it stands on a page: what a browser would send.
#[derive(Debug, Clone)]
pub struct Filled(pub Vec<(String, String)>);

impl Filled {
    /// The fields of the form that posts to an address with that end.
    pub fn of(page: &Page, action_end: &str) -> Self {
        let form = page.body.split("<form").skip(1).find(|form| {
            let tag = form.split('>').next().unwrap();
            ["\"", "?"].iter().any(|it| tag.contains(&format!("{action_end}{it}")))
        });
        let form = form.unwrap_or_else(|| panic!("no form for {action_end}: {}", page.main()));
        let form = form.split("</form>").next().unwrap();
        let mut fields = Vec::new();
        let mut select = String::new();
        for tag in form.split('<').skip(1) {
            let tag = tag.split('>').next().unwrap();
            let text = form.split(&format!("<{tag}>")).nth(1).and_then(|it| it.split('<').next());
            if tag.starts_with("select") {
                select = attribute(tag, "name").unwrap();
                fields.push((select.clone(), String::new()));
            } else if tag.starts_with("option") && tag.ends_with(" selected") {
                let value = attribute(tag, "value").unwrap_or_else(|| unescape(text.unwrap()));
                fields.retain(|(name, _)| *name != select);
                fields.push((select.clone(), value));
            } else if tag.starts_with("input") {
                let checkbox = tag.contains("type=\"checkbox\"");
                if let Some(name) = attribute(tag, "name")
                    && (!checkbox || tag.ends_with(" checked"))
                {
                    fields.push((name, attribute(tag, "value").unwrap_or_default()));
                }
            }
        }
        Self(fields)
    }

    /// With that text in that field, in place of what stood there.
    pub fn set(mut self, name: &str, value: &str) -> Self {
        self.0.retain(|(it, _)| it != name);
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Without that field.
    pub fn without(mut self, name: &str) -> Self {
        self.0.retain(|(it, _)| it != name);
        self
    }

    /// With one more field, or button.
    pub fn and(mut self, name: &str, value: &str) -> Self {
        self.0.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Every value of a field.
    pub fn all(&self, name: &str) -> Vec<&str> {
        self.0.iter().filter(|(it, _)| it == name).map(|(_, value)| value.as_str()).collect()
    }

    pub async fn post(&self, browser: &Browser, path: &str) -> Page {
        let fields: Vec<_> = self.0.iter().map(|(a, b)| (a.as_str(), b.as_str())).collect();
        browser.post(path, &fields).await
    }
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
    Some(unescape(rest.split('"').next()?))
}

fn unescape(text: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, char)| text.replace(entity, char))
}

/// What a person reads in the part of a page with that `id`, one line for each thing.
pub fn region(page: &Page, id: &str) -> String {
    let start = page.body.find(&format!(" id=\"{id}\"")).unwrap_or_else(|| panic!("no {id}"));
    let html = &page.body[start..];
    let html = &html[html.find('>').unwrap() + 1..];
    let html = html.split("</section>").next().unwrap();
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(&before.split_whitespace().collect::<Vec<_>>().join(" "));
        let (tag, after) = tag.split_once('>').unwrap();
        let name = tag.split_whitespace().next().unwrap_or_default();
        let block = ["li", "p", "h2", "h3", "small", "ol", "ul", "dt", "tr"].contains(&name);
        text.push(if block { '\n' } else { ' ' });
        if let Some(state) = attribute(&format!(" {tag}"), "data-state") {
            text.extend(["[", state.as_str(), "] "]);
        }
        rest = after;
    }
    let lines = unescape(&text);
    let lines = lines.lines().map(|it| it.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|it| !it.is_empty()).collect::<Vec<_>>().join("\n")
}

/// The application, its worker, and the marketplace.
pub struct World {
    pub shop: Shop,
    pub simulator: Simulator,
    pub context: sync::Context,
}

impl World {
    pub async fn start(pool: PgPool) -> Self {
        let shop = Shop::start(pool).await;
        let simulator = Simulator::start(Config::default()).await.unwrap();
        // The marketplace lives in the present.
        shop.app.clock.advance(simulator.now().duration_since(shop.app.now()));
        let account = account(&simulator);
        sync::register(&shop.app.pool, std::slice::from_ref(&account)).await.unwrap();
        let context = worker(&account, &shop);
        Self { shop, simulator, context }
    }

    /// Another worker on the same database.
    pub fn another_worker(&self) -> sync::Context {
        worker(&account(&self.simulator), &self.shop)
    }

    /// Reads the marketplace, although it may not be due yet.
    pub async fn pull(&self) {
        self.shop.app.clock.advance(SignedDuration::from_mins(6));
        pull::step(&self.context).await.unwrap();
    }

    /// Sends what is due.
    pub async fn send(&self) {
        self.shop.app.clock.advance(SignedDuration::from_secs(21));
        while deliver::step(&self.context).await.unwrap() == deliver::Step::Done {}
    }

    /// The calls of that kind that reached the marketplace.
    pub fn calls(&self, method: &str, path_end: &str) -> Vec<octopia_simulator::Call> {
        let mut calls = self.simulator.calls();
        calls.retain(|it| it.method == method && it.path.ends_with(path_end));
        calls
    }
}

/// How our own account reaches that marketplace.
fn account(simulator: &Simulator) -> config::Account {
    config::Account {
        id: maison(),
        name: "Maison Lemoine".to_owned(),
        seller_id: "98979".to_owned(),
        client_id: "maison-client".to_owned(),
        client_secret: "maison-secret".into(),
        base_url: simulator.base_url().parse().unwrap(),
        token_url: simulator.token_url().parse().unwrap(),
        time_zone: "Europe/Paris".to_owned(),
        requests_per_second: None,
        options: comptoir::domain::account::Options::default(),
        channels: Vec::new(),
    }
}

fn worker(account: &config::Account, shop: &Shop) -> sync::Context {
    let (pool, clock) = (shop.app.pool.clone(), shop.app.clock.clone());
    sync::Context::new(account, pool, clock, sync::Settings::default(), Uuid::now_v7()).unwrap()
}
