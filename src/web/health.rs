//! What a load balancer asks.

use axum::Extension;
use axum::extract::State;
use axum::http::StatusCode;

use crate::MIGRATOR;
use crate::db;
use crate::db::scope::SellerScope;
use crate::web::AppState;
use crate::web::problem::AsIs;

/// `GET /healthz`: the process answers.
pub async fn live() -> &'static str {
    "ok\n"
}

/// `GET /readyz`: pages would work, because the database answers and has the schema of this program.
pub async fn ready(State(state): State<AppState>) -> (StatusCode, Extension<AsIs>, &'static str) {
    let newest = MIGRATOR.iter().map(|it| it.version).max();
    let (status, words) = match version(&state).await {
        // A newer schema is one that a newer program is about to use: migrations only add.
        Ok(version) if version >= newest => (StatusCode::OK, "ready\n"),
        Ok(_) => (StatusCode::SERVICE_UNAVAILABLE, "the schema is older than this program\n"),
        Err(error) => {
            tracing::warn!(error = %anyhow::Error::from(error), "not ready");
            (StatusCode::SERVICE_UNAVAILABLE, "the database does not answer\n")
        }
    };
    (status, Extension(AsIs), words)
}

/// The schema's version, if the pages' own role can come in as well: in a database that was restored elsewhere,
/// it may be missing.
async fn version(state: &AppState) -> db::Result<Option<i64>> {
    state.scoped.acquire(&SellerScope::default()).await?;
    db::schema::version(&state.pool).await
}
