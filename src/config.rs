//! Settings: from flags, the environment, and the file of seller accounts.

use std::num::NonZeroU32;
use std::path::Path;
use std::path::PathBuf;

use anyhow::Context;
use anyhow::bail;
use anyhow::ensure;
use jiff::SignedDuration;
use jiff::tz::TimeZone;
use secrecy::SecretString;
use serde::Deserialize;
use url::Url;

use crate::domain::account;
use crate::domain::account::Options;
use crate::domain::address_rule::Reach;
use crate::domain::channel::Channel;
use crate::domain::channel::Rules;
use crate::domain::order::AccountId;
use crate::private_file;

/// `octopia-contract` 1.
pub const BASE_URL: &str = "https://api.octopia-io.net/seller/v2";
/// `octopia-contract` 1.
pub const TOKEN_URL: &str =
    "https://auth.octopia-io.net/auth/realms/maas/protocol/openid-connect/token";
/// No limit is published; one in use sleeps half a second between pages (`octopia-contract` 1).
pub const REQUESTS_PER_SECOND: u32 = 2;

/// A seller account with its credentials.
#[derive(Debug, Clone)]
pub struct Account {
    /// Its key.
    pub id: AccountId,
    /// As people call it.
    pub name: String,
    /// The marketplace's number for the seller.
    pub seller_id: String,
    /// OAuth client.
    pub client_id: String,
    /// OAuth secret.
    pub client_secret: SecretString,
    /// Where the API lives.
    pub base_url: Url,
    /// Where tokens are made.
    pub token_url: Url,
    /// IANA name.
    pub time_zone: String,
    /// None for no limit.
    pub requests_per_second: Option<NonZeroU32>,
    /// What is decided for it alone.
    pub options: Options,
    /// What is known of channels beyond the documents.
    pub channels: Vec<Channel>,
}

/// An account as a running process works for it.
#[derive(Debug, Clone)]
pub struct Active {
    /// The account.
    pub account: Account,
    /// How far its addresses may reach.
    pub reach: Reach,
    /// The pause between two readings; none follows the deployer's setting.
    pub interval: Option<SignedDuration>,
    /// Which change this is: another one wants another client. 0 for an account of the file.
    pub version: i64,
}

impl Active {
    /// An account of the deployer's file, who may name any host.
    pub fn of_file(account: &Account) -> Self {
        let account = account.clone();
        Self { account, reach: Reach::Anywhere, interval: None, version: 0 }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default, rename = "account")]
    accounts: Vec<Entry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Entry {
    id: String,
    name: String,
    seller_id: String,
    client_id: String,
    client_secret: Option<SecretString>,
    client_secret_file: Option<PathBuf>,
    base_url: Option<Url>,
    token_url: Option<Url>,
    time_zone: Option<String>,
    requests_per_second: Option<u32>,
    send_delay: Option<i32>,
    import_fulfilled: Option<bool>,
    #[serde(default, rename = "channel")]
    channels: Vec<ChannelEntry>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ChannelEntry {
    id: String,
    acceptance: Option<bool>,
    partial_shipment: Option<bool>,
    several_parcels: Option<bool>,
    line_in_several_parcels: Option<bool>,
    ships_cancel_requests: Option<bool>,
    partial_cancellation: Option<bool>,
    invoices: Option<bool>,
}

/// Reads the file of seller accounts (TOML). An error names the account and the field, never a secret.
pub fn read_accounts(path: &Path) -> anyhow::Result<Vec<Account>> {
    let text = private_file::read(path)
        .with_context(|| format!("cannot read the accounts file {}", path.display()))?;
    parse_accounts(&text).with_context(|| format!("in the accounts file {}", path.display()))
}

fn parse_accounts(text: &str) -> anyhow::Result<Vec<Account>> {
    let file: File = toml::from_str(text).map_err(|error| {
        // The error's own text quotes the line, which may hold the secret.
        let line = error.span().map_or(0, |span| text[..span.start].lines().count().max(1));
        anyhow::anyhow!("line {line}: {}", error.message())
    })?;
    ensure!(!file.accounts.is_empty(), "there is no [[account]]");
    let accounts = file.accounts.into_iter().map(|entry| {
        let id = entry.id.clone();
        entry.into_account().with_context(|| format!("account {id:?}"))
    });
    let accounts = accounts.collect::<anyhow::Result<Vec<_>>>()?;
    for (index, account) in accounts.iter().enumerate() {
        let twice = accounts[..index].iter().any(|it| it.id == account.id);
        ensure!(!twice, "account {:?} is there twice", account.id.0);
    }
    Ok(accounts)
}

impl Entry {
    fn into_account(self) -> anyhow::Result<Account> {
        let in_address = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        ensure!(
            !self.id.is_empty()
                && self.id.len() <= 30
                && self.id.chars().all(in_address)
                && !self.id.starts_with('-'),
            "id is part of addresses: up to 30 small letters, digits and hyphens"
        );
        let time_zone = self.time_zone.unwrap_or_else(|| "Europe/Paris".to_owned());
        TimeZone::get(&time_zone).context("time_zone is not an IANA name")?;
        ensure!(
            self.send_delay.is_none_or(|it| (0..=account::LONGEST_SEND_DELAY).contains(&it)),
            "send_delay is a number of seconds from 0 to {}",
            account::LONGEST_SEND_DELAY
        );
        let client_secret = match (self.client_secret, self.client_secret_file) {
            (Some(secret), None) => secret,
            (None, Some(path)) => {
                let secret = private_file::read(&path).with_context(|| {
                    format!("cannot read client_secret_file {}", path.display())
                })?;
                secret.trim().into()
            }
            (Some(_), Some(_)) => bail!("give client_secret or client_secret_file, not both"),
            (None, None) => bail!("client_secret or client_secret_file is missing"),
        };
        let url = |given: Option<Url>, usual: &str| match given {
            Some(url) => Ok(url),
            None => Url::parse(usual),
        };
        Ok(Account {
            id: AccountId(self.id),
            name: self.name,
            seller_id: self.seller_id,
            client_id: self.client_id,
            client_secret,
            base_url: url(self.base_url, BASE_URL)?,
            token_url: url(self.token_url, TOKEN_URL)?,
            time_zone,
            requests_per_second: NonZeroU32::new(
                self.requests_per_second.unwrap_or(REQUESTS_PER_SECOND),
            ),
            options: Options {
                send_delay_seconds: self.send_delay,
                skips_fulfilled: self.import_fulfilled == Some(false),
            },
            channels: self.channels.into_iter().map(ChannelEntry::into_channel).collect(),
        })
    }
}

impl ChannelEntry {
    fn into_channel(self) -> Channel {
        let known = Rules::documented(&self.id);
        Channel {
            rules: Rules {
                acceptance: self.acceptance.unwrap_or(known.acceptance),
                partial_shipment: self.partial_shipment.unwrap_or(known.partial_shipment),
                several_parcels: self.several_parcels.unwrap_or(known.several_parcels),
                line_in_several_parcels: self
                    .line_in_several_parcels
                    .unwrap_or(known.line_in_several_parcels),
                ships_cancel_requests: self
                    .ships_cancel_requests
                    .unwrap_or(known.ships_cancel_requests),
                partial_cancellation: self
                    .partial_cancellation
                    .unwrap_or(known.partial_cancellation),
                gestures: known.gestures,
                invoices: self.invoices.unwrap_or(known.invoices),
            },
            // The marketplace tells the name with the first order.
            name: self.id.clone(),
            id: self.id,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MINIMAL: &str = r#"
        [[account]]
        id = "maison"
        name = "Maison Lemoine"
        seller_id = "98979"
        client_id = "maison-client"
        client_secret = "keep me out of errors"
    "#;

    #[test]
    fn an_account_needs_little_and_the_rest_is_the_contracts() {
        let accounts = parse_accounts(MINIMAL).unwrap();
        assert_eq!(accounts[0].base_url.as_str(), BASE_URL);
        assert_eq!(accounts[0].time_zone, "Europe/Paris");
        assert_eq!(accounts[0].requests_per_second, NonZeroU32::new(2));
        assert_eq!(accounts[0].options, Options::default());
    }

    #[test]
    fn what_is_decided_for_one_account_stands_in_its_entry() {
        let text = format!("{MINIMAL}\nsend_delay = 0\nimport_fulfilled = false");
        let options = parse_accounts(&text).unwrap()[0].options;
        assert_eq!(options, Options { send_delay_seconds: Some(0), skips_fulfilled: true });
    }

    #[test]
    fn an_error_names_the_account_and_the_field_but_no_secret() {
        for (line, words) in [
            ("time_zone = \"Paris\"", "time_zone is not an IANA name"),
            ("client_secret_file = \"x\"", "not both"),
            ("send_delay = 121", "from 0 to 120"),
            ("colour = \"red\"", "colour"),
            ("base_url = \"api\"", "line 9"),
        ] {
            let error = parse_accounts(&format!("{MINIMAL}\n{line}")).unwrap_err();
            let error = format!("{error:#}");
            assert!(error.contains(words), "{error}");
            assert!(!error.contains("keep me out"), "{error}");
        }
        let twice = parse_accounts(&format!("{MINIMAL}\n{MINIMAL}")).unwrap_err();
        assert!(twice.to_string().contains("twice"));
    }
}
