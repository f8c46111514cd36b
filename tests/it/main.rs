//! Everything together: pages through the router, on a real database.

#![expect(clippy::unwrap_used, reason = "a failing helper fails the test")]

mod activity;
mod accounts;
mod attention;
mod cross_site;
mod frame;
mod headers;
mod limits;
mod redirects;
mod server;
mod profile;
mod second_factor;
mod sessions;
mod invitations;
mod sign_in;
mod slow_clients;
mod static_files;
mod ssrf;
mod support;
mod sync_page;
mod throttling;
mod users;
