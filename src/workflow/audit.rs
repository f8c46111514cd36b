//! Writing down what matters, in the transaction of the change itself, and checking that nobody changed what
//! was written down.

use std::fmt::Write;
use std::net::IpAddr;

use jiff::Timestamp;
use sha2::Digest;
use sha2::Sha256;
use sqlx::PgConnection;
use sqlx::PgPool;

use crate::db;
use crate::db::promises::Promise;
use crate::domain::action::Action;
use crate::domain::address::Address;
use crate::domain::audit;
use crate::domain::audit::Act;
use crate::domain::audit::Entry;
use crate::domain::audit::act::Money;
use crate::domain::audit::chain::Broken;
use crate::domain::audit::chain::Head;
use crate::domain::audit::chain::Walk;
use crate::domain::delivery::Progress;
use crate::domain::delivery::Refusal;
use crate::domain::delivery::State;

/// The rows that are checked at a time.
const BATCH: i64 = 1000;
/// The bytes that are kept of the hash of an input.
const FINGERPRINT: usize = 16;

/// Which request an entry comes from.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The number that is in the log too.
    pub request_id: Option<String>,
    /// Who sent it.
    pub peer: Option<IpAddr>,
}

tokio::task_local! {
    static ORIGIN: Origin;
}

/// Does the work of a request. Every entry that it writes says so: like the fields of a log's span, that goes
/// along by itself, because a function in between that forgot to hand it on would leave a hole.
pub async fn within<F: Future>(origin: Origin, work: F) -> F::Output {
    ORIGIN.scope(origin, work).await
}

/// The request whose work is being done, for what goes on after its answer has begun.
pub fn origin() -> Origin {
    ORIGIN.try_with(Clone::clone).unwrap_or_default()
}

/// Writes an entry in the transaction of what it speaks of: both are kept, or neither is. It joins the chain
/// when the transaction commits, so that it may be called at any point, whatever is locked.
pub async fn note(conn: &mut PgConnection, entry: &Entry) -> db::Result<()> {
    let origin = origin();
    let peer = origin.peer.map(|it| it.to_canonical().to_string());
    db::audit::add(conn, entry, origin.request_id.as_deref(), peer.as_deref()).await
}

/// Writes an entry about what changes nothing.
pub async fn note_alone(pool: &PgPool, entry: &Entry) -> db::Result<()> {
    let mut conn = pool.acquire().await?;
    note(&mut conn, entry).await
}

/// A promise was made.
pub(super) async fn promised(conn: &mut PgConnection, promise: &Promise) -> db::Result<()> {
    let act = Act::Promised {
        action: promise.action.kind(),
        promise: promise.id,
        input: fingerprint(&promise.action)?,
        gift: gift(&promise.action),
    };
    let Promise { account, order_id, user_id, created_at, .. } = promise;
    note(conn, &Entry::by(*user_id, act, *created_at).of_order(account, order_id)).await
}

/// A user took a promise back, or decided about it: its state says which.
pub(super) async fn ended_by(
    conn: &mut PgConnection,
    user: i64,
    promise: &Promise,
    now: Timestamp,
) -> db::Result<()> {
    let (action, state) = (promise.action.kind(), promise.progress.state);
    let act = if state == State::Withdrawn {
        Act::Withdrawn { action, promise: promise.id }
    } else {
        Act::Decided { action, promise: promise.id, done: state == State::Confirmed }
    };
    note(conn, &Entry::by(user, act, now).of_order(&promise.account, &promise.order_id)).await
}

/// A promise came to an end, or to where a person must decide. Anything else on its way is in the order's
/// history.
pub(super) async fn settled(
    conn: &mut PgConnection,
    promise: &Promise,
    progress: &Progress,
    now: Timestamp,
) -> db::Result<()> {
    let (state, action) = (progress.state, promise.action.kind());
    let by_marketplace = match (state, &progress.refusal) {
        (State::Confirmed, _) | (State::Refused, Some(Refusal::Marketplace { .. })) => true,
        (State::Refused | State::NeedsPerson, _) => false,
        (State::Queued | State::Sending | State::InDoubt | State::Withdrawn, _) => return Ok(()),
    };
    let refusal = shortened(conn, promise, progress.refusal.as_ref()).await?;
    let act = Act::Settled { action, promise: promise.id, state, refusal };
    let entry =
        if by_marketplace { Entry::by_marketplace(act, now) } else { Entry::by_comptoir(act, now) };
    note(conn, &entry.of_order(&promise.account, &promise.order_id)).await
}

/// Why a promise was not kept: the marketplace's words, which may repeat what it knows of the customer, go
/// without it.
async fn shortened(
    conn: &mut PgConnection,
    promise: &Promise,
    refusal: Option<&Refusal>,
) -> db::Result<Option<Refusal>> {
    let words = match refusal {
        Some(Refusal::Marketplace { words }) => words,
        Some(
            Refusal::NoLongerPossible { .. }
            | Refusal::AlreadyDone
            | Refusal::NoLongerFits
            | Refusal::NotAllowed
            | Refusal::UnknownOrder,
        )
        | None => return Ok(refusal.cloned()),
    };
    let mirrored = db::orders::find(conn, &promise.account, &promise.order_id).await?;
    let order = mirrored.as_ref().map(|it| &it.order);
    let addresses = order.into_iter().flat_map(|it| it.billing.iter().chain(&it.shipping));
    let private: Vec<&str> = addresses.flat_map(private).collect();
    Ok(Some(Refusal::Marketplace { words: audit::shortened(words, &private) }))
}

/// What an address says of a person.
fn private(address: &Address) -> impl Iterator<Item = &str> {
    let Address {
        civility: _,
        first_name,
        last_name,
        company,
        company_vat_number,
        street,
        postal_code,
        city,
        region: _,
        country: _,
        phone,
        email,
        pickup_name: _,
    } = address;
    let parts =
        [first_name, last_name, company, company_vat_number, postal_code, city, phone, email];
    parts.into_iter().flatten().chain(street).map(String::as_str)
}

/// The beginning of the hash of an action's input: what the audit keeps of it, and what a page to check
/// brings back.
pub fn fingerprint(action: &Action) -> db::Result<String> {
    let json = serde_json::to_vec(action).map_err(|it| sqlx::Error::Encode(it.into()))?;
    let mut hex = String::new();
    for byte in Sha256::digest(json).iter().take(FINGERPRINT) {
        let _ = write!(hex, "{byte:02x}");
    }
    Ok(hex)
}

fn gift(action: &Action) -> Option<Money> {
    match action {
        Action::Gesture(gesture) => {
            Some(Money { amount: gesture.amount, currency: gesture.currency.clone() })
        }
        Action::Accept
        | Action::Refuse
        | Action::Ship(_)
        | Action::Cancel(_)
        | Action::CancelLines(_)
        | Action::Invoice(_) => None,
    }
}

/// Why the audit could not be found whole.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// It is not whole.
    #[error(transparent)]
    Broken(#[from] Broken),
    /// The database failed.
    #[error(transparent)]
    Db(#[from] db::Error),
}

/// Recomputes the whole chain, and compares it with a head that was written down elsewhere. Says where the
/// chain ends, or where it is broken first. What is written meanwhile is looked at too, but need not be there.
pub async fn verify(pool: &PgPool, anchor: Option<Head>) -> Result<Head, VerifyError> {
    let head = db::audit::head(pool).await?;
    let mut walk = Walk::new(anchor);
    loop {
        let rows = db::audit::chain(pool, walk.reached.seq, BATCH).await?;
        if rows.is_empty() {
            return Ok(walk.end(&head)?);
        }
        for row in rows {
            walk.step(&row)?;
        }
    }
}
