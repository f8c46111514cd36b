//! The loops of every account, started and stopped as accounts come, change and go.
//!
//! A changed account gets new loops with a new client; the old ones end after the step they are in. Both work
//! side by side until then, as two workers do: leases keep them apart, so that no pull and no promise is lost or
//! done twice.

use std::collections::HashMap;

use sqlx::PgPool;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use uuid::Uuid;

use crate::clock::Clock;
use crate::config::Active;
use crate::db;
use crate::domain::order::AccountId;
use crate::sync;
use crate::sync::Context;
use crate::sync::Settings;
use crate::sync::loops;
use crate::sync::post;
use crate::sync::post::Post;
use crate::translate;
use crate::workflow;

/// Who works for which account.
pub struct Crew {
    pool: PgPool,
    clock: Clock,
    settings: Settings,
    post: Option<Post>,
    stop: CancellationToken,
    tasks: TaskTracker,
    at_work: HashMap<AccountId, AtWork>,
}

struct AtWork {
    version: i64,
    stop: CancellationToken,
    loops: TaskTracker,
}

impl Crew {
    /// Nobody yet. All of them end after their step when `stop` is cancelled.
    pub fn new(pool: PgPool, clock: Clock, settings: Settings, stop: CancellationToken) -> Self {
        let (tasks, at_work) = (TaskTracker::new(), HashMap::new());
        Self { pool, clock, settings, post: None, stop, tasks, at_work }
    }

    /// The same crew, which tells people outside of the pages too.
    #[must_use]
    pub fn with_post(mut self, post: Option<Post>) -> Self {
        self.settings.outlets = post.as_ref().map(Post::outlets).unwrap_or_default();
        self.post = post;
        self
    }

    /// Works for what `accounts` says, whenever it changes, until `stop`; then waits for the last step.
    pub async fn run(mut self, mut accounts: watch::Receiver<Vec<Active>>) {
        let (pool, clock, stop) = (self.pool.clone(), self.clock.clone(), self.stop.clone());
        let outlets = self.settings.outlets;
        self.tasks.spawn(loops::digest_forever(pool.clone(), clock.clone(), outlets, stop.clone()));
        if let Some(post) = self.post.take() {
            let (own, also) = (pool.clone(), post.clone());
            self.tasks.spawn(post::mail_forever(own, clock.clone(), also, stop.clone()));
            self.tasks.spawn(post::call_forever(pool, clock, post, stop));
        }
        while !self.stop.is_cancelled() {
            let now = accounts.borrow_and_update().clone();
            self.assign(&now);
            tokio::select! {
                changed = accounts.changed() => if changed.is_err() { self.stop.cancelled().await },
                () = self.stop.cancelled() => {}
            }
        }
        self.tasks.close();
        self.tasks.wait().await;
    }

    /// Works for exactly these accounts from now on.
    pub fn assign(&mut self, accounts: &[Active]) {
        self.at_work.retain(|id, at_work| {
            let stays = accounts.iter().any(|it| it.account.id == *id);
            if !stays {
                tracing::info!(account = %id, "an account is no longer worked for");
                at_work.stop.cancel();
            }
            stays
        });
        for active in accounts {
            let id = &active.account.id;
            if self.at_work.get(id).is_some_and(|it| it.version == active.version) {
                continue;
            }
            match self.context(active) {
                Ok(context) => self.put_to_work(context, active.version),
                // What is at work stays at work.
                Err(error) => tracing::error!(account = %id, %error, "an account cannot be used"),
            }
        }
    }

    fn context(&self, active: &Active) -> Result<Context, translate::ClientError> {
        let interval = active.interval.unwrap_or(self.settings.interval);
        Ok(Context {
            account: active.account.id.clone(),
            client: translate::client_within(&active.account, active.reach)?,
            pool: self.pool.clone(),
            clock: self.clock.clone(),
            settings: Settings { interval, ..self.settings },
            // New loops are a new worker: the old ones may still hold a lease.
            worker: Uuid::now_v7(),
        })
    }

    fn put_to_work(&mut self, context: Context, version: i64) {
        let (account, stop) = (context.account.clone(), self.stop.child_token());
        tracing::info!(%account, version, "an account is worked for");
        let loops = sync::start(vec![context], &stop);
        let waited = loops.clone();
        self.tasks.spawn(async move { waited.wait().await });
        let at_work = AtWork { version, stop, loops };
        if let Some(before) = self.at_work.insert(account.clone(), at_work) {
            before.stop.cancel();
            let (pool, clock) = (self.pool.clone(), self.clock.clone());
            self.tasks.spawn(hurry_after(before.loops, pool, clock, account));
        }
    }
}

/// The last step of the old loops may fail with the old credentials, and ask for a pause that the new ones do
/// not need.
async fn hurry_after(loops: TaskTracker, pool: PgPool, clock: Clock, account: AccountId) {
    loops.wait().await;
    let hurried: db::Result<()> = async {
        let mut conn = pool.acquire().await?;
        workflow::accounts::hurry(&mut conn, &account, clock.now()).await
    }
    .await;
    if let Err(error) = hurried {
        tracing::warn!(%account, %error, "what waits is tried later");
    }
}
