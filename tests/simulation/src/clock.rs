//! Time: the world's, in which the database lives, and the workers' own clocks, which may be wrong.

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::domain::sending::Watch;

/// Milliseconds since the world began.
pub type Ms = i64;
pub const SECOND: Ms = 1_000;
pub const MINUTE: Ms = 60 * SECOND;

const BEGINNING: i64 = 1_790_000_000;

/// The database's clock at that moment: everybody's, where it matters.
pub fn at(moment: Ms) -> Timestamp {
    Timestamp::from_millisecond(BEGINNING * 1_000 + moment).expect("a time not far from now")
}

/// The inverse of [`at`].
pub fn moment(timestamp: Timestamp) -> Ms {
    timestamp.as_millisecond() - BEGINNING * 1_000
}

/// The clocks of a worker's machine.
#[derive(Debug, Clone, Copy)]
pub struct Clocks {
    /// How far the wall clock is ahead of the world's.
    pub wall_ahead: Ms,
    /// How long the monotonic clock has stood still, in suspensions.
    pub ticks_behind: Ms,
}

impl Clocks {
    pub fn watch(&self, now: Ms) -> Watch {
        let ticks = SignedDuration::from_millis(now - self.ticks_behind);
        Watch { ticks, wall: at(now + self.wall_ahead) }
    }
}
