//! How long something with a known end still takes.

use jiff::SignedDuration;

/// Less than this says nothing about what follows.
const AT_LEAST: SignedDuration = SignedDuration::from_secs(2);

/// The time that `left` of them take, if they go on as the `done` went in `spent`. None while too little is known.
pub fn remaining(done: i64, spent: SignedDuration, left: i64) -> Option<SignedDuration> {
    if done <= 0 || left <= 0 || spent < AT_LEAST {
        return None;
    }
    let millis = i128::from(left).checked_mul(spent.as_millis())? / i128::from(done);
    i64::try_from(millis).ok().map(SignedDuration::from_millis)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_rest_takes_as_long_as_what_is_done_did() {
        let minute = SignedDuration::from_mins(1);
        assert_eq!(remaining(3_000, minute, 9_000), Some(minute * 3));
        assert_eq!(remaining(1, minute, 1), Some(minute));
        assert_eq!(remaining(i64::MAX, minute, 1), Some(SignedDuration::ZERO));
    }

    #[test]
    fn nothing_is_said_of_a_beginning_or_an_end() {
        let minute = SignedDuration::from_mins(1);
        assert_eq!(remaining(0, minute, 10), None);
        assert_eq!(remaining(10, minute, 0), None);
        assert_eq!(remaining(10, SignedDuration::from_secs(1), 10), None);
        assert_eq!(remaining(10, -minute, 10), None, "a clock that was set back");
        assert_eq!(remaining(1, SignedDuration::MAX, i64::MAX), None, "longer than anything");
    }

    proptest! {
        #[test]
        fn more_takes_longer(done in 1..i64::MAX, secs in 2..10_000_000_i64, left in 1..i64::MAX / 2) {
            let spent = SignedDuration::from_secs(secs);
            if let (Some(some), Some(more)) = (remaining(done, spent, left), remaining(done, spent, left + 1)) {
                prop_assert!(some <= more);
            }
        }
    }
}
