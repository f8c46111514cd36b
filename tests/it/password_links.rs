//! A new password for who forgot theirs.

use comptoir::domain::operator::Role;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::support::Browser;
use crate::support::PASSWORD;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::email;

async fn id_of(app: &TestApp, role: Role) -> i64 {
    sqlx::query_scalar("SELECT user_id FROM users WHERE email = $1")
        .bind(email(role))
        .fetch_one(&app.pool)
        .await
        .unwrap()
}

const NEW: &str = "correct horse battery staple";

/// The path of the link on that page.
fn link(page: &Page) -> String {
    assert_eq!(page.status, 200, "{}", page.text());
    let (_, rest) = page.body.split_once("value=\"http://comptoir.test").expect("a link");
    rest.split('"').next().unwrap().to_owned()
}

async fn make(app: &TestApp, ana: &Browser, role: Role) -> String {
    let id = id_of(app, role).await;
    link(&ana.post(&format!("/settings/users/{id}/password"), &[]).await)
}

async fn enters(app: &TestApp, role: Role, password: &str) -> bool {
    let fields = [("email", email(role)), ("password", password)];
    app.visitor().post("/sign-in", &fields).await.status == 303
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn whoever_forgot_theirs_chooses_another_and_is_signed_out_everywhere(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (ana, walid) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Warehouse).await);
    let href = make(&app, &ana, Role::Warehouse).await;
    assert_eq!(walid.get("/orders").await.status, 200, "nothing has happened to them yet");
    assert!(enters(&app, Role::Warehouse, PASSWORD).await);

    let guest = app.visitor();
    assert!(guest.get(&href).await.body.contains(email(Role::Warehouse)));
    let weak = guest.post(&href, &[("password", "aaaaaaaaaaaaaaaaaaaa")]).await;
    assert_eq!(weak.status, 422);
    assert!(!weak.body.contains("aaaaaaaaaaaaaaaaaaaa"));
    assert_eq!(guest.post(&href, &[("password", NEW)]).await.location(), "/sign-in");

    assert_eq!(walid.get("/orders").await.location(), "/sign-in?next=%2Forders");
    assert!(!enters(&app, Role::Warehouse, PASSWORD).await);
    assert!(enters(&app, Role::Warehouse, NEW).await);
    assert_eq!(guest.post(&href, &[("password", NEW)]).await.status, 404, "it works once");
    let audited = app.audited().await;
    for act in ["password_reset by Ana", "password_changed by Walid", "sessions_ended by Walid"] {
        assert!(audited.iter().any(|it| it == act), "{act}: {audited:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_link_ends_after_a_day_with_the_next_one_with_its_owner_and_with_another_password(
    pool: PgPool,
) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let over = async |href: &str| {
        for page in [app.visitor().get(href).await, app.visitor().post(href, &[]).await] {
            assert_eq!(page.status, 404, "{href}");
            assert!(page.text().contains("This link has ended"), "{}", page.text());
        }
    };
    over("/passwords/AAAAAAAAAAAAAAAAAAAAAA").await;
    let first = make(&app, &ana, Role::Viewer).await;
    let second = make(&app, &ana, Role::Viewer).await;
    over(&first).await;
    let id = id_of(&app, Role::Viewer).await;
    ana.post(&format!("/settings/users/{id}/deactivate"), &[]).await;
    over(&second).await;
    let refused = ana.post(&format!("/settings/users/{id}/password"), &[]).await;
    assert_eq!(refused.status, 404, "whoever cannot sign in needs no password");
    ana.post(&format!("/settings/users/{id}/reactivate"), &[]).await;
    over(&second).await;

    let forgotten = make(&app, &ana, Role::Viewer).await;
    let vera = app.sign_in(Role::Viewer).await;
    let fields = [("present_password", PASSWORD), ("new_password", NEW)];
    let changed = vera.post("/settings/profile/password", &fields).await;
    assert_eq!(changed.status, 303, "it was not forgotten after all");
    over(&forgotten).await;

    let third = make(&app, &ana, Role::Viewer).await;
    app.clock.advance(SignedDuration::from_hours(24) - SignedDuration::from_secs(1));
    assert_eq!(app.visitor().get(&third).await.status, 200);
    app.clock.advance(SignedDuration::from_secs(1));
    over(&third).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_an_admin_makes_one_and_the_database_knows_its_hash_alone(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let id = id_of(&app, Role::Viewer).await;
    for role in Role::ALL {
        let browser = app.sign_in(role).await;
        let page = browser.post(&format!("/settings/users/{id}/password"), &[]).await;
        assert_eq!(page.status, if role == Role::Admin { 200 } else { 403 }, "{role:?}");
    }
    let href = make(&app, &app.sign_in(Role::Admin).await, Role::Viewer).await;
    let row: String = sqlx::query_scalar("SELECT l::text FROM password_links AS l")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert!(!row.contains(href.strip_prefix("/passwords/").unwrap()));
}
