//! How many calls were made, for people who ask how near the limit is.

use std::num::NonZeroU32;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

/// Calls since somebody last asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Calls {
    /// Requests to the API that left; a repetition after a renewed token is another one.
    pub made: u32,
    /// Those that were answered with 429.
    pub limited: u32,
}

/// Adds up. The numbers are for reading only, so that no order among them matters.
#[derive(Debug)]
pub struct Tally {
    /// The limit that the client keeps to.
    pub per_second: Option<NonZeroU32>,
    made: AtomicU32,
    limited: AtomicU32,
}

impl Tally {
    pub(super) fn new(per_second: Option<NonZeroU32>) -> Self {
        Self { per_second, made: AtomicU32::new(0), limited: AtomicU32::new(0) }
    }

    pub(super) fn called(&self) {
        self.made.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn was_limited(&self) {
        self.limited.fetch_add(1, Ordering::Relaxed);
    }

    /// What was done since this was last asked.
    #[must_use]
    pub fn take(&self) -> Calls {
        Calls {
            made: self.made.swap(0, Ordering::Relaxed),
            limited: self.limited.swap(0, Ordering::Relaxed),
        }
    }

    /// Takes back what could not be noted.
    pub fn give_back(&self, calls: Calls) {
        self.made.fetch_add(calls.made, Ordering::Relaxed);
        self.limited.fetch_add(calls.limited, Ordering::Relaxed);
    }
}
