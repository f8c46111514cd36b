//! A user's second factor: an app that shows codes, and recovery codes for when the telephone is gone
//! (`reliability` S-2).

pub mod totp;

use jiff::Timestamp;
use sha2::Digest;
use sha2::Sha256;
use sqlx::PgConnection;
use sqlx::PgPool;

use crate::db;

/// How many recovery codes a user has.
const CODES: usize = 10;
/// The random bytes of one. With 112 bits or more, a plain hash at rest is enough (ASVS 6.5.2).
const CODE: usize = 15;

/// Gives the user a secret to put into an app. Nothing is asked of them until they have shown that it works.
/// A secret that was proposed before is replaced: somebody may have seen it.
pub async fn propose(pool: &PgPool, user_id: i64) -> Result<(), db::Error> {
    db::second_factors::propose(pool, user_id, &totp::random::<{ totp::SECRET }>()).await
}

/// The user typed what the app shows. From now on codes are asked for, and they have the recovery codes that
/// are returned; their other sessions, which began without a code, end. Nothing, if the code is wrong.
pub async fn confirm(
    pool: &PgPool,
    user_id: i64,
    typed: &str,
    session: &[u8],
    now: Timestamp,
) -> Result<Option<Vec<String>>, db::Error> {
    let mut tx = pool.begin().await?;
    let found = db::second_factors::lock(&mut tx, user_id).await?;
    let Some(factor) = found.filter(|it| !it.confirmed) else { return Ok(None) };
    let step = totp::matching_step(&factor.secret, typed, factor.last_step, now);
    let Some(step) = step else { return Ok(None) };
    db::second_factors::take(&mut *tx, user_id, step).await?;
    db::second_factors::confirm(&mut *tx, user_id, now).await?;
    let codes = replace_codes(&mut tx, user_id).await?;
    db::sessions::end_others(&mut *tx, user_id, session).await?;
    tx.commit().await?;
    tracing::info!(user_id, "second factor set up");
    Ok(Some(codes))
}

/// Uses up what was typed, a code of the app or a recovery code. False, if it is neither, or was used before.
pub async fn pass(
    pool: &PgPool,
    user_id: i64,
    typed: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let mut tx = pool.begin().await?;
    let passed = spend(&mut tx, user_id, typed, now).await?;
    tx.commit().await?;
    Ok(passed)
}

/// Gives the user new recovery codes for a code. Nothing, if it is wrong.
pub async fn renew_codes(
    pool: &PgPool,
    user_id: i64,
    typed: &str,
    now: Timestamp,
) -> Result<Option<Vec<String>>, db::Error> {
    let mut tx = pool.begin().await?;
    if !spend(&mut tx, user_id, typed, now).await? {
        return Ok(None);
    }
    let codes = replace_codes(&mut tx, user_id).await?;
    tx.commit().await?;
    tracing::info!(user_id, "new recovery codes");
    Ok(Some(codes))
}

/// Asks the user for no more codes, for a last one. False, if it is wrong.
pub async fn remove(
    pool: &PgPool,
    user_id: i64,
    typed: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let mut tx = pool.begin().await?;
    let passed = spend(&mut tx, user_id, typed, now).await?;
    if passed {
        db::second_factors::delete(&mut *tx, user_id).await?;
    }
    tx.commit().await?;
    tracing::info!(user_id, passed, "second factor removal");
    Ok(passed)
}

/// Forgets the second factor of somebody who lost both the telephone and the recovery codes. Who may ask for
/// that is the caller's business.
pub async fn reset(pool: &PgPool, user_id: i64) -> Result<(), db::Error> {
    db::second_factors::delete(pool, user_id).await?;
    tracing::warn!(user_id, "second factor reset");
    Ok(())
}

async fn spend(
    conn: &mut PgConnection,
    user_id: i64,
    typed: &str,
    now: Timestamp,
) -> Result<bool, db::Error> {
    let found = db::second_factors::lock(conn, user_id).await?;
    let Some(factor) = found.filter(|it| it.confirmed) else { return Ok(false) };
    if let Some(step) = totp::matching_step(&factor.secret, typed, factor.last_step, now) {
        db::second_factors::take(conn, user_id, step).await?;
        return Ok(true);
    }
    let used = db::second_factors::use_code(conn, user_id, &hash(typed), now).await?;
    if used {
        tracing::warn!(user_id, "a recovery code was used");
    }
    Ok(used)
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
