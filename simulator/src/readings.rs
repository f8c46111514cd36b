//! Where the documents contradict each other or say nothing: one switch per question.
//!
//! The default is the likelier reading; a client must survive the other one too.

use jiff::SignedDuration;

/// How this marketplace reads what its documents leave open.
#[derive(Clone, Copy, Debug, Default)]
#[expect(clippy::struct_excessive_bools, reason = "one independent switch per open question")]
pub struct Readings {
    /// Whether an order may be shipped while it is `Accepted`: the FAQ of "Orders Management" says
    /// so, its section "Ship an order" does not.
    pub ship_when_accepted: bool,
    /// Whether a line's `totalPrice` includes its shipping cost; public clients disagree.
    pub line_totals_with_shipping: bool,
    /// What lists are wrapped in.
    pub envelope: Envelope,
    /// Whether successful writes answer with a JSON body; by default it is empty.
    pub writes_answer_with_body: bool,
    /// Whether `sort` and `desc` are ignored, and lists come newest created first: the syntax is
    /// not settled, so a client cannot be sure of the order.
    pub sort_is_ignored: bool,
    /// Whether lines of a warehouse can never be cancelled: the older page says so; by default they
    /// can once they are shipped, as the current one says.
    pub warehouse_lines_stay: bool,
    /// Whether `reasonDetails` are left out when gestures are read.
    pub gesture_details_not_echoed: bool,
    /// How long a change stays invisible to reads (an order that is new shows at once). It is a
    /// time of the simulated clock that `speed` does not divide.
    pub read_lag: SignedDuration,
}

/// The wrapping of a list of orders.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Envelope {
    /// `{"itemsPerPage": 2, "items": […]}`, as seen on live accounts.
    #[default]
    Items,
    /// `{"data": […]}`
    Data,
    /// `[…]`
    Bare,
}

impl Envelope {
    pub(crate) fn open(self, items: usize) -> String {
        match self {
            Self::Items => format!("{{\"itemsPerPage\":{items},\"items\":["),
            Self::Data => "{\"data\":[".to_owned(),
            Self::Bare => "[".to_owned(),
        }
    }

    pub(crate) fn close(self) -> &'static str {
        match self {
            Self::Items | Self::Data => "]}",
            Self::Bare => "]",
        }
    }
}
