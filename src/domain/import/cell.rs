//! A cell: what people and spreadsheets put around a number, and what spreadsheets make of one.

/// What stands in the cell, without what only spreadsheets need: spaces of every kind, the apostrophe and the
/// `="…"` that make a number a text.
pub fn clean(cell: &str) -> &str {
    let trimmed = trim(cell);
    let inner = trimmed.strip_prefix("=\"").and_then(|it| it.strip_suffix('"'));
    trim(trim(inner.unwrap_or(trimmed)).trim_start_matches('\'')).trim_matches('"')
}

/// The same of a number: people copy them in groups, `6A 2193 8475 603`, and programs that calculate add
/// `.0` to what has digits only.
pub fn number(cell: &str) -> String {
    let text: String = clean(cell).chars().filter(|it| !is_blank(*it)).collect();
    let digits = [".0", ".00", ",0", ",00"].iter().find_map(|end| text.strip_suffix(end));
    match digits {
        Some(digits) if is_digits(digits) => digits.to_owned(),
        Some(_) | None => text,
    }
}

/// A name: one space between two words.
pub fn name(cell: &str) -> String {
    clean(cell).split(is_blank).filter(|it| !it.is_empty()).collect::<Vec<_>>().join(" ")
}

/// What a spreadsheet made of a number, so that the number itself is lost.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mangling {
    /// `3,00E+12`: only the first digits are left.
    Scientific,
    /// `12/03/2026`, `mars-05`: it was taken for a day.
    Date,
    /// `#REF!`, `########`.
    Failure,
}

/// What was done to the number, if it is none any more. Nothing that a carrier or a marketplace gives out looks
/// like this.
pub fn mangling(text: &str) -> Option<Mangling> {
    let text = text.trim();
    if is_scientific(text) {
        Some(Mangling::Scientific)
    } else if is_date(text) {
        Some(Mangling::Date)
    } else if text.starts_with('#') && (text.ends_with(['!', '?']) || is_hashes(text)) {
        Some(Mangling::Failure)
    } else {
        None
    }
}

/// Spreadsheets calculate with 15 digits and put zeros for the rest: a longer number that ends with them may
/// have been rounded.
pub fn may_be_rounded(number: &str) -> bool {
    const EXACT: usize = 15;
    is_digits(number) && number.len() > EXACT && number[EXACT..].bytes().all(|it| it == b'0')
}

/// `3,00E+12`. A number such as `261118E10` has no decimals.
fn is_scientific(text: &str) -> bool {
    let Some((mantissa, exponent)) = text.split_once(['E', 'e']) else { return false };
    let exponent_digits = exponent.trim_start_matches(['+', '-']);
    let signed = exponent.len() == exponent_digits.len() + 1;
    let Some((units, decimals)) = mantissa.split_once([',', '.']) else {
        // Without decimals only what is rounded to one digit: `3E+12`.
        return signed && mantissa.len() == 1 && is_digits(mantissa) && is_digits(exponent_digits);
    };
    units.len() == 1
        && is_digits(units)
        && is_digits(decimals)
        && exponent.len() - exponent_digits.len() <= 1
        && is_digits(exponent_digits)
}

fn is_date(text: &str) -> bool {
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let parts: Vec<&str> = day.split(['/', '-', '.']).collect();
    let lengths: Vec<usize> = parts.iter().map(|it| it.len()).collect();
    let digits = parts.iter().all(|it| is_digits(it));
    let in_range =
        |part: &str, most: u32| part.parse().is_ok_and(|it: u32| (1..=most).contains(&it));
    match (parts.as_slice(), lengths.as_slice()) {
        ([day, month, _], [1 | 2, 1 | 2, 2 | 4]) => {
            digits
                && (in_range(day, 31) && in_range(month, 12)
                    || in_range(day, 12) && in_range(month, 31))
        }
        ([_, month, day], [4, 2, 2]) => digits && in_range(month, 12) && in_range(day, 31),
        ([one, other], _) => {
            let pair = |month: &str, rest: &str| {
                is_month(month) && is_digits(rest) && matches!(rest.len(), 1 | 2 | 4)
            };
            pair(one, other) || pair(other, one)
        }
        _ => false,
    }
}

/// As spreadsheets shorten them, in French and English.
fn is_month(word: &str) -> bool {
    const MONTHS: &[&str] = &[
        "janv", "jan", "févr", "feb", "mars", "mar", "avr", "apr", "mai", "may", "juin", "jun",
        "juil", "jul", "août", "aug", "sept", "sep", "oct", "nov", "déc", "dec",
    ];
    MONTHS.contains(&word.to_lowercase().as_str())
}

fn is_hashes(text: &str) -> bool {
    text.len() >= 3 && text.bytes().all(|it| it == b'#') || text == "#N/A"
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|it| it.is_ascii_digit())
}

fn trim(text: &str) -> &str {
    text.trim_matches(is_blank)
}

/// Spaces, no-break spaces, and what has no width at all.
fn is_blank(char: char) -> bool {
    char.is_whitespace()
        || matches!(char, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{feff}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_number_is_no_part_of_it() {
        for cell in [
            "6A21938475603",
            " 6A21938475603 ",
            "'6A21938475603",
            "=\"6A21938475603\"",
            "\u{a0}6A21938475603\u{202f}",
            "\u{feff}6A 2193 8475 603",
            "6A\u{a0}21938475603\n",
            "\"6A21938475603",
        ] {
            assert_eq!(number(cell), "6A21938475603", "{cell:?}");
        }
        assert_eq!(number("9446712039844.0"), "9446712039844");
        assert_eq!(number("9446712039844,00"), "9446712039844");
        assert_eq!(number("V1.0"), "V1.0");
        assert_eq!(name(" Colis \u{a0} Privé "), "Colis Privé");
        assert_eq!(clean("' "), "");
    }

    #[test]
    fn what_a_spreadsheet_spoilt_is_recognised() {
        for (text, mangled) in [
            ("3,00E+12", Some(Mangling::Scientific)),
            ("3.00E+12", Some(Mangling::Scientific)),
            ("9,44671E+12", Some(Mangling::Scientific)),
            ("2.6e15", Some(Mangling::Scientific)),
            ("3E+12", Some(Mangling::Scientific)),
            ("12/03/2026", Some(Mangling::Date)),
            ("1/3/26", Some(Mangling::Date)),
            ("2026-03-12", Some(Mangling::Date)),
            ("2026-03-12 00:00:00", Some(Mangling::Date)),
            ("mars-05", Some(Mangling::Date)),
            ("05-mars", Some(Mangling::Date)),
            ("Mar-05", Some(Mangling::Date)),
            ("#REF!", Some(Mangling::Failure)),
            ("#NOM?", Some(Mangling::Failure)),
            ("#N/A", Some(Mangling::Failure)),
            ("########", Some(Mangling::Failure)),
            ("6A21938475603", None),
            ("261118151227QK5R", None),
            ("26111815E12", None),
            ("2611E12", None),
            ("3E12", None),
            ("EMAG-RO-448120937", None),
            ("HP-6300-118842", None),
            ("12-345", None),
            ("FR-05", None),
            ("40/50/2026", None),
            ("WRT-40021-90117", None),
            ("#12345", None),
            ("", None),
        ] {
            assert_eq!(mangling(text), mangled, "{text}");
        }
        assert!(may_be_rounded("1234567890123450"));
        assert!(!may_be_rounded("123456789012345"));
        assert!(!may_be_rounded("00340434161094021501"));
    }

    proptest::proptest! {
        #[test]
        fn a_clean_number_stays_as_it_is(text in ".{0,30}") {
            let once = number(&text);
            proptest::prop_assert!(!once.contains(char::is_whitespace));
            let _ = (mangling(&once), may_be_rounded(&once), name(&text));
        }

        #[test]
        fn what_carriers_and_marketplaces_give_out_is_left_alone(text in "[A-Z]{1,3}[0-9]{6,16}[A-Z]{0,2}|[0-9]{8,15}") {
            proptest::prop_assert_eq!(number(&text), text.as_str());
            proptest::prop_assert_eq!(mangling(&text), None);
        }
    }
}
