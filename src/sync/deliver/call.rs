//! From a promised action to the one call that carries it out, and from its outcome to an answer.

use crate::db;
use crate::db::promises::Promise;
use crate::domain::action::Action;
use crate::domain::action::ship;
use crate::domain::delivery::Answer;
use crate::domain::sending;
use crate::domain::sending::Report;
use crate::octopia;
use crate::octopia::Client;
use crate::octopia::Disposition;
use crate::octopia::MaySend;
use crate::octopia::approvals::Approval;
use crate::octopia::cancellations::LineCancellation;
use crate::octopia::shipments;
use crate::sync::Context;
use crate::translate;

/// An action with all that its call needs, so that nothing has to be looked for when it may leave.
pub struct Call<'a> {
    promise: &'a Promise,
    bytes: Vec<u8>,
}

/// The call that carries a promise out. None, if its file is gone.
pub async fn of<'a>(context: &Context, promise: &'a Promise) -> db::Result<Option<Call<'a>>> {
    let bytes = match promise.action {
        Action::Invoice(_) => {
            db::promises::file(&context.pool, &promise.account, promise.id).await?
        }
        Action::Accept
        | Action::Refuse
        | Action::Ship(_)
        | Action::Cancel(_)
        | Action::CancelLines(_)
        | Action::Gesture(_) => Some(Vec::new()),
    };
    Ok(bytes.map(|bytes| Call { promise, bytes }))
}

impl Call<'_> {
    /// Makes the call, once, while `may_send` says so.
    pub async fn send(self, context: &Context, may_send: MaySend) -> Report {
        let client = context.client.only_while(may_send);
        match self.call(&client).await {
            Ok(reference) => Report::Sent { answer: Answer::Applied { reference }, trouble: None },
            Err(error) => {
                let account = &context.account;
                tracing::warn!(%account, promise = %self.promise.id, %error, "sending did not succeed");
                Report::Sent {
                    answer: classify(&error),
                    trouble: Some(translate::trouble(&error).0),
                }
            }
        }
    }

    async fn call(&self, client: &Client) -> Result<Option<String>, octopia::Error> {
        let Promise { order_id, action, .. } = self.promise;
        let marker = sending::marker(self.promise.id.as_u128());
        match action {
            Action::Accept => {
                client.decide_approval(order_id, Approval::Accept).await.map(|()| None)
            }
            Action::Refuse => {
                client.decide_approval(order_id, Approval::Refuse).await.map(|()| None)
            }
            Action::Ship(ship) => {
                let parcels: Vec<_> = ship.parcels.iter().map(parcel).collect();
                client.create_shipments(order_id, &parcels).await.map(|()| None)
            }
            Action::Cancel(cancel) => {
                client.cancel_order(order_id, &cancel.reason.code, cancel.shipping_refund).await
            }
            Action::CancelLines(chosen) => {
                let line =
                    |it: &crate::domain::action::cancel_lines::LineCancellation| LineCancellation {
                        line_id: it.line_id.clone(),
                        offer_id: it.offer_id.clone(),
                        reason: it.reason.code.clone(),
                        shipping_cost_refund: it.shipping_refund,
                    };
                let lines: Vec<_> = chosen.lines.iter().map(line).collect();
                client.cancel_lines(order_id, &lines).await
            }
            Action::Gesture(gesture) => {
                let details = gesture.marked_details(&marker);
                let amount = gesture.amount;
                client.give_gesture(order_id, &gesture.reason, Some(&details), amount).await
            }
            Action::Invoice(invoice) => {
                let name = invoice.marked_name(order_id, &marker);
                let media_type = invoice.format.media_type();
                client.upload_invoice(order_id, &name, media_type, &self.bytes).await
            }
        }
    }
}

fn parcel(parcel: &ship::Parcel) -> shipments::Parcel {
    shipments::Parcel {
        parcel_number: parcel.number.clone(),
        carrier_name: parcel.carrier.clone(),
        tracking_url: parcel.tracking_url.clone(),
        order_line_ids: parcel.line_ids.clone(),
    }
}

fn classify(error: &octopia::Error) -> Answer {
    match error.disposition() {
        Disposition::Retry { .. } => Answer::NotSent { after: translate::trouble(error).1 },
        Disposition::Refused => Answer::Refused(error.words()),
        Disposition::Unknown if error.is_conflict() => Answer::Conflict(error.words()),
        Disposition::Unknown => Answer::Unknown,
    }
}
