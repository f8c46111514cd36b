//! Cursors as `/products` was seen to have them: base64 of `<24 hex>|next`, padding unescaped.

use crate::api::params;
use crate::api::params::Pairs;
use crate::problem::Problem;

const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

/// Where the page begins; at the start without a cursor.
pub(crate) fn read(query: &Pairs) -> Result<usize, Problem> {
    let Some(cursor) = params::one(query, "cursor") else { return Ok(0) };
    let place = decoded(cursor)
        .and_then(|text| usize::from_str_radix(text.strip_suffix("|next")?, 16).ok());
    place.ok_or_else(|| Problem::invalid("cursor", "The cursor is not valid."))
}

/// `Link` with `first`, and `next` if something follows.
pub(crate) fn links(path: &str, query: &Pairs, next: Option<usize>) -> String {
    let kept = params::without(query, "cursor");
    let first = format!("<{path}?{}>; rel=\"first\"", kept.trim_end_matches('&'));
    let next = next.map(|place| {
        format!(",<{path}?{kept}cursor={}>; rel=\"next\"", encoded(&format!("{place:024x}|next")))
    });
    first + &next.unwrap_or_default()
}

fn encoded(text: &str) -> String {
    let mut out = String::new();
    for chunk in text.as_bytes().chunks(3) {
        let bits = chunk.iter().fold(0_u32, |bits, byte| bits << 8 | u32::from(*byte));
        let bits = bits << (8 * (3 - chunk.len()));
        for place in 0..4 {
            let sextet = bits >> (18 - 6 * place) & 63;
            let letter = char::from(ALPHABET[sextet as usize]);
            out.push(if place <= chunk.len() { letter } else { '=' });
        }
    }
    out
}

fn decoded(text: &str) -> Option<String> {
    let mut out = Vec::new();
    let (mut bits, mut count) = (0_u32, 0);
    for byte in text.trim_end_matches('=').bytes() {
        let sextet = ALPHABET.iter().position(|letter| *letter == byte)?;
        bits = bits << 6 | u32::try_from(sextet).ok()?;
        count += 6;
        if count >= 8 {
            count -= 8;
            out.push((bits >> count & 255).to_le_bytes()[0]);
        }
    }
    String::from_utf8(out).ok()
}
