//! Taking customers out of orders: when their time is over, and when they ask. The order, its history and its
//! audit stay (`docs/PRIVACY.md`).

use jiff::SignedDuration;
use jiff::Timestamp;
use serde_json::Value;
use sqlx::PgConnection;
use sqlx::PgPool;

use crate::db;
use crate::db::privacy::Found;
use crate::db::privacy::Wanted;
use crate::db::privacy::texts;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act::Erasure;
use crate::domain::import;
use crate::domain::order::AccountId;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::privacy;
use crate::domain::request::Request;
use crate::workflow::audit;
use crate::workflow::record::Reading;

/// The orders that are worked on at a time: their locks are held meanwhile.
const BATCH: i64 = 50;

/// Takes the customers out of some orders of the account that ended, and rested, that many days ago. Says out of
/// how many; zero, when none was left.
pub async fn remove_old(
    pool: &PgPool,
    account: &AccountId,
    days: u16,
    now: Timestamp,
) -> db::Result<usize> {
    let before = now - SignedDuration::from_hours(24 * i64::from(days));
    let ended = Status::KNOWN.iter().filter(|it| privacy::has_ended(it));
    let ended: Vec<String> = ended.map(|it| it.as_str().to_owned()).collect();
    let mut tx = pool.begin().await?;
    let mut orders = db::privacy::due(&mut tx, account, &ended, before, BATCH).await?;
    orders.extend(db::privacy::due_again(&mut tx, account, before, BATCH).await?);
    db::privacy::empty_faults(&mut tx, account, before).await?;
    let day = SignedDuration::from_hours(24);
    db::imports::forget(&mut *tx, account, now - day * import::KEPT_DAYS).await?;
    db::batches::forget(&mut tx, account, before).await?;
    if !orders.is_empty() {
        remove(&mut tx, account, &orders, Some(days), now).await?;
        let count = i64::try_from(orders.len()).unwrap_or(i64::MAX);
        let act = Act::PersonalDataErased { orders: count, reason: Erasure::Retention };
        audit::note(&mut tx, &Entry::by_comptoir(act, now).in_account(account)).await?;
    }
    tx.commit().await?;
    Ok(orders.len())
}

/// Takes the customers out of these orders, which are locked.
async fn remove(
    conn: &mut PgConnection,
    account: &AccountId,
    orders: &[String],
    after_days: Option<u16>,
    now: Timestamp,
) -> db::Result<()> {
    // First: nothing that was written is given up before the order says that it is.
    db::privacy::remove(conn, account, orders, after_days.map(i32::from), now).await?;
    let mut events = texts::events(conn, account, orders).await?;
    events.retain_mut(|it| changes(&mut it.text, privacy::strip_event));
    texts::write_events(conn, account, &events).await?;
    let mut promises = texts::promises(conn, account, orders).await?;
    promises.retain_mut(|it| {
        changes(&mut it.text, |(action, refusal)| {
            privacy::strip_action(action);
            refusal.iter_mut().for_each(privacy::strip_refusal);
        })
    });
    texts::write_promises(conn, account, &promises).await?;
    let mut requests = texts::requests(conn, account, orders).await?;
    requests.retain_mut(|it| changes(&mut it.text, privacy::strip_request));
    texts::write_requests(conn, account, &requests).await
}

fn changes<T: Clone + PartialEq>(value: &mut T, strip: impl FnOnce(&mut T)) -> bool {
    let before = value.clone();
    strip(value);
    *value != before
}

/// What may be written of orders just read: of those that are without their customer, no more than that.
pub(super) fn without_removed(readings: &[Reading], removed: &[(String, bool)]) -> Vec<Reading> {
    let reading = |it: &Reading| {
        let Reading { order, raw_hash, .. } = it;
        let mut order: Order = order.clone();
        if !removed.iter().any(|(id, _)| *id == order.id) {
            return it.clone();
        }
        privacy::strip_order(&mut order);
        Reading { order, raw: String::new(), raw_hash: *raw_hash }
    };
    readings.iter().map(reading).collect()
}

/// What may be written of requests just read. While something is promised anew for an order that is without its
/// customer, its requests are kept whole: what is written in one tells it from others.
pub(super) async fn requests(
    conn: &mut PgConnection,
    account: &AccountId,
    order_id: &str,
    read: &[Request],
) -> db::Result<Vec<Request>> {
    let mut read = read.to_vec();
    let removed = db::privacy::removed_of(conn, account, &[order_id.to_owned()]).await?;
    if removed.iter().any(|(_, again)| !again) {
        read.iter_mut().for_each(privacy::strip_request);
    }
    Ok(read)
}

/// The orders of whoever is wanted, in every account.
pub async fn find(pool: &PgPool, wanted: &Wanted) -> db::Result<Vec<Found>> {
    let mut tx = pool.begin().await?;
    matching(&mut tx, wanted).await
}

async fn matching(conn: &mut PgConnection, wanted: &Wanted) -> db::Result<Vec<Found>> {
    db::privacy::be_patient(conn).await?;
    let accounts = db::accounts::list(&mut *conn).await?;
    let accounts: Vec<String> = accounts.into_iter().map(|it| it.id.0).collect();
    db::privacy::matching(conn, &accounts, wanted).await
}

/// Everything that is held on whoever is wanted, an entry per order. That it was handed out is noted.
pub async fn export(pool: &PgPool, wanted: &Wanted, now: Timestamp) -> db::Result<Vec<Value>> {
    let mut tx = pool.begin().await?;
    let mut held = Vec::new();
    for found in matching(&mut tx, wanted).await? {
        held.extend(db::privacy::everything(&mut tx, &found.account, &found.order_id).await?);
    }
    let act = Act::PersonalDataExported { orders: i64::try_from(held.len()).unwrap_or(i64::MAX) };
    audit::note(&mut tx, &Entry::on_command_line(act, now)).await?;
    tx.commit().await?;
    Ok(held)
}

/// Why a customer's data is still needed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Needed {
    /// The parcel has to be sent, or the order has to be decided.
    #[error("it is still open ({0}): the name and address are needed to ship or cancel it")]
    Open(String),
    /// The marketplace has not settled what was promised.
    #[error("something promised for it is not settled yet: wait, or decide about it on its page")]
    UnderWay,
}

/// Why the customer cannot be taken out of that order now, if so.
pub fn needed(found: &Found) -> Option<Needed> {
    if found.under_way {
        return Some(Needed::UnderWay);
    }
    let open = !privacy::has_ended(&found.status);
    open.then(|| Needed::Open(found.status.as_str().to_owned()))
}

/// Takes the customer out of an order because they asked, if that order has ended. Says whether it was done.
pub async fn erase(pool: &PgPool, found: &Found, now: Timestamp) -> db::Result<bool> {
    let Found { account, order_id, .. } = found;
    let mut tx = pool.begin().await?;
    if !db::orders::lock(&mut tx, account, order_id).await? {
        return Ok(false);
    }
    // Once more, now that nobody else can change it.
    let Some(mirrored) = db::orders::find(&mut tx, account, order_id).await? else {
        return Ok(false);
    };
    let under_way = db::promises::under_way(&mut *tx, account, order_id).await?.is_some();
    let present = Found { status: mirrored.order.status, under_way, ..found.clone() };
    if needed(&present).is_some() {
        return Ok(false);
    }
    remove(&mut tx, account, std::slice::from_ref(order_id), None, now).await?;
    db::imports::forget_orders(&mut *tx, account, std::slice::from_ref(order_id)).await?;
    let act = Act::PersonalDataErased { orders: 1, reason: Erasure::Request };
    audit::note(&mut tx, &Entry::on_command_line(act, now).of_order(account, order_id)).await?;
    tx.commit().await?;
    Ok(true)
}
