//! The typed client of the Octopia Seller API, version 2 (<https://developer.octopia-io.net/>).
//!
//! What it covers: the order reads ([`orders`]), the acceptance decision ([`approvals`]), shipments
//! ([`shipments`]), the carrier list ([`carriers`]), cancellations ([`cancellations`]), commercial
//! gestures ([`gestures`]), invoices ([`invoices`]) and the seller's own record ([`sellers`]).
//!
//! *Invariant:* it knows the marketplace and nothing of ours; only `sync` translates.
//! *Invariant:* it never repeats a call, with one exception: on a 401 the token is renewed once and
//! the call made once more, because a 401 says that nothing was done. Everything else is
//! classified ([`Disposition`]) and left to the caller.
//! *Invariant:* it reads what the documents leave open (mixed dates, numbers as text, lists with
//! or without an envelope), keeps words it does not know, and never guesses an amount.
//! *Invariant:* bodies, tokens and secrets are never logged.

pub mod approvals;
pub mod cancellations;
pub mod carriers;
mod client;
mod connect;
mod dates;
mod error;
pub mod gestures;
pub mod invoices;
mod lenient;
mod links;
mod lists;
mod members;
mod multipart;
pub mod orders;
mod problem;
pub mod sellers;
pub mod shipments;
mod tally;
mod token;
mod writes;

pub use client::BuildError;
pub use client::Client;
pub use client::Config;
pub use client::MaySend;
pub use connect::MayConnect;
pub use error::Disposition;
pub use error::Error;
pub use problem::Problem;
pub use tally::Calls;
pub use tally::Tally;
pub use token::TokenError;
