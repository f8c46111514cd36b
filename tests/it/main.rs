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
mod redirects;
mod second_factor;
mod server;
mod sessions;
mod sign_in;
mod slow_clients;
mod ssrf;
mod static_files;
mod support;
mod sync_page;
mod throttling;
mod unknown_fields;
mod users;
