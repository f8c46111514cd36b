//! Giving the customer an invoice.

mod page;

use axum::extract::Request;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::IntoResponse;
use axum::response::Response;
use sha2::Digest;
use sha2::Sha256;
use uuid::Builder;
use uuid::Uuid;

use crate::db;
use crate::domain::action as rules;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::action::Blocked;
use crate::domain::action::Invoice;
use crate::domain::action::Live;
use crate::domain::action::invoice::Flaw;
use crate::domain::action::invoice::MAX_BYTES;
use crate::domain::delivery::State as Delivery;
use crate::domain::operator::Permission;
use crate::domain::request::Standing;
use crate::domain::sending;
use crate::web::AppState;
use crate::web::components::FormErrors;
use crate::web::error::Result;
use crate::web::extract::Broken;
use crate::web::extract::File;
use crate::web::extract::Path;
use crate::web::extract::Upload;
use crate::web::html;
use crate::web::orders::Desk;
use crate::web::orders::action;
use crate::web::orders::action::Kept;
use crate::web::orders::action::Outcome;
use crate::web::orders::forms::invoice::page::Note;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

/// The largest body of the form: the file, and what is around it.
const MAX_BODY: usize = MAX_BYTES + 64 * 1024;

/// `GET /orders/{account}/{order id}/invoice`
pub async fn open(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path((account, order_id)): Path<(String, String)>,
) -> Result<Response> {
    let desk = desk(&state, &signed_in, &account, &order_id).await?;
    match rules::check(ActionKind::Invoice, &desk.facts()) {
        Ok(()) => show(desk),
        Err(blocked) => not_possible(desk, &blocked),
    }
}

/// The page that asks.
pub fn show(desk: Desk) -> Result<Response> {
    let page = page::of(desk, Uuid::new_v4(), FormErrors::default(), None);
    Ok(html(&page)?.into_response())
}

/// `POST /orders/{account}/{order id}/invoice`, as `multipart/form-data`
pub async fn upload(
    State(state): State<AppState>,
    signed_in: SignedIn,
    Path((account, order_id)): Path<(String, String)>,
    request: Request,
) -> Result<Response> {
    let desk = desk(&state, &signed_in, &account, &order_id).await?;
    if !desk.operator.role.may(Permission::Invoice) {
        return not_possible(desk, &Blocked::Needs(Permission::Invoice));
    }
    let upload = match Upload::read(request, MAX_BODY).await {
        Ok(upload) => upload,
        Err(Broken::TooLarge) => {
            let text = desk.lang().invoice_flaw(&Flaw::TooLarge(MAX_BODY));
            return again(desk, None, "file", text, StatusCode::PAYLOAD_TOO_LARGE);
        }
        Err(broken @ (Broken::NotAForm | Broken::TooMany | Broken::Invalid(_))) => {
            return Err(broken.into());
        }
    };
    let form = upload.field("submission").and_then(action::submission_of);
    match (form, chosen(desk.lang(), &upload.files)) {
        (None, _) => {
            let text = desk.lang().form_outdated().to_owned();
            again(desk, None, "send", text, StatusCode::UNPROCESSABLE_ENTITY)
        }
        (form, Err(text)) => again(desk, form, "file", text, StatusCode::UNPROCESSABLE_ENTITY),
        (Some(form), Ok((invoice, file))) => {
            let confirmed = upload.field("again") == Some(invoice.sha256.as_str());
            let chosen = Chosen { form, invoice, file, confirmed };
            hand_over(&state, &signed_in, desk, chosen).await
        }
    }
}

async fn desk(
    state: &AppState,
    signed_in: &SignedIn,
    account: &str,
    order_id: &str,
) -> Result<Desk> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    Desk::open(&mut conn, state, signed_in, account, order_id).await
}

/// The one file that was chosen, or what is wrong with the choice.
fn chosen(lang: Lang, files: &[File]) -> Result<(Invoice, &File), String> {
    match files {
        [] => Err(lang.invoice_select().to_owned()),
        [file] => match Invoice::of(&file.name, &file.bytes) {
            Ok(invoice) => Ok((invoice, file)),
            Err(flaw) => Err(lang.invoice_flaw(&flaw)),
        },
        [_, _, ..] => Err(lang.invoice_select_one().to_owned()),
    }
}

struct Chosen<'a> {
    form: Uuid,
    invoice: Invoice,
    file: &'a File,
    /// Whether it was chosen again after the note that the customer has it.
    confirmed: bool,
}

async fn hand_over(
    state: &AppState,
    signed_in: &SignedIn,
    desk: Desk,
    chosen: Chosen<'_>,
) -> Result<Response> {
    let Chosen { form, invoice, file, confirmed } = chosen;
    let id = submission(form, &desk, &invoice);
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    let first = db::promises::of_submission(&mut conn, &desk.account, id).await?;
    drop(conn);
    if first.is_some() {
        return Ok(action::to_order(&desk));
    }
    if let Err(blocked) = rules::check(ActionKind::Invoice, &desk.facts()) {
        return not_possible(desk, &blocked);
    }
    if !confirmed && customer_has(&desk, &invoice) {
        let note = Note { file_name: invoice.file_name, sha256: invoice.sha256 };
        let page = page::of(desk, form, FormErrors::default(), Some(note));
        return Ok(html(&page)?.into_response());
    }
    let (action, bytes) = (Action::Invoice(invoice), Some(&file.bytes[..]));
    match action::submit(state, signed_in, &desk, id, action, Live::NotAsked, bytes).await? {
        Outcome::Promised => Ok(action::to_order(&desk)),
        Outcome::Blocked(desk, blocked) => not_possible(*desk, &blocked),
        Outcome::Misfit(desk, misfits) => {
            let lang = desk.lang();
            let texts = misfits.iter().map(|it| lang.misfit_later(it, "", |at| at.to_string()));
            let text = texts.collect::<Vec<_>>().join(". ");
            again(*desk, Some(form), "file", text, StatusCode::UNPROCESSABLE_ENTITY)
        }
    }
}

/// The identifier of a file's upload: of its form, its order and its bytes. The same form sent twice is taken up
/// once; gone back to, with another file in it, it is another upload and must not pass for the first.
pub fn submission(form: Uuid, desk: &Desk, invoice: &Invoice) -> Uuid {
    let parts = [&desk.account.0, &desk.mirrored.order.id, &invoice.sha256];
    let mut digest = Sha256::new_with_prefix(form.as_bytes());
    for part in parts {
        digest.update(part);
        digest.update([0]);
    }
    let digest = digest.finalize();
    let (first, _) = digest.split_first_chunk().expect("32 bytes");
    Builder::from_custom_bytes(*first).into_uuid()
}

/// Whether the last thing done to the order was to send that very file, and the marketplace has taken it.
pub fn customer_has(desk: &Desk, invoice: &Invoice) -> bool {
    let Some(last) = &desk.last else { return false };
    let Action::Invoice(before) = &last.action else { return false };
    if before.sha256 != invoice.sha256 || last.progress.state != Delivery::Confirmed {
        return false;
    }
    let name = before.marked_name(&last.order_id, &sending::marker(last.id.as_u128()));
    desk.mirrored.requests.invoices().any(|it| {
        let is_that = last.progress.reference.as_ref() == Some(&it.id)
            || it.file_name.as_ref() == Some(&name);
        is_that && it.standing == Standing::Done && !it.replaced
    })
}

/// A file cannot be kept, so that nothing is shown to be sent again.
fn not_possible(desk: Desk, blocked: &Blocked) -> Result<Response> {
    action::not_possible(desk, ActionKind::Invoice, blocked, Kept::default())
}

/// The form once more, with what is wrong.
fn again(
    desk: Desk,
    form: Option<Uuid>,
    field: &str,
    text: String,
    status: StatusCode,
) -> Result<Response> {
    let mut errors = FormErrors::default();
    errors.add(field, text);
    let page = page::of(desk, form.unwrap_or_else(Uuid::new_v4), errors, None);
    Ok((status, html(&page)?).into_response())
}
