//! What is a user's own: their password and their sessions.

use axum::http::Request;
use comptoir::domain::operator::Role;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::support::PASSWORD;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::email;
use crate::support::encode;

const PROFILE: &str = "/settings/profile";
const NEW: &str = "copper giraffe umbrella nine";

async fn change(browser: &crate::support::Browser, present: &str, new: &str) -> Page {
    let fields = [("present_password", present), ("new_password", new)];
    browser.post("/settings/profile/password", &fields).await
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_new_password_ends_every_other_session_and_gives_this_one_a_new_identifier(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let [mine, other] = [app.sign_in(Role::Manager).await, app.sign_in(Role::Manager).await];
    let colleague = app.sign_in(Role::Viewer).await;
    let before = mine.cookie("sid").unwrap();
    let page = change(&mine, PASSWORD, NEW).await;
    assert_eq!((page.status, page.location()), (303, "/settings/profile?done=password"));
    assert_ne!(mine.cookie("sid").unwrap(), before);
    let page = mine.get(page.location()).await;
    assert!(page.main_text().contains("Your password is changed."));
    assert_eq!(other.get("/sync").await.status, 303);
    assert_eq!(colleague.get("/sync").await.status, 200);
    let sign_in = async |password| {
        let fields = [("email", email(Role::Manager)), ("password", password)];
        app.visitor().post("/sign-in", &fields).await.status
    };
    assert_eq!((sign_in(PASSWORD).await, sign_in(NEW).await), (422, 303));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_weak_password_is_refused_with_the_reason_and_nothing_changes(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    let long = NEW.repeat(5);
    for (present, new, words) in [
        (PASSWORD, "brief", "A password has at least 15 characters"),
        (PASSWORD, long.as_str(), "A password has at most 128 characters"),
        (PASSWORD, "aaaaaaaaaaaaaaaaaaaa", "This is easy to guess: it repeats itself."),
        (PASSWORD, "marcmorelmarcmorel", "This is easy to guess"),
        ("wrong", NEW, "This is not your present password"),
    ] {
        let page = change(&browser, present, new).await;
        assert_eq!(page.status, 422, "{words}");
        assert!(page.title().starts_with("Error: "));
        assert_eq!(page.main_text().matches(words).count(), 2, "{}", page.main_text());
        assert!(!page.body.contains(new), "what was typed does not come back");
    }
    let page = browser.get(PROFILE).await;
    assert_eq!((page.status, page.title().as_str()), (200, "Your profile · Comptoir"));
    app.sign_in(Role::Manager).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_present_password_cannot_be_guessed_at_an_open_browser(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    for _ in 0..5 {
        assert_eq!(change(&browser, "wrong", NEW).await.status, 422);
    }
    let page = change(&browser, PASSWORD, NEW).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("Too many attempts. Try again in 1 second"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_user_sees_their_sessions_and_ends_them(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let colleague = app.sign_in(Role::Viewer).await;
    let phone = app.visitor();
    let agent = "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) Version/19.1 Safari/604.1";
    let request = Request::post("/sign-in")
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "same-origin")
        .header("user-agent", agent);
    let fields = [("email", email(Role::Manager)), ("password", PASSWORD)];
    assert_eq!(phone.send(request, encode(&fields)).await.status, 303);
    app.clock.advance(SignedDuration::from_mins(20));
    let [desk, third] = [app.sign_in(Role::Manager).await, app.sign_in(Role::Manager).await];
    let page = desk.get(PROFILE).await;
    let text = page.main_text();
    assert!(text.contains("Safari, iPhone 14:12 20 min ago Sign out"), "{text}");
    assert!(text.contains("Unknown browser this one 14:32 under 1 min ago"), "{text}");
    assert_eq!(page.body.matches("data-session=").count(), 3);
    let phones: i64 = sqlx::query_scalar(
        "SELECT session_id FROM sessions WHERE data ->> 'browser' = 'Safari, iPhone'",
    )
    .fetch_one(&app.pool)
    .await
    .unwrap();
    let end = format!("/settings/profile/sessions/{phones}/end");
    assert_eq!(colleague.post(&end, &[]).await.status, 303);
    assert_eq!(phone.get("/sync").await.status, 200, "not a colleague's to end");
    let page = desk.post(&end, &[]).await;
    assert_eq!(page.location(), "/settings/profile?done=sessions");
    assert_eq!(phone.get("/sync").await.status, 303);
    assert_eq!(third.get("/sync").await.status, 200);
    desk.post("/settings/profile/sessions/end-others", &[]).await;
    assert_eq!(third.get("/sync").await.status, 303);
    assert_eq!((desk.get("/sync").await.status, colleague.get("/sync").await.status), (200, 200));
    assert!(!desk.get(PROFILE).await.main_text().contains("Sign out everywhere else"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_profile_speaks_french(pool: PgPool) {
    let app = TestApp::start(pool).await;
    sqlx::query("UPDATE users SET language = 'fr'").execute(&app.pool).await.unwrap();
    let browser = app.sign_in(Role::Manager).await;
    let page = change(&browser, PASSWORD, "123456789012345").await;
    let text = page.main_text();
    assert!(text.contains("Votre profil") && text.contains("C’est facile à deviner"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_user_chooses_language_colors_and_zone_and_may_follow_the_browser_again(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.sign_in(Role::Manager).await;
    let save = "/settings/profile/preferences";
    let chosen = [
        ("language", "fr"),
        ("theme", "dark"),
        ("time_zone", " America/Montreal "),
        ("shortcuts", "off"),
    ];
    let page = browser.post(save, &chosen).await;
    assert_eq!((page.status, page.location()), (303, "/settings/profile?done=preferences"));
    let page = browser.get(page.location()).await;
    assert!(page.body.contains("<html lang=\"fr\" data-theme=\"dark\">"));
    assert!(page.main_text().contains("Enregistré."));
    assert_eq!(page.value_of("time_zone").as_deref(), Some("America/Montreal"));
    // 14:12 in Paris.
    assert!(page.main_text().contains("celui-ci 08:12"), "{}", page.main_text());
    for (fields, status) in [
        (&[("time_zone", "Europe/Atlantis")][..], 422),
        (&[("time_zone", "../../etc/passwd")], 422),
        (&[("language", "de")], 400),
        (&[("language", "fr-FR")], 400),
        (&[("theme", "dark\" onload=\"x")], 400),
        (&[("role", "admin")], 400),
    ] {
        let page = browser.post(save, fields).await;
        assert_eq!(page.status, status, "{fields:?}");
        if status == 422 {
            assert!(page.main().contains("id=\"time_zone-error\""), "{}", page.main());
            assert_eq!(page.value_of("time_zone").as_deref(), Some(fields[0].1));
        }
    }
    let page = browser.post(save, &[("language", ""), ("theme", ""), ("time_zone", "")]).await;
    let page = browser.get(page.location()).await;
    assert!(page.body.contains("<html lang=\"en\">"), "{}", page.body);
    assert!(page.main_text().contains("this one 14:12"), "{}", page.main_text());
    let chosen: Option<i64> = sqlx::query_scalar(
        "SELECT user_id FROM users WHERE language IS NOT NULL OR theme IS NOT NULL OR time_zone IS NOT NULL",
    )
    .fetch_optional(&app.pool)
    .await
    .unwrap();
    assert_eq!(chosen, None, "nobody else's, and all of it undone");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn accounts_users_and_profile_lead_to_each_other(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let pages = ["/settings/accounts", "/settings/users", PROFILE];
    for here in pages {
        let page = ana.get(here).await;
        for link in pages {
            let current = if link == here { " aria-current=\"page\"" } else { "" };
            let link = format!("<a href=\"{link}\"{current}>");
            assert!(page.main().contains(&link), "{here}: {link}");
        }
    }
    let page = app.sign_in(Role::Manager).await.get(PROFILE).await;
    assert!(!page.body.contains("href=\"/settings/users\""), "not theirs");
}
