//! Requests as they arrive at the other side.

use std::io;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::Mutex;
use std::time::Duration;
use std::time::Instant;

use comptoir::octopia::Client;
use comptoir::octopia::Error;
use comptoir::octopia::approvals::Approval;
use comptoir::octopia::orders::Query;
use comptoir::octopia::orders::Sort;
use comptoir::octopia::shipments::Parcel;
use serde_json::Value;
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::fmt::format::FmtSpan;

use crate::server::Server;
use crate::server::answer;
use crate::server::json;

fn parcel(number: &str, carrier: &str, url: Option<&str>, lines: &[&str]) -> Parcel {
    Parcel {
        parcel_number: number.to_owned(),
        carrier_name: carrier.to_owned(),
        tracking_url: url.map(str::to_owned),
        order_line_ids: lines.iter().map(|line| (*line).to_owned()).collect(),
    }
}

async fn body_of_shipment(parcels: &[Parcel]) -> Value {
    let server = Server::answering(|| answer(201, &[], "")).await;
    server.client().create_shipments("SCID01210525142759UT8E", parcels).await.unwrap();
    let calls = server.calls();
    assert_eq!(calls.len(), 1);
    serde_json::from_str(&calls[0].body).unwrap()
}

#[tokio::test]
async fn shipments_are_sent_as_the_documents_print_them() {
    let tracking = "https://track.example.com/PARCEL-00";
    let (first, second) = (format!("{tracking}1"), format!("{tracking}2"));
    let full = [parcel("PARCEL-001", "Chronopost", Some(&first), &["LINE1", "LINE2", "LINE3"])];
    let partial = [parcel("PARCEL-002", "Colissimo", Some(&second), &["LINE1"])];
    let url = |n| format!("http://tracking.example.com/PARCEL{n}");
    let several = [
        parcel("PARCEL1", "LaPoste", Some(&url(1)), &["AYGC", "BFCD"]),
        parcel("PARCEL2", "DPD", Some(&url(2)), &["BFCD"]),
        parcel("PARCEL3", "Chronopost", Some(&url(3)), &["BFCD"]),
    ];
    for (parcels, printed) in [
        (&full[..], include_str!("../fixtures/octopia/shipments-full.json")),
        (&partial, include_str!("../fixtures/octopia/shipments-partial.json")),
        (&several, include_str!("../fixtures/octopia/shipments-several-parcels.json")),
    ] {
        let printed: Value = serde_json::from_str(printed).unwrap();
        assert_eq!(body_of_shipment(parcels).await, printed);
    }
}

#[tokio::test]
async fn every_call_is_sent_with_its_route_query_headers_and_body() {
    let server = Server::answering(|| json(200, "[]")).await;
    let client = server.client();
    let query = Query {
        updated_at_min: Some("2026-09-02T09:15:00.1234567Z".parse().unwrap()),
        updated_at_max: Some("2026-09-03T00:00:00Z".parse().unwrap()),
        created_at_min: Some("2026-01-01T00:00:00Z".parse().unwrap()),
        created_at_max: Some("2026-12-31T00:00:00Z".parse().unwrap()),
        statuses: vec!["WaitingAcceptance".to_owned(), "InPreparation".to_owned()],
        sales_channel_id: Some("CDISFR".to_owned()),
        supply_mode: None,
        page_index: 2,
        page_size: 50,
        sort: Some(Sort::UpdatedAtAscending),
    };
    client.list_orders(&Query::default()).await.unwrap();
    client.list_orders(&query).await.unwrap();
    let newest = Query { sort: Some(Sort::CreatedAtDescending), ..Query::default() };
    client.list_orders(&newest).await.unwrap();
    client.count_orders(&query).await.unwrap_err();
    client.order("SCID 01/é?#").await.unwrap();
    client.decide_approval("SCID-1", Approval::Accept).await.unwrap();
    client.decide_approval("SCID-1", Approval::Refuse).await.unwrap();
    let parcels = [parcel("6A 12", "Colis Privé", None, &["AYGC"])];
    client.create_shipments("SCID-1", &parcels).await.unwrap();
    client.carriers().await.unwrap();
    client.sellers().await.unwrap();
    client.subscriptions().await.unwrap();
    client.indicators().await.unwrap();
    let calls = server.calls();
    let lines: Vec<String> = calls
        .iter()
        .map(|call| format!("{} {} {}", call.method, call.target, call.body).trim_end().to_owned())
        .collect();
    insta::assert_snapshot!(lines.join("\n"));
    for call in &calls {
        assert_eq!(call.header("sellerid"), "98979");
        assert_eq!(call.header("authorization"), "Bearer T-1");
        assert_eq!(call.header("accept"), "application/json");
        let expected = if call.method == "POST" { "application/json" } else { "" };
        assert_eq!(call.header("content-type"), expected);
    }
}

#[tokio::test]
async fn the_base_address_may_end_with_a_slash() {
    let server = Server::answering(|| json(200, "[]")).await;
    for base in ["seller/v2", "seller/v2/", ""] {
        let mut config = server.config();
        config.base_url = format!("http://{}/{base}", server.address).parse().unwrap();
        Client::new(config).unwrap().carriers().await.unwrap();
    }
    let targets: Vec<String> = server.calls().into_iter().map(|call| call.target).collect();
    assert_eq!(targets, ["/seller/v2/carriers", "/seller/v2/carriers", "/carriers"]);
}

#[tokio::test]
async fn an_order_id_never_names_another_route() {
    let server = Server::answering(|| json(200, "[]")).await;
    for id in ["", ".", ".."] {
        let outcome = server.client().decide_approval(id, Approval::Accept).await;
        assert!(matches!(outcome, Err(Error::Unsendable(_))), "{id}");
    }
    assert_eq!(server.calls().len(), 0);
    server.client().decide_approval("../../x%2e", Approval::Accept).await.unwrap();
    assert_eq!(server.calls()[0].target, "/seller/v2/orders/..%2F..%2Fx%252e/approval-status");
}

#[tokio::test]
async fn clones_of_a_client_share_its_rate_limit() {
    let server = Server::answering(|| json(200, "[]")).await;
    let mut config = server.config();
    config.requests_per_second = NonZeroU32::new(10);
    let client = Client::new(config).unwrap();
    let started = Instant::now();
    // A burst of ten is let through at once; each further call waits for its tenth of a second.
    for _ in 0..13 {
        client.clone().carriers().await.unwrap();
    }
    assert!(started.elapsed() >= Duration::from_millis(250));
}

/// What was logged.
#[derive(Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn a_call_is_traced_without_bodies_and_secrets() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_ansi(false)
        .with_max_level(tracing::Level::TRACE)
        .with_span_events(FmtSpan::CLOSE)
        .with_writer(move || writer.clone())
        .finish();
    // With one subscriber alone, tracing asks the thread that is first at a span whether anybody
    // wants it, and that may be the thread of another test, which has none. A second one makes
    // it ask them all.
    let _second = tracing::Dispatch::new(NoSubscriber::default());
    let _guard = tracing::subscriber::set_default(subscriber);
    let server = Server::answering(|| json(422, r#"{"detail":"body of the answer"}"#)).await;
    let parcels = [parcel("6A12345", "DPD", None, &["AYGC"])];
    server.client().create_shipments("SCID-1", &parcels).await.unwrap_err();
    let log = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let span = r#"method=POST path="/seller/v2/orders/SCID-1/shipments" status=422 millis="#;
    assert!(log.contains(span), "{log}");
    for secret in ["6A12345", "body of the answer", "T-1", "s3cr3t"] {
        assert!(!log.contains(secret), "{secret} in {log}");
    }
}
