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
    name: &'static str,
    kind: &'static str,
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
        icon: asset(
            "brand",
            "svg",
            "image/svg+xml; charset=utf-8",
            include_bytes!("../../static/brand.svg"),
        ),
    }
});

/// How much of the hash of a file stands in its address, in bytes.
const HASH: usize = 6;

fn asset(
    name: &'static str,
    kind: &'static str,
    content_type: &'static str,
    bytes: &'static [u8],
) -> Asset {
    let digest = Sha256::digest(bytes);
    let mut path = format!("/static/{name}-");
    for byte in digest.iter().take(HASH) {
        let _ = write!(path, "{byte:02x}");
    }
    Asset { name, kind, path: format!("{path}.{kind}"), content_type, bytes }
}

impl Asset {
    /// Whether this is what another version of the program has under that name.
    fn is_version_of(&self, file: &str) -> bool {
        let hash = file.strip_prefix(self.name).and_then(|it| it.strip_prefix('-'));
        let hash = hash.and_then(|it| it.strip_suffix(self.kind)?.strip_suffix('.'));
        hash.is_some_and(|it| {
            it.len() == 2 * HASH && it.bytes().all(|it| matches!(it, b'0'..=b'9' | b'a'..=b'f'))
        })
    }
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
    let all = [style, script, htmx, icon];
    let exact = all.iter().find(|it| it.path.strip_prefix("/static/") == Some(file.as_str()));
    if let Some(asset) = exact {
        return Ok(answer(asset, "public, max-age=31536000, immutable"));
    }
    // While one version takes over from another, a page of the one may ask the other. What it gets is
    // nearly right, and better than a bare page, but nobody may keep it.
    let asset = all.iter().find(|it| it.is_version_of(&file)).ok_or(Error::NotFound)?;
    Ok(answer(asset, "no-store"))
}

fn answer(asset: &'static Asset, kept: &'static str) -> impl IntoResponse {
    let headers = [(header::CONTENT_TYPE, asset.content_type), (header::CACHE_CONTROL, kept)];
    (headers, asset.bytes)
}
