//! The program that drives Chromium: one for all tests that run at the same time in this process.

use std::fs;
use std::io::BufRead;
use std::io::BufReader;
use std::path::Path;
use std::path::PathBuf;
use std::process::Child;
use std::process::Command;
use std::process::Stdio;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::Weak;

use serde_json::json;
use thirtyfour::Capabilities;
use thirtyfour::DesiredCapabilities;
use uuid::Uuid;

use crate::browser::Scripts;

const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-sync",
    "--disable-extensions",
    "--force-device-scale-factor=1",
    "--hide-scrollbars",
    // Names that are not this machine's own, for which browsers have stricter manners.
    "--host-resolver-rules=MAP *.test 127.0.0.1",
];

/// A running chromedriver. It ends with the last browser that uses it.
#[derive(Debug)]
pub struct Chromedriver {
    process: Child,
    port: u16,
    folder: PathBuf,
}

static RUNNING: Mutex<Weak<Chromedriver>> = Mutex::new(Weak::new());

impl Chromedriver {
    /// The one that runs; a new one, if none does.
    pub fn shared() -> Arc<Self> {
        let mut running = RUNNING.lock().unwrap_or_else(PoisonError::into_inner);
        running.upgrade().unwrap_or_else(|| {
            // The port that it finds free may be taken by the time it listens there.
            let started =
                (0..10).find_map(|_| Self::start()).expect("a free port within ten tries");
            let started = Arc::new(started);
            *running = Arc::downgrade(&started);
            started
        })
    }

    fn start() -> Option<Self> {
        let program = std::env::var("CHROMEDRIVER").unwrap_or_else(|_| "chromedriver".to_owned());
        let folder = std::env::temp_dir().join(format!("comptoir-browsers-{}", Uuid::now_v7()));
        fs::create_dir(&folder).unwrap();
        let mut process = Command::new(&program)
            .arg("--port=0")
            .env("TMPDIR", &folder)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap_or_else(|error| panic!("{program}: {error}; see bin/test --help"));
        let mut said = BufReader::new(process.stdout.take().unwrap());
        let Some(port) = port(&mut said) else {
            process.wait().unwrap();
            fs::remove_dir_all(&folder).unwrap();
            return None;
        };
        // It goes on talking, and would stop at a full pipe.
        std::thread::spawn(move || std::io::copy(&mut said, &mut std::io::sink()));
        Some(Self { process, port, folder })
    }

    /// For the profiles of its browsers, and for what they leave behind.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

/// What it says once it listens: `ChromeDriver was started successfully on port 37285.` It ends without
/// that if it cannot listen.
fn port(said: &mut impl BufRead) -> Option<u16> {
    let mut lines = said.lines().map_while(Result::ok);
    lines.find_map(|line| {
        let (_, port) = line.split_once("successfully on port ")?;
        port.trim_end_matches('.').parse().ok()
    })
}

impl Drop for Chromedriver {
    fn drop(&mut self) {
        // It may have ended by itself, which is as good.
        let _ = self.process.kill();
        let _ = self.process.wait();
        // A browser that is just ending may still write there, for some milliseconds.
        let removed = (0..1000).any(|_| fs::remove_dir_all(&self.folder).is_ok());
        assert!(removed || std::thread::panicking(), "{} is left behind", self.folder.display());
    }
}

/// What a browser is asked to be.
pub fn capabilities(profile: &Path, scripts: Scripts, language: &str) -> Capabilities {
    let mut args: Vec<String> = FLAGS.iter().map(|it| (*it).to_owned()).collect();
    args.push(format!("--user-data-dir={}", profile.display()));
    args.push(format!("--lang={language}"));
    let mut preferences = json!({
        "intl.accept_languages": language,
        "credentials_enable_service": false,
        "profile.password_manager_leak_detection": false,
    });
    if scripts == Scripts::Off {
        preferences["profile.managed_default_content_settings.javascript"] = json!(2);
    }
    let mut options = json!({ "args": args, "prefs": preferences });
    if let Ok(binary) = std::env::var("CHROMIUM") {
        options["binary"] = json!(binary);
    }
    let mut capabilities: Capabilities = DesiredCapabilities::chrome().into();
    capabilities.set("goog:chromeOptions", options).unwrap();
    let logs = json!({ "browser": "ALL", "performance": "ALL" });
    capabilities.set("goog:loggingPrefs", logs).unwrap();
    capabilities
}
