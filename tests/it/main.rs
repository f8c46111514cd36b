//! Everything together: pages through the router, on a real database.

#![expect(clippy::unwrap_used, reason = "a failing helper fails the test")]

mod accounts;
mod activity;
mod attention;
mod cross_site;
mod frame;
mod headers;
mod invitations;
mod limits;
mod profile;
mod provider;
mod redirects;
mod second_factor;
mod server;
mod sessions;
mod sign_in;
mod single_sign_on;
mod single_sign_on_factors;
mod slow_clients;
mod ssrf;
mod static_files;
mod support;
mod sync_page;
mod throttling;
mod users;
