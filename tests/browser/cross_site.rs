//! Forms of other sites, and what a real browser says of whose a form is.

use axum::Router;
use axum::http::header;
use axum::response::Html;
use axum::routing::get;
use comptoir::domain::operator::Role;
use serde_json::json;
use sqlx::PgPool;
use tokio::net::TcpListener;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::World;
use crate::world::sign_in;

/// Another site on this machine, whose page sends a form to that address. Its port.
async fn trap(action: String) -> u16 {
    let page =
        format!("<form method=post action='{action}'><button id=trap>Win a prize</button></form>");
    let open = page.clone();
    let router = Router::new()
        .route("/", get(async || Html(open)))
        .route("/silent", get(async || ([(header::REFERRER_POLICY, "no-referrer")], Html(page))));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move { axum::serve(listener, router).await });
    port
}

async fn walk_into(browser: &Browser, page: &str) {
    browser.run("location = arguments[0]", json!([page])).await;
    browser.click("#trap").await;
    browser.see_text("main h1", "This form came from another site").await;
    browser.see_text("main", "Nothing was recorded").await;
    browser.goto("/orders").await;
    browser.see(".app-bar .menu").await;
}

/// The product under a name that is not this machine's own, as in an office without https: there, browsers
/// say less of whose a form is.
fn in_the_office(world: &World) -> String {
    let (_, port) = world.origin.rsplit_once(':').unwrap();
    format!("http://comptoir.test:{port}")
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_form_of_another_site_does_nothing(pool: PgPool) {
    let world = World::still(pool).await;
    let browser = world.signed_in(Role::Admin, Scripts::On).await;
    let port = trap(format!("{}/sign-out", world.origin)).await;
    // Another port of this host: the same site to a browser, which sends the cookie along.
    walk_into(&browser, &format!("http://127.0.0.1:{port}/")).await;
    walk_into(&browser, &format!("http://127.0.0.1:{port}/silent")).await;
    walk_into(&browser, &format!("http://evil.test:{port}/")).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_https_forms_of_ours_are_taken_and_others_are_not(pool: PgPool) {
    let world = World::still(pool).await;
    let origin = in_the_office(&world);
    let browser = Browser::open(&origin, Scripts::On, "en").await;
    sign_in(&browser, Role::Admin).await;
    let port = trap(format!("{origin}/sign-out")).await;
    walk_into(&browser, &format!("http://comptoir.test:{port}/")).await;
    walk_into(&browser, &format!("http://comptoir.test:{port}/silent")).await;
    walk_into(&browser, &format!("http://evil.test:{port}/")).await;
}
