//! From bytes to text: spreadsheets in France still write Windows-1252, and Excel's "Unicode text" is UTF-16.

use encoding_rs::UTF_8;
use encoding_rs::WINDOWS_1252;

use crate::domain::import::MAX_BYTES;
use crate::domain::import::Unreadable;

/// How the characters were written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// With a byte order mark or without.
    Utf8,
    /// With a byte order mark.
    Utf16,
    /// What Windows and its spreadsheets write in Western Europe.
    Windows1252,
}

impl Encoding {
    /// Its name, which is the same in every language.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Utf8 => "UTF-8",
            Self::Utf16 => "UTF-16",
            Self::Windows1252 => "Windows-1252",
        }
    }
}

/// The beginnings of files that somebody takes for a CSV: workbooks (a ZIP, or a compound file),
const WORKBOOKS: &[&[u8]] = &[b"PK\x03\x04", b"PK\x05\x06", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"];
/// and what is no text although its first bytes are.
const OTHERS: &[&[u8]] = &[b"%PDF-", b"{\\rtf", b"\x89PNG", b"GIF8"];

/// Reads the text. Lines end with `\n` alone, whatever they ended with.
pub fn decode(bytes: &[u8]) -> Result<(String, Encoding), Unreadable> {
    if bytes.is_empty() {
        return Err(Unreadable::Empty);
    }
    if bytes.len() > MAX_BYTES {
        return Err(Unreadable::TooLarge);
    }
    if WORKBOOKS.iter().any(|it| bytes.starts_with(it)) {
        return Err(Unreadable::Workbook);
    }
    if OTHERS.iter().any(|it| bytes.starts_with(it)) {
        return Err(Unreadable::NotText);
    }
    let (text, encoding) = characters(bytes)?;
    let text = text.trim_end_matches(['\0', '\u{1a}']).replace("\r\n", "\n").replace('\r', "\n");
    if text.trim_matches(|it: char| it.is_whitespace() || it == '\u{feff}').is_empty() {
        return Err(Unreadable::Empty);
    }
    // Nobody writes these, and every picture and archive is full of them.
    let strange = |it: char| it.is_control() && !matches!(it, '\n' | '\t' | '\u{b}' | '\u{c}');
    if text.contains(strange) {
        return Err(Unreadable::NotText);
    }
    Ok((text, encoding))
}

fn characters(bytes: &[u8]) -> Result<(String, Encoding), Unreadable> {
    if let Some((found, length)) = encoding_rs::Encoding::for_bom(bytes) {
        let encoding = if found == UTF_8 { Encoding::Utf8 } else { Encoding::Utf16 };
        let (text, broken) = found.decode_without_bom_handling(&bytes[length..]);
        return if broken { Err(Unreadable::NotText) } else { Ok((text.into_owned(), encoding)) };
    }
    if let Ok(text) = std::str::from_utf8(bytes) {
        return Ok((text.to_owned(), Encoding::Utf8));
    }
    let (text, _) = WINDOWS_1252.decode_without_bom_handling(bytes);
    Ok((text.into_owned(), Encoding::Windows1252))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ways_in_which_spreadsheets_write_are_all_read() {
        let text = "N° de commande;Numéro de suivi\nA1;6A1\n";
        let utf16 = |order: fn(u16) -> [u8; 2], mark: [u8; 2]| {
            let units = text.encode_utf16().flat_map(order);
            mark.into_iter().chain(units).collect::<Vec<u8>>()
        };
        let windows = WINDOWS_1252.encode(text).0.into_owned();
        assert!(std::str::from_utf8(&windows).is_err());
        for (bytes, encoding) in [
            (text.as_bytes().to_vec(), Encoding::Utf8),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), Encoding::Utf8),
            (utf16(u16::to_le_bytes, [0xff, 0xfe]), Encoding::Utf16),
            (utf16(u16::to_be_bytes, [0xfe, 0xff]), Encoding::Utf16),
            (windows, Encoding::Windows1252),
            (text.replace('\n', "\r\n").into_bytes(), Encoding::Utf8),
            (text.replace('\n', "\r").into_bytes(), Encoding::Utf8),
            ([text.as_bytes(), b"\x1a"].concat(), Encoding::Utf8),
        ] {
            assert_eq!(decode(&bytes), Ok((text.to_owned(), encoding)));
        }
    }

    #[test]
    fn what_is_no_text_is_told_from_a_text() {
        for (bytes, reason) in [
            (&b""[..], Unreadable::Empty),
            (b"\xef\xbb\xbf", Unreadable::Empty),
            (b" \r\n\t\n", Unreadable::Empty),
            (b"PK\x03\x04\x14\x00\x06\x00", Unreadable::Workbook),
            (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00", Unreadable::Workbook),
            (b"%PDF-1.7\n", Unreadable::NotText),
            (b"\xff\xd8\xff\xe0\x00\x10JFIF", Unreadable::NotText),
            (b"A1;6A1\n\x00\x01", Unreadable::NotText),
            (b"\xff\xfeA\x00\x00\xd8", Unreadable::NotText),
        ] {
            assert_eq!(decode(bytes), Err(reason), "{bytes:?}");
        }
        assert_eq!(decode(&vec![b'a'; MAX_BYTES + 1]), Err(Unreadable::TooLarge));
        assert!(decode(&vec![b'a'; MAX_BYTES]).is_ok());
    }

    proptest::proptest! {
        #[test]
        fn any_bytes_are_text_or_not(bytes in proptest::collection::vec(proptest::num::u8::ANY, 0..200)) {
            if let Ok((text, _)) = decode(&bytes) {
                proptest::prop_assert!(!text.contains(['\r', '\0']));
            }
        }
    }
}
