//! A user's second factor: an app that shows codes, and recovery codes for when the telephone is gone
//! (`reliability` S-2).

pub mod totp;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use jiff::Timestamp;
use secrecy::ExposeSecret as _;
use secrecy::SecretString;
use sha2::Digest;
use sha2::Sha256;
use sqlx::PgConnection;
use sqlx::PgPool;

use crate::db;
use crate::db::second_factors::SecondFactor;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act::Method;
use crate::domain::audit::act::SecondFactor as Change;
use crate::secrets::Keys;
use crate::secrets::Place;
use crate::secrets::Sealed;
use crate::workflow::audit;
use crate::workflow::sessions;
use crate::workflow::sessions::Rotation;

/// How many recovery codes a user has.
const CODES: usize = 10;
/// The random bytes of one. With 112 bits or more, a plain hash at rest is enough (ASVS 6.5.2).
const CODE: usize = 15;

/// Gives the user a secret to put into an app. Nothing is asked of them until they have shown that it works.
/// A secret that was proposed before is replaced: somebody may have seen it. False without a key: like an
/// account's secret, it is kept sealed or not at all.
pub async fn propose(pool: &PgPool, keys: Option<&Keys>, user_id: i64) -> Result<bool, db::Error> {
    let Some(keys) = keys else { return Ok(false) };
    let sealed = seal(keys, user_id, &totp::random::<{ totp::SECRET }>());
    db::second_factors::propose(pool, user_id, &sealed.key_id, &sealed.bytes).await?;
    Ok(true)
}

/// The secret that the user has yet to put into an app, if there is one. One that is in use is shown to nobody.
pub async fn proposed(
    pool: &PgPool,
    keys: Option<&Keys>,
    user_id: i64,
) -> Result<Option<Vec<u8>>, db::Error> {
    let found = db::second_factors::find(pool, user_id).await?;
    Ok(found.filter(|it| !it.confirmed).and_then(|it| open(keys, user_id, &it)))
}

/// What became of the first code of an app.
#[derive(Debug)]
pub enum Confirmed {
    /// Codes are asked for from now on, and these are the recovery codes.
    Codes(Vec<String>),
    /// It is wrong.
    Wrong,
    /// The session that sent it has ended.
    SessionOver,
}

/// The user typed what the app shows. From now on codes are asked for. Their session goes on under another
/// identifier, and the others, which began without a code, end.
pub async fn confirm(
    pool: &PgPool,
    keys: Option<&Keys>,
    user_id: i64,
    typed: &str,
    session: Rotation<'_>,
    now: Timestamp,
) -> Result<Confirmed, db::Error> {
    let mut tx = pool.begin().await?;
    let found = db::second_factors::lock(&mut tx, user_id).await?;
    let Some(factor) = found.filter(|it| !it.confirmed) else { return Ok(Confirmed::Wrong) };
    let secret = open(keys, user_id, &factor);
    let step = secret.and_then(|it| totp::matching_step(&it, typed, factor.last_step, now));
    let Some(step) = step else { return Ok(Confirmed::Wrong) };
    if !db::sessions::rotate(&mut *tx, user_id, session.old, session.new).await? {
        return Ok(Confirmed::SessionOver);
    }
    db::second_factors::take(&mut *tx, user_id, step).await?;
    db::second_factors::confirm(&mut *tx, user_id, now).await?;
    let codes = replace_codes(&mut tx, user_id).await?;
    let sessions = db::sessions::end_others(&mut *tx, user_id, session.new).await?;
    note(&mut tx, user_id, Change::TurnedOn, now).await?;
    sessions::ended(&mut tx, user_id, user_id, sessions, now).await?;
    tx.commit().await?;
    tracing::info!(user_id, "second factor set up");
    Ok(Confirmed::Codes(codes))
}

/// Uses up what was typed, a code of the app or a recovery code, and says which. Nothing, if it is neither, or
/// was used before.
pub async fn pass(
    pool: &PgPool,
    keys: Option<&Keys>,
    user_id: i64,
    typed: &str,
    now: Timestamp,
) -> Result<Option<Method>, db::Error> {
    let mut tx = pool.begin().await?;
    let passed = spend(&mut tx, keys, user_id, typed, now).await?;
    tx.commit().await?;
    Ok(passed)
}

/// Gives the user new recovery codes for a code. Nothing, if it is wrong.
pub async fn renew_codes(
    pool: &PgPool,
    keys: Option<&Keys>,
    user_id: i64,
    typed: &str,
    now: Timestamp,
) -> Result<Option<Vec<String>>, db::Error> {
    let mut tx = pool.begin().await?;
    if spend(&mut tx, keys, user_id, typed, now).await?.is_none() {
        return Ok(None);
    }
    let codes = replace_codes(&mut tx, user_id).await?;
    note(&mut tx, user_id, Change::NewRecoveryCodes, now).await?;
    tx.commit().await?;
    tracing::info!(user_id, "new recovery codes");
    Ok(Some(codes))
}

/// Asks the user for no more codes, for a last one. False, if it is wrong.
pub async fn remove(
    pool: &PgPool,
    keys: Option<&Keys>,
    user_id: i64,
    typed: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let mut tx = pool.begin().await?;
    if spend(&mut tx, keys, user_id, typed, now).await?.is_none() {
        return Ok(false);
    }
    db::second_factors::delete(&mut *tx, user_id).await?;
    note(&mut tx, user_id, Change::TurnedOff, now).await?;
    tx.commit().await?;
    tracing::info!(user_id, "second factor removed");
    Ok(true)
}

/// Seals anew what is sealed under another key, and what stands there in clear from before secrets were
/// sealed. Says how many there were.
pub async fn reseal(conn: &mut PgConnection, keys: &Keys) -> anyhow::Result<usize> {
    let mut sealed_anew = 0;
    for (user_id, factor) in db::second_factors::lock_all(conn).await? {
        if factor.key_id.as_deref() == Some(keys.current_id()) {
            continue;
        }
        let secret = open(Some(keys), user_id, &factor).ok_or_else(|| {
            anyhow::anyhow!("the second factor of user {user_id} cannot be opened with these keys")
        })?;
        let sealed = seal(keys, user_id, &secret);
        db::second_factors::reseal(conn, user_id, &sealed.key_id, &sealed.bytes).await?;
        sealed_anew += 1;
    }
    Ok(sealed_anew)
}

/// Seals the secrets that stand there in clear from before secrets were sealed.
pub async fn seal_clear(pool: &PgPool, keys: &Keys) -> Result<usize, db::Error> {
    let mut tx = pool.begin().await?;
    let mut sealed_now = 0;
    for (user_id, factor) in db::second_factors::lock_all(&mut tx).await? {
        if factor.key_id.is_none() {
            let sealed = seal(keys, user_id, &factor.secret);
            db::second_factors::reseal(&mut tx, user_id, &sealed.key_id, &sealed.bytes).await?;
            sealed_now += 1;
        }
    }
    tx.commit().await?;
    Ok(sealed_now)
}

/// The secret goes in in letters, since what is sealed is text.
fn seal(keys: &Keys, user_id: i64, secret: &[u8]) -> Sealed {
    keys.seal(&SecretString::from(STANDARD.encode(secret)), place(&user_id.to_string()))
}

/// The secret itself. When it stays closed, no code is right any more, and recovery codes still are.
fn open(keys: Option<&Keys>, user_id: i64, factor: &SecondFactor) -> Option<Vec<u8>> {
    let Some(key_id) = factor.key_id.clone() else { return Some(factor.secret.clone()) };
    let Some(keys) = keys else {
        tracing::error!(user_id, "a second factor is sealed and there is no key");
        return None;
    };
    let sealed = Sealed { key_id, bytes: factor.secret.clone() };
    match keys.open(&sealed, place(&user_id.to_string())) {
        Ok(letters) => STANDARD.decode(letters.expose_secret()).ok(),
        Err(error) => {
            tracing::error!(user_id, %error, "a second factor stays closed");
            None
        }
    }
}

fn place(row: &str) -> Place<'_> {
    Place { table: "second_factors", row, column: "secret" }
}

async fn note(
    conn: &mut PgConnection,
    user: i64,
    change: Change,
    now: Timestamp,
) -> Result<(), db::Error> {
    audit::note(conn, &Entry::by(user, Act::SecondFactorChanged { user, change }, now)).await
}

async fn spend(
    conn: &mut PgConnection,
    keys: Option<&Keys>,
    user_id: i64,
    typed: &str,
    now: Timestamp,
) -> Result<Option<Method>, db::Error> {
    let found = db::second_factors::lock(conn, user_id).await?;
    let Some(factor) = found.filter(|it| it.confirmed) else { return Ok(None) };
    let secret = open(keys, user_id, &factor);
    let step = secret.and_then(|it| totp::matching_step(&it, typed, factor.last_step, now));
    if let Some(step) = step {
        db::second_factors::take(conn, user_id, step).await?;
        return Ok(Some(Method::Code));
    }
    if db::second_factors::use_code(conn, user_id, &hash(typed), now).await? {
        tracing::warn!(user_id, "a recovery code was used");
        return Ok(Some(Method::RecoveryCode));
    }
    Ok(None)
}

async fn replace_codes(conn: &mut PgConnection, user_id: i64) -> Result<Vec<String>, db::Error> {
    let codes: Vec<_> =
        (0..CODES).map(|_| spaced(&totp::base32(&totp::random::<CODE>()))).collect();
    let hashes: Vec<_> = codes.iter().map(|it| hash(it)).collect();
    db::second_factors::replace_codes(conn, user_id, &hashes).await?;
    Ok(codes)
}

/// In groups of four, for people who write on paper.
fn spaced(code: &str) -> String {
    let letters: Vec<char> = code.chars().collect();
    let groups: Vec<String> = letters.chunks(4).map(|it| it.iter().collect()).collect();
    groups.join("-")
}

/// What the database knows of a recovery code, however it was typed.
fn hash(typed: &str) -> Vec<u8> {
    let letters = typed.chars().filter(char::is_ascii_alphanumeric);
    let code: String = letters.map(|it| it.to_ascii_uppercase()).collect();
    Sha256::digest(code.as_bytes()).to_vec()
}
