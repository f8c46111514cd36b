//! Seller accounts that the pages set up: who may, and the transactions that do.
//!
//! No order is touched, so that none needs an order's lock. The secret is sealed before the database sees it.

mod changes;
pub mod channels;

use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use secrecy::SecretString;
use sqlx::PgConnection;
use sqlx::PgPool;
use url::Url;

use crate::db;
use crate::db::account_credentials::Credentials;
use crate::db::accounts::Account;
use crate::domain::account::Options;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::operator::Operator;
use crate::domain::operator::Role;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;
use crate::secrets::Keys;
use crate::secrets::OpenError;
use crate::secrets::Place;
use crate::secrets::Sealed;
use crate::workflow::audit;

/// Of a secret this long, four characters may be shown: the rest still cannot be guessed.
const LONG_SECRET: usize = 16;

/// What an account is to be.
#[derive(Debug, Clone)]
pub struct Draft {
    /// What everybody may know.
    pub account: Account,
    /// OAuth client.
    pub client_id: String,
    /// The new secret; none keeps the one that is stored.
    pub secret: Option<SecretString>,
    /// Where the API lives.
    pub base_url: Url,
    /// Where tokens are made.
    pub token_url: Url,
    /// None for no limit.
    pub requests_per_second: Option<i32>,
    /// The pause between two readings; none follows the deployer's setting.
    pub sync_interval_seconds: Option<i32>,
    /// When the marketplace took exactly this.
    pub tested_at: Option<Timestamp>,
    /// What is decided for it alone.
    pub options: Options,
}

/// What was there when the form was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Before {
    /// No such account.
    Nothing,
    /// An account whose credentials nobody has given, or that the file no longer names.
    Unset,
    /// Credentials of that version.
    Version(i64),
}

/// Why an account stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The operator's role does not include it.
    #[error("only an admin sets up accounts")]
    NotAdmin,
    /// Nothing can be sealed.
    #[error("there is no key to seal secrets with")]
    NoKey,
    /// No account has that key.
    #[error("there is no such account")]
    Unknown,
    /// Another account has the key already.
    #[error("there is such an account already")]
    Taken,
    /// The deployer's file says what it is.
    #[error("the account is set by the file")]
    SetByFile,
    /// Somebody else changed it meanwhile.
    #[error("the account was changed meanwhile")]
    Changed,
    /// The stored secret stays closed, or there is none: it has to be given.
    #[error("the secret is needed")]
    SecretNeeded,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for AccountError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Whether the role may see and change how accounts are set up.
pub const fn may_set_up(role: Role) -> bool {
    matches!(role, Role::Admin)
}

fn check(operator: &Operator) -> Result<(), AccountError> {
    if may_set_up(operator.role) { Ok(()) } else { Err(AccountError::NotAdmin) }
}

/// Opens a stored secret.
pub fn open(
    keys: &Keys,
    account: &AccountId,
    stored: &Credentials,
) -> Result<SecretString, OpenError> {
    let sealed = Sealed { key_id: stored.key_id.clone(), bytes: stored.client_secret.clone() };
    keys.open(&sealed, place(account))
}

fn place(account: &AccountId) -> Place<'_> {
    Place {
        table: db::account_credentials::TABLE,
        row: &account.0,
        column: db::account_credentials::SECRET,
    }
}

/// Adds an account, or changes it. Workers take it up within seconds, and what waited for the right
/// credentials is tried at once.
pub async fn save(
    pool: &PgPool,
    keys: Option<&Keys>,
    draft: &Draft,
    before: Before,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), AccountError> {
    check(operator)?;
    let keys = keys.ok_or(AccountError::NoKey)?;
    let account = &draft.account.id;
    let mut tx = pool.begin().await?;
    let is_new = before == Before::Nothing;
    if is_new && !db::accounts::insert(&mut tx, &draft.account).await? {
        return Err(AccountError::Taken);
    }
    db::accounts::lock(&mut tx, account).await?;
    let settings = db::accounts::settings(&mut *tx, Some(account)).await?;
    let known = settings.into_iter().next().ok_or(AccountError::Unknown)?;
    if known.in_file {
        return Err(AccountError::SetByFile);
    }
    let stored = known.set_up.as_ref().map(|it| &it.credentials);
    let new = credentials(keys, draft, stored)?;
    let written = match before {
        Before::Nothing | Before::Unset => {
            db::account_credentials::insert(&mut tx, account, &new, operator.id, now).await?
        }
        Before::Version(version) => {
            db::account_credentials::replace(&mut tx, account, version, &new, operator.id, now)
                .await?
        }
    };
    if !written {
        return Err(AccountError::Changed);
    }
    db::accounts::update(&mut tx, &draft.account).await?;
    db::accounts::set_options(&mut tx, account, draft.options).await?;
    hurry(&mut tx, account, now).await?;
    for act in changes::acts(is_new, &known, draft, &new) {
        audit::note(&mut tx, &Entry::by(operator.id, act, now).in_account(account)).await?;
    }
    tx.commit().await?;
    let new_secret = draft.secret.is_some();
    tracing::warn!(%account, user = operator.id, new_secret, "a seller account was set up");
    Ok(())
}

/// Tries now what refused credentials may have held up.
pub async fn hurry(conn: &mut PgConnection, account: &AccountId, now: Timestamp) -> db::Result<()> {
    db::sync_states::hurry(conn, account, now).await?;
    db::unsent::hurry(conn, account, Trouble::CredentialsRefused.as_str(), now).await?;
    Ok(())
}

fn credentials(
    keys: &Keys,
    draft: &Draft,
    stored: Option<&Credentials>,
) -> Result<Credentials, AccountError> {
    let (sealed, secret_end) = match (&draft.secret, stored) {
        (Some(secret), _) => (keys.seal(secret, place(&draft.account.id)), end_of(secret)),
        (None, Some(stored)) => {
            let Credentials { key_id, client_secret: bytes, secret_end, .. } = stored.clone();
            (Sealed { key_id, bytes }, secret_end)
        }
        (None, None) => return Err(AccountError::SecretNeeded),
    };
    Ok(Credentials {
        client_id: draft.client_id.clone(),
        client_secret: sealed.bytes,
        key_id: sealed.key_id,
        secret_end,
        base_url: draft.base_url.to_string(),
        token_url: draft.token_url.to_string(),
        requests_per_second: draft.requests_per_second,
        sync_interval_seconds: draft.sync_interval_seconds,
        tested_at: draft.tested_at,
    })
}

fn end_of(secret: &SecretString) -> String {
    let characters: Vec<char> = secret.expose_secret().chars().collect();
    if characters.len() < LONG_SECRET {
        return String::new();
    }
    characters[characters.len() - 4..].iter().collect()
}

/// Stops reading the account; what is promised is still sent.
pub async fn pause_reading(
    pool: &PgPool,
    account: &AccountId,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), AccountError> {
    check(operator)?;
    let mut tx = pool.begin().await?;
    let paused = db::accounts::pause_reading(&mut tx, account, operator.id, now).await?;
    if paused {
        let entry = Entry::by(operator.id, Act::ReadingPaused, now);
        audit::note(&mut tx, &entry.in_account(account)).await?;
    }
    tx.commit().await?;
    if paused {
        tracing::warn!(%account, user = operator.id, "reading is paused");
    }
    Ok(())
}

/// Reads the account again, from where it was.
pub async fn resume_reading(
    pool: &PgPool,
    account: &AccountId,
    operator: &Operator,
    now: Timestamp,
) -> Result<(), AccountError> {
    check(operator)?;
    let mut tx = pool.begin().await?;
    let resumed = db::accounts::resume_reading(&mut tx, account).await?;
    if resumed {
        db::sync_states::hurry(&mut tx, account, now).await?;
        let entry = Entry::by(operator.id, Act::ReadingResumed, now);
        audit::note(&mut tx, &entry.in_account(account)).await?;
    }
    tx.commit().await?;
    if resumed {
        tracing::warn!(%account, user = operator.id, "reading is resumed");
    }
    Ok(())
}

/// Somebody tried a connection.
pub async fn tested(
    pool: &PgPool,
    account: Option<&AccountId>,
    operator: &Operator,
    passed: bool,
    now: Timestamp,
) -> Result<(), AccountError> {
    check(operator)?;
    let entry = Entry::by(operator.id, Act::ConnectionTested { passed }, now);
    let entry = account.into_iter().fold(entry, Entry::in_account);
    audit::note_alone(pool, &entry).await?;
    Ok(())
}

/// Seals every account's secret anew that is sealed under another key. Says how many.
pub(super) async fn reseal(conn: &mut PgConnection, keys: &Keys) -> anyhow::Result<usize> {
    let mut sealed_anew = 0;
    for (account, key_id, bytes) in db::account_credentials::lock_secrets(conn).await? {
        if key_id == keys.current_id() {
            continue;
        }
        let place = place(&account);
        let secret = keys
            .open(&Sealed { key_id, bytes }, place)
            .map_err(|error| anyhow::anyhow!("the secret of account {:?}: {error}", account.0))?;
        let sealed = keys.seal(&secret, place);
        db::account_credentials::reseal(conn, &account, &sealed.key_id, &sealed.bytes).await?;
        sealed_anew += 1;
    }
    Ok(sealed_anew)
}
