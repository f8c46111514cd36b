//! Where the seller accounts of a process come from.

use std::path::PathBuf;
use std::sync::Arc;

use anyhow::ensure;
use clap::Args;
use comptoir::config;
use comptoir::domain::address_rule::Reach;
use comptoir::live::Live;
use comptoir::secrets::Key;
use comptoir::secrets::Keys;
use comptoir::sync;
use comptoir::sync::accounts::Source;
use secrecy::SecretString;
use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

/// The keys that seal secrets in the database. Without one, accounts come from the file alone.
#[derive(Args)]
pub struct KeyArgs {
    /// 32 bytes in base64, as `openssl rand -base64 32` makes them. Better in the environment than here.
    #[arg(long = "secret-key", env = "COMPTOIR_SECRET_KEY", hide_env_values = true)]
    key: Option<SecretString>,
    /// The file that holds it instead.
    #[arg(long = "secret-key-file", env = "COMPTOIR_SECRET_KEY_FILE")]
    file: Option<PathBuf>,
    /// The key before it, for as long as `comptoir rotate-key` has not run.
    #[arg(long = "secret-key-old", env = "COMPTOIR_SECRET_KEY_OLD", hide_env_values = true)]
    old_key: Option<SecretString>,
    /// The file that holds it instead.
    #[arg(long = "secret-key-old-file", env = "COMPTOIR_SECRET_KEY_OLD_FILE")]
    old_file: Option<PathBuf>,
}

impl KeyArgs {
    /// The key that seals, with the one before it.
    pub fn keys(&self) -> anyhow::Result<Option<Keys>> {
        let given = |variable, text: &Option<SecretString>, file: &Option<PathBuf>| {
            Key::given(variable, text.as_ref(), file.as_deref())
        };
        let current = given("COMPTOIR_SECRET_KEY", &self.key, &self.file)?;
        let former = given("COMPTOIR_SECRET_KEY_OLD", &self.old_key, &self.old_file)?;
        ensure!(current.is_some() || former.is_none(), "an old key needs a new one beside it");
        Ok(current.map(|current| Keys::new(current, former)))
    }
}

/// Where seller accounts come from.
#[derive(Args)]
pub struct AccountArgs {
    /// A file of seller accounts (TOML), beside those that are set up on the pages. What it says of an account
    /// is not changed there.
    #[arg(long, env = "COMPTOIR_ACCOUNTS")]
    accounts: Option<PathBuf>,
    #[command(flatten)]
    keys: KeyArgs,
    /// Accounts that are set up on the pages may name any host, also over plain http. Always so in the demo.
    #[arg(long, env = "COMPTOIR_ALLOW_PRIVATE_MARKETPLACE")]
    allow_private_marketplace: bool,
}

/// Where accounts come from, as the deployer wants it.
pub fn source(arguments: &AccountArgs, is_demo: bool) -> anyhow::Result<Source> {
    let file = match &arguments.accounts {
        Some(path) => config::read_accounts(path)?,
        None => Vec::new(),
    };
    let keys = arguments.keys.keys()?.map(Arc::new);
    if file.is_empty() && keys.is_none() {
        tracing::warn!("no accounts file and no secret key: there can be no seller account");
    }
    let anywhere = arguments.allow_private_marketplace || is_demo;
    let reach = if anywhere { Reach::Anywhere } else { Reach::Public };
    Ok(Source { file, keys, reach })
}

/// What the accounts are, now and from now on.
pub async fn watch(
    pool: &PgPool,
    source: Source,
    stop: &CancellationToken,
) -> anyhow::Result<watch::Receiver<Vec<config::Active>>> {
    let (tell, accounts) = watch::channel(sync::accounts::load(pool, &source, &[]).await?);
    tokio::spawn(sync::accounts::watch(pool.clone(), source, tell, stop.clone()));
    Ok(accounts)
}

/// Lets the pages ask for the accounts that there are.
pub async fn keep_assigned(live: Live, mut accounts: watch::Receiver<Vec<config::Active>>) {
    loop {
        let now = accounts.borrow_and_update().clone();
        live.assign(&now);
        if accounts.changed().await.is_err() {
            return;
        }
    }
}
