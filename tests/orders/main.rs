//! The order page and its actions, through the router, on a real database, and against the simulated
//! marketplace where the whole way matters.

#![expect(clippy::unwrap_used, reason = "a test that meets an error is to end there")]

mod account;
mod approval;
mod batches;
#[path = "../it/support.rs"]
#[expect(dead_code, reason = "shared with the tests of the frame, which use the rest")]
mod browser;
mod cancel;
mod carriers;
mod forms;
mod gesture;
mod imports;
mod invoice;
mod nonsense;
mod page;
mod picking;
mod promises;
mod queue;
mod search;
mod ship;
mod shipping;
mod support;
mod team;
mod updates;
mod ways;
