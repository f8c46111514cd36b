//! From the files that were chosen to single invoices: archives are opened, and nothing is trusted.
//!
//! Invariant: every file that was chosen gives at least one piece, with an invoice or with what is wrong.

use std::io::Cursor;
use std::io::Read as _;

use axum::body::Bytes;
use zip::ZipArchive;

use crate::domain::action::Invoice;
use crate::domain::action::invoice;
use crate::domain::action::invoice::Flaw;
use crate::domain::action::invoice::Format;
use crate::domain::action::invoice::MAX_BYTES;
use crate::web::extract::File;

/// The most bytes of all files together: as they are sent, and again unpacked.
pub const MAX_TOTAL: usize = 50 * 1024 * 1024;
/// The most files in one go.
const MAX_FILES: usize = 200;
/// The most entries of an archive that is opened at all. Folders, and what macOS adds to each file, count.
const MAX_ENTRIES: usize = 512;

/// One file.
#[derive(Debug)]
pub struct Piece {
    /// Its name, without folders.
    pub name: String,
    /// The archive that it came in.
    pub archive: Option<String>,
    /// What it is, and its bytes.
    pub read: Result<(Invoice, Bytes), Fault>,
}

/// What is wrong with a file of a batch, whatever order it is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fault {
    /// What would be wrong with it alone as well.
    Flaw(Flaw),
    /// It is an archive inside of another.
    Nested,
    /// It is no whole archive, or cannot be read out of one.
    Unreadable,
    /// It is an archive without files.
    NothingInside,
    /// There are too many files.
    OverCount,
    /// With the files before it, it is too large.
    OverTotal,
}

/// Opens what was chosen.
pub fn open(files: Vec<File>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut left = MAX_TOTAL;
    for file in files {
        let name = invoice::clean_name(&file.name);
        if pieces.len() >= MAX_FILES {
            pieces.push(Piece { name, archive: None, read: Err(Fault::OverCount) });
        } else if Format::of(&file.bytes) == Some(Format::Zip) {
            match unpack(&name, &file.bytes, &mut left) {
                Ok(inside) => pieces.extend(inside),
                Err(fault) => pieces.push(Piece { name, archive: None, read: Err(fault) }),
            }
        } else {
            let read = read(&file.name, file.bytes, &mut left);
            pieces.push(Piece { name, archive: None, read });
        }
    }
    let over = pieces.iter_mut().skip(MAX_FILES);
    over.for_each(|it| it.read = Err(Fault::OverCount));
    pieces
}

fn read(name: &str, bytes: Bytes, left: &mut usize) -> Result<(Invoice, Bytes), Fault> {
    let invoice = Invoice::of(name, &bytes).map_err(Fault::Flaw)?;
    *left = left.checked_sub(bytes.len()).ok_or(Fault::OverTotal)?;
    Ok((invoice, bytes))
}

fn unpack(archive: &str, bytes: &[u8], left: &mut usize) -> Result<Vec<Piece>, Fault> {
    // Each entry of the directory begins so. They are counted first, because a directory of millions would
    // take many times its own size to read.
    let entries = bytes.windows(4).filter(|it| *it == b"PK\x01\x02").take(MAX_ENTRIES + 1).count();
    if entries > MAX_ENTRIES {
        return Err(Fault::OverCount);
    }
    let mut zip = ZipArchive::new(Cursor::new(bytes)).map_err(|_| Fault::Unreadable)?;
    if zip.has_duplicate_names() {
        // The reader keeps the last of them only, and nobody could tell which one is the invoice.
        return Err(Fault::Unreadable);
    }
    let mut pieces = Vec::new();
    for index in 0..zip.len() {
        // A name that cannot be read finds no order, but its file is still told of.
        let full = match zip.name_for_index(index) {
            Some(Ok(name)) => name.into_owned(),
            Some(Err(_)) | None => format!("no. {}", index + 1),
        };
        if is_no_file(&full) {
            continue;
        }
        if pieces.len() == MAX_FILES {
            return Err(Fault::OverCount);
        }
        let read = entry(&mut zip, index, left).and_then(|bytes| {
            if Format::of(&bytes) == Some(Format::Zip) {
                return Err(Fault::Nested);
            }
            let invoice = Invoice::of(&full, &bytes).map_err(Fault::Flaw)?;
            Ok((invoice, bytes))
        });
        let name = invoice::clean_name(&full);
        pieces.push(Piece { name, archive: Some(archive.to_owned()), read });
    }
    if pieces.is_empty() { Err(Fault::NothingInside) } else { Ok(pieces) }
}

/// Folders, and what macOS and Windows put beside the files that somebody chose.
fn is_no_file(full: &str) -> bool {
    let base = full.rsplit(['/', '\\']).next().unwrap_or(full);
    base.is_empty()
        || full.starts_with("__MACOSX/")
        || [".DS_Store", "Thumbs.db", "desktop.ini"].contains(&base)
}

/// The bytes of an entry. What the archive says of its size is not believed: reading stops where it is too
/// much, and what was read counts even if it is of no use.
fn entry(
    zip: &mut ZipArchive<Cursor<&[u8]>>,
    index: usize,
    left: &mut usize,
) -> Result<Bytes, Fault> {
    if *left == 0 {
        return Err(Fault::OverTotal);
    }
    let most = MAX_BYTES.min(*left);
    let file = zip.by_index(index).map_err(|_| Fault::Unreadable)?;
    let mut bytes = Vec::new();
    let read = file.take(most as u64 + 1).read_to_end(&mut bytes);
    *left = left.saturating_sub(bytes.len());
    read.map_err(|_| Fault::Unreadable)?;
    if bytes.len() > MAX_BYTES {
        Err(Fault::Flaw(Flaw::TooLarge(bytes.len())))
    } else if bytes.len() > most {
        Err(Fault::OverTotal)
    } else {
        Ok(bytes.into())
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    use super::*;

    const PDF: &[u8] = b"%PDF-1.7\n";

    fn zip_of<'a>(files: impl IntoIterator<Item = (String, &'a [u8])>) -> Vec<u8> {
        let mut writer = ZipWriter::new(Cursor::new(Vec::new()));
        for (name, bytes) in files {
            writer.start_file(name, SimpleFileOptions::default()).unwrap();
            writer.write_all(bytes).unwrap();
        }
        writer.finish().unwrap().into_inner()
    }

    fn open_one(name: &str, bytes: Vec<u8>) -> Vec<Piece> {
        open(vec![File { name: name.to_owned(), bytes: bytes.into() }])
    }

    fn faults(pieces: &[Piece]) -> Vec<(&str, Option<Fault>)> {
        pieces.iter().map(|it| (it.name.as_str(), it.read.as_ref().err().cloned())).collect()
    }

    #[test]
    fn an_archive_is_opened_one_level_deep_with_names_made_flat() {
        let inner = zip_of([("B-1.pdf".to_owned(), PDF)]);
        let archive = zip_of([
            ("../../A-1.pdf".to_owned(), PDF),
            ("/abs/A-2.pdf".to_owned(), PDF),
            ("__MACOSX/._A-1.pdf".to_owned(), b"x"),
            ("november/.DS_Store".to_owned(), b"x"),
            ("A-3.zip".to_owned(), &inner),
            ("A-4.pdf".to_owned(), b""),
        ]);
        let pieces = open_one("all.zip", archive);
        let flaw = Fault::Flaw(Flaw::Empty);
        assert_eq!(
            faults(&pieces),
            [
                ("A-1.pdf", None),
                ("A-2.pdf", None),
                ("A-3.zip", Some(Fault::Nested)),
                ("A-4.pdf", Some(flaw))
            ]
        );
        assert_eq!(pieces[0].archive.as_deref(), Some("all.zip"));
    }

    #[test]
    fn an_archive_that_swells_is_stopped() {
        let swollen = [PDF, &vec![b' '; 30 * MAX_BYTES]].concat();
        let names = (0..20).map(|it| format!("A-{it}.pdf"));
        let archive = zip_of(names.map(|it| (it, &swollen[..MAX_BYTES + 9])));
        assert!(archive.len() < MAX_BYTES, "{}", archive.len());
        let pieces = open_one("bomb.zip", archive);
        let large = |it: &&Piece| matches!(it.read, Err(Fault::Flaw(Flaw::TooLarge(_))));
        let total = |it: &&Piece| it.read == Err(Fault::OverTotal);
        assert_eq!(pieces.iter().filter(large).count(), 9, "50 MB of reading");
        assert_eq!(pieces.iter().filter(total).count(), 11);
        let pieces = open_one("bomb.zip", zip_of([("A-1.pdf".to_owned(), &swollen[..])]));
        let most = MAX_BYTES + 1;
        assert_eq!(faults(&pieces), [("A-1.pdf", Some(Fault::Flaw(Flaw::TooLarge(most))))]);
    }

    #[test]
    fn whole_files_together_are_no_more_than_fifty_megabytes_unpacked() {
        let page = [PDF, &vec![b' '; MAX_BYTES - PDF.len()]].concat();
        let names = (0..12).map(|it| format!("A-{it}.pdf"));
        let pieces = open_one("big.zip", zip_of(names.map(|it| (it, &page[..]))));
        assert_eq!(pieces.iter().filter(|it| it.read.is_ok()).count(), 10);
        assert!(pieces[10..].iter().all(|it| it.read == Err(Fault::OverTotal)));
    }

    #[test]
    fn too_many_files_are_named_and_not_dropped() {
        let names = (0..201).map(|it| format!("A-{it}.pdf"));
        let archive = zip_of(names.map(|it| (it, PDF)));
        assert_eq!(faults(&open_one("a.zip", archive)), [("a.zip", Some(Fault::OverCount))]);
        let names = (0..600).map(|it| format!("A-{it}/"));
        let archive = zip_of(names.map(|it| (it, &b""[..])));
        assert_eq!(faults(&open_one("a.zip", archive)), [("a.zip", Some(Fault::OverCount))]);
        let file = |it: usize| File { name: format!("A-{it}.pdf"), bytes: PDF.into() };
        let mut files: Vec<_> = (0..198).map(file).collect();
        let four = zip_of((0..4).map(|it| (format!("B-{it}.pdf"), PDF)));
        files.push(File { name: "b.zip".to_owned(), bytes: four.into() });
        files.push(file(200));
        let pieces = open(files);
        assert_eq!(pieces.len(), 203);
        assert!(pieces[..200].iter().all(|it| it.read.is_ok()));
        assert!(pieces[200..].iter().all(|it| it.read == Err(Fault::OverCount)));
    }

    #[test]
    fn what_cannot_be_opened_is_said_to_be_so() {
        let whole = zip_of([("A-1.pdf".to_owned(), PDF)]);
        let half = whole[..whole.len() / 2].to_vec();
        assert_eq!(faults(&open_one("a.zip", half)), [("a.zip", Some(Fault::Unreadable))]);
        let empty = zip_of([("folder/".to_owned(), &b""[..])]);
        assert_eq!(faults(&open_one("a.zip", empty)), [("a.zip", Some(Fault::NothingInside))]);
        let mut spoilt = zip_of([("A-1.pdf".to_owned(), &[PDF, &[b'x'; 500]].concat()[..])]);
        let place = spoilt.windows(7).position(|it| it == b"A-1.pdf").unwrap() + 9;
        spoilt[place] ^= 0xff;
        assert_eq!(faults(&open_one("a.zip", spoilt)), [("A-1.pdf", Some(Fault::Unreadable))]);
    }
}
