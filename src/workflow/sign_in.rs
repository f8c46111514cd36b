//! The door: how often somebody may try, and what becomes of a try.

use std::net::IpAddr;
use std::net::Ipv6Addr;

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgPool;

use crate::db;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act::Method;
use crate::domain::audit::act::SignInFailure;
use crate::domain::throttle::Bucket;
use crate::domain::throttle::WINDOW;
use crate::workflow::audit;
use crate::workflow::sessions;
use crate::workflow::sessions::Rotation;

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
    user: Option<i64>,
    by: Option<i64>,
}

impl Try {
    /// With a password. The e-mail address need not be known: what is not counted would tell which ones are.
    pub fn password(email: &str, from: Option<IpAddr>) -> Self {
        let (bucket, subject) = (Bucket::Account, email.trim().to_owned());
        Self { bucket, subject, address: place(from), user: None, by: None }
    }

    /// With a second factor.
    pub fn code(user_id: i64, from: Option<IpAddr>) -> Self {
        let (bucket, subject) = (Bucket::Code, user_id.to_string());
        Self { bucket, subject, address: place(from), user: Some(user_id), by: None }
    }

    /// The same, made at a browser where that user is signed in.
    #[must_use]
    pub const fn made_by(mut self, user_id: i64) -> Self {
        self.by = Some(user_id);
        self
    }

    fn failure(&self, reason: SignInFailure, user: Option<i64>, now: Timestamp) -> Entry {
        let act = Act::SignInFailed { reason, user: user.or(self.user) };
        match self.by {
            Some(by) => Entry::by(by, act, now),
            None => Entry::by_somebody(act, now),
        }
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
            // What is refused leaves no row of its own, else floods of it would fill the table.
            tx.rollback().await?;
            tracing::warn!(bucket = bucket.as_str(), "too many tries");
            note_refusal(pool, attempt, bucket, subject, now).await?;
            return Err(RefusedTry::TooOften(wait));
        }
        let tries = tries.counting(bucket, now);
        db::throttle::save(&mut tx, bucket, subject, &tries, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Writes down that tries are refused, once per window and subject.
async fn note_refusal(
    pool: &PgPool,
    attempt: &Try,
    bucket: Bucket,
    subject: &str,
    now: Timestamp,
) -> Result<(), RefusedTry> {
    let mut tx = pool.begin().await?;
    if db::throttle::note_refusal(&mut *tx, bucket, subject, now - WINDOW, now).await? {
        audit::note(&mut tx, &attempt.failure(SignInFailure::Throttled, None, now)).await?;
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

/// Writes down that a try did not succeed. `user` is whose it would have been, where that is known.
pub async fn failed(
    pool: &PgPool,
    attempt: &Try,
    reason: SignInFailure,
    user: Option<i64>,
    now: Timestamp,
) -> Result<(), db::Error> {
    audit::note_alone(pool, &attempt.failure(reason, user, now)).await
}

/// Writes down that a user signed in.
pub async fn signed_in(
    pool: &PgPool,
    user_id: i64,
    method: Method,
    now: Timestamp,
) -> Result<(), db::Error> {
    let mut tx = pool.begin().await?;
    db::users::seen(&mut *tx, user_id, now).await?;
    audit::note(&mut tx, &Entry::by(user_id, Act::SignedIn { method }, now)).await?;
    tx.commit().await?;
    tracing::info!(user_id, ?method, "signed in");
    Ok(())
}

/// Why a password stays as it is.
#[derive(Debug, thiserror::Error)]
pub enum PasswordError {
    /// Another request changed it first.
    #[error("the password was changed meanwhile")]
    Changed,
    /// The session that asked for it has ended.
    #[error("the session is over")]
    SessionOver,
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

impl From<sqlx::Error> for PasswordError {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Gives a user a new password, if `old` is still the hash of the one they have. Their session goes on under
/// another identifier, and the others end: whoever came in with the old password is out.
pub async fn change_password(
    pool: &PgPool,
    user_id: i64,
    old: &str,
    new: &str,
    session: Rotation<'_>,
    now: Timestamp,
) -> Result<(), PasswordError> {
    let mut tx = pool.begin().await?;
    if !db::sessions::rotate(&mut *tx, user_id, session.old, session.new).await? {
        return Err(PasswordError::SessionOver);
    }
    if !db::credentials::replace_hash(&mut *tx, user_id, old, new).await? {
        return Err(PasswordError::Changed);
    }
    db::password_links::withdraw(&mut tx, user_id).await?;
    let sessions = db::sessions::end_others(&mut *tx, user_id, session.new).await?;
    audit::note(&mut tx, &Entry::by(user_id, Act::PasswordChanged, now)).await?;
    sessions::ended(&mut tx, user_id, user_id, sessions, now).await?;
    tx.commit().await?;
    tracing::info!(user_id, "password changed");
    Ok(())
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
