//! Everything together: pages through the router, on a real database.

#![expect(clippy::unwrap_used, reason = "a failing helper fails the test")]

mod accounts;
mod attention;
mod frame;
mod sign_in;
mod ssrf;
mod support;
mod sync_page;
