//! What the deployer or an admin decides for one seller account alone.

use jiff::SignedDuration;

/// The most seconds that a promise may be made to wait.
pub const LONGEST_SEND_DELAY: i32 = 120;

/// What is decided for one account, and how it is worked for if nothing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Options {
    /// How long a promise waits before it is sent; none follows the deployer's setting.
    pub send_delay_seconds: Option<i32>,
    /// Whether orders that the marketplace's warehouse ships are not mirrored, unless they are already.
    pub skips_fulfilled: bool,
}

/// How long a promise waits, where the deployer's setting is `usual`.
pub fn send_delay(seconds: Option<i32>, usual: SignedDuration) -> SignedDuration {
    seconds.map_or(usual, |it| SignedDuration::from_secs(it.into()))
}
