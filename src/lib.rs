//! Comptoir, the order desk for sellers on Octopia.
//!
//! | module | what it is for |
//! |---|---|
//! | [`domain`] | the rules, as plain data and pure functions |
//! | [`octopia`] | the typed client of the marketplace's API |
//! | [`db`] | SQL, and nothing but SQL |
//! | [`workflow`] | the transactions that change an order; nothing else does |
//! | [`sync`] | the worker: reads the marketplace, sends what was promised |
//! | [`outbound`] | e-mails to the staff, and calls to a program of the company's |
//! | [`translate`] | between the marketplace's vocabulary and ours |
//! | [`live`] | what a form needs to know of the marketplace at once |
//! | [`web`] | the pages |
//! | [`secrets`] | sealing what must not be read in the database |
//! | `private_file` | files that hold secrets |
//! | [`single_sign_on`] | the company's own sign-in, an OpenID Connect provider |
//! | [`config`], [`clock`] | settings, and the only reader of the clock |
//!
//! `docs/ARCHITECTURE.md` is the map; `tests/architecture.rs` keeps it true.

pub mod clock;
pub mod config;
pub mod db;
pub mod domain;
pub mod live;
pub mod octopia;
pub mod outbound;
mod private_file;
pub mod secrets;
pub mod single_sign_on;
pub mod sync;
pub mod translate;
pub mod web;
pub mod workflow;

/// The schema's history. One static value, because each `migrate!` costs compile time.
pub static MIGRATOR: sqlx::migrate::Migrator = sqlx::migrate!();
