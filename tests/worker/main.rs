//! The worker against the simulated marketplace and a real PostgreSQL.

mod backfill;
mod concurrency;
mod crashes;
mod outcomes;
mod processes;
mod pulling;
mod support;
