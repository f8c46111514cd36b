//! The pictures of the documents: each page over a busy marketplace, light, dark and on a telephone. `bin/screens`
//! puts them into `docs/screens`.

use std::fs;
use std::path::PathBuf;

use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::browser::DESKTOP;
use crate::browser::PHONE;
use crate::browser::Size;
use crate::pages;
use crate::pages::Page;
use crate::pages::Scene;
use crate::world::World;

/// The pages of `pages`, each in its most telling state.
const PICTURED: &[&str] = &[
    "accept",
    "account",
    "accounts",
    "activity",
    "attention",
    "batch-review",
    "batches",
    "cancel",
    "cancel-review",
    "carriers",
    "dashboard",
    "gesture",
    "glossary",
    "help",
    "import-columns",
    "import-review",
    "imports",
    "invoice",
    "invoices",
    "list",
    "list-more-filters",
    "list-save-view",
    "not-possible",
    "notifications",
    "order-needs-person",
    "order-notes",
    "order-requests",
    "order-to-ship",
    "picking",
    "profile",
    "promise-needs-person",
    "ship",
    "ship-errors",
    "ship-warnings",
    "shipping",
    "shipping-failed",
    "shortcuts",
    "sign-in",
    "slips",
    "sync",
    "user",
    "users",
];

/// The view's name, its size, its theme.
const VIEWS: [(&str, Size, &str); 3] =
    [("light", DESKTOP, "light"), ("dark", DESKTOP, "dark"), ("phone", PHONE, "light")];

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_page_has_its_pictures_for_the_documents(pool: PgPool) {
    let scene = Scene::set(World::busy(pool).await).await;
    let mut pages = pages::around();
    pages.extend(pages::of_orders(&scene));
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("screens-of-documents");
    let _nothing_there = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    for who in [None, Some(Role::Admin)] {
        let browser = scene.window(who, "en").await;
        for name in PICTURED {
            let page: &Page = pages.iter().find(|it| it.name == *name).expect("a page");
            if page.who != who {
                continue;
            }
            browser.resize(DESKTOP).await;
            page.open(&browser).await;
            for (view, size, theme) in VIEWS {
                browser.resize(size).await;
                browser.set_theme(theme).await;
                let picture = browser.picture(size).await;
                assert!(picture.starts_with(b"RIFF") && picture.len() > 2000, "{name}-{view}");
                fs::write(folder.join(format!("{name}-{view}.webp")), picture).unwrap();
            }
        }
    }
    assert_eq!(fs::read_dir(&folder).unwrap().count(), PICTURED.len() * VIEWS.len());
}
