//! The files that pages are made of.

use std::fmt::Write;
use std::fs;
use std::path::Path;

use axum::body::Body;
use axum::http::Request;
use comptoir::domain::operator::Role;
use sha2::Digest;
use sha2::Sha256;
use sqlx::PgPool;

use crate::support::Page;
use crate::support::TestApp;

/// The addresses under `/static/` that a page names.
fn files(page: &Page) -> Vec<String> {
    let rest = page.body.split("\"/static/").skip(1);
    rest.map(|it| format!("/static/{}", it.split('"').next().unwrap())).collect()
}

/// The file in the sources that an address is made of, `app-1f2e3d4c5b6a.css` from `app.css`.
fn source(address: &str) -> (Vec<u8>, String) {
    let (name, rest) = address.strip_prefix("/static/").unwrap().split_once('-').unwrap();
    let (hash, kind) = rest.split_once('.').unwrap();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("static");
    let places = [
        format!("{name}.{kind}"),
        format!("vendor/{name}.{kind}"),
        format!("vendor/{name}.min.{kind}"),
    ];
    let bytes = places.iter().find_map(|it| fs::read(folder.join(it)).ok());
    (bytes.unwrap_or_else(|| panic!("{address} is not in {places:?}")), hash.to_owned())
}

fn sha256(bytes: &[u8]) -> String {
    let mut hex = String::new();
    for byte in Sha256::digest(bytes) {
        write!(hex, "{byte:02x}").unwrap();
    }
    hex
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn they_are_named_after_their_contents_and_kept_for_good(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let page = app.sign_in(Role::Viewer).await.get("/sync").await;
    let files = files(&page);
    assert!(files.len() >= 4, "{files:?}");
    for address in files {
        let file = app.visitor().get(&address).await;
        let (bytes, hash) = source(&address);
        assert_eq!(file.status, 200, "{address}");
        assert!(file.body.as_bytes() == bytes, "{address}");
        assert!(hash.len() >= 12 && sha256(&bytes).starts_with(&hash), "{address}");
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        assert_eq!(file.header("x-content-type-options"), "nosniff");
        assert_eq!(file.header("set-cookie"), "");
        let kind = match address.rsplit_once('.').unwrap().1 {
            "css" => "text/css; charset=utf-8",
            "js" => "text/javascript; charset=utf-8",
            "svg" => "image/svg+xml; charset=utf-8",
            other => panic!("no type is known for .{other}"),
        };
        assert_eq!(file.header("content-type"), kind);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn they_travel_compressed_to_whoever_reads_that(pool: PgPool) {
    let app = TestApp::start(pool).await;
    let browser = app.visitor();
    for address in files(&browser.get("/sign-in").await) {
        let request = Request::get(&address).header("accept-encoding", "gzip, deflate, br");
        let file = browser.send(request, Body::empty()).await;
        assert_eq!((file.status, file.header("content-encoding")), (200, "gzip"), "{address}");
        assert_eq!(file.header("vary"), "accept-encoding");
        assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
        let plain = browser.get(&address).await;
        assert_eq!(plain.header("content-encoding"), "");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn another_version_is_answered_with_ours_which_nobody_may_keep(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for (address, style) in
        [("/static/app-0123456789ab.css", true), ("/static/app-0123456789ab.js", false)]
    {
        let file = app.visitor().get(address).await;
        assert_eq!((file.status, file.header("cache-control")), (200, "no-store"), "{address}");
        assert_eq!(file.header("content-type").starts_with("text/css"), style);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn nothing_else_is_served(pool: PgPool) {
    let app = TestApp::start(pool).await;
    for address in [
        "/static/app.css",
        "/static/app-.css",
        "/static/app-0123456789ab.svg",
        "/static/app-0123456789AB.css",
        "/static/app-0123456789abc.css",
        "/static/app-%2e%2e%2f%2e%2e.css",
        "/static/..%2Fapp.css",
        "/static/%2e%2e/Cargo.toml",
        "/static/../Cargo.toml",
        "/static/vendor/htmx.min.js",
        "/static/",
        "/static",
    ] {
        let page = app.visitor().get(address).await;
        assert_eq!((page.status, page.header("cache-control")), (404, "no-store"), "{address}");
    }
}
