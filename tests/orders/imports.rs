//! Tracking numbers out of a file: from the upload to the review.

mod columns;
mod files;
mod morning;
mod sent;
