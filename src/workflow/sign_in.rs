//! The door: how often somebody may try, and whose sessions go on.

use std::net::IpAddr;
use std::net::Ipv6Addr;

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgPool;

use crate::db;
use crate::domain::throttle::Bucket;

/// Why a password or a code is not even looked at.
#[derive(Debug, thiserror::Error)]
pub enum RefusedTry {
    /// There were too many. The next one is possible after that time.
    #[error("too many tries")]
    TooOften(SignedDuration),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for RefusedTry {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Somebody who wants to prove who they are.
#[derive(Debug, Clone)]
pub struct Try {
    bucket: Bucket,
    subject: String,
    address: String,
}

impl Try {
    /// With a password. The e-mail address need not be known: what is not counted would tell which ones are.
    pub fn password(email: &str, from: Option<IpAddr>) -> Self {
        Self { bucket: Bucket::Account, subject: email.trim().to_owned(), address: place(from) }
    }

    /// With a second factor.
    pub fn code(user_id: i64, from: Option<IpAddr>) -> Self {
        Self { bucket: Bucket::Code, subject: user_id.to_string(), address: place(from) }
    }
}

/// What counts as one place: an address, or the network of one, since each customer of a provider has more
/// than enough addresses of the sixth version. Whoever comes from nowhere shares one place.
pub(super) fn place(from: Option<IpAddr>) -> String {
    match from.map(|it| it.to_canonical()) {
        None => String::new(),
        Some(IpAddr::V4(address)) => address.to_string(),
        Some(IpAddr::V6(address)) => {
            let network = address.to_bits() & (u128::MAX << 64);
            format!("{}/64", Ipv6Addr::from_bits(network))
        }
    }
}

/// Counts a try before it is made, or refuses it. It counts as a failure until [`forgive`] says otherwise, so
/// that any number of them at once, on any number of processes, stay within the limit.
pub async fn admit(pool: &PgPool, attempt: &Try, now: Timestamp) -> Result<(), RefusedTry> {
    let mut tx = pool.begin().await?;
    // Always in this order, so that two of them cannot wait for each other.
    for (bucket, subject) in
        [(Bucket::Address, &attempt.address), (attempt.bucket, &attempt.subject)]
    {
        let tries = db::throttle::lock(&mut tx, bucket, subject, now).await?;
        if let Some(wait) = tries.wait(bucket, now) {
            // What is refused leaves no trace, else floods of it would fill the table.
            tx.rollback().await?;
            return Err(RefusedTry::TooOften(wait));
        }
        let tries = tries.counting(bucket, now);
        db::throttle::save(&mut tx, bucket, subject, &tries, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// The try was right. The address gets only this one back: somebody with a password of their own must not
/// wash away the guesses at others'.
pub async fn forgive(pool: &PgPool, attempt: &Try) -> Result<(), db::Error> {
    let mut tx = pool.begin().await?;
    db::throttle::take_back(&mut *tx, Bucket::Address, &attempt.address).await?;
    db::throttle::clear(&mut *tx, attempt.bucket, &attempt.subject).await?;
    tx.commit().await?;
    Ok(())
}

/// Gives a user a new password, if `old` is still the hash of the one they have, and ends their sessions but
/// the one with that hash: whoever came in with the old password is out.
pub async fn change_password(
    pool: &PgPool,
    user_id: i64,
    old: &str,
    new: &str,
    session: &[u8],
) -> Result<bool, db::Error> {
    let mut tx = pool.begin().await?;
    let changed = db::credentials::replace_hash(&mut *tx, user_id, old, new).await?;
    if changed {
        db::sessions::end_others(&mut *tx, user_id, session).await?;
    }
    tx.commit().await?;
    tracing::info!(user_id, changed, "password change");
    Ok(changed)
}

/// Keeps the same password under a stronger hash.
pub async fn strengthen(
    pool: &PgPool,
    user_id: i64,
    old: &str,
    new: &str,
) -> Result<(), db::Error> {
    db::credentials::replace_hash(pool, user_id, old, new).await?;
    Ok(())
}

/// Ends one session of a user.
pub async fn end_session(pool: &PgPool, user_id: i64, session_id: i64) -> Result<(), db::Error> {
    db::sessions::end_one(pool, user_id, session_id).await?;
    tracing::info!(user_id, session_id, "session ended");
    Ok(())
}

/// Ends all sessions of a user but the one with that hash.
pub async fn end_other_sessions(
    pool: &PgPool,
    user_id: i64,
    session: &[u8],
) -> Result<(), db::Error> {
    db::sessions::end_others(pool, user_id, session).await?;
    tracing::info!(user_id, "other sessions ended");
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_an_address_or_a_network() {
        let cases = [
            ("192.0.2.7", "192.0.2.7"),
            ("::ffff:192.0.2.7", "192.0.2.7"),
            ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
            ("2001:db8:1:2:ffff::", "2001:db8:1:2::/64"),
        ];
        for (address, expected) in cases {
            assert_eq!(place(Some(address.parse().unwrap())), expected);
        }
    }
}
