//! What the database says of its own schema.

use sqlx::PgExecutor;

use crate::db::Result;

/// The newest migration that was applied to its end; none in an empty database.
///
/// Not a checked query: the table is the migrator's, and exists only where the migrator ran.
pub async fn version(db: impl PgExecutor<'_>) -> Result<Option<i64>> {
    Ok(sqlx::query_scalar("SELECT max(version) FROM _sqlx_migrations WHERE success")
        .fetch_one(db)
        .await?)
}
