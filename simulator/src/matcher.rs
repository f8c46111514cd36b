//! Which calls a fault or a hold is for.

use serde::Deserialize;
use serde::Serialize;

/// A call matches when everything that is given agrees.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Matcher {
    /// `GET`, `POST`, …
    pub method: Option<String>,
    /// A part of the path, e.g. `/shipments`.
    pub path: Option<String>,
    /// The order's id: in the path, the query or the body (of files in their names), or for faults
    /// of content also within the answer.
    pub order: Option<String>,
    /// The value of the `SellerId` header.
    pub seller_id: Option<String>,
}

impl Matcher {
    /// Every call.
    pub fn any() -> Self {
        Self::default()
    }

    /// Calls with this method whose path contains this.
    pub fn new(method: &str, path: &str) -> Self {
        let (method, path) = (Some(method.to_owned()), Some(path.to_owned()));
        Self { method, path, ..Self::default() }
    }

    /// Only calls about this order.
    #[must_use]
    pub fn order(mut self, id: &str) -> Self {
        self.order = Some(id.to_owned());
        self
    }

    /// Only calls of the seller with this id.
    #[must_use]
    pub fn seller(mut self, seller_id: &str) -> Self {
        self.seller_id = Some(seller_id.to_owned());
        self
    }

    pub(crate) fn matches(&self, seen: &Seen) -> bool {
        self.matches_but_order(seen)
            && self.order.as_ref().is_none_or(|id| seen.about.contains(id.as_str()))
    }

    pub(crate) fn matches_but_order(&self, seen: &Seen) -> bool {
        self.method.as_ref().is_none_or(|method| seen.method.eq_ignore_ascii_case(method))
            && self.path.as_ref().is_none_or(|path| seen.path.contains(path.as_str()))
            && self.seller_id.as_ref().is_none_or(|id| seen.seller_id.as_ref() == Some(id))
    }
}

/// What of a call can be matched.
#[derive(Clone, Debug)]
pub(crate) struct Seen {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(crate) seller_id: Option<String>,
    /// Address and body as one text, where an order's id is looked for.
    pub(crate) about: String,
}
