//! The upload: what is taken in, and what is told of what is not.

use comptoir::domain::operator::Role;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::browser::Page;
use crate::invoice::files::Form;
use crate::support::Shop;

/// A new form of the page, filled in.
pub async fn form(browser: &Browser) -> Form {
    let page = browser.get("/imports").await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    Form::default().field("submission", &page.value_of("submission").unwrap())
}

/// Uploads a file, and opens the page that comes then. Says its address too.
pub async fn uploaded(browser: &Browser, name: &str, bytes: &[u8]) -> (String, Page) {
    let answer = form(browser).await.file("csv", name, bytes).post(browser, "/imports").await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    let href = answer.location().to_owned();
    let page = browser.get(&href).await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    (href, page)
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn files_are_taken_in_as_spreadsheets_write_them(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let text = "N° de commande;Numéro de suivi\r\nA-1;6A21938475603\r\n";
    let utf16: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
    let windows: Vec<u8> = text.chars().map(|it| u8::try_from(u32::from(it)).unwrap()).collect();
    for (bytes, summary) in [
        (text.as_bytes().to_vec(), "1 row, semicolon, UTF-8, names of columns in row 1"),
        (
            [&b"\xff\xfe"[..], &utf16].concat(),
            "1 row, semicolon, UTF-16, names of columns in row 1",
        ),
        (windows, "1 row, semicolon, Windows-1252, names of columns in row 1"),
        (b"A-1,6A21938475603\nA-2,6A2\n".to_vec(), "2 rows, comma, UTF-8, no names of columns"),
    ] {
        let (_, page) = uploaded(&browser, "C:\\suivi <b>.csv", &bytes).await;
        assert!(page.main_text().contains(summary), "{summary}: {}", page.main_text());
        assert_eq!(page.title(), "suivi <b>.csv · Comptoir");
        assert!(page.main_text().contains("6A21938475603"));
    }
    let list = browser.get("/imports").await.main_text();
    assert_eq!(list.matches("suivi <b>.csv").count(), 4, "{list}");
    assert!(list.contains("Columns not matched yet"), "{list}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn rows_can_be_pasted_from_a_spreadsheet(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let browser = shop.sign_in(Role::Admin).await;
    let rows = "Commande\tTransporteur\tSuivi\r\nA-1\tColissimo\t6A21938475603\r\n";
    let answer = form(&browser).await.field("text", rows).post(&browser, "/imports").await;
    assert_eq!(answer.status, 303, "{}", answer.main_text());
    let page = browser.get(answer.location()).await;
    assert_eq!(page.title(), "Pasted text · Comptoir");
    assert!(page.main_text().contains("1 row, tab, UTF-8"), "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_no_table_is_told_at_its_field_and_what_was_typed_is_kept(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let mut browser = shop.sign_in(Role::Warehouse).await;
    let long = format!("a;b\n{}", "A-1;6A1\n".repeat(5_001));
    let large = vec![b'a'; 2 * 1024 * 1024 + 1];
    let larger = vec![b'a'; 3 * 1024 * 1024];
    for (bytes, status, en, fr) in [
        (&b" \r\n"[..], 422, "The selected file is empty", "Le fichier choisi est vide"),
        (
            b"PK\x03\x04\x14\x00",
            422,
            "The selected file must be a CSV. This one is a workbook: save it as CSV, or copy its cells and paste them here",
            "Le fichier choisi doit être au format CSV. Celui-ci est un classeur : enregistrez-le au format CSV, ou copiez ses cellules et collez-les ici",
        ),
        (
            b"\xff\xd8\xff\xe0\x00\x10JFIF",
            422,
            "The selected file must be a CSV",
            "Le fichier choisi doit être au format CSV",
        ),
        (
            b"Commande;Suivi\r\n",
            422,
            "The selected file has names of columns, and no row below them",
            "Le fichier choisi contient des noms de colonnes, mais aucune ligne en dessous",
        ),
        (
            long.as_bytes(),
            422,
            "The selected file must have 5 000 rows or fewer",
            "Le fichier choisi doit compter 5 000 lignes au plus",
        ),
        (
            &large,
            422,
            "The selected file must be 2 MB or smaller",
            "Le fichier choisi doit faire 2 Mo au plus",
        ),
        (
            &larger,
            413,
            "The selected file must be 2 MB or smaller",
            "Le fichier choisi doit faire 2 Mo au plus",
        ),
    ] {
        for (language, words) in [("en", en), ("fr", fr)] {
            browser = browser.speaking(language);
            let page = form(&browser)
                .await
                .file("csv", "suivi.csv", bytes)
                .post(&browser, "/imports")
                .await;
            assert_eq!(page.status, status, "{words}: {}", page.main_text());
            assert_eq!(page.main_text().matches(words).count(), 2, "{words}: {}", page.main_text());
            assert!(page.main().contains("href=\"#csv\""), "{words}");
        }
    }
    browser = browser.speaking("en");
    let page =
        form(&browser).await.field("text", "Bonjour <Marc>,").post(&browser, "/imports").await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("The pasted text must be a CSV with two columns or more"));
    assert!(
        page.main().contains("href=\"#text\"") && page.main().contains("Bonjour &#60;Marc&#62;,")
    );
    assert_eq!(browser.get("/imports").await.main_text().matches("suivi.csv").count(), 0);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_form_without_anything_or_with_too_much_is_asked_again(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let csv = b"a;b\n1;2\n";
    for (form, words) in [
        (form(&browser).await, "Select a file or paste the rows"),
        (form(&browser).await.field("text", " \r\n"), "Select a file or paste the rows"),
        (
            form(&browser).await.field("text", "a;b").file("csv", "a.csv", csv),
            "Select a file or paste the rows, not both",
        ),
        (
            form(&browser).await.file("csv", "a.csv", csv).file("csv", "b.csv", csv),
            "Select only one file",
        ),
        (Form::default().file("csv", "a.csv", csv), "This form is out of date"),
    ] {
        let page = form.post(&browser, "/imports").await;
        assert_eq!(page.status, 422, "{words}");
        assert!(page.main_text().contains(words), "{words}: {}", page.main_text());
    }
    let page = browser.post("/imports", &[("text", "a;b")]).await;
    assert_eq!(page.status, 415, "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_same_form_sent_twice_is_one_import(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = form(&browser).await.file("csv", "suivi.csv", b"a;b\n1;2\n");
    let first = form.post(&browser, "/imports").await;
    let again = form.post(&browser, "/imports").await;
    assert_eq!((first.status, first.location()), (303, again.location()));
    assert_eq!(browser.get("/imports").await.main_text().matches("suivi.csv").count(), 1);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_import_is_its_users_own(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let (href, _) = uploaded(&browser, "suivi.csv", b"Commande;Suivi\nA-1;6A1\n").await;
    let admin = shop.sign_in(Role::Admin).await;
    assert_eq!(admin.get(&href).await.status, 404);
    assert_eq!(admin.post(&href, &[("order", "0"), ("number", "1")]).await.status, 404);
    assert!(!admin.get("/imports").await.main_text().contains("suivi.csv"));
    let nowhere = format!("/imports/{}", Uuid::nil());
    assert_eq!(browser.get(&nowhere).await.status, 404);
    for role in [Role::Viewer, Role::CustomerService, Role::Manager] {
        let other = shop.sign_in(role).await;
        assert_eq!(other.get(&href).await.status, 404, "{role:?}");
        for path in ["/imports", "/imports/template"] {
            let page = other.get(path).await;
            assert_eq!(page.status, 403, "{role:?} {path}");
            assert!(page.main_text().contains("Your role cannot ship"), "{}", page.main_text());
        }
        assert!(!other.get("/orders").await.body.contains("href=\"/imports\""), "{role:?}");
    }
    assert!(browser.get("/orders").await.body.contains("href=\"/imports\""));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_template_can_be_filled_in_and_uploaded(pool: PgPool) {
    let shop = Shop::start(pool).await;
    for (language, header) in [
        ("en", "\u{feff}Order number,Carrier,Tracking number,Tracking link\r\n"),
        ("fr", "\u{feff}N° de commande;Transporteur;Numéro de suivi;Lien de suivi\r\n"),
    ] {
        let browser = shop.sign_in(Role::Warehouse).await.speaking(language);
        let template = browser.get("/imports/template").await;
        assert_eq!(template.body, header);
        assert_eq!(template.header("content-type"), "text/csv; charset=utf-8");
        let row = ["A-1", "Colissimo", "6A1", "https://suivi.test/6A1"];
        let filled = format!("{header}{}", row.join(if language == "en" { "," } else { ";" }));
        let (_, page) = uploaded(&browser, "suivi.csv", filled.as_bytes()).await;
        for column in 0..4 {
            assert!(page.main().contains(&format!("value=\"{column}\" selected")), "{column}");
        }
    }
}
