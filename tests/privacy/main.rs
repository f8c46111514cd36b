//! Personal data: who does not get it.

#![expect(clippy::unwrap_used, reason = "a test that meets an error is to end there")]

#[path = "../it/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the frame, which use the rest")]
mod browser;
mod pages;
mod planted;
#[path = "../orders/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the order page, which use the rest")]
mod support;
