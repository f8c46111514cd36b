//! The simulator over HTTP, as a client meets it.

mod actors;
mod approval;
mod auth;
mod cast;
mod faults;
mod filters;
mod holds;
mod pages;
mod paging;
mod shipments;
mod support;
