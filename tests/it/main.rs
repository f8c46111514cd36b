//! Everything together: pages through the router, on a real database.

#![expect(clippy::unwrap_used, reason = "a failing helper fails the test")]

mod accounts;
mod activity;
mod attention;
mod audited;
mod canaries;
mod confirm;
mod cross_site;
mod dashboard;
mod frame;
mod headers;
mod invitations;
mod isolation;
mod limits;
mod notifications;
mod other_account;
mod password_links;
mod profile;
mod provider;
mod proxies;
mod races;
mod redirects;
mod routes_matrix;
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
mod sync_asked;
mod sync_page;
mod throttling;
mod unknown_fields;
mod users;
