//! The customs of the two languages, as the Unicode CLDR records them: plurals, grouping of digits, names of days and
//! months.
//!
//! Whatever they read, people here work in France, and an amount reads as it does on the invoice (`1 749,90 €`):
//! numbers are those of `fr-FR` in both languages, as CLDR has them for English in France. English dates are `en-GB`.

use fixed_decimal::Decimal as Digits;
use icu_calendar::Date;
use icu_calendar::Gregorian;
use icu_datetime::FixedCalendarDateTimeFormatter;
use icu_datetime::fieldsets::MDE;
use icu_datetime::fieldsets::YMDE;
use icu_decimal::DecimalFormatter;
use icu_locale_core::Locale;
use icu_locale_core::locale;
use icu_plurals::PluralCategory;
use icu_plurals::PluralRules;
use jiff::civil;
use rust_decimal::Decimal;

use crate::web::text::Lang;

type DayFormatter<Fields> = FixedCalendarDateTimeFormatter<Gregorian, Fields>;

struct Customs {
    plurals: PluralRules,
    day: DayFormatter<MDE>,
    day_of_year: DayFormatter<YMDE>,
    long_day: DayFormatter<MDE>,
}

thread_local! {
    // ICU4X's formatters stay on one thread, and are costly to make.
    static ENGLISH: Customs = Customs::of(&locale!("en-GB"));
    static FRENCH: Customs = Customs::of(&locale!("fr-FR"));
    static NUMBERS: DecimalFormatter =
        DecimalFormatter::try_new(locale!("fr-FR").into(), <_>::default()).expect("French is compiled in");
}

impl Customs {
    fn of(locale: &Locale) -> Self {
        const COMPILED_IN: &str = "the language is compiled in";
        Self {
            plurals: PluralRules::try_new(locale.into(), <_>::default()).expect(COMPILED_IN),
            day: DayFormatter::try_new(locale.into(), MDE::medium()).expect(COMPILED_IN),
            day_of_year: DayFormatter::try_new(locale.into(), YMDE::medium()).expect(COMPILED_IN),
            long_day: DayFormatter::try_new(locale.into(), MDE::long()).expect(COMPILED_IN),
        }
    }
}

fn with<T>(lang: Lang, ask: impl FnOnce(&Customs) -> T) -> T {
    match lang {
        Lang::En => ENGLISH.with(ask),
        Lang::Fr => FRENCH.with(ask),
    }
}

/// Whether that many of something take the singular.
pub fn is_singular(lang: Lang, count: i64) -> bool {
    let category = with(lang, |it| it.plurals.category_for(count));
    category == PluralCategory::One
}

/// A number with all of its decimals: `−1 749,90`.
pub fn number(number: Decimal) -> String {
    let digits: Digits = number.abs().to_string().parse().unwrap_or_default();
    // Typography's minus, which lines up with the digits; CLDR has the hyphen.
    let sign = if number.is_sign_negative() && !number.is_zero() { "−" } else { "" };
    NUMBERS.with(|it| format!("{sign}{}", it.format(&digits)))
}

/// A day: `Thu 19 Nov`, or with its year.
pub fn day(lang: Lang, day: civil::Date, with_year: bool) -> String {
    let Some(date) = gregorian(day) else { return day.to_string() };
    with(lang, |it| {
        if with_year {
            it.day_of_year.format(&date).to_string()
        } else {
            it.day.format(&date).to_string()
        }
    })
}

/// A day as a heading has it: `Dimanche 22 novembre`.
pub fn day_heading(lang: Lang, day: civil::Date) -> String {
    let Some(date) = gregorian(day) else { return day.to_string() };
    let text = with(lang, |it| it.long_day.format(&date).to_string());
    let mut rest = text.chars();
    rest.next().map_or_else(String::new, |it| it.to_uppercase().chain(rest).collect())
}

fn gregorian(day: civil::Date) -> Option<Date<Gregorian>> {
    let (month, in_month) = (day.month().unsigned_abs(), day.day().unsigned_abs());
    Date::try_new_gregorian(day.year().into(), month, in_month).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plurals_are_those_of_the_language() {
        let singular = |lang| [-1, 0, 1, 2, 1_000_000].map(|count| is_singular(lang, count));
        assert_eq!(singular(Lang::En), [true, false, true, false, false]);
        assert_eq!(singular(Lang::Fr), [true, true, true, false, false]);
    }

    #[test]
    fn numbers_keep_their_decimals_and_lose_no_digit() {
        let number = |text: &str| number(text.parse().unwrap());
        assert_eq!(number("0"), "0");
        assert_eq!(number("-0.00"), "0,00");
        assert_eq!(number("-1749.90"), "−1\u{202f}749,90");
        let largest = "79\u{202f}228\u{202f}162\u{202f}514\u{202f}264\u{202f}337\u{202f}593\u{202f}543\u{202f}950\u{202f}335";
        assert_eq!(number(&Decimal::MAX.to_string()), largest);
    }

    #[test]
    fn every_day_that_there_is_has_words() {
        for lang in [Lang::En, Lang::Fr] {
            for date in [civil::Date::MIN, civil::date(2028, 2, 29), civil::Date::MAX] {
                assert!(day(lang, date, true).contains(&date.day().to_string()));
                assert!(!day(lang, date, false).contains("2028"));
            }
        }
        assert_eq!(day(Lang::En, civil::date(2026, 9, 1), false), "Tue 1 Sept");
        assert_eq!(day_heading(Lang::En, civil::date(2026, 11, 22)), "Sunday 22 November");
        assert_eq!(day_heading(Lang::Fr, civil::date(2026, 11, 22)), "Dimanche 22 novembre");
        assert_eq!(day(Lang::Fr, civil::date(2026, 8, 1), true), "sam. 1 août 2026");
    }
}
