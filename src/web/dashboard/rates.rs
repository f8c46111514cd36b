//! Our own rates, with what they mean, and what becomes of the late one if nothing more leaves.

use jiff::Timestamp;

use crate::db::throughput;
use crate::db::throughput::Shipped;
use crate::domain::order::Status;
use crate::domain::rates;
use crate::domain::rates::Forecast;
use crate::domain::rates::Kind;
use crate::domain::rates::Made;
use crate::domain::rates::Rate;
use crate::domain::rates::Shipments;
use crate::web::dashboard::Desk;
use crate::web::format;

/// The rates of the last days.
#[derive(Debug)]
pub struct Rates {
    /// Each one.
    pub lines: Vec<RateLine>,
    /// What the late rate becomes.
    pub forecast: String,
}

/// A rate.
#[derive(Debug)]
pub struct RateLine {
    /// Its name.
    pub name: &'static str,
    /// What it means.
    pub meaning: &'static str,
    /// `96,8 %`
    pub percent: String,
    /// `484 of 500`
    pub parts: String,
}

impl Rates {
    /// Those of what was counted; so many orders become late by then.
    pub fn new(
        desk: &Desk<'_>,
        shipments: &Shipments,
        made: &[throughput::Made],
        (becoming_late, by): (i64, Timestamp),
    ) -> Self {
        let (lang, made) = (desk.lang, of_these_days(made));
        let line = |kind: Kind| {
            let rate = kind.of(shipments, &made);
            let [name, meaning] = lang.rate(kind);
            let (part, whole) = (format::whole(rate.part), format::whole(rate.whole));
            let parts = lang.part_of(&part, &whole);
            RateLine { name, meaning, percent: percent(rate), parts }
        };
        let Forecast { becoming_late, now, then } = rates::forecast(shipments, becoming_late);
        let by = format::clock(lang, by, &desk.zone, desk.now).text;
        let (now, then) = (percent(now), percent(then));
        Self {
            lines: Kind::ALL.map(line).into(),
            forecast: lang.forecast(&by, becoming_late, &now, &then),
        }
    }
}

/// What was shipped of these, and what is overdue.
pub fn shipments<'a>(shipped: impl Iterator<Item = &'a Shipped>, overdue: i64) -> Shipments {
    shipped.fold(Shipments { overdue, ..Shipments::default() }, |sum, it| Shipments {
        on_time: sum.on_time + it.on_time,
        late: sum.late + it.late,
        ..sum
    })
}

/// The orders that were made, by what became of them.
fn of_these_days(made: &[throughput::Made]) -> Made {
    let mut sums = Made::default();
    for it in made {
        let status = Status::parse(&it.status);
        if status != Status::Rejected {
            sums.orders += it.orders;
        }
        if status == Status::Cancelled {
            sums.cancelled += it.orders;
        }
        if status == Status::Refused {
            sums.refused += it.orders;
        }
    }
    sums
}

/// `96,8 %`, or a dash where there is nothing to measure.
pub fn percent(rate: Rate) -> String {
    rate.percent().map_or_else(|| "–".to_owned(), format::percent)
}
