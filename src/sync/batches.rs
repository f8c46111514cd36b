//! Making the promises of confirmed batches, a few rows at a time.

use crate::db;
use crate::sync;
use crate::sync::Context;
use crate::workflow;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing was confirmed.
    Idle,
    /// Some rows have their promises, or are stopped.
    Done,
}

/// Makes the promises of some rows of the account. Any number of workers may; the next one goes on where one died.
pub async fn step(context: &Context) -> db::Result<Step> {
    let now = sync::shared_now(context).await?;
    let rows = workflow::batches::promise_some(&context.pool, &context.account, now).await?;
    Ok(if rows == 0 { Step::Idle } else { Step::Done })
}
