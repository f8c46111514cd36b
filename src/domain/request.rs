//! What the marketplace was asked for and decides later: cancellations, commercial gestures, invoices.
//!
//! Ours and those of others: the seller portal, the customer, the channel's customer service. A yes to the
//! call means only that the request was taken (`orders-management`: "All gesture requests are
//! asynchronous"); its standing tells what became of it.

use jiff::Timestamp;
use rust_decimal::Decimal;
use serde::Deserialize;
use serde::Serialize;

/// The kinds of requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// Of an order or of some lines.
    Cancellation,
    /// Money for the customer.
    Gesture,
    /// A document for the customer.
    Invoice,
}

impl RequestKind {
    /// Every kind.
    pub const ALL: [Self; 3] = [Self::Cancellation, Self::Gesture, Self::Invoice];

    /// The word in the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Cancellation => "cancellation",
            Self::Gesture => "gesture",
            Self::Invoice => "invoice",
        }
    }
}

/// What the marketplace made of a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Standing {
    /// Not decided.
    InProgress,
    /// Carried out.
    Done,
    /// Turned down; its words say why.
    Rejected,
    /// A word that this program does not know: shown as it is, and counted as undecided.
    Other(String),
}

impl Standing {
    /// Reads the marketplace's word. Those of gestures and invoices are documented (`octopia-contract`
    /// 9.6); those of cancellations are not, so that every likely one is understood.
    pub fn parse(word: &str) -> Self {
        match word.to_ascii_lowercase().as_str() {
            "" | "inprogress" | "pending" | "running" | "requested" | "created" => Self::InProgress,
            "done" | "accepted" | "success" | "completed" | "validated" => Self::Done,
            "rejected" | "refused" | "failure" | "failed" | "error" => Self::Rejected,
            _ => Self::Other(word.to_owned()),
        }
    }

    /// Whether it still may change.
    pub const fn is_open(&self) -> bool {
        match self {
            Self::InProgress | Self::Other(_) => true,
            Self::Done | Self::Rejected => false,
        }
    }
}

/// Who asked for a cancellation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Asker {
    /// This seller, from here or from the portal.
    Seller,
    /// The customer.
    Customer,
    /// Somebody else, in the marketplace's word, such as the channel's customer service.
    Other(String),
}

impl Asker {
    /// Reads the marketplace's word.
    pub fn parse(word: &str) -> Self {
        match word {
            "Seller" => Self::Seller,
            "Customer" => Self::Customer,
            other => Self::Other(other.to_owned()),
        }
    }
}

/// A request to cancel an order or some of its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cancellation {
    /// The marketplace's identifier.
    pub id: String,
    /// What became of it.
    pub standing: Standing,
    /// Who wanted it; none if the marketplace does not tell.
    pub asked_by: Option<Asker>,
    /// The reason's code, when one holds for the whole request.
    pub reason: Option<String>,
    /// Whether shipping is refunded as well.
    pub shipping_refund: Option<bool>,
    /// The lines; none means the whole order.
    pub lines: Vec<CancelledLine>,
    /// Why it was turned down, in the marketplace's words.
    pub words: Vec<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
}

/// A line in a cancellation request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CancelledLine {
    /// The line's identifier.
    pub line_id: String,
    /// The reason's code, when the line has one of its own.
    pub reason: Option<String>,
    /// The line's own outcome, when it has one.
    pub standing: Option<Standing>,
}

impl Cancellation {
    /// Whether the line is in it.
    pub fn covers(&self, line_id: &str) -> bool {
        self.lines.is_empty() || self.lines.iter().any(|it| it.line_id == line_id)
    }

    /// What became of that line's part of it.
    pub fn standing_of(&self, line_id: &str) -> &Standing {
        let line = self.lines.iter().find(|it| it.line_id == line_id);
        line.and_then(|it| it.standing.as_ref()).unwrap_or(&self.standing)
    }

    /// The reason given for that line.
    pub fn reason_of(&self, line_id: &str) -> Option<&str> {
        let line = self.lines.iter().find(|it| it.line_id == line_id);
        line.and_then(|it| it.reason.as_deref()).or(self.reason.as_deref())
    }
}

/// A request to give the customer some money.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GestureRequest {
    /// The marketplace's identifier.
    pub id: String,
    /// What became of it.
    pub standing: Standing,
    /// The reason's code.
    pub reason: Option<String>,
    /// What was written about it. Not every marketplace may repeat it.
    pub details: Option<String>,
    /// How much.
    pub amount: Option<Decimal>,
    /// ISO 4217, if the marketplace tells.
    pub currency: Option<String>,
    /// Why it was turned down, in the marketplace's words.
    pub words: Vec<String>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
}

/// An invoice that was uploaded.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InvoiceImport {
    /// The import's identifier.
    pub id: String,
    /// What became of it.
    pub standing: Standing,
    /// The file's name.
    pub file_name: Option<String>,
    /// Whether a later upload took its place.
    pub replaced: bool,
    /// Why it failed, in the marketplace's words.
    pub words: Vec<String>,
    /// When it was uploaded.
    pub created_at: Option<Timestamp>,
}

/// A request of any kind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "request", rename_all = "snake_case")]
pub enum Request {
    /// See [`Cancellation`].
    Cancellation(Cancellation),
    /// See [`GestureRequest`].
    Gesture(GestureRequest),
    /// See [`InvoiceImport`].
    Invoice(InvoiceImport),
}

impl Request {
    /// Which kind.
    pub const fn kind(&self) -> RequestKind {
        match self {
            Self::Cancellation(_) => RequestKind::Cancellation,
            Self::Gesture(_) => RequestKind::Gesture,
            Self::Invoice(_) => RequestKind::Invoice,
        }
    }

    /// The marketplace's identifier.
    pub fn id(&self) -> &str {
        match self {
            Self::Cancellation(it) => &it.id,
            Self::Gesture(it) => &it.id,
            Self::Invoice(it) => &it.id,
        }
    }

    /// What became of it.
    pub const fn standing(&self) -> &Standing {
        match self {
            Self::Cancellation(it) => &it.standing,
            Self::Gesture(it) => &it.standing,
            Self::Invoice(it) => &it.standing,
        }
    }

    /// Why it was turned down, in the marketplace's words.
    pub fn words(&self) -> &[String] {
        match self {
            Self::Cancellation(it) => &it.words,
            Self::Gesture(it) => &it.words,
            Self::Invoice(it) => &it.words,
        }
    }

    /// When it was made.
    pub const fn created_at(&self) -> Option<Timestamp> {
        match self {
            Self::Cancellation(it) => it.created_at,
            Self::Gesture(it) => it.created_at,
            Self::Invoice(it) => it.created_at,
        }
    }
}

/// The requests of one order, as far as the mirror knows, newest last.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Requests {
    /// All of them.
    pub all: Vec<Request>,
}

impl Requests {
    /// The cancellations.
    pub fn cancellations(&self) -> impl Iterator<Item = &Cancellation> {
        self.all.iter().filter_map(|it| match it {
            Request::Cancellation(it) => Some(it),
            Request::Gesture(_) | Request::Invoice(_) => None,
        })
    }

    /// The gestures.
    pub fn gestures(&self) -> impl Iterator<Item = &GestureRequest> {
        self.all.iter().filter_map(|it| match it {
            Request::Gesture(it) => Some(it),
            Request::Cancellation(_) | Request::Invoice(_) => None,
        })
    }

    /// The invoices.
    pub fn invoices(&self) -> impl Iterator<Item = &InvoiceImport> {
        self.all.iter().filter_map(|it| match it {
            Request::Invoice(it) => Some(it),
            Request::Cancellation(_) | Request::Gesture(_) => None,
        })
    }

    /// The request of that kind and identifier.
    pub fn find(&self, kind: RequestKind, id: &str) -> Option<&Request> {
        self.all.iter().find(|it| it.kind() == kind && it.id() == id)
    }

    /// The cancellation that the line is in: undecided, or carried out. One that was turned down leaves
    /// the line free.
    pub fn cancellation_of(&self, line_id: &str) -> Option<&Cancellation> {
        self.cancellations()
            .find(|it| it.covers(line_id) && *it.standing_of(line_id) != Standing::Rejected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_documents_has_a_standing_and_others_stay_open() {
        for (word, standing) in [
            ("InProgress", Standing::InProgress),
            ("Running", Standing::InProgress),
            ("Done", Standing::Done),
            ("Success", Standing::Done),
            ("Rejected", Standing::Rejected),
            ("Failure", Standing::Rejected),
        ] {
            assert_eq!(Standing::parse(word), standing);
        }
        let strange = Standing::parse("PartialSuccess");
        assert_eq!(strange, Standing::Other("PartialSuccess".to_owned()));
        assert!(strange.is_open());
    }

    #[test]
    fn a_line_has_its_own_outcome_where_the_marketplace_gives_one() {
        let line = |id: &str, standing| CancelledLine {
            line_id: id.to_owned(),
            reason: Some("damaged".to_owned()),
            standing,
        };
        let request = Cancellation {
            id: "C-1".to_owned(),
            standing: Standing::Done,
            asked_by: Some(Asker::Seller),
            reason: None,
            shipping_refund: None,
            lines: vec![line("A", Some(Standing::Rejected)), line("B", None)],
            words: Vec::new(),
            created_at: None,
        };
        let requests = Requests { all: vec![Request::Cancellation(request)] };
        assert_eq!(requests.cancellation_of("A"), None);
        assert_eq!(requests.cancellation_of("B").unwrap().reason_of("B"), Some("damaged"));
        assert_eq!(requests.cancellation_of("C"), None);
    }
}
