//! Invoices: for one order or for many at once, and the reports on imports.

use axum::Json;
use axum::extract::Path;
use axum::extract::Query;
use axum::extract::Request;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse as _;
use axum::response::Response;
use serde_json::Value;
use serde_json::json;

use crate::api::cursor;
use crate::api::params;
use crate::api::params::Pairs;
use crate::auth::Caller;
use crate::invoices::Import;
use crate::invoices::Received;
use crate::model::Party;
use crate::problem::Problem;
use crate::state::Market;
use crate::state::Shared;
use crate::state::lock;
use crate::uploads;
use crate::uploads::Kind;
use crate::uploads::Upload;

/// The documents name no limit; this one is an ordinary gateway's.
const LARGEST_FILE: usize = 10 * 1024 * 1024;
const PAGE: usize = 20;
const LARGEST_PAGE: usize = 100;

/// `POST /orders/{orderId}/invoice-documents`
pub(crate) async fn post(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
    request: Request,
) -> Result<Response, Problem> {
    let uploads = uploads::read(request).await?;
    let [upload] = uploads.as_slice() else {
        return Err(Problem::invalid("files", "Exactly one file is required."));
    };
    let kind = checked(upload)?;
    let mut market = lock(&shared);
    let now = market.now();
    let slot = market
        .find(caller.seller_index, &id)
        .ok_or_else(|| Problem::not_found(&format!("Order {id}")))?;
    let channel = market.orders[slot].channel;
    if !channel.invoices {
        let why = format!("{} does not take invoices.", channel.name);
        return Err(Problem::new(StatusCode::FORBIDDEN, "Forbidden").because(why));
    }
    let file = received(id, upload.file_name.clone(), kind, upload.bytes.len());
    Ok(imported(&mut market, &caller, vec![file], now))
}

/// `POST /order-invoice-imports`: each file, or each file in a ZIP, is named after its order.
pub(crate) async fn post_many(
    State(shared): State<Shared>,
    caller: Caller,
    request: Request,
) -> Result<Response, Problem> {
    let uploads = uploads::read(request).await?;
    let mut files = Vec::new();
    for upload in &uploads {
        let kind = checked(upload)?;
        let inside = if kind == Kind::Zip { uploads::zipped(&upload.bytes) } else { Vec::new() };
        if kind == Kind::Zip {
            let size = upload.bytes.len() / inside.len().max(1);
            files.extend(inside.into_iter().map(|name| received(stem(&name), name, kind, size)));
        } else {
            let name = upload.file_name.clone();
            files.push(received(stem(&name), name, kind, upload.bytes.len()));
        }
    }
    if files.is_empty() {
        return Err(Problem::invalid("files", "At least one file is required."));
    }
    let mut market = lock(&shared);
    let now = market.now();
    Ok(imported(&mut market, &caller, files, now))
}

fn checked(upload: &Upload) -> Result<Kind, Problem> {
    let name = &upload.file_name;
    if upload.bytes.is_empty() {
        return Err(Problem::invalid("files", format!("File {name} is empty.")));
    }
    if upload.bytes.len() > LARGEST_FILE {
        let why = format!("File {name} is larger than 10 MB.");
        return Err(Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "Payload Too Large").because(why));
    }
    Kind::of(&upload.bytes).ok_or_else(|| {
        let why = format!("File {name} is none of PDF, XML, ZIP.");
        let title = "Unsupported Media Type";
        Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, title).because(why)
    })
}

fn received(order_id: String, file_name: String, kind: Kind, size: usize) -> Received {
    Received { order_id, file_name, kind: kind.as_str(), size }
}

/// The file's name without folders and without its ending.
fn stem(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    base.rsplit_once('.').map_or(base, |(stem, _)| stem).to_owned()
}

fn imported(
    market: &mut Market,
    caller: &Caller,
    files: Vec<Received>,
    now: jiff::Timestamp,
) -> Response {
    let index = market.import(caller.seller_index, files, Party::Api, now);
    let import = &market.imports[index];
    let body = json!({ "importId": import.id, "status": import.status() });
    (StatusCode::CREATED, Json(body)).into_response()
}

/// `GET /orders/{orderId}/invoice-documents`, oldest first, those in check and failed included.
pub(crate) async fn documents(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Response, Problem> {
    let mut market = lock(&shared);
    let now = market.now();
    let moment = market.visible(now);
    let slot = market
        .find(caller.seller_index, &id)
        .ok_or_else(|| Problem::not_found(&format!("Order {id}")))?;
    let seen = market.imports.iter().filter_map(|import| import.at(moment));
    let files = seen.flat_map(|import| import.files).filter(|file| file.slot == Some(slot));
    let items: Vec<Value> = files.map(|file| file.document()).collect();
    let link = format!("</orders/{id}/invoice-documents>; rel=\"first\"");
    Ok(params::listed(market.readings.envelope, &items, link))
}

/// `GET /order-invoice-imports`, oldest first, by cursor.
pub(crate) async fn list(
    State(shared): State<Shared>,
    caller: Caller,
    Query(query): Query<Pairs>,
) -> Result<Response, Problem> {
    let size = params::number(&query, "pageSize", PAGE, LARGEST_PAGE)?;
    let start = cursor::read(&query)?;
    let mut market = lock(&shared);
    let now = market.now();
    let moment = market.visible(now);
    let all = market.imports.iter().enumerate().skip(start);
    let own = all.filter(|(_, import)| import.seller_index == caller.seller_index);
    let mut seen = own.filter_map(|(index, import)| Some((index, import.at(moment)?)));
    let page: Vec<(usize, Import)> = seen.by_ref().take(size).collect();
    let next = seen.next().map(|(index, _)| index);
    let items: Vec<Value> = page.iter().map(|(_, import)| import.spelled()).collect();
    let link = cursor::links("/order-invoice-imports", &query, next);
    Ok(params::listed(market.readings.envelope, &items, link))
}

/// `GET /order-invoice-imports/{importId}`
pub(crate) async fn get(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let mut market = lock(&shared);
    let now = market.now();
    let moment = market.visible(now);
    let own = |import: &&Import| import.id == id && import.seller_index == caller.seller_index;
    let import = market.imports.iter().find(own).and_then(|import| import.at(moment));
    let import = import.ok_or_else(|| Problem::not_found(&format!("Invoice import {id}")))?;
    Ok(Json(import.spelled()))
}
