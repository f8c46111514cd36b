//! What leaves for others than the marketplace: e-mails to the staff, and calls to a program of the company's.
//!
//! *Invariant:* it knows how to send, and nothing of what is sent. Secrets and bodies are never logged.

pub mod mail;
pub mod webhook;

pub use mail::Letter;
pub use mail::Mailer;
pub use webhook::Webhook;
