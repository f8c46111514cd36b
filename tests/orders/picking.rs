//! Picking lists and packing slips.

use comptoir::domain::operator::Role;
use comptoir::domain::order::Order;
use comptoir::domain::order::Status;
use comptoir::workflow;
use jiff::SignedDuration;
use sqlx::PgPool;

use crate::browser::Page;
use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::line;
use crate::support::maison;
use crate::support::moved;
use crate::support::order;

/// `A-1` is due first, `A-2` later today, `A-3` tomorrow; all want the same chair.
async fn shop(pool: PgPool) -> Shop {
    let shop = Shop::start(pool).await;
    for (id, hours) in [("A-1", -1), ("A-2", 5), ("A-3", 30)] {
        let mut order = order(id);
        order.ship_by = Some(shop.app.now() + SignedDuration::from_hours(hours));
        if id == "A-2" {
            order.lines.truncate(1);
            order.lines[0].quantity = 5;
        }
        shop.mirror(order).await;
    }
    shop
}

/// What a person reads in each panel of a list.
fn panels(page: &Page) -> Vec<String> {
    let panels = page.main().split("<section").skip(1);
    let text = |html: &str| {
        let html = html.split("</section>").next().unwrap();
        let mut text = String::new();
        for part in html.split('<').skip(1) {
            text.push_str(part.split_once('>').map_or("", |(_, it)| it));
            text.push(' ');
        }
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    panels.map(text).collect()
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_due_today_is_picked_product_by_product(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get("/shipping/picking").await;
    let text = page.main_text();
    assert!(text.contains("2 orders, 8 pieces, 2 references."), "{text}");
    assert!(text.contains("Made Thu 19 Nov, 14:12 by Walid Wagner."), "{text}");
    let panels = panels(&page);
    assert_eq!(panels.len(), 2, "{panels:?}");
    let chairs = &panels[0];
    assert!(chairs.contains("7 pcs Chaise en chêne massif, lot de 2 SKU-AYGC"), "{chairs}");
    let (first, second) = (chairs.find(" A-1").unwrap(), chairs.find(" A-2").unwrap());
    assert!(first < second, "{chairs}");
    assert!(chairs[first..].contains("1 h late"), "{chairs}");
    assert!(chairs.contains("Mme Éloïse Dupont-Lévêque , 33000 Bordeaux"), "{chairs}");
    assert!(page.body.contains("aria-label=\"Barcode SKU-AYGC\""), "{}", page.main());

    let all = browser.get("/shipping/picking?due=all").await.main_text();
    assert!(all.contains("3 orders, 11 pieces"), "{all}");
    let late = browser.get("/shipping/picking?due=overdue").await.main_text();
    assert!(late.contains("1 order, 3 pieces"), "{late}");
    let other = browser.get("/shipping/picking?channel=WRTES").await.main_text();
    assert!(other.contains("Nothing to pick"), "{other}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn order_by_order_a_parcel_is_marked_as_packed_on_the_list(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get("/shipping/picking?by=order").await;
    let panels = panels(&page);
    assert_eq!(panels.len(), 2, "{panels:?}");
    assert!(panels[0].contains("3 pcs A- 1") || panels[0].contains("3 pcs A-1"), "{panels:?}");
    assert!(panels[0].contains("SKU-AYGC Chaise en chêne massif, lot de 2 1 SKU-BFCD Coussin"));
    let form = Filled::of(&page, "A-1/packed");
    let answer = form.post(&browser, &href("A-1/packed")).await;
    assert_eq!(answer.location(), "/shipping/picking?due=today&by=order");
    let page = browser.get(answer.location()).await;
    assert_eq!(page.body.matches("<span class=\"tag\">Packed</span>").count(), 1);
    let viewer = shop.sign_in(Role::Viewer).await;
    assert!(!viewer.get(answer.location()).await.body.contains("/packed\""));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_named_and_not_to_be_picked_is_told_with_its_reason(pool: PgPool) {
    let shop = shop(pool).await;
    shop.mirror(moved(order("C-1"), "Cancelled", -30)).await;
    let mut asked: Order = order("C-2");
    asked.lines.push(line("CXYZ", "Table", 1, 9_900));
    asked.lines[2].status = Status::CancelRequest;
    shop.mirror(asked).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let named =
        "order=maison:A-3&order=maison:C-1&order=maison:C-2&order=maison:X-9&order=tiers:A-1";
    for page in ["picking", "slips"] {
        let page = browser.get(&format!("/shipping/{page}?{named}")).await;
        let text = page.main_text();
        // Two orders, and of the second without the line that the customer may not want.
        assert!(text.contains("2 orders, 6 pieces"), "{text}");
        assert!(
            text.contains("Not on this list 1 order Which orders, and why C-1 Cancelled"),
            "{text}"
        );
        assert!(!text.contains("Table"), "{text}");
        assert!(!text.contains("X-9"), "{text}");
    }
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_slip_has_the_number_the_lines_and_the_address(pool: PgPool) {
    let shop = shop(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get("/shipping/slips?order=maison:A-1").await;
    let panels = panels(&page);
    assert_eq!(panels.len(), 1, "{panels:?}");
    for words in [
        "Reference: 2611170812CDIS",
        "Mme Éloïse Dupont-Lévêque 12 rue de l&#39;Abbé-Grégoire 33000 Bordeaux FR",
        "2 SKU-AYGC Chaise en chêne massif, lot de 2",
        "1 SKU-BFCD Coussin",
        "3 Pieces",
    ] {
        assert!(panels[0].contains(words), "{words}: {panels:?}");
    }
    assert!(page.body.contains("aria-label=\"Barcode A-1\""), "{}", page.main());
    // Neither is on a sheet that travels on the outside of a parcel.
    assert!(!page.body.contains("+33612345678") && !page.body.contains("customer.example"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn who_may_not_see_customers_gets_lists_without_them(pool: PgPool) {
    let shop = shop(pool).await;
    let viewer = shop.sign_in(Role::Viewer).await;
    for path in ["/shipping/picking", "/shipping/picking?by=order", "/shipping/slips"] {
        let page = viewer.get(path).await;
        assert_eq!(page.status, 200, "{path}");
        assert!(page.main_text().contains("Chaise"), "{}", page.main_text());
        for private in ["Dupont", "Bordeaux", "33000", "Abbé"] {
            assert!(!page.body.contains(private), "{path}: {private}");
        }
    }
    let audited = shop.app.audited().await;
    assert!(!audited.iter().any(|it| it.starts_with("printed")), "{audited:?}");
    let browser = shop.sign_in(Role::Warehouse).await;
    browser.get("/shipping/picking").await;
    browser.get("/shipping/slips").await;
    let sql = "SELECT details::text FROM audit WHERE kind = 'printed' ORDER BY seq";
    let printed: Vec<String> = sqlx::query_scalar(sql).fetch_all(&shop.app.pool).await.unwrap();
    assert_eq!(printed.len(), 2, "{printed:?}");
    assert!(printed[0].contains("picking_list") && printed[1].contains("packing_slips"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_list_has_an_end_and_says_so(pool: PgPool) {
    let shop = Shop::start(pool).await;
    let readings: Vec<_> = (0..503)
        .map(|id| workflow::Reading {
            order: order(&format!("A-{id:03}")),
            raw: "{}".to_owned(),
            raw_hash: 1,
        })
        .collect();
    let mut tx = shop.app.pool.begin().await.unwrap();
    workflow::record(&mut tx, &maison(), &readings, shop.app.now()).await.unwrap();
    tx.commit().await.unwrap();
    let browser = shop.sign_in(Role::Warehouse).await;
    let text = browser.get("/shipping/picking").await.main_text();
    assert!(text.contains("500 orders, 1 500 pieces"), "{text}");
    assert!(text.contains("The list has the 500 most urgent orders."), "{text}");
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_batch_of_ones_own_is_picked_and_nobody_elses(pool: PgPool) {
    let shop = shop(pool).await;
    let [mine, theirs] = [Role::Warehouse, Role::Admin].map(|_| uuid::Uuid::now_v7());
    for (id, role) in [(mine, "warehouse"), (theirs, "admin")] {
        sqlx::query(
            "INSERT INTO batches (batch_id, user_id, accounts, purpose, origin, created_at, row_count)
             SELECT $1, user_id, '{maison}', 'print', 'list', now(), 1 FROM users WHERE role = $2",
        )
        .bind(id)
        .bind(role)
        .execute(&shop.app.pool)
        .await
        .unwrap();
        sqlx::query(
            "INSERT INTO batch_rows (account_id, batch_id, position, order_id) VALUES ('maison', $1, 1, 'A-3')",
        )
        .bind(id)
        .execute(&shop.app.pool)
        .await
        .unwrap();
    }
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get(&format!("/shipping/picking?batch={mine}&by=order")).await;
    let text = page.main_text();
    assert!(text.contains("1 order, 3 pieces"), "{text}");
    assert!(page.body.contains(&format!("href=\"/shipping/slips?batch={mine}")), "{}", page.main());
    assert_eq!(browser.get(&format!("/shipping/slips?batch={theirs}")).await.status, 404);
}
