//! The worker against the simulated marketplace and a real database.

#![expect(clippy::unwrap_used, reason = "a failing helper fails the test")]

mod backfill;
mod concurrency;
mod crashes;
mod outcomes;
mod processes;
mod pulling;
mod support;
