//! From the marketplace's requests to ours.

use crate::domain::action::cancel::Reason;
use crate::domain::action::gesture::Answers;
use crate::domain::request::Asker;
use crate::domain::request::Cancellation;
use crate::domain::request::CancelledLine;
use crate::domain::request::GestureRequest;
use crate::domain::request::InvoiceImport;
use crate::domain::request::Request;
use crate::domain::request::RequestKind;
use crate::domain::request::Standing;
use crate::octopia;
use crate::octopia::Client;
use crate::octopia::cancellations;
use crate::octopia::gestures;
use crate::octopia::gestures::GestureQuery;
use crate::octopia::invoices;

/// Reads the requests of that kind that an order has. What carries no identifier is left out: nothing could
/// be said about it later.
pub async fn requests(
    client: &Client,
    order_id: &str,
    kind: RequestKind,
) -> Result<Vec<Request>, octopia::Error> {
    Ok(match kind {
        RequestKind::Cancellation => {
            let read = client.cancellation_requests(order_id).await?;
            read.iter().filter_map(cancellation).map(Request::Cancellation).collect()
        }
        RequestKind::Gesture => {
            let order_id = Some(order_id.to_owned());
            let query = GestureQuery { order_id, updated_since: None };
            let read = client.gesture_requests(&query).await?;
            read.iter().filter_map(gesture).map(Request::Gesture).collect()
        }
        RequestKind::Invoice => {
            let read = client.invoice_documents(order_id).await?;
            read.iter().filter_map(invoice).map(Request::Invoice).collect()
        }
    })
}

fn standing(word: Option<&str>) -> Standing {
    Standing::parse(word.unwrap_or_default())
}

fn cancellation(wire: &cancellations::CancellationRequest) -> Option<Cancellation> {
    let line = |it: &cancellations::CancelledLine| {
        Some(CancelledLine {
            line_id: it.line_id.clone()?,
            reason: it.reason.clone(),
            standing: it.status.as_deref().map(Standing::parse),
        })
    };
    let of_lines = wire.lines.iter().flat_map(|it| it.errors.iter());
    let mut words: Vec<String> = Vec::new();
    for word in wire.errors.iter().chain(of_lines) {
        if !words.contains(word) {
            words.push(word.clone());
        }
    }
    Some(Cancellation {
        id: wire.id.clone()?,
        standing: standing(wire.status.as_deref()),
        asked_by: wire.user_type.as_deref().map(Asker::parse),
        reason: wire.reason.clone(),
        shipping_refund: wire.shipping_cost_refund,
        lines: wire.lines.iter().filter_map(line).collect(),
        words,
        created_at: wire.created_at,
    })
}

/// Translates a gesture. None, if it has no identifier.
pub fn gesture(wire: &gestures::GestureRequest) -> Option<GestureRequest> {
    Some(GestureRequest {
        id: wire.id.clone()?,
        standing: standing(wire.status.as_deref()),
        reason: wire.reason.clone(),
        details: wire.reason_details.clone(),
        amount: wire.amount,
        currency: wire.currency.clone(),
        words: wire.errors.clone(),
        created_at: wire.created_at,
    })
}

fn invoice(wire: &invoices::InvoiceDocument) -> Option<InvoiceImport> {
    let standing = standing(wire.status.as_deref());
    Some(InvoiceImport {
        id: wire.import_id.clone()?,
        file_name: wire.file_name.clone(),
        // One that is being looked at is not active either, and has not been replaced.
        replaced: wire.active == Some(false) && standing == Standing::Done,
        standing,
        words: wire.errors.clone(),
        created_at: wire.created_at,
    })
}

/// Translates a reason.
pub fn reason(wire: cancellations::Reason) -> Reason {
    Reason { code: wire.code, label: wire.label }
}

/// What two calls say of the gestures that an order still allows.
pub fn gesture_answers(
    channel: gestures::GestureConfiguration,
    order: gestures::AvailableAmounts,
) -> Answers {
    Answers {
        allowed: channel.allows_gesture,
        rate: channel.max_rate,
        most: channel.max_amount,
        currency: channel.currency.or(order.currency),
        allowable: order.allowable,
        order_amount: order.order_amount,
        given: order.already_given,
    }
}
