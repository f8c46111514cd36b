//! Invoices for many orders at once: each file is named after its order.

mod batch;
mod outcome;

use anyhow::Context as _;
use askama::Template;
use axum::extract::Request;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use uuid::Uuid;

use crate::db;
use crate::domain::account::send_delay;
use crate::domain::operator::Permission;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::extract::Broken;
use crate::web::extract::Upload;
use crate::web::html;
use crate::web::invoices::batch::MAX_TOTAL;
use crate::web::invoices::outcome::Fate;
use crate::web::invoices::outcome::Row;
use crate::web::layout::Layout;
use crate::web::layout::Place;
use crate::web::orders::action;
use crate::web::session::SignedIn;

#[derive(Template)]
#[template(path = "invoices/form.html")]
struct FormPage {
    layout: Layout,
    batch: Uuid,
    delay: String,
    errors: FormErrors,
}

#[derive(Template)]
#[template(path = "invoices/result.html")]
struct ResultPage {
    layout: Layout,
    heading: String,
    delay: String,
    taken: Vec<Row>,
    refused: Vec<Row>,
}

/// `GET /invoices`
pub async fn show(State(state): State<AppState>, signed_in: SignedIn) -> Result<Response> {
    permitted(&signed_in)?;
    let delay = delay(&state, &signed_in).await?;
    form(&state, &signed_in, delay, None, FormErrors::default(), StatusCode::OK)
}

/// `POST /invoices`, as `multipart/form-data`. Sent again it changes nothing and tells the same, so that its
/// answer is the result itself.
pub async fn upload(
    State(state): State<AppState>,
    signed_in: SignedIn,
    request: Request,
) -> Result<Response> {
    permitted(&signed_in)?;
    let lang = signed_in.lang;
    let delay = delay(&state, &signed_in).await?;
    let mistake = |batch, field, text, status| {
        let mut errors = FormErrors::default();
        errors.add(field, text);
        form(&state, &signed_in, delay.clone(), batch, errors, status)
    };
    let upload = match Upload::read(request, MAX_TOTAL).await {
        Ok(upload) => upload,
        Err(Broken::TooLarge) => {
            let text = lang.invoices_too_large();
            return mistake(None, "files", text, StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(Broken::TooMany) => {
            let text = lang.invoices_too_many();
            return mistake(None, "files", text, StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(broken @ (Broken::NotAForm | Broken::Invalid(_))) => return Err(broken.into()),
    };
    let batch = upload.field("batch").and_then(action::submission_of);
    let Some(id) = batch else {
        return mistake(None, "send", lang.form_outdated(), StatusCode::UNPROCESSABLE_ENTITY);
    };
    if upload.files.is_empty() {
        let text = lang.invoice_select();
        return mistake(batch, "files", text, StatusCode::UNPROCESSABLE_ENTITY);
    }
    // Unpacking and hashing take long enough to keep others waiting.
    let pieces = tokio::task::spawn_blocking(|| batch::open(upload.files)).await;
    let rows = outcome::of(&state, &signed_in, id, pieces.context("unpacking")?).await?;
    result(&state, &signed_in, delay, rows)
}

fn permitted(signed_in: &SignedIn) -> Result<()> {
    if signed_in.user.operator.role.may(Permission::Invoice) {
        return Ok(());
    }
    Err(Error::Forbidden(signed_in.lang.needs(Permission::Invoice).to_owned()))
}

fn form(
    state: &AppState,
    signed_in: &SignedIn,
    delay: String,
    batch: Option<Uuid>,
    errors: FormErrors,
    status: StatusCode,
) -> Result<Response> {
    let page = FormPage {
        layout: Layout::new(state, signed_in, Place::Orders),
        batch: batch.unwrap_or_else(Uuid::new_v4),
        delay,
        errors,
    };
    Ok((status, html(&page)?).into_response())
}

fn result(
    state: &AppState,
    signed_in: &SignedIn,
    delay: String,
    rows: Vec<Row>,
) -> Result<Response> {
    let all = rows.len();
    let (taken, refused): (Vec<_>, Vec<_>) = rows.into_iter().partition(|it| match it.fate {
        Fate::Taken { .. } => true,
        Fate::Note(_) | Fate::NotPossible(_) => false,
    });
    let page = ResultPage {
        layout: Layout::new(state, signed_in, Place::Orders),
        heading: signed_in.lang.invoices_result(taken.len(), all),
        delay,
        taken,
        refused,
    };
    Ok(html(&page)?.into_response())
}

/// When the files leave: each account may have a delay of its own.
async fn delay(state: &AppState, signed_in: &SignedIn) -> Result<String> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let options = db::accounts::options(&mut *conn).await?;
    let usual = state.settings.send_delay;
    let delays = options.into_iter().map(|it| send_delay(it.send_delay_seconds, usual).as_secs());
    let (least, most) =
        delays.fold((i64::MAX, 0), |(least, most), it| (least.min(it), most.max(it)));
    let lang = signed_in.lang;
    Ok(if most == 0 {
        lang.approval_at_once().to_owned()
    } else if least == most {
        lang.approval_delay(most)
    } else {
        lang.invoices_delays(least, most)
    })
}
