//! The transactions that change an order, or who may change one. Nothing else in the program does.
//!
//! Each one of an order locks the order first, then reads, asks `domain`, writes the row and the event, and commits.
//! None talks to the network.

pub mod accounts;
pub mod audit;
pub mod batches;
pub mod gestures;
pub mod keys;
pub mod list_views;
pub mod notifications;
pub mod packing;
pub mod password_links;
pub mod pause;
pub mod post;
pub mod privacy;
pub mod promise;
pub mod reading;
pub mod record;
pub mod requests;
pub mod second_factor;
pub mod sessions;
pub mod sign_in;
pub mod single_sign_on;
pub mod teamwork;
pub mod tracking_templates;
pub mod users;

pub use pause::PauseError;
pub use promise::PerformError;
pub use promise::SettleError;
pub use promise::Submission;
pub use promise::perform;
pub use reading::AskError;
pub use record::Reading;
pub use record::record;
pub use requests::record_requests;
pub use teamwork::TeamworkError;
pub use users::AcceptError;
pub use users::UserError;
