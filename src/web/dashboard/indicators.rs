//! How the marketplace judges each account, as it said last.

use rust_decimal::Decimal;

use crate::db::indicators::Reading;
use crate::domain::indicator::Indicator;
use crate::domain::indicator::Limit;
use crate::domain::indicator::Standing;
use crate::domain::order::AccountId;
use crate::domain::trouble::Trouble;
use crate::web::dashboard::Desk;
use crate::web::format;
use crate::web::text::Lang;

/// The indicators of one account.
#[derive(Debug)]
pub struct Judged {
    /// The account's name, where there are several.
    pub account: Option<String>,
    /// When they were read, or that they were not.
    pub read: String,
    /// Why they could not be read, the last time.
    pub failure: Option<String>,
    /// When the marketplace computed the newest of them.
    pub computed: Option<String>,
    /// Each one.
    pub lines: Vec<IndicatorLine>,
}

/// An indicator.
#[derive(Debug)]
pub struct IndicatorLine {
    /// Its name.
    pub name: String,
    /// `target ≥ 95 %`
    pub limit: String,
    /// The same drawn.
    pub meter: Option<Meter>,
    /// Its value.
    pub value: String,
    /// For `data-icon`.
    pub icon: &'static str,
    /// Whether it is as it should be.
    pub standing: &'static str,
}

/// The attributes of a `<meter>`.
#[derive(Debug, PartialEq, Eq)]
pub struct Meter {
    /// The left end.
    pub min: Decimal,
    /// The right end.
    pub max: Decimal,
    /// The limit: on its wrong side the bar is red.
    pub limit: Decimal,
    /// The best there is.
    pub optimum: Decimal,
    /// How far the bar goes.
    pub value: Decimal,
}

/// The indicators of each account.
pub fn of(desk: &Desk<'_>, readings: &[Reading], all: &[(AccountId, Indicator)]) -> Vec<Judged> {
    let several = readings.len() > 1;
    let judged = |reading: &Reading| {
        let own = all.iter().filter(|(account, _)| *account == reading.account);
        let computed = own.clone().filter_map(|(_, it)| it.computed_at).max();
        let when = |at| format::day_time(desk.lang, at, &desk.zone, desk.now).text;
        Judged {
            account: several.then(|| desk.account_name(&reading.account.0).to_owned()),
            read: read(desk, reading, own.clone().next().is_none()),
            failure: reading.failure.map(|it| failure(desk, reading, it)),
            computed: computed.map(|at| desk.lang.computed(when(at))),
            lines: own.map(|(_, it)| line(desk, it)).collect(),
        }
    };
    readings.iter().map(judged).collect()
}

fn read(desk: &Desk<'_>, reading: &Reading, none: bool) -> String {
    let lang = desk.lang;
    match reading.read_at {
        Some(_) if none => lang.indicators_none().to_owned(),
        Some(at) => lang.indicators_read(format::clock(lang, at, &desk.zone, desk.now).text),
        None => lang.indicators_not_read().to_owned(),
    }
}

fn failure(desk: &Desk<'_>, reading: &Reading, trouble: Trouble) -> String {
    let at = reading.tried_at.unwrap_or(desk.now);
    let at = format::clock(desk.lang, at, &desk.zone, desk.now).text;
    desk.lang.indicators_failed(at, desk.lang.trouble(Some(trouble))[0])
}

fn line(desk: &Desk<'_>, it: &Indicator) -> IndicatorLine {
    let lang = desk.lang;
    let standing = it.standing();
    let name = lang.indicator(&it.name).map(str::to_owned);
    IndicatorLine {
        name: name.or_else(|| it.description.clone()).unwrap_or_else(|| it.name.clone()),
        limit: it.limit.map_or_else(String::new, |limit| lang.indicator_limit(limit)),
        meter: it.limit.zip(it.value).map(|(limit, value)| meter(limit, value)),
        value: it.value.map_or_else(|| "–".to_owned(), format::percent),
        icon: icon(standing),
        standing: lang.indicator_standing(standing),
    }
}

const fn icon(standing: Standing) -> &'static str {
    match standing {
        Standing::Met => "ok",
        Standing::Missed => "fail",
        Standing::Unknown => "info",
    }
}

/// The part of the scale where the limit lies: what is far from it looks alike.
fn meter(limit: Limit, value: Decimal) -> Meter {
    let mark = limit.value();
    let hundred = Decimal::ONE_HUNDRED;
    let (min, max, optimum) = match limit {
        Limit::AtLeast(_) => {
            let max = if mark < hundred { hundred } else { mark + Decimal::ONE };
            let min = (mark - (max - mark) * Decimal::TWO).max(Decimal::ZERO).min(mark);
            (min, max, max)
        }
        Limit::AtMost(_) => {
            let max = (mark * Decimal::TWO).max(Decimal::ONE);
            (Decimal::ZERO, max, Decimal::ZERO)
        }
    };
    Meter { min, max, limit: mark, optimum, value: value.clamp(min, max) }
}

impl Lang {
    /// `target ≥ 95 %`
    fn indicator_limit(self, limit: Limit) -> String {
        let value = format::percent(limit.value());
        match limit {
            Limit::AtLeast(_) => self.target_at_least(value),
            Limit::AtMost(_) => self.target_at_most(value),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_scale_is_around_the_limit_and_the_value_never_leaves_it() {
        let number = |it: &str| it.parse::<Decimal>().unwrap();
        let ends = |it: &Meter| [it.min, it.limit, it.max, it.value].map(|it| it.to_string());
        let least = Limit::AtLeast(number("95"));
        assert_eq!(ends(&meter(least, number("96.8"))), ["85", "95", "100", "96.8"]);
        assert_eq!(ends(&meter(least, number("12"))), ["85", "95", "100", "85"]);
        let most = Limit::AtMost(number("2"));
        assert_eq!(ends(&meter(most, number("1.4"))), ["0", "2", "4", "1.4"]);
        assert_eq!(ends(&meter(most, number("31"))), ["0", "2", "4", "4"]);
        assert_eq!(ends(&meter(Limit::AtMost(Decimal::ZERO), number("0"))), ["0", "0", "1", "0"]);
    }
}
