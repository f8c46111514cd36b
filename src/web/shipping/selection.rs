//! Which orders are on a picking list or on packing slips: those that an address names, or all that is to be
//! shipped by a time, of one channel or account if it says so.

use url::form_urlencoded::Serializer;
use uuid::Uuid;

use crate::domain::deadline::Boundaries;
use crate::domain::deadline::Rank;
use crate::domain::deadline::Urgency;
use crate::web::orders::action::Pairs;

/// The orders that one person carries, and one database query reads.
pub const MOST: usize = 500;

/// By when the orders are due.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum By {
    /// Their deadline has passed.
    Overdue,
    /// By the end of the day, or before.
    #[default]
    Today,
    /// All that are to be shipped.
    All,
}

impl By {
    /// Every choice, as people read them.
    pub const ALL: [Self; 3] = [Self::Overdue, Self::Today, Self::All];

    /// The word in addresses.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Overdue => "overdue",
            Self::Today => "today",
            Self::All => "all",
        }
    }

    /// The first place in the queue that is too late.
    pub fn end(self, boundaries: &Boundaries) -> Rank {
        match self {
            Self::Overdue => Urgency::Overdue.ranks(boundaries).end,
            Self::Today => Urgency::Today.ranks(boundaries).end,
            Self::All => Urgency::None.ranks(boundaries).end,
        }
    }
}

/// What an address asks for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Selection {
    /// These orders, as pairs of account and order, and no others.
    pub orders: Vec<(String, String)>,
    /// The orders of that batch, and no others.
    pub batch: Option<Uuid>,
    /// Whether more were named than one list takes.
    pub cut: bool,
    /// Else all that are due by then.
    pub by: By,
    /// Of that channel; of all, if none is named.
    pub channel: String,
    /// Of that account; of all, if none is named.
    pub account: String,
    /// Order by order, and not product by product.
    pub order_by_order: bool,
}

impl Selection {
    /// Reads an address. What it cannot mean is left out.
    pub fn parse(query: &Pairs) -> Self {
        let mut selection = Self::default();
        for (name, value) in query {
            match name.as_str() {
                "order" => {
                    let pair = value.split_once(':').map(|(a, b)| (a.to_owned(), b.to_owned()));
                    selection.orders.extend(pair.filter(|it| !selection.orders.contains(it)));
                }
                "batch" => selection.batch = Uuid::parse_str(value).ok(),
                "due" => {
                    let by = By::ALL.into_iter().find(|it| it.as_str() == value);
                    selection.by = by.unwrap_or_default();
                }
                "channel" => selection.channel.clone_from(value),
                "account" => selection.account.clone_from(value),
                "by" => selection.order_by_order = value == "order",
                _ => {}
            }
        }
        selection.cut = selection.orders.len() > MOST;
        selection.orders.truncate(MOST);
        selection
    }

    /// The fields of an address that name orders.
    pub fn named(&self) -> Vec<(&'static str, String)> {
        let batch = self.batch.map(|it| ("batch", it.to_string()));
        let orders = self.orders.iter().map(|(a, b)| ("order", format!("{a}:{b}")));
        batch.into_iter().chain(orders).collect()
    }

    /// Whether no orders are named, so that deadlines decide.
    pub const fn is_by_deadline(&self) -> bool {
        self.orders.is_empty() && self.batch.is_none()
    }

    /// The same selection on that page.
    pub fn href(&self, page: &str) -> String {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(self.named());
        if self.is_by_deadline() {
            query.append_pair("due", self.by.as_str());
            let narrowed = [("channel", &self.channel), ("account", &self.account)];
            query.extend_pairs(narrowed.iter().filter(|(_, value)| !value.is_empty()));
        }
        if self.order_by_order {
            query.append_pair("by", "order");
        }
        format!("{page}?{}", query.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(query: &str) -> Selection {
        let pairs = url::form_urlencoded::parse(query.as_bytes()).into_owned().collect();
        Selection::parse(&pairs)
    }

    #[test]
    fn an_address_says_which_orders_and_is_made_again_from_them() {
        let some = of("order=maison:A-1&order=maison:A-2&order=maison:A-1&order=nonsense&by=order");
        let pair = |id: &str| ("maison".to_owned(), id.to_owned());
        assert_eq!(some.orders, [pair("A-1"), pair("A-2")]);
        let href = some.href("/shipping/slips");
        assert_eq!(href, "/shipping/slips?order=maison%3AA-1&order=maison%3AA-2&by=order");
        assert_eq!(of(href.split_once('?').unwrap().1), some);

        let due = of("due=overdue&channel=CDISFR");
        assert_eq!((due.by, due.channel.as_str()), (By::Overdue, "CDISFR"));
        assert_eq!(due.href("/shipping/picking"), "/shipping/picking?due=overdue&channel=CDISFR");
        let batch = of("batch=0198c0de-0000-7000-8000-000000000000");
        let href = batch.href("/shipping/picking");
        assert_eq!(href, "/shipping/picking?batch=0198c0de-0000-7000-8000-000000000000");
        assert!(!batch.is_by_deadline() && of("batch=1").is_by_deadline());
        assert_eq!(of("due=yesterday&💥=1"), Selection::default());
    }

    #[test]
    fn a_list_has_an_end() {
        let query: Vec<_> = (0..600).map(|it| format!("order=maison:{it}")).collect();
        let query = query.join("&");
        let many = of(&query);
        assert_eq!((many.orders.len(), many.cut), (MOST, true));
    }
}
