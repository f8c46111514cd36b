//! Invoices: the upload to the byte, and every shape of answer that the contract leaves open.

use std::slice;

use comptoir::octopia::Error;
use comptoir::octopia::invoices::InvoiceDocument;
use comptoir::octopia::invoices::InvoiceImport;

use crate::server::Call;
use crate::server::Server;
use crate::server::json;
use crate::server::token;

/// Bytes that are no text, with line ends and dashes among them.
const PDF: &[u8] = b"%PDF-1.7\r\n\x00\xff\xfe--\r\n--comptoir-\r\n\n\x80";

/// What was sent as the form's boundary.
fn boundary(call: &Call) -> String {
    let (kind, boundary) = call.header("content-type").split_once("; boundary=").unwrap();
    assert_eq!(kind, "multipart/form-data");
    boundary.to_owned()
}

async fn documents_in(body: &str) -> Result<Vec<InvoiceDocument>, Error> {
    Server::serving(body).await.client().invoice_documents("SCID-1").await
}

async fn import_in(body: &str) -> Result<InvoiceImport, Error> {
    Server::serving(body).await.client().invoice_import("I-1").await
}

#[tokio::test]
async fn a_file_arrives_to_the_byte_and_again_after_a_401() {
    let server = Server::start(|call: &Call| {
        if call.is_for_a_token() {
            return token();
        }
        json(401, "{}")
    })
    .await;
    let client = server.client();
    let error = client.upload_invoice("SCID-1", "f.pdf", "application/pdf", PDF).await.unwrap_err();
    assert!(error.credentials_refused());
    let calls = server.calls();
    assert_eq!(calls.len(), 2);
    for call in &calls {
        assert_eq!(call.method, "POST");
        assert_eq!(call.target, "/seller/v2/orders/SCID-1/invoice-documents");
        assert_eq!(call.header("content-length"), call.bytes.len().to_string());
        let boundary = boundary(call);
        let mut expected = format!(
            "--{boundary}\r\nContent-Disposition: form-data; name=\"files\"; filename=\"f.pdf\"\r\n\
             Content-Type: application/pdf\r\n\r\n"
        )
        .into_bytes();
        expected.extend_from_slice(PDF);
        expected.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
        assert_eq!(call.bytes, expected);
    }
    assert_eq!(calls[0].bytes, calls[1].bytes);
}

#[tokio::test]
async fn an_empty_file_and_one_of_a_mebibyte_arrive() {
    let server = Server::serving(r#"{"importId":"I-1","status":"Running"}"#).await;
    let client = server.client();
    for size in [0, 1, 1024 * 1024] {
        let bytes = vec![0xff; size];
        let id = client.upload_invoice("SCID-1", "a.zip", "application/zip", &bytes).await.unwrap();
        assert_eq!(id.as_deref(), Some("I-1"));
        let call = server.calls().pop().unwrap();
        let head = "\r\nContent-Type: application/zip\r\n\r\n".as_bytes();
        let start = call.bytes.windows(head.len()).position(|it| it == head).unwrap() + head.len();
        let end = call.bytes.len() - boundary(&call).len() - "\r\n----\r\n".len();
        assert!(call.bytes[start..end] == bytes);
    }
}

#[tokio::test]
async fn a_file_name_cannot_break_out_of_its_header() {
    let server = Server::serving("{}").await;
    let client = server.client();
    for (name, sent) in [
        ("facture 12.pdf", "facture 12.pdf"),
        ("facturé €.pdf", "facturé €.pdf"),
        ("a\".pdf\"; x=\"", "a%22.pdf%22; x=%22"),
        ("a\r\nX-Evil: 1\r\n\r\n.pdf", "aX-Evil: 1.pdf"),
        ("../../etc/passwd", "passwd"),
        (r"C:\invoices\a.pdf", "a.pdf"),
        ("a\\", "invoice"),
        ("a\0\u{85}b.pdf", "ab.pdf"),
        ("", "invoice"),
        (" .. ", "invoice"),
    ] {
        client.upload_invoice("SCID-1", name, "application/pdf", b"x").await.unwrap();
        let body = server.calls().pop().unwrap().body;
        let header = body.lines().nth(1).unwrap();
        let expected =
            format!(r#"Content-Disposition: form-data; name="files"; filename="{sent}""#);
        assert_eq!(header, expected, "{name}");
    }
}

#[tokio::test]
async fn a_media_type_that_is_none_is_not_sent() {
    let server = Server::serving("{}").await;
    let client = server.client();
    for media_type in ["", "pdf", "application/pdf\r\nX: 1", "application/é"] {
        let outcome = client.upload_invoice("SCID-1", "a.pdf", media_type, PDF).await;
        assert!(matches!(outcome, Err(Error::Unsendable(_))), "{media_type}");
    }
    let outcome = client.upload_invoice("..", "a.pdf", "application/pdf", PDF).await;
    assert!(matches!(outcome, Err(Error::Unsendable(_))));
    assert_eq!(server.calls().len(), 0);
}

#[tokio::test]
async fn documents_are_read_flat_or_from_their_imports() {
    let document = InvoiceDocument {
        import_id: Some("I-1".to_owned()),
        file_name: Some("a.pdf".to_owned()),
        status: Some("Failure".to_owned()),
        integration_status: Some("FileCheck".to_owned()),
        errors: vec!["Not a PDF".to_owned()],
        created_at: Some("2026-09-02T09:15:00Z".parse().unwrap()),
        active: None,
    };
    for body in [
        r#"[{"importId":"I-1","fileName":"a.pdf","status":"Failure","integrationStatus":"FileCheck",
            "errors":["Not a PDF"],"createdAt":"2026-09-02T09:15:00Z"},"x",null]"#,
        r#"{"items":[{"importId":"I-1","name":"a.pdf","status":"Failure",
            "integration_status":"FileCheck","errors":[{"message":"Not a PDF"}],
            "creationDate":"2026-09-02T09:15:00"}]}"#,
        r#"[{"importId":"I-1","status":"PartialSuccess","createdAt":"2026-09-02T09:15:00Z",
            "files":[{"fileName":"a.pdf","status":"Failure","integrationStatus":"FileCheck",
            "errors":["Not a PDF"]}]}]"#,
        r#"{"data":[{"id":"I-1","status":"Failure","errors":["Not a PDF"],"documents":[
            {"fileName":"a.pdf","integrationStatus":"FileCheck","createdAt":"2026-09-02T09:15:00Z"}]}]}"#,
        r#"{"importId":"I-1","status":"Failure","createdAt":"2026-09-02T09:15:00Z","invoices":[
            {"fileName":"a.pdf","integrationStatus":"FileCheck","errors":"Not a PDF"}]}"#,
        r#"{"files":[{"importId":"I-1","fileName":"a.pdf","status":"Failure",
            "integrationStatus":"FileCheck","errors":["Not a PDF"],
            "createdAt":"2026-09-02T09:15:00Z"}]}"#,
    ] {
        assert_eq!(documents_in(body).await.unwrap(), slice::from_ref(&document), "{body}");
    }
    let server = Server::serving("[]").await;
    assert_eq!(server.client().invoice_documents("SCID-1").await.unwrap(), []);
    assert_eq!(server.calls()[0].target, "/seller/v2/orders/SCID-1/invoice-documents");
}

#[tokio::test]
async fn each_file_of_each_import_is_a_document_and_an_import_without_any_is_one() {
    let body = r#"[{"importId":"I-2","status":"Running","files":[]},
        {"importId":"I-1","status":"PartialSuccess","errors":["One failed"],"files":[
            {"fileName":"a.pdf","status":"Success","active":true},
            {"fileName":"b.pdf","status":"Failure","isActive":"false"},7]}]"#;
    let documents = documents_in(body).await.unwrap();
    let told: Vec<_> = documents
        .iter()
        .map(|it| {
            (it.import_id.as_deref(), it.file_name.as_deref(), it.status.as_deref(), it.active)
        })
        .collect();
    assert_eq!(
        told,
        [
            (Some("I-2"), None, Some("Running"), None),
            (Some("I-1"), Some("a.pdf"), Some("Success"), Some(true)),
            (Some("I-1"), Some("b.pdf"), Some("Failure"), Some(false)),
        ]
    );
    assert!(
        documents.iter().all(|document| document.errors.is_empty()),
        "whose it is, is not told"
    );
}

#[tokio::test]
async fn an_import_is_read_in_every_spelling() {
    for body in [
        r#"{"importId":"I-1","status":"PartialSuccess","errors":["x"],"files":[{"fileName":"a"},{"fileName":"b"}]}"#,
        r#"{"id":"I-1","status":"PartialSuccess","errors":{"":["x"]},"items":[{"name":"a"},{"name":"b"}]}"#,
        r#"[{"invoiceImportId":"I-1","status":"PartialSuccess","errors":"x","invoiceDocuments":[{"fileName":"a"},{"fileName":"b"}]}]"#,
    ] {
        let import = import_in(body).await.unwrap();
        let names: Vec<_> =
            import.files.iter().map(|file| file.file_name.as_deref().unwrap()).collect();
        assert_eq!(names, ["a", "b"], "{body}");
        assert_eq!(
            (import.id.as_deref(), import.status.as_deref()),
            (Some("I-1"), Some("PartialSuccess"))
        );
        assert_eq!(import.errors, ["x"]);
        assert!(import.files.iter().all(|file| file.import_id.as_deref() == Some("I-1")));
    }
    let server = Server::serving("{}").await;
    assert_eq!(server.client().invoice_import("I 1").await.unwrap(), InvoiceImport::default());
    assert_eq!(server.calls()[0].target, "/seller/v2/order-invoice-imports/I%201");
}

#[tokio::test]
async fn what_is_neither_a_list_nor_an_object_is_an_error() {
    for body in ["", "<html>", "null", "7", "\"x\"", r#"{"importId":"#] {
        assert!(matches!(documents_in(body).await, Err(Error::Decode { .. })), "{body}");
        assert!(matches!(import_in(body).await, Err(Error::Decode { .. })), "{body}");
    }
    assert!(matches!(documents_in(r#"{"message":"x"}"#).await, Err(Error::Decode { .. })));
    assert!(matches!(import_in("[]").await, Err(Error::Decode { .. })));
}
