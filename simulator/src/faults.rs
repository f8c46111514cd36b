//! Faults on demand and by schedule.

use serde::Deserialize;
use serde::Serialize;

use crate::hold::When;
use crate::matcher::Matcher;
use crate::matcher::Seen;

/// Something that goes wrong with matching calls, each of them unless a schedule says otherwise.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Fault {
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// With which calls.
    #[serde(flatten)]
    pub matcher: Matcher,
    /// At most so often.
    #[serde(default)]
    pub times: Option<u32>,
    /// Only with every so manyth matching call.
    #[serde(default)]
    pub every: Option<u32>,
    /// Not with the first so many matching calls.
    #[serde(default)]
    pub skip: u32,
}

/// What goes wrong; times are real milliseconds, not simulated ones.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
    /// Another answer than the right one, e.g. a proxy's 502 in HTML. 3xx point elsewhere.
    Status {
        /// The status line.
        status: u16,
        /// What the body is.
        #[serde(default)]
        body: FaultBody,
        /// Whether the effect happens all the same.
        #[serde(default)]
        when: When,
    },
    /// 429 before any effect.
    TooMany {
        /// `Retry-After` verbatim: seconds, a date, nonsense or nothing.
        #[serde(default)]
        retry_after: Option<String>,
    },
    /// The right answer, byte by byte.
    SlowDrip {
        /// Between two bytes.
        byte_ms: u64,
    },
    /// The connection is reset.
    Reset {
        /// Whether the effect happens.
        #[serde(default)]
        when: When,
    },
    /// No answer until the client gives up.
    Hang {
        /// Whether the effect happens.
        #[serde(default)]
        when: When,
    },
    /// A late answer.
    Delay {
        /// How late.
        ms: u64,
        /// Whether the effect happens first.
        #[serde(default)]
        when: When,
    },
    /// No answer, and the effect happens later, even if the client has gone by then.
    Late {
        /// How much later.
        ms: u64,
    },
    /// The right status and headers, and half of the body.
    Truncated,
    /// The token stops being valid with this call.
    TokenExpired,
    /// Statuses, supply modes and delivery modes that no document knows.
    UnknownEnum,
    /// Optional fields left out, some required ones null.
    MissingFields,
    /// Fields and nested objects that no document knows.
    ExtraFields,
    /// The page before instead of the page asked for.
    DuplicatePage,
    /// The list has moved while the client was paging: negative shows orders again, positive
    /// skips some.
    Drift {
        /// By so many places.
        by: i64,
    },
    /// Reads show orders as they were before their last change, as a lagging replica does.
    StaleRead,
    /// One order is well-formed JSON of the wrong shape: the matcher's, or the first of the page.
    MalformedOrder,
    /// The answer is not JSON at all.
    BrokenJson,
}

/// The body of a faulty answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum FaultBody {
    /// A proxy's HTML page.
    #[default]
    Html,
    /// Nothing.
    Empty,
    /// problem+json.
    Problem,
}

impl FaultKind {
    /// Whether the fault is in the JSON of orders and so looks for its order there.
    pub(crate) fn is_content(&self) -> bool {
        matches!(
            self,
            Self::UnknownEnum | Self::MissingFields | Self::ExtraFields | Self::MalformedOrder
        )
    }
}

impl Fault {
    /// A fault of every call, until it is narrowed or cleared.
    pub fn new(kind: FaultKind) -> Self {
        Self { kind, matcher: Matcher::any(), times: None, every: None, skip: 0 }
    }

    /// A status with an HTML body instead of the effect.
    pub fn status(status: u16) -> Self {
        Self::new(FaultKind::Status { status, body: FaultBody::Html, when: When::Before })
    }

    /// A reset before or after the effect.
    pub fn reset(when: When) -> Self {
        Self::new(FaultKind::Reset { when })
    }

    /// Only calls that match.
    #[must_use]
    pub fn on(mut self, matcher: Matcher) -> Self {
        self.matcher = matcher;
        self
    }

    /// At most so often.
    #[must_use]
    pub fn times(mut self, times: u32) -> Self {
        self.times = Some(times);
        self
    }

    /// Only every so manyth matching call.
    #[must_use]
    pub fn every(mut self, every: u32) -> Self {
        self.every = Some(every);
        self
    }

    /// Not the first so many matching calls.
    #[must_use]
    pub fn skip(mut self, skip: u32) -> Self {
        self.skip = skip;
        self
    }
}

/// A fault that is set, with what it has done.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Armed {
    pub(crate) id: u32,
    #[serde(flatten)]
    pub(crate) fault: Fault,
    pub(crate) matched: u32,
    pub(crate) fired: u32,
}

impl Armed {
    /// Counts a matching call and says whether the schedule hits it.
    fn fires(&mut self) -> bool {
        self.matched += 1;
        let after_skip = self.matched.saturating_sub(self.fault.skip);
        let on_beat = self.fault.every.is_none_or(|every| after_skip.is_multiple_of(every.max(1)));
        let left = self.fault.times.is_none_or(|times| self.fired < times);
        let fires = after_skip > 0 && on_beat && left;
        self.fired += u32::from(fires);
        fires
    }
}

/// All faults that are set.
#[derive(Debug, Default)]
pub(crate) struct Faults {
    armed: Vec<Armed>,
    last_id: u32,
}

impl Faults {
    pub(crate) fn add(&mut self, fault: Fault) -> u32 {
        self.last_id += 1;
        self.armed.push(Armed { id: self.last_id, fault, matched: 0, fired: 0 });
        self.last_id
    }

    pub(crate) fn clear(&mut self) {
        self.armed.clear();
    }

    pub(crate) fn list(&self) -> &[Armed] {
        &self.armed
    }

    /// The faults that hit this call; those of content are counted later, by [`Faults::fires`].
    pub(crate) fn hitting(&mut self, seen: &Seen) -> Vec<Hit> {
        let mut hits = Vec::new();
        for armed in &mut self.armed {
            let matcher = &armed.fault.matcher;
            let hit = if armed.fault.kind.is_content() {
                matcher.matches_but_order(seen)
            } else {
                matcher.matches(seen) && armed.fires()
            };
            if hit {
                let order = armed.fault.matcher.order.clone();
                hits.push(Hit { id: armed.id, kind: armed.fault.kind.clone(), order });
            }
        }
        hits
    }

    pub(crate) fn fires(&mut self, id: u32) -> bool {
        self.armed.iter_mut().find(|armed| armed.id == id).is_some_and(Armed::fires)
    }
}

/// A fault for one call.
#[derive(Clone, Debug)]
pub(crate) struct Hit {
    pub(crate) id: u32,
    pub(crate) kind: FaultKind,
    pub(crate) order: Option<String>,
}
