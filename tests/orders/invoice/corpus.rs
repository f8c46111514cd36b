//! Files that nobody should send, at both doors: alone on an order's form, and among many.
//!
//! Archives that swell, lie about their names or hold too much: `bulk`, and the tests beside
//! `web::invoices::batch`. Bodies that are too large, too many parts, parts that break off: `super`.

use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::invoice::files::PDF;
use crate::invoice::files::XML;
use crate::invoice::files::zip;
use crate::support::href;

const OTHER: &str = "The selected file must be a PDF, XML or ZIP";
const EMPTY: &str = "The selected file is empty";

/// What it is, its name, its bytes, and what is said about it.
const CORPUS: &[(&str, &str, &[u8], &str)] = &[
    ("nothing", "A-1.pdf", b"", EMPTY),
    ("one letter", "A-1.pdf", b"%", OTHER),
    ("half a beginning", "A-1.pdf", b"%PDF", OTHER),
    ("only zeros", "A-1.pdf", &[0; 64], OTHER),
    ("a Windows program", "A-1.pdf", b"MZ\x90\x00\x03", OTHER),
    ("a Linux program", "A-1.pdf", b"\x7fELF\x02\x01\x01", OTHER),
    ("a script", "A-1.pdf", b"#!/bin/sh\nrm -rf /\n", OTHER),
    ("a web page", "A-1.pdf", b"<!DOCTYPE html><script>alert(1)</script>", OTHER),
    ("a web page without a beginning", "A-1.xml", b"<html><script>alert(1)</script>", OTHER),
    ("a picture that runs scripts", "A-1.xml", b"<svg onload=alert(1)>", OTHER),
    ("a web page with a PDF in it", "A-1.pdf", b"<script>alert(1)</script>%PDF-1.7\n", OTHER),
    ("a picture", "A-1.pdf", b"\x89PNG\r\n\x1a\n", OTHER),
    ("a picture with a PDF in it", "A-1.pdf", b"GIF89a/*%PDF-1.7*/", OTHER),
    ("another archive", "A-1.zip", b"Rar!\x1a\x07\x01\x00", OTHER),
    ("a compressed file", "A-1.zip", b"\x1f\x8b\x08\x00\x00", OTHER),
    ("a 7-Zip archive", "A-1.zip", b"7z\xbc\xaf\x27\x1c", OTHER),
    ("a letter of old Word", "A-1.pdf", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OTHER),
    ("a rich text", "A-1.pdf", b"{\\rtf1 {\\object}}", OTHER),
    ("PostScript", "A-1.pdf", b"%!PS-Adobe-3.0\n", OTHER),
    ("words", "A-1.pdf", b"An invoice, really", OTHER),
    ("a formula", "A-1.csv", b"=HYPERLINK(\"http://evil.test\")", OTHER),
    (
        "a PDF named as a program",
        "A-1.exe",
        PDF,
        "The selected file is named .exe but what is in it is PDF",
    ),
    (
        "a PDF with a second end",
        "A-1.pdf.exe",
        PDF,
        "The selected file is named .exe but what is in it is PDF",
    ),
    (
        "a PDF named as a web page",
        "A-1.html",
        PDF,
        "The selected file is named .html but what is in it is PDF",
    ),
    (
        "a picture in XML",
        "A-1.svg",
        b"<?xml version=\"1.0\"?><svg onload=\"alert(1)\"/>",
        "The selected file is named .svg but what is in it is XML",
    ),
    (
        "XML named as a PDF",
        "A-1.pdf",
        XML,
        "The selected file is named .pdf but what is in it is XML",
    ),
    (
        "XML named as a web page",
        "A-1.xhtml",
        XML,
        "The selected file is named .xhtml but what is in it is XML",
    ),
];

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_no_invoice_is_refused_at_both_doors(pool: PgPool) {
    let shop = super::shop(pool).await;
    let browser = shop.sign_in(Role::CustomerService).await;
    for (what, name, bytes, words) in CORPUS {
        let form = super::form(&browser, "A-1").await.file("file", name, bytes);
        let page = form.post(&browser, &href("A-1/invoice")).await;
        assert_eq!(page.status, 422, "{what}: {}", page.main_text());
        assert!(page.main_text().contains(words), "{what}: {}", page.main_text());

        let form = super::bulk::form(&browser).await.file("files", name, bytes);
        let page = form.post(&browser, "/invoices").await;
        assert_eq!(page.title(), "Invoices uploaded: 0 of 1 · Comptoir", "{what}");
        assert!(page.main_text().contains(words), "{what}: {}", page.main_text());
    }
    assert_eq!(shop.states("A-1").await, []);
}

/// Two things in one file: it is what it begins as, and its name has to agree.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_file_that_is_two_things_is_what_it_begins_as(pool: PgPool) {
    let shop = super::shop(pool).await;
    let archive = zip(&[("A-1.pdf", PDF)]);
    let both = [PDF, &archive].concat();
    let words = "The selected file is named .zip but what is in it is PDF";
    super::assert_mistake(&shop, "A-1.zip", &both, words).await;
    let words = "The selected file is named .pdf but what is in it is ZIP";
    super::assert_mistake(&shop, "A-1.pdf", &[&archive[..], PDF].concat(), words).await;
    for office in ["A-1.docx", "A-1.xlsm", "A-1.jar", "A-1.apk"] {
        let (_, end) = office.rsplit_once('.').unwrap();
        let words = format!("The selected file is named .{end} but what is in it is ZIP");
        super::assert_mistake(&shop, office, &archive, &words).await;
    }
}

/// A name is only shown: no folder, no end of a line, no turn of the direction is left of it.
#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_name_leads_nowhere(pool: PgPool) {
    let shop = super::shop(pool).await;
    let browser = shop.sign_in(Role::CustomerService).await;
    let long = format!("{}.pdf", "a".repeat(3_000));
    for name in [
        "../../../../etc/cron.d/x.pdf",
        "..\\..\\windows\\x.pdf",
        "/etc/passwd.pdf",
        "C:\\x.pdf",
        "\\\\evil.test\\share\\x.pdf",
        "file:///etc/x.pdf",
        "x\u{202e}fdp.pdf",
        "~/.ssh/x.pdf",
        "$(reboot).pdf",
        "`reboot`.pdf",
        "CON.pdf",
        &long,
    ] {
        let form = super::form(&browser, "A-1").await.file("file", name, PDF);
        let page = form.post(&browser, &href("A-1/invoice")).await;
        assert_eq!(page.status, 303, "{name:.60}: {}", page.main_text());
        let (invoice, bytes) = super::kept(&shop, "A-1").await;
        assert_eq!(bytes, PDF);
        let kept = invoice.file_name;
        let turns = |it: char| it.is_control() || "/\\\u{202e}".contains(it);
        assert!(!kept.contains(turns) && kept.len() <= 255, "{kept:?}");
        let promise = shop.promise("A-1").await;
        browser.post(&format!("/promises/{promise}/withdraw"), &[]).await;
    }
    // No browser sends such a name, and none is read.
    let form = super::form(&browser, "A-1").await.file("file", "x\u{7}\u{1b}[31m.pdf", PDF);
    assert_eq!(form.post(&browser, &href("A-1/invoice")).await.status, 400);
}
