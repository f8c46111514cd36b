//! Noting how often the marketplace is called, a few times a minute, so that no call waits for the database.

use jiff::SignedDuration;
use jiff::Timestamp;
use sqlx::PgPool;

use crate::db;
use crate::domain::order::AccountId;
use crate::octopia::Calls;
use crate::sync::Context;

/// People ask about the last hour; a day is kept for those who ask later.
const KEPT: SignedDuration = SignedDuration::from_hours(24);

/// Notes what the account's client did since the last time. What cannot be noted is noted with the next.
pub async fn step(context: &Context) -> db::Result<()> {
    let Context { account, pool, clock, client, .. } = context;
    let calls = client.tally().take();
    let noted = note(pool, account, calls, clock.now()).await;
    if noted.is_err() {
        client.tally().give_back(calls);
    }
    noted
}

/// Adds calls to those of this minute.
pub async fn note(
    pool: &PgPool,
    account: &AccountId,
    calls: Calls,
    now: Timestamp,
) -> db::Result<()> {
    if calls == Calls::default() {
        return Ok(());
    }
    db::api_calls::add(pool, account, (calls.made, calls.limited), now, now - KEPT).await
}

/// Notes the limit that the client keeps to, for the pages.
pub(super) async fn note_limit(context: &Context) -> db::Result<()> {
    let limit = context.client.tally().per_second;
    let limit = limit.map(|it| i32::try_from(it.get()).unwrap_or(i32::MAX));
    let mut conn = context.pool.acquire().await?;
    db::sync_states::set_limit(&mut conn, &context.account, limit).await
}
