//! Every route of the router × nobody, each role. The router is the source of the list: a route that the table below
//! does not know fails the test, and so does a method that it says there is none.

use std::collections::BTreeSet;

use axum::body::Body;
use axum::http::Request;
use axum::http::header;
use comptoir::domain::action::ActionKind;
use comptoir::domain::operator::Permission as P;
use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::canaries;
use crate::canaries::BATCH;
use crate::canaries::IMPORT;
use crate::canaries::ORDER;
use crate::canaries::QUEUED;
use crate::canaries::UNDECIDED;
use crate::routes_matrix::Access::Everybody;
use crate::routes_matrix::Access::Nobody;
use crate::routes_matrix::Access::Owner;
use crate::routes_matrix::Access::SignedIn;
use crate::routes_matrix::Access::With;
use crate::support::Browser;
use crate::support::Page;
use crate::support::TestApp;
use crate::support::encode;
use crate::support::routes;

/// Who gets in.
#[derive(Debug, Clone, Copy)]
pub enum Access {
    /// There is no such method.
    Nobody,
    /// Whoever comes.
    Everybody,
    /// Whoever is signed in.
    SignedIn,
    /// Whoever has one of these rights.
    With(&'static [P]),
    /// Whose it is. The others do not find it.
    Owner(Role),
}

/// A route, and where it is tried.
#[derive(Debug)]
pub struct Row {
    route: &'static str,
    /// An address of it with something behind it.
    pub at: String,
    /// Reading.
    pub get: Access,
    /// Changing.
    pub post: Access,
    /// The least that makes a form of the body.
    pub form: &'static [(&'static str, &'static str)],
}

impl Row {
    /// Whether it is about something of the account `maison`.
    pub fn is_of_maison(&self) -> bool {
        let orders =
            ["/orders/", "/promises/", "/batches/"].iter().any(|it| self.at.starts_with(it));
        orders && !["/orders/export", "/orders/search"].contains(&self.at.as_str())
    }
}

const ACCEPT: Access = With(&[P::Accept]);
const INVOICE: Access = With(&[P::Invoice]);
const SUBMISSION: (&str, &str) = ("submission", "b0000000-0000-4000-8000-000000000001");

fn row(
    route: &'static str,
    at: &str,
    get: Access,
    post: Access,
    form: &'static [(&'static str, &'static str)],
) -> Row {
    Row { route, at: at.to_owned(), get, post, form }
}

/// The table.
pub fn rows() -> Vec<Row> {
    let mut rows = of_orders();
    rows.extend(of_teamwork());
    rows.extend(of_promises());
    rows.extend(of_batches());
    rows.extend(of_pages());
    rows.extend(of_imports());
    rows.extend(of_warehouse());
    rows.extend(of_settings());
    rows.extend(of_profile());
    rows.extend(of_the_door());
    rows
}

/// An order's actions are a row each, because each asks for a right of its own.
fn of_orders() -> Vec<Row> {
    let order = format!("/orders/maison/{ORDER}");
    let mut rows = vec![
        row("/orders", "/orders", SignedIn, Nobody, &[]),
        row("/orders/search", "/orders/search", SignedIn, SignedIn, &[("q", "Quincampoix")]),
        row("/views", "/views", Nobody, SignedIn, &[("name", "Mine"), ("query", "buyer=business")]),
        row("/views/looks", "/views/looks", Nobody, SignedIn, &[("shown", "total")]),
        row("/views/{id}", "/views/1", Nobody, SignedIn, &[("name", "Ours")]),
        row("/views/{id}/delete", "/views/1/delete", Nobody, SignedIn, &[]),
        row("/orders/export", "/orders/export", With(&[P::Export]), Nobody, &[]),
        row("/orders/{account}/{order_id}", &order, SignedIn, Nobody, &[]),
        row(
            "/orders/{account}/{order_id}/refresh",
            &format!("{order}/refresh"),
            SignedIn,
            SignedIn,
            &[],
        ),
    ];
    let (action, invoice) =
        ("/orders/{account}/{order_id}/{action}", "/orders/{account}/{order_id}/invoice");
    for kind in ActionKind::ALL {
        let (route, access) = match kind {
            ActionKind::Accept | ActionKind::Refuse => (action, ACCEPT),
            ActionKind::Ship => (action, With(&[P::Ship])),
            ActionKind::Cancel | ActionKind::CancelLines => (action, With(&[P::Cancel])),
            ActionKind::Gesture => (action, With(&[P::Gesture])),
            ActionKind::Invoice => (invoice, INVOICE),
        };
        let at = format!("{order}/{}", kind.slug());
        rows.push(row(route, &at, access, access, &[SUBMISSION]));
    }
    rows
}

/// Nobody has the order: giving it to nobody is the manager's.
fn of_teamwork() -> Vec<Row> {
    const ACTS: Access = With(&[P::Note, P::Gesture]);
    let order = |end: &str| format!("/orders/maison/{ORDER}/{end}");
    let note = &[SUBMISSION, ("note", "Call first.")];
    let [notes, assign, claim, take_over] = [
        "/orders/{account}/{order_id}/notes",
        "/orders/{account}/{order_id}/assign",
        "/orders/{account}/{order_id}/claim",
        "/orders/{account}/{order_id}/take-over",
    ];
    vec![
        row(notes, &order("notes"), Nobody, With(&[P::Note]), note),
        row(assign, &order("assign"), Nobody, With(&[P::Assign]), &[("to", "")]),
        row(claim, &order("claim"), Nobody, ACTS, &[]),
        row(take_over, &order("take-over"), Nobody, ACTS, &[]),
    ]
}

fn of_promises() -> Vec<Row> {
    let [queued, withdraw] = ["", "/withdraw"].map(|it| format!("/promises/{QUEUED}{it}"));
    let decide = format!("/promises/{UNDECIDED}/decide");
    vec![
        row("/promises/{id}", &queued, SignedIn, Nobody, &[]),
        row("/promises/{id}/withdraw", &withdraw, Nobody, ACCEPT, &[]),
        row("/promises/{id}/decide", &decide, Nobody, ACCEPT, &[("done", "yes")]),
    ]
}

fn of_batches() -> Vec<Row> {
    const WALID: Access = Owner(Role::Warehouse);
    let [batch, file, retry] = ["", "/file", "/retry"].map(|it| format!("/batches/{BATCH}{it}"));
    let ticked = &[("purpose", "ship"), ("order", "maison/ZQXORDER1")];
    vec![
        row("/batches", "/batches", SignedIn, With(&[P::Ship]), ticked),
        row("/batches/{id}", &batch, WALID, WALID, &[("do", "confirm")]),
        row("/batches/{id}/file", &file, WALID, Nobody, &[]),
        row("/batches/{id}/retry", &retry, Nobody, WALID, &[]),
    ]
}

fn of_pages() -> Vec<Row> {
    const PAUSE: Access = With(&[P::PauseSending]);
    const RETRY: Access = With(&[P::Accept, P::Ship, P::Cancel, P::Gesture]);
    let retry = &[("account", "atelier"), ("trouble", "unreachable")];
    vec![
        row("/", "/", SignedIn, Nobody, &[]),
        row("/invoices", "/invoices", INVOICE, INVOICE, &[]),
        row("/activity", "/activity", SignedIn, Nobody, &[]),
        row("/activity/export", "/activity/export", SignedIn, Nobody, &[]),
        row("/attention", "/attention", SignedIn, Nobody, &[]),
        row("/updates", "/updates", SignedIn, Nobody, &[]),
        row("/updates/since", "/updates/since?at=0&event=0", SignedIn, Nobody, &[]),
        row("/glossary", "/glossary", SignedIn, Nobody, &[]),
        row("/help", "/help", SignedIn, Nobody, &[]),
        row("/notifications", "/notifications", SignedIn, Nobody, &[]),
        row("/notifications/{id}/open", "/notifications/1/open", Nobody, SignedIn, &[]),
        row("/notifications/read", "/notifications/read", Nobody, SignedIn, &[("last", "0")]),
        row("/sync", "/sync", SignedIn, Nobody, &[]),
        row("/sync/pause", "/sync/pause", Nobody, PAUSE, &[]),
        row("/sync/resume", "/sync/resume", Nobody, PAUSE, &[]),
        row("/sync/retry", "/sync/retry", Nobody, RETRY, retry),
        row("/sync/now", "/sync/now", Nobody, SignedIn, &[("account", "atelier")]),
        row("/sync/compare", "/sync/compare", Nobody, SignedIn, &[("account", "atelier")]),
        row("/sync/order", "/sync/order", Nobody, SignedIn, &[("account", "atelier")]),
    ]
}

fn of_warehouse() -> Vec<Row> {
    const SHIP: Access = With(&[P::Ship]);
    let packed = format!("/orders/maison/{ORDER}/packed");
    vec![
        row("/shipping", "/shipping", SHIP, Nobody, &[]),
        row("/orders/{account}/{order_id}/packed", &packed, Nobody, SHIP, &[("packed", "no")]),
        row("/shipping/picking", "/shipping/picking", SignedIn, Nobody, &[]),
        row("/shipping/slips", "/shipping/slips", SignedIn, Nobody, &[]),
        row("/shipping/scan", "/shipping/scan", Nobody, SHIP, &[("number", "nowhere")]),
    ]
}

fn of_imports() -> Vec<Row> {
    const WALID: Access = Owner(Role::Warehouse);
    const SHIP: Access = With(&[P::Ship]);
    let [import, rest] = ["", "/rest"].map(|it| format!("/imports/{IMPORT}{it}"));
    vec![
        row("/imports", "/imports", SHIP, SHIP, &[]),
        row("/imports/template", "/imports/template", SHIP, Nobody, &[]),
        row("/imports/{id}/rest", &rest, WALID, Nobody, &[]),
        row("/imports/{id}", &import, WALID, WALID, &[("order", "0"), ("number", "1")]),
    ]
}

/// The sixth user and the first invitation are nobody's who is signed in here.
fn of_settings() -> Vec<Row> {
    const ACCOUNTS: Access = With(&[P::Settings]);
    const USERS: Access = With(&[P::Users]);
    let account = "/settings/accounts/{account}";
    let withdraw = "/settings/users/invitations/{id}/withdraw";
    let mut rows = vec![
        row("/settings/carriers", "/settings/carriers", ACCOUNTS, ACCOUNTS, &[]),
        row("/settings/accounts", "/settings/accounts", ACCOUNTS, Nobody, &[]),
        row("/settings/accounts/new", "/settings/accounts/new", ACCOUNTS, ACCOUNTS, &[]),
        row(account, "/settings/accounts/maison", ACCOUNTS, ACCOUNTS, &[]),
        row("/settings/users", "/settings/users", USERS, Nobody, &[]),
        row("/settings/users/invite", "/settings/users/invite", Nobody, USERS, &[]),
        row("/settings/users/{id}", "/settings/users/6", USERS, USERS, &[]),
        row(withdraw, "/settings/users/invitations/1/withdraw", Nobody, USERS, &[]),
    ];
    for (route, at, access) in [
        (
            "/settings/accounts/{account}/channels/{channel}",
            "/settings/accounts/maison/channels/ZQXCHAN",
            ACCOUNTS,
        ),
        ("/settings/accounts/{account}/test", "/settings/accounts/maison/test", ACCOUNTS),
        ("/settings/accounts/{account}/pause", "/settings/accounts/maison/pause", ACCOUNTS),
        ("/settings/accounts/{account}/resume", "/settings/accounts/maison/resume", ACCOUNTS),
        ("/settings/users/{id}/password", "/settings/users/6/password", USERS),
        ("/settings/users/{id}/deactivate", "/settings/users/6/deactivate", USERS),
        ("/settings/users/{id}/reactivate", "/settings/users/6/reactivate", USERS),
        ("/settings/users/{id}/end-sessions", "/settings/users/6/end-sessions", USERS),
        (
            "/settings/users/{id}/reset-second-factor",
            "/settings/users/6/reset-second-factor",
            USERS,
        ),
    ] {
        rows.push(row(route, at, Nobody, access, &[]));
    }
    rows
}

fn of_profile() -> Vec<Row> {
    let factor = "/settings/profile/second-factor";
    let end = "/settings/profile/sessions/{id}/end";
    let mut rows = vec![
        row("/session", "/session", SignedIn, Nobody, &[]),
        row("/settings/profile", "/settings/profile", SignedIn, Nobody, &[]),
        row("/sign-in/confirm", "/sign-in/confirm", SignedIn, SignedIn, &[]),
        row(factor, factor, SignedIn, SignedIn, &[]),
        row(end, "/settings/profile/sessions/999/end", Nobody, SignedIn, &[]),
    ];
    for route in [
        "/settings/profile/password",
        "/settings/profile/preferences",
        "/settings/profile/notifications",
        "/settings/profile/sessions/end-others",
        "/settings/profile/second-factor/start",
        "/settings/profile/second-factor/codes",
        "/settings/profile/second-factor/remove",
    ] {
        rows.push(row(route, route, Nobody, SignedIn, &[]));
    }
    rows
}

/// Signing out comes last, because it ends the session.
fn of_the_door() -> Vec<Row> {
    vec![
        row("/invitations/{token}", "/invitations/nobody-was", Everybody, Everybody, &[]),
        row("/passwords/{token}", "/passwords/nobody-was", Everybody, Everybody, &[]),
        row("/sign-in", "/sign-in", Everybody, Everybody, &[]),
        row("/sign-in/code", "/sign-in/code", Everybody, Everybody, &[]),
        row("/sign-in/sso", "/sign-in/sso", Everybody, Nobody, &[]),
        row("/sign-in/sso/return", "/sign-in/sso/return", Everybody, Nobody, &[]),
        row("/static/{file}", "/static/app.css", Everybody, Nobody, &[]),
        row("/healthz", "/healthz", Everybody, Nobody, &[]),
        row("/readyz", "/readyz", Everybody, Nobody, &[]),
        row("/sign-out", "/sign-out", Nobody, Everybody, &[]),
    ]
}

/// Sends what a browser would.
pub async fn ask(browser: &Browser, method: &str, row: &Row) -> Page {
    let request = Request::builder().method(method).uri(&row.at);
    if method != "POST" {
        return browser.send(request, Body::empty()).await;
    }
    let request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    browser.send(request, encode(row.form)).await
}

/// What became of a request.
#[derive(Debug, PartialEq, Eq)]
enum Answer {
    NoMethod,
    SignInFirst,
    Refused,
    /// Something for them, also that their form has a mistake.
    In,
    /// Neither is right: nothing there, or a failure of ours.
    Lost,
}

fn answer(page: &Page) -> Answer {
    match page.status {
        405 => Answer::NoMethod,
        401 => Answer::SignInFirst,
        303 if page.location().starts_with("/sign-in") => Answer::SignInFirst,
        403 => Answer::Refused,
        // The marketplace, which some forms ask, is not there.
        503 => Answer::In,
        404 | 500.. => Answer::Lost,
        _ => Answer::In,
    }
}

fn expected(access: Access, role: Option<Role>) -> Answer {
    match (access, role) {
        (Nobody, _) => Answer::NoMethod,
        (SignedIn | With(_) | Owner(_), None) => Answer::SignInFirst,
        (Owner(owner), Some(role)) => {
            if owner == role {
                Answer::In
            } else {
                Answer::Lost
            }
        }
        (Everybody, _) | (SignedIn, Some(_)) => Answer::In,
        (With(rights), Some(role)) => {
            if rights.iter().any(|it| role.may(*it)) {
                Answer::In
            } else {
                Answer::Refused
            }
        }
    }
}

fn flaw(page: &Page, access: Access, role: Option<Role>) -> Option<String> {
    let (is, should) = (answer(page), expected(access, role));
    // Signing in is where the doors for everybody lead.
    let right = match access {
        Everybody => !matches!(is, Answer::NoMethod | Answer::Refused) && page.status < 500,
        Nobody | SignedIn | With(_) | Owner(_) => is == should,
    };
    if !right {
        return Some(format!("{} is {is:?}, not {should:?}", page.status));
    }
    // A refusal says why, in a sentence.
    let mute = is == Answer::Refused && !page.body.is_empty() && page.main_text().len() < 40;
    mute.then(|| format!("refused without a word: {}", page.body))
}

async fn walk(app: &TestApp, role: Option<Role>, rows: &[Row]) -> Vec<String> {
    let browser = match role {
        Some(role) => app.sign_in(role).await,
        None => app.visitor(),
    };
    let mut flaws = Vec::new();
    for row in rows {
        for (method, access) in [
            ("GET", row.get),
            ("HEAD", row.get),
            ("PUT", Nobody),
            ("PATCH", Nobody),
            ("DELETE", Nobody),
            ("POST", row.post),
        ] {
            let page = ask(&browser, method, row).await;
            let who = role.map_or("nobody", Role::as_str);
            let flaw = flaw(&page, access, role);
            flaws.extend(flaw.map(|it| format!("{who}: {method} {}: {it}", row.at)));
        }
    }
    flaws
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_route_lets_in_whom_it_should(pool: PgPool) {
    let app = TestApp::start(pool).await;
    canaries::release(&app).await;
    let others = "
      INSERT INTO users (email, name, role, password_hash, created_at)
      VALUES ('paul@comptoir.test', 'Paul Petit', 'viewer', '-', now());
      INSERT INTO invitations (token_hash, email, role, invited_by, created_at, expires_at)
      SELECT '', 'rosa@comptoir.test', 'viewer', user_id, now(), now() + '1 day' FROM users WHERE role = 'admin'";
    sqlx::raw_sql(others).execute(&app.pool).await.unwrap();
    let rows = rows();
    let known: BTreeSet<_> = rows.iter().map(|it| it.route.to_owned()).collect();
    let told: BTreeSet<_> = routes(&app.router).into_iter().collect();
    let unknown: Vec<_> = told.symmetric_difference(&known).collect();
    assert!(unknown.is_empty(), "in the router or in the table, but not in both: {unknown:?}");
    let mut flaws = walk(&app, None, &rows).await;
    for role in Role::ALL {
        flaws.extend(walk(&app, Some(role), &rows).await);
    }
    assert!(flaws.is_empty(), "{}", flaws.join("\n"));
}
