//! Hears of changes once per process, and tells everybody whose page is open.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::Mutex;
use std::sync::OnceLock;
use std::sync::PoisonError;
use std::time::Duration;

use tokio::sync::broadcast;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::Sender;
use tokio::time::sleep;

use crate::db;
use crate::db::scope::ScopedPool;
use crate::db::updates::Listener;
use crate::domain::order::AccountId;

/// What is kept for a page that is slow to hear. One that misses something is told that it did.
const WAITING: usize = 64;
/// Pages of one person that are told at a time. Each takes a connection; another one asks by itself.
const PER_USER: usize = 6;
/// Pages of everybody that are told at a time: half of the connections that there are (`web::connections`).
const IN_ALL: usize = 256;
/// How long nothing is tried after the database could not be listened to: first, and at most.
const BACK_OFF: [Duration; 2] = [Duration::from_secs(1), Duration::from_mins(1)];

/// Something changed in that account; none, if nobody knows in which.
pub type Change = Option<AccountId>;

/// Where changes are told. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Hub(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    scoped: ScopedPool,
    changes: Sender<Change>,
    /// Begun when the first page is told.
    listening: OnceLock<()>,
    /// How many pages of each user are told.
    open: Mutex<HashMap<i64, usize>>,
}

/// The right of one page to be told. It ends when it is dropped.
#[derive(Debug)]
pub struct Seat {
    hub: Hub,
    user: i64,
    /// The changes.
    pub changes: Receiver<Change>,
}

impl Hub {
    /// One that does nothing yet.
    pub fn new(scoped: ScopedPool) -> Self {
        let (changes, _) = broadcast::channel(WAITING);
        let (listening, open) = (OnceLock::new(), Mutex::default());
        Self(Arc::new(Inner { scoped, changes, listening, open }))
    }

    /// A seat for a page of that user, if there is one left.
    pub fn seat(&self, user: i64) -> Option<Seat> {
        let mut open = self.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        let in_all: usize = open.values().sum();
        let own = open.entry(user).or_default();
        if *own >= PER_USER || in_all >= IN_ALL {
            return None;
        }
        *own += 1;
        drop(open);
        let changes = self.0.changes.subscribe();
        self.0.listening.get_or_init(|| {
            tokio::spawn(listen(self.0.scoped.clone(), self.0.changes.clone()));
        });
        Some(Seat { hub: self.clone(), user, changes })
    }
}

impl Drop for Seat {
    fn drop(&mut self) {
        let mut open = self.hub.0.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(own) = open.get_mut(&self.user) {
            *own -= 1;
            if *own == 0 {
                open.remove(&self.user);
            }
        }
    }
}

/// Listens for as long as the process lives. After a gap everybody is told that something may have changed.
async fn listen(scoped: ScopedPool, changes: Sender<Change>) {
    let mut pause = BACK_OFF[0];
    loop {
        match hear(&scoped, &changes, &mut pause).await {
            Ok(never) => match never {},
            Err(error) => tracing::warn!(%error, "changes cannot be listened to; trying again"),
        }
        sleep(pause).await;
        pause = BACK_OFF[1].min(pause * 2);
    }
}

async fn hear(
    scoped: &ScopedPool,
    changes: &Sender<Change>,
    pause: &mut Duration,
) -> db::Result<std::convert::Infallible> {
    let mut listener = Listener::open(scoped).await?;
    *pause = BACK_OFF[0];
    let _ = changes.send(None);
    loop {
        // Nobody may be there to hear it.
        let _ = changes.send(listener.next().await?);
    }
}
