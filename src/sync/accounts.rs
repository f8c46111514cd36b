//! Which accounts are worked for: those of the deployer's file, and those of the database, as they are now.
//!
//! An account of the file wins over one of the same key in the database. What the pages change is noticed within
//! [`LOOK_EVERY`], by one number.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use anyhow::Context as _;
use jiff::SignedDuration;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use url::Url;

use crate::config;
use crate::config::Active;
use crate::db;
use crate::db::account_credentials::Stored;
use crate::domain::account::Options;
use crate::domain::address_rule::Reach;
use crate::secrets::Keys;
use crate::sync;
use crate::workflow;

/// How often is looked whether an account changed.
const LOOK_EVERY: Duration = Duration::from_secs(2);

/// Where accounts come from.
#[derive(Debug, Clone)]
pub struct Source {
    /// Those of the deployer's file.
    pub file: Vec<config::Account>,
    /// What opens the secrets of the others; without it, they do not work.
    pub keys: Option<Arc<Keys>>,
    /// How far the others may reach.
    pub reach: Reach,
}

/// Reads which accounts there are. One that cannot be used stays as it was before, if it was there: a key that
/// is missing, or an address that is no longer allowed, does not stop work that is under way.
pub async fn load(pool: &PgPool, source: &Source, before: &[Active]) -> db::Result<Vec<Active>> {
    let mut accounts: Vec<Active> = source.file.iter().map(Active::of_file).collect();
    for stored in db::account_credentials::list(pool).await? {
        let id = stored.account.clone();
        if source.file.iter().any(|it| it.id == id) {
            continue;
        }
        match active(source, stored) {
            Ok(active) => accounts.push(active),
            Err(error) => {
                tracing::error!(account = %id, error = format!("{error:#}"), "an account cannot be used");
                accounts.extend(before.iter().find(|it| it.account.id == id).cloned());
            }
        }
    }
    Ok(accounts)
}

fn active(source: &Source, stored: Stored) -> anyhow::Result<Active> {
    let keys = source.keys.as_deref().context("there is no key to open its secret with")?;
    let client_secret = workflow::accounts::open(keys, &stored.account, &stored.credentials)
        .context("its secret stays closed")?;
    let credentials = stored.credentials;
    let per_second = credentials.requests_per_second.and_then(|it| u32::try_from(it).ok());
    let account = config::Account {
        id: stored.account,
        name: stored.name,
        seller_id: stored.seller_id,
        client_id: credentials.client_id,
        client_secret,
        base_url: Url::parse(&credentials.base_url).context("its base URL")?,
        token_url: Url::parse(&credentials.token_url).context("its token URL")?,
        time_zone: stored.time_zone,
        requests_per_second: per_second.and_then(NonZeroU32::new),
        // What is decided for it and what is known of its channels is in the database, and nothing else asks.
        options: Options::default(),
        channels: Vec::new(),
    };
    let interval = credentials.sync_interval_seconds.map(i64::from).map(SignedDuration::from_secs);
    Ok(Active { account, reach: source.reach, interval, version: stored.version })
}

/// Looks again and again, and tells what changed, until `stop`.
pub async fn watch(
    pool: PgPool,
    source: Source,
    tell: watch::Sender<Vec<Active>>,
    stop: CancellationToken,
) {
    let mut seen = None;
    while !stop.is_cancelled() {
        match look(&pool, &source, &tell, seen).await {
            Ok(version) => seen = Some(version),
            Err(error) => tracing::error!(%error, "the accounts could not be read"),
        }
        sync::pause(LOOK_EVERY, &stop).await;
    }
}

async fn look(
    pool: &PgPool,
    source: &Source,
    tell: &watch::Sender<Vec<Active>>,
    seen: Option<i64>,
) -> db::Result<i64> {
    // The number first: what changes in between is read now, and read again.
    let version = db::account_credentials::version(pool).await?;
    if seen != Some(version) {
        let before = tell.borrow().clone();
        tell.send_replace(load(pool, source, &before).await?);
    }
    Ok(version)
}
