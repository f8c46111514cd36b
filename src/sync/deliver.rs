//! Sending what was promised: one promise, one step at a time.
//!
//! `domain::sending` says what to do next; this carries it out, with PostgreSQL and HTTP. Between any two
//! commands, and in the middle of each, the process may die: what the database then says is enough for the
//! next worker to go on without sending anything twice.

mod call;

use std::sync::Arc;
use std::sync::LazyLock;
use std::time::Instant;

use jiff::SignedDuration;

use crate::clock::Clock;
use crate::db;
use crate::db::promises::Promise;
use crate::domain::action::ActionKind;
use crate::domain::action::Facts;
use crate::domain::action::Live;
use crate::domain::delivery::LEASE;
use crate::domain::operator::Role;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::request::RequestKind;
use crate::domain::sending;
use crate::domain::sending::Command;
use crate::domain::sending::Report;
use crate::domain::sending::Sight;
use crate::domain::sending::Store;
use crate::domain::sending::Watch;
use crate::domain::trouble::Trouble;
use crate::octopia;
use crate::sync;
use crate::sync::Context;
use crate::sync::Unreadable;
use crate::translate;
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
    let Some(mut run) = take(context).await? else { return Ok(Step::Idle) };
    while let Some(report) = run.carry_out(context).await? {
        run.report(context, report);
    }
    Ok(Step::Done)
}

/// A promise in a worker's hands.
#[derive(Debug)]
pub struct Run {
    promise: Promise,
    step: sending::Step,
    began: Watch,
}

/// Takes the next promise of the account that is due.
pub async fn take(context: &Context) -> db::Result<Option<Run>> {
    // Before the database is asked: a stall in between must not make the lease seem younger than it is.
    let began = watch(&context.clock);
    let now = sync::shared_now(context).await?;
    let taken = workflow::promise::take(&context.pool, &context.account, now).await?;
    Ok(taken.map(|promise| {
        let step = sending::Step::begin(promise.progress.clone(), now, began);
        Run { promise, step, began }
    }))
}

impl Run {
    /// What is to be done next.
    pub const fn command(&self) -> &Command {
        self.step.command()
    }

    /// Does it. None, when nothing is left to do.
    pub async fn carry_out(&mut self, context: &Context) -> db::Result<Option<Report>> {
        match self.step.command() {
            Command::Look => look(context, &self.promise).await.map(Some),
            Command::Store(store) => {
                let held = store_progress(context, &self.promise, store).await?;
                if held {
                    self.promise.progress = store.progress.clone();
                }
                Ok(Some(Report::Stored { held }))
            }
            Command::Send { not_after } => self.send(context, *not_after).await.map(Some),
            Command::Rest => Ok(None),
        }
    }

    /// Tells the machine what came of it.
    pub fn report(&mut self, context: &Context, report: Report) {
        self.step.report(report, watch(&context.clock));
    }

    async fn send(&self, context: &Context, not_after: SignedDuration) -> db::Result<Report> {
        let (clock, began) = (context.clock.clone(), self.began);
        let may_send = Arc::new(move || watch(&clock).since(&began) <= not_after);
        let Some(call) = call::of(context, &self.promise).await? else {
            let answer = crate::domain::delivery::Answer::NotSent { after: None };
            return Ok(Report::Sent { answer, trouble: Some(Trouble::Internal) });
        };
        Ok(call.send(context, may_send).await)
    }
}

fn watch(clock: &Clock) -> Watch {
    static BEGINNING: LazyLock<Instant> = LazyLock::new(Instant::now);
    let wall = clock.now();
    let ticks = match clock {
        Clock::System => {
            SignedDuration::try_from(BEGINNING.elapsed()).unwrap_or(SignedDuration::MAX)
        }
        Clock::Manual(_) => wall.as_duration(),
    };
    Watch { ticks, wall }
}

async fn store_progress(context: &Context, promise: &Promise, store: &Store) -> db::Result<bool> {
    let Store { progress, trouble, keep, now } = store;
    let lease_until = keep.then(|| *now + LEASE);
    workflow::promise::advance(&context.pool, promise, progress, *trouble, lease_until, *now).await
}

/// Reads the promise's order, and the requests that its action makes, into the mirror, and judges them.
async fn look(context: &Context, promise: &Promise) -> db::Result<Report> {
    let order = match context.client.order(&promise.order_id).await {
        Ok(None) => return Ok(Report::Seen(Sight::of_unknown_order())),
        Ok(Some(received)) => match sync::understand(received) {
            Ok(reading) => reading,
            Err(Unreadable { problem, .. }) => {
                tracing::warn!(account = %context.account, promise = %promise.id, problem,
                    "the order of a promise cannot be read");
                return Ok(Report::Unread { trouble: Trouble::UnreadableAnswer, after: None });
            }
        },
        Err(error) => return Ok(unread(context, promise, &error)),
    };
    let kind = requests_to_read(promise.action.kind(), &order.order);
    let requests = match kind {
        None => Vec::new(),
        Some(kind) => match translate::requests(&context.client, &promise.order_id, kind).await {
            Ok(requests) => requests,
            Err(error) => return Ok(unread(context, promise, &error)),
        },
    };
    let mut tx = context.pool.begin().await?;
    let now = context.clock.now();
    let (account, order_id) = (&context.account, &promise.order_id);
    workflow::record(&mut tx, account, &[order], now).await?;
    if kind.is_some() {
        workflow::record_requests(&mut tx, account, order_id, &requests, now).await?;
    }
    let mirrored = db::orders::find(&mut tx, account, order_id).await?;
    let proofs = db::promises::references(&mut tx, account, order_id, promise.id).await?;
    // A viewer may do nothing to an order: as little as somebody who has been deactivated, or who works for
    // other accounts now.
    let role = db::users::role_now(&mut *tx, promise.user_id, account).await?;
    let role = role.unwrap_or(Role::Viewer);
    let time_zone = mirrored.as_ref().map_or("UTC", |it| it.time_zone.as_str());
    let given = workflow::gestures::given_before(&mut tx, promise, time_zone, now).await?;
    tx.commit().await?;
    let Some(mirrored) = mirrored else { return Ok(Report::Seen(Sight::of_unknown_order())) };
    let facts = Facts {
        order: &mirrored.order,
        channel: &mirrored.channel,
        requests: &mirrored.requests,
        // The marketplace itself judges what it would say now.
        live: Live::NotAsked,
        role,
        given_today: &given,
        in_flight: None,
        now,
    };
    let marker = sending::marker(promise.id.as_u128());
    let progress = promise.progress.clone().besides(proofs);
    Ok(Report::Seen(Sight::of(&promise.action, &progress, &marker, &facts)))
}

/// Which requests decide about the action, or show its effect.
fn requests_to_read(kind: ActionKind, order: &Order) -> Option<RequestKind> {
    let asked = || order.lines.iter().any(|it| it.status == Status::CancelRequest);
    match kind {
        ActionKind::Ship if asked() => Some(RequestKind::Cancellation),
        ActionKind::Accept
        | ActionKind::Refuse
        | ActionKind::Ship
        | ActionKind::Cancel
        | ActionKind::CancelLines
        | ActionKind::Gesture
        | ActionKind::Invoice => kind.request(),
    }
}

fn unread(context: &Context, promise: &Promise, error: &octopia::Error) -> Report {
    tracing::warn!(account = %context.account, promise = %promise.id, %error,
        "the order of a promise could not be read");
    let (trouble, after) = translate::trouble(error);
    Report::Unread { trouble, after }
}
