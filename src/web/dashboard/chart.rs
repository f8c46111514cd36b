//! The orders that came and left on each of the last days, as a drawing and as a table.

use jiff::Timestamp;
use jiff::civil::Date;

use crate::db::throughput::Made;
use crate::db::throughput::Shipped;
use crate::domain::order::SupplyMode;
use crate::web::dashboard::Desk;
use crate::web::dashboard::counts::Number;
use crate::web::format;
use crate::web::orders::list::selection::Selection;

/// The days that are drawn.
pub const DAYS: usize = 14;

/// The drawing's measures, in its own units.
const LEFT: i64 = 34;
const WIDTH: i64 = 726;
const TOP: i64 = 8;
const HEIGHT: i64 = 154;
/// How wide a bar is.
const BAR: i64 = 15;
/// Between the two bars of a day.
const GAP: i64 = 2;

/// The drawing, and what it draws.
#[derive(Debug)]
pub struct Chart {
    /// The days, the last one is today.
    pub days: Vec<Day>,
    /// The lines across, from zero up.
    pub grid: Vec<GridLine>,
    /// All that came.
    pub made: String,
    /// All that left.
    pub shipped: String,
    /// What the first and the last day are.
    pub title: String,
    /// What to make of it.
    pub balance: String,
    /// Until when today is counted.
    pub until: String,
}

/// A line across the drawing.
#[derive(Debug)]
pub struct GridLine {
    /// Its height.
    pub y: i64,
    /// Where the base of its words is.
    pub text_y: i64,
    /// What it stands for.
    pub text: String,
}

/// A day.
#[derive(Debug)]
pub struct Day {
    /// For programs.
    pub iso: String,
    /// `Thu 19 Nov`
    pub name: String,
    /// `Thu` and `19`, below the bars.
    pub axis: (String, i8),
    /// The middle between its bars.
    pub x: i64,
    /// What came; a link to these orders.
    pub made: Number,
    /// What left.
    pub shipped: String,
    /// What came, drawn.
    pub made_bar: Bar,
    /// What left, drawn.
    pub shipped_bar: Bar,
    /// Whether it is not over yet.
    pub today: bool,
}

/// A rectangle.
#[derive(Debug)]
pub struct Bar {
    /// Its left side.
    pub x: i64,
    /// Its upper side.
    pub y: i64,
    /// How wide it is.
    pub width: i64,
    /// How high it is.
    pub height: i64,
}

impl Chart {
    /// The last days of those that were counted; `midnights` begin them, and the last one ends today.
    pub fn new(
        desk: &Desk<'_>,
        midnights: &[Timestamp],
        made: &[Made],
        shipped: &[Shipped],
    ) -> Self {
        let counted = midnights.len().saturating_sub(1);
        let first = counted.saturating_sub(DAYS);
        let made_on = |day| made.iter().filter(|it| it.day == day).map(|it| it.orders).sum();
        let shipped_on = |day| shipped.iter().filter(|it| it.day == day).map(|it| it.orders).sum();
        let counts: Vec<(i64, i64)> =
            (first..counted).map(|day| (made_on(day), shipped_on(day))).collect();
        let most = counts.iter().flat_map(|it| [it.0, it.1]).max().unwrap_or(0);
        let step = step(most);
        let top = step * LINES;
        let days: Vec<Day> = (0_i64..)
            .zip(midnights.iter().skip(first).zip(&counts))
            .map(|(place, (at, counts))| day(desk, place, *at, *counts, top))
            .collect();
        let lang = desk.lang;
        let sum = |of: fn(&(i64, i64)) -> i64| counts.iter().map(of).sum::<i64>();
        let (made, shipped) = (sum(|it| it.0), sum(|it| it.1));
        let name = |it: Option<&Day>| it.map_or_else(String::new, |it| it.name.clone());
        Self {
            grid: (0..=LINES).map(|line| grid_line(line * step, top)).collect(),
            title: lang.chart_title(name(days.first()), name(days.last())),
            balance: lang.chart_balance(made - shipped),
            until: lang.today_until(format::clock(lang, desk.now, &desk.zone, desk.now).text),
            made: format::whole(made),
            shipped: format::whole(shipped),
            days,
        }
    }
}

/// How many lines lie above zero.
const LINES: i64 = 3;

/// The distance between lines: the smallest of 1, 2, 5, 10, 20, 50 … with which the highest bar fits.
fn step(most: i64) -> i64 {
    let mut power = 1;
    loop {
        for digit in [1, 2, 5] {
            if digit * power * LINES >= most {
                return digit * power;
            }
        }
        power *= 10;
    }
}

fn height(value: i64, top: i64) -> i64 {
    (value * HEIGHT + top / 2) / top
}

fn grid_line(value: i64, top: i64) -> GridLine {
    let y = TOP + HEIGHT - height(value, top);
    GridLine { y, text_y: y + 4, text: format::whole(value) }
}

fn day(desk: &Desk<'_>, place: i64, at: Timestamp, (made, shipped): (i64, i64), top: i64) -> Day {
    let days = i64::try_from(DAYS).unwrap_or(1);
    let middle = LEFT + (2 * place + 1) * WIDTH / (2 * days);
    let bar = |x: i64, value: i64| {
        let height = height(value, top);
        Bar { x, y: TOP + HEIGHT - height, width: BAR, height }
    };
    let date = at.to_zoned(desk.zone.clone()).date();
    let name = format::day(desk.lang, at, &desk.zone, desk.now).text;
    let weekday = name.split_whitespace().next().unwrap_or_default().to_owned();
    Day {
        iso: date.to_string(),
        axis: (weekday, date.day()),
        x: middle,
        made: Number::new(made, &list(desk, date)),
        shipped: format::whole(shipped),
        made_bar: bar(middle - BAR - GAP / 2, made),
        shipped_bar: bar(middle + GAP / 2, shipped),
        today: place == days - 1,
        name,
    }
}

/// The orders that were made on that day, of those that the seller ships.
fn list(desk: &Desk<'_>, date: Date) -> Selection {
    let supply_modes = vec![SupplyMode::Seller.as_str().to_owned()];
    Selection { supply_modes, from: Some(date), to: Some(date), ..desk.selection.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_highest_bar_fits_under_the_highest_line() {
        for (most, distance) in
            [(0, 1), (3, 1), (4, 2), (6, 2), (7, 5), (15, 5), (16, 10), (262, 100), (4000, 2000)]
        {
            assert_eq!(step(most), distance, "{most}");
            assert!(height(most, step(most) * LINES) <= HEIGHT);
        }
        assert_eq!((height(0, 3), height(3, 3)), (0, HEIGHT));
    }
}
