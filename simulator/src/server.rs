//! Which path leads where.

use axum::Router;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::Method;
use axum::http::StatusCode;
use axum::http::header;
use axum::middleware;
use axum::middleware::Next;
use axum::response::IntoResponse as _;
use axum::response::Response;
use axum::routing::get;
use axum::routing::post;

use crate::api::approval;
use crate::api::cancellations;
use crate::api::carriers;
use crate::api::gestures;
use crate::api::invoices;
use crate::api::orders;
use crate::api::sellers;
use crate::api::shipments;
use crate::auth;
use crate::gate;
use crate::problem::Problem;
use crate::sim;
use crate::state::Shared;
use crate::uploads;

pub(crate) const API: &str = "/seller/v2";
pub(crate) const TOKEN: &str = "/auth/realms/maas/protocol/openid-connect/token";

pub(crate) fn router(shared: Shared) -> Router {
    let api = Router::new()
        .route("/orders", get(orders::list))
        .route("/orders/count", get(orders::count))
        .route("/orders/{id}", get(orders::get))
        .route("/orders/{id}/approval-status", post(approval::post))
        .route("/orders/{id}/shipments", post(shipments::post))
        .route("/cancellation-reasons", get(cancellations::reasons))
        .route("/order-cancellation-requests", get(cancellations::list).post(cancellations::post))
        .route("/order-partial-cancellation-requests", post(cancellations::post_partial))
        .route(
            "/sales-channel-commercial-gesture-configurations/{id}",
            get(gestures::configuration),
        )
        .route("/orders/{id}/commercial-gestures-available-amounts", get(gestures::available))
        .route("/order-commercial-gesture-requests", get(gestures::list).post(gestures::post))
        .route("/order-commercial-gesture-requests/{id}", get(gestures::get))
        .route("/orders/{id}/invoice-documents", get(invoices::documents).post(invoices::post))
        .route("/order-invoice-imports", get(invoices::list).post(invoices::post_many))
        .route("/order-invoice-imports/{id}", get(invoices::get))
        .route("/carriers", get(carriers::get))
        .route("/sellers", get(sellers::get))
        .route("/sellers/subscriptions", get(sellers::subscriptions))
        .route("/sellers/indicators", get(sellers::indicators))
        .route_layer(middleware::from_fn(negotiate))
        .fallback(unknown)
        .method_not_allowed_fallback(wrong_method);
    Router::new()
        .nest(API, api)
        .route(TOKEN, post(auth::token))
        .fallback(unknown)
        .layer(middleware::from_fn_with_state(shared.clone(), gate::pass))
        // After the layer: these pages are not the platform's, no fault and no log touches them.
        .merge(sim::router())
        .with_state(shared)
}

/// 406 and 415, before anything else is looked at.
async fn negotiate(request: Request, next: Next) -> Response {
    let headers = request.headers();
    if !accepts_json(headers) {
        return Problem::new(StatusCode::NOT_ACCEPTABLE, "Not Acceptable").into_response();
    }
    let is_form = request.uri().path().contains("invoice") && uploads::is_multipart(headers);
    if request.method() == Method::POST && !sends_json(headers) && !is_form {
        let title = "Unsupported Media Type";
        return Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, title).into_response();
    }
    next.run(request).await
}

fn accepts_json(headers: &HeaderMap) -> bool {
    let Some(accept) = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()) else {
        return true;
    };
    let kinds = accept.split(',').map(|kind| kind.split(';').next().unwrap_or_default().trim());
    let mut kinds = kinds.map(str::to_ascii_lowercase);
    kinds.any(|kind| matches!(kind.as_str(), "*/*" | "application/*" | "application/json"))
}

fn sends_json(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let kind = kind.and_then(|kind| kind.split(';').next()).unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/json")
}

async fn unknown(request: Request) -> Problem {
    Problem::not_found(&format!("Resource {}", request.uri().path()))
}

async fn wrong_method() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "Method Not Allowed")
}
