//! The marketplace's clock.
//!
//! Times that leave the simulator are the wall clock's, moved forward by
//! [`advance`](crate::Simulator::advance): shown dates stay believable beside a product that lives
//! in real time. `speed` never touches them; it only divides how long the marketplace *waits*.

use std::time::Instant;

use jiff::SignedDuration;
use jiff::Timestamp;

#[derive(Debug)]
pub(crate) struct Clock {
    start: Timestamp,
    started: Instant,
    moved: SignedDuration,
    speed: f64,
}

impl Clock {
    pub(crate) fn new(start: Option<Timestamp>, speed: f64) -> Self {
        Self {
            start: start.unwrap_or_else(wall),
            started: Instant::now(),
            moved: SignedDuration::ZERO,
            speed: if speed.is_finite() && speed > 0.0 { speed } else { 1.0 },
        }
    }

    pub(crate) fn now(&self) -> Timestamp {
        let passed = SignedDuration::try_from(self.started.elapsed()).unwrap_or_default();
        let moved = self.start.saturating_add(passed.saturating_add(self.moved));
        ticks(moved.unwrap_or(Timestamp::MAX))
    }

    pub(crate) fn advance(&mut self, by: SignedDuration) {
        self.moved = self.moved.saturating_add(by);
    }

    /// When a delay of the marketplace that starts at `from` is over, the speed considered.
    pub(crate) fn after(&self, from: Timestamp, delay: SignedDuration) -> Timestamp {
        let shortened = SignedDuration::from_secs_f64(delay.as_secs_f64() / self.speed);
        from.saturating_add(shortened).unwrap_or(Timestamp::MAX)
    }
}

/// Cuts to 100 ns, the finest step the platform's dates show (seven digits).
pub(crate) fn ticks(at: Timestamp) -> Timestamp {
    let cut = at.as_nanosecond().div_euclid(100) * 100;
    Timestamp::from_nanosecond(cut).unwrap_or(at)
}

#[expect(clippy::disallowed_methods, reason = "the simulator's one reading of the wall clock")]
fn wall() -> Timestamp {
    Timestamp::now()
}
