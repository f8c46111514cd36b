//! A Chromium with a profile of its own, and what a person does with one.

use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Method;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;
use serde_json::json;
use thirtyfour::By;
use thirtyfour::Key;
use thirtyfour::RequestData;
use thirtyfour::SessionId;
use thirtyfour::WebDriver;
use thirtyfour::WebElement;
use thirtyfour::common::command::FormatRequestData;
use thirtyfour::extensions::query::ElementPollerWithTimeout;
use thirtyfour::extensions::query::ElementQuery;
use thirtyfour::extensions::query::ElementQueryable;
use uuid::Uuid;

use crate::chromedriver::Chromedriver;
use crate::chromedriver::capabilities;

/// How long anything may take to appear.
const PATIENCE: Duration = Duration::from_secs(20);
const LOOK_EVERY: Duration = Duration::from_millis(40);

/// Whether pages may run scripts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scripts {
    /// They may, as nearly everywhere.
    On,
    /// Blocked in the settings, as some people have them.
    Off,
}

/// A size of the window, in CSS pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Size(pub u32, pub u32);

/// A desk.
pub const DESKTOP: Size = Size(1440, 1000);
/// A telephone.
pub const PHONE: Size = Size(390, 844);
/// The narrowest that must do without scrolling sideways (WCAG 1.4.10).
pub const NARROWEST: Size = Size(320, 640);

/// One browser window. Dropping it ends the browser.
pub struct Browser {
    driver: WebDriver,
    /// The process of the browser.
    process: u64,
    _chromedriver: Arc<Chromedriver>,
    origin: String,
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Asking chromedriver to end it would block the thread that also serves the pages, for minutes.
        let _ = self.driver.clone().leak();
        let _ = Command::new("kill").args(["-KILL", &self.process.to_string()]).status();
    }
}

/// A command of the `DevTools` protocol, through chromedriver.
#[derive(Debug)]
struct DevTools(&'static str, Value);

impl FormatRequestData for DevTools {
    fn format_request(&self, session_id: &SessionId) -> RequestData {
        RequestData::new(Method::POST, format!("/session/{session_id}/goog/cdp/execute"))
            .add_body(json!({ "cmd": self.0, "params": self.1 }))
    }
}

impl Browser {
    /// Opens a window for the pages at `origin`, which is like `http://127.0.0.1:8080`.
    pub async fn open(origin: &str, scripts: Scripts, language: &str) -> Self {
        // reqwest is built without a provider of its own; a second call finds the first one's.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let chromedriver = Chromedriver::shared();
        let profile = chromedriver.folder().join(Uuid::now_v7().to_string());
        let poller = ElementPollerWithTimeout::new(PATIENCE, LOOK_EVERY);
        let capabilities = capabilities(&profile, scripts, language);
        let driver = WebDriver::builder(chromedriver.url(), capabilities).poller(Arc::new(poller));
        let driver = driver.await.unwrap();
        let process = driver.capabilities().get("goog:processID").and_then(Value::as_u64).unwrap();
        let origin = origin.to_owned();
        let browser = Self { driver, process, _chromedriver: chromedriver, origin };
        browser.resize(DESKTOP).await;
        browser
    }

    async fn tell(&self, command: &'static str, params: Value) {
        self.driver.cmd(DevTools(command, params)).await.unwrap();
    }

    /// Gives the page that size.
    pub async fn resize(&self, Size(width, height): Size) {
        let params = json!({
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600
        });
        self.tell("Emulation.setDeviceMetricsOverride", params).await;
    }

    /// `light` or `dark`, as the system is set.
    pub async fn set_theme(&self, theme: &str) {
        let features = json!([
            { "name": "prefers-color-scheme", "value": theme },
            { "name": "prefers-reduced-motion", "value": "reduce" },
        ]);
        self.tell("Emulation.setEmulatedMedia", json!({ "features": features })).await;
    }

    /// Where the product is.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Goes to a path of the product.
    pub async fn goto(&self, path: &str) {
        self.driver.goto(format!("{}{path}", self.origin)).await.unwrap();
    }

    /// The path and query of the page that is shown.
    pub async fn path(&self) -> String {
        let url = self.driver.current_url().await.unwrap();
        url[url::Position::BeforePath..].to_owned()
    }

    /// What stands on the tab.
    pub async fn title(&self) -> String {
        self.driver.title().await.unwrap()
    }

    /// Back in the history.
    pub async fn back(&self) {
        self.driver.back().await.unwrap();
    }

    /// The same page anew.
    pub async fn reload(&self) {
        self.driver.refresh().await.unwrap();
    }

    /// Breaks the line, or mends it.
    pub async fn offline(&self, offline: bool) {
        let conditions = json!({
            "offline": offline, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1
        });
        self.tell("Network.emulateNetworkConditions", conditions).await;
    }

    /// Looks for a CSS selector with patience.
    pub fn query(&self, css: &str) -> ElementQuery {
        self.driver.query(By::Css(css.to_owned())).desc(css)
    }

    /// Waits until it is there and shown.
    pub async fn see(&self, css: &str) -> WebElement {
        let found = self.query(css).and_displayed().first().await;
        match found {
            Ok(element) => element,
            Err(error) => {
                panic!("no {css} on {}: {error}\n{}", self.path().await, self.text().await)
            }
        }
    }

    /// Waits until that element has that text in it.
    pub async fn see_text(&self, css: &str, text: &str) {
        let wanted = text.to_owned();
        let found = self.query(css).with_filter(move |it: WebElement| {
            let wanted = wanted.clone();
            // An element that was replaced meanwhile is looked for again.
            async move { Ok(it.text().await.is_ok_and(|it| it.contains(&wanted))) }
        });
        if let Err(error) = found.first().await {
            panic!("no “{text}” in {css} on {}: {error}\n{}", self.path().await, self.text().await);
        }
    }

    /// How many there are now.
    pub async fn count(&self, css: &str) -> usize {
        self.driver.find_all(By::Css(css)).await.unwrap().len()
    }

    /// What a person reads in the page.
    pub async fn text(&self) -> String {
        let body = self.driver.find(By::Css("body")).await.unwrap();
        body.text().await.unwrap()
    }

    /// What a person reads in that element.
    pub async fn text_of(&self, css: &str) -> String {
        self.see(css).await.text().await.unwrap()
    }

    /// Presses it.
    pub async fn click(&self, css: &str) {
        self.see(css).await.click().await.unwrap();
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, css: &str, text: &str) {
        let field = self.see(css).await;
        field.clear().await.unwrap();
        field.send_keys(text).await.unwrap();
    }

    /// Chooses the first option of a list with exactly these words.
    pub async fn choose(&self, css: &str, words: &str) {
        self.choose_any(css, &[words]).await;
    }

    /// Chooses the first option of a list with exactly one of these words.
    pub async fn choose_any(&self, css: &str, words: &[&str]) {
        let list = self.see(css).await;
        for option in list.find_all(By::Css("option")).await.unwrap() {
            if words.contains(&option.text().await.unwrap().trim()) {
                return option.click().await.unwrap();
            }
        }
        panic!("no option {words:?} in {css}");
    }

    /// What stands in a field.
    pub async fn value(&self, css: &str) -> String {
        self.see(css).await.prop("value").await.unwrap().unwrap_or_default()
    }

    /// An attribute of an element, or nothing.
    pub async fn attribute(&self, css: &str, name: &str) -> String {
        self.see(css).await.attr(name).await.unwrap().unwrap_or_default()
    }

    /// Presses keys, wherever the focus is.
    pub async fn press(&self, keys: impl Into<thirtyfour::TypingData>) {
        self.driver.action_chain().send_keys(keys).perform().await.unwrap();
    }

    /// Presses the left button twice, as fast as it goes.
    pub async fn double_click(&self, css: &str) {
        let element = self.see(css).await;
        self.driver.action_chain().double_click_element(&element).perform().await.unwrap();
    }

    /// Moves the focus with the tabulator until it is there.
    pub async fn tab_to(&self, css: &str) {
        for _ in 0..80 {
            self.press(Key::Tab).await;
            if self.focus_is(css).await {
                return;
            }
        }
        panic!("the tabulator never reaches {css} on {}", self.path().await);
    }

    /// Whether the focus is there.
    pub async fn focus_is(&self, css: &str) -> bool {
        self.run("return document.activeElement.matches(arguments[0])", json!([css])).await == true
    }

    /// What a person reads where the focus is.
    pub async fn focused_text(&self) -> String {
        let text = self.run("return document.activeElement.innerText", json!([])).await;
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the focus is there.
    pub async fn see_focus(&self, css: &str) {
        self.see(&format!("{css}:focus")).await;
    }

    /// Runs a script in the page, which no policy of the page forbids.
    pub async fn run(&self, script: &str, arguments: Value) -> Value {
        let Value::Array(arguments) = arguments else { panic!("arguments are a list") };
        self.driver.execute(script, arguments).await.unwrap().json().clone()
    }

    /// The same for a script that calls its last argument when it is done.
    pub async fn run_async(&self, script: &str, arguments: Value) -> Value {
        let Value::Array(arguments) = arguments else { panic!("arguments are a list") };
        self.driver.execute_async(script, arguments).await.unwrap().json().clone()
    }

    /// A picture of the page as a WebP, not longer than one and a half windows.
    pub async fn picture(&self, size: Size) -> Vec<u8> {
        let height = "return Math.ceil(document.documentElement.getBoundingClientRect().height)";
        let height = self.run(height, json!([])).await.as_u64().unwrap();
        let height = u32::try_from(height).unwrap().clamp(size.1 / 2, size.1 * 3 / 2);
        self.resize(Size(size.0, height)).await;
        let how = json!({ "format": "webp", "quality": 70 });
        let answer = self.driver.cmd(DevTools("Page.captureScreenshot", how)).await.unwrap();
        let answer = answer.value_json().unwrap();
        self.resize(size).await;
        STANDARD.decode(answer["data"].as_str().unwrap()).unwrap()
    }

    /// What the browser has complained about since it was last asked: errors of scripts, of the content
    /// security policy, answers that say no.
    pub async fn complaints(&self) -> Vec<String> {
        let log = self.driver.get_log("browser").await.unwrap();
        log.into_iter().map(|it| format!("{} {}", it.level, it.message)).collect()
    }

    /// Every address that was asked for since this was last asked.
    pub async fn requests(&self) -> Vec<String> {
        let log = self.driver.get_log("performance").await.unwrap();
        let events = log.iter().map(|it| serde_json::from_str::<Value>(&it.message).unwrap());
        let sent = events.filter(|it| it["message"]["method"] == "Network.requestWillBeSent");
        sent.map(|it| it["message"]["params"]["request"]["url"].as_str().unwrap().to_owned())
            .filter(|it| !it.starts_with("data:") && !it.starts_with("chrome"))
            .collect()
    }

    /// Nothing went wrong that a person would not see, and nobody else was told.
    pub async fn was_quiet(&self) {
        assert_eq!(self.complaints().await, Vec::<String>::new(), "on {}", self.path().await);
        let mut elsewhere = self.requests().await;
        assert!(!elsewhere.is_empty(), "no request was logged");
        elsewhere.retain(|it| !it.starts_with(&format!("{}/", self.origin)));
        assert_eq!(elsewhere, Vec::<String>::new());
    }
}
