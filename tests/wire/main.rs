//! The client of the Seller API against real sockets: what it sends, what it can read, and what it
//! concludes from each way of not being answered.

#![expect(clippy::unwrap_used, reason = "helpers of tests; the lint exempts test functions only")]

mod cancellations;
mod classification;
mod decoding;
mod gestures;
mod hostile;
mod invoices;
mod items;
mod requests;
mod server;
mod tokens;
mod writes;
