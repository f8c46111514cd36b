//! Reading orders: one pass over what the marketplace changed since the cursor.
//!
//! Pages by number lose orders while orders change; asking again from the last change seen loses none
//! (`reliability` 8). So each request asks for the first page of what changed at or after the last item, in
//! ascending order of change, until a page is not full. The answer's order is verified, because the
//! syntax of the sort is not settled; if it is not ascending, [`windows`] reads on.
//!
//! *Invariant:* the cursor moves in the transaction that stores what lies before it, and holds the
//! marketplace's time, never ours.

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::db;
use crate::db::sync_states::SyncState;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::trouble::Trouble;
use crate::octopia;
use crate::octopia::orders::Page;
use crate::octopia::orders::Query;
use crate::octopia::orders::Received;
use crate::octopia::orders::Sort;
use crate::sync;
use crate::sync::Context;
use crate::sync::Unreadable;
use crate::sync::aside;
use crate::sync::wanted;
use crate::sync::wanted::Wanted;
use crate::sync::windows;
use crate::translate;
use crate::workflow;

/// How long a worker owns an account's reading without a sign of life: longer than one call and one page.
const LEASE: SignedDuration = SignedDuration::from_secs(30);
/// How often the sweep runs.
const DAILY: SignedDuration = SignedDuration::from_hours(24);
/// The pauses after failures in a row: 5, 10, 20 … seconds, at most this.
const MAX_PAUSE: SignedDuration = SignedDuration::from_mins(5);

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pulled {
    /// The account is not due, or another worker has it.
    NotDue,
    /// The pass is complete; that many orders were new or changed.
    Done {
        /// How many were written.
        written: usize,
    },
    /// The pass broke off. What had been read is stored; the next pass goes on from there.
    Failed(Trouble),
}

/// Why a pass breaks off.
#[derive(Debug, thiserror::Error)]
pub(super) enum Break {
    /// The marketplace did not answer as it should.
    #[error(transparent)]
    Marketplace(#[from] octopia::Error),
    /// Our side failed.
    #[error(transparent)]
    Db(#[from] db::Error),
    /// Another worker has taken the account over.
    #[error("the reading was taken over by another worker")]
    Lost,
}

impl From<sqlx::Error> for Break {
    fn from(error: sqlx::Error) -> Self {
        Self::Db(error.into())
    }
}

/// Reads one account once, if it is due.
pub async fn step(context: &Context) -> db::Result<Pulled> {
    let Context { account, pool, clock, worker, settings, .. } = context;
    let now = clock.now();
    let mut conn = pool.acquire().await?;
    if !db::sync_states::take(&mut conn, account, *worker, now, now + LEASE).await? {
        return Ok(Pulled::NotDue);
    }
    let state = db::sync_states::find(&mut *conn, account).await?;
    drop(conn);
    let Some(state) = state else { return Ok(Pulled::NotDue) };
    let passed = pass(context, &state).await;
    let now = clock.now();
    let mut conn = pool.acquire().await?;
    let error = match passed {
        Ok(Pass { written, swept }) => {
            let swept_at = swept.then_some(now);
            let next = now + settings.interval;
            db::sync_states::succeed(&mut conn, account, swept_at, next, now).await?;
            return Ok(Pulled::Done { written });
        }
        Err(Break::Lost) => return Ok(Pulled::NotDue),
        Err(error) => error,
    };
    let (trouble, after, words) = match &error {
        Break::Marketplace(error) => {
            let (trouble, after) = translate::trouble(error);
            (trouble, after, error.words())
        }
        Break::Db(_) | Break::Lost => (Trouble::Internal, None, String::new()),
    };
    tracing::warn!(%account, trouble = trouble.as_str(), %error, "reading orders broke off");
    let next = now + after.unwrap_or_else(|| pause(state.failures));
    drop(conn);
    let mut tx = pool.begin().await?;
    db::sync_states::fail(&mut tx, account, trouble, &words, next, now).await?;
    if trouble == Trouble::CredentialsRefused && state.failure != Some(trouble) {
        let entry = Entry::by_marketplace(Act::CredentialsRefused, now).in_account(account);
        workflow::audit::note(&mut tx, &entry).await?;
    }
    tx.commit().await?;
    Ok(Pulled::Failed(trouble))
}

struct Pass {
    written: usize,
    swept: bool,
}

async fn pass(context: &Context, state: &SyncState) -> Result<Pass, Break> {
    let now = context.clock.now();
    let sweep = state.backfilled_at.is_some() && is_old(state.swept_at, now);
    let from = match state.cursor_at {
        // A first reading that broke off goes on where it was; there is nothing behind it to overlap.
        Some(cursor) if state.backfilled_at.is_none() => cursor,
        Some(cursor) if sweep => {
            (cursor - context.settings.overlap).min(now - context.settings.sweep)
        }
        Some(cursor) => cursor - context.settings.overlap,
        None => begin(context, now).await?,
    };
    let written = read_from(context, from).await?;
    aside::read(context, state, now).await;
    Ok(Pass { written, swept: sweep || state.backfilled_at.is_none() })
}

fn is_old(at: Option<Timestamp>, now: Timestamp) -> bool {
    at.is_none_or(|at| now.duration_since(at) > DAILY)
}

/// Begins the first reading: asks how much there is, so that people can see how far it is.
async fn begin(context: &Context, now: Timestamp) -> Result<Timestamp, Break> {
    let from = now - context.settings.backfill;
    let query = Query { updated_at_min: Some(from), ..Query::default() };
    let total = context.client.count_orders(&query).await?;
    let total = i64::try_from(total).unwrap_or(i64::MAX);
    let mut conn = context.pool.acquire().await?;
    db::sync_states::start_backfill(&mut conn, &context.account, from, total).await?;
    Ok(from)
}

async fn read_from(context: &Context, start: Timestamp) -> Result<usize, Break> {
    let mut written = 0;
    let mut place = Place { from: start, page_index: 1 };
    let mut page = place.read(context).await?;
    loop {
        if !is_ascending(&page) {
            return Ok(written + windows::read(context, place.from, &page).await?);
        }
        let last = page.items.iter().filter_map(|it| it.updated_at).max();
        let is_last = page.items.len() < octopia::orders::PAGE_SIZE_MAX as usize;
        let stored = store(context, page.items, last);
        if is_last {
            return Ok(written + stored.await?);
        }
        place = place.after(last);
        // The next page is asked for while this one is stored: its place is known already.
        let (stored, next) = tokio::join!(stored, place.read(context));
        written += stored?;
        page = next?;
    }
}

/// Where a pass is.
#[derive(Clone, Copy)]
struct Place {
    from: Timestamp,
    page_index: u32,
}

impl Place {
    async fn read(self, context: &Context) -> Result<Page, octopia::Error> {
        let query = Query {
            updated_at_min: Some(self.from),
            page_index: self.page_index,
            sort: Some(Sort::UpdatedAtAscending),
            ..Query::default()
        };
        context.client.list_orders(&query).await
    }

    fn after(self, last: Option<Timestamp>) -> Self {
        match last {
            Some(last) if last > self.from => Self { from: last, page_index: 1 },
            // A whole page of one instant: only inside it are pages read by number.
            _ => Self { page_index: self.page_index + 1, ..self },
        }
    }
}

fn is_ascending(page: &Page) -> bool {
    page.items.iter().filter_map(|it| it.updated_at).is_sorted()
}

/// Stores a page and moves the cursor to `reached`, in one transaction. If the database refuses the page,
/// its orders are stored one by one, so that the one it refuses does not stop the others.
pub(super) async fn store(
    context: &Context,
    items: Vec<Received>,
    reached: Option<Timestamp>,
) -> Result<usize, Break> {
    let Context { account, pool, clock, worker, .. } = context;
    let count = i64::try_from(items.len()).unwrap_or(i64::MAX);
    let (mut readings, mut faults) = (Vec::with_capacity(items.len()), Vec::new());
    for received in items {
        match sync::understand(received) {
            Ok(reading) => readings.push(reading),
            Err(unreadable) => faults.push(unreadable),
        }
    }
    let now = clock.now();
    let mut tx = pool.begin().await?;
    if !db::sync_states::extend(&mut tx, account, *worker, now + LEASE, count).await? {
        return Err(Break::Lost);
    }
    let Wanted { readings, left_out } = wanted::of(&mut tx, account, readings).await?;
    let written = match workflow::record(&mut tx, account, &readings, now).await {
        Ok(written) => written,
        Err(error) if is_about_the_data(&error) => {
            tx.rollback().await?;
            tx = pool.begin().await?;
            store_one_by_one(context, &mut tx, readings, &mut faults).await?
        }
        Err(error) => return Err(error.into()),
    };
    // One that could not be read before, and now is not wanted, is no fault any more.
    db::faults::forget(&mut tx, account, &left_out).await?;
    for Unreadable { order_id, problem, raw } in &faults {
        db::faults::keep(&mut tx, account, order_id, problem, raw, now).await?;
    }
    if let Some(reached) = reached {
        db::sync_states::move_cursor(&mut tx, account, reached, count).await?;
    }
    tx.commit().await?;
    Ok(written)
}

async fn store_one_by_one(
    context: &Context,
    tx: &mut sqlx::PgTransaction<'_>,
    readings: Vec<workflow::Reading>,
    faults: &mut Vec<Unreadable>,
) -> Result<usize, Break> {
    use sqlx::Acquire as _;
    let now = context.clock.now();
    let mut written = 0;
    for reading in readings {
        let mut savepoint = tx.begin().await?;
        let one = std::slice::from_ref(&reading);
        match workflow::record(&mut savepoint, &context.account, one, now).await {
            Ok(n) => {
                savepoint.commit().await?;
                written += n;
            }
            Err(error) if is_about_the_data(&error) => {
                savepoint.rollback().await?;
                let problem = "the database cannot hold it".to_owned();
                let workflow::Reading { order, raw, .. } = reading;
                faults.push(Unreadable { order_id: order.id, problem, raw });
            }
            Err(error) => return Err(error.into()),
        }
    }
    Ok(written)
}

/// Data exceptions and violated constraints, as opposed to a database that is away (SQLSTATE classes 22, 23).
fn is_about_the_data(error: &db::Error) -> bool {
    let db::Error::Sqlx(sqlx::Error::Database(error)) = error else { return false };
    error.code().is_some_and(|code| code.starts_with("22") || code.starts_with("23"))
}

fn pause(failures: i32) -> SignedDuration {
    let doublings = u32::try_from(failures).unwrap_or(0).min(6);
    SignedDuration::from_secs(5 * 2_i64.pow(doublings)).min(MAX_PAUSE)
}
