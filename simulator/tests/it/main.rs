//! The simulator over HTTP, as a client meets it.

#![expect(clippy::unwrap_used, reason = "helpers of tests may fail loudly too")]

mod actors;
mod approval;
mod auth;
mod cancellations;
mod cast;
mod faults;
mod filters;
mod gestures;
mod holds;
mod invoices;
mod lag;
mod pages;
mod paging;
mod readings;
mod shipments;
mod support;
