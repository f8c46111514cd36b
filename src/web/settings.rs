//! What admins decide.

pub mod users;
