//! Many at once.

use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use comptoir::domain::order::AccountId;
use comptoir::workflow;
use octopia_simulator::OrderDraft;
use sqlx::PgPool;

use crate::browser::Browser;
use crate::browser::Page;
use crate::invoice::files::Form;
use crate::invoice::files::PDF;
use crate::invoice::files::XML;
use crate::invoice::files::zip;
use crate::invoice::kept;
use crate::support::Shop;
use crate::support::World;
use crate::support::href;
use crate::support::moved;
use crate::support::order;
use crate::support::region;

async fn shop(pool: PgPool) -> Shop {
    let shop = Shop::start(pool).await;
    for id in ["A-1", "A-2", "A-3"] {
        shop.mirror(order(id)).await;
    }
    shop
}

pub async fn form(browser: &Browser) -> Form {
    let page = browser.get("/invoices").await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    Form::default().field("batch", &page.value_of("batch").unwrap())
}

/// What the result says of a file, in one line.
#[track_caller]
fn told(page: &Page, table: &str, file: &str) -> String {
    let text = region(page, table);
    let rows = text.replace('\n', " ");
    let (_, after) = rows.split_once(file).unwrap_or_else(|| panic!("no {file}: {text}"));
    after.to_owned()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn each_file_is_for_the_order_it_is_named_after(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Manager).await;
    let other = [PDF, b"another"].concat();
    let batch = form(&browser)
        .await
        .file("files", "A-1.pdf", PDF)
        .file("files", "A-2-ABC234.xml", XML)
        .file("files", "november.zip", &zip(&[("../../A-3.pdf", &other)]));
    let page = batch.post(&browser, "/invoices").await;
    assert_eq!(page.status, 200, "{}", page.main_text());
    assert_eq!(page.title(), "Invoices uploaded: 3 of 3 · Comptoir");
    assert!(!page.main().contains("id=\"refused\""));
    assert!(told(&page, "taken", "A-3.pdf").starts_with(" in november.zip A-3 Maison Lemoine"));
    for (id, name, bytes) in
        [("A-1", "A-1.pdf", PDF), ("A-2", "A-2-ABC234.xml", XML), ("A-3", "A-3.pdf", &other[..])]
    {
        let (invoice, stored) = kept(&shop, id).await;
        assert_eq!((invoice.file_name.as_str(), &stored[..]), (name, bytes));
        assert!(page.main().contains(&format!("href=\"{}\"", href(id))));
        let promise = format!("/promises/{}", shop.promise(id).await);
        assert!(page.main().contains(&format!("href=\"{promise}\"")));
        assert_eq!(browser.get(&promise).await.status, 200);
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_same_batch_sent_twice_makes_nothing_twice(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await;
    let batch = form(&browser).await.file("files", "A-1.pdf", PDF).file("files", "A-2.xml", XML);
    let first = batch.post(&browser, "/invoices").await;
    let again = batch.post(&browser, "/invoices").await;
    assert_eq!(first.main_text(), again.main_text());
    assert_eq!(shop.states("A-1").await, [State::Queued]);
    assert_eq!(shop.states("A-2").await, [State::Queued]);
    shop.taken("A-1", "I-1").await;
    let again = batch.post(&browser, "/invoices").await;
    assert_eq!(first.main_text(), again.main_text(), "what came of it is a click away");
    assert_eq!(shop.states("A-1").await, [State::Confirmed]);
    let other =
        form(&browser).await.file("files", "A-1.pdf", PDF).post(&browser, "/invoices").await;
    let note = told(&other, "refused", "A-1.pdf");
    assert!(note.contains("The customer already has exactly this file."), "{note}");
    assert_eq!(shop.states("A-1").await, [State::Confirmed]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_not_possible_is_told_and_the_rest_goes_on(pool: PgPool) {
    let shop = shop(pool).await;
    let mut elsewhere = order("B-1");
    elsewhere.channel_id = "CONFPT".to_owned();
    elsewhere.channel_name = "Conforama Portugal".to_owned();
    shop.mirror(elsewhere).await;
    shop.mirror(moved(order("B-2"), "Cancelled", 1)).await;
    let browser = shop.sign_in(Role::CustomerService).await;
    let busy = super::form(&browser, "A-3").await.file("file", "a.pdf", PDF);
    assert_eq!(busy.post(&browser, &href("A-3/invoice")).await.status, 303);
    let other = [PDF, b"another"].concat();
    let page = form(&browser)
        .await
        .file("files", "A-1.pdf", PDF)
        .file("files", "copy/A-1.pdf", PDF)
        .file("files", "A-2.pdf", PDF)
        .file("files", "A-2.xml", XML)
        .file("files", "A-3.pdf", &other)
        .file("files", "B-1.pdf", PDF)
        .file("files", "B-2.pdf", PDF)
        .file("files", "C-404.pdf", PDF)
        .file("files", "empty.pdf", b"")
        .file("files", "photo.pdf", b"\x89PNG\r\n")
        .file("files", "<b>.pdf", PDF)
        .file("files", "broken.zip", &zip(&[("A-1.pdf", PDF)])[..40])
        .post(&browser, "/invoices")
        .await;
    assert_eq!(page.status, 200);
    assert_eq!(page.title(), "Invoices uploaded: 2 of 12 · Comptoir");
    let no = |file: &str, words: &str| {
        let told = told(&page, "refused", file);
        assert!(told.contains(words), "{file}: {told}");
    };
    let several = "A-2 Maison Lemoine Several different files are for this order.";
    no("A-2.pdf", several);
    no("A-2.xml", several);
    no("A-3.pdf", "Possible again once that is settled.");
    no("B-1.pdf", "Conforama Portugal takes no invoices.");
    no("B-2.pdf", "The order is canceled.");
    no("C-404.pdf", "– No order of yours has this number.");
    no("empty.pdf", "The selected file is empty");
    no("photo.pdf", "The selected file must be a PDF, XML or ZIP");
    no("<b>.pdf", "No order of yours has this number.");
    no("broken.zip", "cannot be opened");
    assert!(region(&page, "taken").contains("same file as A-1.pdf"), "{}", region(&page, "taken"));
    assert_eq!(shop.states("A-1").await, [State::Queued]);
    assert_eq!(shop.states("A-2").await, []);
    assert_eq!(shop.states("A-3").await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_number_of_two_accounts_is_nobodys_guess(pool: PgPool) {
    let shop = shop(pool).await;
    let mut tx = shop.app.pool.begin().await.unwrap();
    let atelier = AccountId("atelier".to_owned());
    let reading = workflow::Reading { order: order("A-1"), raw: "{}".to_owned(), raw_hash: 1 };
    workflow::record(&mut tx, &atelier, &[reading], shop.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let browser = shop.sign_in(Role::Admin).await;
    let page = form(&browser).await.file("files", "A-1.pdf", PDF).post(&browser, "/invoices").await;
    let told = told(&page, "refused", "A-1.pdf");
    assert!(told.contains("Several accounts have an order of this number."), "{told}");
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_archive_that_swells_is_stopped(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await;
    let swollen = [PDF, &vec![b' '; 60 * 1024 * 1024]].concat();
    let bomb = zip(&[("A-1.pdf", &swollen), ("A-2.pdf", PDF)]);
    assert!(bomb.len() < 200_000, "{}", bomb.len());
    let page = form(&browser).await.file("files", "b.zip", &bomb).post(&browser, "/invoices").await;
    assert_eq!(page.title(), "Invoices uploaded: 1 of 2 · Comptoir");
    let told = told(&page, "refused", "A-1.pdf");
    assert!(told.contains("The selected file must be 5 MB or smaller"), "{told}");
    assert_eq!(shop.states("A-2").await, [State::Queued]);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn mistakes_of_the_form_are_told_at_the_field(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await;
    let empty = form(&browser).await.file("files", "", b"");
    let large = (0..11).fold(form(&browser).await, |form, it| {
        form.file("files", &format!("A-{it}.pdf"), &[PDF, &vec![b' '; 5_000_000]].concat())
    });
    let many = (0..300).fold(form(&browser).await, |form, _| form.file("files", "A-1.pdf", PDF));
    for (form, status, words) in [
        (empty, 422, "Select a file"),
        (large, 413, "The selected files must be 50 MB or smaller in total"),
        (many, 413, "Select 200 files or fewer"),
    ] {
        let page = form.post(&browser, "/invoices").await;
        assert_eq!(page.status, status, "{words}");
        assert_eq!(page.main_text().matches(words).count(), 2, "{}", page.main_text());
        assert!(page.main().contains("<a href=\"#files\">"));
    }
    let page = Form::default().file("files", "A-1.pdf", PDF).post(&browser, "/invoices").await;
    assert_eq!(page.status, 422);
    assert!(page.main_text().contains("This form is out of date"));
    let page = browser.post("/invoices", &[("batch", "x")]).await;
    assert_eq!(page.status, 415);
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn only_who_may_upload_one_may_upload_many(pool: PgPool) {
    let shop = shop(pool).await;
    for role in [Role::Viewer, Role::Warehouse] {
        let browser = shop.sign_in(role).await;
        let batch = uuid::Uuid::new_v4().to_string();
        let form = Form::default().field("batch", &batch).file("files", "A-1.pdf", PDF);
        for page in [browser.get("/invoices").await, form.post(&browser, "/invoices").await] {
            assert_eq!(page.status, 403, "{role:?}");
            assert!(page.main_text().contains("Your role cannot upload invoices."), "{role:?}");
        }
        let foreign = Form::request("/invoices").header("sec-fetch-site", "cross-site");
        assert_eq!(browser.send(foreign, form.body()).await.status, 403);
    }
    let page = shop.app.visitor().get("/invoices").await;
    assert_eq!(page.location(), "/sign-in?next=%2Finvoices");
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_page_speaks_french(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Admin).await.speaking("fr");
    let batch = form(&browser).await.file("files", "A-1.pdf", PDF).file("files", "X.pdf", PDF);
    let page = batch.post(&browser, "/invoices").await;
    assert_eq!(page.title(), "Factures déposées : 1 sur 2 · Comptoir");
    let told = told(&page, "refused", "X.pdf");
    assert!(told.contains("Aucune de vos commandes ne porte ce numéro."), "{told}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_batch_reaches_the_marketplace_one_call_for_each_order(pool: PgPool) {
    let world = World::start(pool).await;
    let orders = [(); 3].map(|()| world.simulator.add(OrderDraft::new("maison")));
    world.pull().await;
    let browser = world.shop.sign_in(Role::CustomerService).await;
    let names = orders.each_ref().map(|it| format!("{it}.pdf"));
    let archive = zip(&[(&names[0], PDF), (&names[1], PDF)]);
    let batch = form(&browser).await.file("files", "all.zip", &archive).file(
        "files",
        &format!("{}.xml", orders[2]),
        XML,
    );
    for _ in 0..2 {
        let page = batch.post(&browser, "/invoices").await;
        assert_eq!(page.title(), "Invoices uploaded: 3 of 3 · Comptoir");
    }
    world.send().await;
    for order in &orders {
        assert_eq!(world.shop.states(order).await, [State::Confirmed]);
        assert_eq!(world.calls("POST", &format!("/{order}/invoice-documents")).len(), 1);
        assert_eq!(world.simulator.invoices(order).len(), 1);
    }
}
