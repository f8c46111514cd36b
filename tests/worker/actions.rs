//! One example of each action, with an order that allows it.

use std::sync::atomic::AtomicU32;
use std::sync::atomic::Ordering;

use comptoir::domain::action::Action;
use comptoir::domain::action::Cancel;
use comptoir::domain::action::CancelLines;
use comptoir::domain::action::Gesture;
use comptoir::domain::action::Invoice;
use comptoir::domain::action::Live;
use comptoir::domain::action::Ship;
use comptoir::domain::action::cancel::Reason;
use comptoir::domain::action::cancel_lines::LineCancellation;
use comptoir::domain::action::invoice::Format;
use comptoir::domain::action::ship;
use comptoir::domain::operator::Operator;
use comptoir::domain::operator::Role;
use comptoir::domain::order::Line;
use comptoir::workflow;
use comptoir::workflow::PerformError;
use comptoir::workflow::Submission;
use jiff::SignedDuration;
use octopia_simulator::OrderDraft;
use rust_decimal::Decimal;
use uuid::Uuid;

use crate::support::World;

pub const PDF: &[u8] = b"%PDF-1.7\n%a small invoice\n";

/// An action, the order it needs, and what it looks like at the marketplace.
pub struct Case {
    draft: OrderDraft,
    action: fn(&[Line]) -> Action,
    /// How the address of its call ends.
    pub path: &'static str,
    /// What the marketplace's ledger calls it.
    pub effect: &'static str,
}

impl Case {
    /// A new order in the mirror, and the action on it.
    pub async fn prepare(&self, world: &World) -> (String, Action) {
        let order = self.add(world);
        world.pull().await;
        let action = self.action_on(world, &order).await;
        (order, action)
    }

    /// A new order at the marketplace.
    pub fn add(&self, world: &World) -> String {
        world.simulator.add(self.draft.clone())
    }

    /// The action on an order of the mirror.
    pub async fn action_on(&self, world: &World, order: &str) -> Action {
        (self.action)(&world.mirrored(order).await.order.lines)
    }

    /// Promises it, due now.
    pub async fn promise(&self, world: &World, order_id: &str, action: &Action) -> Uuid {
        let operator = world.operator(Role::Admin).await;
        self.submit(world, &operator, Uuid::now_v7(), order_id, action).await.unwrap()
    }

    /// The same with an identifier of the caller's, which makes one promise of several attempts.
    pub async fn submit(
        &self,
        world: &World,
        operator: &Operator,
        id: Uuid,
        order_id: &str,
        action: &Action,
    ) -> Result<Uuid, PerformError> {
        let file = matches!(action, Action::Invoice(_)).then_some(PDF);
        let submission = Submission {
            id,
            account: &world.account,
            order_id,
            action: action.clone(),
            operator,
            live: Live::NotAsked,
            file,
        };
        let now = world.clock.now();
        let tx = world.pool.begin().await?;
        workflow::perform(tx, &submission, now, SignedDuration::ZERO).await
    }
}

/// One of each.
pub fn all() -> Vec<Case> {
    vec![accept(), refuse(), ship(), ship_a_part(), cancel(), cancel_lines(), gesture(), invoice()]
}

pub fn accept() -> Case {
    let draft = OrderDraft::new("maison").status("WaitingAcceptance");
    Case { draft, action: |_| Action::Accept, path: "/approval-status", effect: "approval" }
}

pub fn refuse() -> Case {
    Case { action: |_| Action::Refuse, ..accept() }
}

pub fn ship() -> Case {
    let draft = OrderDraft::new("maison");
    Case { draft, action: |lines| parcel("WHOLE", lines), path: "/shipments", effect: "shipment" }
}

pub fn ship_a_part() -> Case {
    let draft = OrderDraft::new("maison").channel("WRTES").lines(2);
    Case { draft, action: |lines| parcel("PART", &lines[..1]), ..ship() }
}

fn parcel(prefix: &str, lines: &[Line]) -> Action {
    static NUMBER: AtomicU32 = AtomicU32::new(0);
    let number = format!("{prefix}{:08}", NUMBER.fetch_add(1, Ordering::Relaxed));
    Action::Ship(Ship {
        parcels: vec![ship::Parcel {
            carrier: "Colissimo".to_owned(),
            number,
            tracking_url: None,
            line_ids: lines.iter().map(|line| line.id.clone()).collect(),
        }],
    })
}

pub fn cancel() -> Case {
    Case {
        draft: OrderDraft::new("maison"),
        action: |_| {
            Action::Cancel(Cancel { reason: reason("seller-refusal"), shipping_refund: true })
        },
        path: "/order-cancellation-requests",
        effect: "cancellation_request",
    }
}

pub fn cancel_lines() -> Case {
    Case {
        draft: OrderDraft::new("maison").channel("WRTES").lines(3).status("Shipped"),
        action: |lines| {
            let line = |(line, code): (&Line, &str)| LineCancellation {
                line_id: line.id.clone(),
                offer_id: line.offer_id.clone().unwrap(),
                reason: reason(code),
                shipping_refund: false,
            };
            let lines = lines.iter().zip(["damaged", "missing-product"]).map(line).collect();
            Action::CancelLines(CancelLines { lines })
        },
        path: "/order-partial-cancellation-requests",
        effect: "cancellation_request",
    }
}

fn reason(code: &str) -> Reason {
    Reason { code: code.to_owned(), label: None }
}

pub fn gesture() -> Case {
    Case {
        draft: OrderDraft::new("maison").status("Shipped"),
        action: |_| {
            Action::Gesture(Gesture {
                reason: "MissingProduct".to_owned(),
                details: Some("Left earbud was not in the package".to_owned()),
                amount: Decimal::new(109, 2),
                currency: "EUR".to_owned(),
            })
        },
        path: "/order-commercial-gesture-requests",
        effect: "gesture_request",
    }
}

pub fn invoice() -> Case {
    Case {
        draft: OrderDraft::new("maison").status("Shipped"),
        action: |_| {
            Action::Invoice(Invoice {
                file_name: "invoice.pdf".to_owned(),
                format: Format::Pdf,
                size: PDF.len(),
                sha256: "0".repeat(64),
            })
        },
        path: "/invoice-documents",
        effect: "invoice_request",
    }
}
