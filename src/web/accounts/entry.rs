//! What was typed about an account.

use secrecy::ExposeSecret as _;
use secrecy::SecretString;
use serde::Deserialize;

use crate::db::accounts::Setting;
use crate::live;

/// What was typed, exactly as it was typed. The secret never goes back into a page.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Entry {
    /// The key, of a new account.
    pub account: String,
    pub name: String,
    pub seller_id: String,
    pub client_id: String,
    client_secret: SecretString,
    pub base_url: String,
    pub token_url: String,
    pub requests_per_second: String,
    pub time_zone: String,
    pub sync_interval: String,
    pub send_delay: String,
    /// Empty imports them.
    pub fulfilled: String,
    untested: String,
    /// What was there when the form was made.
    pub version: String,
    #[serde(rename = "do")]
    step: String,
    /// The field that was not carried along through a sign-in ([`crate::web::sign_in::kept`]).
    left_out: String,
}

/// What [`Entry::fulfilled`] says if they are left out.
pub const SKIP: &str = "skip";

/// What the button says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Try it, and keep it.
    Save,
    /// Try it.
    Test,
}

impl Entry {
    /// A new account, with what the contract says of all.
    pub fn empty() -> Self {
        Self {
            base_url: live::BASE_URL.to_owned(),
            token_url: live::TOKEN_URL.to_owned(),
            requests_per_second: live::REQUESTS_PER_SECOND.to_string(),
            time_zone: "Europe/Paris".to_owned(),
            ..Self::default()
        }
    }

    /// An account as it is set up.
    pub fn of(setting: &Setting) -> Self {
        let number = |it: Option<i32>| it.map(|it| it.to_string()).unwrap_or_default();
        let entry = Self {
            account: setting.account.id.0.clone(),
            name: setting.account.name.clone(),
            seller_id: setting.account.seller_id.clone(),
            time_zone: setting.account.time_zone.clone(),
            send_delay: number(setting.options.send_delay_seconds),
            fulfilled: if setting.options.skips_fulfilled { SKIP } else { "" }.to_owned(),
            ..Self::empty()
        };
        let Some(set_up) = &setting.set_up else { return entry };
        let credentials = &set_up.credentials;
        Self {
            client_id: credentials.client_id.clone(),
            base_url: credentials.base_url.clone(),
            token_url: credentials.token_url.clone(),
            requests_per_second: number(credentials.requests_per_second),
            sync_interval: number(credentials.sync_interval_seconds),
            version: set_up.version.to_string(),
            ..entry
        }
    }

    /// The new secret, without the spaces that copying brings along.
    pub fn secret(&self) -> Option<SecretString> {
        let typed = self.client_secret.expose_secret().trim();
        (!typed.is_empty()).then(|| typed.into())
    }

    /// Whether a secret was typed and is not there: without a word, the old one would be kept.
    pub fn lost_secret(&self) -> bool {
        !self.left_out.is_empty() && self.secret().is_none()
    }

    /// Whether it is to be kept without a test.
    pub fn untested(&self) -> bool {
        self.untested == "1"
    }

    /// The button that was pressed; the first one, if none.
    pub fn step(&self) -> Step {
        if self.step == "test" { Step::Test } else { Step::Save }
    }
}
