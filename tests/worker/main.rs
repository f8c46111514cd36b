//! The worker against the simulated marketplace and a real database.

#![expect(clippy::unwrap_used, reason = "a failing helper fails the test")]

mod accounts;
#[expect(dead_code, reason = "shared with the tests of the nemesis, which use the rest")]
mod actions;
mod audit;
mod backfill;
mod batches;
mod calls;
mod comparisons;
mod concurrency;
mod crashes;
mod fulfilled;
mod indicators;
mod outcomes;
mod post;
mod processes;
mod pulling;
mod requests;
mod rereads;
mod support;
mod tell;
