//! Sending what was promised: one promise, one step at a time.
//!
//! [`step`] is [`workflow::promise::take`], [`prepare`], [`send`] and [`settle`] in a row, or a
//! [`read_back`]. Between any two of them the process may die: what the database then says is enough for
//! the next worker to go on without sending anything twice (`domain::delivery`).
//!
//! *Invariant:* nothing is sent before the promise is stored as "sending"; nothing is sent twice for one
//! such mark.

use std::time::Instant;

use jiff::SignedDuration;

use crate::db;
use crate::db::orders::Mirrored;
use crate::db::promises::Promise;
use crate::domain::action;
use crate::domain::action::Action;
use crate::domain::action::Facts;
use crate::domain::delivery::Answer;
use crate::domain::delivery::LEASE;
use crate::domain::delivery::Reading;
use crate::domain::delivery::Refusal;
use crate::domain::delivery::SEND_WITHIN;
use crate::domain::delivery::State;
use crate::domain::operator::Role;
use crate::domain::trouble::Trouble;
use crate::octopia;
use crate::octopia::Disposition;
use crate::octopia::approvals::Approval;
use crate::octopia::shipments;
use crate::sync;
use crate::sync::Context;
use crate::sync::Unreadable;
use crate::workflow;

/// What a step did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// Nothing was due.
    Idle,
    /// A promise was carried on.
    Done,
}

/// Carries on the next promise of the account that is due.
pub async fn step(context: &Context) -> db::Result<Step> {
    let now = context.clock.now();
    let taken = workflow::promise::take(&context.pool, &context.account, now).await?;
    let Some(promise) = taken else { return Ok(Step::Idle) };
    match promise.progress.state {
        State::Queued => {
            if let Some(marked) = prepare(context, &promise).await? {
                let sent = send(context, &marked).await;
                settle(context, &marked, sent).await?;
            }
        }
        State::InDoubt => read_back(context, &promise).await?,
        State::Sending
        | State::NeedsPerson
        | State::Confirmed
        | State::Refused
        | State::Withdrawn => {}
    }
    Ok(Step::Done)
}

/// A promise that is stored as "sending", and may be sent for a moment.
#[derive(Debug)]
pub struct Marked {
    promise: Promise,
    // Monotonic: a wall clock that is set back must not let an old mark be sent.
    since: Instant,
}

/// Looks at the order once more, and marks the promise as "sending". None, if it is not to be sent now.
pub async fn prepare(context: &Context, promise: &Promise) -> db::Result<Option<Marked>> {
    let Some(look) = look(context, promise).await? else { return Ok(None) };
    let now = context.clock.now();
    let refusal = match &look {
        Look::Unknown => Some((Reading::Absent, Refusal::UnknownOrder)),
        Look::Known(mirrored) => obstacle(promise, mirrored, now),
    };
    if let Some((reading, why)) = refusal {
        let progress = promise.progress.clone().no_longer_possible(reading, why, now);
        workflow::promise::advance(&context.pool, promise, &progress, None, None, now).await?;
        return Ok(None);
    }
    let since = Instant::now();
    let progress = promise.progress.clone().marked(now);
    let lease_until = Some(now + LEASE);
    let pool = &context.pool;
    if !workflow::promise::advance(pool, promise, &progress, None, lease_until, now).await? {
        return Ok(None);
    }
    Ok(Some(Marked { promise: Promise { progress, ..promise.clone() }, since }))
}

/// What speaks against sending the promise now, by the same rules that the pages asked.
fn obstacle(
    promise: &Promise,
    mirrored: &Mirrored,
    now: jiff::Timestamp,
) -> Option<(Reading, Refusal)> {
    let order = &mirrored.order;
    let reading = promise.action.reading(order);
    if reading == Reading::Found {
        return Some((reading, Refusal::AlreadyDone));
    }
    // The role was asked when the promise was made; here the rules speak of the order alone.
    let facts =
        Facts { order, channel: &mirrored.channel, role: Role::Admin, in_flight: None, now };
    if action::still_possible(promise.action.kind(), &facts).is_err() {
        let status = order.status.as_str().to_owned();
        return Some((reading, Refusal::NoLongerPossible { status }));
    }
    let fits = promise.action.fit(&facts).is_empty();
    (!fits).then_some((reading, Refusal::NoLongerFits))
}

/// What came of sending, and what stood in the way.
#[derive(Debug)]
pub struct Sent {
    answer: Answer,
    trouble: Option<Trouble>,
}

/// Sends a marked promise, once.
pub async fn send(context: &Context, marked: &Marked) -> Sent {
    let late = SignedDuration::try_from(marked.since.elapsed()).is_ok_and(|it| it > SEND_WITHIN);
    if late {
        let answer = Answer::NotSent { after: None };
        return Sent { answer, trouble: Some(Trouble::Internal) };
    }
    let client = &context.client;
    let Promise { order_id, action, .. } = &marked.promise;
    let sent = match action {
        Action::Accept => client.decide_approval(order_id, Approval::Accept).await,
        Action::Refuse => client.decide_approval(order_id, Approval::Refuse).await,
        Action::Ship(ship) => {
            let parcels: Vec<_> = ship.parcels.iter().map(parcel).collect();
            client.create_shipments(order_id, &parcels).await
        }
    };
    match sent {
        Ok(()) => Sent { answer: Answer::Applied, trouble: None },
        Err(error) => {
            let account = &context.account;
            tracing::warn!(%account, promise = %marked.promise.id, %error, "sending did not succeed");
            Sent { answer: classify(&error), trouble: Some(sync::trouble(&error).0) }
        }
    }
}

fn parcel(parcel: &action::ship::Parcel) -> shipments::Parcel {
    shipments::Parcel {
        parcel_number: parcel.number.clone(),
        carrier_name: parcel.carrier.clone(),
        tracking_url: parcel.tracking_url.clone(),
        order_line_ids: parcel.line_ids.clone(),
    }
}

fn classify(error: &octopia::Error) -> Answer {
    match error.disposition() {
        Disposition::Retry { .. } => Answer::NotSent { after: sync::trouble(error).1 },
        Disposition::Refused => Answer::Refused(error.words()),
        Disposition::Unknown if error.is_conflict() => Answer::Conflict(error.words()),
        Disposition::Unknown => Answer::Unknown,
    }
}

/// Stores what came of sending, and shows it in the mirror at once.
pub async fn settle(context: &Context, marked: &Marked, sent: Sent) -> db::Result<()> {
    let now = context.clock.now();
    let promise = &marked.promise;
    let Sent { answer, trouble } = sent;
    let progress = promise.progress.clone().answered(answer, now);
    let pool = &context.pool;
    let held = workflow::promise::advance(pool, promise, &progress, trouble, None, now).await?;
    if held && progress.state == State::Confirmed {
        // The next reading would bring it as well; the operator should not have to wait for that.
        let _seen: Option<Look> = look(context, promise).await?;
    }
    Ok(())
}

/// Looks for the effect of a promise that is in doubt.
pub async fn read_back(context: &Context, promise: &Promise) -> db::Result<()> {
    let Some(look) = look(context, promise).await? else { return Ok(()) };
    let now = context.clock.now();
    let (reading, again) = match &look {
        Look::Unknown => (Reading::Superseded, false),
        Look::Known(mirrored) => {
            let order = &mirrored.order;
            (promise.action.reading(order), promise.action.may_be_sent_again(order))
        }
    };
    let progress = promise.progress.clone().read_back(reading, again, now);
    workflow::promise::advance(&context.pool, promise, &progress, None, None, now).await?;
    Ok(())
}

enum Look {
    /// The order, fresh.
    Known(Box<Mirrored>),
    /// The marketplace has no such order.
    Unknown,
}

/// Reads the promise's order from the marketplace into the mirror. None, if that failed; the promise then
/// waits.
async fn look(context: &Context, promise: &Promise) -> db::Result<Option<Look>> {
    let (trouble, after) = match context.client.order(&promise.order_id).await {
        Ok(None) => return Ok(Some(Look::Unknown)),
        Ok(Some(received)) => match sync::understand(received) {
            Ok(reading) => return refresh(context, promise, reading).await,
            Err(Unreadable { problem, .. }) => {
                tracing::warn!(account = %context.account, promise = %promise.id, problem,
                    "the order of a promise cannot be read");
                (Trouble::UnreadableAnswer, None)
            }
        },
        Err(error) => {
            tracing::warn!(account = %context.account, promise = %promise.id, %error,
                "the order of a promise could not be read");
            sync::trouble(&error)
        }
    };
    if promise.progress.state.is_final() || promise.progress.state == State::Sending {
        return Ok(None);
    }
    let now = context.clock.now();
    let progress = promise.progress.clone().unread(after, now);
    let trouble = Some(trouble);
    workflow::promise::advance(&context.pool, promise, &progress, trouble, None, now).await?;
    Ok(None)
}

async fn refresh(
    context: &Context,
    promise: &Promise,
    reading: workflow::Reading,
) -> db::Result<Option<Look>> {
    let mut tx = context.pool.begin().await?;
    let now = context.clock.now();
    workflow::record(&mut tx, &context.account, &[reading], now).await?;
    let mirrored = db::orders::find(&mut tx, &context.account, &promise.order_id).await?;
    tx.commit().await?;
    Ok(mirrored.map(|it| Look::Known(Box::new(it))))
}
