//! Personal data (`docs/PRIVACY.md`): who does not get it, when it goes, how one person's is handed out and
//! erased, and that it is in no log and no address.

#![expect(clippy::unwrap_used, reason = "a test that meets an error is to end there")]

#[path = "../it/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the frame, which use the rest")]
mod browser;
mod canary;
mod commands;
mod pages;
mod planted;
mod retention;
#[path = "../orders/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the order page, which use the rest")]
mod support;
#[path = "../wire/server.rs"]
#[expect(dead_code, reason = "shared with the tests of the client, which use the rest")]
mod wire;
