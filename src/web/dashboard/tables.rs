//! The same counters per channel, and per account.

use crate::db::due_counts::DueCount;
use crate::db::order_counts::Bucket;
use crate::db::throughput::Shipped;
use crate::domain::deadline::Urgency;
use crate::domain::order::Status;
use crate::domain::order::SupplyMode;
use crate::domain::rates::Kind;
use crate::domain::rates::Made;
use crate::web::dashboard::Desk;
use crate::web::dashboard::counts::Number;
use crate::web::dashboard::rates;
use crate::web::orders::list::selection::Selection;

/// A table of counters.
#[derive(Debug)]
pub struct Table {
    /// For the `id` of its heading.
    pub id: &'static str,
    /// Its heading.
    pub title: &'static str,
    /// What its first column holds.
    pub of: &'static str,
    /// Its rows.
    pub rows: Vec<Line>,
    /// The last row: all together.
    pub total: Line,
}

/// A row of it.
#[derive(Debug)]
pub struct Line {
    /// The name.
    pub name: String,
    /// The marketplace's identifier, or ours.
    pub code: Option<String>,
    /// Overdue, soon, today, tomorrow, to accept, to ship, and all.
    pub numbers: [Number; 7],
    /// How many were shipped on time, of the last 30 days.
    pub on_time: String,
}

impl Table {
    /// One row per channel, by name.
    pub fn by_channel(
        desk: &Desk<'_>,
        due: &[DueCount],
        buckets: &[Bucket],
        shipped: &[Shipped],
    ) -> Self {
        let mut channels: Vec<(&str, &str)> =
            buckets.iter().map(|it| (it.channel_name.as_str(), it.channel_id.as_str())).collect();
        channels.sort_unstable();
        // A channel may have a name of its own in each account: the list takes the first as well.
        let mut seen = Vec::new();
        channels.retain(|(_, id)| {
            !seen.contains(id) && {
                seen.push(*id);
                true
            }
        });
        let row = |(name, id): (&str, &str)| {
            let channels = vec![id.to_owned()];
            let list = Selection { channels, ..desk.selection.clone() };
            let due = sum(due.iter().filter(|it| it.channel_id == id));
            let own = buckets.iter().filter(|it| it.channel_id == id);
            let shipped = shipped.iter().filter(|it| it.channel_id == id);
            Line {
                name: name.to_owned(),
                code: Some(id.to_owned()),
                numbers: numbers(&list, &due, &own),
                on_time: on_time(shipped, due.overdue),
            }
        };
        Self {
            id: "h-channels",
            title: desk.lang.by_channel(),
            of: desk.lang.channel(),
            rows: channels.into_iter().map(row).collect(),
            total: total(desk, desk.lang.all_channels(), due, buckets, shipped),
        }
    }

    /// One row per account, in the order of the settings, each with the account's own day. `all` are the counts
    /// with the day of the list of all accounts.
    pub fn by_account(
        desk: &Desk<'_>,
        all: &[DueCount],
        due: &[DueCount],
        buckets: &[Bucket],
        shipped: &[Shipped],
    ) -> Self {
        let row = |account: &crate::db::accounts::Account| {
            let id = &account.id.0;
            let list = Selection { accounts: vec![id.clone()], ..desk.selection.clone() };
            let due = sum(due.iter().filter(|it| it.account_id == *id));
            let own = buckets.iter().filter(|it| it.account_id == *id);
            let shipped = shipped.iter().filter(|it| it.account_id == *id);
            Line {
                name: account.name.clone(),
                code: None,
                numbers: numbers(&list, &due, &own),
                on_time: on_time(shipped, due.overdue),
            }
        };
        Self {
            id: "h-accounts",
            title: desk.lang.by_account(),
            of: desk.lang.account(),
            rows: desk.accounts().map(row).collect(),
            total: total(desk, desk.lang.all_accounts(), all, buckets, shipped),
        }
    }
}

/// All of them together.
pub fn sum<'a>(counts: impl IntoIterator<Item = &'a DueCount>) -> DueCount {
    counts.into_iter().fold(DueCount::default(), |sum, it| DueCount {
        overdue: sum.overdue + it.overdue,
        soon: sum.soon + it.soon,
        today: sum.today + it.today,
        tomorrow: sum.tomorrow + it.tomorrow,
        later: sum.later + it.later,
        first_overdue: earlier(sum.first_overdue, it.first_overdue),
        first_soon: earlier(sum.first_soon, it.first_soon),
        first_today: earlier(sum.first_today, it.first_today),
        first_tomorrow: earlier(sum.first_tomorrow, it.first_tomorrow),
        ..sum
    })
}

fn earlier(one: Option<i64>, other: Option<i64>) -> Option<i64> {
    one.into_iter().chain(other).min()
}

fn total(
    desk: &Desk<'_>,
    name: &str,
    due: &[DueCount],
    buckets: &[Bucket],
    shipped: &[Shipped],
) -> Line {
    let due = sum(due);
    let numbers = numbers(&desk.selection, &due, &buckets.iter());
    let on_time = on_time(shipped.iter(), due.overdue);
    Line { name: name.to_owned(), code: None, numbers, on_time }
}

fn on_time<'a>(shipped: impl Iterator<Item = &'a Shipped>, overdue: i64) -> String {
    let shipments = rates::shipments(shipped, overdue);
    rates::percent(Kind::OnTime.of(&shipments, &Made::default()))
}

/// What is in that list.
fn numbers<'a>(
    list: &Selection,
    due: &DueCount,
    buckets: &(impl Iterator<Item = &'a Bucket> + Clone),
) -> [Number; 7] {
    let by =
        |urgency, orders| Number::new(orders, &Selection { due: vec![urgency], ..list.clone() });
    let of = |status: &Status, supply: Option<SupplyMode>| {
        let words = |it: &str| vec![it.to_owned()];
        let supply_modes = supply.map(|it| words(it.as_str())).unwrap_or_default();
        let list = Selection { statuses: words(status.as_str()), supply_modes, ..list.clone() };
        let wanted = |it: &&Bucket| {
            it.status == status.as_str()
                && (list.supply_modes.is_empty() || list.supply_modes.contains(&it.supply_mode))
        };
        Number::new(buckets.clone().filter(wanted).map(|it| it.orders).sum(), &list)
    };
    [
        by(Urgency::Overdue, due.overdue),
        by(Urgency::Soon, due.soon),
        by(Urgency::Today, due.today),
        by(Urgency::Tomorrow, due.tomorrow),
        of(&Status::WaitingAcceptance, None),
        of(&Status::InPreparation, Some(SupplyMode::Seller)),
        Number::new(buckets.clone().map(|it| it.orders).sum(), list),
    ]
}
