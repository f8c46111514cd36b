//! A look at the marketplace at this very moment, for a person who has to decide.

use crate::db::promises::Promise;
use crate::domain::action::Action;
use crate::domain::action::Evidence;
use crate::domain::delivery::Reading;
use crate::domain::order::Order;
use crate::domain::request::Request;
use crate::domain::request::Requests;
use crate::domain::sending;
use crate::live::Live;
use crate::web::components::Badge;
use crate::web::components::Time;
use crate::web::orders::Desk;
use crate::web::promises::sent;
use crate::web::text::Lang;

/// What the look showed.
#[derive(Debug)]
pub enum Fresh {
    /// Nothing, in these words: there was no answer.
    Silent(&'static str),
    /// The marketplace knows no such order.
    UnknownOrder,
    /// The order.
    Seen(Box<Seen>),
}

/// The order, its parcels and requests, and what follows from them.
#[derive(Debug)]
pub struct Seen {
    /// When it was read.
    pub at: Time,
    /// The order's status.
    pub badge: Badge,
    /// Its parcels.
    pub parcels: Vec<ParcelSeen>,
    /// Whether the promise is about parcels: then each says whether it is the promise's.
    pub ships: bool,
    /// The requests of the kind that the promise makes; none, if it makes none.
    pub requests: Option<Vec<RequestSeen>>,
    /// What tells the promise's own request from others.
    pub mark: String,
    /// What the rules say.
    pub reading: Reading,
    /// The same in words.
    pub conclusion: &'static str,
}

/// A parcel at the marketplace.
#[derive(Debug)]
pub struct ParcelSeen {
    /// Its number.
    pub number: String,
    /// Who carries it.
    pub carrier: String,
    /// What is in it.
    pub lines: String,
    /// Whether the promise declared that number.
    pub ours: bool,
}

/// A request at the marketplace.
#[derive(Debug)]
pub struct RequestSeen {
    /// `Gesture 5,00 €`
    pub what: String,
    /// The marketplace's identifier.
    pub id: String,
    /// Who asked, and why.
    pub about: String,
    /// What became of it.
    pub standing: String,
    /// When it was made.
    pub created: Option<Time>,
    /// Whether it carries the mark.
    pub marked: &'static str,
    /// Whether it was there before the promise was sent.
    pub before: &'static str,
}

impl Fresh {
    /// Whether the effect of the promise shows.
    pub fn is_found(&self) -> bool {
        match self {
            Self::Seen(seen) => matches!(seen.reading, Reading::Found { .. }),
            Self::Silent(_) | Self::UnknownOrder => false,
        }
    }

    /// For `data-reading`.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Silent(_) => "silent",
            Self::UnknownOrder => "unknown",
            Self::Seen(seen) => seen.as_str(),
        }
    }
}

impl Seen {
    /// For `data-reading`.
    pub const fn as_str(&self) -> &'static str {
        match self.reading {
            Reading::Found { .. } => "found",
            Reading::Superseded => "superseded",
            Reading::Absent => "absent",
            Reading::Unclear => "unclear",
        }
    }

    /// For `data-icon`.
    pub const fn icon(&self) -> &'static str {
        match self.reading {
            Reading::Found { .. } => "ok",
            Reading::Absent => "info",
            Reading::Superseded | Reading::Unclear => "warn",
        }
    }
}

/// Looks, for three seconds at most. No connection to the database may be held meanwhile.
pub async fn look(live: &Live, desk: &Desk, promise: &Promise) -> Fresh {
    let (reader, lang) = (&desk.reader, desk.lang());
    let kind = promise.action.kind().request();
    let fresh = match live.order(&promise.account, &promise.order_id, kind).await {
        Ok(fresh) => fresh,
        Err(silence) => return Fresh::Silent(lang.silence(silence)),
    };
    let Some(order) = fresh.order else { return Fresh::UnknownOrder };
    let requests = Requests { all: fresh.requests };
    let marker = sending::marker(promise.id.as_u128());
    let baseline = promise.progress.baseline.as_deref();
    let evidence = Evidence { order: &order, requests: &requests, baseline, marker: &marker };
    let reading = promise.action.reading(&evidence);
    let request = |it: &Request| request_seen(desk, promise, it);
    Fresh::Seen(Box::new(Seen {
        at: reader.clock(reader.now),
        badge: reader.badge(&order),
        parcels: parcels(&promise.action, &order),
        ships: matches!(promise.action, Action::Ship(_)),
        requests: kind.map(|_| requests.all.iter().map(request).collect()),
        mark: sent::mark(promise),
        conclusion: lang.reading(&reading),
        reading,
    }))
}

fn parcels(action: &Action, order: &Order) -> Vec<ParcelSeen> {
    let ours = |number: &str| match action {
        Action::Ship(ship) => ship.parcels.iter().any(|it| it.number == number),
        Action::Accept
        | Action::Refuse
        | Action::Cancel(_)
        | Action::CancelLines(_)
        | Action::Gesture(_)
        | Action::Invoice(_) => false,
    };
    let parcel = |it: &crate::domain::order::Parcel| ParcelSeen {
        number: it.number.clone(),
        carrier: it.carrier.clone(),
        lines: it.line_ids.join(", "),
        ours: ours(&it.number),
    };
    order.parcels.iter().map(parcel).collect()
}

fn request_seen(desk: &Desk, promise: &Promise, request: &Request) -> RequestSeen {
    let lang = desk.lang();
    let before = match &promise.progress.baseline {
        Some(known) => yes_or_no(lang, known.iter().any(|it| it == request.id())),
        None => lang.fresh_not_known(),
    };
    RequestSeen {
        what: lang.request(request),
        id: request.id().to_owned(),
        about: about(lang, &desk.sight.request(request.clone())),
        standing: lang.standing(request.standing()),
        created: request.created_at().map(|at| desk.reader.day_time(at)),
        marked: marked(lang, promise, request),
        before,
    }
}

/// Who asked, and why, as far as the marketplace tells.
fn about(lang: Lang, request: &Request) -> String {
    let parts = match request {
        Request::Cancellation(it) => {
            let code = it
                .reason
                .as_deref()
                .or_else(|| it.lines.iter().find_map(|it| it.reason.as_deref()));
            let reason = code.map(|code| crate::domain::action::cancel::Reason {
                code: code.to_owned(),
                label: None,
            });
            let asker = it.asked_by.as_ref().map(|it| lang.asker(Some(it)));
            [asker, reason.map(|it| lang.cancellation_reason(&it))]
        }
        Request::Gesture(it) => {
            [it.reason.as_deref().map(|code| lang.gesture_reason(code)), it.details.clone()]
        }
        Request::Invoice(it) => [it.replaced.then(|| lang.requests_replaced().to_owned()), None],
    };
    parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
}

fn marked(lang: Lang, promise: &Promise, request: &Request) -> &'static str {
    let marker = sending::marker(promise.id.as_u128());
    match request {
        // The marketplace keeps nothing of ours with a cancellation.
        Request::Cancellation(_) => lang.fresh_no_mark(),
        Request::Gesture(it) => match &it.details {
            Some(details) => yes_or_no(lang, details.contains(&format!("#{marker}"))),
            None => lang.fresh_not_repeated(),
        },
        Request::Invoice(it) => match &it.file_name {
            Some(name) => yes_or_no(lang, name.contains(&marker)),
            None => lang.fresh_not_repeated(),
        },
    }
}

const fn yes_or_no(lang: Lang, yes: bool) -> &'static str {
    if yes { lang.yes() } else { lang.no() }
}
