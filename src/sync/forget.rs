//! Letting go of customers whose orders ended long ago, a few orders at a time.

use crate::db;
use crate::sync;
use crate::sync::Context;
use crate::workflow;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nobody's time was over.
    Idle,
    /// Some customers were taken out of their orders.
    Done,
}

/// Takes customers out of some orders of the account. Any number of workers may: what one has locked, the
/// others leave to it.
pub async fn step(context: &Context) -> db::Result<Step> {
    let Context { account, pool, settings, .. } = context;
    let now = sync::shared_now(context).await?;
    let orders =
        workflow::privacy::remove_old(pool, account, settings.keep_personal_data_days, now).await?;
    if orders == 0 {
        return Ok(Step::Idle);
    }
    tracing::info!(%account, orders, "personal data of old orders is removed");
    Ok(Step::Done)
}
