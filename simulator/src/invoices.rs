//! Invoices: files are taken in at once and checked later.
//!
//! From the changelog on invoice uploads and "Order invoices": an import with a report, one entry
//! per file; a new upload replaces the order's previous invoice.

use jiff::Timestamp;
use serde_json::Value;
use serde_json::json;

use crate::agenda::Task;
use crate::model::Effect;
use crate::model::Party;
use crate::review::Progress;
use crate::review::REVIEW;
use crate::review::Review;
use crate::state::Market;

/// An upload of one or several files.
#[derive(Clone, Debug)]
pub(crate) struct Import {
    pub(crate) id: String,
    pub(crate) seller_index: usize,
    pub(crate) files: Vec<Invoice>,
    pub(crate) created_at: Timestamp,
    pub(crate) updated_at: Timestamp,
}

/// One file that is to be an order's invoice.
#[derive(Clone, Debug)]
pub struct Invoice {
    /// The platform's id of the document.
    pub id: String,
    /// The upload it came with.
    pub import_id: String,
    /// The order it is for, as named by the client.
    pub order_id: String,
    /// As uploaded.
    pub file_name: String,
    /// `PDF`, `XML` or `ZIP`.
    pub kind: &'static str,
    /// In bytes.
    pub size: usize,
    /// Where the check stands.
    pub status: Progress,
    /// The technical step it has come to.
    pub step: &'static str,
    /// Why it was rejected.
    pub errors: Vec<String>,
    /// The document that took its place, and when.
    pub replaced: Option<(String, Timestamp)>,
    /// When it was uploaded.
    pub created_at: Timestamp,
    pub(crate) slot: Option<usize>,
}

/// A file that was received, before it has ids.
#[derive(Clone, Debug)]
pub(crate) struct Received {
    pub(crate) order_id: String,
    pub(crate) file_name: String,
    pub(crate) kind: &'static str,
    pub(crate) size: usize,
}

impl Market {
    /// Takes files in and plans their check.
    pub(crate) fn import(
        &mut self,
        seller_index: usize,
        received: Vec<Received>,
        by: Party,
        at: Timestamp,
    ) -> usize {
        let id = self.request_id();
        let mut files = Vec::new();
        for Received { order_id, file_name, kind, size } in received {
            let slot = self.find(seller_index, &order_id);
            let invoice = Invoice {
                id: self.request_id(),
                import_id: id.clone(),
                order_id,
                file_name,
                kind,
                size,
                status: Progress::InProgress,
                step: "OrderCheck",
                errors: Vec::new(),
                replaced: None,
                created_at: at,
                slot,
            };
            self.tell("invoice_request", by, &invoice, at);
            files.push(invoice);
        }
        let (created_at, updated_at) = (at, at);
        self.imports.push(Import { id, seller_index, files, created_at, updated_at });
        let index = self.imports.len() - 1;
        self.plan_after(at, REVIEW, Task::ReviewImport(index, by));
        index
    }

    pub(crate) fn review_import(&mut self, index: usize, by: Party, at: Timestamp) {
        for place in 0..self.imports[index].files.len() {
            let file = &self.imports[index].files[place];
            let order_id = file.order_id.clone();
            let verdict = match file.slot {
                None => Err(("OrderCheck", format!("Order {order_id} was not found."))),
                Some(slot) if !self.orders[slot].channel.invoices => {
                    let name = self.orders[slot].channel.name;
                    Err(("OrderCheck", format!("{name} does not take invoices.")))
                }
                Some(slot) => match self.ordered_rejection(Review::Invoice, &order_id) {
                    Some(words) => Err(("FileCheck", words)),
                    None => Ok(slot),
                },
            };
            if let Ok(slot) = verdict {
                self.replace_invoice(slot, (index, place), at);
            }
            let file = &mut self.imports[index].files[place];
            let kind = match verdict {
                Ok(_) => {
                    (file.status, file.step) = (Progress::Done, "Upload");
                    "invoice"
                }
                Err((step, words)) => {
                    (file.status, file.step) = (Progress::Rejected, step);
                    file.errors.push(words);
                    "invoice_rejected"
                }
            };
            let by = if file.status == Progress::Done { by } else { Party::System };
            let file = file.clone();
            self.tell(kind, by, &file, at);
        }
        self.imports[index].updated_at = at;
    }

    /// "A new upload replaces the previous invoice".
    fn replace_invoice(&mut self, slot: usize, newest: (usize, usize), at: Timestamp) {
        let id = self.imports[newest.0].files[newest.1].id.clone();
        let all = self.imports.iter_mut().flat_map(|import| &mut import.files);
        for file in all.filter(|file| file.slot == Some(slot) && file.id != id) {
            if file.status == Progress::Done && file.replaced.is_none() {
                file.replaced = Some((id.clone(), at));
            }
        }
    }

    fn tell(&mut self, kind: &'static str, by: Party, file: &Invoice, at: Timestamp) {
        let mut body = json!({ "importId": file.import_id, "fileName": file.file_name });
        if !file.errors.is_empty() {
            body["errors"] = json!(file.errors);
        }
        self.ledger.push(Effect { order_id: file.order_id.clone(), kind, by, body, at });
    }
}

impl Import {
    /// The import as it was at a moment; `None` before it was taken in.
    pub(crate) fn at(&self, moment: Timestamp) -> Option<Self> {
        if self.created_at > moment {
            return None;
        }
        let mut seen = self.clone();
        let decided = self.updated_at <= moment;
        if !decided {
            seen.updated_at = seen.created_at;
        }
        for file in &mut seen.files {
            file.replaced = file.replaced.take().filter(|(_, since)| *since <= moment);
            if !decided {
                (file.status, file.step) = (Progress::InProgress, "OrderCheck");
                file.errors.clear();
            }
        }
        Some(seen)
    }

    /// `Running`, `Success`, `PartialSuccess` or `Failure`.
    pub(crate) fn status(&self) -> &'static str {
        let count = |status| self.files.iter().filter(|file| file.status == status).count();
        if count(Progress::InProgress) > 0 {
            "Running"
        } else if count(Progress::Rejected) == 0 {
            "Success"
        } else if count(Progress::Done) == 0 {
            "Failure"
        } else {
            "PartialSuccess"
        }
    }

    pub(crate) fn spelled(&self) -> Value {
        let file = |file: &Invoice| {
            json!({
                "fileName": file.file_name,
                "orderId": file.order_id,
                "status": file.status_word(),
                "integrationStatus": file.step,
                "errors": file.errors,
            })
        };
        json!({
            "importId": self.id,
            "status": self.status(),
            "files": self.files.iter().map(file).collect::<Vec<_>>(),
            "createdAt": self.created_at.to_string(),
            "updatedAt": self.updated_at.to_string(),
        })
    }
}

impl Invoice {
    /// `Running`, `Success` or `Failure`.
    fn status_word(&self) -> &'static str {
        match self.status {
            Progress::InProgress => "Running",
            Progress::Done => "Success",
            Progress::Rejected => "Failure",
        }
    }

    /// The file as a document of its order.
    pub(crate) fn document(&self) -> Value {
        json!({
            "documentId": self.id,
            "importId": self.import_id,
            "orderId": self.order_id,
            "fileName": self.file_name,
            "documentType": self.kind,
            "size": self.size,
            "status": self.status_word(),
            "isActive": self.status == Progress::Done && self.replaced.is_none(),
            "replacedBy": self.replaced.as_ref().map(|(id, _)| id),
            "errors": self.errors,
            "createdAt": self.created_at.to_string(),
        })
    }
}
