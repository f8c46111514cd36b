//! The query of `GET /orders` and `GET /orders/count`.

use jiff::SignedDuration;
use jiff::Timestamp;

use crate::api::params;
use crate::api::params::Page;
use crate::api::params::Range;
use crate::api::params::list;
use crate::api::params::one;
use crate::api::params::range;
use crate::model::Order;
use crate::model::Status;
use crate::model::SupplyMode;
use crate::problem::Problem;

/// How far back a list without any date goes: "only latest orders will be returned".
const LATEST: SignedDuration = SignedDuration::from_hours(30 * 24);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Key {
    Created,
    Updated,
    Shipped,
}

/// Which orders, in which order, and which page of them.
#[derive(Debug)]
pub(crate) struct Filters {
    pub(crate) references: Vec<String>,
    pub(crate) channels: Vec<String>,
    pub(crate) business: Option<bool>,
    pub(crate) statuses: Vec<Status>,
    pub(crate) modes: Vec<SupplyMode>,
    pub(crate) countries: Vec<String>,
    pub(crate) updated: Range,
    pub(crate) created: Range,
    pub(crate) shipped: Range,
    pub(crate) key: Key,
    pub(crate) descending: bool,
    pub(crate) page: Page,
}

impl Filters {
    /// Reads a query; parameters the platform does not know are ignored.
    pub(crate) fn read(query: &[(String, String)]) -> Result<Self, Problem> {
        let sort = Sort::read(query)?;
        Ok(Self {
            references: list(query, "reference"),
            channels: list(query, "salesChannelId"),
            business: flag(query, "businessOrder")?,
            statuses: words(query, "status", |word| {
                word.parse().ok().filter(|status| *status != Status::CancelRequest)
            })?,
            modes: words(query, "supplyMode", |word| word.parse().ok())?,
            countries: list(query, "shippingCountry"),
            updated: range(query, "updatedAt")?,
            created: range(query, "createdAt")?,
            shipped: range(query, "shippedAt")?,
            key: sort.key,
            descending: sort.descending,
            page: params::page(query)?,
        })
    }

    /// Without a date only the latest orders are listed; a count has no such limit.
    pub(crate) fn only_latest(&mut self, now: Timestamp) {
        if !self.updated.is_set() && !self.created.is_set() && !self.shipped.is_set() {
            self.created.min = Some(now - LATEST);
        }
    }

    pub(crate) fn matches(&self, order: &Order) -> bool {
        let any = |list: &[String], word: &str| {
            list.is_empty() || list.iter().any(|known| known.eq_ignore_ascii_case(word))
        };
        let mode =
            |order: &Order| order.lines.iter().any(|line| self.modes.contains(&line.supply_mode));
        self.updated.contains(order.updated_at)
            && self.created.contains(order.created_at)
            && (!self.shipped.is_set()
                || order.shipped_at.is_some_and(|at| self.shipped.contains(at)))
            && (self.statuses.is_empty() || self.statuses.contains(&order.status))
            && any(&self.channels, order.channel.id)
            && any(&self.countries, order.buyer.place.country)
            && any(&self.references, order.reference.as_deref().unwrap_or_default())
            && self.business.is_none_or(|business| order.business == business)
            && (self.modes.is_empty() || mode(order))
    }
}

struct Sort {
    key: Key,
    descending: bool,
}

impl Sort {
    /// `sort=updatedAt`, `desc=updatedAt`, `sort=asc:updatedAt`, `sort=updatedAt&desc=true`.
    fn read(query: &[(String, String)]) -> Result<Self, Problem> {
        let desc = one(query, "desc");
        let all_descending = desc == Some("true");
        let desc = desc.filter(|word| !matches!(*word, "true" | "false"));
        let (word, descending) = match (one(query, "sort"), desc) {
            (None, None) => return Ok(Self { key: Key::Created, descending: true }),
            (_, Some(word)) => (word, true),
            (Some(word), None) => match word.split_once(':') {
                Some(("asc", field)) => (field, false),
                Some(("desc", field)) => (field, true),
                _ => (word, all_descending),
            },
        };
        let key = match word {
            "createdAt" => Key::Created,
            "updatedAt" => Key::Updated,
            "shippedAt" => Key::Shipped,
            _ => return Err(Problem::invalid("sort", format!("Cannot sort by '{word}'."))),
        };
        Ok(Self { key, descending })
    }
}

pub(crate) fn words<T>(
    query: &[(String, String)],
    name: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Vec<T>, Problem> {
    let known = |word: String| {
        parse(&word).ok_or_else(|| {
            Problem::invalid(name, format!("The value '{word}' is not valid for {name}."))
        })
    };
    list(query, name).into_iter().map(known).collect()
}

fn flag(query: &[(String, String)], name: &str) -> Result<Option<bool>, Problem> {
    let read = |word: &str| {
        word.to_ascii_lowercase()
            .parse()
            .map_err(|_| Problem::invalid(name, format!("The value '{word}' is not valid.")))
    };
    one(query, name).map(read).transpose()
}
