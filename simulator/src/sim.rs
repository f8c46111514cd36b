//! `/_sim`: the simulator's own pages, JSON without sign-in, one file per resource.

mod calls;
mod faults;
mod orders;
mod reviews;
mod world;

use axum::Router;
use axum::routing::get;
use axum::routing::post;

use crate::state::Shared;

pub(crate) fn router() -> Router<Shared> {
    Router::new()
        .route("/_sim/calls", get(calls::list).delete(calls::clear))
        .route("/_sim/ledger", get(calls::ledger))
        .route("/_sim/orders", get(orders::list).post(orders::add))
        .route("/_sim/orders/{id}", get(orders::get))
        .route("/_sim/orders/{id}/{deed}", post(orders::act))
        .route("/_sim/faults", get(faults::list).post(faults::add).delete(faults::clear))
        .route("/_sim/reject", post(reviews::reject))
        .route("/_sim/reasons/{code}/withdraw", post(reviews::withdraw))
        .route("/_sim/gesture-limit", post(reviews::gesture_limit))
        .route("/_sim/read-lag", post(reviews::read_lag))
        .route("/_sim/advance", post(world::advance))
        .route("/_sim/revoke-tokens", post(world::revoke_tokens))
        .route("/_sim/secret", post(world::set_secret))
}
