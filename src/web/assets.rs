//! The files that pages are made of, inside the program. Their addresses change with their contents, so
//! browsers may keep them for good.

use std::fmt::Write;
use std::sync::LazyLock;

use axum::extract::Path;
use axum::http::header;
use axum::response::IntoResponse;
use sha2::Digest;
use sha2::Sha256;

use crate::web::error::Error;
use crate::web::error::Result;

/// A file.
#[derive(Debug)]
struct Asset {
    path: String,
    content_type: &'static str,
    bytes: &'static [u8],
}

/// Every file.
#[derive(Debug)]
pub struct Assets {
    style: Asset,
    script: Asset,
    htmx: Asset,
    icon: Asset,
}

static ASSETS: LazyLock<Assets> = LazyLock::new(|| {
    let javascript = "text/javascript; charset=utf-8";
    Assets {
        style: asset(
            "app",
            "css",
            "text/css; charset=utf-8",
            include_bytes!("../../static/app.css"),
        ),
        script: asset("app", "js", javascript, include_bytes!("../../static/app.js")),
        htmx: asset("htmx", "js", javascript, include_bytes!("../../static/vendor/htmx.min.js")),
        icon: asset("brand", "svg", "image/svg+xml", include_bytes!("../../static/brand.svg")),
    }
});

fn asset(name: &str, kind: &str, content_type: &'static str, bytes: &'static [u8]) -> Asset {
    let digest = Sha256::digest(bytes);
    let mut path = format!("/static/{name}-");
    for byte in digest.iter().take(6) {
        let _ = write!(path, "{byte:02x}");
    }
    Asset { path: format!("{path}.{kind}"), content_type, bytes }
}

/// The addresses, for templates.
pub fn assets() -> &'static Assets {
    &ASSETS
}

impl Assets {
    /// The stylesheet's address.
    pub fn style(&self) -> &str {
        &self.style.path
    }

    /// Our script's address.
    pub fn script(&self) -> &str {
        &self.script.path
    }

    /// The address of htmx.
    pub fn htmx(&self) -> &str {
        &self.htmx.path
    }

    /// The icon's address.
    pub fn icon(&self) -> &str {
        &self.icon.path
    }
}

/// `GET /static/{file}`
pub async fn show(Path(file): Path<String>) -> Result<impl IntoResponse> {
    let Assets { style, script, htmx, icon } = assets();
    let found = [style, script, htmx, icon]
        .into_iter()
        .find(|it| it.path.strip_prefix("/static/") == Some(file.as_str()));
    let asset = found.ok_or(Error::NotFound)?;
    let headers = [
        (header::CONTENT_TYPE, asset.content_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable"),
    ];
    Ok((headers, asset.bytes))
}
