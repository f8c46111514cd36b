//! The table of an order's cancellations, gestures and invoices, whoever asked for them.

use crate::domain::request::Request;
use crate::domain::request::Standing;
use crate::web::components::Time;
use crate::web::orders::Desk;

/// A request, ready to print.
#[derive(Debug)]
pub struct RequestView {
    /// The marketplace's identifier.
    pub id: String,
    /// What it is about.
    pub what: String,
    /// Reasons and explanations.
    pub details: Vec<String>,
    /// Who asked.
    pub by: String,
    /// When.
    pub at: Option<Time>,
    /// For `data-state`.
    pub state: &'static str,
    /// Where it stands.
    pub standing: String,
    /// Why it was turned down, in the marketplace's words.
    pub words: Vec<String>,
}

/// The requests of an order, newest first.
pub fn view(desk: &Desk) -> Vec<RequestView> {
    let mut requests: Vec<&Request> = desk.mirrored.requests.all.iter().collect();
    requests.sort_by_key(|it| std::cmp::Reverse(it.created_at()));
    requests.into_iter().map(|it| of(desk, it)).collect()
}

fn of(desk: &Desk, request: &Request) -> RequestView {
    let lang = desk.lang();
    let replaced = matches!(request, Request::Invoice(it) if it.replaced);
    let standing = lang.standing(request.standing());
    RequestView {
        id: request.id().to_owned(),
        what: lang.request(request),
        details: details(desk, request),
        by: asked_by(desk, request),
        at: request.created_at().map(|at| desk.reader.day_time(at)),
        state: mark(request.standing()),
        standing: if replaced {
            format!("{standing}, {}", lang.requests_replaced())
        } else {
            standing
        },
        words: request.words().to_vec(),
    }
}

/// A colleague, if it was the last thing asked for from here; else who the marketplace says it was. Only
/// sellers give gestures and send invoices.
fn asked_by(desk: &Desk, request: &Request) -> String {
    let ours = desk.last.as_ref().filter(|it| {
        it.action.kind().request() == Some(request.kind())
            && it.progress.reference.as_deref() == Some(request.id())
    });
    match (ours, request) {
        (Some(promise), _) => promise.user_name.clone(),
        (None, Request::Cancellation(it)) => desk.lang().asker(it.asked_by.as_ref()),
        (None, Request::Gesture(_) | Request::Invoice(_)) => desk.lang().asker_seller().to_owned(),
    }
}

/// The `data-state` of a request, as the stylesheet knows them.
pub const fn mark(standing: &Standing) -> &'static str {
    match standing {
        Standing::InProgress | Standing::Other(_) => "sent",
        Standing::Done => "confirmed",
        Standing::Rejected => "refused",
    }
}

/// The `data-state` of a promise that the marketplace has taken: it is kept, unless it is turned down.
pub const fn mark_of_promise(standing: &Standing) -> &'static str {
    match standing {
        Standing::InProgress | Standing::Other(_) | Standing::Done => "confirmed",
        Standing::Rejected => "refused",
    }
}

fn details(desk: &Desk, request: &Request) -> Vec<String> {
    let lang = desk.lang();
    let named = |code: &str| {
        let reason = crate::domain::action::cancel::Reason { code: code.to_owned(), label: None };
        lang.cancellation_reason(&reason)
    };
    match request {
        Request::Cancellation(it) => {
            let of_lines = it.lines.iter().filter_map(|line| {
                let reason = named(line.reason.as_deref()?);
                Some(format!("{}{}{reason}", line.line_id, lang.colon()))
            });
            it.reason.as_deref().map(named).into_iter().chain(of_lines).collect()
        }
        Request::Gesture(it) => {
            let reason = it.reason.as_deref().map(|code| lang.gesture_reason(code));
            reason.into_iter().chain(it.details.clone()).collect()
        }
        Request::Invoice(_) => Vec::new(),
    }
}
