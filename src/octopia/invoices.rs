//! Invoices for the buyer: sending one in, and what became of it.
//!
//! An upload starts an *import* of one or more files; a new one replaces the invoice before it.
//! Words and rules: <https://developer.octopia-io.net/api-reference/orders-management/orders-invoices/>.
//! The names of the lists in the answers were never published.

use jiff::Timestamp;
use serde_json::value::RawValue;

use crate::octopia::client::Client;
use crate::octopia::error::Error;
use crate::octopia::lists;
use crate::octopia::members::Members;
use crate::octopia::multipart;

/// The form's field; a reading of [`Client::upload_invoice`]'s document, which shows none.
const PART: &str = "files";
const IMPORT_ID: [&str; 3] = ["importId", "invoiceImportId", "orderInvoiceImportId"];
const FILES: [&str; 4] = ["files", "documents", "invoices", "invoiceDocuments"];

/// One file of one import. Everything may be missing.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceDocument {
    /// The import that it came with.
    pub import_id: Option<String>,
    /// As it was sent.
    pub file_name: Option<String>,
    /// `Running`, `Success`, `Failure`, or a word that came later; of the import where the file
    /// has none.
    pub status: Option<String>,
    /// The technical step that it has reached.
    pub integration_status: Option<String>,
    /// What is wrong with it, in the marketplace's words.
    pub errors: Vec<String>,
    /// When it was sent; of the import where the file has none.
    pub created_at: Option<Timestamp>,
    /// Whether it is the one that the customer sees.
    pub active: Option<bool>,
}

/// One upload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct InvoiceImport {
    /// The marketplace's number.
    pub id: Option<String>,
    /// `Running`, `Success`, `PartialSuccess`, `Failure`, or a word that came later.
    pub status: Option<String>,
    /// What is wrong with the import as a whole, in the marketplace's words.
    pub errors: Vec<String>,
    /// Its files.
    pub files: Vec<InvoiceDocument>,
}

impl Client {
    /// `POST /orders/{orderId}/invoice-documents`: a PDF, an XML file (UBL 2.1), or a ZIP of those.
    /// The id of the import, where the answer tells it; the file is looked at later.
    ///
    /// # Errors
    /// [`Error::Unsendable`] for a media type that no header can hold; for the others see
    /// [`Error::disposition`] before sending it again.
    pub async fn upload_invoice(
        &self,
        order_id: &str,
        file_name: &str,
        media_type: &str,
        bytes: &[u8],
    ) -> Result<Option<String>, Error> {
        let url = self.url(&["orders", order_id, "invoice-documents"])?;
        let form = multipart::file(PART, file_name, media_type, bytes)?;
        let names = [&IMPORT_ID[..], &["id"]].concat();
        self.upload_for_id(url, &form.content_type, form.body, &names).await
    }

    /// `GET /orders/{orderId}/invoice-documents`: every file that was sent for the order. Where
    /// the answer is a list of imports, the files of each; an import without files is one entry.
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is neither a list nor a document.
    pub async fn invoice_documents(&self, order_id: &str) -> Result<Vec<InvoiceDocument>, Error> {
        let url = self.url(&["orders", order_id, "invoice-documents"])?;
        let body = self.read(url).await?.body;
        let whole: &RawValue = lists::parse(&body, "$")?;
        if let Some(members) = Members::of(whole)
            && (members.text(&IMPORT_ID).is_some() || members.objects(&FILES).is_some())
        {
            return Ok(InvoiceDocument::flattened(&members));
        }
        let items = lists::items(&body)?.into_iter().filter_map(Members::of);
        Ok(items.flat_map(|members| InvoiceDocument::flattened(&members)).collect())
    }

    /// `GET /order-invoice-imports/{importId}`.
    ///
    /// # Errors
    /// [`Error::Decode`] when the answer is not an object.
    pub async fn invoice_import(&self, import_id: &str) -> Result<InvoiceImport, Error> {
        let body = self.read(self.url(&["order-invoice-imports", import_id])?).await?.body;
        let whole: &RawValue = lists::parse(&body, "$")?;
        let import = match Members::of(whole) {
            Some(members) => members,
            None => Members::of_answer(&body)?,
        };
        Ok(InvoiceImport {
            id: import.text(&IMPORT_ID).or_else(|| import.text(&["id"])),
            status: import.text(&["status"]),
            errors: import.complaints(),
            files: InvoiceDocument::nested(&import).unwrap_or_default(),
        })
    }
}

impl InvoiceDocument {
    fn flattened(members: &Members<'_>) -> Vec<Self> {
        match Self::nested(members) {
            Some(files) if !files.is_empty() => files,
            Some(_) | None => vec![Self::read(members)],
        }
    }

    /// The files of an import, if this is one.
    fn nested(import: &Members<'_>) -> Option<Vec<Self>> {
        let outer = Self::read(import);
        let import_id = outer.import_id.or_else(|| import.text(&["id"]));
        let files = import.objects(&[&FILES[..], &["items"]].concat())?;
        let is_alone = files.len() == 1;
        let file = |members: &Members<'_>| {
            let file = Self::read(members);
            // What is wrong with an import of one file is wrong with that file.
            let lent = if is_alone && file.errors.is_empty() { &outer.errors[..] } else { &[] };
            Self {
                import_id: file.import_id.or_else(|| import_id.clone()),
                status: file.status.or_else(|| outer.status.clone()),
                created_at: file.created_at.or(outer.created_at),
                errors: [&file.errors[..], lent].concat(),
                ..file
            }
        };
        Some(files.iter().map(file).collect())
    }

    fn read(members: &Members<'_>) -> Self {
        Self {
            import_id: members.text(&IMPORT_ID),
            file_name: members.text(&["fileName", "name"]),
            status: members.text(&["status"]),
            integration_status: members.text(&["integrationStatus"]),
            errors: members.complaints(),
            created_at: members.timestamp(&["createdAt", "creationDate"]),
            active: members.boolean(&["active", "isActive"]),
        }
    }
}
