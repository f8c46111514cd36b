//! Give the customer an invoice.
//!
//! Orders-management, "How do I upload invoices"; order-feature V2, "Order invoices": per channel, PDF or XML
//! (UBL 2.1) or a ZIP of those, with a report that comes later. A new upload takes the former's place.

use serde::Deserialize;
use serde::Serialize;
use sha2::Digest;
use sha2::Sha256;

use crate::domain::action::Blocked;
use crate::domain::action::Evidence;
use crate::domain::action::Misfit;
use crate::domain::action::Spec;
use crate::domain::delivery::Reading;
use crate::domain::operator::Permission;
use crate::domain::order::Status;
use crate::domain::request::InvoiceImport;

/// The largest file, in bytes. No limit is published; ten times a long invoice.
pub const MAX_BYTES: usize = 5 * 1024 * 1024;
/// The longest name that is kept of a file, in characters.
const MAX_NAME: usize = 100;

/// The operator's input. The bytes are kept apart, until the marketplace has confirmed them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Invoice {
    /// As the operator's machine called it.
    pub file_name: String,
    /// What it is.
    pub format: Format,
    /// How many bytes.
    pub size: usize,
    /// SHA-256 in hexadecimal digits, to tell one version from another.
    pub sha256: String,
}

/// What may be uploaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// A PDF document.
    Pdf,
    /// An XML document, UBL 2.1.
    Xml,
    /// An archive of those.
    Zip,
}

impl Format {
    /// Recognises a file by its first bytes, never by its name.
    pub fn of(bytes: &[u8]) -> Option<Self> {
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

    /// Recognises a file by the end of its name. None, if it has an end of another kind, or no end at all.
    fn named(extension: &str) -> Option<Self> {
        [Self::Pdf, Self::Xml, Self::Zip]
            .into_iter()
            .find(|it| it.extension().eq_ignore_ascii_case(extension))
    }

    /// The end of a file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Xml => "xml",
            Self::Zip => "zip",
        }
    }

    /// For the `Content-Type`.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Xml => "application/xml",
            Self::Zip => "application/zip",
        }
    }
}

/// Why a file cannot be an invoice, whatever order it is for.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Flaw {
    /// It has no bytes.
    #[error("the file is empty")]
    Empty,
    /// It has that many bytes.
    #[error("the file has {0} bytes")]
    TooLarge(usize),
    /// It is neither PDF nor XML nor ZIP.
    #[error("the file is of another kind")]
    OtherKind,
    /// Its name says one thing and its bytes another: a picture, a web page or a spreadsheet may begin like
    /// XML or ZIP, and a customer must not be sent what the seller did not look at.
    #[error("the file is named .{extension} and is {}", .format.extension())]
    Misnamed {
        /// As it is written in the name.
        extension: String,
        /// What the bytes are.
        format: Format,
    },
}

pub(super) const SPEC: Spec = Spec {
    permission: Permission::Invoice,
    allowed_from: &[Status::Accepted, Status::InPreparation, Status::Shipped, Status::Delivered],
    nature: |facts| {
        if facts.channel.rules.invoices {
            Ok(())
        } else {
            Err(Blocked::NoInvoices { channel: facts.channel.name.clone() })
        }
    },
    guard: |_| Ok(()),
    // A late first copy could take the place of a newer invoice.
    guarded_remotely: false,
};

impl Invoice {
    /// Reads a file that somebody chose.
    pub fn of(file_name: &str, bytes: &[u8]) -> Result<Self, Flaw> {
        if bytes.is_empty() {
            return Err(Flaw::Empty);
        }
        if bytes.len() > MAX_BYTES {
            return Err(Flaw::TooLarge(bytes.len()));
        }
        let format = Format::of(bytes).ok_or(Flaw::OtherKind)?;
        let (_, extension) = split_name(file_name);
        if let Some(extension) = extension.filter(|it| Format::named(it) != Some(format)) {
            return Err(Flaw::Misnamed { extension: extension.to_owned(), format });
        }
        let name = clean_name(file_name);
        Ok(Self {
            file_name: if name.is_empty() {
                format!("invoice.{}", format.extension())
            } else {
                name
            },
            format,
            size: bytes.len(),
            sha256: hexadecimal(&Sha256::digest(bytes)),
        })
    }

    pub(super) fn fit(&self) -> Vec<Misfit> {
        if self.size == 0 {
            vec![Misfit::FileEmpty]
        } else if self.size > MAX_BYTES {
            vec![Misfit::FileTooLarge(self.size)]
        } else {
            Vec::new()
        }
    }

    /// The name that is sent: the order's, with the mark that tells this upload from another.
    pub fn marked_name(&self, order_id: &str, marker: &str) -> String {
        format!("{order_id}-{marker}.{}", self.format.extension())
    }

    pub(super) fn reading(&self, evidence: &Evidence<'_>) -> Reading {
        let name = self.marked_name(&evidence.order.id, evidence.marker);
        let named = |it: &&InvoiceImport| it.file_name.as_deref() == Some(&name);
        if let Some(ours) = evidence.new_invoices().find(named) {
            return Reading::Found { reference: Some(ours.id.clone()) };
        }
        let nameless = |it: &InvoiceImport| it.file_name.is_none();
        if evidence.new_invoices().any(nameless) { Reading::Unclear } else { Reading::Absent }
    }
}

fn hexadecimal(bytes: &[u8]) -> String {
    let digit = |it: u8| char::from(b"0123456789abcdef"[usize::from(it)]);
    bytes.iter().flat_map(|it| [digit(it >> 4), digit(it & 15)]).collect()
}

/// The name of a file without its folders and without what would not show, or show as something else: control
/// characters, and those that turn the direction of writing. It is only ever shown.
pub fn clean_name(name: &str) -> String {
    let base = name.rsplit(['/', '\\']).next().unwrap_or(name);
    let turns = |it: char| matches!(it, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let shown = base.chars().filter(|it| !it.is_control() && !turns(*it));
    shown.collect::<String>().trim().chars().take(MAX_NAME).collect()
}

/// A file's name in two: before its end, and its end without the dot. A name has an end if that is one word of
/// up to ten letters and digits: an order's number may hold a dot as well.
fn split_name(name: &str) -> (&str, Option<&str>) {
    let name = name.trim();
    match name.rsplit_once('.') {
        Some((stem, end)) if is_end(end) => (stem, Some(end)),
        Some(_) | None => (name, None),
    }
}

fn is_end(end: &str) -> bool {
    (1..=10).contains(&end.len()) && end.bytes().all(|it| it.is_ascii_alphanumeric())
}

/// The orders that a file may be for by its name, best first: the name itself, and the name without the mark
/// that [`Invoice::marked_name`] gives, since invoices come back from the marketplace under such names.
pub fn orders_named(file_name: &str) -> Vec<String> {
    let name = clean_name(file_name);
    let (stem, _) = split_name(&name);
    let unmarked = stem.rsplit_once('-').filter(|(_, mark)| is_mark(mark));
    let unmarked = unmarked.map(|(before, _)| before);
    let found = [Some(stem), unmarked].into_iter().flatten();
    found.map(|it| it.trim().to_owned()).filter(|it| !it.is_empty()).collect()
}

/// Whether that is spelled like what [`crate::domain::sending::marker`] makes.
fn is_mark(text: &str) -> bool {
    let letter = |it: u8| matches!(it, b'A'..=b'H' | b'J'..=b'N' | b'P'..=b'Z' | b'2'..=b'9');
    text.len() == 6 && text.bytes().all(letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_what_its_bytes_say_and_its_name_must_not_say_otherwise() {
        let pdf = b"%PDF-1.7 \n";
        for name in ["a.pdf", "A.PDF", "facture", "facture n\u{ba} 12. du 3 mai", "a/b.exe/c.pdf"] {
            assert_eq!(Invoice::of(name, pdf).map(|it| it.format), Ok(Format::Pdf), "{name}");
        }
        for name in ["a.xml", "a.zip", "a.exe", "a.pdf.html"] {
            let flaw = Invoice::of(name, pdf).unwrap_err();
            assert!(matches!(flaw, Flaw::Misnamed { format: Format::Pdf, .. }), "{name}");
        }
        let picture = b"<?xml version=\"1.0\"?><svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        assert!(matches!(Invoice::of("a.svg", picture), Err(Flaw::Misnamed { .. })));
        assert_eq!(Invoice::of("a.pdf", b"MZ\x90"), Err(Flaw::OtherKind));
        assert_eq!(Invoice::of("a.pdf", b""), Err(Flaw::Empty));
        let large = [&pdf[..], &vec![b' '; MAX_BYTES]].concat();
        assert_eq!(Invoice::of("a.pdf", &large), Err(Flaw::TooLarge(large.len())));
        assert!(Invoice::of("a.pdf", &large[..MAX_BYTES]).is_ok());
        let known = "c5de7dd4d243979bff1051d4730492b79b504c165b8969905f23774a23da9cfd";
        assert_eq!(Invoice::of("a.pdf", pdf).unwrap().sha256, known);
    }

    #[test]
    fn a_name_loses_folders_and_what_does_not_show() {
        for (name, clean) in [
            ("../../etc/passwd", "passwd"),
            ("C:\\Users\\ana\\facture.pdf", "facture.pdf"),
            ("a\0b\r\n\u{1b}.pdf", "ab.pdf"),
            ("fac\u{202e}fdp.xml", "facfdp.xml"),
            ("..", ".."),
            ("/", ""),
        ] {
            assert_eq!(clean_name(name), clean);
        }
        assert_eq!(clean_name(&"\u{e9}".repeat(300)).chars().count(), 100);
        assert_eq!(Invoice::of("\u{7}", b"%PDF-1.7").unwrap().file_name, "invoice.pdf");
    }

    #[test]
    fn the_name_of_a_file_is_the_order_it_is_for() {
        assert_eq!(orders_named("x/25041207351CDIS.pdf"), ["25041207351CDIS"]);
        assert_eq!(orders_named("ORD-1.xml"), ["ORD-1"]);
        assert_eq!(orders_named("ORD-1-ABC234.pdf"), ["ORD-1-ABC234", "ORD-1"]);
        assert_eq!(orders_named("ORD-1-ABC0O1.pdf"), ["ORD-1-ABC0O1"], "0, O and 1 are in no mark");
        assert_eq!(orders_named(".pdf"), Vec::<String>::new());
        for id in [0, 1, u128::MAX, 0x0198_f2f0_7a5b_4c1d_9e8f_0011_2233_4455] {
            assert!(is_mark(&crate::domain::sending::marker(id)));
        }
    }
}
