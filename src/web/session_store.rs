//! Sessions in the database, for `tower-sessions` (`reliability` S-7).
//!
//! Invariant: a session ends at the instant settled when it began, or earlier when its user does nothing for
//! a while, and one that was ended never comes back.
//! The database knows only the hash of the identifier that the cookie carries.

use async_trait::async_trait;
use jiff::SignedDuration;
use jiff::Timestamp;
use sha2::Digest;
use sha2::Sha256;
use sqlx::PgPool;
use time::OffsetDateTime;
use tower_sessions::SessionStore;
use tower_sessions::session::Id;
use tower_sessions::session::Record;
use tower_sessions::session_store::Error;
use tower_sessions::session_store::Result;

use crate::clock::Clock;
use crate::db;

/// How long a session lasts, whatever its user does.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(10);

/// How long it goes on while its user does nothing (`reliability` S-4).
pub const IDLE: SignedDuration = SignedDuration::from_mins(30);

/// For how long somebody who proved who they are may do what takes a recent proof.
pub const RECENT: SignedDuration = SignedDuration::from_mins(15);

/// See the module.
#[derive(Debug, Clone)]
pub struct PgSessionStore {
    /// Where the sessions are.
    pub pool: PgPool,
    /// What tells when they end.
    pub clock: Clock,
}

#[async_trait]
impl SessionStore for PgSessionStore {
    async fn create(&self, record: &mut Record) -> Result<()> {
        let now = self.clock.now();
        loop {
            let (hash, data) = (hash(record.id), encode(record)?);
            let inserted =
                db::sessions::insert(&self.pool, &hash, &data, now + LIFETIME, now).await;
            if inserted.map_err(backend)? {
                return Ok(());
            }
            record.id = Id::default();
        }
    }

    async fn save(&self, record: &Record) -> Result<()> {
        // A session that is gone stays gone, and that is no failure of this request: the next one finds
        // nobody signed in.
        let updated = db::sessions::update(&self.pool, &hash(record.id), &encode(record)?).await;
        updated.map(|_| ()).map_err(backend)
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let now = self.clock.now();
        let found = db::sessions::find(&self.pool, &hash(*id), now - IDLE, now).await;
        let data = found.map_err(backend)?;
        let Some(data) = data else { return Ok(None) };
        let data = serde_json::from_value(data).map_err(|it| Error::Decode(it.to_string()))?;
        // Nobody asks the record when it ends; the database has answered that already.
        Ok(Some(Record { id: *id, data, expiry_date: instant(now + LIFETIME)? }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        db::sessions::delete(&self.pool, &hash(*id)).await.map_err(backend)
    }
}

/// What the database knows of a session's identifier.
pub fn hash(id: Id) -> Vec<u8> {
    Sha256::digest(id.0.to_le_bytes()).to_vec()
}

fn encode(record: &Record) -> Result<serde_json::Value> {
    serde_json::to_value(&record.data).map_err(|error| Error::Encode(error.to_string()))
}

fn instant(at: Timestamp) -> Result<OffsetDateTime> {
    OffsetDateTime::from_unix_timestamp(at.as_second()).map_err(|it| Error::Decode(it.to_string()))
}

#[expect(clippy::needless_pass_by_value, reason = "for use with map_err")]
fn backend(error: db::Error) -> Error {
    Error::Backend(error.to_string())
}
