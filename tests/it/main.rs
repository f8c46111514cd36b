//! Everything together: pages through the router, on a real database.

mod attention;
mod frame;
mod sign_in;
mod support;
mod sync_page;
