//! Accepting and refusing.

use comptoir::domain::delivery::State;
use comptoir::domain::operator::Role;
use sqlx::PgPool;

use crate::support::Filled;
use crate::support::Shop;
use crate::support::href;
use crate::support::moved;
use crate::support::order;

async fn waiting(pool: PgPool) -> Shop {
    Shop::with(pool, moved(order("A-1"), "WaitingAcceptance", -60)).await
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn an_order_is_accepted_from_its_page_with_one_button(pool: PgPool) {
    let shop = waiting(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let form = Filled::of(&browser.get(&href("A-1")).await, "/approve");
    for _ in 0..2 {
        let answer = form.post(&browser, &href("A-1/approve")).await;
        assert_eq!((answer.status, answer.location()), (303, "/orders/maison/A-1"));
    }
    assert_eq!(shop.states("A-1").await, [State::Queued]);
    let page = browser.get(&href("A-1")).await;
    assert!(page.body.contains("data-state=\"queued\""));
    assert!(page.main_text().contains("Acceptance: Sending in 20 s"), "{}", page.main_text());
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn refusing_states_the_consequence_first(pool: PgPool) {
    let shop = waiting(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    assert!(browser.get(&href("A-1")).await.body.contains("href=\"/orders/maison/A-1/refuse\""));
    let page = browser.get(&href("A-1/refuse")).await;
    assert_eq!(page.status, 200);
    assert!(page.main_text().contains("counts against your acceptance rate"));
    assert_eq!(shop.states("A-1").await, []);
    let answer = Filled::of(&page, "/refuse").post(&browser, &href("A-1/refuse")).await;
    assert_eq!(answer.location(), "/orders/maison/A-1");
    assert_eq!(shop.states("A-1").await, [State::Queued]);
    assert!(browser.get(&href("A-1")).await.main_text().contains("asked to refuse the order"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn what_is_not_possible_is_a_page_with_the_reason(pool: PgPool) {
    let shop = Shop::with(pool, order("A-1")).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    let page = browser.get(&href("A-1/approve")).await;
    assert_eq!(page.status, 409);
    assert!(page.main_text().contains("The order is already accepted."));
    assert!(page.main().contains("href=\"/orders/maison/A-1\""));
    let page = shop.sign_in(Role::CustomerService).await.get(&href("A-1/approve")).await;
    assert_eq!(page.status, 403);
    assert!(page.main_text().contains("Ask a warehouse colleague"));
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_role_without_the_right_cannot_post_either(pool: PgPool) {
    let shop = waiting(pool).await;
    let form = Filled::of(&shop.sign_in(Role::Warehouse).await.get(&href("A-1")).await, "/approve");
    for role in [Role::Viewer, Role::CustomerService, Role::Manager] {
        let page = form.post(&shop.sign_in(role).await, &href("A-1/approve")).await;
        assert_eq!(page.status, 403, "{role:?}");
        assert!(page.main_text().contains("Your role cannot accept or refuse"), "{role:?}");
    }
    assert_eq!(shop.states("A-1").await, []);
}

#[sqlx::test(migrator = "comptoir::MIGRATOR")]
async fn a_form_without_its_number_is_shown_again(pool: PgPool) {
    let shop = waiting(pool).await;
    let browser = shop.sign_in(Role::Warehouse).await;
    for number in ["", "nonsense", "💥"] {
        let page = browser.post(&href("A-1/refuse"), &[("submission", number)]).await;
        assert_eq!(page.status, 422, "{number}");
        assert!(page.title().starts_with("Error: "));
        assert!(page.main_text().contains("This form is out of date"));
    }
    assert_eq!(shop.states("A-1").await, []);
}
