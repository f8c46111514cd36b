//! What orders do not wait for: carriers, what channels say of themselves, the gestures of others, whether the
//! marketplace's numbers are ours, and how it judges the seller.
//!
//! A failure here is told to the log, and the last answer stays in use.

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::db;
use crate::db::sync_states::SyncState;
use crate::domain::request::Request;
use crate::octopia::gestures::GestureQuery;
use crate::sync::Context;
use crate::sync::compare;
use crate::translate;
use crate::workflow;

/// How far each reading of gestures reaches back behind the last one.
const OVERLAP: SignedDuration = SignedDuration::from_mins(10);
/// How old the list of carriers and the channels' rules may become.
const DAILY: SignedDuration = SignedDuration::from_hours(24);
/// How soon indicators are asked for again that could not be read.
const SOON: SignedDuration = SignedDuration::from_hours(1);

/// Reads all of it, as far as it is due.
pub(super) async fn read(context: &Context, state: &SyncState, now: Timestamp) {
    let account = &context.account;
    if is_old(state.carriers_read_at, now)
        && let Err(error) = carriers(context).await
    {
        tracing::warn!(%account, %error, "the carriers could not be read");
    }
    if let Err(error) = gestures(context, now - context.settings.backfill).await {
        tracing::warn!(%account, %error, "the gestures could not be read");
    }
    if let Err(error) = channels(context).await {
        tracing::warn!(%account, %error, "the channels' rules could not be read");
    }
    if let Err(error) = compare::if_due(context, state, now).await {
        tracing::warn!(%account, %error, "the numbers of orders could not be compared");
    }
    if let Err(error) = indicators(context, now).await {
        tracing::warn!(%account, %error, "the indicators could not be kept");
    }
}

fn is_old(at: Option<Timestamp>, now: Timestamp) -> bool {
    at.is_none_or(|at| now.duration_since(at) > DAILY)
}

async fn carriers(context: &Context) -> anyhow::Result<()> {
    let carriers = context.client.carriers().await?;
    let labels: Vec<String> = carriers.into_iter().map(|it| it.label).collect();
    let mut tx = context.pool.begin().await?;
    let now = context.clock.now();
    db::reference::replace_carriers(&mut tx, &context.account, &labels, now).await?;
    tx.commit().await?;
    Ok(())
}

/// Reads the gestures that were made or decided since the last time, whoever made them. Those of orders that
/// are not mirrored are left out.
async fn gestures(context: &Context, from: Timestamp) -> anyhow::Result<()> {
    let Context { account, pool, clock, client, .. } = context;
    let started = clock.now();
    let state = db::sync_states::gestures_cursor(pool, account).await?;
    let since = state.map_or(from, |at| at - OVERLAP);
    let query = GestureQuery { order_id: None, updated_since: Some(since) };
    let read = client.gesture_requests(&query).await?;
    let reached = read.iter().filter_map(|it| it.updated_at.or(it.created_at)).max();
    let ids: Vec<String> = read.iter().filter_map(|it| it.order_id.clone()).collect();
    let mut tx = pool.begin().await?;
    let mut mirrored = db::requests::mirrored(&mut tx, account, &ids).await?;
    // Locked in one order, so that two workers cannot wait for each other.
    mirrored.sort();
    for order_id in mirrored {
        let of_order = read.iter().filter(|it| it.order_id.as_deref() == Some(&*order_id));
        let requests: Vec<_> = of_order.filter_map(translate::gesture).collect();
        let requests: Vec<_> = requests.into_iter().map(Request::Gesture).collect();
        workflow::record_requests(&mut tx, account, &order_id, &requests, started).await?;
    }
    db::sync_states::read_gestures(&mut tx, account, reached, started).await?;
    tx.commit().await?;
    Ok(())
}

/// Asks each channel, once a day, whether it allows gestures: the order's page says so without asking.
async fn channels(context: &Context) -> anyhow::Result<()> {
    let Context { account, pool, clock, client, .. } = context;
    let now = clock.now();
    let read_at = db::sync_states::channels_read_at(pool, account).await?;
    let channels = db::reference::channels(pool, account).await?;
    let fresh = !is_old(read_at, now);
    let unknown = |gestures: &Option<bool>| gestures.is_none();
    let due: Vec<_> = channels.iter().filter(|(_, gestures)| !fresh || unknown(gestures)).collect();
    let mut answers = Vec::new();
    for (channel_id, _) in due {
        let answer = client.gesture_configuration(channel_id).await?;
        answers.extend(answer.allows_gesture.map(|it| (channel_id, it)));
    }
    let mut tx = pool.begin().await?;
    for (channel_id, gestures) in answers {
        db::reference::set_gestures(&mut tx, account, channel_id, gestures).await?;
    }
    if !fresh {
        db::sync_states::read_channels(&mut tx, account, now).await?;
    }
    tx.commit().await?;
    Ok(())
}

/// Asks, once a day, how the marketplace judges the seller. That it does not say is kept, and shown.
async fn indicators(context: &Context, now: Timestamp) -> anyhow::Result<()> {
    let Context { account, pool, client, .. } = context;
    if let Some((at, well)) = db::indicators::tried(pool, account).await?
        && now.duration_since(at) < if well { DAILY } else { SOON }
    {
        return Ok(());
    }
    let answer = client.indicators().await;
    let mut tx = pool.begin().await?;
    match answer {
        Ok(read) => {
            let read: Vec<_> = read.iter().map(translate::indicator).collect();
            db::indicators::replace(&mut tx, account, &read, now).await?;
        }
        Err(error) => {
            let (trouble, _) = translate::trouble(&error);
            tracing::warn!(%account, %error, "the indicators could not be read");
            db::indicators::fail(&mut tx, account, trouble, now).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
