//! The forms of the actions.

pub mod approval;
pub mod cancel;
pub mod gesture;
pub mod invoice;
pub mod ship;
