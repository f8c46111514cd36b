//! The product as a person meets it: in a real Chromium, with a real PostgreSQL and the simulated
//! marketplace. `bin/test browser` finds the two programs it needs.

#![expect(clippy::unwrap_used, reason = "a failing helper fails the test")]

mod axe;
mod browser;
mod chromedriver;
mod conflicts;
mod cross_site;
mod cross_site_scripting;
mod days;
mod decisions;
mod every_page;
mod keyboard;
mod later;
mod mistakes;
mod pages;
#[path = "../it/provider.rs"]
#[expect(dead_code, reason = "the tests without a browser have it do more")]
mod provider;
mod roles;
mod rotation;
mod scanning;
mod screens;
mod session_end;
mod shipping;
mod single_sign_on;
mod together;
mod world;
