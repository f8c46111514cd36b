//! Another key for everything that is sealed.

use jiff::Timestamp;
use sqlx::PgPool;

use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::secrets::Keys;
use crate::workflow::accounts;
use crate::workflow::audit;
use crate::workflow::second_factor;

/// Seals every secret anew under the current key, accounts' and second factors': all of them, or none. Says how
/// many.
pub async fn rotate(pool: &PgPool, keys: &Keys, now: Timestamp) -> anyhow::Result<usize> {
    let mut tx = pool.begin().await?;
    let secrets =
        accounts::reseal(&mut tx, keys).await? + second_factor::reseal(&mut tx, keys).await?;
    let act = Act::KeyRotated { secrets: i64::try_from(secrets).unwrap_or(i64::MAX) };
    audit::note(&mut tx, &Entry::by_comptoir(act, now)).await?;
    tx.commit().await?;
    Ok(secrets)
}
