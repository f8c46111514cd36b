//! What the marketplace decides later: cancelling, giving money, sending an invoice; and shipping a part.

use std::time::Duration;

use comptoir::domain::operator::Role;
use jiff::SignedDuration;
use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use octopia_simulator::Review;
use sqlx::PgPool;
use uuid::Uuid;

use crate::browser::Browser;
use crate::browser::Scripts;
use crate::shipping::look_again_until;
use crate::world::World;

const WHY_NOT: &str = "The customer was already refunded by the marketplace.";

/// Waits until the page shows it, the way such a browser can.
async fn await_shown(browser: &Browser, scripts: Scripts, css: &str) {
    match scripts {
        Scripts::On => drop(browser.see(css).await),
        Scripts::Off => look_again_until(browser, css).await,
    }
}

/// How often the marketplace did that to the order because of us.
fn effects(world: &World, order: &str, kind: &str) -> usize {
    let effects = world.simulator.ledger();
    let ours = |it: &&octopia_simulator::Effect| {
        it.order_id == order && it.kind == kind && it.by == Party::Api
    };
    effects.iter().filter(ours).count()
}

/// Follows a request from the moment it was sent to its end, good or bad.
async fn follow(
    world: &World,
    browser: &Browser,
    scripts: Scripts,
    order: &str,
    [request, effect]: [&str; 2],
    rejected: bool,
) {
    await_shown(browser, scripts, "#facts [data-state=confirmed]").await;
    assert_eq!(effects(world, order, request), 1, "{scripts:?}");
    world.simulator.advance(SignedDuration::from_mins(20));
    if rejected {
        await_shown(browser, scripts, "#facts [data-state=refused]").await;
        browser.see_text("#live", WHY_NOT).await;
        browser.see_text("#requests", WHY_NOT).await;
        assert_eq!(effects(world, order, effect), 0, "{scripts:?}");
    } else {
        await_shown(browser, scripts, "#requests [data-state=confirmed]").await;
        browser.see("#facts [data-state=confirmed]").await;
        assert_eq!(effects(world, order, effect), 1, "{scripts:?}");
    }
    assert_eq!(effects(world, order, request), 1, "{scripts:?}");
    browser.was_quiet().await;
}

/// A new order, as soon as it is mirrored.
async fn fresh(world: &World, draft: OrderDraft) -> String {
    let order = world.simulator.add(draft);
    let sql = "SELECT count(*) FROM orders WHERE order_id = $1";
    let mirrored = async {
        while sqlx::query_scalar::<_, i64>(sql).bind(&order).fetch_one(&world.pool).await.unwrap()
            == 0
        {}
    };
    tokio::time::timeout(Duration::from_secs(30), mirrored).await.expect("mirrored");
    order
}

/// Every action, with and without scripts, carried out and turned down.
async fn each_way(
    pool: PgPool,
    draft: OrderDraft,
    (review, kinds): (Review, [&str; 2]),
    act: impl AsyncFn(&World, &Browser, &str),
) {
    let world = Box::pin(World::live(pool, 0)).await;
    for scripts in [Scripts::On, Scripts::Off] {
        let browser = world.signed_in(Role::CustomerService, scripts).await;
        for rejected in [false, true] {
            let order = fresh(&world, draft.clone()).await;
            if rejected {
                world.simulator.reject_next_of(review, &order, WHY_NOT);
            }
            browser.goto(&format!("/orders/maison/{order}")).await;
            act(&world, &browser, &order).await;
            browser.see("#facts").await;
            follow(&world, &browser, scripts, &order, kinds, rejected).await;
        }
    }
}

const CANCELLATION: (Review, [&str; 2]) =
    (Review::Cancellation, ["cancellation_request", "cancellation"]);

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_cancelled_in_full(pool: PgPool) {
    let draft = OrderDraft::new("maison").lines(2);
    each_way(pool, draft, CANCELLATION, async |world, browser, order| {
        browser.click("#act-cancel").await;
        browser.choose("#reason", "Refused by the seller").await;
        browser.click("#shipping-yes").await;
        browser.click("#send").await;
        browser.see_text("#review", "Refused by the seller").await;
        assert_eq!(world.promises(order).await, 0, "nothing is promised before the check");
        browser.click("#send").await;
    })
    .await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn two_lines_are_cancelled_for_two_reasons(pool: PgPool) {
    let draft = OrderDraft::new("maison").channel("WRTES").lines(3).status("Shipped");
    each_way(pool, draft, CANCELLATION, async |world, browser, order| {
        browser.click("#act-cancel-lines").await;
        for (line, reason) in [(1, "Damaged"), (3, "Missing element")] {
            browser.click(&format!("#line-{line}")).await;
            browser.choose(&format!("#reason-{line}"), reason).await;
            browser.click(&format!("#shipping-{line}-no")).await;
        }
        browser.click("#send").await;
        browser.see_text("#review", "Missing element").await;
        browser.click("#send").await;
        browser.see("#facts").await;
        let lines = world.simulator.order(order).unwrap().lines;
        browser.see_text("#history", &lines[0].id).await;
    })
    .await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_gesture_is_given(pool: PgPool) {
    let draft = OrderDraft::new("maison").status("Delivered");
    let gesture = (Review::Gesture, ["gesture_request", "gesture"]);
    each_way(pool, draft, gesture, async |world, browser, order| {
        browser.click("#act-gesture").await;
        browser.click("#reason-3").await;
        browser.fill("#amount", "1,09").await;
        browser.click("#send").await;
        browser.see_text(".error-summary", "Describe the reason").await;
        assert_eq!(browser.value("#amount").await, "1,09");
        assert_eq!(browser.complaints().await.len(), 1, "the answer that said no");
        browser.fill("#details", "A scratch on the left side").await;
        browser.click("#send").await;
        browser.see_text("main", "1,09").await;
        assert_eq!(world.promises(order).await, 0, "nothing is promised before the check");
        browser.click("#send").await;
    })
    .await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_invoice_is_uploaded(pool: PgPool) {
    let file = std::env::temp_dir().join(format!("invoice-{}.pdf", Uuid::now_v7()));
    std::fs::write(&file, b"%PDF-1.7\n%one small invoice\n").unwrap();
    let draft = OrderDraft::new("maison").status("Shipped");
    let invoice = (Review::Invoice, ["invoice_request", "invoice"]);
    each_way(pool, draft, invoice, async |_, browser, _| {
        browser.click("#act-invoice").await;
        let field = browser.see("input[type=file]").await;
        field.send_keys(file.to_str().unwrap()).await.unwrap();
        browser.click("#send").await;
    })
    .await;
    std::fs::remove_file(&file).unwrap();
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn one_line_of_several_is_shipped_and_the_others_stay(pool: PgPool) {
    let world = World::live(pool, 0).await;
    for scripts in [Scripts::On, Scripts::Off] {
        let browser = world.signed_in(Role::Warehouse, scripts).await;
        let draft = OrderDraft::new("maison").channel("WRTES").lines(3);
        let order = fresh(&world, draft).await;
        browser.goto(&format!("/orders/maison/{order}")).await;
        browser.click("#act-ship").await;
        browser.choose("#p1-carrier", "DPD").await;
        browser.fill("#p1-number", &format!("05488{}", &order[6..])).await;
        browser.click("#p1-line-2").await;
        browser.click("#p1-line-3").await;
        browser.click("#send").await;
        await_shown(&browser, scripts, "#facts [data-state=confirmed]").await;
        assert_eq!(effects(&world, &order, "shipment"), 1);
        let lines = world.simulator.order(&order).unwrap().lines;
        let shipped: Vec<_> = lines.iter().map(|it| it.status.as_str()).collect();
        assert_eq!(shipped, ["Shipped", "InPreparation", "InPreparation"]);
        await_shown(&browser, scripts, "#facts [data-status=InPreparation]").await;
        browser.was_quiet().await;
    }
}
