//! The endpoints of the Seller API, one file per resource.

pub(crate) mod approval;
pub(crate) mod carriers;
pub(crate) mod filters;
pub(crate) mod orders;
pub(crate) mod sellers;
pub(crate) mod shipments;

use axum::body::Bytes;
use serde_json::Value;

use crate::problem::Problem;

/// Reads a JSON body, with the platform's words when it is none.
fn json(body: &Bytes) -> Result<Value, Problem> {
    serde_json::from_slice(body).map_err(|error| {
        Problem::invalid("$", format!("The JSON value could not be converted. {error}"))
    })
}
