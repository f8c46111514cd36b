//! Posted forms with files.

use axum::body::Bytes;
use axum::extract::DefaultBodyLimit;
use axum::extract::FromRequest;
use axum::extract::Multipart;
use axum::extract::Request;
use axum::extract::multipart::Field;
use axum::extract::multipart::MultipartError;
use axum::http::StatusCode;

use crate::web::error::Error;

/// The most parts of a form, files and fields together.
const MAX_PARTS: usize = 256;
/// So much of a body that is too large is read on and forgotten. A browser that is cut off while it sends
/// shows a page of its own, and never the one that says what is wrong.
const PATIENCE: usize = 16 * 1024 * 1024;

/// A posted form with its files.
#[derive(Debug, Default)]
pub struct Upload {
    /// The fields that are not files.
    pub fields: Vec<(String, String)>,
    /// The files that were chosen, whatever the fields they stand in.
    pub files: Vec<File>,
}

/// A file as somebody's machine sent it.
#[derive(Debug, Clone)]
pub struct File {
    /// As that machine called it: not to be trusted, nor to be used as a path.
    pub name: String,
    /// What is in it.
    pub bytes: Bytes,
}

/// Why there is no form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// The body is no form with files.
    NotAForm,
    /// The files and fields together are larger than they may be.
    TooLarge,
    /// There are more files and fields than anybody would choose.
    TooMany,
    /// The form broke off, or holds what is no text.
    Invalid(&'static str),
}

impl From<Broken> for Error {
    fn from(broken: Broken) -> Self {
        match broken {
            Broken::NotAForm => Self::NotAForm,
            Broken::TooLarge | Broken::TooMany => Self::TooLarge,
            Broken::Invalid(words) => Self::Invalid(words),
        }
    }
}

impl Upload {
    /// Reads a form of up to `most` bytes of files and fields. Part by part: what is over is not kept.
    pub async fn read(mut request: Request, most: usize) -> Result<Self, Broken> {
        DefaultBodyLimit::max(most + PATIENCE).apply(&mut request);
        let parts = Multipart::from_request(request, &()).await;
        let mut parts = parts.map_err(|_| Broken::NotAForm)?;
        let (mut upload, mut left, mut count) = (Self::default(), most, 0);
        let mut broken = None;
        while let Some(field) = parts.next_field().await.map_err(|it| of_reading(&it))? {
            count += 1;
            if count > MAX_PARTS {
                broken = broken.or(Some(Broken::TooMany));
            }
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let Some(bytes) = content(field, &mut left, broken.is_none()).await? else {
                broken = broken.or(Some(Broken::TooLarge));
                continue;
            };
            match file_name {
                // What a browser sends for a field in which no file was chosen.
                Some(name) if name.is_empty() && bytes.is_empty() => {}
                Some(name) => upload.files.push(File { name, bytes: bytes.into() }),
                None => upload.fields.push((name, text(bytes)?)),
            }
        }
        broken.map_or(Ok(upload), Err)
    }

    /// The value of a field.
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.iter().find(|(it, _)| it == name).map(|(_, value)| value.as_str())
    }
}

/// The content of a part, as long as there is room; it is read to its end in any case.
async fn content(
    mut field: Field<'_>,
    left: &mut usize,
    keep: bool,
) -> Result<Option<Vec<u8>>, Broken> {
    let mut kept = keep.then(Vec::new);
    while let Some(chunk) = field.chunk().await.map_err(|it| of_reading(&it))? {
        match left.checked_sub(chunk.len()) {
            Some(rest) => *left = rest,
            None => kept = None,
        }
        if let Some(kept) = &mut kept {
            kept.extend_from_slice(&chunk);
        }
    }
    Ok(kept)
}

fn text(bytes: Vec<u8>) -> Result<String, Broken> {
    if bytes.contains(&0) {
        return Err(Broken::Invalid("the text holds a NUL character"));
    }
    String::from_utf8(bytes).map_err(|_| Broken::Invalid("the text is not UTF-8"))
}

fn of_reading(error: &MultipartError) -> Broken {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE {
        Broken::TooLarge
    } else {
        Broken::Invalid("the form broke off")
    }
}
