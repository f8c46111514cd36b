//! What a person was told without asking, and how they want to be told.

use comptoir::db;
use comptoir::domain::notification::Digest;
use comptoir::domain::notification::Ended;
use comptoir::domain::notification::Fact;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::canaries;
use crate::support::TestApp;
use crate::support::email;

async fn user(app: &TestApp, role: Role) -> i64 {
    sqlx::query_scalar("SELECT user_id FROM users WHERE email = $1")
        .bind(email(role))
        .fetch_one(&app.pool)
        .await
        .unwrap()
}

async fn tell(app: &TestApp, role: Role, account: &str, fact: &Fact, subject: &str) {
    let mut conn = app.pool.acquire().await.unwrap();
    let account = AccountId(account.to_owned());
    let users = [user(app, role).await];
    let told = db::notifications::tell(&mut conn, &account, &users, fact, subject, app.now()).await;
    assert_eq!(told.unwrap().len(), 1);
}

fn due(orders: i64) -> Fact {
    Fact::DueSoon { orders, first_by: "2026-11-19T15:00:00Z".parse().unwrap() }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_was_told_is_counted_on_every_page_until_it_is_read(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let walid = app.sign_in(Role::Warehouse).await;
    let page = walid.get("/notifications").await;
    assert!(page.main_text().contains("Nothing to tell you yet."), "{}", page.main_text());
    tell(&app, Role::Warehouse, "maison", &due(5), "a").await;
    tell(&app, Role::Warehouse, "atelier", &Fact::Refused(Ended { actions: 12, one: None }), "b")
        .await;
    tell(&app, Role::Manager, "maison", &due(7), "a").await;
    app.clock.advance(SignedDuration::from_mins(3));
    for path in ["/orders", "/sync"] {
        let page = walid.get(path).await;
        assert!(page.body.contains("title=\"2 unread\""), "{path}: {}", page.body);
    }
    let page = walid.get("/notifications").await;
    let text = page.main_text();
    assert!(text.contains("12 actions were refused. New Atelier du Port 3 min ago"), "{text}");
    let words = "5 orders are due within 2 hours, the first at 16:00. New Maison Lemoine";
    assert!(text.contains(words), "{text}");
    assert!(!text.contains('7'), "another's: {text}");

    // What comes while somebody reads is not marked by their click.
    let last = page.value_of("last").unwrap();
    tell(&app, Role::Warehouse, "maison", &due(1), "c").await;
    let answer = walid.post("/notifications/read", &[("last", &last)]).await;
    assert_eq!((answer.status, answer.location()), (303, "/notifications"));
    assert!(walid.get("/orders").await.body.contains("title=\"1 unread\""));
    let marc = app.sign_in(Role::Manager).await;
    assert!(marc.get("/orders").await.body.contains("title=\"1 unread\""));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn opening_one_marks_it_and_leads_where_it_is_about(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let walid = app.sign_in(Role::Warehouse).await;
    for (number, (fact, way)) in [
        (due(5), "/orders?account=maison&due=soon"),
        (Fact::Refused(Ended { actions: 12, one: None }), "/activity?result=refused"),
        (Fact::NeedsPerson(Ended { actions: 2, one: None }), "/attention"),
        (Fact::CredentialsRefused, "/sync"),
        (Fact::Digest(Digest { overdue: 1, ..Digest::default() }), "/"),
    ]
    .into_iter()
    .enumerate()
    {
        tell(&app, Role::Warehouse, "maison", &fact, &number.to_string()).await;
        let path = format!("/notifications/{}/open", number + 1);
        let answer = walid.post(&path, &[]).await;
        assert_eq!((answer.status, answer.location()), (303, way));
        assert!(!walid.get("/orders").await.body.contains(" unread\""));
    }
    for (browser, id) in [(app.sign_in(Role::Manager).await, 1), (walid, 99)] {
        let answer = browser.post(&format!("/notifications/{id}/open"), &[]).await;
        assert_eq!(
            (answer.status, answer.location()),
            (303, "/notifications"),
            "another's, or none"
        );
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_about_an_account_goes_out_of_sight_with_it(pool: PgPool) {
    let app = TestApp::start(pool).await;
    canaries::release(&app).await;
    tell(&app, Role::Warehouse, "maison", &due(5), "a").await;
    let walid = app.sign_in(Role::Warehouse).await;
    assert!(walid.get("/orders").await.body.contains("title=\"1 unread\""));
    canaries::limit_to_atelier(&app).await;
    let walid = app.sign_in(Role::Warehouse).await;
    let page = walid.get("/notifications").await;
    assert!(page.main_text().contains("Nothing to tell you yet."), "{}", page.main_text());
    assert!(!page.body.contains(" unread\""));
    assert_eq!(walid.post("/notifications/1/open", &[]).await.location(), "/notifications");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_long_list_goes_on_on_the_next_page(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let walid = app.sign_in(Role::Warehouse).await;
    for number in 1..=60 {
        tell(&app, Role::Warehouse, "maison", &due(number), &number.to_string()).await;
    }
    let page = walid.get("/notifications").await;
    assert_eq!(page.body.matches("data-read=").count(), 50);
    let page = walid.get("/notifications?before=11").await;
    assert_eq!(page.body.matches("data-read=").count(), 10);
    assert!(page.main().contains("href=\"/notifications\">Newest"));
    // Nonsense is the beginning.
    assert_eq!(walid.get("/notifications?before=x").await.body.matches("data-read=").count(), 50);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn everybody_chooses_what_comes_by_mail_and_when_the_digest_does(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let walid = app.sign_in(Role::Warehouse).await;
    let page = walid.get("/settings/profile").await;
    assert!(
        !page.main().contains("value=\"refused\" checked"),
        "nothing by e-mail unless it is wished"
    );
    assert!(page.main().contains("<option value=\"8\" selected>08:00"), "{}", page.main());
    let path = "/settings/profile/notifications";
    let form = [("mail", "refused"), ("mail", "digest"), ("digest_hour", "17")];
    let answer = walid.post(path, &form).await;
    assert_eq!((answer.status, answer.location()), (303, "/settings/profile?done=notifications"));
    let page = walid.get("/settings/profile?done=notifications").await;
    assert!(page.main_text().contains("Your choice is kept."));
    for chosen in ["value=\"refused\" checked", "value=\"digest\" checked", "value=\"17\" selected"]
    {
        assert!(page.main().contains(chosen), "{chosen}");
    }
    walid.post(path, &[]).await;
    let page = walid.get("/settings/profile").await;
    assert!(
        !page.main().contains("checked") && page.main().contains("<option value=\"\">No digest")
    );
    for form in [[("mail", "everything")], [("digest_hour", "24")], [("digest_hour", "-1")]] {
        assert_eq!(walid.post(path, &form).await.status, 400, "{form:?}");
    }
}
