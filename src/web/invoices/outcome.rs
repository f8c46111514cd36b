//! What becomes of each file of a batch: the same gate as everywhere, and one promise for each order.

use axum::body::Bytes;
use uuid::Uuid;

use crate::db;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::action::Invoice;
use crate::domain::action::Live;
use crate::domain::action::invoice;
use crate::web::AppState;
use crate::web::error::Error;
use crate::web::error::Result;
use crate::web::invoices::batch::Fault;
use crate::web::invoices::batch::Piece;
use crate::web::orders::Desk;
use crate::web::orders::action;
use crate::web::orders::action::Outcome;
use crate::web::orders::forms::invoice as form;
use crate::web::session::SignedIn;
use crate::web::text::Lang;

/// A file and what became of it.
#[derive(Debug)]
pub struct Row {
    /// Its name.
    pub file: String,
    /// The archive that it came in.
    pub archive: Option<String>,
    /// The order that it is for: number, address, and account.
    pub order: Option<OrderLink>,
    /// What became of it.
    pub fate: Fate,
}

/// An order to be opened.
#[derive(Debug, Clone)]
pub struct OrderLink {
    /// Its number.
    pub id: String,
    /// The address of its page.
    pub href: String,
    /// The account's name.
    pub account: String,
}

/// What became of a file.
#[derive(Debug)]
pub enum Fate {
    /// It is promised, now or by the same batch before.
    Taken {
        /// The promise.
        promise: Uuid,
        /// The file of this batch that is the same, when it is not this one that counts.
        same_as: Option<String>,
    },
    /// There was nothing to do.
    Note(String),
    /// Why it is not.
    NotPossible(String),
}

/// A file of the batch, and its order, or why it has none.
struct Candidate {
    name: String,
    archive: Option<String>,
    matched: Result<Matched, String>,
}

/// A file that can be an invoice, and the order it is for.
struct Matched {
    desk: Desk,
    invoice: Invoice,
    bytes: Bytes,
}

/// Takes up what can be, file by file, in the order in which they came.
pub async fn of(
    state: &AppState,
    signed_in: &SignedIn,
    batch: Uuid,
    pieces: Vec<Piece>,
) -> Result<Vec<Row>> {
    let mut candidates = Vec::new();
    for Piece { name, archive, read } in pieces {
        let matched = match read {
            Ok(read) => find(state, signed_in, &name, read).await?,
            Err(fault) => Err(words(signed_in.lang, &fault)),
        };
        candidates.push(Candidate { name, archive, matched });
    }
    let mut rows: Vec<Row> = Vec::new();
    for Candidate { name, archive, matched } in &candidates {
        let (order, fate) = match matched {
            Err(reason) => (None, Fate::NotPossible(reason.clone())),
            Ok(matched) if has_rival(matched, &candidates) => {
                let reason = signed_in.lang.invoices_several_files().to_owned();
                (Some(link(&matched.desk)), Fate::NotPossible(reason))
            }
            Ok(matched) => {
                let fate = take(state, signed_in, batch, matched).await?;
                (Some(link(&matched.desk)), told_once(fate, &rows))
            }
        };
        rows.push(Row { file: name.clone(), archive: archive.clone(), order, fate });
    }
    Ok(rows)
}

/// Whether another file is for the same order. None of them is sent then: the last one would win, and which
/// that is nobody decided.
fn has_rival(matched: &Matched, candidates: &[Candidate]) -> bool {
    candidates.iter().filter_map(|it| it.matched.as_ref().ok()).any(|it| {
        is_same_order(&it.desk, &matched.desk) && it.invoice.sha256 != matched.invoice.sha256
    })
}

fn is_same_order(one: &Desk, other: &Desk) -> bool {
    (&one.account, &one.mirrored.order.id) == (&other.account, &other.mirrored.order.id)
}

fn link(desk: &Desk) -> OrderLink {
    OrderLink {
        id: desk.mirrored.order.id.clone(),
        href: desk.href(),
        account: desk.mirrored.account_name.clone(),
    }
}

/// The same file twice makes one promise, and says so.
fn told_once(fate: Fate, rows: &[Row]) -> Fate {
    match fate {
        Fate::Taken { promise, same_as: None } => {
            let first = rows
                .iter()
                .find(|row| matches!(&row.fate, Fate::Taken { promise: it, .. } if *it == promise));
            Fate::Taken { promise, same_as: first.map(|it| it.file.clone()) }
        }
        Fate::Taken { .. } | Fate::Note(_) | Fate::NotPossible(_) => fate,
    }
}

/// The one order of the user's that a file of that name is for.
async fn find(
    state: &AppState,
    signed_in: &SignedIn,
    file_name: &str,
    (invoice, bytes): (Invoice, Bytes),
) -> Result<Result<Matched, String>> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    for order_id in invoice::orders_named(file_name) {
        let mut desks = Vec::new();
        for account in &signed_in.accounts {
            match Desk::open(&mut conn, state, signed_in, &account.id.0, &order_id).await {
                Ok(desk) => desks.push(desk),
                Err(Error::NotFound) => {}
                Err(error) => return Err(error),
            }
        }
        match (desks.pop(), desks.is_empty()) {
            (Some(desk), true) => return Ok(Ok(Matched { desk, invoice, bytes })),
            (Some(_), false) => {
                return Ok(Err(signed_in.lang.invoices_several_accounts().to_owned()));
            }
            (None, _) => {}
        }
    }
    Ok(Err(signed_in.lang.invoices_unknown_order().to_owned()))
}

async fn take(
    state: &AppState,
    signed_in: &SignedIn,
    batch: Uuid,
    matched: &Matched,
) -> Result<Fate> {
    let Matched { desk, invoice, bytes } = matched;
    let id = form::submission(batch, desk, invoice);
    if let Some(promise) = promise(state, signed_in, desk, id).await? {
        return Ok(Fate::Taken { promise, same_as: None });
    }
    let lang = desk.lang();
    if form::customer_has(desk, invoice) {
        return Ok(Fate::Note(lang.invoices_customer_has_it().to_owned()));
    }
    let action = Action::Invoice(invoice.clone());
    let live = Live::NotAsked;
    match action::submit(state, signed_in, desk, id, action, live, Some(bytes)).await? {
        Outcome::Promised => match promise(state, signed_in, desk, id).await? {
            Some(promise) => Ok(Fate::Taken { promise, same_as: None }),
            None => Err(Error::Internal(anyhow::anyhow!("a promise was made and is not there"))),
        },
        Outcome::Blocked(desk, blocked) => {
            let at = |at| desk.reader.clock(at).text;
            Ok(Fate::NotPossible(lang.blocked(ActionKind::Invoice, &blocked, at)))
        }
        Outcome::Misfit(_, misfits) => {
            let texts = misfits.iter().map(|it| lang.misfit_later(it, "", |at| at.to_string()));
            Ok(Fate::NotPossible(texts.collect::<Vec<_>>().join(". ")))
        }
    }
}

async fn promise(
    state: &AppState,
    signed_in: &SignedIn,
    desk: &Desk,
    id: Uuid,
) -> Result<Option<Uuid>> {
    let mut conn = state.scoped.acquire(&signed_in.scope).await?;
    Ok(db::promises::of_submission(&mut conn, &desk.account, id).await?)
}

fn words(lang: Lang, fault: &Fault) -> String {
    match fault {
        Fault::Flaw(flaw) => lang.invoice_flaw(flaw),
        Fault::Nested => lang.invoices_nested().to_owned(),
        Fault::Unreadable => lang.invoices_unreadable().to_owned(),
        Fault::NothingInside => lang.invoices_empty_archive().to_owned(),
        Fault::OverCount => lang.invoices_over_count().to_owned(),
        Fault::OverTotal => lang.invoices_over_total().to_owned(),
    }
}
