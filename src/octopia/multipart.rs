//! `multipart/form-data` (RFC 7578) with one file, made in memory.

use uuid::Uuid;

use crate::octopia::error::Error;

/// A request body and the header that describes it.
pub(super) struct Form {
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

/// The form whose only part is a file.
///
/// # Errors
/// For a media type that would break out of its header.
pub(super) fn file(
    part: &str,
    file_name: &str,
    media_type: &str,
    bytes: &[u8],
) -> Result<Form, Error> {
    let is_plain = |byte: u8| byte == b' ' || byte.is_ascii_graphic();
    if !media_type.contains('/') || !media_type.bytes().all(is_plain) {
        return Err(Error::Unsendable("the media type is not one"));
    }
    // 122 random bits: no file holds them.
    let boundary = format!("comptoir-{}", Uuid::new_v4().simple());
    let name = escaped(file_name);
    let mut body = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"{part}\"; filename=\"{name}\"\r\n\
         Content-Type: {media_type}\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    Ok(Form { content_type: format!("multipart/form-data; boundary={boundary}"), body })
}

/// A file name without its folders, and without what a reader of the header could take for its
/// end. Quotes are escaped as browsers do it (WHATWG, "multipart/form-data encoding algorithm");
/// control characters, which no invoice needs, are left out.
fn escaped(file_name: &str) -> String {
    let name = file_name.rsplit(['/', '\\']).next().unwrap_or_default();
    let name: String = name.chars().filter(|character| !character.is_control()).collect();
    match name.trim() {
        "" | "." | ".." => "invoice".to_owned(),
        name => name.replace('"', "%22"),
    }
}
