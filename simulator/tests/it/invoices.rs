//! Uploading invoices.

use jiff::SignedDuration;
use octopia_simulator::Fault;
use octopia_simulator::Matcher;
use octopia_simulator::OrderDraft;
use octopia_simulator::Progress;
use octopia_simulator::Review;
use octopia_simulator::When;
use reqwest::Method;
use serde_json::Value;
use serde_json::json;

use crate::support::Answer;
use crate::support::Client;
use crate::support::send;

const REVIEW: SignedDuration = SignedDuration::from_mins(6);
const PDF: &[u8] = b"%PDF-1.7\nan invoice";
const BULK: &str = "/order-invoice-imports";

fn form(files: &[(&str, &[u8])]) -> Vec<u8> {
    let mut body = Vec::new();
    for (name, bytes) in files {
        let head = format!(
            "--BOUND\r\nContent-Disposition: form-data; name=\"anything\"; filename=\"{name}\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n"
        );
        body.extend_from_slice(head.as_bytes());
        body.extend_from_slice(bytes);
        body.extend_from_slice(b"\r\n");
    }
    body.extend_from_slice(b"--BOUND--\r\n");
    body
}

async fn upload(client: &Client, path: &str, files: &[(&str, &[u8])]) -> Answer {
    let request = client.request(Method::POST, path);
    let request = request.header("Content-Type", "multipart/form-data; boundary=BOUND");
    send(request.body(form(files))).await
}

async fn one(client: &Client, id: &str, bytes: &[u8]) -> Answer {
    upload(client, &format!("/orders/{id}/invoice-documents"), &[("facture.pdf", bytes)]).await
}

async fn documents(client: &Client, id: &str) -> Vec<Value> {
    let page = client.get(&format!("/orders/{id}/invoice-documents")).await.json();
    page["items"].as_array().unwrap().clone()
}

async fn report(client: &Client, answer: &Answer) -> Value {
    let id = answer.json()["importId"].as_str().unwrap().to_owned();
    client.get(&format!("{BULK}/{id}")).await.json()
}

fn kinds(client: &Client) -> Vec<&'static str> {
    client.simulator.ledger().iter().map(|effect| effect.kind).collect()
}

#[tokio::test]
async fn an_invoice_is_checked_and_replaces_the_one_before() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison"));
    let answer = one(&client, &id, PDF).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    assert_eq!(answer.json()["status"], "Running");
    assert_eq!(report(&client, &answer).await["status"], "Running");
    client.simulator.advance(REVIEW);
    let done = report(&client, &answer).await;
    let file = json!({
        "fileName": "facture.pdf", "orderId": id, "status": "Success",
        "integrationStatus": "Upload", "errors": [],
    });
    assert_eq!((&done["status"], &done["files"]), (&json!("Success"), &json!([file])));
    let first = documents(&client, &id).await.remove(0);
    assert_eq!((&first["isActive"], &first["documentType"]), (&json!(true), &json!("PDF")));
    one(&client, &id, b"<?xml version=\"1.0\"?><Invoice/>").await;
    assert_eq!(documents(&client, &id).await[0]["isActive"], true, "until the new one is checked");
    client.simulator.advance(REVIEW);
    let both = documents(&client, &id).await;
    assert_eq!(
        (&both[0]["isActive"], &both[0]["replacedBy"], &both[1]["isActive"]),
        (&json!(false), &both[1]["documentId"], &json!(true))
    );
    assert_eq!(kinds(&client), ["invoice_request", "invoice", "invoice_request", "invoice"]);
}

#[tokio::test]
async fn files_are_refused_by_what_they_are() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison"));
    let path = format!("/orders/{id}/invoice-documents");
    assert_eq!(one(&client, &id, b"").await.status, 400);
    assert_eq!(one(&client, &id, b"GIF89a").await.status, 415);
    let mut large = PDF.to_vec();
    large.resize(10 * 1024 * 1024, b' ');
    assert_eq!(one(&client, &id, &large).await.status, 201);
    large.push(b' ');
    assert_eq!(one(&client, &id, &large).await.status, 413);
    assert_eq!(upload(&client, &path, &[]).await.status, 400);
    assert_eq!(upload(&client, &path, &[("a", PDF), ("b", PDF)]).await.status, 400);
    assert_eq!(client.post(&path, &json!({})).await.status, 415);
    assert_eq!(one(&client, "NOBODY", PDF).await.status, 404);
    let rakuten = client.simulator.add(OrderDraft::new("maison").channel("RAKFR"));
    assert_eq!(one(&client, &rakuten, PDF).await.status, 403);
    let broken = client.request(Method::POST, &path);
    let broken = broken.header("Content-Type", "multipart/form-data; boundary=OTHER");
    assert_eq!(send(broken.body(form(&[("a", PDF)]))).await.status, 400);
}

#[tokio::test]
async fn a_rejected_invoice_says_why_and_replaces_nothing() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison"));
    one(&client, &id, PDF).await;
    client.simulator.advance(REVIEW);
    client.simulator.reject_next(Review::Invoice, "VAT number is missing.");
    let answer = one(&client, &id, PDF).await;
    client.simulator.advance(REVIEW);
    let failed = report(&client, &answer).await;
    assert_eq!(
        (&failed["status"], &failed["files"][0]["status"], &failed["files"][0]["errors"]),
        (&json!("Failure"), &json!("Failure"), &json!(["VAT number is missing."]))
    );
    let files = client.simulator.invoices(&id);
    assert_eq!((files[0].status, files[1].status), (Progress::Done, Progress::Rejected));
    assert!(files[0].replaced.is_none());
    assert_eq!(kinds(&client).pop(), Some("invoice_rejected"));
}

#[tokio::test]
async fn many_files_are_named_after_their_orders() {
    let client = Client::new().await;
    let [one, two] = [0, 1].map(|_| client.simulator.add(OrderDraft::new("maison")));
    // A ZIP as far as the names in its directory go.
    let name = format!("invoices/{two}.pdf");
    let mut zip = b"PK\x03\x04".to_vec();
    let mut entry = [0; 46];
    entry[..4].copy_from_slice(b"PK\x01\x02");
    entry[28] = u8::try_from(name.len()).unwrap();
    zip.extend_from_slice(&entry);
    zip.extend_from_slice(name.as_bytes());
    let names = [format!("{one}.pdf"), "STRANGER.pdf".to_owned()];
    let files = [(&*names[0], PDF), (&*names[1], PDF), ("all.zip", &*zip)];
    let answer = upload(&client, BULK, &files).await;
    assert_eq!(answer.status, 201, "{}", answer.text);
    client.simulator.advance(REVIEW);
    let report = report(&client, &answer).await;
    assert_eq!(report["status"], "PartialSuccess", "{report}");
    let of = |place: usize, field: &str| report["files"][place][field].as_str().unwrap().to_owned();
    assert_eq!(
        [of(0, "status"), of(1, "status"), of(2, "status")],
        ["Success", "Failure", "Success"]
    );
    assert_eq!((of(1, "integrationStatus"), of(2, "orderId")), ("OrderCheck".into(), two.clone()));
    assert_eq!(documents(&client, &two).await.len(), 1);
    assert_eq!(upload(&client, BULK, &[]).await.status, 400);
}

#[tokio::test]
async fn imports_are_listed_by_cursor() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison"));
    for _ in 0..3 {
        one(&client, &id, PDF).await;
    }
    let page = client.get(&format!("{BULK}?pageSize=2")).await;
    assert_eq!(page.json()["itemsPerPage"], 2);
    let (_, next) = page.header("link").split_once(",<").unwrap();
    let rest = client.get(next.split('>').next().unwrap()).await.json();
    assert_eq!(rest["itemsPerPage"], 1);
    assert_eq!(client.get(&format!("{BULK}/nothing")).await.status, 404);
}

#[tokio::test]
async fn the_log_keeps_names_and_sizes_of_files_only() {
    let client = Client::new().await;
    let id = client.simulator.add(OrderDraft::new("maison"));
    one(&client, &id, PDF).await;
    let expected = json!({ "files": [
        { "name": "anything", "fileName": "facture.pdf", "size": PDF.len() },
    ] });
    assert_eq!(client.simulator.calls().pop().unwrap().body, expected);
}

#[tokio::test]
async fn faults_reach_requests_that_name_their_order_in_the_body() {
    let client = Client::new().await;
    let [id, other] =
        [0, 1].map(|_| client.simulator.add(OrderDraft::new("maison").status("Shipped")));
    let gesture = |id: &str| json!({ "orderId": id, "reason": "Delay", "amount": 0.5 });
    let cancellation =
        |id: &str| json!({ "orderSellerId": id, "reason": "damaged", "shippingCostRefund": true });
    for (path, body, kind) in [
        ("/order-commercial-gesture-requests", gesture(&id), "gesture_request"),
        ("/order-cancellation-requests", cancellation(&id), "cancellation_request"),
    ] {
        for (when, effects) in [(When::Before, 0), (When::After, 1)] {
            client.simulator.fault(Fault::reset(when).on(Matcher::any().order(&id)).times(1));
            let error = client.request(Method::POST, path).json(&body).send().await.unwrap_err();
            assert!(error.is_request(), "{error:?}");
            let count = kinds(&client).iter().filter(|known| **known == kind).count();
            assert_eq!(count, effects, "{kind}");
        }
    }
    client.simulator.fault(Fault::status(502).on(Matcher::any().order(&id)));
    let answer = client.post("/order-commercial-gesture-requests", &gesture(&other)).await;
    assert_eq!(answer.status, 201);
    let list = format!("/order-cancellation-requests?orderSellerId={id}");
    assert_eq!(client.get(&list).await.status, 502);
    assert_eq!(upload(&client, BULK, &[(&format!("{id}.pdf"), PDF)]).await.status, 502);
}
