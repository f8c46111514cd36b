//! How often somebody may guess a password or a code (`reliability` S-3).
//!
//! Nobody is locked out for good: whoever stops guessing may try again after fifteen minutes at most.

use jiff::SignedDuration;
use jiff::Timestamp;

/// What the tries are counted of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bucket {
    /// Passwords for one e-mail address, known or not.
    Account,
    /// Second factors of one user.
    Code,
    /// Both, from one place on the network.
    Address,
}

/// The span in which tries are counted.
pub const WINDOW: SignedDuration = SignedDuration::from_mins(5);
/// So many failures in a row are anybody's typing mistakes.
const FREE: i32 = 5;
/// The longest wait after a failure.
const LONGEST: SignedDuration = SignedDuration::from_mins(15);
/// Failures this old are forgotten. Not earlier, else a patient guesser gets a new burst for each pause.
pub const FORGOTTEN_AFTER: SignedDuration = SignedDuration::from_hours(24);

impl Bucket {
    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Account => "account",
            Self::Code => "code",
            Self::Address => "address",
        }
    }

    /// How many tries fit into the window.
    const fn most(self) -> usize {
        match self {
            Self::Account | Self::Code => 10,
            // An office may share one address.
            Self::Address => 30,
        }
    }

    /// The wait after that many failures in a row: 1, 2, 4 … seconds.
    fn delay(self, failures: i32) -> SignedDuration {
        match self {
            Self::Account | Self::Code if failures >= FREE => {
                let doublings = (failures - FREE).min(10).unsigned_abs();
                SignedDuration::from_secs(1 << doublings).min(LONGEST)
            }
            Self::Account | Self::Code | Self::Address => SignedDuration::ZERO,
        }
    }
}

/// The tries of one bucket.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tries {
    /// In a row.
    pub failures: i32,
    /// The last few, the latest last.
    pub recent: Vec<Timestamp>,
}

impl Tries {
    /// How long to wait before the next one; nothing, if it may be made now.
    pub fn wait(&self, bucket: Bucket, now: Timestamp) -> Option<SignedDuration> {
        let last = *self.recent.last()?;
        let failures = self.failures_by(now);
        let nth_last = self.recent.len().checked_sub(bucket.most()).map(|it| self.recent[it]);
        let full_until = nth_last.map_or(now, |it| it + WINDOW);
        let until = full_until.max(last + bucket.delay(failures));
        let wait = until.duration_since(now);
        wait.is_positive().then_some(wait)
    }

    /// The same with one more, which counts as failed until it is known to be right: else two at once would
    /// both see the same room left.
    #[must_use]
    pub fn counting(mut self, bucket: Bucket, now: Timestamp) -> Self {
        self.failures = self.failures_by(now).saturating_add(1);
        self.recent.push(now);
        let too_many = self.recent.len().saturating_sub(bucket.most());
        self.recent.drain(..too_many);
        self
    }

    fn failures_by(&self, now: Timestamp) -> i32 {
        let forgotten =
            self.recent.last().is_none_or(|it| now.duration_since(*it) >= FORGOTTEN_AFTER);
        if forgotten { 0 } else { self.failures }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn start() -> Timestamp {
        "2026-11-19T13:12:00Z".parse().unwrap()
    }

    /// The seconds at which somebody gets through who tries all the time.
    fn granted(bucket: Bucket, seconds: i64) -> Vec<i64> {
        let mut tries = Tries::default();
        let mut granted = Vec::new();
        for second in 0..seconds {
            let now = start() + SignedDuration::from_secs(second);
            while tries.wait(bucket, now).is_none() {
                tries = tries.counting(bucket, now);
                granted.push(second);
            }
        }
        granted
    }

    #[test]
    fn five_mistakes_are_free_and_then_the_wait_doubles() {
        let granted = granted(Bucket::Account, 4000);
        assert_eq!(
            granted,
            [0, 0, 0, 0, 0, 1, 3, 7, 15, 31, 300, 364, 492, 748, 1260, 2160, 3060, 3960]
        );
    }

    #[test]
    fn no_five_minutes_hold_more_than_ten_tries_of_an_account_or_thirty_of_an_address() {
        for (bucket, most) in [(Bucket::Account, 10), (Bucket::Code, 10), (Bucket::Address, 30)] {
            let granted = granted(bucket, 3000);
            for first in &granted {
                let within = granted.iter().filter(|it| (*first..first + 300).contains(it)).count();
                assert!(within <= most, "{bucket:?}: {within} from {first} on");
            }
        }
    }

    #[test]
    fn whoever_stops_waits_fifteen_minutes_at_most_and_is_forgotten_after_a_day() {
        let mut tries = Tries { failures: i32::MAX, recent: vec![start()] };
        tries = tries.counting(Bucket::Code, start());
        let just_after = start() + SignedDuration::from_secs(1);
        assert_eq!(tries.wait(Bucket::Code, just_after), Some(SignedDuration::from_secs(899)));
        let day_later = start() + FORGOTTEN_AFTER;
        assert_eq!(tries.wait(Bucket::Code, day_later), None);
        assert_eq!(tries.counting(Bucket::Code, day_later).failures, 1);
    }
}
