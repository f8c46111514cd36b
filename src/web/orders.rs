//! The pages of the orders.

pub mod list;
