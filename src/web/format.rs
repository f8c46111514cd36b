//! Numbers, amounts, instants and durations as people read them: pure functions of language and zone. What
//! depends on the language's customs comes from ICU4X ([`customs`]).

mod customs;

use std::fmt::Write;

use jiff::SignedDuration;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use rust_decimal::Decimal;
use rust_decimal::RoundingStrategy;

use crate::domain::order::AccountId;
use crate::web::components::Time;
use crate::web::text::Lang;

pub use customs::day_heading;
pub use customs::is_singular;

/// Before a currency.
const NO_BREAK_SPACE: char = '\u{a0}';

/// The zone of that IANA name. Accounts are checked when they are set up, so an unknown name is one that a
/// later database of zones dropped: UTC then, which every time shown says.
pub fn zone(name: &str) -> TimeZone {
    TimeZone::get(name).unwrap_or(TimeZone::UTC)
}

/// The address of an order's page. Identifiers are the marketplace's, so anything may be in them.
pub fn order_href(account: &AccountId, order_id: &str) -> String {
    format!("/orders/{account}/{}", in_path(order_id))
}

/// A text as a part of an address's path.
pub fn in_path(text: &str) -> String {
    let mut part = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-_.~".contains(&byte) {
            part.push(char::from(byte));
        } else {
            let _ = write!(part, "%{byte:02X}");
        }
    }
    part
}

/// A whole number: `1 749`.
pub fn whole(number: i64) -> String {
    customs::number(Decimal::from(number))
}

/// A rate that is in percent already: `5,5 %`.
pub fn percent(rate: Decimal) -> String {
    format!("{}{NO_BREAK_SPACE}%", customs::number(rate.normalize()))
}

/// An amount: `1 749,90 €`, in both languages alike. Always two decimals, rounded half away from zero, as
/// on an invoice.
pub fn money(amount: Decimal, currency: &str) -> String {
    let rounded = amount.round_dp_with_strategy(2, RoundingStrategy::MidpointAwayFromZero);
    let mut cents = rounded;
    cents.rescale(2);
    format!("{}{NO_BREAK_SPACE}{}", customs::number(cents), currency_symbol(currency))
}

/// The sign of a currency of the marketplace's countries, else its ISO 4217 code.
fn currency_symbol(code: &str) -> &str {
    match code {
        "EUR" => "€",
        "GBP" => "£",
        "PLN" => "zł",
        "CZK" => "Kč",
        "HUF" => "Ft",
        "SEK" | "NOK" | "DKK" => "kr",
        "RON" => "lei",
        "USD" => "$",
        other => other,
    }
}

/// A duration, as exact as it matters: `48 min`, `20 h 12`, `1 d 4 h`, `4 d`. Its sign is left to the
/// words around it.
pub fn span(lang: Lang, duration: SignedDuration) -> String {
    let minutes = duration.abs().as_mins();
    let (hours, days) = (minutes / 60, minutes / (24 * 60));
    let day = lang.pick("d", "j");
    if minutes == 0 {
        lang.pick("under 1 min", "moins d’1 min").to_owned()
    } else if hours == 0 {
        format!("{minutes} min")
    } else if days == 0 && minutes % 60 == 0 {
        format!("{hours} h")
    } else if days == 0 {
        format!("{hours} h {:02}", minutes % 60)
    } else if days < 3 && hours % 24 > 0 {
        format!("{days} {day} {} h", hours % 24)
    } else {
        format!("{days} {day}")
    }
}

/// How far a deadline is: `in 48 min`, `20 h 12 late`.
pub fn until(lang: Lang, deadline: Timestamp, now: Timestamp) -> String {
    let span = span(lang, deadline.duration_since(now));
    match (lang, deadline < now) {
        (Lang::En, true) => format!("{span} late"),
        (Lang::En, false) => format!("in {span}"),
        (Lang::Fr, true) => format!("{span} de retard"),
        (Lang::Fr, false) => format!("dans {span}"),
    }
}

/// How long ago something was: `2 min ago`.
pub fn ago(lang: Lang, at: Timestamp, now: Timestamp) -> String {
    let span = span(lang, now.duration_since(at));
    match lang {
        Lang::En => format!("{span} ago"),
        Lang::Fr => format!("il y a {span}"),
    }
}

/// An instant with its day: `Thu 19 Nov, 16:00`; of another year, `Wed 19 Nov 2025, 16:00`.
pub fn day_time(lang: Lang, at: Timestamp, zone: &TimeZone, now: Timestamp) -> Time {
    let (day, time) = (day_of(lang, at, zone, now), clock_of(at, zone));
    Time { iso: at.to_string(), text: format!("{day}, {time}") }
}

/// A day: `Thu 19 Nov`.
pub fn day(lang: Lang, at: Timestamp, zone: &TimeZone, now: Timestamp) -> Time {
    let iso = at.to_zoned(zone.clone()).date().to_string();
    Time { iso, text: day_of(lang, at, zone, now) }
}

/// A time of today: `14:10`; of another day, with that day.
pub fn clock(lang: Lang, at: Timestamp, zone: &TimeZone, now: Timestamp) -> Time {
    let date = |at: Timestamp| at.to_zoned(zone.clone()).date();
    if date(at) == date(now) {
        Time { iso: at.to_string(), text: clock_of(at, zone) }
    } else {
        day_time(lang, at, zone, now)
    }
}

fn clock_of(at: Timestamp, zone: &TimeZone) -> String {
    let time = at.to_zoned(zone.clone()).time();
    format!("{:02}:{:02}", time.hour(), time.minute())
}

fn day_of(lang: Lang, at: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    let date = at.to_zoned(zone.clone()).date();
    customs::day(lang, date, date.year() != now.to_zoned(zone.clone()).year())
}

/// A file's size: `84 kB`.
pub fn bytes(lang: Lang, bytes: usize) -> String {
    let (kilo, mega) = (lang.pick("kB", "ko"), lang.pick("MB", "Mo"));
    if bytes < 1_000_000 {
        format!("{} {kilo}", bytes.div_ceil(1000))
    } else {
        let tenths = i64::try_from(bytes.div_ceil(100_000)).unwrap_or(i64::MAX);
        format!("{} {mega}", customs::number(Decimal::new(tenths, 1)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_order_has_an_address_whatever_its_identifier() {
        let maison = AccountId("maison".to_owned());
        assert_eq!(order_href(&maison, "RDC-2026_1.8~"), "/orders/maison/RDC-2026_1.8~");
        assert_eq!(order_href(&maison, "a/b c?é"), "/orders/maison/a%2Fb%20c%3F%C3%A9");
    }

    #[test]
    fn amounts_read_the_same_in_both_languages() {
        let cases = [
            ("1749.9", "EUR", "1\u{202f}749,90\u{a0}€"),
            ("0", "EUR", "0,00\u{a0}€"),
            ("-12.005", "EUR", "−12,01\u{a0}€"),
            ("-0.001", "EUR", "0,00\u{a0}€"),
            ("1234567.891", "PLN", "1\u{202f}234\u{202f}567,89\u{a0}zł"),
            ("999.99", "BGN", "999,99\u{a0}BGN"),
        ];
        for (amount, currency, text) in cases {
            assert_eq!(money(amount.parse().unwrap(), currency), text);
        }
    }

    #[test]
    fn durations_are_as_exact_as_it_matters() {
        let cases = [
            (20, "under 1 min", "moins d’1 min"),
            (48 * 60 + 59, "48 min", "48 min"),
            (3600, "1 h", "1 h"),
            (3600 + 5 * 60, "1 h 05", "1 h 05"),
            (20 * 3600 + 12 * 60, "20 h 12", "20 h 12"),
            (28 * 3600 + 60, "1 d 4 h", "1 j 4 h"),
            (24 * 3600, "1 d", "1 j"),
            (4 * 86_400 + 7 * 3600, "4 d", "4 j"),
        ];
        for (seconds, en, fr) in cases {
            let duration = SignedDuration::from_secs(seconds);
            assert_eq!(span(Lang::En, duration), en);
            assert_eq!(span(Lang::Fr, -duration), fr);
        }
    }

    #[test]
    fn deadlines_say_how_far_they_are() {
        let now = at("2026-11-19T13:12:00Z");
        let [late, soon] = [at("2026-11-18T17:00:00Z"), at("2026-11-19T14:00:00Z")];
        assert_eq!(until(Lang::En, late, now), "20 h 12 late");
        assert_eq!(until(Lang::Fr, late, now), "20 h 12 de retard");
        assert_eq!(until(Lang::En, soon, now), "in 48 min");
        assert_eq!(until(Lang::Fr, soon, now), "dans 48 min");
        assert_eq!(ago(Lang::En, at("2026-11-19T13:10:00Z"), now), "2 min ago");
        assert_eq!(ago(Lang::Fr, at("2026-11-19T13:10:00Z"), now), "il y a 2 min");
    }

    #[test]
    fn instants_are_those_of_the_accounts_zone() {
        let (now, zone) = (at("2026-11-19T13:12:00Z"), zone("Europe/Paris"));
        let four = at("2026-11-19T15:00:00Z");
        assert_eq!(day_time(Lang::En, four, &zone, now).text, "Thu 19 Nov, 16:00");
        assert_eq!(day_time(Lang::Fr, four, &zone, now).text, "jeu. 19 nov., 16:00");
        assert_eq!(day_time(Lang::En, four, &zone, now).iso, "2026-11-19T15:00:00Z");
        assert_eq!(clock(Lang::En, four, &zone, now).text, "16:00");
        let midnight = at("2026-11-19T23:00:00Z");
        assert_eq!(clock(Lang::En, midnight, &zone, now).text, "Fri 20 Nov, 00:00");
        assert_eq!(day(Lang::En, midnight, &zone, now).iso, "2026-11-20");
        let last_year = at("2025-07-14T10:00:00Z");
        assert_eq!(day_time(Lang::Fr, last_year, &zone, now).text, "lun. 14 juil. 2025, 12:00");
    }
}
