//! Invoices: for one order, and for many at once.

mod bulk;
mod corpus;
pub mod files;

use comptoir::db;
use comptoir::domain::action::Action;
use comptoir::domain::action::Invoice;
use comptoir::domain::action::invoice::MAX_BYTES;
use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::request::InvoiceImport;
use comptoir::domain::request::Request;
use comptoir::domain::request::Standing;
use octopia_simulator::OrderDraft;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Page;
use crate::invoice::files::Form;
use crate::invoice::files::PDF;
use crate::invoice::files::XML;
use crate::invoice::files::sending_to;
use crate::invoice::files::zip;
use crate::support::Shop;
use crate::support::World;
use crate::support::href;
use crate::support::maison;
use crate::support::moved;
use crate::support::order;

async fn shop(pool: PgPool) -> Shop {
    Shop::with(pool, order("A-1")).await
}

/// The form of A-1 as it is on a page, without a file.
fn form_of(page: &Page) -> Form {
    let mut form = Form::default().field("submission", &page.value_of("submission").unwrap());
    if let Some(again) = page.value_of("again") {
        form = form.field("again", &again);
    }
    form
}

async fn form(browser: &Browser, order: &str) -> Form {
    let page = browser.get(&format!("{}/invoice", href(order))).await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    form_of(&page)
}

async fn kept(shop: &Shop, order: &str) -> (Invoice, Vec<u8>) {
    let last = shop.last(order).await;
    let Action::Invoice(invoice) = last.action else { panic!("{:?}", last.action) };
    let bytes = db::promises::file(&shop.app.pool, &maison(), last.id).await.unwrap();
    (invoice, bytes.unwrap())
}

/// Posts the form with a file of that name; expects the form again, with these words at the field and in the
/// summary.
async fn assert_mistake(shop: &Shop, name: &str, bytes: &[u8], words: &str) {
    let browser = shop.sign_in(Role::CustomerService).await;
    let form = form(&browser, "A-1").await.file("file", name, bytes);
    let page = form.post(&browser, &href("A-1/invoice")).await;
    assert_eq!(page.status, 422, "{name}: {}", page.main_text());
    assert!(page.title().starts_with("Error: "), "{}", page.title());
    assert_eq!(page.main_text().matches(words).count(), 2, "{name}: {}", page.main_text());
    assert!(
        page.main().contains("<a href=\"#file\">") && page.main().contains("id=\"file-error\"")
    );
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_form_says_what_will_happen_and_what_is_there(pool: PgPool) {
    let shop = shop(pool).await;
    let import = |id: &str, standing, replaced, words: &[&str]| {
        Request::Invoice(InvoiceImport {
            id: id.to_owned(),
            standing,
            file_name: Some(format!("{id}.pdf")),
            replaced,
            words: words.iter().map(|it| (*it).to_owned()).collect(),
            created_at: Some(shop.app.now()),
        })
    };
    let mut conn = shop.app.pool.acquire().await.unwrap();
    for request in [
        import("I-1", Standing::Done, true, &[]),
        import("I-2", Standing::Rejected, true, &["<b>Not</b> an invoice."]),
        import("I-3", Standing::InProgress, true, &[]),
    ] {
        let now = shop.app.now();
        db::requests::upsert(&mut conn, &maison(), "A-1", &request, now).await.unwrap();
    }
    let page = shop.sign_in(Role::Manager).await.get(&href("A-1/invoice")).await;
    let text = page.main_text();
    assert!(text.contains("sent to the marketplace, which checks it later"), "{text}");
    assert!(text.contains("A new upload replaces the previous invoice."));
    assert!(page.main().contains("href=\"/invoices\""));
    assert!(page.main().contains("enctype=\"multipart/form-data\""));
    let table = crate::support::region(&page, "invoices");
    let of = |id: &str| table.split('\n').find(|it| it.contains(id)).unwrap().to_owned();
    assert!(of("I-1.pdf").contains("Done, replaced by a later file"), "{table}");
    assert!(of("I-2.pdf").contains("Rejected <b>Not</b> an invoice."), "{table}");
    assert!(of("I-3.pdf").ends_with("Under review by the marketplace"), "{table}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_file_goes_from_the_form_to_the_marketplace_unchanged(pool: PgPool) {
    let world = World::start(pool).await;
    let awkward: Vec<u8> = [PDF, &(0..=255).collect::<Vec<u8>>(), b"\r\n--x--\r\n"].concat();
    let files = [
        ("Facture.PDF", awkward, "pdf", "application/pdf"),
        ("facture.xml", XML.to_vec(), "xml", "application/xml"),
        ("both.zip", zip(&[("a.pdf", PDF), ("a.xml", XML)]), "zip", "application/zip"),
    ];
    let browser = world.shop.sign_in(Role::CustomerService).await;
    let worker = sending_to(&world.simulator, &world.shop).await;
    for (name, bytes, end, media_type) in files {
        let order = world.simulator.add(OrderDraft::new("maison"));
        world.pull().await;
        let form = form(&browser, &order).await.file("file", name, &bytes);
        for _ in 0..2 {
            let answer = form.post(&browser, &format!("{}/invoice", href(&order))).await;
            assert_eq!((answer.status, answer.location()), (303, href(&order).as_str()), "{name}");
        }
        assert_eq!(world.shop.states(&order).await, [State::Queued], "{name}");
        let (invoice, stored) = kept(&world.shop, &order).await;
        assert_eq!((invoice.file_name.as_str(), &stored), (name, &bytes));
        assert_eq!(invoice.sha256.len(), 64);

        worker.send(&world.shop).await;

        assert_eq!(world.shop.states(&order).await, [State::Confirmed], "{name}");
        let calls = world.calls("POST", &format!("/orders/{order}/invoice-documents"));
        assert_eq!(calls.len(), 1, "{name}");
        assert_eq!(calls[0].body["files"][0]["size"], bytes.len());
        let sent = calls[0].body["files"][0]["fileName"].as_str().unwrap();
        assert!(sent.starts_with(&order) && sent.ends_with(end), "{sent}");
        assert!(worker.carried(media_type, &bytes), "{name}: the bytes changed on their way");
        let page = browser.get(&href(&order)).await;
        assert!(page.main_text().contains(name), "{}", page.main_text());
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn each_mistake_is_told_at_the_field(pool: PgPool) {
    let shop = shop(pool).await;
    let other = "The selected file must be a PDF, XML or ZIP";
    let large = "The selected file must be 5 MB or smaller";
    assert_mistake(&shop, "a.pdf", b"", "The selected file is empty").await;
    assert_mistake(&shop, "a.pdf", b"MZ\x90\x00", other).await;
    assert_mistake(&shop, "a.pdf", b"<html><script>", other).await;
    assert_mistake(&shop, "a.pdf", &[PDF, &vec![b' '; MAX_BYTES]].concat(), large).await;
    assert_mistake(&shop, "", b"", "Select a file").await;
    let misnamed = "The selected file is named .svg but what is in it is XML";
    assert_mistake(&shop, "a.svg", b"<?xml version=\"1.0\"?><svg/>", misnamed).await;
    // Files that are two things at once are taken for what they begin as.
    let pdf_and_zip = [PDF, &zip(&[("a.pdf", PDF)])].concat();
    let misnamed = "The selected file is named .zip but what is in it is PDF";
    assert_mistake(&shop, "a.zip", &pdf_and_zip, misnamed).await;
    let misnamed = "The selected file is named .docx but what is in it is ZIP";
    assert_mistake(&shop, "a.docx", &zip(&[("a.pdf", PDF)]), misnamed).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_form_without_its_parts_is_shown_again(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await;
    let path = href("A-1/invoice");
    let form = form(&browser, "A-1").await;
    let page = form.post(&browser, &path).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("Select a file"));
    assert_eq!(page.value_of("submission"), form.value("submission"), "the same form");
    let two = form.clone().file("file", "a.pdf", PDF).file("file", "b.pdf", PDF);
    let page = two.post(&browser, &path).await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("Select only one file"));
    for number in ["", "nonsense"] {
        let form = Form::default().field("submission", number).file("file", "a.pdf", PDF);
        let page = form.post(&browser, &path).await;
        assert_eq!(page.status, 422);
        assert!(page.main_text().contains("This form is out of date"));
    }
    let page = browser.post(&path, &[("submission", &form.value("submission").unwrap())]).await;
    assert_eq!(page.status, 415, "words alone are no upload");
    let page = Form::default().broken(&browser, &path).await;
    assert_eq!(page.status, 400);
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_far_too_large_gets_the_form_again_and_other_forms_stay_small(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await;
    let large = [PDF, &vec![b' '; MAX_BYTES + 70 * 1024]].concat();
    for bytes in [large, [PDF, &vec![b' '; 23 * 1024 * 1024]].concat()] {
        let form = form(&browser, "A-1").await.file("file", "a.pdf", &bytes);
        let page = form.post(&browser, &href("A-1/invoice")).await;
        assert_eq!(page.status, 413);
        let words = "The selected file must be 5 MB or smaller";
        assert_eq!(page.main_text().matches(words).count(), 2, "{}", page.main_text());
    }
    let text = "a".repeat(300 * 1024);
    for path in [href("A-1/ship"), href("A-1/gesture"), "/sign-in".to_owned()] {
        let page = browser.post(&path, &[("text", &text)]).await;
        assert_eq!(page.status, 413, "{path}");
        let form = Form::default().file("file", "a.pdf", text.as_bytes());
        assert_eq!(form.post(&browser, &path).await.status, 415, "{path} takes no files");
    }
    let many = (0..300).fold(Form::default(), |form, _| form.file("file", "a.pdf", PDF));
    assert_eq!(many.post(&browser, &href("A-1/invoice")).await.status, 413);
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_browser_that_sends_too_much_is_not_cut_off_before_it_is_told(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await;
    let cookie = browser.cookie("sid").unwrap();
    let large = [PDF, &vec![b' '; 15 * 1024 * 1024]].concat();
    let form = form(&browser, "A-1").await.file("file", "a.pdf", &large);
    let answer = form.post_for_real(&shop, &cookie, &href("A-1/invoice")).await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(answer.contains("The selected file must be 5 MB or smaller"), "{answer}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_name_is_only_shown_and_never_a_path(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await;
    let name = "..\\..\\../etc/<script>alert(1)</script>\u{202e}.pdf";
    let form = form(&browser, "A-1").await.file("file", name, PDF);
    assert_eq!(form.post(&browser, &href("A-1/invoice")).await.status, 303);
    let (invoice, _) = kept(&shop, "A-1").await;
    assert_eq!(invoice.file_name, "script>.pdf", "what follows the last slash");
    let page = browser.get(&href("A-1")).await;
    assert!(page.main_text().contains("uploaded the invoice script>.pdf"), "{}", page.main_text());
    assert!(!page.body.contains("script>.pdf"), "escaped");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_form_gone_back_to_with_another_file_is_not_taken_for_the_first(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await;
    let form = form(&browser, "A-1").await;
    let first = form.clone().file("file", "a.pdf", PDF).post(&browser, &href("A-1/invoice")).await;
    assert_eq!(first.status, 303);
    let page = form.file("file", "a.xml", XML).post(&browser, &href("A-1/invoice")).await;
    assert_eq!(page.status, 409, "the first one is still under way");
    assert!(page.main_text().contains("Ana Alves"), "{}", page.main_text());
    assert_eq!(shop.states("A-1").await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_file_that_the_customer_has_is_noted_and_can_be_sent_again(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await;
    let path = href("A-1/invoice");
    let first = form(&browser, "A-1").await.file("file", "a.pdf", PDF);
    assert_eq!(first.post(&browser, &path).await.status, 303);
    shop.taken("A-1", "I-1").await;
    let page = form(&browser, "A-1").await.file("file", "b.pdf", PDF).post(&browser, &path).await;
    assert_eq!(page.status, 200);
    assert!(page.main_text().contains("The customer already has exactly this file."));
    assert!(!page.title().starts_with("Error"), "a note, not a mistake");
    assert_eq!(shop.states("A-1").await.len(), 1);
    let answer = form_of(&page).file("file", "b.pdf", PDF).post(&browser, &path).await;
    assert_eq!(answer.status, 303);
    assert_eq!(shop.states("A-1").await, [State::Queued, State::Confirmed]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn roles_and_orders_that_do_not_allow_it_are_told_why(pool: PgPool) {
    let shop = shop(pool).await;
    shop.mirror(moved(order("A-2"), "Cancelled", 1)).await;
    for role in [Role::Viewer, Role::Warehouse] {
        let browser = shop.sign_in(role).await;
        let form = Form::default().field("submission", "x").file("file", "a.pdf", PDF);
        for page in [
            browser.get(&href("A-1/invoice")).await,
            form.post(&browser, &href("A-1/invoice")).await,
        ] {
            assert_eq!(page.status, 403, "{role:?}");
            assert!(page.main_text().contains("Your role cannot upload invoices."), "{role:?}");
        }
    }
    let browser = shop.sign_in(Role::CustomerService).await;
    let page = browser.get(&href("A-2/invoice")).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("The order is canceled."));
    let posted = form(&browser, "A-1").await.file("file", "a.pdf", PDF);
    let page = posted.post(&browser, &href("A-2/invoice")).await;
    assert_eq!(page.status, 409);
    assert_eq!(browser.get(&href("A-9/invoice")).await.status, 404);
    assert_eq!(posted.post(&browser, &href("A-9/invoice")).await.status, 404);
    let foreign = Form::request(&href("A-1/invoice")).header("sec-fetch-site", "cross-site");
    let page = browser.send(foreign, posted.body()).await;
    assert_eq!(page.status, 403);
    assert!(page.main_text().contains("forms are only taken from Comptoir’s own pages"));
    let visitor = shop.app.visitor();
    let page = posted.post(&visitor, &href("A-1/invoice")).await;
    assert_eq!((page.status, page.location()), (303, "/sign-in"));
    let page = browser.send(axum::http::Request::delete(href("A-1/invoice")), "").await;
    assert_eq!((page.status, page.header("allow")), (405, "GET,HEAD,POST"));
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_form_speaks_french(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await.speaking("fr");
    let page = browser.get(&href("A-1/invoice")).await;
    assert!(page.main_text().contains("Déposer une facture"), "{}", page.main_text());
    assert!(page.main_text().contains("Un nouvel envoi remplace la facture précédente."));
    let page = form_of(&page).post(&browser, &href("A-1/invoice")).await;
    assert!(page.main_text().contains("Sélectionnez un fichier"));
}
