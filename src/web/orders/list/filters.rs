//! What there is to filter by: tabs, controls, chips. All of it comes from the counters, in memory.

mod choice;
mod more;

use std::borrow::Cow;
use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use crate::db::accounts::Account;
use crate::db::order_counts::Bucket;
use crate::db::order_list::Choices;
use crate::db::order_list::Sort;
use crate::domain::deadline::Urgency;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::web::format;
use crate::web::orders::list::selection::Selection;
use crate::web::text::Lang;

use choice::drop_down;

pub use choice::Choice;
pub use more::MoreFilters;

/// A tab.
#[derive(Debug)]
pub struct Tab {
    /// Its `id`: htmx gives the focus back by it.
    pub id: String,
    /// Its words.
    pub label: Cow<'static, str>,
    /// Its list.
    pub href: String,
    /// How many orders are behind it, unless other filters make that unknown.
    pub count: Option<String>,
    /// Whether this page is behind it.
    pub current: bool,
}

/// A filter that is on; its link takes it off.
#[derive(Debug)]
pub struct Chip {
    /// Its words.
    pub label: String,
    /// The list without it.
    pub href: String,
}

/// The controls above the list.
#[derive(Debug)]
pub struct Filters {
    /// One per status, and one for all.
    pub tabs: Vec<Tab>,
    /// The filters that are on.
    pub chips: Vec<Chip>,
    /// What the form sends along unseen.
    pub statuses: Vec<String>,
    /// What the form sends along unseen.
    pub sort: Option<&'static str>,
    /// How near the deadline is.
    pub due: Vec<Choice>,
    /// Who ships.
    pub supply_modes: Vec<Choice>,
    /// The channels.
    pub channels: Vec<Choice>,
    /// The accounts.
    pub accounts: Vec<Choice>,
    /// The first day.
    pub from: Option<Date>,
    /// The last day.
    pub to: Option<Date>,
    /// The filters that are used less.
    pub more: MoreFilters,
}

/// What the controls are made of.
#[derive(Debug)]
pub struct Facts<'a> {
    /// The visitor's language.
    pub lang: Lang,
    /// What they want to see.
    pub selection: &'a Selection,
    /// The accounts they work for.
    pub accounts: &'a [Account],
    /// What there is to see.
    pub buckets: &'a [Bucket],
    /// What the filters that are used less can be set to.
    pub choices: &'a Choices,
    /// Who they are.
    pub me: i64,
    /// Where they live.
    pub zone: &'a TimeZone,
    /// The present.
    pub now: Timestamp,
}

impl Filters {
    /// The controls for a list.
    pub fn new(facts: &Facts<'_>) -> Self {
        let selection = facts.selection;
        Self {
            tabs: facts.tabs(),
            chips: facts.chips(),
            statuses: selection.statuses.clone(),
            sort: (selection.sort != Sort::Deadline).then(|| selection.sort.as_str()),
            due: facts.due(),
            supply_modes: facts.supply_modes(),
            channels: facts.channels(),
            accounts: facts.accounts(),
            from: selection.from,
            to: selection.to,
            more: MoreFilters::new(facts.lang, &selection.more, facts.choices, facts.me),
        }
    }
}

impl Facts<'_> {
    /// A tab shows what the list would be without its status and without a search.
    fn tabs(&self) -> Vec<Tab> {
        let selection = self.selection;
        let mut counts = BTreeMap::<&str, i64>::new();
        for bucket in self.buckets.iter().filter(|it| selection.admits(it)) {
            *counts.entry(&bucket.status).or_default() += bucket.orders;
        }
        for status in &selection.statuses {
            counts.entry(status).or_default();
        }
        let countable = selection.due.is_empty() && selection.is_of_buckets();
        let tab = |id: &str, label, statuses: &[String], count: i64| Tab {
            id: format!("tab-{id}"),
            label,
            href: selection.with(|it| {
                it.statuses = statuses.to_vec();
                it.search.clear();
            }),
            count: countable.then(|| format::whole(count)),
            current: selection.search.is_empty() && selection.statuses == statuses,
        };
        let all = tab("all", Cow::Borrowed(self.lang.all()), &[], counts.values().sum());
        // In the order of an order's life, and then what nobody knows.
        let known = Status::KNOWN.iter().map(Status::as_str).filter(|it| counts.contains_key(it));
        let unknown = counts.keys().filter(|it| matches!(Status::parse(it), Status::Other(_)));
        let statuses = known.chain(unknown.copied()).map(|word| {
            let label = self.lang.status_name(&Status::parse(word));
            tab(word, label, &[word.to_owned()], counts[word])
        });
        std::iter::once(all).chain(statuses).collect()
    }

    fn chips(&self) -> Vec<Chip> {
        let (lang, selection) = (self.lang, self.selection);
        let mut chips = Vec::new();
        let mut chip = |name: &str, value: &str, change: &dyn Fn(&mut Selection)| {
            let label = lang.named(name, value);
            chips.push(Chip { label, href: selection.with(change) });
        };
        if !selection.search.is_empty() {
            chip(lang.search(), &selection.search, &|it| it.search.clear());
        }
        for word in &selection.statuses {
            let label = lang.status_name(&Status::parse(word));
            chip(lang.status_filter(), &label, &|it| it.statuses.retain(|it| it != word));
        }
        for urgency in &selection.due {
            chip(lang.ship_by(), lang.urgency(*urgency), &|it| it.due.retain(|it| it != urgency));
        }
        for word in &selection.supply_modes {
            let label = lang.supply_mode(&SupplyMode::parse(word));
            chip(lang.who_ships(), &label, &|it| it.supply_modes.retain(|it| it != word));
        }
        for id in &selection.channels {
            chip(lang.channel(), self.channel_name(id), &|it| it.channels.retain(|it| it != id));
        }
        for id in &selection.accounts {
            chip(lang.account(), self.account_name(id), &|it| it.accounts.retain(|it| it != id));
        }
        if let Some(from) = selection.from {
            chip(lang.created_from(), &self.day(from), &|it| it.from = None);
        }
        if let Some(to) = selection.to {
            chip(lang.created_to(), &self.day(to), &|it| it.to = None);
        }
        for [name, value, href] in more::chips(lang, selection, self.choices) {
            chips.push(Chip { label: lang.named(&name, &value), href });
        }
        chips
    }

    fn due(&self) -> Vec<Choice> {
        let choices =
            Urgency::ALL.map(|it| (it.as_str().to_owned(), self.lang.urgency(it).to_owned()));
        let chosen: Vec<_> = self.selection.due.iter().map(|it| it.as_str().to_owned()).collect();
        drop_down(self.lang.any_time(), choices, &chosen)
    }

    fn supply_modes(&self) -> Vec<Choice> {
        let mut words: Vec<&str> = SupplyMode::KNOWN.iter().map(SupplyMode::as_str).collect();
        for bucket in self.buckets {
            if !words.contains(&bucket.supply_mode.as_str()) && !bucket.supply_mode.is_empty() {
                words.push(&bucket.supply_mode);
            }
        }
        let choices = words.into_iter().map(|word| {
            (word.to_owned(), self.lang.supply_mode(&SupplyMode::parse(word)).into_owned())
        });
        drop_down(self.lang.all_modes(), choices, &self.selection.supply_modes)
    }

    fn channels(&self) -> Vec<Choice> {
        let mut channels: Vec<_> = self
            .buckets
            .iter()
            .map(|it| (it.channel_name.as_str(), it.channel_id.as_str()))
            .collect();
        channels.sort_unstable();
        channels.dedup_by_key(|(_, id)| *id);
        let choices = channels.into_iter().map(|(name, id)| (id.to_owned(), name.to_owned()));
        drop_down(self.lang.all_channels(), choices, &self.selection.channels)
    }

    fn accounts(&self) -> Vec<Choice> {
        let choices = self.accounts.iter().map(|it| (it.id.0.clone(), it.name.clone()));
        drop_down(self.lang.all_accounts(), choices, &self.selection.accounts)
    }

    fn channel_name<'a>(&'a self, id: &'a str) -> &'a str {
        let bucket = self.buckets.iter().find(|it| it.channel_id == id);
        bucket.map_or(id, |it| &it.channel_name)
    }

    fn account_name<'a>(&'a self, id: &'a str) -> &'a str {
        self.accounts.iter().find(|it| it.id.0 == id).map_or(id, |it| &it.name)
    }

    fn day(&self, date: Date) -> String {
        let midnight = date.to_zoned(self.zone.clone()).map(|it| it.timestamp());
        let midnight = midnight.unwrap_or(self.now);
        format::day(self.lang, midnight, self.zone, self.now).text
    }
}
