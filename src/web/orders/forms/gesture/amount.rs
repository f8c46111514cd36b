//! An amount as people type it: `9,99`, `9.99`, ` 9,99 €`, `1 234,50`.
//!
//! `9,99` and `99,90` differ by a key, so that nothing is guessed (`reliability` 6): `1,234` may be one or a
//! thousand, and is asked back.

use rust_decimal::Decimal;

use crate::web::format;

/// More digits before the decimal mark than any order is worth.
const MAX_DIGITS: usize = 9;

/// Why a text is no amount.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mistake {
    /// There is nothing.
    Missing,
    /// Below zero.
    Negative,
    /// A mark that may separate thousands or cents.
    Ambiguous,
    /// More than two decimals.
    TooFine,
    /// Too many digits.
    TooLarge,
    /// Anything else.
    Unreadable,
}

/// Reads an amount in that currency, whose sign or code may stand before or after it.
pub fn parse(text: &str, currency: &str) -> Result<Decimal, Mistake> {
    let text = without_currency(text.trim(), currency);
    if text.is_empty() {
        return Err(Mistake::Missing);
    }
    if text.starts_with(['-', '−']) {
        return Err(Mistake::Negative);
    }
    if text.matches(['.', ',']).count() > 1 {
        return Err(Mistake::Ambiguous);
    }
    let (units, cents) = match text.split_once(['.', ',']) {
        Some((units, cents)) => (units, Some(cents)),
        None => (text, None),
    };
    let units = number(&digits(units)?)?;
    let cents = match cents {
        None => 0,
        Some(cents) if !are_digits(cents) => return Err(Mistake::Unreadable),
        Some(cents) => match cents.len() {
            1 => number(cents)? * 10,
            2 => number(cents)?,
            3 => return Err(Mistake::Ambiguous),
            _ => return Err(Mistake::TooFine),
        },
    };
    Ok(Decimal::new(units * 100 + cents, 2))
}

/// The sign of a currency, as amounts show it.
pub fn symbol(currency: &str) -> String {
    let zero = format::money(Decimal::ZERO, currency);
    zero.split_whitespace().last().unwrap_or(currency).to_owned()
}

fn without_currency<'a>(text: &'a str, currency: &str) -> &'a str {
    for mark in [symbol(currency).as_str(), currency] {
        if mark.is_empty() {
            continue;
        }
        let rest = text.strip_suffix(mark).or_else(|| text.strip_prefix(mark));
        if let Some(rest) = rest {
            return rest.trim();
        }
    }
    text
}

/// The digits without the spaces between groups of three.
fn digits(text: &str) -> Result<String, Mistake> {
    let groups: Vec<&str> = text.split(char::is_whitespace).collect();
    let grouped = groups.len() == 1
        || (groups[0].len() <= 3 && groups[1..].iter().all(|group| group.len() == 3));
    if !grouped || !groups.iter().all(|group| are_digits(group)) {
        return Err(Mistake::Unreadable);
    }
    let digits = groups.concat();
    if digits.len() > MAX_DIGITS { Err(Mistake::TooLarge) } else { Ok(digits) }
}

fn are_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn number(digits: &str) -> Result<i64, Mistake> {
    digits.parse().map_err(|_| Mistake::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, cents) in [
            ("9,99", 999),
            ("9.99", 999),
            (" 9,99 € ", 999),
            ("9,99\u{a0}€", 999),
            ("€9.99", 999),
            ("EUR 9.99", 999),
            ("9,99EUR", 999),
            ("9,9", 990),
            ("9", 900),
            ("0,05", 5),
            ("0", 0),
            ("1 234,50", 123_450),
            ("1\u{202f}234,50\u{a0}€", 123_450),
            ("1\u{a0}234\u{a0}567", 123_456_700),
            ("1234.50", 123_450),
            ("007", 700),
        ] {
            assert_eq!(parse(text, "EUR"), Ok(Decimal::new(cents, 2)), "{text:?}");
        }
        assert_eq!(parse("25,00 zł", "PLN"), Ok(Decimal::new(2_500, 2)));
    }

    #[test]
    fn what_could_be_misread_is_asked_back() {
        for (text, mistake) in [
            ("", Mistake::Missing),
            (" \u{a0} ", Mistake::Missing),
            ("€", Mistake::Missing),
            ("-9,99", Mistake::Negative),
            ("− 9,99 €", Mistake::Negative),
            ("9.99.9", Mistake::Ambiguous),
            ("1,234.50", Mistake::Ambiguous),
            ("1.234,50", Mistake::Ambiguous),
            ("1,234", Mistake::Ambiguous),
            ("1.234", Mistake::Ambiguous),
            ("9,9999", Mistake::TooFine),
            ("1234567890", Mistake::TooLarge),
            ("99999999999999999999999999,00", Mistake::TooLarge),
            ("NaN", Mistake::Unreadable),
            ("inf", Mistake::Unreadable),
            ("1e3", Mistake::Unreadable),
            ("0x10", Mistake::Unreadable),
            ("+9", Mistake::Unreadable),
            ("9,", Mistake::Unreadable),
            (",99", Mistake::Unreadable),
            ("12 34", Mistake::Unreadable),
            ("1  234", Mistake::Unreadable),
            ("9,9 9", Mistake::Unreadable),
            ("1'234", Mistake::Unreadable),
            ("٩", Mistake::Unreadable),
            ("9,99 £", Mistake::Unreadable),
            ("9,99 € €", Mistake::Unreadable),
        ] {
            assert_eq!(parse(text, "EUR"), Err(mistake), "{text:?}");
        }
        assert_eq!(parse("9,99 €", "PLN"), Err(Mistake::Unreadable));
    }

    proptest::proptest! {
        #[test]
        fn every_amount_that_is_printed_reads_back(
            cents in 0_i64..100_000_000_000,
            currency in proptest::sample::select(vec![
                "EUR", "GBP", "PLN", "CZK", "HUF", "SEK", "RON", "USD", "BGN",
            ]),
        ) {
            let amount = Decimal::new(cents, 2);
            let printed = format::money(amount, currency);
            proptest::prop_assert_eq!(parse(&printed, currency), Ok(amount));
            let bare = printed.split('\u{a0}').next().unwrap();
            proptest::prop_assert_eq!(parse(bare, currency), Ok(amount));
        }

        #[test]
        fn whatever_is_typed_is_an_amount_that_can_be_paid_or_a_mistake(
            text in "[0-9.,€ \u{a0}\u{202f}+−eE-]{0,20}|.{0,30}", currency in "[A-Z]{0,3}|.{0,4}",
        ) {
            if let Ok(amount) = parse(&text, &currency) {
                proptest::prop_assert!(amount >= Decimal::ZERO && amount.scale() <= 2);
                proptest::prop_assert!(amount < Decimal::from(1_000_000_000));
            }
        }
    }
}
