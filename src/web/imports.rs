//! Tracking numbers out of a file: upload or paste, match the columns, and then the same review as for orders that
//! were ticked in the list (`product` 4.6). Nothing is sent before that.

pub mod lookup;
mod matching;
pub mod rest;
mod template;

use std::fmt::Write;

use anyhow::Context as _;
use askama::Template;
use axum::Router;
use axum::extract::Request;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Redirect;
use axum::response::Response;
use axum::routing::get;
use jiff::Timestamp;
use sha2::Digest;
use sha2::Sha256;
use uuid::Uuid;

use crate::db;
use crate::db::imports::NewImport;
use crate::db::imports::Recent;
use crate::domain::action::invoice::clean_name;
use crate::domain::import::MAX_BYTES;
use crate::domain::import::Unreadable;
use crate::domain::import::column;
use crate::domain::import::content;
use crate::domain::import::table::Table;
use crate::domain::operator::Permission;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::components::Time;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Broken;
use crate::web::extract::Upload;
use crate::web::format;
use crate::web::html;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::orders::action::submission_of;
use crate::web::session::SignedIn;
use crate::web::text::Lang;
use crate::workflow::batches::id_of;

/// The files that are listed.
const RECENT: i64 = 20;
/// What a form holds beside the file.
const BESIDE: usize = 16 * 1024;

/// The routes without the upload.
pub fn routes() -> Router<AppState> {
    Router::new()
        .route("/imports/template", get(template::show))
        .route("/imports/{id}", get(matching::show).post(matching::choose))
        .route("/imports/{id}/rest", get(rest::show))
}

/// The route that reads its body itself.
pub fn uploads() -> Router<AppState> {
    Router::new().route("/imports", get(show).post(upload))
}

#[derive(Template)]
#[template(path = "imports/index.html")]
struct IndexPage {
    layout: Layout,
    submission: Uuid,
    text: String,
    recent: Vec<Line>,
    errors: FormErrors,
}

/// A file of the list.
struct Line {
    name: String,
    rows: String,
    at: Time,
    href: String,
    state: &'static str,
}

/// `GET /imports`
pub async fn show(State(state): State<AppState>, signed_in: SignedIn) -> Result<Response> {
    permitted(&signed_in)?;
    page(&state, &signed_in, Typed::default(), FormErrors::default(), StatusCode::OK).await
}

/// What came with a form that is shown again.
#[derive(Debug, Default)]
struct Typed {
    submission: Option<Uuid>,
    text: String,
}

/// `POST /imports`, as `multipart/form-data`.
pub async fn upload(
    State(state): State<AppState>,
    signed_in: SignedIn,
    request: Request,
) -> Result<Response> {
    permitted(&signed_in)?;
    let lang = signed_in.lang;
    let upload = match Upload::read(request, MAX_BYTES + BESIDE).await {
        Ok(upload) => upload,
        Err(Broken::TooLarge) => {
            let errors =
                FormErrors::one("csv", lang.import_unreadable(Unreadable::TooLarge, false));
            let status = StatusCode::PAYLOAD_TOO_LARGE;
            return page(&state, &signed_in, Typed::default(), errors, status).await;
        }
        Err(broken @ (Broken::TooMany | Broken::NotAForm | Broken::Invalid(_))) => {
            return Err(broken.into());
        }
    };
    let text = upload.field("text").unwrap_or_default().to_owned();
    let submission = upload.field("submission").and_then(submission_of);
    let pasted = !text.trim().is_empty();
    let again = async |field: &str, words: &str| {
        let (typed, errors) =
            (Typed { submission, text: text.clone() }, FormErrors::one(field, words));
        page(&state, &signed_in, typed, errors, StatusCode::UNPROCESSABLE_ENTITY).await
    };
    let Some(form) = submission else { return again("send", lang.form_outdated()).await };
    let (name, bytes) = match (upload.files.as_slice(), pasted) {
        ([], false) => return again("csv", lang.import_select()).await,
        ([], true) => (None, text.clone().into_bytes()),
        ([file], false) => (Some(clean_name(&file.name)), file.bytes.to_vec()),
        ([_], true) => return again("csv", lang.import_one_of_both()).await,
        ([_, _, ..], _) => return again("csv", lang.import_one_file()).await,
    };
    let sha256 = Sha256::digest(&bytes);
    // Up to two megabytes: long enough to keep others waiting.
    let read = tokio::task::spawn_blocking(move || read(&bytes)).await.context("reading a file")?;
    let (content, encoding, table) = match read {
        Ok(read) => read,
        Err(reason) => {
            let field = if pasted { "text" } else { "csv" };
            return again(field, &lang.import_unreadable(reason, pasted)).await;
        }
    };
    let user_id = signed_in.user.operator.id;
    // The same form sent twice makes one of them.
    let id = id_of(["import", &user_id.to_string(), &form.to_string(), &hex(&sha256)]);
    let fingerprint = table.header.as_ref().map(column::fingerprint);
    let import = NewImport {
        id,
        user_id,
        file_name: name.as_deref(),
        sha256: &sha256,
        encoding: encoding.name(),
        rows: table.rows.len(),
        fingerprint: fingerprint.as_deref(),
        content: &content,
    };
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    db::imports::insert(&mut *conn, &signed_in.scope, &import, state.clock.now()).await?;
    Ok(Redirect::to(&href(id)).into_response())
}

fn read(bytes: &[u8]) -> Result<(String, content::Encoding, Table), Unreadable> {
    let (text, encoding) = content::decode(bytes)?;
    let table = Table::read(&text)?;
    Ok((text, encoding, table))
}

fn hex(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in bytes {
        let _ = write!(hex, "{byte:02x}");
    }
    hex
}

/// The address of a file.
fn href(id: Uuid) -> String {
    format!("/imports/{id}")
}

fn permitted(signed_in: &SignedIn) -> Result<()> {
    if signed_in.user.operator.role.may(Permission::Ship) {
        return Ok(());
    }
    Err(Error::Forbidden(signed_in.lang.needs(Permission::Ship).to_owned()))
}

/// What a file is called.
fn name(lang: Lang, file_name: Option<&str>) -> String {
    file_name.unwrap_or(lang.import_pasted()).to_owned()
}

async fn page(
    state: &AppState,
    signed_in: &SignedIn,
    typed: Typed,
    errors: FormErrors,
    status: StatusCode,
) -> Result<Response> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let recent = db::imports::recent(&mut *conn, signed_in.user.operator.id, RECENT).await?;
    drop(conn);
    let now = state.clock.now();
    let page = IndexPage {
        layout: Layout::new(state, signed_in, Place::Imports),
        submission: typed.submission.unwrap_or_else(Uuid::new_v4),
        text: typed.text,
        recent: recent.iter().map(|it| line(signed_in, it, now)).collect(),
        errors,
    };
    Ok((status, html(&page)?).into_response())
}

fn line(signed_in: &SignedIn, import: &Recent, now: Timestamp) -> Line {
    let lang = signed_in.lang;
    let (href, state) = match (import.batch, import.confirmed_at) {
        (None, _) => (href(import.id), lang.import_not_matched()),
        (Some(batch), None) => (format!("/batches/{batch}"), lang.import_not_sent()),
        (Some(batch), Some(_)) => (format!("/batches/{batch}"), lang.import_sent()),
    };
    Line {
        name: name(lang, import.file_name.as_deref()),
        rows: lang.import_rows(i64::from(import.rows)),
        at: format::clock(lang, import.created_at, &signed_in.zone(), now),
        href,
        state,
    }
}
