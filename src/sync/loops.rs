//! The loops of the worker: when each step is taken, and how long is rested in between.

use std::time::Duration;

use sqlx::PgPool;
use tokio_util::sync::CancellationToken;

use crate::clock::Clock;
use crate::sync;
use crate::sync::Context;
use crate::sync::batches;
use crate::sync::calls;
use crate::sync::deliver;
use crate::sync::follow;
use crate::sync::forget;
use crate::sync::pull;
use crate::sync::reread;
use crate::sync::tell;
use crate::workflow::notifications::Outlets;

/// How often a loop looks whether something is due. A look is one indexed query.
const LOOK_EVERY: Duration = Duration::from_millis(500);
/// How often is looked whether there is something to tell.
pub(super) const TELL_EVERY: Duration = Duration::from_secs(5);
/// How often is looked whether a digest is due.
pub(super) const DIGESTS_EVERY: Duration = Duration::from_mins(1);
/// How often the calls of the last seconds are noted.
const COUNT_EVERY: Duration = Duration::from_secs(5);
/// The same for what is never urgent.
const LOOK_EVERY_SO_OFTEN: Duration = Duration::from_mins(10);
/// How long a loop rests when our own side failed, so that it does not spin.
const REST_AFTER_FAILURE: Duration = Duration::from_secs(2);

pub(super) async fn read_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = pull::step(&context).await {
            tracing::error!(account = %context.account, %error, "reading orders failed on our side");
            sync::pause(REST_AFTER_FAILURE, &stop).await;
        }
        sync::pause(LOOK_EVERY, &stop).await;
    }
}

pub(super) async fn follow_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match follow::step(&context).await {
            Ok(follow::Step::Idle) => sync::pause(LOOK_EVERY, &stop).await,
            Ok(follow::Step::Done) => {}
            Err(error) => {
                tracing::error!(account = %context.account, %error, "reading requests failed on our side");
                sync::pause(REST_AFTER_FAILURE, &stop).await;
            }
        }
    }
}

pub(super) async fn reread_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match reread::step(&context).await {
            Ok(reread::Step::Idle) => sync::pause(LOOK_EVERY, &stop).await,
            Ok(reread::Step::Done(_)) => {}
            Err(error) => {
                tracing::error!(account = %context.account, %error, "reading an order failed on our side");
                sync::pause(REST_AFTER_FAILURE, &stop).await;
            }
        }
    }
}

pub(super) async fn tell_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        if let Err(error) = tell::step(&context).await {
            tracing::error!(account = %context.account, %error, "people are told later");
        }
        sync::pause(TELL_EVERY, &stop).await;
    }
}

/// Counts until the end, and what was done at the end too.
pub(super) async fn count_forever(context: Context, stop: CancellationToken) {
    if let Err(error) = calls::note_limit(&context).await {
        tracing::warn!(account = %context.account, %error, "the limit of calls could not be noted");
    }
    loop {
        sync::pause(COUNT_EVERY, &stop).await;
        if let Err(error) = calls::step(&context).await {
            tracing::warn!(account = %context.account, %error, "calls are counted later");
        }
        if stop.is_cancelled() {
            return;
        }
    }
}

pub(super) async fn send_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match deliver::step(&context).await {
            Ok(deliver::Step::Idle) => sync::pause(LOOK_EVERY, &stop).await,
            Ok(deliver::Step::Done) => {}
            Err(error) => {
                tracing::error!(account = %context.account, %error, "sending failed on our side");
                sync::pause(REST_AFTER_FAILURE, &stop).await;
            }
        }
    }
}

pub(super) async fn promise_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match batches::step(&context).await {
            Ok(batches::Step::Idle) => sync::pause(LOOK_EVERY, &stop).await,
            Ok(batches::Step::Done) => {}
            Err(error) => {
                tracing::error!(account = %context.account, %error, "promises of a batch are not made yet");
                sync::pause(REST_AFTER_FAILURE, &stop).await;
            }
        }
    }
}

pub(super) async fn forget_forever(context: Context, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match forget::step(&context).await {
            Ok(forget::Step::Idle) => sync::pause(LOOK_EVERY_SO_OFTEN, &stop).await,
            // Everybody else's work goes first.
            Ok(forget::Step::Done) => sync::pause(LOOK_EVERY, &stop).await,
            Err(error) => {
                tracing::error!(account = %context.account, %error, "personal data of old orders is still there");
                sync::pause(LOOK_EVERY_SO_OFTEN, &stop).await;
            }
        }
    }
}

/// Makes everybody's digests when they are due, until `stop`. Not of one account, so that it is nobody's loop.
pub(super) async fn digest_forever(
    pool: PgPool,
    clock: Clock,
    outlets: Outlets,
    stop: CancellationToken,
) {
    while !stop.is_cancelled() {
        if let Err(error) = tell::digests(&pool, outlets, clock.now()).await {
            tracing::error!(%error, "digests are made later");
        }
        sync::pause(DIGESTS_EVERY, &stop).await;
    }
}
