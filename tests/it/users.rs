//! The settings of users: who sees them, what may be changed, and what the rules refuse.

use comptoir::domain::operator::Operator;
use comptoir::domain::operator::Role;
use comptoir::domain::operator::change::Change;
use comptoir::domain::operator::change::Refused;
use comptoir::workflow::UserError;
use comptoir::workflow::users;
use sqlx::PgPool;

use crate::support::TestApp;
use crate::support::name;

const USERS: &str = "/settings/users";

async fn id_of(app: &TestApp, role: Role) -> i64 {
    sqlx::query_scalar("SELECT user_id FROM users WHERE name = $1")
        .bind(name(role))
        .fetch_one(&app.pool)
        .await
        .unwrap()
}

async fn href(app: &TestApp, role: Role) -> String {
    format!("{USERS}/{}", id_of(app, role).await)
}

/// Role, whether active, and the accounts of everybody, by name.
async fn everybody(app: &TestApp) -> Vec<(String, String, bool, Vec<String>)> {
    sqlx::query_as(
        "SELECT name, role, active, ARRAY(SELECT account_id FROM user_accounts AS l
                                          WHERE l.user_id = u.user_id ORDER BY 1)
         FROM users AS u ORDER BY name",
    )
    .fetch_all(&app.pool)
    .await
    .unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_admin_sees_everybody_and_what_each_role_may_do(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let page = ana.get(USERS).await;
    assert_eq!(page.status, 200);
    let text = page.main_text();
    for words in [
        "Ana Alves ana@comptoir.test Admin All Thu 19 Nov, 14:12 Active Edit Ana Alves",
        "Walid Wagner walid@comptoir.test Warehouse All never Active Edit Walid Wagner",
        "Limit of gestures – no – no 30 at a time, 150 a day 100 at a time, 500 a day none",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
    assert!(page.body.contains("<a href=\"/settings/users\" aria-current=\"page\">Settings<"));
    assert!(ana.get("/orders").await.body.contains("href=\"/settings/users\""));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn everybody_else_is_told_why_not_and_changes_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (walid, before) = (href(&app, Role::Warehouse).await, everybody(&app).await);
    for role in [Role::Viewer, Role::Warehouse, Role::CustomerService, Role::Manager] {
        let browser = app.sign_in(role).await;
        assert!(!browser.get("/orders").await.body.contains("href=\"/settings/users\""));
        let mut pages = vec![browser.get(USERS).await, browser.get(&walid).await];
        let rights = [("role", "admin")];
        pages.push(browser.post(&walid, &rights).await);
        for path in ["deactivate", "reactivate"] {
            pages.push(browser.post(&format!("{walid}/{path}"), &[]).await);
        }
        let guest = [("email", "x@y.test"), ("role", "admin")];
        pages.push(browser.post("/settings/users/invite", &guest).await);
        pages.push(browser.post("/settings/users/invitations/1/withdraw", &[]).await);
        for page in pages {
            assert_eq!(page.status, 403, "{role:?}");
            let words = "Your role cannot see or change users. Ask an admin.";
            assert!(page.main_text().contains(words), "{}", page.main_text());
        }
    }
    let visitor = app.visitor();
    assert_eq!(visitor.get(USERS).await.location(), "/sign-in?next=%2Fsettings%2Fusers");
    // What was posted is kept for after the sign-in; nothing is done with it before.
    assert_eq!(visitor.post(&walid, &[("role", "admin")]).await.status, 401);
    assert_eq!(everybody(&app).await, before);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn another_role_counts_at_once_and_ends_the_sessions_of_the_old_one(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (ana, walid) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Warehouse).await);
    let path = href(&app, Role::Warehouse).await;
    let page = ana.get(&path).await;
    assert!(
        page.body.contains("value=\"warehouse\" aria-describedby=\"role-warehouse-hint\" checked")
    );
    let answer = ana.post(&path, &[("role", "manager")]).await;
    assert_eq!((answer.status, answer.location()), (303, USERS));
    assert!(ana.get(USERS).await.main_text().contains("walid@comptoir.test Manager All"));
    assert_eq!(walid.get("/orders").await.status, 303, "signed out");
    let walid = app.sign_in(Role::Warehouse).await;
    assert_eq!(walid.get("/orders/export").await.status, 200, "a manager now");
    // The same role once more changes nothing, and interrupts nobody.
    ana.post(&path, &[("role", "manager")]).await;
    assert_eq!(walid.get("/orders").await.status, 200);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_deactivated_user_is_out_at_the_next_request_and_comes_back(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (ana, walid) = (app.sign_in(Role::Admin).await, app.sign_in(Role::Warehouse).await);
    let path = href(&app, Role::Warehouse).await;
    let answer = ana.post(&format!("{path}/deactivate"), &[]).await;
    assert_eq!((answer.status, answer.location()), (303, USERS));
    assert_eq!(walid.get("/orders").await.status, 303);
    let sessions: i64 =
        sqlx::query_scalar("SELECT count(*) FROM sessions").fetch_one(&app.pool).await.unwrap();
    assert_eq!(sessions, 1, "Ana's");
    let fields = [("email", "walid@comptoir.test"), ("password", crate::support::PASSWORD)];
    assert_eq!(walid.post("/sign-in", &fields).await.status, 422);
    let page = ana.get(&path).await;
    assert!(page.main_text().contains("This person cannot sign in."), "{}", page.main_text());
    ana.post(&format!("{path}/reactivate"), &[]).await;
    assert_eq!(walid.get("/orders").await.status, 303, "the old session stays ended");
    assert_eq!(walid.post("/sign-in", &fields).await.status, 303);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nobody_takes_their_own_right_away(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let path = href(&app, Role::Admin).await;
    let words = "You cannot take away your own admin right. Ask another admin to do it.";
    let page = ana.get(&path).await;
    assert!(page.main_text().contains(words) && !page.body.contains("/deactivate"));
    let page = ana.post(&path, &[("role", "viewer")]).await;
    assert_eq!(page.status, 422);
    assert_eq!(page.main().matches(words).count(), 3, "summary, field, and below");
    assert!(page.main().contains("href=\"#role\"") && page.main().contains("id=\"role-error\""));
    let page = ana.post(&format!("{path}/deactivate"), &[]).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains(words), "{}", page.main_text());
    assert_eq!(ana.get(USERS).await.status, 200);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn of_two_admins_who_remove_each_other_at_once_one_is_left(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (ana, marc) = (id_of(&app, Role::Admin).await, id_of(&app, Role::Manager).await);
    for round in 0..10 {
        sqlx::query("UPDATE users SET role = 'admin', active = TRUE WHERE user_id = ANY ($1)")
            .bind([ana, marc])
            .execute(&app.pool)
            .await
            .unwrap();
        let operator = |id| Operator { id, name: String::new(), role: Role::Admin };
        let (first, second) = (operator(ana), operator(marc));
        let (one, other) = tokio::join!(
            users::change(&app.pool, &first, marc, Change::Deactivate, &[], app.now()),
            users::change(&app.pool, &second, ana, Change::Deactivate, &[], app.now()),
        );
        let results = [one, other];
        assert_eq!(results.iter().filter(|it| it.is_ok()).count(), 1, "{round}: {results:?}");
        let refused =
            |it: &Result<(), UserError>| matches!(it, Err(UserError::Refused(Refused::Needs)));
        assert!(results.iter().any(refused), "{results:?}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_user_limited_to_an_account_knows_of_no_other(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let walid = app.sign_in(Role::Warehouse).await;
    let failing = "UPDATE sync_states SET failure = 'unreachable' WHERE account_id = 'atelier'";
    sqlx::query(failing).execute(&app.pool).await.unwrap();
    let warning = "One account cannot be read from the marketplace.";
    assert!(walid.get("/orders").await.text().contains(warning));
    let path = href(&app, Role::Warehouse).await;
    let rights = [("role", "warehouse"), ("account", "maison")];
    assert_eq!(ana.post(&path, &rights).await.status, 303);
    assert!(ana.get(USERS).await.main_text().contains("Warehouse Maison Lemoine"));
    let page = walid.get("/sync").await;
    assert_eq!(page.status, 200, "the session goes on");
    assert!(page.text().contains("Maison Lemoine") && !page.text().contains("Atelier du Port"));
    assert!(!walid.get("/orders").await.text().contains(warning));
    assert_eq!(walid.get("/orders/atelier/A-1").await.status, 404);
    // All accounts are no limit, and include the ones to come.
    let rights = [("role", "warehouse"), ("account", "maison"), ("account", "atelier")];
    assert_eq!(ana.post(&path, &rights).await.status, 303);
    assert!(walid.get("/sync").await.text().contains("Atelier du Port"));
    assert!(everybody(&app).await.iter().all(|it| it.3.is_empty()));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_admin_is_limited_to_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let before = everybody(&app).await;
    let path = href(&app, Role::Warehouse).await;
    let page = ana.post(&path, &[("role", "admin"), ("account", "maison")]).await;
    assert_eq!(page.status, 422);
    assert!(page.main().contains("href=\"#accounts\""));
    assert!(page.main_text().contains("An admin works for all accounts"));
    assert!(page.body.contains("value=\"maison\" checked"), "what was ticked stays");
    let guest = [("email", "x@y.test"), ("role", "admin"), ("account", "maison")];
    assert_eq!(ana.post("/settings/users/invite", &guest).await.status, 422);
    assert_eq!(everybody(&app).await, before);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nonsense_is_answered_and_changes_nothing(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let (path, before) = (href(&app, Role::Warehouse).await, everybody(&app).await);
    let forms: [(&[(&str, &str)], u16); 7] = [
        (&[], 422),
        (&[("role", "")], 422),
        (&[("role", "owner")], 422),
        (&[("role", "viewer"), ("role", "admin")], 400),
        (&[("role", "viewer"), ("active", "false")], 400),
        (&[("role", "viewer"), ("account", "nobody")], 400),
        (&[("role", "viewer"), ("password_hash", "x")], 400),
    ];
    for (form, status) in forms {
        assert_eq!(ana.post(&path, form).await.status, status, "{form:?}");
    }
    for path in ["/settings/users/0", "/settings/users/x", "/settings/users/99999999999999999999"] {
        assert_eq!(ana.get(path).await.status, 404, "{path}");
        assert_eq!(ana.post(path, &[("role", "viewer")]).await.status, 404, "{path}");
        assert_eq!(ana.post(&format!("{path}/deactivate"), &[]).await.status, 404, "{path}");
    }
    assert_eq!(ana.get(&format!("{path}/deactivate")).await.status, 405);
    assert_eq!(everybody(&app).await, before);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_pages_are_complete_in_french(pool: PgPool) {
    let app = TestApp::start(pool).await;
    sqlx::query("UPDATE users SET language = 'fr'").execute(&app.pool).await.unwrap();
    let ana = app.sign_in(Role::Admin).await;
    let text = ana.get(USERS).await.main_text();
    for words in ["Réglages", "Dernière connexion", "Lecture seule", "30 à la fois, 150 par jour"]
    {
        assert!(text.contains(words), "{words}: {text}");
    }
    let text = ana.get(&href(&app, Role::Admin).await).await.main_text();
    assert!(text.contains("Vous ne pouvez pas retirer votre propre droit"), "{text}");
}
