//! The forms of the actions.

pub mod approval;
pub mod ship;
