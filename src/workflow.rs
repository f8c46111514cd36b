//! The transactions that change an order. Nothing else in the program does.
//!
//! Each one locks the order first, then reads, asks `domain`, writes the row and the event, and commits.
//! None talks to the network.

pub mod accounts;
pub mod pause;
pub mod promise;
pub mod record;
pub mod requests;

pub use pause::PauseError;
pub use promise::PerformError;
pub use promise::SettleError;
pub use promise::Submission;
pub use promise::perform;
pub use record::Reading;
pub use record::record;
pub use requests::record_requests;
