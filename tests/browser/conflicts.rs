//! Two people, one order.

use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::axe;
use crate::browser::Browser;
use crate::browser::Scripts;
use crate::world::TO_SHIP;
use crate::world::World;

async fn fill_in(browser: &Browser, carrier: &str, number: &str) {
    browser.goto(&format!("/orders/maison/{TO_SHIP}/ship")).await;
    browser.choose("#p1-carrier", carrier).await;
    browser.fill("#p1-number", number).await;
}

async fn second_is_told(pool: PgPool, scripts: Scripts) {
    let world = World::live(pool, 20).await;
    let walid = world.signed_in(Role::Warehouse, Scripts::On).await;
    let ana = world.signed_in(Role::Admin, scripts).await;
    fill_in(&walid, "Colissimo", "6A21938475001").await;
    fill_in(&ana, "DPD", "05488000042").await;
    walid.click("#send").await;
    walid.see("#countdown").await;
    ana.click("#send").await;

    ana.see_text("main h1", "Not possible now").await;
    ana.see_text("main [role=alert]", "Shipment by Walid Wagner").await;
    ana.see_text("main [role=alert]", "Your entry is kept below").await;
    assert_eq!(ana.value("[name='parcels[1].carrier']").await, "DPD");
    assert_eq!(ana.value("[name='parcels[1].number']").await, "05488000042");
    assert_eq!(world.promises(TO_SHIP).await, 1);
    if scripts == Scripts::On {
        assert_eq!(axe::violations(&ana).await, Vec::<String>::new());
    }

    // Walid thinks better of it, and Ana's entry goes as it is.
    walid.click("#next-step").await;
    walid.see("#facts [data-state=withdrawn]").await;
    ana.click(".form-actions button").await;
    ana.see_text("#countdown", "Sending in").await;
    ana.see_text("#history", "Ana Alves").await;
    assert_eq!(world.promises(TO_SHIP).await, 2);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn of_two_people_the_second_is_told_who_was_first_and_keeps_the_entry(pool: PgPool) {
    second_is_told(pool, Scripts::On).await;
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn without_scripts_the_second_is_told_who_was_first_and_keeps_the_entry(pool: PgPool) {
    second_is_told(pool, Scripts::Off).await;
}
