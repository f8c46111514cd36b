//! The id in the answer to a write: read when it can be, and never at the cost of the success.

use std::time::Duration;

use comptoir::octopia::Client;
use comptoir::octopia::Disposition;
use comptoir::octopia::Error;
use comptoir::octopia::cancellations::LineCancellation;

use crate::server::Ending;
use crate::server::Server;
use crate::server::answer;
use crate::server::config;
use crate::server::raw;

/// Each call that hands back an id.
async fn outcomes(client: &Client) -> [Result<Option<String>, Error>; 4] {
    let line = LineCancellation {
        line_id: "AYGC".to_owned(),
        offer_id: "OFFER-1".to_owned(),
        reason: "seller-refusal".to_owned(),
        shipping_cost_refund: true,
    };
    [
        client.cancel_order("SCID-1", "seller-refusal", true).await,
        client.cancel_lines("SCID-1", &[line]).await,
        client.give_gesture("SCID-1", "ShippingFees", None, "9.99".parse().unwrap()).await,
        client.upload_invoice("SCID-1", "a.pdf", "application/pdf", b"%PDF").await,
    ]
}

#[tokio::test]
async fn the_id_is_read_in_every_spelling() {
    for (body, found) in [
        (r#"{"requestId":"R","cancellationRequestId":"no"}"#, [true, true, true, false]),
        (r#"{"cancellationRequestId":"R"}"#, [true, true, false, false]),
        (r#"{"partialCancellationRequestId":"R"}"#, [true, true, false, false]),
        (r#"{"gestureRequestId":"R"}"#, [false, false, true, false]),
        (r#"{"importId":"R","status":"Running"}"#, [false, false, false, true]),
        (r#"{"id":"R"}"#, [true; 4]),
        ("\u{feff} {\"Id\":\" R \"} ", [true; 4]),
        (r#"{"requestId":null,"importId":{},"id":"R"}"#, [true; 4]),
    ] {
        for status in [200, 201, 202] {
            let server = Server::answering(move || answer(status, &[], body)).await;
            for (outcome, found) in outcomes(&server.client()).await.into_iter().zip(found) {
                assert_eq!(outcome.unwrap().as_deref(), found.then_some("R"), "{body}");
            }
        }
    }
}

#[tokio::test]
async fn a_2xx_status_is_success_whatever_the_body() {
    let large = || vec![b' '; 9 * 1024 * 1024];
    let not_text = br#"{"id":"R"#.iter().chain(b"\xff\"}").copied().collect::<Vec<u8>>();
    for body in [
        b"".to_vec(),
        b"<html>".to_vec(),
        b"null".to_vec(),
        b"\"R\"".to_vec(),
        b"[]".to_vec(),
        b"{\"id\":\"R\"".to_vec(),
        br#"{"id":"R"}{"#.to_vec(),
        br#"{"id":"  "}"#.to_vec(),
        format!("{}{}", "[".repeat(500_000), "]".repeat(500_000)).into_bytes(),
        not_text,
        large(),
    ] {
        let server = Server::answering(move || answer(201, &[], body.clone())).await;
        for outcome in outcomes(&server.client()).await {
            assert_eq!(outcome.unwrap(), None);
        }
        assert_eq!(server.calls().len(), 4, "each is sent once");
    }
    let server = Server::answering(|| answer(204, &[], "")).await;
    assert!(outcomes(&server.client()).await.into_iter().all(|it| it.unwrap().is_none()));
}

#[tokio::test]
async fn a_body_that_breaks_off_or_stalls_is_success_without_an_id() {
    let tokens = Server::answering(|| answer(500, &[], "")).await;
    let head = "HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n";
    let begun = "HTTP/1.1 201 Created\r\ncontent-length: 500\r\n\r\n{\"id\":\"R\"";
    let gzip = "HTTP/1.1 201 Created\r\ncontent-encoding: gzip\r\ncontent-length: 4\r\n\r\nnope";
    for ending in [
        Ending::Bytes(head),
        Ending::Bytes(begun),
        Ending::Bytes(gzip),
        Ending::Silence(head),
        Ending::Silence(begun),
    ] {
        let (address, requests) = raw(ending).await;
        let mut config = config(&format!("http://{address}/seller/v2"), &tokens.token_url());
        config.timeout = Some(Duration::from_millis(300));
        for outcome in outcomes(&Client::new(config).unwrap()).await {
            assert_eq!(outcome.unwrap(), None);
        }
        assert_eq!(*requests.lock().unwrap(), 4, "each is sent once");
    }
}

#[tokio::test]
async fn no_answer_at_all_stays_unknown_and_is_not_repeated() {
    let tokens = Server::answering(|| answer(500, &[], "")).await;
    for ending in [Ending::Reset, Ending::Silence(""), Ending::Bytes("")] {
        let (address, requests) = raw(ending).await;
        let mut config = config(&format!("http://{address}/seller/v2"), &tokens.token_url());
        config.timeout = Some(Duration::from_millis(300));
        for outcome in outcomes(&Client::new(config).unwrap()).await {
            assert_eq!(outcome.unwrap_err().disposition(), Disposition::Unknown);
        }
        assert_eq!(*requests.lock().unwrap(), 4, "each is sent once");
    }
}

#[tokio::test]
async fn a_status_other_than_2xx_is_classified_like_any_write() {
    for (status, expected, sent) in [
        (400, Disposition::Refused, 1),
        (401, Disposition::Retry { after: None }, 2),
        (409, Disposition::Unknown, 1),
        (422, Disposition::Refused, 1),
        (307, Disposition::Unknown, 1),
        (503, Disposition::Unknown, 1),
    ] {
        let server =
            Server::answering(move || answer(status, &[("location", "/x")], r#"{"id":"R"}"#)).await;
        let client = server.client();
        let outcome = client.cancel_order("SCID-1", "seller-refusal", true).await;
        assert_eq!(outcome.unwrap_err().disposition(), expected, "{status}");
        assert_eq!(server.calls().len(), sent, "{status}");
    }
}
