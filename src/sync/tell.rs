//! Telling people what they should know (`crate::workflow::notifications`), again and again.

use jiff::Timestamp;
use sqlx::PgPool;

use crate::db;
use crate::sync;
use crate::sync::Context;
use crate::workflow;
use crate::workflow::notifications::Outlets;

/// Looks what there is to tell of the account.
pub async fn step(context: &Context) -> db::Result<()> {
    let now = sync::shared_now(context).await?;
    let Context { pool, account, settings, .. } = context;
    workflow::notifications::look(pool, account, settings.outlets, now).await
}

/// Makes the digests that are due, and says how many.
pub async fn digests(pool: &PgPool, outlets: Outlets, now: Timestamp) -> db::Result<usize> {
    let mut made = 0;
    for reader in db::notifications::digest_readers(pool).await? {
        let is_made = workflow::notifications::digest(pool, &reader, outlets, now).await?;
        made += usize::from(is_made);
    }
    Ok(made)
}
