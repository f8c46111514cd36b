//! Comparing the marketplace's numbers with ours, status by status (`product` C4): what a reading missed shows here.
//!
//! Right after a reading, when the mirror is as near as it can be. Orders that change between two counts look like
//! a difference, so that one is looked at again with the next readings before it counts
//! ([`crate::domain::comparison`]).

use std::collections::BTreeMap;
use std::collections::BTreeSet;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::db;
use crate::db::comparisons::Comparison;
use crate::db::sync_states::SyncState;
use crate::domain::comparison;
use crate::domain::comparison::Finding;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::octopia;
use crate::octopia::Disposition;
use crate::octopia::orders::Query;
use crate::sync::Context;

/// Compares, if it is time.
pub(super) async fn if_due(
    context: &Context,
    state: &SyncState,
    now: Timestamp,
) -> anyhow::Result<()> {
    let zone = TimeZone::get(&state.time_zone).unwrap_or(TimeZone::UTC);
    if !comparison::is_due(state.comparison, now, &zone) {
        return Ok(());
    }
    // Before the first reading there is nothing to compare; that reading has just written where it began.
    let known = db::sync_states::find(&context.pool, &context.account).await?;
    let Some(from) = known.and_then(|it| it.backfill_from) else { return Ok(()) };
    let skips = db::accounts::options_of(&context.pool, &context.account).await?.skips_fulfilled;
    let rows = compare(context, from, skips.then_some(SupplyMode::Fulfillment)).await?;
    let differs = rows.iter().any(|it| Finding::of(it.theirs, it.ours).differs());
    if differs {
        tracing::warn!(account = %context.account, "the marketplace's numbers of orders are not ours");
    }
    let mut tx = context.pool.begin().await?;
    let now = context.clock.now();
    db::comparisons::replace(&mut tx, &context.account, &rows, differs, now).await?;
    tx.commit().await?;
    Ok(())
}

async fn compare(
    context: &Context,
    from: Timestamp,
    without: Option<SupplyMode>,
) -> anyhow::Result<Vec<Comparison>> {
    let Context { account, pool, .. } = context;
    let without = without.as_ref().map(SupplyMode::as_str);
    let here = db::comparisons::count(pool, account, from, without).await?;
    let known: BTreeSet<&str> = Status::KNOWN.iter().map(Status::as_str).collect();
    let mut rows = Vec::new();
    for status in known.into_iter().chain(here.keys().map(String::as_str)) {
        if rows.iter().any(|it: &Comparison| it.status == status) {
            continue;
        }
        let theirs = count(context, from, Some(status), without).await?;
        rows.push(row(context, status, theirs, &here));
    }
    let theirs = count(context, from, None, without).await?;
    let ours = here.values().sum();
    rows.push(Comparison { account: account.clone(), status: String::new(), theirs, ours });
    Ok(rows)
}

fn row(
    context: &Context,
    status: &str,
    theirs: Option<i64>,
    here: &BTreeMap<String, i64>,
) -> Comparison {
    let ours = here.get(status).copied().unwrap_or_default();
    Comparison { account: context.account.clone(), status: status.to_owned(), theirs, ours }
}

/// How many the marketplace counts; none for a status that it does not take (`octopia-contract` 2.2).
async fn count(
    context: &Context,
    from: Timestamp,
    status: Option<&str>,
    without: Option<&str>,
) -> Result<Option<i64>, octopia::Error> {
    let query = Query {
        updated_at_min: Some(from),
        statuses: status.map(str::to_owned).into_iter().collect(),
        ..Query::default()
    };
    let all = match context.client.count_orders(&query).await {
        Ok(all) => all,
        Err(error) if status.is_some() && error.disposition() == Disposition::Refused => {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    let left_out = match without {
        Some(mode) => {
            let query = Query { supply_mode: Some(mode.to_owned()), ..query };
            context.client.count_orders(&query).await?
        }
        None => 0,
    };
    Ok(i64::try_from(all.saturating_sub(left_out)).ok())
}
