//! The order list: what it shows, to whom, and what it asks the database.

mod filters;
mod list;
mod model;
mod plans;
mod support;
