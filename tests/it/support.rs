//! The application as tests use it: one database per test, a clock that stands still, and browsers.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::Mutex;

use argon2::Algorithm;
use argon2::Argon2;
use argon2::Params;
use argon2::Version;
use argon2::password_hash::PasswordHasher;
use axum::Router;
use axum::body::Body;
use axum::http::HeaderMap;
use axum::http::Request;
use axum::http::header;
use axum::http::request::Builder;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use comptoir::clock::Clock;
use comptoir::db;
use comptoir::db::accounts::Account;
use comptoir::db::scope::ScopedPool;
use comptoir::db::scope::SellerScope;
use comptoir::domain::address_rule::Reach;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::live::Live;
use comptoir::secrets::Key;
use comptoir::secrets::Keys;
use comptoir::secrets::Place;
use comptoir::secrets::Sealed;
use comptoir::web;
use comptoir::web::AppState;
use comptoir::web::Environment;
use comptoir::web::Settings;
use comptoir::web::passwords::Work;
use comptoir::workflow::second_factor::totp;
use http_body_util::BodyExt;
use jiff::SignedDuration;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use sqlx::PgPool;
use tower::ServiceExt;

/// When every test begins: Thursday, 14:12 in Paris.
pub const NOW: &str = "2026-11-19T13:12:00Z";
/// Everybody's password.
pub const PASSWORD: &str = "comptoir-test-2026";

/// The key that secrets are sealed with.
pub const KEY: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// What seals secrets here.
pub fn keys() -> Keys {
    Keys::new(Key::parse(KEY).unwrap(), None)
}

/// The application.
pub struct TestApp {
    /// All of its pages.
    pub router: Router,
    /// The test's own database.
    pub pool: PgPool,
    /// Stands at [`NOW`] until it is moved.
    pub clock: Clock,
    /// What the router was made with.
    pub state: AppState,
}

impl TestApp {
    /// Two accounts, `maison` and `atelier`, and one user per role: `Vera` (viewer), `Walid` (warehouse),
    /// `Sonia` (customer service), `Marc` (manager) and `Ana` (admin).
    pub async fn start(pool: PgPool) -> Self {
        Self::start_with(pool, Self::settings()).await
    }

    /// What tests change a part of.
    pub fn settings() -> Settings {
        Settings {
            send_delay: SignedDuration::from_secs(20),
            secure_cookies: false,
            admins_need_second_factor: false,
            rehash_below: Work { memory: 8, passes: 1 },
            trusted_proxies: Vec::new(),
            environment: Environment::Production,
        }
    }

    /// The same with other settings.
    pub async fn start_with(pool: PgPool, settings: Settings) -> Self {
        let clock = Clock::manual(NOW.parse().unwrap());
        insert_accounts(&pool).await;
        for role in Role::ALL {
            let (email, hash) = (email(role), cheap_hash());
            db::users::upsert(&pool, email, name(role), role, &hash, clock.now()).await.unwrap();
        }
        let live = Live::with(&[], Some(Arc::new(keys())), Reach::Public).unwrap();
        let state = AppState {
            pool: pool.clone(),
            scoped: ScopedPool::beside(&pool),
            clock: clock.clone(),
            live,
            single_sign_on: None,
            settings,
        };
        Self { router: web::router(state.clone()), pool, clock, state }
    }

    /// The present.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// A browser that nobody has signed in with.
    pub fn visitor(&self) -> Browser {
        Browser::new(self.router.clone())
    }

    /// The browser of the user with that role, who has gone through the sign-in form.
    pub async fn sign_in(&self, role: Role) -> Browser {
        let browser = self.visitor();
        let page =
            browser.post("/sign-in", &[("email", email(role)), ("password", PASSWORD)]).await;
        assert_eq!(page.status, 303, "{}", page.text());
        browser
    }

    /// What the user with that role sees. Only a live session makes a scope.
    pub async fn scope(&self, role: Role) -> SellerScope {
        let (id, now) = (uuid::Uuid::now_v7(), self.now());
        let user: i64 = sqlx::query_scalar("SELECT user_id FROM users WHERE email = $1")
            .bind(email(role))
            .fetch_one(&self.pool)
            .await
            .unwrap();
        let data = serde_json::json!({ "user_id": user });
        let ends = now + SignedDuration::from_hours(1);
        db::sessions::insert(&self.pool, id.as_bytes(), &data, ends, now).await.unwrap();
        let present =
            db::users::present(&self.pool, id.as_bytes(), Timestamp::UNIX_EPOCH, now).await;
        present.unwrap().expect("a live session").scope
    }

    /// What the app of the only user with a second factor knows.
    pub async fn app_secret(&self) -> Vec<u8> {
        let (user, key_id, bytes): (i64, String, Vec<u8>) =
            sqlx::query_as("SELECT user_id, key_id, secret FROM second_factors")
                .fetch_one(&self.pool)
                .await
                .unwrap();
        let row = user.to_string();
        let place = Place { table: "second_factors", row: &row, column: "secret" };
        let letters = keys().open(&Sealed { key_id, bytes }, place).unwrap();
        STANDARD.decode(letters.expose_secret()).unwrap()
    }

    /// The code that it shows now.
    pub async fn app_code(&self) -> String {
        totp::shown(&self.app_secret().await, self.now())
    }

    /// What the audit says, oldest first: what kind of act, and by whom.
    pub async fn audited(&self) -> Vec<String> {
        let sql = "SELECT kind || coalesce(' by ' || split_part(u.name, ' ', 1), '')
                     || coalesce(' ' || (details ->> 'reason'), '')
                     || coalesce(' ' || (details ->> 'method'), '')
                   FROM audit LEFT JOIN users AS u USING (user_id) ORDER BY seq";
        sqlx::query_scalar(sql).fetch_all(&self.pool).await.unwrap()
    }

    /// A browser on routes of the test's own, within everything that surrounds ours.
    pub fn framed(&self, routes: Router<AppState>) -> Browser {
        Browser::new(web::frame(routes, self.state.clone(), web::MAX_DURATION))
    }
}

/// The paths of every route, as axum tells them to whoever debugs: it has no other list of them, and one of our
/// own could forget a new route.
pub fn routes(router: &Router) -> Vec<String> {
    let told = format!("{router:?}");
    let mut paths: Vec<_> = told
        .split("RouteId(")
        .filter_map(|it| it.split_once("): \"")?.1.split('"').next().map(str::to_owned))
        .filter(|it| it.starts_with('/') && !it.contains("__private"))
        .collect();
    paths.sort();
    paths.dedup();
    paths
}

/// The address of the user with that role.
pub fn email(role: Role) -> &'static str {
    match role {
        Role::Viewer => "vera@comptoir.test",
        Role::Warehouse => "walid@comptoir.test",
        Role::CustomerService => "sonia@comptoir.test",
        Role::Manager => "marc@comptoir.test",
        Role::Admin => "ana@comptoir.test",
    }
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

async fn insert_accounts(pool: &PgPool) {
    let mut conn = pool.acquire().await.unwrap();
    let accounts = [("maison", "Maison Lemoine", "10482"), ("atelier", "Atelier du Port", "31055")];
    for (position, (id, name, seller_id)) in (0..).zip(accounts) {
        let account = Account {
            id: AccountId(id.to_owned()),
            name: name.to_owned(),
            seller_id: seller_id.to_owned(),
            time_zone: "Europe/Paris".to_owned(),
        };
        db::accounts::upsert(&mut conn, &account, position).await.unwrap();
    }
}

/// The right algorithm with the least work: verifying uses the parameters of the hash.
fn cheap_hash() -> String {
    let params = Params::new(8, 1, 1, None).unwrap();
    let argon2 = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
    argon2.hash_password(PASSWORD.as_bytes()).unwrap().to_string()
}

/// A browser without JavaScript: keeps cookies, does not follow redirects.
pub struct Browser {
    router: Router,
    cookies: Mutex<BTreeMap<String, String>>,
    language: &'static str,
}

impl Browser {
    /// One without cookies.
    pub fn new(router: Router) -> Self {
        Self { router, cookies: Mutex::default(), language: "en" }
    }

    /// The same, set to that language.
    pub fn speaking(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// The value of a cookie.
    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }

    /// Puts a cookie in.
    pub fn set_cookie(&self, name: &str, value: &str) {
        self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
    }

    /// Opens an address.
    pub async fn get(&self, path: &str) -> Page {
        self.send(Request::get(path), Body::empty()).await
    }

    /// Asks for a fragment, as htmx does on a page of that address.
    pub async fn get_fragment(&self, path: &str) -> Page {
        self.send(htmx(Request::get(path), path), Body::empty()).await
    }

    /// Sends a form.
    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Page {
        self.send(form(Request::post(path)), Body::from(encode(fields))).await
    }

    /// Sends any request, with the browser's cookies and language.
    pub async fn send(&self, request: Builder, body: impl Into<Body>) -> Page {
        let cookies = self.cookies.lock().unwrap().clone();
        let cookies: Vec<_> =
            cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
        let mut request = request.header(header::HOST, "comptoir.test");
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        // As a browser would, unless the test wants something else.
        let says = request.headers_ref().unwrap();
        if !says.contains_key("sec-fetch-site") && !says.contains_key(header::ORIGIN) {
            request = request.header("sec-fetch-site", "same-origin");
        }
        if !self.language.is_empty() {
            request = request.header(header::ACCEPT_LANGUAGE, self.language);
        }
        let request = request.body(body.into()).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        self.keep_cookies(&parts.headers);
        let bytes = body.collect().await.unwrap().to_bytes();
        Page {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    fn keep_cookies(&self, headers: &HeaderMap) {
        let mut jar = self.cookies.lock().unwrap();
        for value in headers.get_all(header::SET_COOKIE) {
            let value = value.to_str().unwrap();
            let (name, rest) = value.split_once('=').unwrap();
            let content = rest.split(';').next().unwrap();
            if value.contains("Max-Age=0") {
                jar.remove(name);
            } else {
                jar.insert(name.to_owned(), content.to_owned());
            }
        }
    }
}

fn form(request: Builder) -> Builder {
    request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
}

fn htmx(request: Builder, path: &str) -> Builder {
    request
        .header("hx-request", "true")
        .header("hx-current-url", format!("http://comptoir.test{path}"))
}

/// A form's body.
pub fn encode(fields: &[(&str, &str)]) -> String {
    serde_html_form::to_string(fields).unwrap()
}

/// An answer.
#[derive(Debug)]
pub struct Page {
    /// 200.
    pub status: u16,
    /// Its headers.
    pub headers: HeaderMap,
    /// Its HTML.
    pub body: String,
}

impl Page {
    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |it| it.to_str().unwrap())
    }

    /// Where it leads.
    pub fn location(&self) -> &str {
        self.header("location")
    }

    /// What a person reads on it, with single spaces.
    pub fn text(&self) -> String {
        text_of(&self.body)
    }

    /// The contents of `<main>`.
    pub fn main(&self) -> &str {
        let start = self.body.find("<main").unwrap_or_else(|| panic!("no main: {}", self.body));
        let end = self.body.find("</main>").unwrap();
        &self.body[start..end]
    }

    /// What a person reads in `<main>`.
    pub fn main_text(&self) -> String {
        text_of(self.main())
    }

    /// The contents of `<title>`.
    pub fn title(&self) -> String {
        let rest = self.body.split_once("<title>").map_or("", |(_, rest)| rest);
        text_of(rest.split("</title>").next().unwrap())
    }

    /// The value of the first attribute of that name: of a hidden field, a state.
    pub fn attribute(&self, name: &str) -> Option<String> {
        let (_, rest) = self.body.split_once(&format!(" {name}=\""))?;
        Some(unescape(rest.split('"').next()?))
    }

    /// The value of the control of that name.
    pub fn value_of(&self, name: &str) -> Option<String> {
        let (before, after) = self.body.split_once(&format!(" name=\"{name}\""))?;
        let start = &before[before.rfind('<')?..];
        let tag = format!("{start}{}", after.split('>').next()?);
        let (_, rest) = tag.split_once(" value=\"")?;
        Some(unescape(rest.split('"').next()?))
    }
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
