//! A mirror filled by hand, and browsers without JavaScript.

use axum::Router;
use axum::body::Body;
use axum::http::Request;
use axum::http::Response;
use axum::http::header;
use comptoir::clock::Clock;
use comptoir::db;
use comptoir::db::accounts::Account;
use comptoir::db::scope::ScopedPool;
use comptoir::db::scope::SellerScope;
use comptoir::db::upsert::Incoming;
use comptoir::domain::address::Address;
use comptoir::domain::channel::Channel;
use comptoir::domain::channel::Rules;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::domain::order::Amounts;
use comptoir::domain::order::Line;
use comptoir::domain::order::Order;
use comptoir::domain::order::Status;
use comptoir::domain::order::SupplyMode;
use comptoir::live::Live;
use comptoir::web;
use comptoir::web::AppState;
use comptoir::web::Environment;
use comptoir::web::Settings;
use comptoir::web::passwords::Work;
use http_body_util::BodyExt;
use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgPool;
use tower::ServiceExt;

use crate::model::Sample;

/// When every test begins: Thursday, 14:12 in Paris.
pub const NOW: &str = "2026-11-19T13:12:00Z";
const PASSWORD: &str = "comptoir-test-2026";

/// The application with two accounts, `maison` and `atelier`, and no orders.
pub struct World {
    pub pool: PgPool,
    pub clock: Clock,
    pub router: Router,
}

impl World {
    pub async fn start(pool: PgPool) -> Self {
        let clock = Clock::manual(at(NOW));
        let mut conn = pool.acquire().await.unwrap();
        for (position, (id, name)) in
            (0..).zip([("maison", "Maison Lemoine"), ("atelier", "Atelier du Port")])
        {
            let account = Account {
                id: AccountId(id.to_owned()),
                name: name.to_owned(),
                seller_id: "10482".to_owned(),
                time_zone: "Europe/Paris".to_owned(),
            };
            db::accounts::upsert(&mut conn, &account, position).await.unwrap();
        }
        drop(conn);
        let settings = Settings {
            send_delay: SignedDuration::from_secs(20),
            secure_cookies: false,
            admins_need_second_factor: false,
            rehash_below: Work { memory: 8, passes: 1 },
            trusted_proxies: Vec::new(),
            environment: Environment::Production,
        };
        let state = AppState {
            pool: pool.clone(),
            scoped: ScopedPool::beside(&pool),
            clock: clock.clone(),
            live: Live::default(),
            single_sign_on: None,
            settings,
        };
        Self { pool, clock, router: web::router(state) }
    }

    /// Mirrors orders of `maison`.
    pub async fn mirror(&self, orders: &[Order]) {
        self.mirror_for("maison", orders).await;
    }

    pub async fn mirror_for(&self, account: &str, orders: &[Order]) {
        let account = AccountId(account.to_owned());
        let mut conn = self.pool.acquire().await.unwrap();
        let incoming: Vec<_> =
            orders.iter().map(|order| Incoming { order, raw: "{}", raw_hash: 0 }).collect();
        db::upsert::orders(&mut conn, &account, &incoming, self.clock.now()).await.unwrap();
        let channels: Vec<_> = orders
            .iter()
            .map(|it| Channel {
                id: it.channel_id.clone(),
                name: it.channel_name.clone(),
                rules: Rules::documented(&it.channel_id),
            })
            .collect();
        db::reference::see_channels(&mut conn, &account, &channels).await.unwrap();
    }

    /// Notes the last promise of an order of `maison`.
    pub async fn promised(&self, order_id: &str, kind: &str, state: &str) {
        let sql = "UPDATE orders SET promise_kind = $2, promise_state = $3, promise_at = now()
                   WHERE account_id = 'maison' AND order_id = $1";
        let query = sqlx::query(sql).bind(order_id).bind(kind).bind(state);
        assert_eq!(query.execute(&self.pool).await.unwrap().rows_affected(), 1);
    }

    /// What the desk made of these orders.
    pub async fn decide(&self, samples: &[Sample]) {
        for (account, order, desk) in samples {
            let sql =
                "UPDATE orders SET promise_kind = CASE WHEN $3::text IS NOT NULL THEN 'ship' END,
                         promise_state = $3, assigned_to = $4, note_count = $5
                       WHERE account_id = $1 AND order_id = $2";
            let query = sqlx::query(sql).bind(account).bind(&order.id).bind(desk.state);
            let query = query.bind(desk.assigned_to).bind(desk.notes);
            assert_eq!(query.execute(&self.pool).await.unwrap().rows_affected(), 1);
        }
    }

    pub async fn synced(&self) {
        let sql = "UPDATE sync_states SET last_success_at = $1::timestamptz";
        let now = self.clock.now().to_string();
        sqlx::query(sql).bind(now).execute(&self.pool).await.unwrap();
    }

    /// What somebody sees who works for all accounts. Only a live session makes a scope.
    pub async fn scope(&self) -> SellerScope {
        let (id, now) = (uuid::Uuid::now_v7(), self.clock.now());
        let role = Role::Manager;
        let user = db::users::upsert(&self.pool, "scope@comptoir.test", "Scope", role, "-", now);
        let data = serde_json::json!({ "user_id": user.await.unwrap() });
        let ends = now + SignedDuration::from_hours(1);
        db::sessions::insert(&self.pool, id.as_bytes(), &data, ends, now).await.unwrap();
        let present =
            db::users::present(&self.pool, id.as_bytes(), Timestamp::UNIX_EPOCH, now).await;
        present.unwrap().expect("a live session").scope
    }

    /// The browser of a user with that role, who has gone through the sign-in form.
    pub async fn sign_in(&self, role: Role) -> Browser {
        let email = format!("{}@comptoir.test", role.as_str());
        let hash = web::passwords::hash(PASSWORD.into()).await.unwrap();
        let now = self.clock.now();
        db::users::upsert(&self.pool, &email, "Vera Vidal", role, &hash, now).await.unwrap();
        let form = serde_html_form::to_string([("email", email.as_str()), ("password", PASSWORD)]);
        let request = Request::post("/sign-in")
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .body(Body::from(form.unwrap()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), 303);
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        let cookie = cookie.split(';').next().unwrap().to_owned();
        Browser { router: self.router.clone(), cookie, language: "en" }
    }
}

/// A signed-in browser.
pub struct Browser {
    router: Router,
    cookie: String,
    pub language: &'static str,
}

impl Browser {
    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path)).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        let request = Request::post(path)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("sec-fetch-site", "same-origin")
            .header(header::HOST, "comptoir.test")
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT_LANGUAGE, self.language)
            .body(Body::from(serde_html_form::to_string(fields).unwrap()))
            .unwrap();
        Page::of(self.router.clone().oneshot(request).await.unwrap()).await
    }

    pub async fn get_fragment(&self, path: &str) -> Page {
        self.send(Request::get(path).header("hx-request", "true")).await
    }

    /// The answer as it arrives.
    pub async fn answer(&self, request: axum::http::request::Builder) -> Response<Body> {
        let request = request
            .header(header::HOST, "comptoir.test")
            .header(header::COOKIE, &self.cookie)
            .header(header::ACCEPT_LANGUAGE, self.language)
            .body(Body::empty())
            .unwrap();
        self.router.clone().oneshot(request).await.unwrap()
    }

    async fn send(&self, request: axum::http::request::Builder) -> Page {
        Page::of(self.answer(request).await).await
    }

    /// The orders of a list, page after page by its links, and how they are cut into pages.
    pub async fn pages(&self, path: &str) -> Vec<Vec<String>> {
        let mut page = self.get(path).await;
        let mut pages = vec![page.orders()];
        while let Some(next) = page.link("next") {
            page = self.get(&next).await;
            pages.push(page.orders());
        }
        pages
    }

    /// The same from the last page to the first.
    pub async fn pages_backwards(&self, path: &str) -> Vec<Vec<String>> {
        let mut page = self.get(path).await;
        while let Some(next) = page.link("next") {
            page = self.get(&next).await;
        }
        let mut pages = vec![page.orders()];
        while let Some(previous) = page.link("prev") {
            page = self.get(&previous).await;
            pages.insert(0, page.orders());
        }
        pages
    }
}

/// An answer.
#[derive(Debug)]
pub struct Page {
    pub status: u16,
    pub location: String,
    pub hx_redirect: String,
    pub hx_push_url: String,
    pub body: String,
}

impl Page {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let header = |name: &str| {
            parts.headers.get(name).map_or_else(String::new, |it| it.to_str().unwrap().to_owned())
        };
        let bytes = body.collect().await.unwrap().to_bytes();
        Self {
            status: parts.status.as_u16(),
            location: header("location"),
            hx_redirect: header("hx-redirect"),
            hx_push_url: header("hx-push-url"),
            body: String::from_utf8(bytes.to_vec()).unwrap(),
        }
    }

    /// What a person reads in `<main>`.
    pub fn text(&self) -> String {
        text_of(self.between("<main", "</main>"))
    }

    /// The identifiers of the rows, in their order.
    pub fn orders(&self) -> Vec<String> {
        assert_eq!(self.status, 200, "{}", self.body);
        // Before the link there may be a box to tick.
        let rows = self.body.split("<th scope=\"row\">").skip(1);
        let links = rows.map(|it| it.split_once("<a href=\"").unwrap().1);
        links
            .map(|it| text_of(it.split_once('>').unwrap().1.split("</a>").next().unwrap()))
            .map(|it| it.replace(' ', ""))
            .collect()
    }

    /// The HTML of an order's row.
    pub fn row(&self, order_id: &str) -> &str {
        let end = ["\"", "?"].iter().find_map(|it| self.body.find(&format!("/{order_id}{it}")));
        let end = end.expect("the order is listed");
        let start = self.body[..end].rfind("<tr").unwrap();
        &self.body[start..start + self.body[start..].find("</tr>").unwrap() + "</tr>".len()]
    }

    /// What a person reads in the column of that number, counted from 0.
    pub fn cell(&self, order_id: &str, column: usize) -> String {
        let row = self.row(order_id).replace("<th ", "<td ");
        text_of(&format!("<td{}", row.split("<td").nth(column + 1).unwrap()))
    }

    /// The headings of the groups, with the number of rows under each.
    pub fn groups(&self) -> Vec<(String, usize)> {
        let groups = self.body.split("<th scope=\"rowgroup\"").skip(1);
        groups
            .map(|it| {
                let heading = text_of(&format!("<x{}", it.split("</th>").next().unwrap()));
                (heading, it.matches("<th scope=\"row\"").count())
            })
            .collect()
    }

    /// The tabs: their words, addresses and counts.
    pub fn tabs(&self) -> Vec<(String, String, Option<i64>)> {
        let nav = self.between("<nav class=\"tabs\"", "</nav>");
        let tabs = nav.split("<a ").skip(1).map(|it| {
            let href = unescape(between(it, "href=\"", "\""));
            let words = text_of(between(it, ">", "</a>"));
            let count = it
                .contains("<data>")
                .then(|| between(it, "<data>", "</data>").replace('\u{202f}', "").parse().unwrap());
            (words, href, count)
        });
        tabs.collect()
    }

    /// The address of a link with that `rel`.
    pub fn link(&self, rel: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!("rel=\"{rel}\" href=\""))?;
        Some(unescape(rest.split('"').next().unwrap()))
    }

    pub fn between(&self, start: &str, end: &str) -> &str {
        between(&self.body, start, end)
    }
}

fn between<'a>(text: &'a str, start: &str, end: &str) -> &'a str {
    let (_, rest) = text.split_once(start).unwrap_or_else(|| panic!("no {start} in {text}"));
    rest.split(end).next().unwrap()
}

fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, tag)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = tag.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    unescape(&text).split_whitespace().collect::<Vec<_>>().join(" ")
}

fn unescape(text: &str) -> String {
    [("&#60;", "<"), ("&#62;", ">"), ("&#34;", "\""), ("&#39;", "'"), ("&#38;", "&")]
        .iter()
        .fold(text.to_owned(), |text, (entity, char)| text.replace(entity, char))
}

pub fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// An order to ship, made on the 18th, with a deadline on the 20th.
pub fn order(id: &str) -> Order {
    let address = Address {
        civility: Some("M.".to_owned()),
        first_name: Some("Karim".to_owned()),
        last_name: Some("Benali".to_owned()),
        postal_code: Some("13002".to_owned()),
        city: Some("Marseille".to_owned()),
        ..Address::default()
    };
    Order {
        id: id.to_owned(),
        reference: None,
        channel_id: "CDISFR".to_owned(),
        channel_name: "Cdiscount".to_owned(),
        business: false,
        status: Status::InPreparation,
        customer_reference: None,
        payment_method: None,
        created_at: at("2026-11-18T08:31:00Z"),
        updated_at: at("2026-11-18T09:00:00Z"),
        ship_by: Some(at("2026-11-20T17:00:00Z")),
        amounts: Amounts {
            currency: "EUR".to_owned(),
            selling_total: "389.6".parse().unwrap(),
            offer_total: None,
            service_fees: Vec::new(),
        },
        billing: None,
        shipping: Some(address),
        lines: vec![line("L1", 4, SupplyMode::Seller)],
        parcels: Vec::new(),
    }
}

pub fn line(id: &str, quantity: i32, supply_mode: SupplyMode) -> Line {
    Line {
        id: id.to_owned(),
        status: Status::InPreparation,
        supply_mode,
        quantity,
        offer_id: None,
        sku: Some("MIC-ALP6-2055516".to_owned()),
        title: "Pneu hiver Michelin Alpin 6 <205/55 R16>".to_owned(),
        gtin: None,
        condition: None,
        offer_unit_price: None,
        selling_unit_price: None,
        shipping_cost: None,
        commission: None,
        commission_rate: None,
        vat_rate: None,
        delivery_mode: None,
        promised_from: None,
        promised_to: None,
    }
}
