//! An order at the marketplace, and what may be done to it: `octopia-contract` 3 to 6.

use std::rc::Rc;

use crate::clock::Ms;
use crate::clock::at;
use crate::domain::action::CancelLines;
use crate::domain::action::Gesture;
use crate::domain::action::cancel_lines::LineCancellation;
use crate::domain::order::Order;
use crate::domain::order::Status;
use crate::domain::request::Asker;
use crate::domain::request::Cancellation;
use crate::domain::request::CancelledLine;
use crate::domain::request::GestureRequest;
use crate::domain::request::InvoiceImport;
use crate::domain::request::Request;
use crate::domain::request::Standing;
use crate::marketplace::Verdict;
use crate::marketplace::next_record;
use crate::marketplace::record_id;

/// An order as it was from some moment on.
#[derive(Debug, Clone)]
pub struct Version {
    pub since: Ms,
    pub order: Rc<Order>,
    pub requests: Rc<Vec<Request>>,
}

/// When a request was made, and when it was turned down.
#[derive(Debug, Clone, Copy)]
pub struct Made {
    pub at: Ms,
    pub rejected_at: Option<Ms>,
}

/// What the marketplace knows of an order.
#[derive(Debug)]
pub struct Sold {
    pub cdiscount: bool,
    /// Repeats a gesture's details and an invoice's name.
    pub repeats: bool,
    /// Makes one record of each line of a cancellation.
    pub record_per_line: bool,
    pub order: Order,
    pub requests: Vec<Request>,
    /// What nobody is shown of each request.
    pub made: Vec<Made>,
    pub history: Vec<Version>,
}

impl Sold {
    /// Remembers the present for those who will read it late.
    pub fn changed(&mut self, now: Ms) {
        let last = self.history.last().map_or(-1, |it| it.since);
        self.order.updated_at = at(now.max(last + 1));
        self.history.push(Version {
            since: now.max(last + 1),
            order: Rc::new(self.order.clone()),
            requests: Rc::new(self.requests.clone()),
        });
    }

    /// The order as it was at that moment.
    pub fn version(&self, moment: Ms) -> &Version {
        let known = self.history.iter().rev().find(|it| it.since <= moment);
        known.unwrap_or(&self.history[0])
    }

    pub fn decide(&mut self, status: Status) -> Verdict {
        if self.order.status != Status::WaitingAcceptance {
            return Verdict::Conflict;
        }
        self.all_lines(&status);
        self.order.status = status;
        Verdict::Applied(None)
    }

    fn all_lines(&mut self, status: &Status) {
        self.order.lines.iter_mut().for_each(|it| it.status = status.clone());
    }

    pub fn follow_lines(&mut self) {
        let all = |wanted: &[Status]| self.order.lines.iter().all(|it| wanted.contains(&it.status));
        if all(&[Status::Cancelled]) {
            self.order.status = Status::Cancelled;
        } else if all(&[Status::Shipped, Status::Cancelled])
            && self.order.status == Status::InPreparation
        {
            self.order.status = Status::Shipped;
        }
    }

    /// Whether something that is not turned down is to cancel the line.
    fn is_taken(&self, line_id: &str) -> bool {
        let line = self.order.lines.iter().find(|it| it.id == line_id);
        let dead =
            line.is_none_or(|it| matches!(it.status, Status::Cancelled | Status::CancelRequest));
        dead || self.requests.iter().any(|it| match it {
            Request::Cancellation(it) => {
                it.standing != Standing::Rejected
                    && (it.lines.is_empty() || it.lines.iter().any(|it| it.line_id == line_id))
            }
            Request::Gesture(_) | Request::Invoice(_) => false,
        })
    }

    fn may_be_cancelled(&self) -> bool {
        matches!(
            self.order.status,
            Status::Accepted | Status::InPreparation | Status::Shipped | Status::Delivered
        )
    }

    /// Cancels those lines; all of them, when none is named.
    pub fn cancel(
        &mut self,
        now: Ms,
        reason: Option<&str>,
        asked_by: &Asker,
        lines: Vec<CancelledLine>,
        records: &mut usize,
    ) -> Verdict {
        let named: Vec<&str> = if lines.is_empty() {
            self.order.lines.iter().map(|it| it.id.as_str()).collect()
        } else {
            lines.iter().map(|it| it.line_id.as_str()).collect()
        };
        if !self.may_be_cancelled() || named.iter().any(|it| self.is_taken(it)) {
            return Verdict::Conflict;
        }
        let by_customer = *asked_by == Asker::Customer;
        let record = |lines, id| {
            Request::Cancellation(Cancellation {
                id,
                standing: Standing::InProgress,
                asked_by: Some(asked_by.clone()),
                reason: reason.map(str::to_owned),
                shipping_refund: None,
                lines,
                words: Vec::new(),
                created_at: Some(at(now)),
            })
        };
        let first = record_id(*records);
        if by_customer {
            for line in &mut self.order.lines {
                if lines.is_empty() || lines.iter().any(|it| it.line_id == line.id) {
                    line.status = Status::CancelRequest;
                }
            }
        }
        if self.record_per_line && !lines.is_empty() {
            for line in lines {
                self.requests.push(record(vec![line], next_record(records)));
            }
        } else {
            self.requests.push(record(lines, next_record(records)));
        }
        Verdict::Applied(Some(first))
    }

    pub fn cancel_lines(
        &mut self,
        now: Ms,
        chosen: &CancelLines,
        asked_by: &Asker,
        records: &mut usize,
    ) -> Verdict {
        if self.cdiscount && *asked_by == Asker::Seller {
            return Verdict::Refused;
        }
        let line = |it: &LineCancellation| CancelledLine {
            line_id: it.line_id.clone(),
            reason: Some(it.reason.code.clone()),
            standing: None,
        };
        let lines = chosen.lines.iter().map(line).collect();
        self.cancel(now, None, asked_by, lines, records)
    }

    pub fn give(
        &mut self,
        now: Ms,
        gesture: &Gesture,
        words: &str,
        records: &mut usize,
    ) -> Verdict {
        if !matches!(self.order.status, Status::Shipped | Status::Delivered) {
            return Verdict::Conflict;
        }
        // "The same gesture cannot be re-submitted if already processed": while in progress, it can.
        let processed = |it: &Request| match it {
            Request::Gesture(it) => {
                it.standing == Standing::Done
                    && it.amount == Some(gesture.amount)
                    && it.reason.as_deref() == Some(&*gesture.reason)
            }
            Request::Cancellation(_) | Request::Invoice(_) => false,
        };
        if self.requests.iter().any(processed) {
            return Verdict::Refused;
        }
        let id = next_record(records);
        self.requests.push(Request::Gesture(GestureRequest {
            id: id.clone(),
            standing: Standing::InProgress,
            reason: Some(gesture.reason.clone()),
            details: self.repeats.then(|| words.to_owned()),
            amount: Some(gesture.amount),
            currency: Some(gesture.currency.clone()),
            words: Vec::new(),
            created_at: Some(at(now)),
        }));
        Verdict::Applied(Some(id))
    }

    pub fn file(&mut self, now: Ms, name: &str, records: &mut usize) -> Verdict {
        if matches!(self.order.status, Status::Refused | Status::Rejected) {
            return Verdict::Conflict;
        }
        for request in &mut self.requests {
            if let Request::Invoice(it) = request {
                it.replaced = true;
            }
        }
        let id = next_record(records);
        self.requests.push(Request::Invoice(InvoiceImport {
            id: id.clone(),
            standing: Standing::InProgress,
            file_name: self.repeats.then(|| name.to_owned()),
            replaced: false,
            words: Vec::new(),
            created_at: Some(at(now)),
        }));
        Verdict::Applied(Some(id))
    }

    /// Makes up its mind about that request.
    pub fn settle(&mut self, now: Ms, index: usize, standing: &Standing) {
        self.made[index].rejected_at = (*standing == Standing::Rejected).then_some(now);
        match &mut self.requests[index] {
            Request::Gesture(it) => it.standing = standing.clone(),
            Request::Invoice(it) => it.standing = standing.clone(),
            Request::Cancellation(it) => {
                it.standing = standing.clone();
                let (done, lines) = (*standing == Standing::Done, it.lines.clone());
                for line in &mut self.order.lines {
                    let named = lines.is_empty() || lines.iter().any(|it| it.line_id == line.id);
                    if named && done {
                        line.status = Status::Cancelled;
                    } else if named && line.status == Status::CancelRequest {
                        line.status = Status::InPreparation;
                    }
                }
            }
        }
        self.follow_lines();
        self.changed(now);
    }
}
