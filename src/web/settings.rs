//! What admins decide.

pub mod carriers;
pub mod users;
