//! Invitations: a link that makes one user once, and the first admin of all.

use comptoir::domain::operator::Operator;
use comptoir::domain::operator::Role;
use comptoir::web::Settings;
use comptoir::web::settings::users::token;
use comptoir::workflow::AcceptError;
use comptoir::workflow::users;
use comptoir::workflow::users::Newcomer;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::support::Browser;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::encode;

const INVITE: &str = "/settings/users/invite";
const PASSWORD: &str = "correct horse battery staple";
const LUCIE: &str = "lucie@lemoine.test";

/// What Lucie fills in.
const ACCEPTED: [(&str, &str); 3] =
    [("name", "Lucie Garnier"), ("password", PASSWORD), ("language", "fr")];

/// The path of the link on that page.
fn link(page: &Page) -> String {
    assert_eq!(page.status, 200, "{}", page.text());
    let (_, rest) = page.body.split_once("value=\"http://comptoir.test").expect("a link");
    rest.split('"').next().unwrap().to_owned()
}

async fn invite(ana: &Browser, role: &str) -> String {
    link(&ana.post(INVITE, &[("email", LUCIE), ("role", role)]).await)
}

async fn users(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT count(*) FROM users").fetch_one(&app.pool).await.unwrap()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn somebody_who_is_invited_chooses_a_password_and_gets_to_work(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let guest = [("email", " Lucie@Lemoine.test "), ("role", "warehouse"), ("account", "maison")];
    let page = ana.post(INVITE, &guest).await;
    assert!(page.main_text().contains("Lucie@Lemoine.test is invited"), "{}", page.main_text());
    let href = link(&page);
    assert!(!ana.get("/settings/users").await.body.contains(&href), "shown once");
    let text = ana.get("/settings/users").await.main_text();
    let row = "lucie@lemoine.test Warehouse Maison Lemoine never Invited Thu 19 Nov until";
    assert!(text.contains(row), "{text}");

    let lucie = app.visitor();
    let form = lucie.get(&href).await;
    assert_eq!(form.status, 200);
    assert!(form.main_text().contains("You are invited as: Warehouse."));
    assert!(form.body.contains("value=\"lucie@lemoine.test\" autocomplete=\"username\" readonly"));
    let answer = lucie.post(&href, &ACCEPTED).await;
    assert_eq!((answer.status, answer.location()), (303, "/sign-in"));
    let fields = [("email", LUCIE), ("password", PASSWORD)];
    assert_eq!(lucie.post("/sign-in", &fields).await.status, 303);
    let page = lucie.get("/sync").await;
    assert!(page.body.contains("<html lang=\"fr\"") && page.text().contains("Lucie Garnier"));
    assert!(!page.text().contains("Atelier du Port"), "one account");
    let text = ana.get("/settings/users").await.main_text();
    let row = "Lucie Garnier lucie@lemoine.test Warehouse Maison Lemoine Thu 19 Nov, 14:12 Active";
    assert!(text.contains(row) && !text.contains("Invited"), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_link_works_once_for_seven_days_and_until_it_is_withdrawn(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    let over = async |href: &str| {
        let before = users(&app).await;
        for page in [app.visitor().get(href).await, app.visitor().post(href, &ACCEPTED).await] {
            assert_eq!(page.status, 404, "{href}");
            assert!(page.text().contains("This link has ended"), "{}", page.text());
        }
        assert_eq!(users(&app).await, before);
    };
    over("/invitations/AAAAAAAAAAAAAAAAAAAAAA").await;

    let first = invite(&ana, "viewer").await;
    let second = invite(&ana, "viewer").await;
    over(&first).await;

    let text = ana.get("/settings/users").await.body;
    let (_, rest) = text.split_once("data-invitation=\"").unwrap();
    let id = rest.split('"').next().unwrap();
    let path = format!("/settings/users/invitations/{id}/withdraw");
    assert_eq!(ana.post(&path, &[]).await.location(), "/settings/users");
    over(&second).await;
    assert_eq!(ana.post(&path, &[]).await.status, 303, "twice is no mistake");

    let third = invite(&ana, "viewer").await;
    app.clock.advance(SignedDuration::from_hours(7 * 24) - SignedDuration::from_secs(1));
    assert_eq!(app.visitor().get(&third).await.status, 200);
    app.clock.advance(SignedDuration::from_secs(1));
    over(&third).await;

    let ana = app.sign_in(Role::Admin).await;
    let fourth = invite(&ana, "viewer").await;
    assert_eq!(app.visitor().post(&fourth, &ACCEPTED).await.status, 303);
    over(&fourth).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_database_knows_the_link_by_its_hash_only(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let href = invite(&app.sign_in(Role::Admin).await, "viewer").await;
    let secret = href.strip_prefix("/invitations/").unwrap();
    assert_eq!(secret.len(), 22, "128 bits");
    let rows: Vec<String> = sqlx::query_scalar("SELECT i::text FROM invitations AS i")
        .fetch_all(&app.pool)
        .await
        .unwrap();
    assert_eq!(rows.len(), 1);
    assert!(!rows[0].contains(secret));
    let hash: Vec<u8> = sqlx::query_scalar("SELECT token_hash FROM invitations")
        .fetch_one(&app.pool)
        .await
        .unwrap();
    assert_eq!(hash, token::hash(secret));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn two_who_open_the_same_link_at_once_make_one_user(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let href = invite(&app.sign_in(Role::Admin).await, "viewer").await;
    let hash = token::hash(href.strip_prefix("/invitations/").unwrap());
    let newcomer = |name| Newcomer { email: "", name, password_hash: "x", language: "en" };
    let (one, other) = (newcomer("One"), newcomer("Other"));
    let (one, other) = tokio::join!(
        users::accept(&app.pool, &hash, &one, app.now()),
        users::accept(&app.pool, &hash, &other, app.now()),
    );
    let results = [one, other];
    assert_eq!(results.iter().filter(|it| it.is_ok()).count(), 1, "{results:?}");
    assert!(results.iter().any(|it| matches!(it, Err(AcceptError::Over))), "{results:?}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn mistakes_of_who_invites_are_told_at_their_fields(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let ana = app.sign_in(Role::Admin).await;
    for (email, role, field, words) in [
        ("", "viewer", "email", "Enter an e-mail address"),
        ("lucie", "viewer", "email", "Enter an e-mail address in the format name@example.com"),
        (LUCIE, "", "role", "Choose a role"),
        (LUCIE, "boss", "role", "Choose a role"),
        ("WALID@comptoir.test", "viewer", "email", "Somebody has this e-mail address already"),
    ] {
        let page = ana.post(INVITE, &[("email", email), ("role", role)]).await;
        assert_eq!(page.status, 422, "{words}");
        assert!(page.title().starts_with("Error: "));
        assert_eq!(page.main().matches(words).count(), 2, "{words}: {}", page.main_text());
        assert!(page.main().contains(&format!("href=\"#{field}\"")));
        assert!(page.main().contains(&format!("id=\"{field}-error\"")));
        assert_eq!(page.value_of("email").as_deref(), Some(email));
    }
    sqlx::query("UPDATE users SET active = FALSE WHERE email = 'walid@comptoir.test'")
        .execute(&app.pool)
        .await
        .unwrap();
    let guest = [("email", "walid@comptoir.test"), ("role", "viewer")];
    let page = ana.post(INVITE, &guest).await;
    assert!(page.main_text().contains("A deactivated user has this e-mail address."));
    for odd in [[("email", LUCIE), ("owner", "x")], [("email", LUCIE), ("email", LUCIE)]] {
        assert_eq!(ana.post(INVITE, &odd).await.status, 400);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn mistakes_of_who_accepts_are_told_and_nothing_is_lost_but_the_password(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let (href, before) =
        (invite(&app.sign_in(Role::Admin).await, "viewer").await, users(&app).await);
    let long = "x".repeat(129);
    let name = "n".repeat(81);
    for (field, value, words) in [
        ("name", " ", "Enter your name"),
        ("name", name.as_str(), "Name must be 80 characters or fewer"),
        ("name", "a\u{7}b", "Write your name in letters, on one line"),
        ("password", "fourteen chars", "A password has at least 15 characters"),
        ("password", long.as_str(), "A password has at most 128 characters"),
        ("password", "aaaaaaaaaaaaaaaaaaaa", "This is easy to guess: it repeats itself."),
        ("password", "Garnier-Lucie-Lemoine", "This is easy to guess"),
    ] {
        let mut fields = ACCEPTED;
        for it in &mut fields {
            if it.0 == field {
                it.1 = value;
            }
        }
        let page = app.visitor().post(&href, &fields).await;
        assert_eq!(page.status, 422, "{words}");
        assert_eq!(page.main().matches(words).count(), 2, "{}", page.main_text());
        assert!(page.main().contains(&format!("href=\"#{field}\"")));
        assert_eq!(page.value_of("password"), None);
        assert!(page.body.contains("value=\"fr\" lang=\"fr\" selected"));
    }
    let admin = [("role", "admin"), ("name", "Lucie"), ("password", PASSWORD)];
    assert_eq!(app.visitor().post(&href, &admin).await.status, 400, "nobody chooses their role");
    assert_eq!(users(&app).await, before);
    let cross_site = axum::http::Request::post(&href)
        .header("content-type", "application/x-www-form-urlencoded")
        .header("sec-fetch-site", "cross-site");
    assert_eq!(app.visitor().send(cross_site, encode(&ACCEPTED)).await.status, 403);
}

/// A Comptoir in which nobody is.
async fn empty(pool: PgPool) -> TestApp {
    let app = TestApp::start(pool).await;
    sqlx::query("DELETE FROM users").execute(&app.pool).await.unwrap();
    app
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_first_start_offers_a_link_that_makes_the_first_admin_once(pool: PgPool) {
    let app = empty(pool).await;
    let (one, other) = (token::new(), token::new());
    for secret in [&one, &other] {
        // Two processes that start together each offer one.
        assert!(users::invite_first(&app.pool, &token::hash(secret), app.now()).await.unwrap());
    }
    let youssef = app.visitor();
    let href = token::path(&one);
    let page = youssef.get(&href).await;
    assert!(page.main_text().contains("You become its first admin"), "{}", page.main_text());
    let fields = [("name", "Youssef"), ("password", PASSWORD), ("email", "")];
    assert_eq!(youssef.post(&href, &fields).await.status, 422, "the address is theirs to give");
    let fields = [("name", "Youssef"), ("password", PASSWORD), ("email", "Y@Lemoine.test")];
    assert_eq!(youssef.post(&href, &fields).await.location(), "/sign-in");
    let fields = [("email", "y@lemoine.test"), ("password", PASSWORD)];
    assert_eq!(youssef.post("/sign-in", &fields).await.status, 303);
    assert_eq!(youssef.get("/settings/users").await.status, 200);

    let late = [("name", "Mallory"), ("password", PASSWORD), ("email", "m@evil.test")];
    assert_eq!(app.visitor().post(&token::path(&other), &late).await.status, 404);
    let again = token::hash(&token::new());
    assert!(!users::invite_first(&app.pool, &again, app.now()).await.unwrap());
    assert_eq!(users(&app).await, 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn two_set_up_links_used_at_once_make_one_admin(pool: PgPool) {
    let app = empty(pool).await;
    let hashes = [token::hash(&token::new()), token::hash(&token::new())];
    for hash in &hashes {
        users::invite_first(&app.pool, hash, app.now()).await.unwrap();
    }
    let newcomer = |email| Newcomer { email, name: "A", password_hash: "x", language: "en" };
    let (a, b) = (newcomer("a@x.test"), newcomer("b@x.test"));
    let (one, other) = tokio::join!(
        users::accept(&app.pool, &hashes[0], &a, app.now()),
        users::accept(&app.pool, &hashes[1], &b, app.now()),
    );
    assert_eq!([one, other].iter().filter(|it| it.is_ok()).count(), 1);
    assert_eq!(users(&app).await, 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn somebody_invited_as_admin_sets_up_the_second_step_before_anything_else(pool: PgPool) {
    let settings = Settings { admins_need_second_factor: true, ..TestApp::settings() };
    let app = TestApp::start_with(pool, settings).await;
    let secret = token::new();
    let ana = Operator { id: id_of_ana(&app).await, name: "Ana".to_owned(), role: Role::Admin };
    let guest = users::Guest { email: LUCIE, role: Role::Admin, accounts: &[] };
    users::invite(&app.pool, &ana, &guest, &token::hash(&secret), app.now()).await.unwrap();
    let lucie = app.visitor();
    assert_eq!(lucie.post(&token::path(&secret), &ACCEPTED).await.status, 303);
    let fields = [("email", LUCIE), ("password", PASSWORD)];
    assert_eq!(lucie.post("/sign-in", &fields).await.status, 303);
    for path in ["/orders", "/settings/users", "/settings/accounts", "/activity", "/sync"] {
        let page = lucie.get(path).await;
        assert_eq!((page.status, page.location()), (303, "/settings/profile"), "{path}");
    }
    let page = lucie.post(INVITE, &[("email", "x@y.test"), ("role", "admin")]).await;
    assert_eq!((page.status, page.location()), (303, "/settings/profile"));
    let start = "/settings/profile/second-factor/start";
    let page = lucie.post(start, &[("password", PASSWORD)]).await;
    let page = lucie.post(page.location(), &[("code", &app.app_code().await)]).await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    assert_eq!(lucie.get("/settings/users").await.status, 200);
}

async fn id_of_ana(app: &TestApp) -> i64 {
    sqlx::query_scalar("SELECT user_id FROM users WHERE email = 'ana@comptoir.test'")
        .fetch_one(&app.pool)
        .await
        .unwrap()
}
