//! How often passwords can be guessed.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use axum::extract::ConnectInfo;
use axum::http::Request;
use comptoir::domain::operator::Role;
use jiff::SignedDuration;
use sqlx::PgPool;
use tracing::Event;
use tracing::Metadata;
use tracing::Subscriber;
use tracing::field::Field;
use tracing::field::Visit;
use tracing::span;

use crate::support::Browser;
use crate::support::PASSWORD;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::email;
use crate::support::encode;

async fn guess_from(browser: &Browser, address: &str, email: &str, password: &str) -> Page {
    let address: SocketAddr = address.parse().unwrap();
    let request = Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .extension(ConnectInfo(address));
    browser.send(request, encode(&[("email", email), ("password", password)])).await
}

async fn guess(browser: &Browser, email: &str, password: &str) -> Page {
    browser.post("/sign-in", &[("email", email), ("password", password)]).await
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn of_a_thousand_guesses_ten_are_looked_at_in_any_five_minutes(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.visitor();
    let mut looked_at = Vec::new();
    for number in 0..1000_u32 {
        // Each from another place, so that only the account is counted.
        let address = format!("10.0.{}.{}:4711", number / 200, number % 200);
        let page = guess_from(&browser, &address, email(Role::Admin), "a guess").await;
        match page.status {
            422 => looked_at.push(app.now()),
            429 => assert!(page.main_text().contains("Too many attempts. Try again in ")),
            other => panic!("{other}"),
        }
        app.clock.advance(SignedDuration::from_millis(900));
    }
    let window = SignedDuration::from_mins(5);
    for first in &looked_at {
        let within = looked_at.iter().filter(|it| *it >= first && **it < *first + window).count();
        assert!(within <= 10, "{within} within five minutes of {first}");
    }
    assert!((10..=15).contains(&looked_at.len()), "{}", looked_at.len());
    app.clock.advance(SignedDuration::from_mins(15));
    assert_eq!(guess(&browser, email(Role::Admin), PASSWORD).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn after_five_mistakes_the_right_password_has_to_wait_too_and_then_all_is_forgiven(
    pool: PgPool,
) {
    let app = TestApp::start(pool).await;
    let browser = app.visitor();
    for _ in 0..5 {
        assert_eq!(guess(&browser, email(Role::Manager), "wrong").await.status, 422);
    }
    let page = guess(&browser, email(Role::Manager), PASSWORD).await;
    assert_eq!((page.status, page.header("retry-after")), (429, "1"));
    assert_eq!(page.title(), "Error: Sign in · Comptoir");
    assert!(page.main_text().contains("Too many attempts. Try again in 1 second"));
    assert_eq!(page.value_of("email").as_deref(), Some(email(Role::Manager)));
    app.clock.advance(SignedDuration::from_secs(1));
    assert_eq!(guess(&browser, email(Role::Manager), PASSWORD).await.status, 303);
    for _ in 0..5 {
        assert_eq!(guess(&browser, email(Role::Manager), "wrong").await.status, 422);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_address_that_nobody_has_is_throttled_like_one_that_somebody_has(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.visitor().speaking("fr");
    // However it is written.
    for email in ["nobody@x.test", "NOBODY@x.test", " nobody@X.test"] {
        for _ in 0..2 {
            let status = guess(&browser, email, "wrong").await.status;
            assert!(status == 422 || status == 429);
        }
    }
    let page = guess(&browser, "nobody@x.test", "wrong").await;
    assert_eq!(page.status, 429);
    assert!(page.main_text().contains("Trop de tentatives. Réessayez dans 1 seconde"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn one_place_may_guess_thirty_times_in_five_minutes_whoever_it_tries(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.visitor();
    let here = "192.0.2.7:50000";
    for number in 0..30 {
        let known = Role::ALL[number % 5];
        let page = guess_from(&browser, here, email(known), "wrong").await;
        // Their own throttles begin after five.
        assert_eq!(page.status, if number < 25 { 422 } else { 429 }, "{number}");
    }
    for number in 0..5 {
        let nobody = format!("nobody{number}@comptoir.test");
        assert_eq!(guess_from(&browser, here, &nobody, "wrong").await.status, 422);
    }
    let page = guess_from(&browser, here, "nobody6@comptoir.test", "wrong").await;
    assert_eq!((page.status, page.header("retry-after")), (429, "300"));
    assert!(page.main_text().contains("Try again in 5 minutes"));
    let elsewhere = guess_from(&browser, "192.0.2.8:50000", "nobody6@comptoir.test", "wrong").await;
    assert_eq!(elsewhere.status, 422);
    let refused: i64 = sqlx::query_scalar("SELECT count(*) FROM sign_in_tries WHERE failures = 0")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(refused, 0, "what is refused leaves no row");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn those_who_sign_in_rightly_do_not_use_up_the_office(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for number in 0..40 {
        let browser = app.visitor();
        let email = email(Role::ALL[number % 5]);
        assert_eq!(guess_from(&browser, "192.0.2.7:5", email, PASSWORD).await.status, 303);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn two_processes_share_one_limit(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let other = TestApp::start(app.pool.clone()).await;
    let mut looked_at = 0;
    for number in 0..20 {
        let process = if number % 2 == 0 { &app } else { &other };
        let page = guess(&process.visitor(), email(Role::Admin), "wrong").await;
        looked_at += i32::from(page.status == 422);
    }
    assert_eq!(looked_at, 5);
    let guesses = (0..10).map(|_| async {
        let browser = other.visitor();
        guess(&browser, email(Role::Viewer), "wrong").await.status
    });
    let mut at_once = 0;
    for status in join_all(guesses).await {
        at_once += i32::from(status == 422);
    }
    assert_eq!(at_once, 5);
}

async fn join_all<F: Future>(futures: impl Iterator<Item = F>) -> Vec<F::Output> {
    let mut futures: Vec<_> = futures.map(|it| (Box::pin(it), None)).collect();
    std::future::poll_fn(|context| {
        let mut all = true;
        for (future, output) in &mut futures {
            if output.is_none() {
                match future.as_mut().poll(context) {
                    std::task::Poll::Ready(it) => *output = Some(it),
                    std::task::Poll::Pending => all = false,
                }
            }
        }
        if all { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    futures.into_iter().map(|(_, output)| output.unwrap()).collect()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_table_of_tries_names_nobody(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.visitor();
    guess_from(&browser, "192.0.2.7:5", "canary@comptoir.test", "wrong").await;
    let dump: Vec<String> = sqlx::query_scalar("SELECT t::text FROM sign_in_tries AS t")
        .fetch_all(&app.pool)
        .await
        .unwrap();
    assert_eq!(dump.len(), 2);
    assert!(dump.iter().all(|it| !it.contains("canary") && !it.contains("192.0.2.7")));
    comptoir::db::throttle::delete_old(&app.pool, app.now() + SignedDuration::from_secs(1))
        .await
        .unwrap();
    let left: i64 = sqlx::query_scalar("SELECT count(*) FROM sign_in_tries")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(left, 0);
}

/// Counts how often a password is verified, by what the program says of it: each costs 64 MiB and a tenth of a
/// second, and is what a flood of guesses is after.
#[derive(Clone, Default)]
struct Verified(Arc<AtomicU32>);

impl Verified {
    fn count(&self) -> u32 {
        self.0.load(Ordering::Relaxed)
    }
}

impl Visit for &Verified {
    fn record_debug(&mut self, field: &Field, value: &dyn std::fmt::Debug) {
        if field.name() == "message" && format!("{value:?}") == "a password is verified" {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Subscriber for Verified {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.target().starts_with("comptoir::web::passwords")
    }
    fn new_span(&self, _: &span::Attributes<'_>) -> span::Id {
        span::Id::from_u64(1)
    }
    fn record(&self, _: &span::Id, _: &span::Record<'_>) {}
    fn record_follows_from(&self, _: &span::Id, _: &span::Id) {}
    fn event(&self, event: &Event<'_>) {
        event.record(&mut &*self);
    }
    fn enter(&self, _: &span::Id) {}
    fn exit(&self, _: &span::Id) {}
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn after_a_thousand_guesses_at_one_account_the_right_password_waits_too(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.visitor();
    let verified = Verified::default();
    let _listening = tracing::subscriber::set_default(verified.clone());
    for number in 0..1000_u32 {
        let address = format!("10.0.{}.{}:4711", number / 200, number % 200);
        let page = guess_from(&browser, &address, email(Role::Admin), "a guess").await;
        assert!([422, 429].contains(&page.status));
    }
    let page = guess_from(&browser, "192.0.2.99:1", email(Role::Admin), PASSWORD).await;
    assert_eq!(page.status, 429, "guess 1001 is right and not even looked at");
    assert_eq!(verified.count(), 5);
    let throttled = app.audited().await.into_iter().filter(|it| it.ends_with("throttled")).count();
    assert_eq!(throttled, 1, "the audit hears of it once");
    // Nobody is locked out for good.
    app.clock.advance(SignedDuration::from_mins(15));
    let page = guess_from(&browser, "192.0.2.99:1", email(Role::Admin), PASSWORD).await;
    assert_eq!((page.status, verified.count()), (303, 6));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn after_a_thousand_guesses_from_one_address_the_right_password_waits_too(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.visitor();
    let verified = Verified::default();
    let _listening = tracing::subscriber::set_default(verified.clone());
    // A known address now and then, as somebody with a list has them.
    for number in 0..1000_u32 {
        let email = match number % 10 {
            0 => email(Role::Viewer).to_owned(),
            _ => format!("somebody{number}@comptoir.test"),
        };
        let page = guess_from(&browser, "192.0.2.7:50000", &email, "a guess").await;
        assert_eq!(page.status, if number < 30 { 422 } else { 429 }, "{number}");
    }
    let page = guess_from(&browser, "192.0.2.7:50001", email(Role::Admin), PASSWORD).await;
    assert_eq!(page.status, 429, "guess 1001 is right and not even looked at");
    assert_eq!(verified.count(), 30);
    let throttled = app.audited().await.into_iter().filter(|it| it.ends_with("throttled")).count();
    assert_eq!(throttled, 1, "the audit hears of it once");
    let page = guess_from(&browser, "192.0.2.8:50001", email(Role::Admin), PASSWORD).await;
    assert_eq!(page.status, 303, "others are not held up");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn whoever_nobody_knows_costs_the_same_work_and_gets_the_same_answer(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let gone = "UPDATE users SET active = FALSE WHERE email = 'vera@comptoir.test'";
    sqlx::query(gone).execute(&app.pool).await.unwrap();
    let browser = app.visitor();
    let verified = Verified::default();
    let _listening = tracing::subscriber::set_default(verified.clone());
    let mut answers = Vec::new();
    for (number, (email, password)) in (1..).zip([
        (email(Role::Admin), "wrong"),
        ("nobody@comptoir.test", "wrong"),
        ("nobody@comptoir.test", PASSWORD),
        (email(Role::Viewer), "wrong"),
        (email(Role::Viewer), PASSWORD),
        ("", ""),
        ("not an address", "wrong"),
    ]) {
        let page = guess(&browser, email, password).await;
        assert_eq!((page.status, verified.count()), (422, number), "{email}");
        answers.push(page.body.replace(&format!("value=\"{email}\""), "value=\"\""));
    }
    assert!(answers.iter().all(|it| *it == answers[0]));
    let audited = app.audited().await;
    let reasons = ["password", "unknown_user", "unknown_user", "deactivated", "deactivated"];
    for (audited, reason) in audited.iter().zip(reasons) {
        assert_eq!(*audited, format!("sign_in_failed {reason}"));
    }
}
