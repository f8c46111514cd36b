//! What holds for every page: axe-core finds nothing, in both languages and both themes, on a desk and on a telephone;
//! nothing is wider than a narrow window; the browser complains about nothing, and asks nobody else.

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

/// Every language in every theme, and each of them at a desk and on a telephone.
const VIEWS: [(&str, [(Size, &str); 2]); 2] =
    [("en", [(DESKTOP, "light"), (PHONE, "dark")]), ("fr", [(DESKTOP, "dark"), (PHONE, "light")])];

/// Everything that is wrong with these pages.
async fn look(scene: &Scene, pages: &[Page]) -> Vec<String> {
    let mut wrong = Vec::new();
    for who in [None, Some(Role::Admin), Some(Role::Viewer)] {
        let pages: Vec<_> = pages.iter().filter(|it| it.who == who).collect();
        if pages.is_empty() {
            continue;
        }
        for (lang, views) in VIEWS {
            let browser = scene.window(who, lang).await;
            for page in &pages {
                browser.resize(DESKTOP).await;
                page.open(&browser).await;
                wrong.extend(flaws(&browser, page, lang, views).await);
            }
        }
    }
    wrong
}

async fn flaws(
    browser: &Browser,
    page: &Page,
    lang: &str,
    views: [(Size, &str); 2],
) -> Vec<String> {
    let mut flaws = Vec::new();
    let language = browser.run("return document.documentElement.lang", json!([])).await;
    if language != lang {
        flaws.push(format!("{} is in {language}", page.name));
    }
    for (size, theme) in views {
        browser.resize(size).await;
        browser.set_theme(theme).await;
        let found = axe::violations(browser).await;
        let view = format!("{} in {lang}, {theme}, at {} px", page.name, size.0);
        flaws.extend(found.iter().map(|it| format!("{view}: {it}")));
    }
    flaws.extend(too_wide(browser, page, lang).await);
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
            flaws.push(format!("{name} in {lang}: scrolls {beyond} px sideways at {} px", size.0));
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

async fn all_is_well(pool: PgPool, pages: impl FnOnce(&Scene) -> Vec<Page>) {
    let scene = Scene::set(World::still(pool).await).await;
    let wrong = look(&scene, &pages(&scene)).await;
    assert!(wrong.is_empty(), "{} flaws\n{}", wrong.len(), wrong.join("\n"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn every_page_around_the_orders_suits_everybody(pool: PgPool) {
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
async fn every_page_of_an_order_suits_everybody(pool: PgPool) {
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
    let (lang, views) = VIEWS[0];
    let found = flaws(&browser, &pages::around()[0], lang, views).await;
    for expected in
        ["\"image-alt\"", "px sideways at 320 px", "told nobody", "Content Security Policy"]
    {
        assert!(found.iter().any(|it| it.contains(expected)), "no {expected} in {found:#?}");
    }
}
