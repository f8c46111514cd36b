//! What the client concludes from each way in which a call can end. Every case counts how often
//! the call arrived: nothing is ever sent twice.

use std::time::Duration;

use comptoir::octopia::Client;
use comptoir::octopia::Disposition;
use comptoir::octopia::Error;
use comptoir::octopia::approvals::Approval;
use comptoir::octopia::orders::Query;
use tokio::net::TcpListener;

use crate::server::Ending;
use crate::server::Server;
use crate::server::answer;
use crate::server::config;
use crate::server::raw;

const RETRY: Disposition = Disposition::Retry { after: None };

/// A client with tokens from `tokens` that sends its calls to `base_url`.
fn client(tokens: &Server, base_url: &str, timeout: Duration) -> Client {
    let mut config = config(base_url, &tokens.token_url());
    config.timeout = Some(timeout);
    Client::new(config).unwrap()
}

async fn write(client: &Client) -> Result<(), Error> {
    client.decide_approval("SCID-1", Approval::Accept).await
}

/// How a write and a read end at a server that ends each connection in this way.
async fn ended(ending: Ending, timeout: Duration) -> (Result<(), Error>, Result<(), Error>) {
    let tokens = Server::answering(|| answer(500, &[], "")).await;
    let (address, requests) = raw(ending).await;
    let client = client(&tokens, &format!("http://{address}/seller/v2"), timeout);
    let write = write(&client).await;
    assert_eq!(*requests.lock().unwrap(), 1);
    let read = client.list_orders(&Query::default()).await.map(drop);
    (write, read)
}

#[tokio::test]
async fn each_status_is_classified_and_sent_once() {
    for (status, expected) in [
        (400, Disposition::Refused),
        (401, RETRY),
        (403, Disposition::Refused),
        (404, Disposition::Refused),
        (406, Disposition::Refused),
        (408, Disposition::Unknown),
        (409, Disposition::Unknown),
        (410, Disposition::Unknown),
        (415, Disposition::Refused),
        (418, Disposition::Unknown),
        (422, Disposition::Refused),
        (425, Disposition::Unknown),
        (429, RETRY),
        (500, Disposition::Unknown),
        (501, Disposition::Unknown),
        (502, Disposition::Unknown),
        (503, Disposition::Unknown),
        (504, Disposition::Unknown),
    ] {
        for body in ["", "<html><h1>Oops</h1></html>", r#"{"title":"No"}"#, "{\"title\":"] {
            let server = Server::answering(move || answer(status, &[], body)).await;
            let error = write(&server.client()).await.unwrap_err();
            assert_eq!(error.disposition(), expected, "{status} {body}");
            assert_eq!(error.is_conflict(), status == 409);
            assert_eq!(error.credentials_refused(), status == 401);
            // After a 401 the call goes out once more with a new token: see `tokens`.
            assert_eq!(server.calls().len(), if status == 401 { 2 } else { 1 }, "{status}");
        }
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed() {
    for status in [301, 302, 303, 307, 308] {
        let headers = [("location", "/elsewhere")];
        let server = Server::answering(move || answer(status, &headers, "")).await;
        let error = write(&server.client()).await.unwrap_err();
        assert_eq!(error.disposition(), Disposition::Unknown, "{status}");
        server.client().carriers().await.unwrap_err();
        assert_eq!(server.calls().len(), 2, "{status}");
        assert!(server.calls().iter().all(|call| call.target != "/elsewhere"));
    }
}

#[tokio::test]
async fn a_2xx_status_of_a_write_is_success_whatever_its_body() {
    for status in [200, 201, 202, 204] {
        let server = Server::answering(move || answer(status, &[], "")).await;
        write(&server.client()).await.unwrap();
    }
    let limit = Duration::from_millis(400);
    for body in ["<html>", "{\"truncated", "\"unexpected\""] {
        let server = Server::answering(move || answer(201, &[], body)).await;
        write(&server.client()).await.unwrap();
    }
    let truncated = "HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{\"half\":";
    for ending in [Ending::Bytes(truncated), Ending::Silence(truncated)] {
        let (write, read) = ended(ending, limit).await;
        write.unwrap();
        assert_eq!(read.unwrap_err().disposition(), Disposition::Unknown);
    }
}

#[tokio::test]
async fn without_a_connection_nothing_was_sent() {
    let tokens = Server::answering(|| answer(500, &[], "")).await;
    let closed = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let bases = [
        ("refused", format!("http://{closed}/")),
        ("unknown host", "http://marketplace.invalid/".to_owned()),
        ("TLS with a server that has none", format!("https://{}/", tokens.address)),
    ];
    for (case, base) in bases {
        let error = write(&client(&tokens, &base, Duration::from_secs(10))).await.unwrap_err();
        assert!(matches!(error, Error::Connect(_)), "{case}: {error:?}");
        assert_eq!(error.disposition(), RETRY, "{case}");
    }
    assert_eq!(tokens.calls().len(), 0);
}

#[tokio::test]
async fn a_connection_that_breaks_after_the_request_leaves_the_outcome_unknown() {
    let half_a_head = Ending::Bytes("HTTP/1.1 201 Cre");
    let not_http = Ending::Bytes("hello\r\n\r\n");
    for ending in [Ending::Reset, Ending::Bytes(""), half_a_head, not_http] {
        let (write, read) = ended(ending, Duration::from_secs(10)).await;
        for error in [write.unwrap_err(), read.unwrap_err()] {
            assert!(matches!(error, Error::Interrupted(_)), "{error:?}");
            assert_eq!(error.disposition(), Disposition::Unknown);
        }
    }
}

#[tokio::test]
async fn no_answer_within_the_time_allowed_leaves_the_outcome_unknown() {
    for ending in [Ending::Silence(""), Ending::Silence("HTTP/1.1 20")] {
        let (write, read) = ended(ending, Duration::from_millis(400)).await;
        for error in [write.unwrap_err(), read.unwrap_err()] {
            assert!(matches!(error, Error::Timeout(_)), "{error:?}");
            assert_eq!(error.disposition(), Disposition::Unknown);
        }
    }
}

#[tokio::test]
async fn an_error_body_that_never_ends_does_not_hide_the_status() {
    let problem = "HTTP/1.1 422 No\r\ncontent-length: 500\r\n\r\n{\"title\":";
    for ending in [Ending::Bytes(problem), Ending::Silence(problem)] {
        let (write, _) = ended(ending, Duration::from_millis(400)).await;
        let error = write.unwrap_err();
        assert_eq!(error.disposition(), Disposition::Refused);
        assert_eq!(error.words(), "the marketplace answered 422");
    }
}

#[tokio::test]
async fn retry_after_is_read_in_both_forms_and_kept_within_an_hour() {
    let date = "Wed, 02 Sep 2026 09:15:00 GMT";
    for (value, seconds) in [
        ("30", Some(30)),
        ("0", Some(0)),
        ("Wed, 02 Sep 2026 09:16:30 GMT", Some(90)),
        ("Wed, 02 Sep 2026 09:14:00 GMT", Some(0)),
        ("99999999999", Some(3600)),
        ("Wed, 02 Sep 2099 09:15:00 GMT", Some(3600)),
        ("-5", None),
        ("1.5", None),
        ("soon", None),
    ] {
        let server =
            Server::answering(move || answer(429, &[("retry-after", value), ("date", date)], ""))
                .await;
        let after = seconds.map(Duration::from_secs);
        let error = write(&server.client()).await.unwrap_err();
        assert_eq!(error.disposition(), Disposition::Retry { after }, "{value}");
    }
}

#[tokio::test]
async fn the_marketplaces_words_are_kept_whole_and_short_and_without_the_token() {
    let long = format!(r#"{{"title":"{}","traceId":"00-af-01"}}"#, "é".repeat(900));
    let bodies = [
        r#"{"title":"Validation Failed","status":422,"detail":"See errors.","traceId":"00-4bf9",
            "errors":{"status":["Cannot switch to shipped status.","Order is cancelled"],
                      "parcels[0].trackingUrl":"Not a valid URL"}}"#
            .to_owned(),
        r#"{"message":"Bad\n\u0000 token T-1","errors":["a",{"message":"b"},{"code":"c"},null]}"#
            .to_owned(),
        r#"{"traceId":"00-4bf9"}"#.to_owned(),
        r#"{"unrelated":true}"#.to_owned(),
        "<html>Bad gateway</html>".to_owned(),
        long,
    ];
    let mut words = Vec::new();
    for body in bodies {
        let server = Server::answering(move || answer(422, &[], body.clone())).await;
        words.push(write(&server.client()).await.unwrap_err().words());
    }
    assert_eq!(words[5].chars().count(), 500 + " (trace 00-af-01)".len());
    words.truncate(5);
    insta::assert_snapshot!(words.join("\n"));
}

#[tokio::test]
async fn an_answer_over_eight_mebibytes_is_not_read_on() {
    let server = Server::answering(|| answer(200, &[], vec![b' '; 9 * 1024 * 1024])).await;
    let error = server.client().list_orders(&Query::default()).await.unwrap_err();
    assert!(matches!(error, Error::TooLarge));
    let error = Server::answering(|| answer(500, &[], vec![b' '; 9 * 1024 * 1024]));
    let error = write(&error.await.client()).await.unwrap_err();
    assert!(matches!(error, Error::Status { status: 500, .. }));
}
