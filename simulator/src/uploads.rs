//! Files in multipart bodies.

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::FromRequest as _;
use axum::extract::Multipart;
use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::StatusCode;
use axum::http::header;
use serde_json::Value;
use serde_json::json;

use crate::problem::Problem;

/// A part of a multipart body that has a file name.
#[derive(Clone, Debug)]
pub(crate) struct Upload {
    pub(crate) part: String,
    pub(crate) file_name: String,
    pub(crate) bytes: Bytes,
}

/// What an invoice may be, told by its first bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Pdf,
    Xml,
    Zip,
}

impl Kind {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Xml => "XML",
            Self::Zip => "ZIP",
        }
    }

    pub(crate) fn of(bytes: &[u8]) -> Option<Self> {
        let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start();
        if bytes.starts_with(b"%PDF-") {
            Some(Self::Pdf)
        } else if bytes.starts_with(b"PK\x03\x04") {
            Some(Self::Zip)
        } else if text.starts_with(b"<?xml") || text.starts_with(b"<Invoice") {
            Some(Self::Xml)
        } else {
            None
        }
    }
}

/// Whether the body is announced as multipart.
pub(crate) fn is_multipart(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    kind.is_some_and(|kind| kind.to_ascii_lowercase().starts_with("multipart/form-data"))
}

/// Every file of the body; the names of their parts are not documented, so any will do.
pub(crate) async fn read(mut request: Request) -> Result<Vec<Upload>, Problem> {
    if !is_multipart(request.headers()) {
        let title = "Unsupported Media Type";
        return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, title));
    }
    // axum's own limit is 2 MB; the gate has its own for every body.
    DefaultBodyLimit::disable().apply(&mut request);
    let broken = |why: String| Problem::invalid("$", format!("The form could not be read. {why}"));
    let parts = Multipart::from_request(request, &()).await;
    let mut parts = parts.map_err(|error| broken(error.body_text()))?;
    let mut uploads = Vec::new();
    while let Some(part) = parts.next_field().await.map_err(|error| broken(error.body_text()))? {
        let name = part.name().unwrap_or_default().to_owned();
        let Some(file_name) = part.file_name().map(str::to_owned) else { continue };
        let bytes = part.bytes().await.map_err(|error| broken(error.body_text()))?;
        uploads.push(Upload { part: name, file_name, bytes });
    }
    Ok(uploads)
}

/// What the log of calls keeps of a form: names and sizes.
pub(crate) fn logged(uploads: &[Upload]) -> Value {
    let file = |upload: &Upload| json!({ "name": upload.part, "fileName": upload.file_name, "size": upload.bytes.len() });
    json!({ "files": uploads.iter().map(file).collect::<Vec<_>>() })
}

/// The names in a ZIP's central directory, folders left out.
pub(crate) fn zipped(bytes: &[u8]) -> Vec<String> {
    let mut names = Vec::new();
    let mut rest = bytes;
    while let Some(place) = rest.windows(4).position(|window| window == b"PK\x01\x02") {
        rest = &rest[place..];
        let (Some(low), Some(high)) = (rest.get(28), rest.get(29)) else { break };
        let length = usize::from(u16::from_le_bytes([*low, *high]));
        let Some(name) = rest.get(46..46 + length) else { break };
        let name = String::from_utf8_lossy(name).into_owned();
        if !name.ends_with('/') {
            names.push(name);
        }
        rest = &rest[46 + length..];
    }
    names
}
