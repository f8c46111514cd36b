//! The order list: what it shows, to whom, and what it asks the database.

#![expect(clippy::unwrap_used, reason = "helpers of tests; the lint exempts test functions only")]

mod dashboard;
mod export;
mod filters;
mod glossary;
mod list;
mod model;
mod plans;
mod support;
mod views;
