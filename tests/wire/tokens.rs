//! The token: one request however many callers, renewed early, once more on a 401.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;
use std::sync::atomic::Ordering;

use comptoir::octopia::Disposition;
use comptoir::octopia::Error;
use comptoir::octopia::TokenError;
use comptoir::octopia::approvals::Approval;
use tokio::task::JoinSet;

use crate::server::Server;
use crate::server::answer;
use crate::server::json;
use crate::server::token;

/// Gives the tokens T-1, T-2, … that live for `seconds`, and an empty list to whoever shows a
/// token that `accepted` likes, else 401.
async fn numbering_tokens(seconds: u32, accepted: fn(&str) -> bool) -> Server {
    let given = Arc::new(AtomicUsize::new(0));
    Server::start(move |call| {
        if call.is_for_a_token() {
            let number = given.fetch_add(1, Ordering::SeqCst) + 1;
            let body = format!(r#"{{"access_token":"T-{number}","expires_in":{seconds}}}"#);
            return json(200, body);
        }
        match call.header("authorization").strip_prefix("Bearer ") {
            Some(token) if accepted(token) => json(200, "[]"),
            _ => json(401, r#"{"title":"Unauthorized"}"#),
        }
    })
    .await
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_callers_at_once_share_one_request() {
    let server = numbering_tokens(7200, |token| token == "T-1").await;
    let client = server.client();
    let mut callers = JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        callers.spawn(async move { client.carriers().await.unwrap() });
    }
    callers.join_all().await;
    assert_eq!((server.tokens_asked(), server.calls().len()), (1, 50));
}

#[tokio::test]
async fn the_token_is_asked_for_with_the_client_credentials() {
    let received = Server::start(|call| {
        assert_eq!(call.header("content-type"), "application/x-www-form-urlencoded");
        let expected =
            "grant_type=client_credentials&client_id=maison&client_secret=s3cr3t-of-maison";
        if call.body == expected { token() } else { answer(400, &[], "") }
    })
    .await;
    received.client().check_token().await.unwrap();
    assert_eq!((received.tokens_asked(), received.calls().len()), (1, 0));
}

#[tokio::test]
async fn a_token_at_its_end_is_renewed_before_the_call() {
    let server = numbering_tokens(0, |_| true).await;
    let client = server.client();
    client.carriers().await.unwrap();
    client.carriers().await.unwrap();
    let shown: Vec<String> =
        server.calls().iter().map(|call| call.header("authorization").to_owned()).collect();
    assert_eq!(shown, ["Bearer T-1", "Bearer T-2"]);
}

#[tokio::test]
async fn a_401_renews_the_token_and_repeats_the_call_once() {
    let server = numbering_tokens(7200, |token| token == "T-2").await;
    let client = server.client();
    client.decide_approval("SCID-1", Approval::Accept).await.unwrap();
    assert_eq!((server.tokens_asked(), server.calls().len()), (2, 2));
    assert_eq!(server.calls()[0].body, server.calls()[1].body);
    client.carriers().await.unwrap();
    assert_eq!(server.tokens_asked(), 2);
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_refused_with_the_same_token_renew_it_once() {
    let server = numbering_tokens(7200, |token| token != "T-1").await;
    let client = server.client();
    client.check_token().await.unwrap();
    let mut callers = JoinSet::new();
    for _ in 0..20 {
        let client = client.clone();
        callers.spawn(async move { client.carriers().await.unwrap() });
    }
    callers.join_all().await;
    assert_eq!(server.tokens_asked(), 2);
}

#[tokio::test]
async fn refused_with_a_fresh_token_too_the_credentials_count_as_refused() {
    let server = numbering_tokens(7200, |_| false).await;
    let client = server.client();
    let error = client.decide_approval("SCID-1", Approval::Accept).await.unwrap_err();
    assert!(error.credentials_refused());
    assert_eq!(error.disposition(), Disposition::Retry { after: None });
    assert_eq!((server.tokens_asked(), server.calls().len()), (2, 2));
    // The quota is 500 tokens an hour: a lasting 401 must not burn one per call.
    for _ in 0..5 {
        assert!(client.carriers().await.unwrap_err().credentials_refused());
    }
    assert_eq!(server.tokens_asked(), 2);
}

#[tokio::test]
async fn a_wrong_secret_is_told_in_the_marketplaces_words_without_the_secret() {
    let keycloak = r#"{"error":"unauthorized_client",
        "error_description":"Invalid client secret: s3cr3t-of-maison"}"#;
    for status in [400, 401] {
        let server = Server::start(move |_| json(status, keycloak)).await;
        let error = server.client().check_token().await.unwrap_err();
        assert!(error.credentials_refused());
        assert_eq!(error.disposition(), Disposition::Retry { after: None });
        assert_eq!(
            error.words(),
            "the credentials were refused: unauthorized_client. Invalid client secret: …"
        );
        assert!(!format!("{error:?}").contains("s3cr3t"));
    }
}

#[tokio::test]
async fn a_token_service_in_trouble_says_nothing_about_the_credentials() {
    for (status, body) in [(500, "<html>"), (429, ""), (404, ""), (200, "{}"), (200, "<html>")] {
        let server = Server::start(move |_| answer(status, &[("retry-after", "7")], body)).await;
        let error = server.client().carriers().await.unwrap_err();
        assert!(matches!(error, Error::Token(TokenError::Unavailable { .. })), "{status} {body}");
        assert!(!error.credentials_refused());
        assert!(matches!(error.disposition(), Disposition::Retry { .. }));
        assert_eq!(server.calls().len(), 0, "nothing is sent without a token");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_who_wait_for_a_token_share_its_failure() {
    let server = Server::start(|_| json(401, "{}")).await;
    let client = server.client();
    let mut callers = JoinSet::new();
    for _ in 0..50 {
        let client = client.clone();
        callers.spawn(async move { client.check_token().await.unwrap_err() });
    }
    assert!(callers.join_all().await.iter().all(Error::credentials_refused));
    assert!(server.tokens_asked() < 10, "{} requests", server.tokens_asked());
}

#[tokio::test]
async fn when_an_early_renewal_fails_the_token_in_use_still_serves() {
    let given = Arc::new(AtomicUsize::new(0));
    let server = Server::start(move |call| {
        if !call.is_for_a_token() {
            return json(200, "[]");
        }
        // Due for renewal after one second of the two that it lives.
        match given.fetch_add(1, Ordering::SeqCst) {
            0 => json(200, r#"{"access_token":"T-1","expires_in":2}"#),
            _ => answer(500, &[], ""),
        }
    })
    .await;
    let client = server.client();
    let mut calls = 0;
    while server.tokens_asked() < 2 {
        client.carriers().await.unwrap();
        calls += 1;
    }
    assert!(calls > 1);
    let last = server.calls().last().unwrap().header("authorization").to_owned();
    assert_eq!(last, "Bearer T-1");
}
