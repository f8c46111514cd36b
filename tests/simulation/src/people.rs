//! Those who want something: operators with Comptoir, colleagues in the portal, customers; and the marketplace
//! as it goes on by itself.

use std::rc::Rc;

use jiff::SignedDuration;
use rust_decimal::Decimal;

use crate::clock::MINUTE;
use crate::clock::SECOND;
use crate::clock::at;
use crate::database::Promise;
use crate::domain::action;
use crate::domain::action::Action;
use crate::domain::action::ActionKind;
use crate::domain::action::Cancel;
use crate::domain::action::CancelLines;
use crate::domain::action::Facts;
use crate::domain::action::Gesture;
use crate::domain::action::InFlight;
use crate::domain::action::Invoice;
use crate::domain::action::Ship;
use crate::domain::action::cancel::Reason;
use crate::domain::action::cancel_lines;
use crate::domain::action::cancel_lines::LineCancellation;
use crate::domain::action::invoice::Format;
use crate::domain::action::ship;
use crate::domain::order::Status;
use crate::domain::request::Standing;
use crate::marketplace::Call;
use crate::marketplace::Verdict;
use crate::marketplace::Wanted;
use crate::random::Random;
use crate::world::Event;
use crate::world::World;

const REASONS: [&str; 2] = ["out-of-stock", "price-error"];

impl World<'_> {
    /// An operator sends a form, sends one again, or takes something back.
    pub fn operate(&mut self) {
        let order = self.random.index(self.database.mirror.len());
        match self.random.below(10) {
            0 => self.send_form_again(),
            1 => self.take_back(),
            _ => {
                let form = self.random.any();
                self.perform(order, form);
            }
        }
    }

    fn send_form_again(&mut self) {
        if self.submissions.is_empty() {
            return;
        }
        let index = self.random.index(self.submissions.len());
        let (form, promise) = self.submissions[index];
        let order = self.database.promises[promise].order;
        let again = self.perform(order, form);
        self.check_submission(promise, again);
    }

    fn take_back(&mut self) {
        for index in 0..self.database.promises.len() {
            if self.database.withdraw(self.now, index) {
                self.note("withdraws", index, String::new);
                return;
            }
        }
    }

    /// `workflow::promise::perform`.
    fn perform(&mut self, order: usize, form: u64) -> Option<usize> {
        if let Some(sent) = self.submissions.iter().find(|(it, _)| *it == form) {
            return Some(sent.1);
        }
        let under_way = self.database.under_way(order).map(|it| &self.database.promises[it]);
        let in_flight = under_way.map(|it| InFlight {
            kind: it.action.kind(),
            state: it.progress.state,
            by: String::new(),
            since: at(0),
        });
        let mut random = self.random.clone();
        let action =
            self.with_facts(order, in_flight.as_ref(), |facts| form_for(&mut random, facts));
        self.random = random;
        let action = action?;
        let delay = SignedDuration::from_secs(*self.random.pick(&[0, 5, 20]));
        let id = u128::from(self.random.any());
        let promise = Promise::new(order, action, form, id, at(self.now) + delay);
        let told = format!("{:?} as {}", promise.action, promise.marker);
        let index = self.database.insert(promise);
        self.note("promises", index, || format!("on order {order}: {told}"));
        self.submissions.push((form, index));
        self.posts.push(0);
        self.sent_at.push(None);
        Some(index)
    }

    /// Somebody does something beside us.
    pub fn act_in_portal(&mut self) {
        let order = self.random.index(self.marketplace.orders.len());
        let mut wanted = Wanted::InPortal;
        let sold = &self.marketplace.orders[order];
        let line = self.random.pick(&sold.order.lines).clone();
        let left = sold.order.lines.iter().filter(|it| it.status == Status::InPreparation);
        let mut left: Vec<String> = left.map(|it| it.id.clone()).collect();
        let number = format!("portal-{}", self.random.below(1_000));
        let action = match self.random.below(9) {
            0 => Action::Accept,
            1 => Action::Refuse,
            2 | 3 if left.is_empty() => return,
            kind @ (2 | 3) => {
                left.truncate(if kind == 2 { left.len() } else { 1 });
                Action::Ship(Ship { parcels: vec![parcel(number, left)] })
            }
            4 => Action::Cancel(cancel(&mut self.random)),
            5 => cancel_of(&mut self.random, [line.id.clone()].into_iter()),
            6 => {
                if sold.order.status != Status::InPreparation {
                    return;
                }
                wanted = Wanted::ByCustomer;
                cancel_of(&mut self.random, [line.id.clone()].into_iter())
            }
            7 => Action::Gesture(gesture(&mut self.random)),
            _ => Action::Invoice(invoice()),
        };
        let words = if let Action::Gesture(gesture) = &action {
            gesture.details.clone().unwrap_or_default()
        } else {
            number_of_invoice(&mut self.random)
        };
        let call = Call { order, action: Rc::new(action), words, wanted };
        let verdict = self.receive(&call);
        self.note("somebody", order, || format!("{wanted:?} {:?}: {verdict:?}", call.action));
    }

    /// The marketplace takes a call, and will go on with it by itself.
    pub fn receive(&mut self, call: &Call) -> Verdict {
        let order = call.order;
        let before = self.marketplace.orders[order].requests.len();
        let verdict = self.marketplace.receive(self.now, call);
        let after = self.marketplace.orders[order].requests.len();
        for request in before..after {
            let until = *self.random.pick(&[30 * SECOND, 5 * MINUTE, 40 * MINUTE]);
            self.soon(2 * SECOND, until, Event::Settle(order, request));
        }
        if matches!(verdict, Verdict::Applied(_)) {
            match &*call.action {
                Action::Accept => self.soon(SECOND, MINUTE, Event::Proceed(order)),
                Action::Ship(_) => self.soon(0, 5 * SECOND, Event::Proceed(order)),
                Action::Refuse
                | Action::Cancel(_)
                | Action::CancelLines(_)
                | Action::Gesture(_)
                | Action::Invoice(_) => {}
            }
        }
        verdict
    }

    pub fn proceed(&mut self, order: usize) {
        let sold = &mut self.marketplace.orders[order];
        if sold.order.status == Status::Accepted {
            sold.order.status = Status::InPreparation;
            for line in sold.order.lines.iter_mut().filter(|it| it.status == Status::Accepted) {
                line.status = Status::InPreparation;
            }
        } else {
            sold.work_through();
        }
        sold.changed(self.now);
    }

    pub fn settle(&mut self, order: usize, request: usize) {
        let done = self.random.chance(75_000);
        let standing = if done { Standing::Done } else { Standing::Rejected };
        self.marketplace.orders[order].settle(self.now, request, &standing);
        self.note("decides", order, || format!("request {request}: {standing:?}"));
    }
}

/// What an operator would choose and fill in, if the rules let them.
fn form_for(random: &mut Random, facts: &Facts<'_>) -> Option<Action> {
    let free: Vec<ActionKind> =
        ActionKind::ALL.into_iter().filter(|it| action::check(*it, facts).is_ok()).collect();
    if free.is_empty() {
        return None;
    }
    let action = match random.pick(&free) {
        ActionKind::Accept => Action::Accept,
        ActionKind::Refuse => Action::Refuse,
        ActionKind::Ship => shipment(random, facts),
        ActionKind::Cancel => Action::Cancel(cancel(random)),
        ActionKind::CancelLines => {
            let lines = facts.order.lines.iter();
            let free = lines.filter(|it| cancel_lines::verdict(facts, it).is_ok());
            let mut ids: Vec<String> = free.map(|it| it.id.clone()).collect();
            let at_most = 1 + random.index(ids.len());
            ids.truncate(at_most);
            cancel_of(random, ids.into_iter())
        }
        ActionKind::Gesture => Action::Gesture(gesture(random)),
        ActionKind::Invoice => Action::Invoice(invoice()),
    };
    action.fit(facts).is_empty().then_some(action)
}

fn shipment(random: &mut Random, facts: &Facts<'_>) -> Action {
    let limits = ship::limits(facts);
    let mut lines: Vec<String> = limits.lines.iter().map(|it| it.id.clone()).collect();
    // Few numbers, so that one is used again now and then, also for other lines.
    let number = |random: &mut Random| format!("6A{}", random.below(20));
    let parcels = if limits.partial && random.chance(40_000) {
        lines.truncate(1);
        vec![parcel(number(random), lines)]
    } else if limits.several_parcels && random.chance(40_000) {
        let second = vec![lines[0].clone()];
        let first = number(random);
        vec![parcel(format!("{first}-1"), lines), parcel(format!("{first}-2"), second)]
    } else {
        vec![parcel(number(random), lines)]
    };
    Action::Ship(Ship { parcels })
}

fn parcel(number: String, line_ids: Vec<String>) -> ship::Parcel {
    ship::Parcel { carrier: "Colissimo".to_owned(), number, tracking_url: None, line_ids }
}

fn reason(random: &mut Random) -> Reason {
    Reason { code: (*random.pick(&REASONS)).to_owned(), label: None }
}

fn cancel(random: &mut Random) -> Cancel {
    Cancel { reason: reason(random), shipping_refund: true }
}

fn cancel_of(random: &mut Random, ids: impl Iterator<Item = String>) -> Action {
    let one = |line_id: String| LineCancellation {
        offer_id: offer_of(&line_id),
        line_id,
        reason: reason(random),
        shipping_refund: true,
    };
    Action::CancelLines(CancelLines { lines: ids.map(one).collect() })
}

pub fn offer_of(line_id: &str) -> String {
    format!("offer-{line_id}")
}

/// Few amounts and reasons, so that gestures look alike.
fn gesture(random: &mut Random) -> Gesture {
    Gesture {
        reason: (*random.pick(&["MissingProduct", "ShippingFees"])).to_owned(),
        details: random.chance(50_000).then(|| "Sorry for that".to_owned()),
        amount: Decimal::from(*random.pick(&[5, 10])),
        currency: "EUR".to_owned(),
    }
}

fn invoice() -> Invoice {
    Invoice {
        file_name: "invoice.pdf".to_owned(),
        format: Format::Pdf,
        size: 1_000,
        sha256: String::new(),
    }
}

fn number_of_invoice(random: &mut Random) -> String {
    format!("invoice-{}.pdf", random.below(100))
}
