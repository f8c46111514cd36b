//! The actors behind the API's back, and life that goes on by itself.

use jiff::SignedDuration;
use octopia_simulator::Config;
use octopia_simulator::OrderDraft;
use octopia_simulator::Party;
use octopia_simulator::Seller;
use octopia_simulator::Status;

use crate::support::Client;

#[tokio::test]
async fn the_portal_works_beside_the_api() {
    let client = Client::new().await;
    let simulator = &client.simulator;
    let add = |status: &str| simulator.add(OrderDraft::new("maison").status(status));
    let (one, two) = (add("WaitingAcceptance"), add("WaitingAcceptance"));
    let (three, four) = (add("InPreparation"), add("InPreparation"));
    simulator.approve_in_portal(&one).unwrap();
    simulator.refuse_in_portal(&two).unwrap();
    simulator.ship_in_portal(&three, "UPS", "1Z999").unwrap();
    simulator.cancel_in_portal(&four).unwrap();
    let status = |id: &str| simulator.order(id).unwrap().status;
    assert_eq!(status(&one), Status::Accepted);
    assert_eq!(status(&two), Status::Refused);
    assert_eq!(status(&three), Status::Shipped);
    assert_eq!(status(&four), Status::Cancelled);
    assert!(simulator.ledger().iter().all(|effect| effect.by == Party::Portal));
    let why = simulator.ship_in_portal(&four, "UPS", "1Z998").unwrap_err();
    assert_eq!(why.0, "Cannot switch to shipped status from Cancelled status.");
}

#[tokio::test]
async fn a_customers_wish_is_granted_or_denied() {
    let client = Client::new().await;
    for (granted, order, line) in [
        (true, Status::Cancelled, Status::Cancelled),
        (false, Status::InPreparation, Status::InPreparation),
    ] {
        let id = client.simulator.add(OrderDraft::new("maison").lines(2));
        client.simulator.customer_asks_cancellation(&id).unwrap();
        let asked = client.simulator.order(&id).unwrap();
        assert_eq!(asked.status, Status::InPreparation);
        assert_eq!(asked.lines[1].status, Status::CancelRequest);
        assert_eq!(asked.lines[1].cancel_asked_by, Some(Party::Customer));
        client.simulator.decide_cancellation(&id, granted).unwrap();
        let decided = client.simulator.order(&id).unwrap();
        assert_eq!((decided.status, decided.lines[0].status), (order, line));
    }
}

#[tokio::test]
async fn speed_shortens_delays_and_not_dates() {
    let client = Client::with(Config { speed: 60.0, ..Config::default() }).await;
    let id = client.simulator.add(OrderDraft::new("maison").status("WaitingAcceptance"));
    client.simulator.approve_in_portal(&id).unwrap();
    let accepted = client.simulator.order(&id).unwrap().updated_at;
    client.simulator.advance(SignedDuration::from_secs(21));
    let order = client.simulator.order(&id).unwrap();
    assert_eq!(order.status, Status::InPreparation);
    let waited = accepted.duration_until(order.updated_at);
    assert_eq!(waited.as_secs(), 20, "{waited}");
}

#[tokio::test]
async fn with_the_drip_new_orders_arrive_and_live() {
    let start = Some("2026-11-18T09:00:00Z".parse().unwrap());
    let client = Client::with(Config { drip: true, now: start, ..Config::default() }).await;
    client.simulator.advance(SignedDuration::from_hours(24 * 6));
    let maison = client.simulator.orders("maison");
    let atelier = client.simulator.orders("atelier");
    assert!(maison.len() + atelier.len() > 500, "{} {}", maison.len(), atelier.len());
    let has = |orders: &[octopia_simulator::Order], status| {
        orders.iter().any(|order| order.history.iter().any(|(was, _)| *was == status))
    };
    for status in [Status::WaitingAcceptance, Status::InPreparation, Status::Cancelled] {
        assert!(has(&maison, status), "{status}");
    }
    for status in [Status::Accepted, Status::Rejected, Status::Shipped, Status::Delivered] {
        assert!(has(&atelier, status), "{status}");
    }
    assert!(!has(&atelier, Status::WaitingAcceptance), "accepted automatically");
    let wishes = client.simulator.ledger();
    assert!(wishes.iter().any(|effect| effect.by == Party::Customer));
}

#[tokio::test]
async fn without_the_drip_nothing_happens_by_itself() {
    let config = Config { orders: 100, ..Config::default() };
    let client = Client::with(config).await;
    client.simulator.advance(SignedDuration::from_mins(1));
    let before = client.simulator.orders("maison").len();
    client.simulator.advance(SignedDuration::from_mins(30));
    assert_eq!(client.simulator.orders("maison").len(), before);
    assert!(client.simulator.ledger().iter().all(|effect| effect.kind == "status"));
}

#[tokio::test]
async fn other_sellers_can_be_configured() {
    let sellers = vec![Seller::maison(), Seller::new("comptoir", "77001", false, "Le Comptoir")];
    let client = Client::with(Config { sellers, orders: 50, ..Config::default() }).await;
    assert_eq!(client.ask_token("comptoir-client", "comptoir-secret").await.status, 200);
    assert!(client.simulator.orders("comptoir").iter().all(|order| order.seller_id == "77001"));
}
