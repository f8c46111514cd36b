//! Telling people what they should know (`crate::workflow::notifications`), again and again.

use jiff::Timestamp;
use sqlx::PgPool;

use crate::db;
use crate::sync;
use crate::sync::Context;
use crate::workflow;

/// Looks what there is to tell of the account.
pub async fn step(context: &Context) -> db::Result<()> {
    let now = sync::shared_now(context).await?;
    workflow::notifications::look(&context.pool, &context.account, now).await
}

/// Makes the digests that are due, and says how many.
pub async fn digests(pool: &PgPool, now: Timestamp) -> db::Result<usize> {
    let mut made = 0;
    for reader in db::notifications::digest_readers(pool).await? {
        made += usize::from(workflow::notifications::digest(pool, &reader, now).await?);
    }
    Ok(made)
}
