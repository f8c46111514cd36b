//! What holds for every page: axe-core finds nothing, in both themes, on a desk and on a telephone; nothing
//! is wider than a narrow window; the browser complains about nothing, and asks nobody else. The pictures
//! taken on the way are in the target folder, under `screens`.

use std::fs;
use std::path::PathBuf;

use comptoir::domain::operator::Role;
use serde_json::json;
use sqlx::PgPool;

use crate::axe;
use crate::browser::Browser;
use crate::browser::DESKTOP;
use crate::browser::NARROWEST;
use crate::browser::PHONE;
use crate::browser::Size;
use crate::pages;
use crate::pages::Page;
use crate::pages::Scene;
use crate::world::World;

/// A size, a theme, and whether a picture is taken.
const VIEWS: [(Size, &str, bool); 4] = [
    (DESKTOP, "light", true),
    (DESKTOP, "dark", true),
    (PHONE, "light", true),
    (PHONE, "dark", false),
];

/// Everything that is wrong with these pages.
async fn look(scene: &Scene, pages: &[Page]) -> Vec<String> {
    let mut wrong = Vec::new();
    for who in [None, Some(Role::Admin), Some(Role::Viewer)] {
        let pages: Vec<_> = pages.iter().filter(|it| it.who == who).collect();
        if pages.is_empty() {
            continue;
        }
        for lang in ["en", "fr"] {
            let browser = scene.window(who, lang).await;
            for page in &pages {
                browser.set_theme("light").await;
                browser.resize(DESKTOP).await;
                page.open(&browser).await;
                let found = match lang {
                    "en" => flaws(&browser, page).await,
                    _ => flaws_in_french(&browser, page).await,
                };
                wrong.extend(found);
            }
        }
    }
    wrong
}

/// What another language can break: names of controls, contrast of words that only it has, and the width.
async fn flaws_in_french(browser: &Browser, page: &Page) -> Vec<String> {
    let mut flaws = Vec::new();
    let language = browser.run("return document.documentElement.lang", json!([])).await;
    if language != "fr" {
        flaws.push(format!("{} is in {language}", page.name));
    }
    for theme in ["light", "dark"] {
        browser.set_theme(theme).await;
        let found = axe::violations(browser).await;
        flaws.extend(found.iter().map(|it| format!("{} in French, {theme}: {it}", page.name)));
    }
    flaws.extend(too_wide(browser, page, "French").await);
    flaws.extend(complaints(browser, page).await);
    flaws
}

async fn too_wide(browser: &Browser, page: &Page, lang: &str) -> Vec<String> {
    let mut flaws = Vec::new();
    for size in [PHONE, NARROWEST] {
        browser.resize(size).await;
        let wide =
            "const page = document.scrollingElement; return page.scrollWidth - page.clientWidth";
        let beyond = browser.run(wide, json!([])).await;
        if beyond != 0 {
            let Page { name, .. } = page;
            flaws.push(format!("{name}, {lang}: scrolls {beyond} px sideways at {} px", size.0));
        }
    }
    flaws
}

async fn complaints(browser: &Browser, page: &Page) -> Vec<String> {
    let expected = page.answer.map(|it| format!("status of {it} "));
    let said_no = |it: &String| expected.as_ref().is_some_and(|status| it.contains(status));
    let complaints = browser.complaints().await.into_iter().filter(|it| !said_no(it));
    complaints.map(|it| format!("{}: {it}", page.name)).collect()
}

async fn flaws(browser: &Browser, page: &Page) -> Vec<String> {
    let mut flaws = Vec::new();
    for (size, theme, pictured) in VIEWS {
        browser.resize(size).await;
        browser.set_theme(theme).await;
        let view = format!("{}-{}-{theme}", page.name, size.0);
        let found = axe::violations(browser).await;
        flaws.extend(found.iter().map(|it| format!("{view}: {it}")));
        if pictured {
            let png = browser.picture(size).await;
            assert!(png.starts_with(b"\x89PNG") && png.len() > 5000, "{view}: {}", png.len());
            fs::write(screens().join(format!("{view}.png")), png).unwrap();
        }
    }
    flaws.extend(too_wide(browser, page, "English").await);
    flaws.extend(complaints(browser, page).await);
    flaws
}

fn screens() -> PathBuf {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).with_file_name("screens");
    fs::create_dir_all(&folder).unwrap();
    folder
}

async fn all_is_well(pool: PgPool, pages: impl FnOnce(&Scene) -> Vec<Page>) {
    let scene = Scene::set(World::still(pool).await).await;
    let wrong = look(&scene, &pages(&scene)).await;
    assert!(wrong.is_empty(), "{} flaws\n{}", wrong.len(), wrong.join("\n"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_page_around_the_orders_suits_everybody_and_has_its_picture(pool: PgPool) {
    all_is_well(pool, |_| pages::around()).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn the_dashboard_suits_everybody_also_when_nothing_is_left_to_do(pool: PgPool) {
    let scene = Scene::set(World::still(pool).await).await;
    let around = pages::around().into_iter().filter(|it| it.name.starts_with("dashboard"));
    let mut wrong = look(&scene, &around.collect::<Vec<_>>()).await;
    let nothing = "TRUNCATE orders, order_counts, order_faults CASCADE";
    sqlx::raw_sql(nothing).execute(&scene.world.pool).await.unwrap();
    wrong.extend(look(&scene, &pages::finished()).await);
    assert!(wrong.is_empty(), "{} flaws\n{}", wrong.len(), wrong.join("\n"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_page_of_an_order_suits_everybody_and_has_its_picture(pool: PgPool) {
    all_is_well(pool, pages::of_orders).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_flaw_is_found_where_there_is_one(pool: PgPool) {
    let scene = Scene::set(World::still(pool).await).await;
    let browser = scene.window(None, "en").await;
    browser.goto("/sign-in").await;
    let flaw = "document.querySelector('main').append(document.createElement('img'));
        document.body.style.inlineSize = '2000px';
        const script = document.createElement('script');
        script.textContent = '1';
        document.body.append(script);
        console.error('told nobody');";
    browser.run(flaw, json!([])).await;
    let found = flaws(&browser, &pages::around()[0]).await;
    for expected in
        ["\"image-alt\"", "px sideways at 320 px", "told nobody", "Content Security Policy"]
    {
        assert!(found.iter().any(|it| it.contains(expected)), "no {expected} in {found:#?}");
    }
}
