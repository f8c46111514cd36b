//! Tokens: OAuth 2 client credentials at a Keycloak, and who a call speaks for.

use std::collections::HashMap;
use std::collections::VecDeque;

use axum::Form;
use axum::Json;
use axum::extract::FromRequestParts;
use axum::extract::State;
use axum::extract::rejection::FormRejection;
use axum::http::StatusCode;
use axum::http::header;
use axum::http::request::Parts;
use axum::response::IntoResponse as _;
use axum::response::Response;
use jiff::SignedDuration;
use jiff::Timestamp;
use rand::RngExt as _;
use serde::Deserialize;
use serde_json::json;

use crate::problem::Problem;
use crate::state::Market;
use crate::state::Shared;
use crate::state::lock;

const LIFETIME: SignedDuration = SignedDuration::from_hours(2);

/// Tokens in use, and when each client got its last ones.
#[derive(Debug)]
pub(crate) struct Tokens {
    valid: HashMap<String, (usize, Timestamp)>,
    issued: HashMap<usize, VecDeque<Timestamp>>,
    served: HashMap<usize, VecDeque<Timestamp>>,
    quota: usize,
}

impl Tokens {
    pub(crate) fn new(quota: usize) -> Self {
        Self { valid: HashMap::new(), issued: HashMap::new(), served: HashMap::new(), quota }
    }

    pub(crate) fn revoke_all(&mut self) {
        self.valid.clear();
    }

    pub(crate) fn revoke(&mut self, token: &str) {
        self.valid.remove(token);
    }

    fn seller(&self, token: &str, now: Timestamp) -> Option<usize> {
        let (seller_index, until) = self.valid.get(token)?;
        (*until > now).then_some(*seller_index)
    }
}

/// Whether one more call fits into the window that ends now; a call that fits is counted.
fn fits(
    calls: &mut VecDeque<Timestamp>,
    most: usize,
    window: SignedDuration,
    now: Timestamp,
) -> bool {
    while calls.front().is_some_and(|first| *first + window <= now) {
        calls.pop_front();
    }
    let fits = calls.len() < most;
    if fits {
        calls.push_back(now);
    }
    fits
}

#[derive(Debug, Deserialize)]
pub(crate) struct TokenForm {
    grant_type: Option<String>,
    client_id: Option<String>,
    client_secret: Option<String>,
}

/// `POST …/protocol/openid-connect/token`
pub(crate) async fn token(
    State(shared): State<Shared>,
    form: Result<Form<TokenForm>, FormRejection>,
) -> Response {
    let Ok(Form(form)) = form else {
        return refused(StatusCode::BAD_REQUEST, "invalid_request", "A form body is required.");
    };
    if form.grant_type.as_deref() != Some("client_credentials") {
        let why = "Unsupported grant_type";
        return refused(StatusCode::BAD_REQUEST, "unsupported_grant_type", why);
    }
    let mut market = lock(&shared);
    let (id, secret) = (form.client_id.unwrap_or_default(), form.client_secret.unwrap_or_default());
    let known = market.accounts.iter().position(|account| {
        account.seller.client_id == id && account.seller.client_secret == secret
    });
    let Some(seller_index) = known else {
        let why = "Invalid client or Invalid client credentials";
        return refused(StatusCode::UNAUTHORIZED, "invalid_client", why);
    };
    let now = market.now();
    let quota = market.tokens.quota;
    let issued = market.tokens.issued.entry(seller_index).or_default();
    if !fits(issued, quota, SignedDuration::from_hours(1), now) {
        let why = format!("Quota of {quota} tokens per hour exceeded.");
        return Problem::too_many(&why, None).into_response();
    }
    let token = format!("{:032x}{:032x}", market.rng.random::<u128>(), market.rng.random::<u128>());
    market.tokens.valid.insert(token.clone(), (seller_index, now + LIFETIME));
    Json(json!({
        "access_token": token,
        "expires_in": LIFETIME.as_secs(),
        "refresh_expires_in": 0,
        "token_type": "Bearer",
        "not-before-policy": 0,
        "scope": "email profile",
    }))
    .into_response()
}

/// The raw body of Keycloak, not the platform's problem.
fn refused(status: StatusCode, error: &str, description: &str) -> Response {
    let body = json!({ "error": error, "error_description": description });
    (status, Json(body)).into_response()
}

/// The seller a call speaks for: a valid token and that seller's own id in `SellerId`.
pub(crate) struct Caller {
    pub(crate) seller_index: usize,
}

impl FromRequestParts<Shared> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, shared: &Shared) -> Result<Self, Problem> {
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok());
        let bearer = header(header::AUTHORIZATION.as_str())
            .and_then(|value| value.strip_prefix("Bearer ").or(value.strip_prefix("bearer ")))
            .ok_or_else(|| Problem::unauthorized("A bearer token is required."))?;
        let seller_id = header("SellerId").map(str::to_owned);
        let mut market = lock(shared);
        identify(&mut market, bearer, seller_id.as_deref())
    }
}

fn identify(market: &mut Market, token: &str, seller_id: Option<&str>) -> Result<Caller, Problem> {
    let now = market.now();
    let seller_index = market
        .tokens
        .seller(token, now)
        .ok_or_else(|| Problem::unauthorized("The token is invalid or has expired."))?;
    let seller_id = seller_id
        .filter(|id| !id.trim().is_empty())
        .ok_or_else(|| Problem::invalid("SellerId", "The SellerId field is required."))?;
    if market.accounts[seller_index].seller.seller_id != seller_id {
        let why = format!("Access to seller {seller_id} is denied.");
        return Err(Problem::new(StatusCode::FORBIDDEN, "Forbidden").because(why));
    }
    if let Some(most) = market.rate_limit {
        let served = market.tokens.served.entry(seller_index).or_default();
        if !fits(served, most as usize, SignedDuration::from_secs(1), now) {
            return Err(Problem::too_many("Too many calls.", Some(1)));
        }
    }
    Ok(Caller { seller_index })
}
